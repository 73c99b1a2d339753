import type { Clock } from '#core/clock.ts';
import type { Unknown } from './types.ts';

const failuresUntilOpen = 5;
const openMs = 60_000;

/**
 * Spares a carrier that does not answer, and those who would wait for it: after five failures in a row it is not asked for
 * a minute, then once. Kept by each process for itself; a parcel can be sent by hand at any time.
 */
export function createBreaker(now: Clock) {
  let failures = 0;
  let openUntil = 0;
  return async <Out extends { readonly kind: string }>(call: () => Promise<Out | Unknown>): Promise<Out | Unknown> => {
    if (now().getTime() < openUntil) return { kind: 'unknown', reason: 'not asked: it did not answer lately' };
    const answer = await call();
    failures = answer.kind === 'unknown' ? failures + 1 : 0;
    if (failures >= failuresUntilOpen) openUntil = now().getTime() + openMs;
    return answer;
  };
}
