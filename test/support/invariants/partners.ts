import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** What must hold of orders that partner exchanges sold, once the queued jobs have run. */
export const settledPartnerChecks: readonly Check[] = [
  {
    check: 'a partner exchange was told how each of its orders stands',
    query: sql`select g.code as subject, format('%s for %s, told %s', g.status, coalesce(g.partner_key, 'us'), p.document ->> 'state') as detail
      from partner_orders p join order_groups g on g.id = p.group_id
      where g.partner_key is distinct from p.partner_key or case g.status when 'awaiting-payment' then p.document ->> 'state' not in ('reserved', 'expired')
        when 'expired' then p.document ->> 'state' not in ('expired', 'cancelled') when 'cancelled' then p.document ->> 'state' <> 'cancelled'
        else p.document ->> 'state' not in ('confirmed', 'packed', 'shipped', 'delivered') end
      union all select g.code, 'no partner has it' from order_groups g where g.partner_key is not null and not exists (select from partner_orders p where p.group_id = g.id)`,
  },
];
