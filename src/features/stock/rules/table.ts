import type { Vnd } from '#core/money.ts';
import type { TableEntry } from '../types.ts';

/** What is there, what somebody saw when they wrote, and what they want. A wish that is left out changes nothing. */
export type TableFacts = {
  readonly priceVnd: Vnd;
  readonly onHand: number;
  readonly held: number;
};
export type TableWish = {
  readonly priceVnd?: Vnd | undefined;
  readonly onHand?: number | undefined;
  /** What the writer saw; where it is no longer so, somebody else was faster. */
  readonly seenPriceVnd?: Vnd | undefined;
  readonly seenOnHand?: number | undefined;
};

/** What became of one row of a table that was sent. */
export const ROW_OUTCOMES = ['saved', 'unchanged', 'changed-by-another', 'below-held', 'waits', 'not-found'] as const;
export type RowOutcome = (typeof ROW_OUTCOMES)[number];

export type RowDecision = {
  readonly outcome: RowOutcome;
  readonly priceVnd?: Vnd;
  readonly onHand?: number;
};

const differs = <Value>(wish: Value | undefined, now: Value): wish is Value => wish !== undefined && wish !== now;
const isStale = (wish: unknown, seen: unknown, now: unknown): boolean =>
  wish !== undefined && seen !== undefined && seen !== now && wish !== now;

/** Decides about one row: a change that was made meanwhile is never written over, and never lost from sight. */
export function decideRow(now: TableFacts, wish: TableWish): RowDecision {
  // A form sends every row as it was shown; what equals what was seen is no wish.
  const priceVnd = wish.priceVnd === wish.seenPriceVnd && wish.seenPriceVnd !== undefined ? undefined : wish.priceVnd;
  const onHand = wish.onHand === wish.seenOnHand && wish.seenOnHand !== undefined ? undefined : wish.onHand;
  if (isStale(priceVnd, wish.seenPriceVnd, now.priceVnd) || isStale(onHand, wish.seenOnHand, now.onHand))
    return { outcome: 'changed-by-another' };
  const price = differs(priceVnd, now.priceVnd) ? { priceVnd } : {};
  const stock = differs(onHand, now.onHand) ? { onHand } : {};
  if (onHand !== undefined && 'onHand' in stock && onHand < now.held) return { outcome: 'below-held' };
  return 'priceVnd' in price || 'onHand' in stock ? { outcome: 'saved', ...price, ...stock } : { outcome: 'unchanged' };
}

/** A price raised or lowered by so many percent, in steps of 500 đồng as prices here are. Never below one step. */
export function adjusted(priceVnd: Vnd, percent: number): Vnd {
  const step = priceVnd < 10_000 ? 100 : 500;
  return Math.max(step, Math.round((priceVnd * (100 + percent)) / 100 / step) * step) as Vnd;
}

export const UNDO_MS = 10 * 60_000;

export type UndoStep = { readonly priceVnd?: Vnd; readonly onHand?: number };

/** How one entry is taken back: a price only where it is still the one that was set, stock by its difference, since pieces were sold meanwhile. */
export function undoStep(now: TableFacts, { price, stock }: TableEntry): UndoStep {
  const back = stock ? now.onHand - (stock.after - stock.before) : now.onHand;
  return {
    ...(price && now.priceVnd === price.after ? { priceVnd: price.before as Vnd } : {}),
    ...(stock && back >= now.held ? { onHand: back } : {}),
  };
}
