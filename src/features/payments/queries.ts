import { and, asc, desc, eq, gt, inArray, isNotNull, lt, or, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import { bankTransfers, paymentEvents, paymentShares, payments, refunds } from './tables.ts';
import type { BankTransfer, Method, PaymentId, RefundId, TransferState } from './types.ts';

export type PaymentRow = typeof payments.$inferSelect;
export type RefundRow = typeof refunds.$inferSelect;

export async function insertPayment(
  tx: Tx,
  row: typeof payments.$inferInsert,
  shares: readonly (typeof paymentShares.$inferInsert)[],
): Promise<PaymentRow> {
  const [saved] = await tx.insert(payments).values(row).returning();
  if (!saved) throw new Error('A payment was not inserted');
  await tx.insert(paymentShares).values([...shares]);
  return saved;
}

export async function findPayment(reader: Reader, id: PaymentId): Promise<PaymentRow | undefined> {
  const [row] = await reader.select().from(payments).where(eq(payments.id, id));
  return row;
}

/** Locked; the caller holds the lock of its group. */
export async function lockPayment(tx: Tx, id: PaymentId): Promise<PaymentRow> {
  const [row] = await tx.select().from(payments).where(eq(payments.id, id)).for('update');
  if (!row) throw new Error('A payment is gone');
  return row;
}

export async function findLive(tx: Tx, groupId: OrderGroupId): Promise<PaymentRow | undefined> {
  const [row] = await tx
    .select()
    .from(payments)
    .where(and(eq(payments.groupId, groupId), inArray(payments.status, ['pending', 'underpaid'])));
  return row;
}

export const listByGroup = (reader: Reader, groupId: OrderGroupId): Promise<PaymentRow[]> =>
  reader.select().from(payments).where(eq(payments.groupId, groupId)).orderBy(asc(payments.createdAt));

export const findByCodes = (reader: Reader, codes: readonly string[]): Promise<PaymentRow[]> =>
  codes.length === 0
    ? Promise.resolve([])
    : reader
        .select()
        .from(payments)
        .where(inArray(payments.code, [...codes]));

export async function findBySession(
  reader: Reader,
  method: Method,
  sessionId: string,
): Promise<PaymentRow | undefined> {
  const [row] = await reader
    .select()
    .from(payments)
    .where(and(eq(payments.method, method), eq(payments.sessionId, sessionId)));
  return row;
}

export async function savePayment(tx: Tx, id: PaymentId, change: Partial<PaymentRow>): Promise<PaymentRow> {
  const [row] = await tx.update(payments).set(change).where(eq(payments.id, id)).returning();
  if (!row) throw new Error('A payment is gone');
  return row;
}

/** What goes back, or has gone back, of a payment. `sum` of bigint arrives as text, so it is cast and read. */
export async function sumRefunds(reader: Reader, id: PaymentId, sentOnly = false): Promise<Vnd> {
  const [row] = await reader
    .select({ sum: sql<string>`coalesce(sum(${refunds.amountVnd}), 0)::bigint` })
    .from(refunds)
    .where(and(eq(refunds.paymentId, id), sentOnly ? eq(refunds.status, 'sent') : undefined));
  return vnd(Number(row?.sum ?? 0));
}

/** Queues a refund once per cause; undefined when the cause has one already. */
export async function insertRefund(
  tx: Tx,
  row: Omit<typeof refunds.$inferInsert, 'id' | 'status'>,
): Promise<RefundId | undefined> {
  const [saved] = await tx
    .insert(refunds)
    .values({ ...row, id: newId<'Refund'>(), status: 'queued' })
    .onConflictDoNothing({ target: refunds.cause })
    .returning({ id: refunds.id });
  return saved?.id;
}

export async function findRefund(reader: Reader, id: RefundId): Promise<RefundRow | undefined> {
  const [row] = await reader.select().from(refunds).where(eq(refunds.id, id));
  return row;
}

/** Marks a queued refund as sent; false when somebody was faster. */
export async function markRefundSent(tx: Tx, id: RefundId, providerReference: string, at: Date): Promise<boolean> {
  const rows = await tx
    .update(refunds)
    .set({ status: 'sent', sentAt: at, providerReference })
    .where(and(eq(refunds.id, id), eq(refunds.status, 'queued')))
    .returning({ id: refunds.id });
  return rows.length === 1;
}

/** Stores a line of the feed; false when it was told before. */
export async function insertTransfer(
  tx: Tx,
  transfer: BankTransfer,
  state: TransferState,
  at: Date,
): Promise<string | undefined> {
  const [row] = await tx
    .insert(bankTransfers)
    .values({
      id: newId<'BankTransfer'>(),
      provider: transfer.provider,
      providerTxId: transfer.providerTxId,
      accountNumber: transfer.accountNumber,
      amountVnd: transfer.amountVnd,
      content: transfer.content,
      bankReference: transfer.bankReference,
      state,
      raw: transfer.raw,
      happenedAt: transfer.happenedAt ?? null,
      receivedAt: at,
    })
    .onConflictDoNothing({ target: [bankTransfers.provider, bankTransfers.providerTxId] })
    .returning({ id: bankTransfers.id });
  return row?.id;
}

export async function saveTransfer(tx: Tx, id: string, state: TransferState, paymentId: PaymentId): Promise<void> {
  await tx
    .update(bankTransfers)
    .set({ state, paymentId })
    .where(eq(bankTransfers.id, id as (typeof bankTransfers.$inferSelect)['id']));
}

/** Stores a provider's message; false when it was told before. */
export async function insertPaymentEvent(tx: Tx, row: Omit<typeof paymentEvents.$inferInsert, 'id'>): Promise<boolean> {
  const rows = await tx
    .insert(paymentEvents)
    .values({ ...row, id: newId<'PaymentEvent'>() })
    .onConflictDoNothing({ target: [paymentEvents.provider, paymentEvents.providerEventId] })
    .returning({ id: paymentEvents.id });
  return rows.length === 1;
}

const minutesBefore = (now: Date, count: number): Date => new Date(now.getTime() - count * 60_000);
/** A payment that was given up is asked after once in so many minutes, each in a minute of its own. */
const everyMinutes = 30;

/**
 * Payments at a provider's page that nobody has told us the end of, two minutes to a day old, newest first. While
 * somebody may be waiting each is in every minute's list; later each has its turn, so that a day of abandoned pages
 * does not push out the one that was paid.
 */
export const listUnsettled = (reader: Reader, now: Date, limit: number): Promise<PaymentRow[]> =>
  reader
    .select()
    .from(payments)
    .where(
      and(
        inArray(payments.status, ['pending', 'expired']),
        isNotNull(payments.sessionId),
        lt(payments.createdAt, minutesBefore(now, 2)),
        gt(payments.createdAt, minutesBefore(now, 24 * 60)),
        or(
          gt(payments.createdAt, minutesBefore(now, 35)),
          sql`(hashtext(${payments.id}) & 2147483647) % ${everyMinutes} = ${now.getUTCMinutes() % everyMinutes}`,
        ),
      ),
    )
    .orderBy(desc(payments.createdAt))
    .limit(limit);

export const listRefunds = (reader: Reader, limit: number): Promise<RefundRow[]> =>
  reader.select().from(refunds).where(eq(refunds.status, 'queued')).orderBy(asc(refunds.createdAt)).limit(limit);

export const listUnmatched = (reader: Reader, limit: number) =>
  reader
    .select({
      id: bankTransfers.id,
      provider: bankTransfers.provider,
      providerTxId: bankTransfers.providerTxId,
      amountVnd: bankTransfers.amountVnd,
      content: bankTransfers.content,
      state: bankTransfers.state,
      receivedAt: bankTransfers.receivedAt,
    })
    .from(bankTransfers)
    .where(inArray(bankTransfers.state, ['unmatched', 'foreign-account']))
    .orderBy(asc(bankTransfers.receivedAt))
    .limit(limit);
