import { setTimeout as sleep } from 'node:timers/promises';
import type { Ctx } from '../adapters/adapter.ts';
import { PullFailure } from './failure.ts';

export type Limits = { readonly rps: number; readonly burst: number };
export type Pace = {
  /** Resolves when the next request may go; rejects when the signal is aborted meanwhile. */
  readonly turn: (signal?: AbortSignal) => Promise<void>;
};

/** A token bucket: `burst` requests at once after a pause, then `rps` a second. Who waits goes in order of asking. */
export function createPace({ rps, burst }: Limits): Pace {
  const intervalMs = 1_000 / rps;
  /** When the bucket is full again if nobody asks; every request puts it off by one interval. */
  let fullAt = 0;
  return {
    turn: async (signal) => {
      const now = performance.now();
      fullAt = Math.max(fullAt, now) + intervalMs;
      const wait = fullAt - now - burst * intervalMs;
      if (wait > 0) await sleep(wait, undefined, signal ? { signal } : {});
    },
  };
}

const paces = new WeakMap<object, Map<string, Pace>>();

/** The one bucket of a partner for as long as its HTTP client lives: both lanes, sweeps and probes draw from it. */
function paceOf(http: object, partner: string, limits: Limits): Pace {
  const known = paces.get(http) ?? new Map<string, Pace>();
  paces.set(http, known);
  const pace = known.get(partner) ?? createPace(limits);
  known.set(partner, pace);
  return pace;
}

/** Resolves when the partner may be asked again. Throws PullFailure when the signal is aborted meanwhile. */
export async function inTurn({ http, partner, signal }: Ctx, limits: Limits): Promise<void> {
  try {
    await paceOf(http, partner.key, limits).turn(signal);
  } catch (cause) {
    throw new PullFailure('timed-out', 'ended while waiting for its turn', { cause });
  }
}
