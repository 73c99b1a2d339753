import { eq } from 'drizzle-orm';
import type { Tx } from '#db/client.ts';
import { takedowns } from './tables.ts';
import type { TakedownId } from './types.ts';

export type TakedownRow = typeof takedowns.$inferSelect;

export async function insertTakedown(tx: Tx, row: typeof takedowns.$inferInsert): Promise<void> {
  await tx.insert(takedowns).values(row);
}

export async function lockTakedown(tx: Tx, id: TakedownId): Promise<TakedownRow | undefined> {
  const [row] = await tx.select().from(takedowns).where(eq(takedowns.id, id)).for('update');
  return row;
}

export async function saveTakedown(tx: Tx, id: TakedownId, change: Partial<TakedownRow>): Promise<void> {
  await tx.update(takedowns).set(change).where(eq(takedowns.id, id));
}
