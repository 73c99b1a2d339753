import { type SQL, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Delivery } from '#features/carts/types.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import type { DirectPaymentId, DirectRefundId, DirectRefundReason, DirectState } from './types.ts';

const amount = (text: string | number | null): Vnd => vnd(Number(text ?? 0));
const listed = (ids: readonly string[]): SQL => sql`any(${sql.param([...ids])}::uuid[])`;

/** Whether every part of a group that is paid to a business itself is there, and none of it owed back. */
export async function isReady(reader: Reader, groupId: OrderGroupId): Promise<boolean> {
  const { rows } = await reader.execute<{ missing: number }>(
    sql`select count(*)::int as missing from orders o where o.group_id = ${groupId} and o.settlement = 'direct'
      and not exists (select from direct_payments p where p.order_id = o.id and p.status = 'paid')`,
  );
  return rows[0]?.missing === 0;
}

/** Whether something of a group is paid to the exchange as well. */
export async function isMixed(reader: Reader, groupId: OrderGroupId): Promise<boolean> {
  const { rows } = await reader.execute(
    sql`select from orders o where o.group_id = ${groupId} and o.settlement = 'collected' limit 1`,
  );
  return rows.length > 0;
}

/** Days in which a business gives back what it owes, as the rule of the day says. */
export async function readRefundDays(reader: Reader, now: Date): Promise<number> {
  const { rows } = await reader.execute<{ days: number }>(
    sql`select direct_refund_days as days from settlement_rules where valid_from <= ${now.toISOString()}::timestamptz order by valid_from desc limit 1`,
  );
  if (!rows[0]) throw new Error('No settlement rule is in force: run the migrations');
  return rows[0].days;
}

export type Checked = {
  readonly name: string;
  readonly account: {
    readonly id: Id<'BankAccount'>;
    readonly bankBin: string;
    readonly last4: string;
    readonly holderName: string;
    readonly confirmed: boolean;
  } | null;
};

/** The newest account of a business, and whether an officer has asked its owner about it. */
export async function findAccount(reader: Reader, businessId: BusinessId): Promise<Checked | undefined> {
  const { rows } = await reader.execute<{
    name: string;
    id: Id<'BankAccount'> | null;
    bankBin: string;
    last4: string;
    holderName: string;
    confirmed: boolean;
  }>(sql`select b.name, a.id, a.bank_bin as "bankBin", a.number_last4 as last4, a.holder_name as "holderName", c.bank_account_id is not null as confirmed
    from businesses b
    left join lateral (select * from bank_accounts a where a.business_id = b.id order by a.set_at desc, a.id desc limit 1) a on true
    left join account_confirmations c on c.bank_account_id = a.id where b.id = ${businessId}`);
  const [row] = rows;
  if (!row) return undefined;
  const { name, id, ...account } = row;
  return { name, account: id === null ? null : { id, ...account } };
}

/** Whom to tell of what, about an order. */
export async function findTold(reader: Reader, orderId: OrderId) {
  const { rows } = await reader.execute<{
    code: string;
    business: string;
    businessId: BusinessId;
    phone: string;
    delivery: Delivery;
  }>(
    sql`select o.code, o.business_name as business, o.business_id as "businessId", g.phone, g.delivery
      from orders o join order_groups g on g.id = o.group_id where o.id = ${orderId}`,
  );
  return rows[0];
}

export type Waiting = {
  readonly orderCode: string;
  readonly memo: string;
  readonly status: DirectState;
  readonly amountVnd: Vnd;
  readonly receivedVnd: Vnd;
  readonly expiresAt: Date;
};

/** What shoppers are about to pay to these businesses, oldest first. */
export async function listWaiting(
  reader: Reader,
  ids: readonly BusinessId[],
  limit: number,
): Promise<readonly Waiting[]> {
  const { rows } = await reader.execute<{
    orderCode: string;
    memo: string;
    status: DirectState;
    amount: string;
    received: string;
    expiresAt: string;
  }>(sql`select o.code as "orderCode", p.code as memo, p.status, p.amount_vnd as amount, p.received_vnd as received, p.expires_at as "expiresAt"
    from direct_payments p join orders o on o.id = p.order_id
    where p.business_id = ${listed(ids)} and p.status in ('pending', 'underpaid') order by p.created_at limit ${limit}`);
  return rows.map(({ amount: price, received, expiresAt, ...row }) => ({
    ...row,
    amountVnd: amount(price),
    receivedVnd: amount(received),
    expiresAt: new Date(expiresAt),
  }));
}

