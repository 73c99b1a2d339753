import { and, eq, inArray, isNull } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { ProductId } from '#features/products/types.ts';
import { batches } from './tables.ts';
import type { BatchId } from './types.ts';

export async function insertBatch(tx: Tx, row: typeof batches.$inferInsert): Promise<void> {
  await tx.insert(batches).values(row);
}

export async function insertBatches(tx: Tx, rows: readonly (typeof batches.$inferInsert)[]): Promise<void> {
  await insertRows(tx, batches, rows);
}

/** The lots that these products have already, as `<product> <lot>`. */
export async function listLots(tx: Tx, productIds: readonly ProductId[]): Promise<ReadonlySet<string>> {
  const rows = await tx
    .select({ productId: batches.productId, lot: batches.lot })
    .from(batches)
    .where(inArray(batches.productId, [...productIds]));
  return new Set(rows.map(({ productId, lot }) => `${productId} ${lot}`));
}

/** Marks a batch as recalled, once; false when it was recalled before. */
export async function recallBatch(tx: Tx, id: BatchId, reason: string, at: Date): Promise<boolean> {
  const rows = await tx
    .update(batches)
    .set({ recalledAt: at, recallReason: reason })
    .where(and(eq(batches.id, id), isNull(batches.recalledAt)))
    .returning({ id: batches.id });
  return rows.length === 1;
}
