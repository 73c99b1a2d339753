import { desc, lte, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { commissionRules, entries, journals } from './tables.ts';
import type { Journal } from './types.ts';

export async function findCommissionRule(reader: Reader, now: Date) {
  const [rule] = await reader
    .select()
    .from(commissionRules)
    .where(lte(commissionRules.validFrom, now))
    .orderBy(desc(commissionRules.validFrom), desc(commissionRules.id))
    .limit(1);
  return rule;
}

/** Writes journals whose keys are new; a key that is known is a fact already told. Returns the keys written. */
export async function insertJournals(tx: Tx, facts: readonly Journal[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const rows = facts.map(({ entries: _legs, ...journal }) => ({ ...journal, id: newId<'Journal'>() }));
  const written = await tx
    .insert(journals)
    .values(rows)
    .onConflictDoNothing({ target: journals.key })
    .returning({ id: journals.id, key: journals.key });
  const idByKey = new Map(written.map((row) => [row.key, row.id]));
  const legs = facts.flatMap(({ key, entries: given }) => {
    const journalId = idByKey.get(key);
    return journalId ? given.map((entry) => ({ id: newId<'Entry'>(), journalId, ...entry })) : [];
  });
  if (legs.length > 0) await tx.insert(entries).values(legs);
  return [...idByKey.keys()];
}

/** What does not add up, in the words of the check that found it. Empty when the books are in order. */
export type Finding = { readonly check: string; readonly subject: string; readonly detail: string };

const checks: readonly { readonly check: string; readonly query: ReturnType<typeof sql> }[] = [
  {
    check: 'every journal sums to zero with two entries or more',
    query: sql`select j.key as subject, format('sum %s over %s entries', coalesce(sum(e.amount_vnd), 0), count(e.id)) as detail
      from journals j left join entries e on e.journal_id = j.id group by j.id having coalesce(sum(e.amount_vnd), 0) <> 0 or count(e.id) < 2`,
  },
  {
    check: 'shares of a payment sum to its amount',
    query: sql`select p.code as subject, format('shares %s, amount %s', coalesce(sum(s.amount_vnd), 0), p.amount_vnd) as detail
      from payments p left join payment_shares s on s.payment_id = p.id group by p.id having coalesce(sum(s.amount_vnd), 0) <> p.amount_vnd`,
  },
  {
    check: 'orders of a group sum to its total',
    query: sql`select g.code as subject, format('orders %s, group %s', coalesce(sum(o.total_vnd), 0), g.total_vnd) as detail
      from order_groups g left join orders o on o.group_id = g.id group by g.id having coalesce(sum(o.total_vnd), 0) <> g.total_vnd`,
  },
  {
    check: 'every paid order has one sale in the books, and no other order has',
    query: sql`select o.code as subject, format('payment %s, %s sales', o.payment_status, count(j.id)) as detail
      from orders o left join journals j on j.key = 'sale:' || o.id group by o.id having (o.payment_status <> 'unpaid') <> (count(j.id) = 1)`,
  },
  {
    check: 'every đồng a payment received is in the books once',
    query: sql`select p.code as subject, format('received %s, journals %s', p.received_vnd, coalesce(sum(e.amount_vnd), 0)) as detail
      from payments p left join journals j on j.reference = p.id and j.kind = 'receipt' left join entries e on e.journal_id = j.id and e.account like 'clearing:%'
      group by p.id having p.received_vnd <> coalesce(sum(e.amount_vnd), 0)`,
  },
  {
    check: 'every refund that is queued or sent is owed in the books',
    query: sql`select r.cause as subject, format('refund %s, journals %s', r.amount_vnd, coalesce(-sum(e.amount_vnd), 0)) as detail
      from refunds r left join journals j on j.key = 'refund-due:' || r.cause left join entries e on e.journal_id = j.id and e.account = 'refunds-due'
      group by r.id having r.amount_vnd <> coalesce(-sum(e.amount_vnd), 0)`,
  },
  {
    check: 'held stock is the sum of live holds',
    query: sql`select s.variant_id::text as subject, format('held %s, holds %s', s.held, coalesce(sum(h.quantity), 0)) as detail
      from stock s left join holds h on h.variant_id = s.variant_id and h.status = 'held' group by s.variant_id having s.held <> coalesce(sum(h.quantity), 0)`,
  },
  {
    check: 'stock is the sum of its movements',
    query: sql`select s.variant_id::text as subject, format('on hand %s, movements %s', s.on_hand, coalesce(sum(m.change), 0)) as detail
      from stock s left join stock_movements m on m.variant_id = s.variant_id group by s.variant_id having s.on_hand <> coalesce(sum(m.change), 0)`,
  },
];

export async function verifyBooks(
  reader: Reader,
): Promise<{ readonly checks: string[]; readonly findings: Finding[]; readonly entryCount: number }> {
  const findings: Finding[] = [];
  for (const { check, query } of checks) {
    const { rows } = await reader.execute<{ subject: string; detail: string }>(sql`${query} limit 100`);
    findings.push(...rows.map((row) => ({ check, ...row })));
  }
  const { rows } = await reader.execute<{ count: number }>(sql`select count(*)::int as count from entries`);
  return { checks: checks.map((one) => one.check), findings, entryCount: rows[0]?.count ?? 0 };
}

export async function readBalances(reader: Reader): Promise<{ account: string; balanceVnd: number }[]> {
  const { rows } = await reader.execute<{ account: string; balanceVnd: string }>(
    sql`select account, sum(amount_vnd)::bigint as "balanceVnd" from entries group by account order by account`,
  );
  return rows.map((row) => ({ account: row.account, balanceVnd: Number(row.balanceVnd) }));
}
