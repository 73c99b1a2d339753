import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { type Problem, refusals } from '#core/problem.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { VariantId } from '#features/products/types.ts';
import {
  addOnHand,
  claimHolds,
  type HoldRow,
  insertMovements,
  insertStock,
  lockCounts,
  lockDueHolds,
  lockHolds,
  lockShelves,
  lockStock,
  readAvailable,
  readFree,
  releaseHolds,
  saveCounts,
  saveOnHand,
  takeFree,
  tryHold,
} from './queries.ts';
import { count, sumByVariant } from './rules/counting.ts';
import { type MovementReason, stockProblems } from './types.ts';

const refuse = refusals(stockProblems);
export type Counted = { readonly variantId: VariantId; readonly onHand: number };
export type Demand = { readonly variantId: VariantId; readonly quantity: number };
/** The lines of a sale, which may still be on their way: they are read in the same trip as its holds. */
export type Sold = readonly Demand[] | Promise<readonly Demand[]>;
export type Stock = ReturnType<typeof createStock>;
const dueAtOnce = 5_000;
const variantsOf = (demands: readonly Demand[]): VariantId[] => demands.map((demand) => demand.variantId);
const stillHeld = (holds: readonly HoldRow[]): HoldRow[] => holds.filter((hold) => hold.status === 'held');

/**
 * Frees what lapsed a second ago, whether or not the job has been by. The caller has locked these shelves: without that,
 * taking pieces of them next, from the first on, could cross another who does the same.
 */
const releaseDue = async (tx: Tx, variantIds: readonly VariantId[], at: Date): Promise<HoldRow[]> =>
  releaseHolds(tx, await lockDueHolds(tx, at, dueAtOnce, variantIds), at);

/** Holds every demand; the names of those that fall short, and then the caller must roll back. */
async function holdAll(
  tx: Tx,
  demands: readonly Demand[],
  reference: string,
  { expiresAt, at, source }: { readonly expiresAt: Date; readonly at: Date; readonly source: HoldRow['source'] },
): Promise<readonly VariantId[]> {
  const fresh = {
    source,
    reference,
    status: 'held' as const,
    expiresAt,
    createdAt: at,
    endedAt: null,
  };
  const wanted = demands.map((demand): HoldRow => ({ id: newId<'Hold'>(), ...demand, ...fresh }));
  const short = without(wanted, await tryHold(tx, wanted));
  if (short.length === 0) return [];
  await releaseDue(tx, variantsOf(short), at);
  return variantsOf(without(short, await tryHold(tx, short)));
}

const without = (wanted: readonly HoldRow[], held: readonly VariantId[]): HoldRow[] =>
  wanted.filter(({ variantId }) => !held.includes(variantId));

/** Holds anew what has lapsed; false when it is not there any more. Nobody else's lapsed hold stands in the way. */
async function holdAgain(
  tx: Tx,
  alive: readonly HoldRow[],
  demands: readonly Demand[],
  reference: string,
  at: Date,
): Promise<boolean> {
  await lockShelves(tx, variantsOf(demands));
  await releaseHolds(tx, alive, at);
  await releaseDue(tx, variantsOf(demands), at);
  const available = await readAvailable(tx, variantsOf(demands));
  if (demands.some(({ variantId, quantity }) => (available.get(variantId) ?? 0) < quantity)) return false;
  const source = alive[0]?.source ?? 'checkout';
  const short = await holdAll(tx, demands, reference, { expiresAt: at, at, source });
  if (short.length > 0) throw new Error('Stock moved although it was locked');
  return true;
}

async function claim(tx: Tx, reference: string, sold: Sold, at: Date): Promise<boolean> {
  const [lines, locked] = await Promise.all([sold, lockHolds(tx, reference)]);
  const demands = sumByVariant(lines);
  let alive = stillHeld(locked);
  if (alive.length < demands.length) {
    if (!(await holdAgain(tx, alive, demands, reference, at))) return false;
    alive = stillHeld(await lockHolds(tx, reference));
  }
  const sales = alive.map(({ variantId, quantity }) => ({
    id: newId<'StockMovement'>(),
    variantId,
    change: -quantity,
    reason: 'sale' as const,
    reference,
    at,
  }));
  await claimHolds(tx, alive, sales, at);
  return true;
}

/** What was counted on many shelves at once; those below what shoppers hold are left as they are and named. */
async function countAll(
  tx: Tx,
  counts: readonly Counted[],
  reason: MovementReason,
  at: Date,
  reference?: string,
): Promise<readonly VariantId[]> {
  if (counts.length === 0) return [];
  const current = new Map(
    (
      await lockCounts(
        tx,
        counts.map(({ variantId }) => variantId),
      )
    ).map((row) => [row.variantId, row]),
  );
  const heldMore = counts.filter(({ variantId, onHand }) => onHand < (current.get(variantId)?.held ?? 0));
  const short = new Set(heldMore.map(({ variantId }) => variantId));
  const changed = counts.flatMap(({ variantId, onHand }) => {
    const change = onHand - (current.get(variantId)?.onHand ?? onHand);
    return change === 0 || short.has(variantId) ? [] : [{ variantId, onHand, change }];
  });
  await saveCounts(tx, changed, at);
  await insertMovements(
    tx,
    changed.map(({ variantId, change }) => ({
      id: newId<'StockMovement'>(),
      variantId,
      change,
      reason,
      reference: reference ?? null,
      at,
    })),
  );
  return [...short];
}

