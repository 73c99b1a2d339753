import { sql } from 'drizzle-orm';
import { EVENT_FACTS, type OrderFacts } from '#features/orders/types.ts';
import type { Check } from './check.ts';
import { isPaid } from './stock.ts';

/** What each event makes of an order's facts, as rows. */
const factRows = sql.join(
  Object.entries<Partial<OrderFacts>>(EVENT_FACTS).map(
    ([type, { status = null, paymentStatus = null, fulfilmentStatus = null }]) =>
      sql`(${type}::text, ${status}::text, ${paymentStatus}::text, ${fulfilmentStatus}::text)`,
  ),
  sql`, `,
);

/** In the order in which they were written: ids carry the machine's time, `at` that of processes whose clocks may differ. */
const lastFirst = sql`left(e.id::text, 13) desc, e.at desc, e.id desc`;

/** What must hold of orders and their parcels at any moment. */
export const orderChecks: readonly Check[] = [
  {
    check: 'a paid group was completed once: one paid event an order',
    query: sql`select o.code as subject, format('%s events', count(e.id)) as detail from orders o join order_groups g on g.id = o.group_id
      left join order_events e on e.order_id = o.id and e.type in ('paid', 'paid-late') group by o.id, g.status having count(e.id) <> case when ${isPaid} then 1 else 0 end`,
  },
  {
    check: "an order's facts are what its events make of them",
    query: sql`with made as (select * from (values ${factRows}) as made (type, status, payment, fulfilment)),
      folded as (select e.order_id,
        (array_agg(m.status order by ${lastFirst}) filter (where m.status is not null))[1] as status,
        (array_agg(m.payment order by ${lastFirst}) filter (where m.payment is not null))[1] as payment,
        (array_agg(m.fulfilment order by ${lastFirst}) filter (where m.fulfilment is not null))[1] as fulfilment
        from order_events e left join made m on m.type = e.type group by e.order_id)
      select o.code as subject, format('is %s %s %s, events say %s %s %s', o.status, o.payment_status, o.fulfilment_status, f.status, f.payment, f.fulfilment) as detail
      from orders o left join folded f on f.order_id = o.id
      where (o.status, o.payment_status, o.fulfilment_status) is distinct from (f.status, f.payment, f.fulfilment)`,
  },
  {
    check: 'the log of steps ends where the order and its parcels are, and has no gap',
    query: sql`with steps as (select coalesce(shipment_id, order_id) as subject, fact, from_state, to_state,
        lead(from_state) over w as next, row_number() over w as step, row_number() over (partition by coalesce(shipment_id, order_id), fact order by seq desc) as back
        from order_transitions window w as (partition by coalesce(shipment_id, order_id), fact order by seq)),
      facts as (select id, 'status' as fact, status as now, 'awaiting-payment' as first from orders union all select id, 'payment', payment_status, 'unpaid' from orders
        union all select id, 'fulfilment', fulfilment_status, 'none' from orders union all select id, 'shipment', state, 'created' from shipments)
      select f.id::text as subject, format('%s is %s, the log says %s', f.fact, f.now, coalesce(s.to_state, f.first)) as detail
      from facts f left join steps s on s.subject = f.id and s.fact = f.fact and s.back = 1 where f.now <> coalesce(s.to_state, f.first)
      union all select s.subject::text, format('%s after %s', s.next, s.to_state) from steps s where s.next <> s.to_state
      union all select s.subject::text, format('begins at %s', s.from_state) from steps s join facts f on f.id = s.subject and f.fact = s.fact where s.step = 1 and s.from_state <> f.first`,
  },
  {
    check: 'no more pieces are in parcels than were bought and not called off',
    query: sql`select l.id::text as subject, format('%s in parcels, %s bought, %s called off', p.pieces, l.quantity, l.cancelled_quantity) as detail
      from order_lines l join (select sl.line_id, sum(sl.quantity) as pieces from shipment_lines sl join shipments s on s.id = sl.shipment_id
        where s.state not in ('cancelled', 'lost_damaged', 'returned') group by 1) p on p.line_id = l.id
      where p.pieces > l.quantity - l.cancelled_quantity`,
  },
  {
    check: 'an order is as far as its least advanced piece',
    query: sql`with stages as (select s.id, s.order_id, case when s.state = 'created' then 1 when s.state in ('delivered', 'cod_settled') then 3 else 2 end as stage,
        s.state not in ('cancelled', 'lost_damaged', 'returned') as holds, s.state = 'returned' as back from shipments s),
      lines as (select l.order_id, l.quantity - l.cancelled_quantity as wanted, l.returned_quantity,
        coalesce(sum(sl.quantity) filter (where s.holds), 0) as held, coalesce(sum(sl.quantity) filter (where s.back), 0) as back, min(s.stage) filter (where s.holds) as stage
        from order_lines l left join shipment_lines sl on sl.line_id = l.id left join stages s on s.id = sl.shipment_id group by l.id),
      reached as (select order_id, min(case when wanted <= 0 then null when returned_quantity >= wanted then 4 when held >= wanted then stage
        else least(stage, case when held + back >= wanted then 4 else 0 end) end) as stage from lines group by order_id)
      select o.code as subject, format('is %s, pieces say %s', o.fulfilment_status, r.stage) as detail from orders o join reached r on r.order_id = o.id
      where o.status <> 'cancelled' and r.stage is not null and o.fulfilment_status <> (array['none', 'packed', 'shipped', 'delivered', 'returned'])[r.stage + 1]`,
  },
  {
    check: 'every step that was taken is a legal one',
    query: sql`select coalesce(t.shipment_id, t.order_id)::text as subject, format('%s from %s to %s', t.fact, t.from_state, t.to_state) as detail
      from order_transitions t left join order_moves m on (m.fact, m.from_state, m.to_state) = (t.fact, t.from_state, t.to_state) where m.fact is null`,
  },
  {
    check: 'a group is what its orders make of it',
    query: sql`select g.code as subject, format('is %s, %s of %s orders called off', g.status, c.gone, c.count) as detail
      from order_groups g join (select group_id, count(*) as count, count(*) filter (where status = 'cancelled') as gone,
        count(*) filter (where status = 'awaiting-payment') as waiting from orders group by 1) c on c.group_id = g.id
      where g.status <> case when c.waiting = c.count then 'awaiting-payment' when g.paid_at is null and c.gone = c.count then 'expired'
        when c.gone = c.count then 'cancelled' when c.gone > 0 then 'partly-cancelled' else 'paid' end`,
  },
  {
    check: 'a cart that was ordered is one group, and a group is of one cart',
    query: sql`select coalesce(c.id, g.cart_id) as subject, format('cart says %s, group is %s', c.group_code, g.code) as detail
      from carts c full join order_groups g on g.cart_id = c.id
      where (g.id is not null and c.id is not null and c.group_code is distinct from g.code) or (c.status = 'ordered' and g.id is null)`,
  },
  {
    check: 'every code that people see is of one thing only',
    query: sql`select c.code as subject, format('%s, %s things', c.kind, count(x.code)) as detail
      from codes c join (select code from order_groups union all select code from orders union all select code from payments union all select code from direct_payments union all select code from shipments) x
        on x.code = c.code group by c.code having count(x.code) <> 1`,
  },
];
