import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';

/** Journals by which earnings leave the business's account or come back to it; all others make or take earnings. */
const isPaying = sql`j.kind in ('payout', 'payout-failed', 'payout-returned')`;
/** Sums of one payout in the books, by how it went. */
const inBooks = sql`(select
    coalesce(sum(e.amount_vnd) filter (where j.kind = 'payout' and e.account = 'payable' and e.business_id = p.business_id), 0) as approved,
    coalesce(-sum(e.amount_vnd) filter (where j.kind = 'payout-paid' and e.account = 'clearing:bank'), 0) as paid,
    coalesce(-sum(e.amount_vnd) filter (where j.kind in ('payout-failed', 'payout-returned') and e.account = 'payable' and e.business_id = p.business_id), 0) as back
    from journals j join entries e on e.journal_id = j.id where j.reference = p.id::text and j.kind in ('payout', 'payout-paid', 'payout-failed', 'payout-returned'))`;

/** What must hold at any moment of what is paid out to businesses. */
const payoutChecks: readonly Check[] = [
  {
    check: 'a payout is the sum of its items, all of its own business',
    query: sql`select p.code as subject, format('%s, items %s, %s of others', p.amount_vnd, coalesce(sum(i.amount_vnd), 0), count(*) filter (where i.business_id <> p.business_id)) as detail
      from payouts p left join payout_items i on i.payout_id = p.id group by p.id
      having p.amount_vnd <> coalesce(sum(i.amount_vnd), 0) or count(*) filter (where i.business_id <> p.business_id) > 0`,
  },
  {
    check: 'a run is the sum of its payouts, and as far as they are',
    query: sql`select r.number as subject, format('%s with %s of %s, payouts %s of %s: %s', r.status, r.payout_count, r.total_vnd, count(p.id), coalesce(sum(p.amount_vnd), 0), string_agg(distinct p.status, ' ')) as detail
      from payout_runs r left join payouts p on p.run_id = r.id group by r.id
      having r.payout_count <> count(p.id) or r.total_vnd <> coalesce(sum(p.amount_vnd), 0) or not case r.status
        when 'abandoned' then bool_and(p.status = 'abandoned') when 'approved' then bool_or(p.status = 'approved')
        when 'closed' then bool_and(p.status in ('paid', 'failed', 'returned')) else bool_and(p.status = 'planned') end`,
  },
  {
    check: 'nothing is paid out beyond what it earned: no earning is in two payouts',
    query: sql`with paid as (select i.business_id, i.reference, sum(i.amount_vnd) as amount from payout_items i join payouts p on p.id = i.payout_id
        where p.status in ('planned', 'approved', 'paid') group by 1, 2),
      steps as (select e.business_id, j.reference, j.id, -sum(e.amount_vnd) as amount from entries e join journals j on j.id = e.journal_id
        where e.account = 'payable' and not (${isPaying}) group by 1, 2, 3),
      sums as (select business_id, reference, sum(amount) over (partition by business_id, reference order by id) as reached from steps),
      most as (select business_id, reference, max(reached) as most from sums group by 1, 2)
      select p.reference as subject, format('payouts hold %s, it earned %s at the most', p.amount, coalesce(m.most, 0)) as detail
      from paid p left join most m on m.business_id = p.business_id and m.reference = p.reference where p.amount > greatest(0, coalesce(m.most, 0))`,
  },
  {
    check: 'a payout is in the books exactly as far as it went',
    query: sql`select p.code as subject, format('%s of %s, books: approved %s, paid %s, back %s', p.status, p.amount_vnd, b.approved, b.paid, b.back) as detail
      from payouts p cross join lateral ${inBooks} b
      where (b.approved, b.paid, b.back) is distinct from (case when p.status in ('planned', 'abandoned') then 0 else p.amount_vnd end,
        case when p.status in ('paid', 'returned') then p.amount_vnd else 0 end,
        case when p.status in ('failed', 'returned') then p.amount_vnd else 0 end)`,
  },
  {
    check: 'what is on its way to businesses is in payouts that have not ended',
    query: sql`select 'payouts-due' as subject, format('books %s, payouts %s', b.books, p.open) as detail
      from (select coalesce(-sum(amount_vnd), 0) as books from entries where account = 'payouts-due') b,
        (select coalesce(sum(amount_vnd), 0) as open from payouts where status = 'approved') p where b.books <> p.open`,
  },
  {
    check: 'what a business is owed is what it earned, less what was paid out',
    query: sql`with books as (select e.business_id, -sum(e.amount_vnd) as owed, -sum(e.amount_vnd) filter (where not (${isPaying})) as earned
        from entries e join journals j on j.id = e.journal_id where e.account = 'payable' group by 1),
      paid as (select business_id, sum(amount_vnd) as paid from payouts where status in ('approved', 'paid') group by 1)
      select coalesce(b.business_id, p.business_id)::text as subject, format('owed %s, earned %s, paid out %s', b.owed, b.earned, p.paid) as detail
      from books b full join paid p on p.business_id = b.business_id where coalesce(b.owed, 0) <> coalesce(b.earned, 0) - coalesce(p.paid, 0)`,
  },
  {
    check: 'a closed month is the sum of its journals, after the month before it',
    query: sql`with sums as (select s.id, s.number, s.opening_vnd, s.closing_vnd, s.line_count, count(distinct l.journal_id) as lines, coalesce(-sum(e.amount_vnd), 0) as net,
        lag(s.closing_vnd) over (partition by s.business_id order by s.month) as before
        from statements s left join statement_lines l on l.statement_id = s.id
        left join entries e on e.journal_id = l.journal_id and e.account = 'payable' and e.business_id = s.business_id group by s.id)
      select number as subject, format('from %s to %s in %s lines; journals %s in %s lines, before it %s', opening_vnd, closing_vnd, line_count, net, lines, before) as detail
      from sums where closing_vnd <> opening_vnd + net or line_count <> lines or opening_vnd <> coalesce(before, opening_vnd)`,
  },
];

