import { createHash } from 'node:crypto';
import { and, asc, desc, eq, getTableColumns, inArray, isNull, sql } from 'drizzle-orm';
import type { Vnd } from '#core/money.ts';
import { prepared, preparedSql, type Reader, type Tx } from '#db/client.ts';
import { insertTogether, rowsOf } from '#db/insert-rows.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import { vouchers, voucherUses } from './tables.ts';
import type { Offer, Voucher, VoucherId } from './types.ts';

/** The same hash in the program and, below, in SQL. */
export const customerOf = (voucherId: VoucherId, phone: string): string =>
  createHash('sha256').update(`${voucherId}:${phone}`).digest('hex').slice(0, 32);
const customerIn = sql`left(encode(sha256(convert_to(vouchers.id::text || ':' || ${sql.placeholder('phone')}::text, 'UTF8')), 'hex'), 32)`;

const offersFor = prepared('voucher-offers', (db) =>
  db
    .select({
      ...getTableColumns(vouchers),
      ownUses: sql<number>`(select count(distinct u.group_id)::int from voucher_uses u where u.voucher_id = vouchers.id and u.customer = ${customerIn} and u.released_at is null)`,
      hasOrdered: sql<boolean>`${vouchers.firstOrder} and exists (select from order_groups g where g.phone = ${sql.placeholder('phone')}::text and g.paid_at is not null)`,
    })
    .from(vouchers)
    .where(
      sql`${vouchers.code} = ${sql.placeholder('code')}::text or (${vouchers.code} is null and ${vouchers.endedAt} is null and ${vouchers.validUntil} > ${sql.placeholder('now')}::timestamptz)`,
    )
    .orderBy(asc(vouchers.id))
    .limit(100),
);

/** The voucher of a typed code, in whatever state, and those that apply by themselves, as they stand for this number. */
export const listOffers = (reader: Reader, code: string | null, phone: string, now: Date): Promise<Offer[]> =>
  offersFor(reader, { code, phone, now });

export async function findByCode(reader: Reader, code: string): Promise<Voucher | undefined> {
  const [row] = await reader.select().from(vouchers).where(eq(vouchers.code, code));
  return row;
}

const take = preparedSql<{ id: string }>(
  'voucher-take',
  sql`update vouchers set spent_vnd = spent_vnd + ${sql.placeholder('amountVnd')}::bigint, uses = uses + 1
    where id = ${sql.placeholder('id')}::uuid and ended_at is null and valid_from <= ${sql.placeholder('now')}::timestamptz and valid_until > ${sql.placeholder('now')}::timestamptz
      and (budget_vnd is null or spent_vnd + ${sql.placeholder('amountVnd')}::bigint <= budget_vnd) and (max_uses is null or uses < max_uses) returning id`,
);
/** Takes a use and its amount from what is left, in one statement; false when there is not as much left. */
export const takeUse = async (tx: Tx, id: VoucherId, amountVnd: Vnd, now: Date): Promise<boolean> =>
  (await take(tx, { id, amountVnd, now })).length === 1;

const ownUses = preparedSql<{ count: number }>(
  'voucher-own-uses',
  sql`select count(distinct group_id)::int as count from voucher_uses where voucher_id = ${sql.placeholder('id')}::uuid and customer = ${sql.placeholder('customer')} and released_at is null`,
);
export const countOwnUses = async (tx: Tx, id: VoucherId, customer: string): Promise<number> =>
  (await ownUses(tx, { id, customer }))[0]?.count ?? 0;

export const insertUses = (tx: Tx, rows: readonly (typeof voucherUses.$inferInsert)[]): Promise<void> =>
  insertTogether(tx, rowsOf(voucherUses, rows));

const lockUsed = preparedSql<{ id: VoucherId }>(
  'voucher-lock-used',
  sql`select id from vouchers where id in (select voucher_id from voucher_uses where order_id = any(${sql.placeholder('orderIds')}::uuid[])) order by id for update`,
);
/** Locks the vouchers of these orders, in order of their ids. */
export const lockVouchersOf = async (tx: Tx, orderIds: readonly OrderId[]): Promise<VoucherId[]> =>
  (await lockUsed(tx, { orderIds: [...orderIds] })).map(({ id }) => id);

/** Gives back what these orders took; a use ends with the last order of its group. What was given back before stays so. */
export async function releaseUses(tx: Tx, orderIds: readonly OrderId[], now: Date): Promise<void> {
  await tx.execute(sql`with freed as (
      update voucher_uses set released_at = ${now.toISOString()}::timestamptz where order_id = any(${sql.param([...orderIds])}::uuid[]) and released_at is null
      returning voucher_id, group_id, discount_vnd),
    sums as (select voucher_id, sum(discount_vnd) as amount, count(distinct group_id) filter (where not exists (
        select from voucher_uses o where o.voucher_id = freed.voucher_id and o.group_id = freed.group_id and o.released_at is null and o.order_id <> all(${sql.param([...orderIds])}::uuid[]))) as ended
      from freed group by voucher_id)
    update vouchers set spent_vnd = spent_vnd - sums.amount, uses = uses - sums.ended from sums where vouchers.id = sums.voucher_id`);
}

const gaveBack = (groupId: OrderGroupId) =>
  sql`(select voucher_id, sum(discount_vnd) as amount from voucher_uses where group_id = ${groupId} and released_at is not null group by voucher_id)`;

/** Takes again what a lapsed group had given back, all or nothing; false when one has not as much left. They are locked. */
export async function retakeUses(tx: Tx, groupId: OrderGroupId): Promise<boolean> {
  const { rows } = await tx.execute(sql`select v.id from vouchers v join ${gaveBack(groupId)} s on s.voucher_id = v.id
    where v.spent_vnd + s.amount > v.budget_vnd or v.uses >= v.max_uses`);
  if (rows.length > 0) return false;
  await tx.execute(
    sql`update vouchers set spent_vnd = spent_vnd + s.amount, uses = uses + 1 from ${gaveBack(groupId)} s where vouchers.id = s.voucher_id`,
  );
  await tx.update(voucherUses).set({ releasedAt: null }).where(eq(voucherUses.groupId, groupId));
  return true;
}

export async function insertVoucher(tx: Tx, row: typeof vouchers.$inferInsert): Promise<void> {
  await tx.insert(vouchers).values(row);
}

/** Ends a voucher, once; false when it had ended. */
export async function endVoucher(tx: Tx, id: VoucherId, now: Date): Promise<boolean> {
  const rows = await tx
    .update(vouchers)
    .set({ endedAt: now })
    .where(and(eq(vouchers.id, id), isNull(vouchers.endedAt)))
    .returning({ id: vouchers.id });
  return rows.length === 1;
}

/** Whose vouchers: those of the exchange, or of these businesses. */
const givenBy = (businessIds: readonly BusinessId[] | undefined) =>
  businessIds ? inArray(vouchers.businessId, [...businessIds]) : isNull(vouchers.businessId);

export async function findOwnVoucher(
  reader: Reader,
  id: VoucherId,
  businessIds: readonly BusinessId[] | undefined,
): Promise<Voucher | undefined> {
  const [row] = await reader
    .select()
    .from(vouchers)
    .where(and(eq(vouchers.id, id), givenBy(businessIds)));
  return row;
}

export const listVouchers = (reader: Reader, businessIds: readonly BusinessId[] | undefined): Promise<Voucher[]> =>
  reader
    .select()
    .from(vouchers)
    .where(givenBy(businessIds))
    .orderBy(desc(vouchers.createdAt), desc(vouchers.id))
    .limit(200);
