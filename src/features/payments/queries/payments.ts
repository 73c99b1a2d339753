import { and, asc, desc, eq, gt, inArray, isNotNull, lt, or, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { prepared, type Reader, type Tx } from '#db/client.ts';
import { insertTogether, rowsOf } from '#db/insert-rows.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import { paymentEvents, paymentShares, payments } from '../tables.ts';
import type { Method, PaymentId } from '../types.ts';

export type PaymentRow = typeof payments.$inferSelect;

export type NewPayment = Omit<
  PaymentRow,
  'sessionId' | 'redirectUrl' | 'providerReference' | 'settledAt' | 'completedAt'
>;

export const insertPayment = (
  tx: Tx,
  row: NewPayment,
  shares: readonly (typeof paymentShares.$inferInsert)[],
): Promise<void> => insertTogether(tx, rowsOf(payments, [row]), rowsOf(paymentShares, shares));

export async function findPayment(reader: Reader, id: PaymentId): Promise<PaymentRow | undefined> {
  const [row] = await reader.select().from(payments).where(eq(payments.id, id));
  return row;
}

const paymentForUpdate = prepared('payment-lock', (db) =>
  db
    .select()
    .from(payments)
    .where(eq(payments.id, sql.placeholder('id')))
    .for('update'),
);

/** Locked; the caller holds the lock of its group. */
export async function lockPayment(tx: Tx, id: PaymentId): Promise<PaymentRow> {
  const [row] = await paymentForUpdate(tx, { id });
  if (!row) throw new Error('A payment is gone');
  return row;
}

const livePayment = prepared('payment-live', (db) =>
  db
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.groupId, sql.placeholder('groupId')),
        // Written out, or the partial index of live payments is not seen to fit.
        sql`${payments.status} in ('pending', 'underpaid')`,
      ),
    ),
);
export const findLive = async (tx: Tx, groupId: OrderGroupId): Promise<PaymentRow | undefined> =>
  (await livePayment(tx, { groupId }))[0];

export async function findByReference(
  reader: Reader,
  method: Method,
  reference: string,
): Promise<PaymentRow | undefined> {
  const [row] = await reader
    .select()
    .from(payments)
    .where(and(eq(payments.method, method), eq(payments.providerReference, reference)));
  return row;
}

export const listByGroup = (reader: Reader, groupId: OrderGroupId): Promise<PaymentRow[]> =>
  reader.select().from(payments).where(eq(payments.groupId, groupId)).orderBy(asc(payments.createdAt));

const paymentsByCodes = prepared('payments-by-codes', (db) =>
  db
    .select()
    .from(payments)
    .where(sql`${payments.code} = any(${sql.placeholder('codes')}::text[])`),
);
export const findByCodes = async (reader: Reader, codes: readonly string[]): Promise<PaymentRow[]> =>
  codes.length === 0 ? [] : paymentsByCodes(reader, { codes });

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

/** What happens to a payment. Nothing of it is ever taken back to null. */
export type PaymentChange = Partial<
  Pick<
    PaymentRow,
    'status' | 'receivedVnd' | 'settledAt' | 'completedAt' | 'sessionId' | 'redirectUrl' | 'providerReference'
  >
>;

const updatePayment = prepared('payment-save', (db) =>
  db
    .update(payments)
    .set({
      status: sql`coalesce(${sql.placeholder('status')}::text, ${payments.status})`,
      receivedVnd: sql`coalesce(${sql.placeholder('receivedVnd')}::bigint, ${payments.receivedVnd})`,
      settledAt: sql`coalesce(${sql.placeholder('settledAt')}::timestamptz, ${payments.settledAt})`,
      completedAt: sql`coalesce(${sql.placeholder('completedAt')}::timestamptz, ${payments.completedAt})`,
      sessionId: sql`coalesce(${sql.placeholder('sessionId')}::text, ${payments.sessionId})`,
      redirectUrl: sql`coalesce(${sql.placeholder('redirectUrl')}::text, ${payments.redirectUrl})`,
      providerReference: sql`coalesce(${sql.placeholder('providerReference')}::text, ${payments.providerReference})`,
    })
    .where(eq(payments.id, sql.placeholder('id')))
    .returning(),
);

export async function savePayment(tx: Tx, id: PaymentId, change: PaymentChange): Promise<PaymentRow> {
  const { status, receivedVnd, settledAt, completedAt, sessionId, redirectUrl, providerReference } = change;
  const values = { id, status, receivedVnd, settledAt, completedAt, sessionId, redirectUrl, providerReference };
  const [row] = await updatePayment(tx, values);
  if (!row) throw new Error('A payment is gone');
  return row;
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