/** What must hold at any moment of withheld tax. */
const taxChecks: readonly Check[] = [
  {
    check: 'withheld tax in the books is what the rows of tax say, step by step',
    query: sql`with rows as (select 'tax:' || order_id || ':' || step as key, case kind when 'withheld' then 1 else -1 end * vat_vnd as vat, case kind when 'withheld' then 1 else -1 end * pit_vnd as pit, business_id from tax_entries),
      books as (select j.key, coalesce(-sum(e.amount_vnd) filter (where e.account = 'withheld-vat'), 0) as vat, coalesce(-sum(e.amount_vnd) filter (where e.account = 'withheld-pit'), 0) as pit,
        coalesce(sum(e.amount_vnd) filter (where e.account = 'payable'), 0) as owed, (array_agg(e.business_id) filter (where e.account = 'payable'))[1] as business_id
        from journals j join entries e on e.journal_id = j.id where j.kind = 'tax' group by 1)
      select coalesce(r.key, b.key) as subject, format('rows %s and %s, books %s and %s', r.vat, r.pit, b.vat, b.pit) as detail
      from rows r full join books b on b.key = r.key
      where (coalesce(r.vat, 0), coalesce(r.pit, 0)) is distinct from (coalesce(b.vat, 0), coalesce(b.pit, 0))
        or coalesce(b.owed, 0) <> coalesce(b.vat, 0) + coalesce(b.pit, 0) or (b.owed <> 0 and b.business_id is distinct from r.business_id)`,
  },
  {
    check: 'no more tax is offset than was withheld, in steps without a gap',
    query: sql`select o.code as subject, format('left: revenue %s, VAT %s, PIT %s; %s steps to %s', t.revenue, t.vat, t.pit, t.steps, t.last) as detail
      from orders o join (select order_id, sum(s * (goods_vnd + services_vnd)) as revenue, sum(s * taxable_vnd) as taxable, sum(s * vat_vnd) as vat, sum(s * pit_vnd) as pit, count(*) as steps, max(step) as last
        from (select *, case kind when 'withheld' then 1 else -1 end as s from tax_entries) e group by 1) t on t.order_id = o.id
      where least(t.revenue, t.taxable, t.vat, t.pit) < 0 or t.last <> t.steps - 1`,
  },
];

/** What must hold at any moment of what shoppers give back. */
const returnChecks: readonly Check[] = [
  {
    check: 'pieces count as returned once their return was refunded, and not before',
    query: sql`select l.id::text as subject, format('%s returned, %s in refunded returns, %s bought, %s called off', l.returned_quantity, coalesce(r.pieces, 0), l.quantity, l.cancelled_quantity) as detail
      from order_lines l left join (select rl.line_id, sum(rl.quantity) as pieces from return_lines rl join returns r on r.id = rl.return_id where r.state = 'refunded' group by 1) r on r.line_id = l.id
      where l.returned_quantity <> coalesce(r.pieces, 0) or l.returned_quantity > l.quantity - l.cancelled_quantity`,
  },
  {
    check: 'no more pieces are in returns than reached the shopper',
    query: sql`with back as (select rl.line_id, sum(rl.quantity) as pieces from return_lines rl join returns r on r.id = rl.return_id where r.state not in ('withdrawn', 'lapsed') group by 1),
      there as (select sl.line_id, sum(sl.quantity) as pieces from shipment_lines sl join shipments s on s.id = sl.shipment_id where s.state in ('delivered', 'cod_settled') group by 1)
      select b.line_id::text as subject, format('%s in returns, %s delivered', b.pieces, coalesce(t.pieces, 0)) as detail
      from back b left join there t on t.line_id = b.line_id where b.pieces > coalesce(t.pieces, 0)`,
  },
  {
    check: 'a return gives its money back once it ends so, and only then',
    query: sql`select r.code as subject, format('%s with %s, refund of %s', r.state, r.refund_vnd, f.amount_vnd) as detail
      from returns r left join (select cause, amount_vnd from refunds union all select cause, amount_vnd from direct_refunds) f on f.cause = 'returned:' || r.id
      where coalesce(f.amount_vnd, 0) <> case when r.state = 'refunded' then coalesce(r.refund_vnd, -1) else 0 end`,
  },
];

export const settlementChecks: readonly Check[] = [...payoutChecks, ...taxChecks, ...returnChecks];

/** What must hold once the queued jobs have run: tax is reckoned a moment behind. */
export const settledTaxChecks: readonly Check[] = [
  {
    check: 'of an order whose price went back whole no tax is left',
    query: sql`select o.code as subject, format('left: revenue %s, VAT %s, PIT %s', t.revenue, t.vat, t.pit) as detail
      from orders o join (select order_id, sum(s * (goods_vnd + services_vnd)) as revenue, sum(s * vat_vnd) as vat, sum(s * pit_vnd) as pit
        from (select *, case kind when 'withheld' then 1 else -1 end as s from tax_entries) e group by 1) t on t.order_id = o.id
      where o.payment_status = 'refunded' and (t.revenue, t.vat, t.pit) is distinct from (0, 0, 0)`,
  },
];
