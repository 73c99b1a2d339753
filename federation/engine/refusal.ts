import { retryAfterMs } from './breaker.ts';
import { PullFailure } from './failure.ts';
import type { PeerAnswer } from './http.ts';

/**
 * Why an answer of such a status is none: the other side asks us to wait, or refuses. `said` names it, `problem` is the
 * peer's own code where its answer was signed.
 */
export function refusalOf(
  { status, headers }: Pick<PeerAnswer, 'status' | 'headers'>,
  now: Date,
  said: string,
  problem?: string,
): PullFailure {
  const wait = retryAfterMs(headers['retry-after']?.toString(), now.getTime());
  const waiting = wait === undefined ? { status } : { status, retryAfterMs: wait };
  if (status === 429 || (status === 503 && wait !== undefined)) return new PullFailure('throttled', said, waiting);
  return problem
    ? new PullFailure('http-status', `${said} ${problem}`, { ...waiting, problem })
    : new PullFailure('http-status', said, waiting);
}
