import { sql } from 'drizzle-orm';
import type { Db } from '#db/client.ts';

/** What an operator is woken for: money that waits, jobs that pile up, a feed that one long transaction holds back from partners. */
export async function readings(db: Db): Promise<Readonly<Record<string, number>>> {
  const { rows } = await db.execute<Record<string, string | number>>(sql`select
    (select count(*) from orders where payment_status = 'paid')::int as orders_paid,
    (select count(*) from order_groups where status = 'awaiting-payment')::int as groups_awaiting_payment,
    (select count(*) from refunds where status = 'queued')::int as refunds_queued,
    (select count(*) from bank_transfers where state in ('unmatched', 'foreign-account'))::int as transfers_unmatched,
    (select count(*) from certificates where status = 'verified' and valid_until < now() + interval '30 days')::int as certificates_expiring_30_days,
    (select coalesce(extract(epoch from now() - min(at)), 0) from federation_changes
      where lane in ('catalogue', 'offer') and tx >= pg_snapshot_xmin(pg_current_snapshot()))::float as federation_feed_held_seconds,
    (select count(*) from pgboss.job where state < 'active' and start_after <= now())::int as jobs_waiting,
    (select coalesce(extract(epoch from now() - min(created_on)), 0) from pgboss.job where state < 'active' and start_after <= now())::float as jobs_oldest_seconds`);
  return Object.fromEntries(Object.entries(rows[0] ?? {}).map(([name, value]) => [name, Number(value)]));
}