export type Owed = {
  readonly refundId: DirectRefundId;
  readonly orderId: OrderId;
  readonly businessId: BusinessId;
  readonly orderCode: string;
  readonly amountVnd: Vnd;
  readonly reason: DirectRefundReason;
  readonly status: 'due' | 'sent';
  readonly dueBy: Date;
  readonly sentAt: Date | null;
};

async function readOwed(reader: Reader, where: SQL, limit: number): Promise<readonly Owed[]> {
  const { rows } = await reader.execute<
    Omit<Owed, 'amountVnd' | 'dueBy' | 'sentAt'> & Record<'amount' | 'due', string> & { sent: string | null }
  >(
    sql`select f.id as "refundId", f.order_id as "orderId", f.business_id as "businessId", o.code as "orderCode", f.amount_vnd as amount, f.reason, f.status,
        f.due_by as due, f.sent_at as sent
      from direct_refunds f join orders o on o.id = f.order_id where ${where} order by f.status, f.due_by, f.id limit ${limit}`,
  );
  return rows.map(({ amount: owed, due, sent, ...row }) => ({
    ...row,
    amountVnd: amount(owed),
    dueBy: new Date(due),
    sentAt: sent === null ? null : new Date(sent),
  }));
}

/** What these businesses owe to shoppers, the most urgent first. */
export const listOwed = (reader: Reader, ids: readonly BusinessId[], limit: number): Promise<readonly Owed[]> =>
  readOwed(reader, sql`f.business_id = ${listed(ids)} and f.status = 'due'`, limit);
/** What is still owed at a time. */
export const listDueBefore = (reader: Reader, at: Date, limit: number): Promise<readonly Owed[]> =>
  readOwed(reader, sql`f.status = 'due' and f.due_by <= ${at.toISOString()}::timestamptz`, limit);
/** What is owed, or was given back, of the orders of a group. */
export const listOwedOf = (reader: Reader, groupCode: string): Promise<readonly Owed[]> =>
  readOwed(reader, sql`o.group_id = (select id from order_groups where code = ${groupCode})`, 200);

export type Part = {
  readonly orderCode: string;
  readonly business: string;
  readonly amountVnd: Vnd;
  readonly paymentId: DirectPaymentId | null;
  readonly status: DirectState | null;
  readonly receivedVnd: Vnd;
  readonly memo: string | null;
  readonly bankBin: string | null;
  readonly accountNumber: string | null;
  readonly holderName: string | null;
  readonly expiresAt: Date;
  /** Whether money was said to have come by the seller alone. */
  readonly bySeller: boolean;
};

/** The parts of a group that are paid to businesses themselves. */
export async function listParts(reader: Reader, groupCode: string): Promise<readonly Part[]> {
  const { rows } = await reader.execute<
    Omit<Part, 'amountVnd' | 'receivedVnd' | 'expiresAt'> & Record<'amount' | 'received' | 'expires', string>
  >(sql`select o.code as "orderCode", o.business_name as business, o.total_vnd as amount, p.id as "paymentId", p.status, coalesce(p.received_vnd, 0) as received,
      p.code as memo, p.bank_bin as "bankBin", p.account_number as "accountNumber", p.holder_name as "holderName", g.expires_at as expires,
      exists (select from direct_receipts r where r.payment_id = p.id and r.source = 'seller')
        and not exists (select from direct_receipts r where r.payment_id = p.id and r.source <> 'seller') as "bySeller"
    from orders o join order_groups g on g.id = o.group_id left join direct_payments p on p.order_id = o.id
    where g.code = ${groupCode} and o.settlement = 'direct' order by o.id`);
  return rows.map(({ amount: price, received, expires, ...row }) => ({
    ...row,
    amountVnd: amount(price),
    receivedVnd: amount(received),
    expiresAt: new Date(expires),
  }));
}
