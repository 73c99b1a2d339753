import { type SQL, sql } from 'drizzle-orm';
import { expect } from 'vitest';
import type { Db } from '#db/client.ts';
import { createLedger } from '#features/ledger/index.ts';
import { EVENT_FACTS, type OrderFacts } from '#features/orders/types.ts';
import type { Bank } from './providers/bank.ts';
import type { StripeSimulator } from './providers/stripe.ts';
import type { VnpaySimulator } from './providers/vnpay.ts';

export type Providers = { readonly bank?: Bank; readonly stripe?: StripeSimulator; readonly vnpay?: VnpaySimulator };
type Check = { readonly check: string; readonly query: SQL };

/** What each event makes of an order's facts, as rows. */
const factRows = sql.join(
  Object.entries<Partial<OrderFacts>>(EVENT_FACTS).map(
    ([type, { status = null, paymentStatus = null, fulfilmentStatus = null }]) =>
      sql`(${type}::text, ${status}::text, ${paymentStatus}::text, ${fulfilmentStatus}::text)`,
  ),
  sql`, `,
);

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
  {
    check: "an order's facts are what its events make of them",
    query: sql`with made as (select * from (values ${factRows}) as made (type, status, payment, fulfilment)),
      folded as (select e.order_id,
        (array_agg(m.status order by e.at desc, e.id desc) filter (where m.status is not null))[1] as status,
        (array_agg(m.payment order by e.at desc, e.id desc) filter (where m.payment is not null))[1] as payment,
        (array_agg(m.fulfilment order by e.at desc, e.id desc) filter (where m.fulfilment is not null))[1] as fulfilment
        from order_events e left join made m on m.type = e.type group by e.order_id)
      select o.code as subject, format('is %s %s %s, events say %s %s %s', o.status, o.payment_status, o.fulfilment_status, f.status, f.payment, f.fulfilment) as detail
      from orders o left join folded f on f.order_id = o.id
      where (o.status, o.payment_status, o.fulfilment_status) is distinct from (f.status, f.payment, f.fulfilment)`,
  },
  {
    check: 'the log of steps ends where the order and its parcels are, and has no gap',
    query: sql`with steps as (select coalesce(shipment_id, order_id) as subject, fact, from_state, to_state,
        lead(from_state) over w as next, row_number() over w as step, row_number() over (partition by coalesce(shipment_id, order_id), fact order by seq desc) as back
        from order_transitions window w as (partition by coalesce(shipment_id, order_id), fact order by seq)),
      facts as (select id, 'status' as fact, status as now, 'awaiting-payment' as first from orders union all select id, 'payment', payment_status, 'unpaid' from orders
        union all select id, 'fulfilment', fulfilment_status, 'none' from orders union all select id, 'shipment', state, 'created' from shipments)
      select f.id::text as subject, format('%s is %s, the log says %s', f.fact, f.now, coalesce(s.to_state, f.first)) as detail
      from facts f left join steps s on s.subject = f.id and s.fact = f.fact and s.back = 1 where f.now <> coalesce(s.to_state, f.first)
      union all select s.subject::text, format('%s after %s', s.next, s.to_state) from steps s where s.next <> s.to_state
      union all select s.subject::text, format('begins at %s', s.from_state) from steps s join facts f on f.id = s.subject and f.fact = s.fact where s.step = 1 and s.from_state <> f.first`,
  },
  {
    check: 'no more pieces are in parcels than were bought and not called off',
    query: sql`select l.id::text as subject, format('%s in parcels, %s bought, %s called off', p.pieces, l.quantity, l.cancelled_quantity) as detail
      from order_lines l join (select sl.line_id, sum(sl.quantity) as pieces from shipment_lines sl join shipments s on s.id = sl.shipment_id
        where s.state not in ('cancelled', 'lost_damaged', 'returned') group by 1) p on p.line_id = l.id
      where p.pieces > l.quantity - l.cancelled_quantity`,
  },
  {
    check: 'an order is as far as its least advanced piece',
    query: sql`with stages as (select s.id, s.order_id, case when s.state = 'created' then 1 when s.state in ('delivered', 'cod_settled') then 3 else 2 end as stage,
        s.state not in ('cancelled', 'lost_damaged', 'returned') as holds, s.state = 'returned' as back from shipments s),
      lines as (select l.order_id, l.quantity - l.cancelled_quantity as wanted, l.returned_quantity,
        coalesce(sum(sl.quantity) filter (where s.holds), 0) as held, coalesce(sum(sl.quantity) filter (where s.back), 0) as back, min(s.stage) filter (where s.holds) as stage
        from order_lines l left join shipment_lines sl on sl.line_id = l.id left join stages s on s.id = sl.shipment_id group by l.id),
      reached as (select order_id, min(case when wanted <= 0 then null when returned_quantity >= wanted then 4 when held >= wanted then stage
        else least(stage, case when held + back >= wanted then 4 else 0 end) end) as stage from lines group by order_id)
      select o.code as subject, format('is %s, pieces say %s', o.fulfilment_status, r.stage) as detail from orders o join reached r on r.order_id = o.id
      where o.status <> 'cancelled' and r.stage is not null and o.fulfilment_status <> (array['none', 'packed', 'shipped', 'delivered', 'returned'])[r.stage + 1]`,
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
export async function findFaults(db: Db, { bank, stripe, vnpay }: Providers = {}, quiet = true): Promise<string[]> {
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
  const back = ['refund-sent', 'refund-failed'];
  if (stripe) await compare('refunds by Stripe', 'clearing:stripe', back, -stripe.refundedVnd());
  if (stripe)
    await compare('disputes at Stripe', 'clearing:stripe', ['dispute-opened', 'dispute-won'], -stripe.disputedVnd());
  if (vnpay) await compare('money at VNPAY', 'clearing:vnpay', ['receipt'], vnpay.chargedVnd());
  if (vnpay) await compare('refunds by VNPAY', 'clearing:vnpay', back, -vnpay.refundedVnd());
  return faults;
}

/** Fails with every fault there is. `quiet` says that queued jobs have run. */
export async function expectSound(db: Db, providers: Providers = {}, quiet = true): Promise<void> {
  expect(await findFaults(db, providers, quiet)).toEqual([]);
}
