import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** Whether a group took its money: its goods have left the shelf then. */
export const isPaid = sql`g.status in ('paid', 'partly-cancelled', 'cancelled')`;

const linesOfGroups = sql`select o.group_id, ol.variant_id, sum(ol.quantity) as quantity from orders o join order_lines ol on ol.order_id = o.id group by 1, 2`;

/** What must hold of shelves at any moment. */
export const stockChecks: readonly Check[] = [
  {
    check: 'stock is never negative and never held beyond what is there',
    query: sql`select variant_id::text as subject, format('%s on hand, %s held', on_hand, held) as detail from stock where on_hand < 0 or held < 0 or held > on_hand`,
  },
  {
    check: 'a paid group took its goods from the shelf exactly once, an unpaid one not at all',
    query: sql`select g.code as subject, format('%s: ordered %s, claimed %s', g.status, l.quantity, coalesce(h.quantity, 0)) as detail
      from order_groups g
      join (${linesOfGroups}) l on l.group_id = g.id
      left join (select reference, variant_id, sum(quantity) as quantity from holds where status = 'claimed' group by 1, 2) h
        on h.reference = g.id::text and h.variant_id = l.variant_id
      where coalesce(h.quantity, 0) <> case when ${isPaid} then l.quantity else 0 end`,
  },
  {
    check: 'a group that waits for its money holds all its goods, until its time is over',
    query: sql`select g.code as subject, format('ordered %s, held %s', l.quantity, coalesce(h.held, 0)) as detail
      from order_groups g
      join (${linesOfGroups}) l on l.group_id = g.id
      left join (select reference, variant_id, coalesce(sum(quantity) filter (where status = 'held'), 0) as held,
          coalesce(sum(quantity) filter (where status = 'released' and ended_at >= expires_at), 0) as lapsed from holds group by 1, 2) h
        on h.reference = g.id::text and h.variant_id = l.variant_id
      where g.status = 'awaiting-payment' and coalesce(h.held, 0) + coalesce(h.lapsed, 0) <> l.quantity`,
  },
  {
    check: 'nothing is held for a group that does not wait for its money',
    query: sql`select g.code as subject, format('%s, holds %s', g.status, sum(h.quantity)) as detail
      from order_groups g join holds h on h.reference = g.id::text and h.status = 'held'
      where g.status <> 'awaiting-payment' group by g.id`,
  },
  {
    check: 'a hold of a checkout is of a group',
    query: sql`select h.id::text as subject, format('%s for %s', h.status, h.reference) as detail
      from holds h left join order_groups g on g.id::text = h.reference where h.source = 'checkout' and g.id is null`,
  },
  {
    check: 'what was sold left the shelf in the journal, once',
    query: sql`select coalesce(h.reference, m.reference) as subject, format('claimed %s, journal %s', coalesce(h.quantity, 0), coalesce(-m.change, 0)) as detail
      from (select reference, variant_id, sum(quantity) as quantity from holds where status = 'claimed' group by 1, 2) h
      full join (select reference, variant_id, sum(change) as change from stock_movements where reason = 'sale' group by 1, 2) m
        on m.reference = h.reference and m.variant_id = h.variant_id
      where coalesce(h.quantity, 0) <> coalesce(-m.change, 0)`,
  },
  {
    check: 'no more pieces of an order came back to the shelf than were bought',
    query: sql`select o.code as subject, format('bought %s, back on the shelf %s', l.quantity, m.change) as detail
      from orders o
      join (select order_id, variant_id, sum(quantity) as quantity from order_lines group by 1, 2) l on l.order_id = o.id
      join (select reference, variant_id, sum(change) as change from stock_movements where reason = 'return' group by 1, 2) m
        on m.reference = o.id::text and m.variant_id = l.variant_id
      where m.change > l.quantity`,
  },
  {
    check: 'what is in parcels or was lost left the shelf before',
    query: sql`select l.id::text as subject, format('%s taken, %s in parcels, %s lost', l.quantity + l.extra_quantity, p.held, p.lost) as detail
      from order_lines l join (select sl.line_id, sum(sl.quantity) filter (where s.state not in ('cancelled', 'lost_damaged', 'returned')) as held,
          sum(sl.quantity) filter (where s.state = 'lost_damaged') as lost from shipment_lines sl join shipments s on s.id = sl.shipment_id group by 1) p on p.line_id = l.id
      where l.quantity + l.extra_quantity < coalesce(p.held, 0) + coalesce(p.lost, 0)`,
  },
  {
    check: 'an order that was paid and called off gave all its pieces back to the shelf, lost ones apart',
    query: sql`select o.code as subject, format('bought %s, lost %s, back on the shelf %s', l.quantity, l.lost, coalesce(m.change, 0)) as detail
      from orders o
      join (select ol.order_id, ol.variant_id, ol.quantity - ol.returned_quantity as quantity, coalesce((select sum(sl.quantity) from shipment_lines sl
          join shipments s on s.id = sl.shipment_id where sl.line_id = ol.id and s.state = 'lost_damaged'), 0) as lost from order_lines ol) l on l.order_id = o.id
      left join (select reference, variant_id, sum(change) as change from stock_movements where reason = 'return' group by 1, 2) m
        on m.reference = o.id::text and m.variant_id = l.variant_id
      where o.status = 'cancelled' and o.payment_status <> 'unpaid' and coalesce(m.change, 0) < l.quantity - l.lost`,
  },
];
