import { eq, type SQL, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { TIME_ZONE } from '#core/clock.ts';
import type { Reader } from '#db/client.ts';
import { accounts } from '#features/identity/tables.ts';
import { periodicReports } from './tables.ts';
import { endingDays, endingLimit, type Figures, type Period } from './types.ts';

const later = alias(periodicReports, 'later');

/** A frozen report with the name of who froze it, as their account has it today; null once that was erased. */
export async function findReport(reader: Reader, number: string) {
  const [row] = await reader
    .select({ report: periodicReports, replacedBy: later.number, frozenByName: accounts.name })
    .from(periodicReports)
    .leftJoin(later, eq(later.replaces, periodicReports.number))
    .leftJoin(
      accounts,
      sql`'account:' || ${accounts.id}::text = ${periodicReports.frozenBy} and ${accounts.erasedAt} is null`,
    )
    .where(eq(periodicReports.number, number));
  return row && { ...row.report, replacedBy: row.replacedBy, frozenByName: row.frozenByName };
}

type Bounds = { readonly start: SQL; readonly end: SQL; readonly upTo: SQL };

/**
 * What the figures are made of. A sale is dated by the ledger, since that is where it became money; a sale that was paid to
 * the business itself by the event that says so, since the ledger may have nothing to say of it.
 */
const sources = ({ start, end, upTo }: Bounds): SQL => sql`
  sold as materialized (
    select o.id, o.group_id, o.business_id, o.settlement, o.subtotal_vnd, o.discount_vnd, o.shipping_vnd, o.total_vnd, o.vat_vnd, j.at
      from journals j join orders o on o.id = j.reference::uuid where j.kind = 'sale' and j.at >= ${start} and j.at < ${end}
    union all
    select o.id, o.group_id, o.business_id, o.settlement, o.subtotal_vnd, o.discount_vnd, o.shipping_vnd, o.total_vnd, o.vat_vnd, v.at
      from order_events v join orders o on o.id = v.order_id
      where v.type in ('paid', 'paid-late') and o.settlement = 'direct' and v.at >= ${start} and v.at < ${end}),
  given_back as materialized (
    select f.amount_vnd from journals j join refunds f on f.cause = substr(j.key, length('refund-due:') + 1)
      where j.kind = 'refund-due' and j.at >= ${start} and j.at < ${end} and f.order_id is not null),
  direct_back as (select f.amount_vnd from direct_refunds f where f.of_price and f.created_at >= ${start} and f.created_at < ${end}),
  seller as materialized (
    select b.id, b.type, b.name, b.ward_code, w.name as ward, coalesce(b.approved_at, b.created_at) as since,
        exists (select from business_measures m where m.business_id = b.id and m.kind = 'suspension' and m.applied_at < ${upTo} and (m.lifted_at is null or m.lifted_at >= ${upTo})) as suspended
      from businesses b left join wards w on w.code = b.ward_code
      where b.partner_key is null and b.status not in ('draft', 'submitted', 'rejected') and coalesce(b.approved_at, b.created_at) < ${upTo}
        and not exists (select from business_measures m where m.business_id = b.id and m.kind = 'closure' and m.applied_at < ${upTo} and (m.lifted_at is null or m.lifted_at >= ${upTo}))),
  verified as materialized (
    select c.* from certificates c join products p on p.id = c.product_id and p.partner_key is null
      where c.verified_at < ${upTo} and c.status in ('verified', 'expired', 'revoked') and c.revocation_cause is distinct from 'recorded-in-error'),
  holding as materialized (
    select * from verified where (valid_until is null or valid_until >= ${upTo}) and (revoked_at is null or revoked_at >= ${upTo})),
  starred as materialized (select product_id, max(star) as star from holding where kind = 'ocop' group by 1),
  product as materialized (
    select p.id, p.category_id, p.created_at, s.star, b.ward_code, b.ward
      from products p join seller b on b.id = p.business_id left join starred s on s.product_id = p.id
      where p.partner_key is null and p.status = 'listed' and p.created_at < ${upTo}),
  line as materialized (
    select p.category_id, coalesce(s.star, 0) as star, l.quantity, l.total_vnd - l.discount_vnd as goods_vnd
      from sold join order_lines l on l.order_id = sold.id join variants v on v.id = l.variant_id join products p on p.id = v.product_id
      left join starred s on s.product_id = p.id),
  paid as materialized (
    select sold.total_vnd, case when sold.settlement = 'collected' then
        (select p.method from payments p where p.group_id = sold.group_id and p.completed_at is not null)
        when (select bool_and(r.source = 'feed') from direct_payments d join direct_receipts r on r.payment_id = d.id where d.order_id = sold.id) then 'direct-feed'
        else 'direct-told' end as way from sold),
  legs as materialized (
    select j.kind, e.account, e.amount_vnd, exists (select from entries x where x.journal_id = j.id and x.account = 'payable') as of_business
      from journals j join entries e on e.journal_id = j.id where j.at >= ${start} and j.at < ${end})`;

const list = (query: SQL): SQL => sql`(select coalesce(json_agg(row_to_json(t)), '[]') from (${query}) t)`;
const one = (query: SQL): SQL => sql`(select row_to_json(t) from (${query}) t)`;
const stars = sql`count(*) filter (where star = 5) as star5, count(*) filter (where star = 4) as star4,
  count(*) filter (where star = 3) as star3, count(*) filter (where star is null) as unstarred`;
const balance = (what: SQL): SQL => sql`coalesce(sum(amount_vnd) filter (where ${what}), 0)`;
/** The kinds of journals in which so much of a commission or promotion is earned, or given back. */
const ofSales = sql`kind in ('sale', 'direct-sale', 'refund-due', 'direct-refund')`;

const parts = ({ start, end, upTo }: Bounds): Readonly<Record<keyof Figures, SQL>> => ({
  sellers:
    one(sql`select count(*) as registered, count(*) filter (where id in (select business_id from sold)) as selling,
      count(*) filter (where since >= ${start}) as joined, count(*) filter (where suspended) as suspended from seller`),
  sellersByType:
    list(sql`select type, count(*) as registered, count(*) filter (where id in (select business_id from sold)) as selling
      from seller group by type order by type collate "C"`),
  sellersByWard:
    list(sql`select ward_code as "wardCode", ward, count(*) as registered, count(*) filter (where id in (select business_id from sold)) as selling
      from seller group by 1, 2 order by 1`),
  products: one(
    sql`select count(*) as listed, count(*) filter (where created_at >= ${start}) as added, ${stars} from product`,
  ),
  productsByWard: list(sql`select ward_code as "wardCode", ward, ${stars} from product group by 1, 2 order by 1`),
  productsBySet: list(
    sql`select c.id as "setId", c.name_vi as set, ${stars} from product join categories c on c.id = category_id group by 1 order by 1`,
  ),
  sales:
    one(sql`select count(*) as orders, coalesce(sum(subtotal_vnd), 0) as "goodsVnd", coalesce(sum(discount_vnd), 0) as "discountVnd",
      coalesce(sum(shipping_vnd), 0) as "shippingVnd", coalesce(sum(total_vnd), 0) as "totalVnd", coalesce(sum(vat_vnd), 0) as "vatVnd",
      coalesce(sum(total_vnd) filter (where settlement = 'collected'), 0) as "collectedVnd",
      coalesce(sum(total_vnd) filter (where settlement = 'direct'), 0) as "directVnd",
      (select count(*) from given_back) + (select count(*) from direct_back) as refunds,
      coalesce((select sum(amount_vnd) from given_back), 0) as "refundedVnd", coalesce((select sum(amount_vnd) from direct_back), 0) as "directRefundedVnd" from sold`),
  salesByMonth: list(
    sql`select to_char(at at time zone ${sql.raw(`'${TIME_ZONE}'`)}, 'YYYY-MM') as month, count(*) as orders, sum(total_vnd) as "totalVnd" from sold group by 1 order by 1`,
  ),
  salesByWard:
    list(sql`select b.ward_code as "wardCode", w.name as ward, count(distinct b.id) as sellers, count(*) as orders, sum(sold.total_vnd) as "totalVnd"
      from sold join businesses b on b.id = sold.business_id left join wards w on w.code = b.ward_code group by 1, 2 order by 1`),
  salesBySet:
    list(sql`select c.id as "setId", c.name_vi as set, sum(line.quantity) as pieces, sum(line.goods_vnd) as "goodsVnd"
      from line join categories c on c.id = line.category_id group by 1 order by 1`),
  salesByStar: list(
    sql`select star, sum(quantity) as pieces, sum(goods_vnd) as "goodsVnd" from line group by 1 order by 1 desc`,
  ),
  payments: list(
    sql`select way, count(*) as orders, sum(total_vnd) as "totalVnd" from paid group by 1 order by way collate "C"`,
  ),
  complaints: one(sql`select count(*) filter (where created_at >= ${start} and created_at < ${end}) as filed,
      count(*) filter (where ended_at >= ${start} and ended_at < ${end}) as ended,
      count(*) filter (where ended_at is null or ended_at >= ${upTo}) as open,
      round(avg(extract(epoch from ended_at - created_at)) filter (where ended_at >= ${start} and ended_at < ${end}) / 60)::int as "meanMinutes",
      round(max(extract(epoch from ended_at - created_at)) filter (where ended_at >= ${start} and ended_at < ${end}) / 60)::int as "longestMinutes"
      from complaints where created_at < ${upTo}`),
  complaintsByKind:
    list(sql`select kind, count(*) filter (where created_at >= ${start}) as filed, count(*) filter (where ended_at >= ${start} and ended_at < ${end}) as ended
      from complaints where created_at < ${end} and (created_at >= ${start} or ended_at >= ${start} and ended_at < ${end}) group by kind order by kind collate "C"`),
  certificates: list(sql`select k.kind, (select count(*) from holding h where h.kind = k.kind) as holding,
      count(*) filter (where k.verified_at >= ${start}) as verified,
      count(*) filter (where k.valid_until >= ${start} and k.valid_until < ${upTo} and k.valid_until > k.verified_at and (k.revoked_at is null or k.revoked_at > k.valid_until)) as lapsed,
      count(*) filter (where k.revoked_at >= ${start} and k.revoked_at < ${upTo}) as revoked,
      (select count(*) from holding h where h.kind = k.kind and h.valid_until < ${upTo} + ${sql.raw(`interval '${endingDays} days'`)}) as ending
      from verified k group by k.kind order by k.kind collate "C"`),
  endingCertificates:
    list(sql`select h.code, h.kind, h.star, p.name_vi as product, b.name as business, w.name as ward, h.decision_number as "decisionNumber",
      to_char((h.valid_until - interval '1 millisecond') at time zone ${sql.raw(`'${TIME_ZONE}'`)}, 'YYYY-MM-DD') as "lastDay"
      from holding h join products p on p.id = h.product_id join businesses b on b.id = p.business_id left join wards w on w.code = b.ward_code
      where h.valid_until < ${upTo} + ${sql.raw(`interval '${endingDays} days'`)} order by h.valid_until, h.code limit ${sql.raw(String(endingLimit))}`),
  books: one(sql`select ${balance(sql`kind = 'sale' and account = 'deposits'`)} as "saleVnd",
      -${balance(sql`kind = 'refund-due' and account = 'refunds-due' and of_business`)} as "refundVnd",
      -${balance(sql`${ofSales} and account = 'commission'`)} as "commissionVnd", -${balance(sql`${ofSales} and account = 'commission-vat'`)} as "commissionVatVnd",
      ${balance(sql`${ofSales} and account = 'promotion'`)} as "promotionVnd",
      -${balance(sql`kind = 'tax' and account = 'withheld-vat'`)} as "withheldVatVnd", -${balance(sql`kind = 'tax' and account = 'withheld-pit'`)} as "withheldPitVnd",
      ${balance(sql`kind = 'payout-paid' and account = 'payouts-due'`)} as "paidOutVnd",
      ${balance(sql`kind = 'leg-sold' and account = 'exchange-deposits'`)} as "exchangeGoodsVnd" from legs`),
});

/**
 * All figures of a period by one statement, and so of one moment: what is sold or decided meanwhile is in all of them or in
 * none. `now` ends a period that still runs.
 */
export async function readFigures(reader: Reader, { startsAt, endsAt }: Period, now: Date): Promise<Figures> {
  const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;
  const bounds = { start: instant(startsAt), end: instant(endsAt), upTo: instant(now < endsAt ? now : endsAt) };
  const columns = Object.entries(parts(bounds)).map(([name, part]) => sql`${part} as ${sql.identifier(name)}`);
  const { rows } = await reader.execute<Figures>(sql`with ${sources(bounds)} select ${sql.join(columns, sql`, `)}`);
  const [figures] = rows;
  if (!figures) throw new Error('A statement of aggregates gave no row');
  return figures;
}
