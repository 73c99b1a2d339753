import { type SQL, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Db } from '#db/client.ts';
import { createLedger } from '#features/ledger/index.ts';
import type { Bank } from './providers/bank.ts';
import type { StripeSimulator } from './providers/stripe.ts';

export type Providers = { readonly bank?: Bank; readonly stripe?: StripeSimulator };
type Check = { readonly check: string; readonly query: SQL };

const isPaid = sql`g.status in ('paid', 'partly-cancelled', 'cancelled')`;

/** What must hold at any moment, whatever happened. Each query finds what breaks it. */
const always: readonly Check[] = [
  {
    check: 'stock is never negative and never held beyond what is there',
    query: sql`select variant_id::text as subject, format('%s on hand, %s held', on_hand, held) as detail from stock where on_hand < 0 or held < 0 or held > on_hand`,
  },
  {
    check: 'all entries sum to zero',
    query: sql`select 'entries' as subject, sum(amount_vnd)::text as detail from entries having sum(amount_vnd) <> 0`,
  },
  {
    check: 'a paid group took its goods from the shelf exactly once, an unpaid one not at all',
    query: sql`select g.code as subject, format('%s: ordered %s, claimed %s', g.status, l.quantity, coalesce(h.quantity, 0)) as detail
      from order_groups g
      join (select o.group_id, ol.variant_id, sum(ol.quantity) as quantity from orders o join order_lines ol on ol.order_id = o.id group by 1, 2) l on l.group_id = g.id
      left join (select reference, variant_id, sum(quantity) as quantity from holds where status = 'claimed' group by 1, 2) h
        on h.reference = g.id::text and h.variant_id = l.variant_id
      where coalesce(h.quantity, 0) <> case when ${isPaid} then l.quantity else 0 end`,
  },
  {
    check: 'a paid group was completed once: one paid event an order',
    query: sql`select o.code as subject, format('%s events', count(e.id)) as detail from orders o join order_groups g on g.id = o.group_id
      left join order_events e on e.order_id = o.id and e.type in ('paid', 'paid-late') group by o.id, g.status having count(e.id) <> case when ${isPaid} then 1 else 0 end`,
  },
];

/** What must hold once the queued jobs have run. */
const settled: readonly Check[] = [
  {
    check: 'no payment of a finished group still waits',
    query: sql`select p.code as subject, format('payment %s, group %s', p.status, g.status) as detail
      from payments p join order_groups g on g.id = p.group_id where p.status in ('pending', 'underpaid') and g.status <> 'awaiting-payment'`,
  },
];

/** The sum of one clearing account: debits of receipts, or credits of refunds that were sent. */
const moved = async (db: Db, account: string, kinds: readonly string[]): Promise<number> => {
  const { rows } = await db.execute<{ sum: string }>(
    sql`select coalesce(sum(e.amount_vnd), 0)::bigint as sum from entries e join journals j on j.id = e.journal_id where e.account = ${account} and j.kind = any(${sql.param([...kinds])}::text[])`,
  );
  return Number(rows[0]?.sum ?? 0);
};

/** Sentences on everything that is not as it must be; none when all is sound. */
export async function findFaults(db: Db, { bank, stripe }: Providers = {}, quiet = true): Promise<string[]> {
  const faults: string[] = [];
  for (const { check, query } of [...always, ...(quiet ? settled : [])]) {
    const { rows } = await db.execute<{ subject: string; detail: string }>(query);
    faults.push(...rows.map(({ subject, detail }) => `${check}: ${subject} (${detail})`));
  }
  const { findings } = await createLedger({ db, now: () => new Date() }).verify();
  faults.push(...findings.map(({ check, subject, detail }) => `ledger: ${check}: ${subject} (${detail})`));
  const compare = async (what: string, account: string, kinds: readonly string[], expected: number): Promise<void> => {
    const ours = await moved(db, account, kinds);
    if (ours !== expected) faults.push(`${what}: our books say ${ours}, the provider's say ${expected}`);
  };
  if (bank) await compare('money at the bank', 'clearing:bank', ['receipt', 'suspense'], bank.toldVnd());
  if (stripe) await compare('money at Stripe', 'clearing:stripe', ['receipt'], stripe.chargedVnd());
  if (stripe) await compare('refunds by Stripe', 'clearing:stripe', ['refund-sent'], -stripe.refundedVnd());
  return faults;
}

/** Fails with every fault there is. `quiet` says that queued jobs have run. */
export async function expectSound(db: Db, providers: Providers = {}, quiet = true): Promise<void> {
  expect(await findFaults(db, providers, quiet)).toEqual([]);
}
