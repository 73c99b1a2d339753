import { and, asc, eq, inArray, isNotNull, lt, or, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { preparedSql, type Reader, type Tx } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { disputes, paymentShares, payments, refunds } from '../tables.ts';
import type { DisputeId, PaymentId, RefundId } from '../types.ts';

export type RefundRow = typeof refunds.$inferSelect;
export type DisputeRow = typeof disputes.$inferSelect;
type Share = typeof paymentShares.$inferSelect;

/** What goes back, or has gone back, of a payment. `sum` of bigint arrives as text, so it is cast and read. */
export async function sumRefunds(reader: Reader, id: PaymentId, sentOnly = false): Promise<Vnd> {
  const [row] = await refunded(reader, { id, sentOnly });
  return vnd(Number(row?.sum ?? 0));
}

const refunded = preparedSql<{ sum: string }>(
  'refunds-sum',
  sql`select coalesce(sum(amount_vnd), 0)::bigint as sum from refunds
    where payment_id = ${sql.placeholder('id')} and (status in ('sent', 'confirmed') or not ${sql.placeholder('sentOnly')}::boolean)`,
);

/** An order's part of the payment that paid for it, locked; undefined while nothing has. */
export async function lockShare(tx: Tx, orderId: OrderId): Promise<Share | undefined> {
  const [row] = await tx
    .select({ share: paymentShares })
    .from(paymentShares)
    .innerJoin(payments, eq(payments.id, paymentShares.paymentId))
    .where(and(eq(paymentShares.orderId, orderId), isNotNull(payments.completedAt)))
    .for('update', { of: paymentShares });
  return row?.share;
}

export const listShares = (reader: Reader, paymentId: PaymentId): Promise<Share[]> =>
  reader.select().from(paymentShares).where(eq(paymentShares.paymentId, paymentId)).orderBy(asc(paymentShares.orderId));

export async function saveRefunded(tx: Tx, paymentId: PaymentId, orderId: OrderId, refundedVnd: Vnd): Promise<void> {
  await tx
    .update(paymentShares)
    .set({ refundedVnd })
    .where(and(eq(paymentShares.paymentId, paymentId), eq(paymentShares.orderId, orderId)));
}

export async function findRefundByCause(reader: Reader, cause: string): Promise<RefundRow | undefined> {
  const [row] = await reader.select().from(refunds).where(eq(refunds.cause, cause));
  return row;
}

/** Queues a refund once per cause; undefined when the cause has one already. */
export async function insertRefund(
  tx: Tx,
  row: Omit<typeof refunds.$inferInsert, 'id' | 'status'>,
): Promise<RefundRow | undefined> {
  const [saved] = await tx
    .insert(refunds)
    .values({ ...row, id: newId<'Refund'>(), status: 'queued' })
    .onConflictDoNothing({ target: refunds.cause })
    .returning();
  return saved;
}

export async function findRefund(reader: Reader, id: RefundId): Promise<RefundRow | undefined> {
  const [row] = await reader.select().from(refunds).where(eq(refunds.id, id));
  return row;
}

export async function findRefundByReference(reader: Reader, reference: string): Promise<RefundRow | undefined> {
  const [row] = await reader.select().from(refunds).where(eq(refunds.providerReference, reference));
  return row;
}

/** The caller holds the lock of the payment's group. */
export async function lockRefund(tx: Tx, id: RefundId): Promise<RefundRow> {
  const [row] = await tx.select().from(refunds).where(eq(refunds.id, id)).for('update');
  if (!row) throw new Error(`Refund ${id} is gone`);
  return row;
}

export async function saveRefund(tx: Tx, id: RefundId, change: Partial<RefundRow>): Promise<void> {
  await tx.update(refunds).set(change).where(eq(refunds.id, id));
}

/** Queued refunds of payments at a provider, made between two instants. */
export const listUnsentRefunds = async (
  reader: Reader,
  before: Date,
  after: Date,
  limit: number,
): Promise<RefundId[]> =>
  (
    await reader
      .select({ id: refunds.id })
      .from(refunds)
      .innerJoin(payments, eq(payments.id, refunds.paymentId))
      .where(
        and(
          eq(refunds.status, 'queued'),
          eq(refunds.way, 'provider'),
          isNotNull(payments.providerReference),
          lt(refunds.createdAt, before),
          sql`${refunds.createdAt} > ${after.toISOString()}::timestamptz`,
        ),
      )
      .limit(limit)
  ).map((row) => row.id);

/** Refunds that a provider has said are on their way, longest on it first. */
export const listUnderWay = async (reader: Reader, before: Date, limit: number): Promise<RefundId[]> =>
  (
    await reader
      .select({ id: refunds.id })
      .from(refunds)
      .where(and(eq(refunds.status, 'sent'), eq(refunds.way, 'provider'), lt(refunds.sentAt, before)))
      .orderBy(asc(refunds.sentAt))
      .limit(limit)
  ).map((row) => row.id);

export const listRefunds = (reader: Reader, limit: number): Promise<RefundRow[]> =>
  reader
    .select()
    .from(refunds)
    .where(inArray(refunds.status, ['queued', 'failed']))
    .orderBy(asc(refunds.createdAt))
    .limit(limit);

/** The dispute by the provider's name for it, locked. */
export async function lockDispute(
  tx: Tx,
  provider: string,
  providerDisputeId: string,
): Promise<DisputeRow | undefined> {
  const [row] = await tx
    .select()
    .from(disputes)
    .where(and(eq(disputes.provider, provider), eq(disputes.providerDisputeId, providerDisputeId)))
    .for('update');
  return row;
}

export async function insertDispute(tx: Tx, row: typeof disputes.$inferInsert): Promise<DisputeRow> {
  const [saved] = await tx.insert(disputes).values(row).returning();
  if (!saved) throw new Error('A dispute was not stored');
  return saved;
}

export async function saveDispute(tx: Tx, id: DisputeRow['id'], change: Partial<DisputeRow>): Promise<void> {
  await tx.update(disputes).set(change).where(eq(disputes.id, id));
}

export async function lockDisputeById(tx: Tx, id: DisputeId): Promise<DisputeRow | undefined> {
  const [row] = await tx.select().from(disputes).where(eq(disputes.id, id)).for('update');
  return row;
}

export async function findDispute(reader: Reader, id: DisputeId): Promise<DisputeRow | undefined> {
  const [row] = await reader.select().from(disputes).where(eq(disputes.id, id));
  return row;
}

/** Disputes that are not decided, the nearest limit first. */
export const listOpenDisputes = (reader: Reader, limit: number): Promise<DisputeRow[]> =>
  reader
    .select()
    .from(disputes)
    .where(inArray(disputes.status, ['open', 'answered']))
    .orderBy(asc(disputes.evidenceBy))
    .limit(limit);

/** The refund that a line of money that left is: by the bank's reference that was noted, or by code and amount. */
export async function findSentByHand(
  reader: Reader,
  amountVnd: Vnd,
  bankReference: string,
  codes: readonly string[],
): Promise<RefundRow | undefined> {
  const byReference = and(eq(refunds.status, 'sent'), eq(refunds.providerReference, bankReference));
  const byCode = and(
    inArray(refunds.status, ['queued', 'sent']),
    sql`${payments.code} = any(${sql.param([...codes])}::text[])`,
  );
  const rows = await reader
    .select({ refund: refunds })
    .from(refunds)
    .leftJoin(payments, eq(payments.id, refunds.paymentId))
    .where(and(eq(refunds.way, 'transfer'), eq(refunds.amountVnd, amountVnd), or(byReference, byCode)))
    .orderBy(asc(refunds.createdAt))
    .limit(1);
  return rows[0]?.refund;
}
