import type { PullFailure } from './failure.ts';

/** Kept in the database, so that every worker sees the same. Instants are milliseconds since 1970. */
export type BreakerState = {
  /** Consecutive failures of any kind: they set the back-off. */
  readonly failures: number;
  /** Consecutive transport failures since `firstOutageAt`: they open the breaker. */
  readonly outages: number;
  readonly firstOutageAt: number;
  readonly isOpen: boolean;
  readonly nextAttemptAt: number;
};

export const CLOSED: BreakerState = { failures: 0, outages: 0, firstOutageAt: 0, isOpen: false, nextAttemptAt: 0 };

/** Fedify's thresholds, but a probe every 5 min: half an hour is too long for a shop. */
const outagesToOpen = 5;
const outageWindowMs = 10 * 60_000;
const probeEveryMs = 5 * 60_000;
const baseMs = 2_000;
const capMs = 15 * 60_000;
const retryAfterCapMs = 3_600_000;

export const mayAttempt = (state: BreakerState, nowMs: number): boolean => nowMs >= state.nextAttemptAt;

/**
 * The state after a pull failed. Full jitter (`random` in [0, 1)) between 0 and base × 2ⁿ, at most 15 min; a peer that
 * says when to come back (`Retry-After`, at most 1 h) is taken at its word. An open breaker lets one probe through every 5 min.
 */
export function afterFailure(
  state: BreakerState,
  failure: Pick<PullFailure, 'opensBreaker' | 'retryAfterMs'>,
  nowMs: number,
  random: number,
): BreakerState {
  const failures = state.failures + 1;
  const backOff = random * Math.min(capMs, baseMs * 2 ** Math.min(failures, 20));
  const asked = failure.retryAfterMs;
  const wait = asked === undefined ? backOff : Math.min(retryAfterCapMs, asked) + random * baseMs;
  if (!failure.opensBreaker) return { ...CLOSED, failures, nextAttemptAt: nowMs + wait };
  const continues = state.outages > 0 && nowMs - state.firstOutageAt <= outageWindowMs;
  const outages = continues || state.isOpen ? state.outages + 1 : 1;
  const isOpen = state.isOpen || outages >= outagesToOpen;
  return {
    failures,
    outages,
    firstOutageAt: outages === 1 ? nowMs : state.firstOutageAt,
    isOpen,
    nextAttemptAt: nowMs + (isOpen ? probeEveryMs : wait),
  };
}

/** Milliseconds that a `Retry-After` asks for, as seconds or as a date; undefined when it says neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
