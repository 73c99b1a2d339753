/** Why a pull stopped. `held` needs a person; the others are tried again after the back-off. */
export const PULL_FAILURE_CODES = [
  'unreachable',
  'timed-out',
  'throttled',
  'redirected',
  'too-large',
  'http-status',
  'wrong-content-type',
  'malformed',
  'unverified-answer',
  'schema-drift',
  'paging-loop',
  'snapshot-mismatch',
  'mass-delete',
  'money-drift',
  'address-refused',
] as const;
export type PullFailureCode = (typeof PULL_FAILURE_CODES)[number];

/** The transport failed or the peer answered 5xx: these open the breaker. A peer that refuses or throttles us is alive. */
const transport: ReadonlySet<PullFailureCode> = new Set(['unreachable', 'timed-out']);
/** What is wrong with the data of one lane leaves the other lane useful. */
const ofLane: ReadonlySet<PullFailureCode> = new Set([
  'schema-drift',
  'paging-loop',
  'snapshot-mismatch',
  'mass-delete',
  'money-drift',
  'malformed',
]);
/** What only a person can judge: the lane waits for one. */
const forPersons: ReadonlySet<PullFailureCode> = new Set(['mass-delete', 'money-drift']);

/** A pull that stopped. What was applied before stays, the checkpoint stands where the last whole page left it. */
export class PullFailure extends Error {
  override readonly name = 'PullFailure';
  readonly code: PullFailureCode;
  /** What the peer asked us to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status, when the peer answered at all. */
  readonly status: number | undefined;
  /** The peer's own problem code, when its answer was signed. */
  readonly problem: string | undefined;

  constructor(
    code: PullFailureCode,
    detail: string,
    more: { readonly retryAfterMs?: number; readonly status?: number; readonly problem?: string; cause?: unknown } = {},
  ) {
    super(`${code}: ${detail}`, more.cause === undefined ? {} : { cause: more.cause });
    this.code = code;
    this.retryAfterMs = more.retryAfterMs;
    this.status = more.status;
    this.problem = more.problem;
  }

  get opensBreaker(): boolean {
    return transport.has(this.code) || (this.code === 'http-status' && (this.status ?? 0) >= 500);
  }
  get needsPerson(): boolean {
    return forPersons.has(this.code);
  }
  get concernsOneLane(): boolean {
    return ofLane.has(this.code);
  }
}
