import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** What must hold of the register of partner exchanges at any moment. */
export const registryChecks: readonly Check[] = [
  {
    check: 'a partner stands where the log of its steps ends',
    query: sql`select p.key as subject, format('is %s, the log ends at %s', p.state, coalesce(last.to_state, 'nothing')) as detail
      from partners p left join lateral (select to_state from partner_transitions t where t.partner_key = p.key order by t.seq desc limit 1) last on true
      where p.state <> coalesce(last.to_state, 'inactive')`,
  },
  {
    check: 'every step of a partner is a legal one, from where the one before ended',
    query: sql`select partner_key as subject, format('%s → %s after %s', from_state, to_state, before) as detail
      from (select t.*, coalesce(lag(to_state) over (partition by partner_key order by seq), 'inactive') as before from partner_transitions t) t
      where from_state <> before or not exists (select from partner_moves m where m.from_state = t.from_state and m.to_state = t.to_state)`,
  },
  {
    check: 'nobody lets a partner in alone',
    query: sql`select partner_key as subject, format('proposed and approved by %s', proposed_by) as detail
      from partner_promotions where outcome = 'approved' and decided_by = proposed_by`,
  },
  {
    check: 'a revoked key speaks for nobody',
    query: sql`select p.key as subject, format('is %s with a revoked key', p.state) as detail from partners p
      where p.state not in ('suspended', 'retired', 'inactive', 'invited') and p.keyid in (select keyid from partner_revoked_keys)
      union all select p.key, 'is to be followed by a revoked key' from partners p where p.next_keyid in (select keyid from partner_revoked_keys)`,
  },
  {
    check: 'a partner that ended, or was never invited, may do nothing',
    query: sql`select p.key as subject, format('is %s and may %s', p.state, g.verb) as detail
      from partners p join partner_grants g on g.partner_key = p.key where p.state in ('inactive', 'retired')`,
  },
  {
    check: 'a code is used once, by a partner that has moved on',
    query: sql`select p.key as subject, 'used its code and is still invited' as detail from partners p
      join lateral (select redeemed_at from partner_invitations i where i.partner_key = p.key order by created_at desc, id desc limit 1) last on true
      where p.state = 'invited' and last.redeemed_at is not null`,
  },
];

/** What must hold besides once the queued jobs have run. */
export const settledRegistryChecks: readonly Check[] = [
  {
    check: 'a partner that is shut out is shown nowhere',
    query: sql`select p.key as subject, format('is %s, %s listed', p.state, count(*)) as detail from partners p join products pr on pr.partner_key = p.key
      where p.state not in ('probation', 'active') and pr.status = 'listed' group by p.key, p.state
      union all select p.key, format('is %s, %s in search', p.state, count(*)) from partners p join search_documents d on d.partner = p.key and not d.removed
      where p.state not in ('probation', 'active') group by p.key, p.state`,
  },
];
