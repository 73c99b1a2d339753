import { and, eq, isNull } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { batches } from './tables.ts';
import type { BatchId } from './types.ts';

export async function insertBatch(tx: Tx, row: typeof batches.$inferInsert): Promise<void> {
  await tx.insert(batches).values(row);
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
