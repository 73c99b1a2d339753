import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { preparedSql, type Reader, type Tx } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import { directModes, directPayments, directReceipts, directRefunds } from './tables.ts';
import type { DirectPaymentId, DirectRefundId } from './types.ts';

export type ModeRow = typeof directModes.$inferSelect;
export type DirectRow = typeof directPayments.$inferSelect;
export type DirectRefundRow = typeof directRefunds.$inferSelect;
type Receipt = typeof directReceipts.$inferInsert;

/** Businesses that are paid themselves. A mode holds while its account is the newest of its business. */
const inForce = preparedSql<{ businessId: BusinessId; holdHours: number }>(
  'direct-modes-in-force',
  sql`select b.id as "businessId", m.hold_hours as "holdHours" from unnest(${sql.placeholder('ids')}::uuid[]) as b (id)
    cross join lateral (select * from direct_modes m where m.business_id = b.id order by m.set_at desc, m.id desc limit 1) m
    where m.mode = 'direct' and m.bank_account_id =
      (select a.id from bank_accounts a where a.business_id = b.id order by a.set_at desc, a.id desc limit 1)`,
);
export const listDirect = (reader: Reader, ids: readonly BusinessId[]) => inForce(reader, { ids: [...ids] });

export async function findMode(reader: Reader, businessId: BusinessId): Promise<ModeRow | undefined> {
  const [row] = await reader
    .select()
    .from(directModes)
    .where(eq(directModes.businessId, businessId))
    .orderBy(desc(directModes.setAt), desc(directModes.id))
    .limit(1);
  return row;
}

export async function insertMode(tx: Tx, row: ModeRow): Promise<void> {
  await tx.insert(directModes).values(row);
}

export async function insertPayment(tx: Tx, row: typeof directPayments.$inferInsert): Promise<DirectRow> {
  const [saved] = await tx.insert(directPayments).values(row).returning();
  if (!saved) throw new Error('A payment was not written');
  return saved;
}

/** Locked; the caller holds the lock of its group. */
export async function lockOfOrder(tx: Tx, orderId: OrderId): Promise<DirectRow | undefined> {
  const [row] = await tx.select().from(directPayments).where(eq(directPayments.orderId, orderId)).for('update');
  return row;
}

export const listOfGroup = (reader: Reader, groupId: OrderGroupId): Promise<DirectRow[]> =>
  reader.select().from(directPayments).where(eq(directPayments.groupId, groupId)).orderBy(asc(directPayments.id));

export const findByCodes = (reader: Reader, codes: readonly string[]): Promise<DirectRow[]> =>
  codes.length === 0
    ? Promise.resolve([])
    : reader
        .select()
        .from(directPayments)
        .where(inArray(directPayments.code, [...codes]));

export async function savePayment(tx: Tx, id: DirectPaymentId, change: Partial<DirectRow>): Promise<void> {
  await tx.update(directPayments).set(change).where(eq(directPayments.id, id));
}

/** False where this very transfer was recorded before. */
export async function insertReceipt(tx: Tx, row: Receipt): Promise<boolean> {
  const rows = await tx.insert(directReceipts).values(row).onConflictDoNothing().returning({ id: directReceipts.id });
  return rows.length === 1;
}

/** How many times a seller said that just so much arrived, and the bank has not told of it yet. */
export async function countUnconfirmed(tx: Tx, paymentId: DirectPaymentId, amountVnd: number): Promise<number> {
  const [row] = await tx
    .select({
      count: sql<number>`(count(*) filter (where ${directReceipts.source} = 'seller') - count(*) filter (where ${directReceipts.source} = 'confirmation'))::int`,
    })
    .from(directReceipts)
    .where(and(eq(directReceipts.paymentId, paymentId), sql`${directReceipts.amountVnd} = ${amountVnd}`));
  return row?.count ?? 0;
}

export async function findRefundByCause(reader: Reader, cause: string): Promise<DirectRefundRow | undefined> {
  const [row] = await reader.select().from(directRefunds).where(eq(directRefunds.cause, cause));
  return row;
}

/** Undefined when the cause has one already. */
export async function insertRefund(
  tx: Tx,
  row: typeof directRefunds.$inferInsert,
): Promise<DirectRefundRow | undefined> {
  const [saved] = await tx.insert(directRefunds).values(row).onConflictDoNothing().returning();
  return saved;
}

export async function lockRefund(
  tx: Tx,
  id: DirectRefundId,
  businessIds: readonly BusinessId[],
): Promise<DirectRefundRow | undefined> {
  const [row] = await tx
    .select()
    .from(directRefunds)
    .where(and(eq(directRefunds.id, id), inArray(directRefunds.businessId, [...businessIds])))
    .for('update');
  return row;
}

export async function saveRefund(tx: Tx, id: DirectRefundId, change: Partial<DirectRefundRow>): Promise<void> {
  await tx.update(directRefunds).set(change).where(eq(directRefunds.id, id));
}
