import { and, asc, count, desc, eq, isNotNull, lte, max, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { FileId } from '#features/files/types.ts';
import { carePolicies, returnEvents, returnLines, returnPhotos, returns } from '../tables.ts';
import type { CarePolicy, ReturnEventType, ReturnId } from '../types.ts';

export type ReturnRow = typeof returns.$inferSelect;
export type ReturnLineRow = typeof returnLines.$inferSelect;

/** The terms that hold on a local day, `YYYY-MM-DD`. */
export async function getPolicy(reader: Reader, day: string): Promise<CarePolicy> {
  const [policy] = await reader
    .select()
    .from(carePolicies)
    .where(lte(carePolicies.validFrom, day))
    .orderBy(desc(carePolicies.validFrom))
    .limit(1);
  if (!policy) throw new Error(`No terms of returning hold on ${day}: run the migrations`);
  return policy;
}

export async function insertReturn(
  tx: Tx,
  row: typeof returns.$inferInsert,
  lines: readonly Omit<ReturnLineRow, 'returnId'>[],
): Promise<void> {
  await tx.insert(returns).values(row);
  await tx.insert(returnLines).values(lines.map((line) => ({ ...line, returnId: row.id })));
}

export async function lockReturn(tx: Tx, id: ReturnId): Promise<ReturnRow | undefined> {
  const [row] = await tx.select().from(returns).where(eq(returns.id, id)).for('update');
  return row;
}

export async function saveReturn(tx: Tx, id: ReturnId, change: Partial<ReturnRow>): Promise<void> {
  await tx.update(returns).set(change).where(eq(returns.id, id));
}

export const listReturnLines = (reader: Reader, returnId: ReturnId): Promise<ReturnLineRow[]> =>
  reader.select().from(returnLines).where(eq(returnLines.returnId, returnId)).orderBy(asc(returnLines.lineId));

export async function addReturnEvent(
  tx: Tx,
  returnId: ReturnId,
  type: ReturnEventType,
  note: string | null,
  at: Date,
): Promise<void> {
  await tx.insert(returnEvents).values({ id: newId<'ReturnEvent'>(), returnId, type, note, at });
}

export async function countPhotos(reader: Reader, returnId: ReturnId): Promise<number> {
  const [row] = await reader.select({ count: count() }).from(returnPhotos).where(eq(returnPhotos.returnId, returnId));
  return row?.count ?? 0;
}

export async function addPhoto(tx: Tx, returnId: ReturnId, fileId: FileId): Promise<void> {
  const [last] = await tx
    .select({ place: max(returnPhotos.place) })
    .from(returnPhotos)
    .where(eq(returnPhotos.returnId, returnId));
  await tx.insert(returnPhotos).values({ returnId, fileId, place: (last?.place ?? -1) + 1 });
}

/** Returns whose clock has run out, oldest first. */
export const listDueReturns = async (reader: Reader, now: Date, limit: number): Promise<ReturnId[]> =>
  (
    await reader
      .select({ id: returns.id })
      .from(returns)
      .where(and(isNotNull(returns.dueAt), lte(returns.dueAt, now)))
      .orderBy(asc(returns.dueAt))
      .limit(limit)
  ).map(({ id }) => id);

/** What a shopper wrote about the goods goes with the shopper; what went back and for how much stays. */
export async function forgetReturnsOf(tx: Tx, phone: string): Promise<void> {
  await tx
    .update(returns)
    .set({ note: '', appealNote: null })
    .where(
      sql`${returns.orderId} in (select o.id from orders o join order_groups g on g.id = o.group_id where g.phone = ${phone})`,
    );
}

/** The same for returns that ended before then. */
export async function forgetReturns(tx: Tx, before: Date): Promise<void> {
  await tx
    .update(returns)
    .set({ note: '', appealNote: null })
    .where(and(lte(returns.updatedAt, before), sql`${returns.note} <> '' or ${returns.appealNote} is not null`));
}
