import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** What must hold of complaints at any moment. */
export const complaintChecks: readonly Check[] = [
  {
    // No state is come back to, so that the one which is not left is where the log ends, whatever order rows of one instant have.
    check: 'a complaint stands where its log ends',
    query: sql`select c.code as subject, format('is %s, its log ends at %s', c.state, l.ends) as detail
      from complaints c cross join lateral (select coalesce(string_agg(e.to_state, ', '), 'nothing') as ends from complaint_events e
        where e.complaint_id = c.id and e.to_state is not null
          and not exists (select from complaint_events n where n.complaint_id = c.id and n.from_state = e.to_state)) l
      where l.ends <> c.state`,
  },
  {
    check: 'what a complaint says went back is what its refunds sum to',
    query: sql`select c.code as subject, format('says %s, refunds %s', c.refund_vnd, r.back) as detail
      from complaints c cross join lateral (select coalesce(sum(f.amount_vnd), 0) as back from refunds f
        where f.cause like 'complaint:' || c.id || ':%' and f.order_id = c.order_id) r
      where c.refund_vnd <> r.back`,
  },
];
