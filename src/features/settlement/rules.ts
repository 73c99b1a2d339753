import { addMonths, dayMs, localDate, startOfLocalDay } from '#core/clock.ts';
import { sumVnd, type Vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { BusinessState } from '#features/businesses/types.ts';
import { type EarningState, type PayoutState, type RunState, type SkipReason, settlementProblems } from './types.ts';

export const refuse = refusals(settlementProblems);

export type SettlementRule = {
  readonly returnWindowDays: number;
  readonly minimumPayoutVnd: Vnd;
  readonly accountRestDays: number;
  readonly clearingDays: number;
};

/** What is open of one thing that the books know: earned and not paid, or paid and taken back. */
export type OpenEarning = {
  readonly reference: string;
  readonly orderId: string | null;
  readonly amountVnd: Vnd;
  readonly deliveredAt: Date | null;
  readonly held: boolean;
};

/**
 * An order's earning is due once the shopper can no longer send the goods back, and while nobody complains. What the
 * business owes is due at once: it is taken from the next payout.
 */
export function stateOf(earning: OpenEarning, { returnWindowDays }: SettlementRule, now: Date): EarningState {
  if (earning.amountVnd < 0 || earning.orderId === null) return 'due';
  if (earning.held) return 'held';
  const { deliveredAt } = earning;
  return deliveredAt !== null && deliveredAt.getTime() + returnWindowDays * dayMs <= now.getTime() ? 'due' : 'coming';
}

export type Payee = {
  readonly status: BusinessState;
  /** The account of today; null while there is none. */
  readonly account: { readonly setAt: Date; readonly confirmed: boolean } | null;
};

/** Who sells is paid, and who has left; who is suspended is not. */
export const isPaid = (status: BusinessState): boolean => status === 'approved' || status === 'closed';

/** Why a business is left out of a run; undefined when it is paid. A new account rests, so that a thief's is noticed in time. */
export function skipReasonOf(payee: Payee, dueVnd: Vnd, rule: SettlementRule, now: Date): SkipReason | undefined {
  if (dueVnd <= ZERO) return 'owes';
  if (!isPaid(payee.status)) return 'not-approved';
  if (!payee.account) return 'no-account';
  const rested = payee.account.setAt.getTime() + rule.accountRestDays * dayMs <= now.getTime();
  if (!rested && !payee.account.confirmed) return 'account-new';
  // Who has left is paid to the last đồng.
  return dueVnd < rule.minimumPayoutVnd && payee.status !== 'closed' ? 'below-minimum' : undefined;
}

export const sumOf = (earnings: readonly { readonly amountVnd: Vnd }[]): Vnd =>
  sumVnd(earnings.map(({ amountVnd }) => amountVnd));

export type RunFacts = { readonly status: RunState; readonly proposedBy: string | null };

export function checkStep({ status }: RunFacts, ...from: readonly RunState[]): void {
  if (!from.includes(status)) throw refuse('payout-run-state', { status });
}

/** Whoever proposed has looked once; the second pair of eyes is another's. */
export function checkApproval(run: RunFacts, actor: string): void {
  checkStep(run, 'proposed');
  if (run.proposedBy === actor) throw refuse('payout-four-eyes');
}

export const ENDINGS = ['paid', 'failed', 'returned'] as const;
export type Ending = (typeof ENDINGS)[number];
const from: Readonly<Record<Ending, PayoutState>> = { paid: 'approved', failed: 'approved', returned: 'paid' };

/** Whether there is anything to do: the same ending told again changes nothing. */
export function checkEnding(status: PayoutState, ending: Ending): boolean {
  if (status === ending) return false;
  if (status !== from[ending]) throw refuse('payout-state', { status });
  return true;
}

export type Month = { readonly month: string; readonly first: string; readonly start: Date; readonly end: Date };

/** `2026-11` as the calendar of Vietnam has it. A month that has not begun is refused. */
export function readMonth(text: string, now: Date): Month {
  if (!/^20\d\d-(0[1-9]|1[0-2])$/.test(text) || text > localDate(now).slice(0, 7))
    throw refuse('statement-month-invalid', { month: text.slice(0, 20), pointer: '/month' });
  return monthOf(`${text}-01`);
}

export function monthOf(date: string): Month {
  const first = `${date.slice(0, 7)}-01`;
  return { month: first.slice(0, 7), first, start: startOfLocalDay(first), end: startOfLocalDay(addMonths(first, 1)) };
}

/** Months before `now`'s, from the one of `since` on, oldest first. */
export function monthsEnded(since: Date, now: Date): readonly Month[] {
  const months: Month[] = [];
  for (let month = monthOf(localDate(since)); month.end <= now; month = monthOf(addMonths(month.first, 1)))
    months.push(month);
  return months;
}

/** `BK-202611-B001`: the register number of the business makes it one of a kind without a counter. */
export const statementNumber = ({ month }: Month, businessCode: string): string =>
  `BK-${month.replace('-', '')}-${businessCode}`;

/** An account through which money passes: what it holds, and what of it has lain there longer than it may. In đồng. */
export type Clearing = {
  readonly account: string;
  readonly balanceVnd: number;
  readonly overdueVnd: number;
  /** What came in over the last quarter. */
  readonly volumeVnd: number;
};
/** Counts of the last month. */
export type Times = {
  readonly due: number;
  readonly onTime: number;
  readonly arrived: number;
  readonly claimed: number;
};
export type Shares = {
  readonly clearingBps: number;
  readonly timelinessBps: number;
  readonly completenessBps: number;
};

const whole = 10_000;
const share = (part: number, of: number): number =>
  of <= 0 ? whole : Math.max(0, Math.min(whole, Math.floor((part * whole) / of)));

/** The three numbers of reconciliation; whole where there was nothing to be late with. */
export function sharesOf(clearing: readonly Clearing[], { due, onTime, arrived, claimed }: Times): Shares {
  const overdue = clearing.reduce((sum, { overdueVnd }) => sum + overdueVnd, 0);
  const volume = clearing.reduce((sum, { volumeVnd }) => sum + volumeVnd, 0);
  return {
    clearingBps: share(volume - overdue, volume),
    timelinessBps: share(onTime, due),
    completenessBps: share(claimed, arrived),
  };
}
