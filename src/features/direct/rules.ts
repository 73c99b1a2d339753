import { dayMs, hourMs } from '#core/clock.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { businessProblems } from '#features/businesses/types.ts';
import type { GroupState } from '#features/orders/types.ts';
import { type DirectState, directProblems, mostHoldHours } from './types.ts';

export const refuse = refusals(directProblems);
export const refuseBusiness = refusals(businessProblems);

/** For how long goods wait. A person has to look at an account, so it is hours, and the seller chooses how many. */
export function readHoldHours(hours: number): number {
  if (!Number.isInteger(hours) || hours < 1 || hours > mostHoldHours)
    throw refuse('direct-hold-invalid', { pointer: '/holdHours' });
  return hours;
}
export const holdMsOf = (hours: number): number => hours * hourMs;

export function readAmount(amountVnd: number): Vnd {
  if (!Number.isSafeInteger(amountVnd) || amountVnd <= 0)
    throw refuse('direct-amount-invalid', { pointer: '/amountVnd' });
  return vnd(amountVnd);
}

/** As on the bank's receipt; undefined where none is given. */
export function readReference(typed: string): string | undefined {
  const reference = clean(typed);
  if (reference === '') return undefined;
  if (!/^[0-9A-Za-z./_-]{4,60}$/.test(reference))
    throw refuse('direct-reference-invalid', { pointer: '/bankReference' });
  return reference;
}

export type Arrival = {
  readonly status: DirectState;
  readonly amountVnd: Vnd;
  readonly receivedVnd: Vnd;
  readonly arrivedVnd: Vnd;
  readonly group: GroupState;
};
/** `wait`: less than the price. `paid`: the price, and what came on top. `back`: it paid for nothing, and why. */
export type Decision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'paid'; readonly excessVnd: Vnd }
  | { readonly kind: 'back'; readonly reason: 'duplicate' | 'late'; readonly backVnd: Vnd };

/** What becomes of money that arrived at a business. None is dropped: what pays for nothing is owed back. */
export function decide({ status, amountVnd, receivedVnd, arrivedVnd, group }: Arrival): Decision {
  if (status === 'paid') return { kind: 'back', reason: 'duplicate', backVnd: arrivedVnd };
  if (status === 'given-back') return { kind: 'back', reason: 'late', backVnd: arrivedVnd };
  // What came before the time was over is owed back already; only what comes now counts.
  const creditVnd = status === 'expired' ? ZERO : receivedVnd;
  const excess = creditVnd + arrivedVnd - amountVnd;
  if (excess >= 0) return { kind: 'paid', excessVnd: vnd(excess) };
  return group === 'awaiting-payment'
    ? { kind: 'wait' }
    : { kind: 'back', reason: 'late', backVnd: vnd(creditVnd + arrivedVnd) };
}

/** Until when a business gives back what it owes. */
export const dueByOf = (now: Date, days: number): Date => new Date(now.getTime() + days * dayMs);
