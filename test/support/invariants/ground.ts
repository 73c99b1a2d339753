import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** What must hold at any moment of what was promised to callers. */
export const promiseChecks: readonly Check[] = [
  {
    check: 'nothing that was acknowledged is lost: what a kept answer names is there',
    query: sql`with kept as (select key, body::jsonb as body from idempotency_keys where state = 'done' and status = 201)
      select key as subject, left(body::text, 80) as detail from kept
      where (body ? 'orders' and not exists (select from order_groups g where g.code = body ->> 'code'))
        or (body ? 'paymentId' and not exists (select from payments p where p.id = body ->> 'paymentId')
          and not exists (select from direct_payments p where p.id::text = body ->> 'paymentId'))`,
  },
];

/** What must hold once nothing runs any more and nobody was interrupted. */
export const quietChecks: readonly Check[] = [
  {
    check: 'every idempotency key has its answer',
    query: sql`select key as subject, format('%s, locked until %s', scope, locked_until) as detail from idempotency_keys where state = 'running'`,
  },
];

/** What must hold once the queued jobs have run: those that wait for a later time or for another try are explained. */
export const jobChecks: readonly Check[] = [
  {
    check: "no job waits whose time has come, and none is in nobody's hands",
    query: sql`select name as subject, format('%s %s since %s', count(*), state, min(start_after)) as detail from pgboss.job
      where name not like '\\_\\_%' and (state = 'active' or (state < 'active' and start_after <= now() and retry_count = 0)) group by name, state`,
  },
  {
    check: 'no job was given up',
    query: sql`select name as subject, format('%s: %s', id, left(output::text, 200)) as detail from pgboss.job where name not like '\\_\\_%' and state = 'failed'`,
  },
];

/** What must hold once the scheduled jobs have run at `now`: nothing stands still past its limit. */
export const stuckChecks = (now: Date): readonly Check[] => {
  const at = sql`${now.toISOString()}::timestamptz`;
  return [
    {
      check: 'no group waits for money past its time',
      query: sql`select code as subject, format('until %s', expires_at) as detail from order_groups where status = 'awaiting-payment' and expires_at <= ${at}`,
    },
    {
      check: 'no hold outlives its time',
      query: sql`select id::text as subject, format('until %s', expires_at) as detail from holds where status = 'held' and expires_at <= ${at}`,
    },
    {
      check: 'no paid order waits for its seller past the limit',
      query: sql`select code as subject, format('until %s', confirm_by) as detail from orders where status = 'placed' and confirm_by <= ${at}`,
    },
    {
      check: 'no payment waits past its time',
      query: sql`select code as subject, format('%s until %s', status, expires_at) as detail from payments where status in ('pending', 'underpaid') and expires_at <= ${at}`,
    },
    {
      check: 'no refund that a provider can send waits for an hour',
      query: sql`select r.cause as subject, format('%s since %s', r.status, r.created_at) as detail from refunds r join payments p on p.id = r.payment_id
        where r.status = 'queued' and p.provider_reference is not null and r.created_at <= ${at} - interval '61 minutes'`,
    },
  ];
};