async function open(
  tx: Tx,
  rows: readonly { readonly variantId: VariantId; readonly onHand: number }[],
  reason: MovementReason,
  at: Date,
): Promise<void> {
  const moved = rows.filter((row) => row.onHand !== 0);
  await insertStock(
    tx,
    rows.map((row) => ({ ...row, held: 0, updatedAt: at })),
    moved.map((row) => ({ id: newId<'StockMovement'>(), variantId: row.variantId, change: row.onHand, reason, at })),
  );
}

/** What was lost leaves the shelf a second time, all of it or none. */
async function takeAgain(tx: Tx, lines: readonly Demand[], reference: string, at: Date): Promise<readonly VariantId[]> {
  const demands = sumByVariant(lines);
  const short: VariantId[] = [];
  for (const { variantId, quantity } of demands)
    if (!(await takeFree(tx, variantId, quantity, at))) short.push(variantId);
  if (short.length > 0) return short;
  await insertMovements(
    tx,
    demands.map(({ variantId, quantity }) => ({
      id: newId<'StockMovement'>(),
      variantId,
      change: -quantity,
      reason: 'resent',
      reference,
      at,
    })),
  );
  return [];
}

const tooFew = (short: readonly VariantId[], available: ReadonlyMap<VariantId, number>): Problem =>
  refuse('stock-short', {
    short: short.map((variantId) => ({ variantId, available: available.get(variantId) ?? 0 })),
  });

export const createStock = ({ now }: { readonly now: Clock }) => ({
  /** Opens the stock of new variants. */
  open: (tx: Tx, rows: readonly { readonly variantId: VariantId; readonly onHand: number }[], reason: MovementReason) =>
    open(tx, rows, reason, now()),
  /** Holds all lines for `reference` until `expiresAt`, or throws `stock-short` naming what is missing and how many are left. */
  hold: async (
    tx: Tx,
    lines: readonly Demand[],
    reference: string,
    expiresAt: Date,
    source: HoldRow['source'] = 'checkout',
  ): Promise<void> => {
    const short = await holdAll(tx, sumByVariant(lines), reference, { expiresAt, at: now(), source });
    if (short.length > 0) throw tooFew(short, await readAvailable(tx, short));
  },
  /**
   * Throws `stock-short` as `hold` would, by a look without locks: who stood in line for goods that went meanwhile is told
   * so without a transaction. That nothing is thrown promises nothing.
   */
  expectFree: async (reader: Reader, lines: readonly Demand[]): Promise<void> => {
    const demands = sumByVariant(lines);
    const free = await readFree(reader, variantsOf(demands), now());
    const short = demands.filter(({ variantId, quantity }) => (free.get(variantId) ?? 0) < quantity);
    if (short.length > 0) throw tooFew(variantsOf(short), free);
  },
  /**
   * Turns the holds of `reference` into sales. Where they have lapsed it holds again first; false when that is no longer
   * possible, and then the caller refunds. Exactly once: ended holds stay ended.
   */
  claim: (tx: Tx, reference: string, sold: Sold) => claim(tx, reference, sold, now()),
  /** Gives back what `reference` still holds; the variants that became free. */
  release: async (tx: Tx, reference: string): Promise<VariantId[]> =>
    variantsOf(await releaseHolds(tx, stillHeld(await lockHolds(tx, reference)), now())),
  /** Takes pieces from the shelf in place of lost ones; the variants of which there are not enough, and then the caller rolls back. */
  takeAgain: (tx: Tx, lines: readonly Demand[], reference: string) => takeAgain(tx, lines, reference, now()),
  /** Brings sold pieces back after a cancellation. */
  giveBack: async (tx: Tx, lines: readonly Demand[], reference: string): Promise<void> => {
    const at = now();
    const demands = sumByVariant(lines);
    for (const { variantId, quantity } of demands) await addOnHand(tx, variantId, quantity, at);
    await insertMovements(
      tx,
      demands.map(({ variantId, quantity }) => ({
        id: newId<'StockMovement'>(),
        variantId,
        change: quantity,
        reason: 'return',
        reference,
        at,
      })),
    );
  },
  /**
   * Changes a shelf by what `decide` makes of its present state; what is on it then. `decide` throws where shoppers hold
   * more than would be left.
   */
  move: async (
    tx: Tx,
    variantId: VariantId,
    decide: (current: { readonly onHand: number; readonly held: number }) => number,
    reason: MovementReason,
  ): Promise<number> => {
    const current = await lockStock(tx, variantId);
    if (!current) throw new Error(`Variant ${variantId} has no stock row`);
    const change = decide(current);
    if (change === 0) return current.onHand;
    await saveOnHand(tx, variantId, current.onHand + change, now());
    await insertMovements(tx, [{ id: newId<'StockMovement'>(), variantId, change, reason, at: now() }]);
    return current.onHand + change;
  },
  countAll: (tx: Tx, counts: readonly Counted[], reason: MovementReason, reference?: string) =>
    countAll(tx, counts, reason, now(), reference),
  /** Sets what was counted on the shelf. 409 `stock-below-held` when shoppers hold more than that. */
  count: async (tx: Tx, variantId: VariantId, onHand: number, reason: MovementReason): Promise<void> => {
    const current = await lockStock(tx, variantId);
    if (!current) throw new Error(`Variant ${variantId} has no stock row`);
    const change = count(current, onHand);
    if (change === 0) return;
    await saveOnHand(tx, variantId, onHand, now());
    await insertMovements(tx, [{ id: newId<'StockMovement'>(), variantId, change, reason, at: now() }]);
  },
});
