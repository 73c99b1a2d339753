import { readCode } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import type { GroupState } from '#features/orders/types.ts';
import type { Capture, DisputeState, PaidBy, PaymentState, TransferState } from '../types.ts';

const candidate = /(?=(ST[0-9A-TV-Z]{10}))/g;

/**
 * Every payment code that a bank's text may hold. Banks put words before and after, glue digits on, drop spaces and
 * change case, so all positions are tried, in the text as it came and without what is not a letter or digit.
 */
export function codesIn(content: string): string[] {
  const upper = content.toUpperCase();
  const found = [upper, upper.replace(/[^0-9A-Z]/g, '')].flatMap((text) =>
    [...text.matchAll(candidate)].map((match) => readCode(match[1] ?? '')),
  );
  return [...new Set(found)];
}

/** What is known when money arrives for a payment. Amounts in đồng. */
export type Arrival = {
  readonly amountVnd: Vnd;
  readonly arrivedVnd: Vnd;
  /** Received before, less what goes back of it. */
  readonly creditVnd: Vnd;
  readonly group: GroupState;
  /** Whether the group's time to pay is over, even if nobody has ended it yet. */
  readonly lapsed: boolean;
};
export type Decision =
  | { readonly kind: 'wait'; readonly transfer: TransferState }
  | { readonly kind: 'complete'; readonly transfer: TransferState; readonly excessVnd: Vnd }
  | { readonly kind: 'give-back'; readonly transfer: TransferState };

const exactness = ({ creditVnd }: Arrival, excess: number): TransferState =>
  excess > 0 ? 'over' : creditVnd > 0 ? 'completing' : 'exact';

/** What becomes of money: each case has a name, and none is to drop it. */
export function decide(arrival: Arrival): Decision {
  if (arrival.group !== 'awaiting-payment' && arrival.group !== 'expired')
    return { kind: 'give-back', transfer: 'duplicate' };
  const late = arrival.group === 'expired' || arrival.lapsed;
  const excess = arrival.creditVnd + arrival.arrivedVnd - arrival.amountVnd;
  if (excess < 0) return late ? { kind: 'give-back', transfer: 'late-refund' } : { kind: 'wait', transfer: 'short' };
  return { kind: 'complete', transfer: late ? 'late' : exactness(arrival, excess), excessVnd: vnd(excess) };
}

/** The state of a payment after money was taken for its group. */
export const settledState = (excessVnd: Vnd): PaymentState => (excessVnd > ZERO ? 'overpaid' : 'paid');

/** The state of a payment once `refundedVnd` of it has been sent back. */
export const refundedState = (amountVnd: Vnd, refundedVnd: Vnd): PaymentState =>
  refundedVnd >= amountVnd ? 'refunded' : 'part-refunded';

/** So near to the end of the hold a card is not charged before it is known that the goods are still there. */
const captureLaterMs = 10 * 60_000;

/** Whether the money is taken at once or set aside first. Of our methods only cards can be set aside. */
export const captureFor = (method: PaidBy, now: Date, holdEndsAt: Date): Capture =>
  method === 'stripe' && holdEndsAt.getTime() - now.getTime() < captureLaterMs ? 'manual' : 'automatic';

const disputeOrder: readonly DisputeState[] = ['open', 'answered', 'won', 'lost'];

/** News of a dispute may overtake each other: it only ever goes forward, and once closed it stays closed. */
export function laterDispute(current: DisputeState, told: DisputeState): DisputeState {
  if (current === 'won' || current === 'lost') return current;
  return disputeOrder.indexOf(told) > disputeOrder.indexOf(current) ? told : current;
}

/** So many calls in a row that nobody answered hide a provider's method, at first for half a minute. */
export const failuresToOpen = 3;
export const openForMs = { first: 30_000, most: 300_000 } as const;
