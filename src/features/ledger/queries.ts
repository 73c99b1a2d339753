import { sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { preparedSql, type Reader, type Tx } from '#db/client.ts';
import { insertOf, valuesOf } from '#db/insert-rows.ts';
import { legChecks } from './queries/legs.ts';
import { entries, journals } from './tables.ts';
import type { Account, Journal, PieceSums } from './types.ts';

const journalKeys = ['id', 'key', 'kind', 'reference', 'at'];
const entryKeys = ['id', 'journalId', 'account', 'businessId', 'amountVnd'];
const told = preparedSql<{ key: string }>(
  'journals',
  sql`with told as (${insertOf({ table: journals, keys: journalKeys }, 'journals')}
      on conflict (key) do nothing returning id, key),
    legs as (${insertOf({ table: entries, keys: entryKeys }, 'entries')} join told on told.id = given.journal_id)
    select key from told`,
);

/** Writes journals whose keys are new; a key that is known is a fact already told. Returns the keys written. */
export async function insertJournals(tx: Tx, facts: readonly Journal[]): Promise<string[]> {
  if (facts.length === 0) return [];
  const rows = facts.map(({ entries: legs, ...journal }) => ({
    journal: { ...journal, id: newId<'Journal'>() },
    legs,
  }));
  const legs = rows.flatMap(({ journal, legs: own }) =>
    own.map((entry) => ({ id: newId<'Entry'>(), journalId: journal.id, ...entry })),
  );
  const written = await told(tx, {
    ...valuesOf({ table: journals, keys: journalKeys, rows: rows.map((row) => row.journal) }, 'journals'),
    ...valuesOf({ table: entries, keys: entryKeys, rows: legs }, 'entries'),
  });
  return written.map((row) => row.key);
}

/** What of an order's promotion and fee its refunds have taken back. The caller holds the lock under which they are made. */
export async function sumTakenBack(tx: Tx, orderId: string): Promise<PieceSums> {
  const { rows } = await tx.execute<{ account: string; sum: string }>(
    sql`select e.account, sum(e.amount_vnd) as sum from journals j join entries e on e.journal_id = j.id
      where j.reference = ${orderId} and j.kind in ('refund-due', 'direct-refund') group by e.account`,
  );
  const sums = new Map(rows.map(({ account, sum }) => [account, Number(sum)]));
  const of = (account: Account): number => sums.get(account) ?? 0;
  return {
    promotionVnd: vnd(0 - of('promotion')),
    commissionVnd: vnd(of('commission')),
    commissionVatVnd: vnd(of('commission-vat')),
  };
}

/** What does not add up, in the words of the check that found it. Empty when the books are in order. */
export type Finding = { readonly check: string; readonly subject: string; readonly detail: string };

const checks: readonly { readonly check: string; readonly query: ReturnType<typeof sql> }[] = [
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
      from orders o left join journals j on j.key = 'sale:' || o.id
        and j.kind = case o.settlement when 'direct' then 'direct-sale' else 'sale' end group by o.id
      -- Of what was paid to a business itself there is nothing to write where nothing is taken or added.
      having (o.payment_status <> 'unpaid' and (o.settlement = 'collected' or o.commission_vnd + o.commission_vat_vnd + o.promotion_vnd > 0)) <> (count(j.id) = 1)`,
  },
  {
    check: 'every đồng a payment received is in the books once',
    query: sql`select p.code as subject, format('received %s, journals %s', p.received_vnd, coalesce(sum(e.amount_vnd), 0)) as detail
      from payments p left join journals j on j.reference = p.id and j.kind in ('receipt', 'match') left join entries e on e.journal_id = j.id and e.amount_vnd > 0
      group by p.id having p.received_vnd <> coalesce(sum(e.amount_vnd), 0)`,
  },
  {
    check: 'what is in suspense is what transfers brought that nobody has claimed',
    query: sql`select 'suspense' as subject, format('books %s, transfers %s', b.books, t.open) as detail
      from (select coalesce(-sum(amount_vnd), 0) as books from entries where account = 'suspense') b,
        (select coalesce(sum(amount_vnd), 0) as open from bank_transfers where state = 'unmatched') t where b.books <> t.open`,
  },
  {
    check: 'every refund that is queued or sent is owed in the books',
    query: sql`select r.cause as subject, format('refund %s, journals %s', r.amount_vnd, coalesce(-sum(e.amount_vnd), 0)) as detail
      from refunds r left join journals j on j.key = 'refund-due:' || r.cause left join entries e on e.journal_id = j.id and e.account = 'refunds-due'
      group by r.id having r.amount_vnd <> coalesce(-sum(e.amount_vnd), 0)`,
  },
  {
    check: 'what a group received is its price, a part that waits for the rest, or goes back',
    query: sql`select g.code as subject, format('%s: received %s, back %s, price %s', g.status, r.received, b.back, g.total_vnd) as detail
      from order_groups g
      cross join lateral (select coalesce(sum(p.received_vnd), 0) as received, bool_or(p.status = 'underpaid') as waits from payments p where p.group_id = g.id) r
      cross join lateral (select coalesce(sum(f.amount_vnd), 0) as back from refunds f join payments p on p.id = f.payment_id where p.group_id = g.id and f.order_id is null) b
      cross join lateral (select coalesce(sum(o.total_vnd), 0) as price from orders o where o.group_id = g.id and o.settlement = 'collected') c
      where case when g.paid_at is not null then r.received - b.back <> c.price
        when r.waits then r.received - b.back not between 1 and c.price - 1 else r.received <> b.back end`,
  },
  {
    check: 'refunds of an order are what its share says, and its payment status says so',
    query: sql`select o.code as subject, format('%s: refunds %s, share %s of %s', o.payment_status, b.back, coalesce(s.refunded_vnd, 0), coalesce(s.amount_vnd, 0)) as detail
      from orders o
      left join (select s.* from payment_shares s join payments p on p.id = s.payment_id where p.completed_at is not null) s on s.order_id = o.id
      cross join lateral (select coalesce(sum(f.amount_vnd), 0) as back from refunds f where f.order_id = o.id) b
      where o.settlement = 'collected' and (b.back <> coalesce(s.refunded_vnd, 0) or o.payment_status <> case when s.order_id is null then 'unpaid'
        when s.refunded_vnd = 0 then 'paid' when s.refunded_vnd < s.amount_vnd then 'part-refunded' else 'refunded' end)`,
  },
  {
    check: 'no payment gives back more than it received',
    query: sql`select p.code as subject, format('received %s, back %s', p.received_vnd, sum(f.amount_vnd)) as detail
      from payments p join refunds f on f.payment_id = p.id group by p.id having sum(f.amount_vnd) > p.received_vnd`,
  },
  {
    check: 'every transfer to our account is in the books once',
    query: sql`select t.provider_tx_id as subject, format('%s, %s journals', t.state, count(j.id)) as detail
      from bank_transfers t left join journals j on j.key in ('receipt:' || t.provider || ':' || t.provider_tx_id, 'suspense:' || t.provider || ':' || t.provider_tx_id)
      group by t.id having count(j.id) <> case when t.state in ('outgoing', 'foreign-account', 'reversal', 'refund', 'direct') then 0 else 1 end`,
  },
  {
    check: 'what providers passed on is in the books as the files that two officers looked at',
    query: sql`select p.provider as subject, format('books %s, files %s', p.books, p.files) as detail
      from (select s.provider, coalesce((select -sum(e.amount_vnd) from journals j join entries e on e.journal_id = j.id and e.account = 'clearing:' || s.provider where j.kind = 'provider-payout'), 0) as books,
          coalesce((select sum(l.gross_vnd) from provider_settlement_lines l join provider_settlements f on f.id = l.settlement_id where f.provider = s.provider
            and exists (select from provider_settled_lines k where k.settlement_id = f.id)), 0) as files
        from (values ('stripe'), ('vnpay')) s (provider)) p where p.books <> p.files`,
  },
  {
    check: 'a refund is sent in the books exactly if it was sent',
    query: sql`select r.cause as subject, format('%s of %s, sent %s in the books', r.status, r.amount_vnd, b.sent) as detail
      from refunds r cross join lateral (select coalesce(sum(e.amount_vnd), 0) as sent from journals j join entries e on e.journal_id = j.id and e.account = 'refunds-due'
        where j.reference = r.cause and j.kind in ('refund-sent', 'refund-failed')) b
      where b.sent <> case when r.status in ('sent', 'confirmed') then r.amount_vnd else 0 end`,
  },
  ...legChecks,
  {
    check: 'what a partner exchange owes is what it confirmed, less what went back',
    query: sql`select coalesce(b.account, o.account) as subject, format('books %s, orders %s', coalesce(b.books, 0), coalesce(o.owed, 0)) as detail
      from (select account, sum(amount_vnd) as books from entries where account like 'receivable:%' group by account) b
      full join (select 'receivable:' || g.partner_key as account, sum(o.total_vnd - coalesce(r.back, 0)) as owed
        from order_groups g join orders o on o.group_id = g.id left join (select order_id, sum(amount_vnd) as back from refunds where order_id is not null group by 1) r on r.order_id = o.id
        where g.partner_key is not null and g.paid_at is not null group by g.partner_key) o on o.account = b.account
      where coalesce(b.books, 0) <> coalesce(o.owed, 0)`,
  },
  {
    check: 'a group that a partner exchange sold is paid by it, and by nobody else',
    query: sql`select g.code as subject, format('sold by %s, paid by %s', coalesce(g.partner_key, 'us'), coalesce(p.partner_key, p.method)) as detail
      from order_groups g join payments p on p.group_id = g.id where p.partner_key is distinct from g.partner_key`,
  },
  {
    check: 'what is disputed in the books is what open disputes claim',
    query: sql`select 'disputed' as subject, format('books %s, open disputes %s', b.books, d.open) as detail
      from (select coalesce(sum(amount_vnd), 0) as books from entries where account = 'disputed') b,
        (select coalesce(sum(amount_vnd), 0) as open from disputes where status in ('open', 'answered')) d where b.books <> d.open`,
  },
  {
    check: 'the lines of an order sum to it: goods, discount, VAT and fee',
    query: sql`select o.code as subject, format('goods %s of %s, discount %s of %s, promotion %s of %s, VAT %s of %s, fee %s of %s, its VAT %s of %s',
        l.goods, o.subtotal_vnd, l.discount, o.discount_vnd, l.promotion, o.promotion_vnd, l.vat, o.vat_vnd, l.fee, o.commission_vnd, l.fee_vat, o.commission_vat_vnd) as detail
      from orders o cross join lateral (select coalesce(sum(total_vnd), 0) as goods, coalesce(sum(discount_vnd), 0) as discount, coalesce(sum(promotion_vnd), 0) as promotion,
        coalesce(sum(vat_vnd), 0) as vat, coalesce(sum(commission_vnd), 0) as fee, coalesce(sum(commission_vat_vnd), 0) as fee_vat from order_lines where order_id = o.id) l
      where (l.goods, l.discount, l.promotion, l.vat, l.fee, l.fee_vat) is distinct from
        (o.subtotal_vnd, o.discount_vnd, o.promotion_vnd, o.vat_vnd, o.commission_vnd, o.commission_vat_vnd)`,
  },
  {
    check: 'what a voucher has spent is what its live uses took, each within an order that says so',
    query: sql`select coalesce(v.code, v.name) as subject, format('spent %s, uses %s: %s in %s groups', v.spent_vnd, v.uses, u.amount, u.groups) as detail
      from vouchers v cross join lateral (select coalesce(sum(discount_vnd), 0) as amount, count(distinct group_id) as groups from voucher_uses where voucher_id = v.id and released_at is null) u
      where v.spent_vnd <> u.amount or v.uses <> u.groups
      union all select o.code, format('discount %s of %s, promotion %s of %s', u.discount, o.discount_vnd, u.promotion, o.promotion_vnd)
      from orders o join order_groups g on g.id = o.group_id cross join lateral (select coalesce(sum(discount_vnd), 0) as discount, coalesce(sum(promotion_vnd), 0) as promotion from voucher_uses where order_id = o.id) u
      where g.bundle_id is null and (u.discount <> o.discount_vnd or u.promotion <> o.promotion_vnd)`,
  },
  {
    check: 'the parts of gift boxes sum to what the boxes cost',
    query: sql`select g.code as subject, format('parts %s, %s boxes at %s', o.parts, g.bundle_quantity, b.price_vnd) as detail
      from order_groups g join bundles b on b.id = g.bundle_id cross join lateral (select sum(subtotal_vnd) as goods, sum(subtotal_vnd - discount_vnd) as parts from orders where group_id = g.id) o
      where o.parts <> least(o.goods, b.price_vnd * g.bundle_quantity)`,
  },
  {
    check: 'a sale journal says what the order says: total, promotion, commission and its VAT',
    query: sql`select o.code as subject, format('deposits %s of %s, promotion %s of %s, commission %s of %s, VAT %s of %s', d.deposits, o.total_vnd, d.promotion, o.promotion_vnd, d.commission, o.commission_vnd, d.vat, o.commission_vat_vnd) as detail
      from orders o join journals j on j.key = 'sale:' || o.id cross join lateral (select
        coalesce(sum(e.amount_vnd) filter (where e.account = 'deposits'), 0) as deposits,
        coalesce(sum(e.amount_vnd) filter (where e.account = 'promotion'), 0) as promotion,
        coalesce(-sum(e.amount_vnd) filter (where e.account = 'commission'), 0) as commission,
        coalesce(-sum(e.amount_vnd) filter (where e.account = 'commission-vat'), 0) as vat
        from entries e where e.journal_id = j.id) d
      where d.deposits <> case o.settlement when 'direct' then 0 else o.total_vnd end or d.promotion <> o.promotion_vnd or d.commission <> o.commission_vnd or d.vat <> o.commission_vat_vnd`,
  },
  {
    check: 'a group is paid exactly if its orders are',
    query: sql`select g.code as subject, format('%s, %s of %s orders unpaid', g.status, count(*) filter (where o.payment_status = 'unpaid'), count(*)) as detail
      from order_groups g join orders o on o.group_id = g.id group by g.id
      having (g.status in ('paid', 'partly-cancelled', 'cancelled')) <> (count(*) filter (where o.payment_status = 'unpaid') = 0)
        or (g.status in ('paid', 'partly-cancelled', 'cancelled')) <> (g.paid_at is not null)`,
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

export const checkNames: readonly string[] = checks.map(({ check }) => check);

/** What orders, payments and stock say, compared with each other and with the books. Each check is one statement. */
export async function findFaults(reader: Reader): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { check, query } of checks) {
    const { rows } = await reader.execute<{ subject: string; detail: string }>(sql`${query} limit 100`);
    findings.push(...rows.map((row) => ({ check, ...row })));
  }
  return findings;
}

/** Links journals of ids from `since` on that are not linked yet, and carries balances forward; how many. */
export async function sealJournals(tx: Tx, since: string, most: number): Promise<number> {
  const { rows } = await tx.execute<{ done: number }>(sql`select seal_journals(${since}::uuid, ${most}::int) as done`);
  return rows[0]?.done ?? 0;
}

export async function rebuildBalances(tx: Tx): Promise<void> {
  await tx.execute(sql`select rebuild_balances()`);
}
