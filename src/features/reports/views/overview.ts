import { type SQL, sql } from 'drizzle-orm';
import { TIME_ZONE } from '#core/clock.ts';
import type { Reader } from '#db/client.ts';

/** How far back the overview looks for sales, and for how long money was on its way. */
export const overviewDays = 30;
export const lagDays = 7;
/** Sellers without orders are named up to so many; their number is counted in full. */
const idleLimit = 20;

/** What officers ask of the exchange every morning, in whole numbers. */
export type Overview = {
  readonly orders: number;
  readonly totalVnd: number;
  /** Of `totalVnd` what a bank, a provider or a partner exchange confirmed. */
  readonly cashlessVnd: number;
  readonly unconfirmed: number;
  readonly unsent: number;
  readonly listed: number;
  readonly pendingChanges: number;
  readonly endingCertificates: number;
  readonly sellers: number;
  readonly idleSellers: number;
  readonly idle: readonly { readonly slug: string; readonly name: string; readonly ward: string | null }[];
  readonly days: readonly { readonly day: string; readonly orders: number; readonly totalVnd: number }[];
  readonly wards: readonly { readonly ward: string | null; readonly orders: number; readonly totalVnd: number }[];
  /** Seconds from a transfer at the bank to our knowing of it; null where none came with its time. */
  readonly lag: {
    readonly transfers: number;
    readonly medianSeconds: number | null;
    readonly longestSeconds: number | null;
  };
};

/**
 * Sales as the reports count them. Ranges of time are found by the BRIN indexes of journals and events, so that a view costs what
 * the last month holds, whatever came before.
 */
const sold = (since: SQL): SQL => sql`sold as materialized (
    select o.id, o.group_id, o.business_id, o.settlement, o.total_vnd, o.status, o.fulfilment_status, o.confirm_by, o.send_by, j.at
      from journals j join orders o on o.id = j.reference::uuid where j.kind = 'sale' and j.at >= ${since}
    union all
    select o.id, o.group_id, o.business_id, o.settlement, o.total_vnd, o.status, o.fulfilment_status, o.confirm_by, o.send_by, v.at
      from order_events v join orders o on o.id = v.order_id where v.type in ('paid', 'paid-late') and o.settlement = 'direct' and v.at >= ${since}),
  seller as materialized (
    select b.id, b.slug, b.name, w.name as ward, not exists (select from sold where sold.business_id = b.id) as idle
      from businesses b left join wards w on w.code = b.ward_code where b.partner_key is null and b.status = 'approved')`;

const list = (query: SQL): SQL => sql`(select coalesce(json_agg(row_to_json(t)), '[]') from (${query}) t)`;

/** Everything that the overview shows, by one statement. */
export async function readOverview(reader: Reader, now: Date): Promise<Overview> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const back = (days: number): SQL => sql`(${at} - ${sql.raw(`interval '${days} days'`)})`;
  const { rows } = await reader.execute<Overview>(sql`with ${sold(back(overviewDays))} select
    (select count(*)::int from sold) as orders,
    (select coalesce(sum(total_vnd), 0)::float8 from sold) as "totalVnd",
    (select coalesce(sum(total_vnd), 0)::float8 from sold where settlement = 'collected' or
      (select bool_and(r.source = 'feed') from direct_payments d join direct_receipts r on r.payment_id = d.id where d.order_id = sold.id)) as "cashlessVnd",
    (select count(*)::int from sold where status = 'placed' and confirm_by < ${at}) as unconfirmed,
    (select count(*)::int from sold where status = 'confirmed' and fulfilment_status in ('none', 'packed') and send_by < ${at}) as unsent,
    (select count(*)::int from products p join seller on seller.id = p.business_id where p.status = 'listed' and p.partner_key is null) as listed,
    (select count(*)::int from review_items where queue = 'changes' and settled_at is null) as "pendingChanges",
    (select count(*)::int from certificates where status = 'verified' and valid_until >= ${at} and valid_until < ${at} + ${sql.raw(`interval '${overviewDays} days'`)}) as "endingCertificates",
    (select count(*)::int from seller) as sellers,
    (select count(*)::int from seller where idle) as "idleSellers",
    ${list(sql`select slug, name, ward from seller where idle order by name, slug limit ${sql.raw(String(idleLimit))}`)} as idle,
    ${list(sql`select to_char(d.day, 'YYYY-MM-DD') as day, count(sold.id) as orders, coalesce(sum(sold.total_vnd), 0) as "totalVnd"
      from generate_series((${back(overviewDays - 1)} at time zone ${sql.raw(`'${TIME_ZONE}'`)})::date, (${at} at time zone ${sql.raw(`'${TIME_ZONE}'`)})::date, interval '1 day') d(day)
      left join sold on (sold.at at time zone ${sql.raw(`'${TIME_ZONE}'`)})::date = d.day group by 1 order by 1`)} as days,
    ${list(sql`select w.name as ward, count(*) as orders, sum(sold.total_vnd) as "totalVnd" from sold join businesses b on b.id = sold.business_id
      left join wards w on w.code = b.ward_code group by 1 order by 3 desc, 1`)} as wards,
    (select row_to_json(t) from (select count(*) as transfers, percentile_disc(0.5) within group (order by seconds) as "medianSeconds", max(seconds) as "longestSeconds"
      from (select greatest(0, round(extract(epoch from received_at - happened_at)))::int as seconds from bank_transfers
        where received_at >= ${back(lagDays)} and direction = 'in' and happened_at is not null) told) t) as lag`);
  const [overview] = rows;
  if (!overview) throw new Error('A statement of aggregates gave no row');
  return overview;
}
