import { type SQL, sql } from 'drizzle-orm';
import { dayMs, localDate } from '#core/clock.ts';
import { vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { daysTo, withinOf } from './rules.ts';
import {
  type EndingPaper,
  type HandingOver,
  type LowShelf,
  type NewOrder,
  type Packing,
  type Some,
  type TodayScope,
  type Waiting,
  WITHIN_DAYS,
} from './types.ts';

/** What a screen of a phone is worth scrolling through; the rest stands on the page that each section leads to. */
const shown = 20;
const reviewsKeptDays = 30;
const lapsedKeptDays = 30;

const among = (businessIds: readonly BusinessId[]): SQL => sql`any(${sql.param([...businessIds])}::uuid[])`;
const instant = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;
const date = (at: Date | string | null): Date | null => (at === null ? null : new Date(at));
type Counted = { readonly total: number };
const some = <Row extends Counted, Item>(rows: readonly Row[], item: (row: Row) => Item): Some<Item> => ({
  count: rows[0]?.total ?? 0,
  items: rows.map(item),
});

/** Paid orders that nobody has confirmed, the one that lapses first at the top. */
export async function listToConfirm(reader: Reader, businessIds: readonly BusinessId[]): Promise<Some<NewOrder>> {
  const { rows } = await reader.execute<Omit<NewOrder, 'totalVnd'> & { totalVnd: string } & Counted>(sql`
    select o.code, o.business_name as "businessName", o.created_at as "createdAt", o.confirm_by as "confirmBy", o.total_vnd as "totalVnd",
      count(*) over ()::int as total,
      (select json_agg(json_build_object('name', l.name, 'label', l.label, 'quantity', l.quantity - l.cancelled_quantity) order by l.id)
        from order_lines l where l.order_id = o.id and l.quantity > l.cancelled_quantity) as lines
    from orders o where o.business_id = ${among(businessIds)} and o.status = 'placed' and o.payment_status <> 'unpaid'
    order by o.confirm_by nulls last, o.created_at, o.code limit ${shown}`);
  return some(rows, ({ total: _total, totalVnd, createdAt, confirmBy, lines, ...row }) => ({
    ...row,
    createdAt: new Date(createdAt),
    confirmBy: date(confirmBy),
    totalVnd: vnd(Number(totalVnd)),
    lines: lines ?? [],
  }));
}

/** Confirmed orders with pieces that are in no parcel. */
export async function sumPacking(reader: Reader, businessIds: readonly BusinessId[], now: Date): Promise<Packing> {
  const { rows } = await reader.execute<Packing>(sql`
    with open as (select o.id, o.send_by, l.quantity - l.cancelled_quantity - coalesce((select sum(sl.quantity) from shipment_lines sl
        join shipments s on s.id = sl.shipment_id where sl.line_id = l.id and s.state not in ('cancelled', 'lost_damaged', 'returned')), 0) as pieces
      from orders o join order_lines l on l.order_id = o.id
      where o.business_id = ${among(businessIds)} and o.status = 'confirmed' and o.fulfilment_status in ('none', 'packed'))
    select count(distinct id)::int as orders, coalesce(sum(pieces), 0)::int as pieces, min(send_by) as "sendBy",
      (count(distinct id) filter (where send_by < ${instant(now)}))::int as late from open where pieces > 0`);
  const [row] = rows;
  return row ? { ...row, sendBy: date(row.sendBy) } : { orders: 0, pieces: 0, late: 0, sendBy: null };
}

/** Parcels that are packed and still here. */
export async function sumHandingOver(
  reader: Reader,
  businessIds: readonly BusinessId[],
  now: Date,
): Promise<HandingOver> {
  const { rows } = await reader.execute<HandingOver>(sql`
    select count(*)::int as parcels, (count(*) filter (where b.state = 'booked'))::int as booked,
      (count(*) filter (where o.delivery_method = 'pickup'))::int as collected,
      (count(*) filter (where o.send_by < ${instant(now)}))::int as late
    from shipments s join orders o on o.id = s.order_id left join courier_bookings b on b.shipment_id = s.id
    where s.business_id = ${among(businessIds)} and s.state = 'created'`);
  return rows[0] ?? { parcels: 0, booked: 0, collected: 0, late: 0 };
}

/** What is low by the number that its business named, and what is for sale and sold out. */
export async function listLow(reader: Reader, businessIds: readonly BusinessId[]): Promise<Some<LowShelf>> {
  const { rows } = await reader.execute<LowShelf & Counted>(sql`
    select v.id as "variantId", p.name_vi as name, v.label, s.on_hand as "onHand", s.held, count(*) over ()::int as total
    from stock s join variants v on v.id = s.variant_id join products p on p.id = v.product_id
    where p.business_id = ${among(businessIds)} and p.status = 'listed' and v.active and (s.on_hand <= s.low_at or s.on_hand <= s.held)
    order by s.on_hand - s.held, p.name_vi, v.sku limit ${shown}`);
  return some(rows, ({ total: _total, ...row }) => row);
}

/** What somebody waits for a word on. A clock is shown only where the exchange keeps one. */
export async function listWaiting(
  reader: Reader,
  { businessIds, managedIds }: TodayScope,
  now: Date,
): Promise<Some<Waiting>> {
  const own = among(businessIds);
  const since = instant(new Date(now.getTime() - reviewsKeptDays * dayMs));
  const { rows } = await reader.execute<Waiting & Counted>(sql`
    select w.*, count(*) over ()::int as total from (
      select 'complaint' as kind, c.code as id, coalesce(o.code, p.name_vi, '') as about, c.created_at as since, c.due_at as "dueAt"
        from complaints c left join orders o on o.id = c.order_id left join products p on p.id = c.product_id
        where c.business_id = ${own} and c.state = 'open'
      union all select 'return', r.code, o.code, r.created_at, r.due_at from returns r join orders o on o.id = r.order_id
        where r.business_id = ${own} and r.state in ('requested', 'sent-back', 'received') and r.escalated_at is null
      union all select 'mend', s.product_id::text, s.product_name, s.decided_at, null from change_sets s
        where s.business_id = ${among(managedIds)} and s.status = 'changes-requested'
      union all select 'review', v.id::text, p.name_vi, v.created_at, null from reviews v join products p on p.id = v.product_id
        where v.business_id = ${own} and v.state = 'published' and v.reply is null and v.created_at > ${since}) w
    order by w."dueAt" nulls last, w.since, w.id limit ${shown}`);
  return some(rows, ({ total: _total, ...row }) => ({ ...row, since: new Date(row.since), dueAt: date(row.dueAt) }));
}

/** Papers and certificates that end within the widest distance, and those that ended and were not replaced. */
export async function listEnding(
  reader: Reader,
  businessIds: readonly BusinessId[],
  now: Date,
): Promise<Some<EndingPaper>> {
  const own = among(businessIds);
  const widest = new Date(now.getTime() + WITHIN_DAYS[0] * dayMs);
  const oldest = new Date(now.getTime() - lapsedKeptDays * dayMs);
  const { rows } = await reader.execute<Omit<EndingPaper, 'daysLeft' | 'within'> & Counted>(sql`
    select w.*, count(*) over ()::int as total from (
      select 'paper' as subject, a.kind, b.name, to_char(a.expires_on, 'YYYY-MM-DD') as "endsOn" from business_papers a join businesses b on b.id = a.business_id
        where a.business_id = ${own} and a.replaced_at is null and a.verdict <> 'refused' and a.expires_on <= ${localDate(widest)}::date
      union all
      select 'certificate', c.kind, p.name_vi, to_char((c.valid_until - interval '1 ms') at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD')
        from certificates c join products p on p.id = c.product_id
        where p.business_id = ${own} and p.status = 'listed' and c.status in ('verified', 'expired')
          and c.valid_until > ${instant(oldest)} and c.valid_until <= ${instant(widest)}
          and not exists (select from certificates n where n.product_id = c.product_id and n.kind = c.kind and n.id <> c.id
            and n.status in ('submitted', 'verified') and (n.valid_until is null or n.valid_until > c.valid_until))) w
    order by w."endsOn", w.subject, w.name limit ${shown}`);
  return some(rows, ({ total: _total, ...row }) => {
    const daysLeft = daysTo(row.endsOn, now);
    return { ...row, daysLeft, within: withinOf(daysLeft) };
  });
}
