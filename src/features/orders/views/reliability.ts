import { sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Reliability } from '../types.ts';

const days = 90;

/**
 * How reliable a business was with the orders of the last 90 days. An order counts once it is decided: a step that may still
 * be taken in time is neither good nor bad, and what a shopper called off before it is nobody's fault.
 */
export async function readReliability(reader: Reader, businessId: BusinessId, now: Date): Promise<Reliability> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const { rows } = await reader.execute<{
    orders: number;
    confirmed: number;
    confirmable: number;
    sent: number;
    sendable: number;
    cancelled: number;
  }>(sql`
    with own as (select o.confirm_by, o.send_by, t.confirmed_at, t.sent_at, c.by from orders o
      cross join lateral (select min(s.at) filter (where s.fact = 'status' and s.to_state = 'confirmed') as confirmed_at,
        min(s.at) filter (where s.fact = 'fulfilment' and s.to_state in ('shipped', 'delivered')) as sent_at
        from order_transitions s where s.order_id = o.id) t
      left join lateral (select e.detail ->> 'by' as by from order_events e where e.order_id = o.id and e.type = 'cancelled' limit 1) c on true
      where o.business_id = ${businessId} and o.confirm_by is not null and o.created_at > ${at} - ${days} * interval '1 day')
    select count(*)::int as orders,
      count(*) filter (where confirmed_at <= confirm_by)::int as confirmed,
      count(*) filter (where confirmed_at is not null or by in ('seller', 'deadline') or (confirm_by <= ${at} and by is null))::int as confirmable,
      count(*) filter (where sent_at <= send_by and by is null)::int as sent,
      count(*) filter (where send_by is not null and by is null and (sent_at is not null or send_by <= ${at}))::int as sendable,
      count(*) filter (where by in ('seller', 'deadline'))::int as cancelled
    from own`);
  const [row] = rows;
  if (!row) throw new Error('A count has no row');
  return {
    days,
    orders: row.orders,
    confirmedInTime: { count: row.confirmed, of: row.confirmable },
    sentInTime: { count: row.sent, of: row.sendable },
    cancelledBySeller: { count: row.cancelled, of: row.orders },
  };
}
