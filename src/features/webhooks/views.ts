import { sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import type { WebhookEvent } from './types.ts';

/** Something that happened to a business, as its own system may know it. */
export type Happening = {
  readonly cause: string;
  readonly businessId: Id<'Business'>;
  readonly type: WebhookEvent;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
};

const atOnce = 5_000;

/**
 * What happened to these businesses since `since`, read from the events that the changes wrote. The reader overlaps what
 * was read before: an event's time is its transaction's beginning, so one that committed late lies behind.
 */
export async function listHappenings(
  reader: Reader,
  businessIds: readonly Id<'Business'>[],
  since: Date,
): Promise<Happening[]> {
  const own = sql`(${sql.join(
    businessIds.map((id) => sql`${id}::uuid`),
    sql`, `,
  )})`;
  const { rows } = await reader.execute<Omit<Happening, 'at'> & { at: string }>(sql`
    with recent as (select id, type, payload, happened_at from events where happened_at >= ${since.toISOString()}::timestamptz
      and type in ('order-group.paid', 'order.changed', 'product.changed', 'certificate.changed'))
    select r.id || ':' || o.id as cause, o.business_id as "businessId", r.happened_at as at,
      case r.type when 'order-group.paid' then 'order.paid' else 'order.changed' end as type,
      jsonb_build_object('code', o.code, 'status', o.status, 'paymentStatus', o.payment_status,
        'fulfilmentStatus', o.fulfilment_status, 'totalVnd', o.total_vnd) as data
    from recent r join orders o on (r.type = 'order.changed' and o.id = (r.payload->>'orderId')::uuid)
      or (r.type = 'order-group.paid' and o.group_id = (r.payload->>'groupId')::uuid)
    where o.business_id in ${own}
    union all
    select r.id || ':' || p.id, p.business_id, r.happened_at, 'product.changed',
      jsonb_build_object('productId', p.id, 'sku', p.sku, 'status', p.status)
    from recent r join products p on r.type = 'product.changed' and p.id = (r.payload->>'productId')::uuid
    where p.business_id in ${own}
    union all
    select r.id || ':' || c.id, p.business_id, r.happened_at, 'certificate.changed',
      jsonb_build_object('code', c.code, 'productId', p.id, 'status', c.status)
    from recent r join certificates c on r.type = 'certificate.changed' and c.id = (r.payload->>'certificateId')::uuid
      join products p on p.id = c.product_id
    where p.business_id in ${own}
    order by 3 limit ${atOnce}`);
  return rows.map((row) => ({ ...row, at: new Date(row.at) }));
}
