import { dayMs, hourMs } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { orderProblems } from '#features/orders/types.ts';
import { type CarePolicy, type ReturnReason, type ReturnState, returnProblems } from '../types.ts';

const refuse = refusals({ ...returnProblems, ...orderProblems });

/** The steps that a return may take, by whomever. What is not here is refused. */
export const RETURN_MOVES: Readonly<Record<ReturnState, readonly ReturnState[]>> = {
  // Straight to `received` where the goods stay with the shopper: nobody sends spoilt fish back.
  requested: ['accepted', 'refused', 'received', 'rejected', 'withdrawn'],
  refused: ['appealed', 'rejected'],
  appealed: ['accepted', 'received', 'rejected'],
  accepted: ['sent-back', 'withdrawn', 'lapsed'],
  'sent-back': ['received', 'appealed', 'rejected'],
  received: ['refunded', 'appealed'],
  refunded: [],
  rejected: [],
  withdrawn: [],
  lapsed: [],
};

export function checkMove(from: ReturnState, to: ReturnState): void {
  if (!RETURN_MOVES[from].includes(to)) throw refuse('return-not-movable', { state: from });
}

/** Days on the clock of each state; the states that are not here wait for nobody. */
const clocks: Partial<Readonly<Record<ReturnState, keyof CarePolicy>>> = {
  requested: 'sellerDays',
  refused: 'appealDays',
  accepted: 'sendBackDays',
  'sent-back': 'receiveDays',
  received: 'inspectDays',
};

/** When the clock of a state runs out; null where nothing happens by itself. */
export function dueAtOf(state: ReturnState, policy: CarePolicy, now: Date): Date | null {
  const days = clocks[state];
  return days ? new Date(now.getTime() + Number(policy[days]) * dayMs) : null;
}
export const officerDueAt = (policy: CarePolicy, now: Date): Date =>
  new Date(now.getTime() + policy.officerDays * dayMs);

/** What happens when the clock of a state has run out: an officer is called, or the return takes its next step by itself. */
export const afterSilence: Partial<Readonly<Record<ReturnState, 'escalate' | ReturnState>>> = {
  requested: 'escalate',
  refused: 'rejected',
  accepted: 'lapsed',
  'sent-back': 'escalate',
  received: 'refunded',
};

/** Pieces in a return that ended like this are free to be asked back again. */
export const FREED_STATES = ['withdrawn', 'lapsed'] as const satisfies readonly ReturnState[];

export type DeliveredLine = {
  readonly variantId: string;
  readonly perishable: boolean;
  /** Pieces that reached the shopper, when the last of them did, and how many of them were returned or are in a return. */
  readonly delivered: number;
  readonly deliveredAt: Date | null;
  readonly taken: number;
};
export type WantedBack = readonly { readonly variantId: string; readonly quantity: number }[];

export const returnableOf = ({ delivered, taken }: DeliveredLine): number => Math.max(0, delivered - taken);

/** Until when a line may be asked back; null while it is not delivered. */
export const returnUntil = ({ deliveredAt, perishable }: DeliveredLine, policy: CarePolicy): Date | null =>
  deliveredAt &&
  new Date(deliveredAt.getTime() + (perishable ? policy.perishableHours * hourMs : policy.returnDays * dayMs));

const sumByVariant = (wanted: WantedBack): Map<string, number> => {
  const sums = new Map<string, number>();
  for (const { variantId, quantity } of wanted) sums.set(variantId, (sums.get(variantId) ?? 0) + quantity);
  return sums;
};

/** The lines that go back and how many pieces of each, if the published terms allow it. */
export function checkReturn<Line extends DeliveredLine>(
  lines: readonly Line[],
  wanted: WantedBack,
  reason: ReturnReason,
  policy: CarePolicy,
  now: Date,
): readonly { readonly line: Line; readonly quantity: number }[] {
  const chosen = [...sumByVariant(wanted)]
    .filter(([, quantity]) => quantity > 0)
    .map(([variantId, quantity]) => {
      const line = lines.find((one) => one.variantId === variantId);
      if (!line) throw refuse('line-not-of-order', { variantId });
      return { line, quantity };
    });
  if (chosen.length === 0 || chosen.some(({ line, quantity }) => quantity > returnableOf(line)))
    throw refuse('pieces-not-returnable', {
      lines: lines.map((line) => ({ variantId: line.variantId, returnable: returnableOf(line) })),
    });
  for (const { line } of chosen) {
    if (line.perishable && reason !== 'damaged')
      throw refuse('perishable-not-returnable', { variantId: line.variantId });
    const until = returnUntil(line, policy);
    if (!until || now > until) throw refuse('return-window-over', { until: until?.toISOString() });
  }
  return chosen;
}

/** Freight goes back with the last of the goods where the seller has to answer for it; a change of mind pays its own way. */
export const freightGoesBack = (reason: ReturnReason, piecesLeft: number): boolean =>
  reason !== 'changed-mind' && piecesLeft === 0;

export function checkWords(typed: string, pointer: string): string {
  const text = clean(typed).slice(0, 2_000);
  if (text === '') throw refuse('return-words-missing', { pointer, errors: [{ pointer }] });
  return text;
}
