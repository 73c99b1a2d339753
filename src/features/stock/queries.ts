import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { VariantId } from '#features/products/types.ts';
import { holds, stock, stockMovements } from './tables.ts';
import type { HoldId } from './types.ts';

export type StockRow = typeof stock.$inferInsert;
export type MovementRow = typeof stockMovements.$inferInsert;
export type HoldRow = typeof holds.$inferSelect;

const rowsAStatement = 2_000;

export async function insertStock(tx: Tx, rows: readonly StockRow[], movements: readonly MovementRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAStatement)
    await tx.insert(stock).values(rows.slice(from, from + rowsAStatement));
  await insertMovements(tx, movements);
}

export async function insertMovements(tx: Tx, rows: readonly MovementRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAStatement)
    await tx.insert(stockMovements).values(rows.slice(from, from + rowsAStatement));
}

/**
 * Holds `quantity` if that many are free, in one guarded statement: two shoppers cannot both pass a check and then write.
 * False when there are not enough. Callers go through variants in id order, so that no two wait for each other.
 */
export async function tryHold(tx: Tx, variantId: VariantId, quantity: number, now: Date): Promise<boolean> {
  const rows = await tx
    .update(stock)
    .set({ held: sql`${stock.held} + ${quantity}`, updatedAt: now })
    .where(and(eq(stock.variantId, variantId), sql`${stock.onHand} - ${stock.held} >= ${quantity}`))
    .returning({ id: stock.variantId });
  return rows.length === 1;
}

export async function insertHolds(tx: Tx, rows: readonly HoldRow[]): Promise<void> {
  await tx.insert(holds).values([...rows]);
}

/** The holds of a reference, locked, in variant order. */
export const lockHolds = (tx: Tx, reference: string): Promise<HoldRow[]> =>
  tx.select().from(holds).where(eq(holds.reference, reference)).orderBy(asc(holds.variantId)).for('update');

/** Holds that are past their time, of the given variants or of any, locked; a hold that another process is ending is passed over. */
export const lockDueHolds = (tx: Tx, now: Date, limit: number, variantIds?: readonly VariantId[]): Promise<HoldRow[]> =>
  tx
    .select()
    .from(holds)
    .where(
      and(
        eq(holds.status, 'held'),
        lte(holds.expiresAt, now),
        variantIds ? inArray(holds.variantId, [...variantIds]) : undefined,
      ),
    )
    .orderBy(asc(holds.variantId))
    .limit(limit)
    .for('update', { skipLocked: true });

/** Ends holds once: only those still `held` change, and only those are returned. */
export async function endHolds(
  tx: Tx,
  ids: readonly HoldId[],
  status: 'claimed' | 'released',
  now: Date,
): Promise<HoldRow[]> {
  if (ids.length === 0) return [];
  return tx
    .update(holds)
    .set({ status, endedAt: now })
    .where(and(inArray(holds.id, [...ids]), eq(holds.status, 'held')))
    .returning();
}

/** Gives held pieces back, or takes them away for good when they were sold. */
export async function settleHeld(
  tx: Tx,
  variantId: VariantId,
  quantity: number,
  sold: boolean,
  now: Date,
): Promise<void> {
  await tx
    .update(stock)
    .set({
      held: sql`${stock.held} - ${quantity}`,
      onHand: sold ? sql`${stock.onHand} - ${quantity}` : stock.onHand,
      updatedAt: now,
    })
    .where(eq(stock.variantId, variantId));
}

/** Locks the stock of these variants in id order, for a transaction that will change several of them back and forth. */
export async function lockShelves(tx: Tx, variantIds: readonly VariantId[]): Promise<void> {
  await tx
    .select({ id: stock.variantId })
    .from(stock)
    .where(inArray(stock.variantId, [...variantIds]))
    .orderBy(asc(stock.variantId))
    .for('update');
}

export async function lockStock(tx: Tx, variantId: VariantId) {
  const [row] = await tx.select().from(stock).where(eq(stock.variantId, variantId)).for('update');
  return row;
}

export async function saveOnHand(tx: Tx, variantId: VariantId, onHand: number, now: Date): Promise<void> {
  await tx.update(stock).set({ onHand, updatedAt: now }).where(eq(stock.variantId, variantId));
}

export async function addOnHand(tx: Tx, variantId: VariantId, change: number, now: Date): Promise<void> {
  await tx
    .update(stock)
    .set({ onHand: sql`${stock.onHand} + ${change}`, updatedAt: now })
    .where(eq(stock.variantId, variantId));
}

export const readAvailable = async (
  reader: Reader,
  variantIds: readonly VariantId[],
): Promise<Map<VariantId, number>> => {
  const rows = await reader
    .select({ id: stock.variantId, available: sql<number>`${stock.onHand} - ${stock.held}` })
    .from(stock)
    .where(inArray(stock.variantId, [...variantIds]));
  return new Map(rows.map((row) => [row.id, row.available]));
};
