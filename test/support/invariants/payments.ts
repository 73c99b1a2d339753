import { sql } from 'drizzle-orm';
import type { Check } from './check.ts';
import { isPaid } from './stock.ts';

const balanceOf = (account: string) =>
  sql`(select coalesce(-sum(amount_vnd), 0) from entries where account = ${account})`;

/** What must hold of money at any moment, beside what `ledger:verify` proves. */
export const paymentChecks: readonly Check[] = [
  {
    check: 'all entries sum to zero',
    query: sql`select 'entries' as subject, sum(amount_vnd)::text as detail from entries having sum(amount_vnd) <> 0`,
  },
  {
    check: 'a paid group was paid by exactly one payment, and no other group by any',
    query: sql`select g.code as subject, format('%s, paid by %s payments', g.status, count(p.id)) as detail
      from order_groups g left join payments p on p.group_id = g.id and p.completed_at is not null
      group by g.id having count(p.id) <> case when ${isPaid} and exists (select from orders o where o.group_id = g.id and o.settlement = 'collected') then 1 else 0 end`,
  },
  {
    check: 'each order has in each payment of its group the share that it costs',
    query: sql`select p.code as subject, format('order %s costs %s, share %s', o.code, o.total_vnd, s.amount_vnd) as detail
      from payments p join orders o on o.group_id = p.group_id and o.settlement = 'collected'
      left join payment_shares s on s.payment_id = p.id and s.order_id = o.id
      where s.amount_vnd is distinct from o.total_vnd`,
  },
  {
    check: 'a share is of an order of the group that is paid',
    query: sql`select p.code as subject, format('pays for %s', o.code) as detail
      from payment_shares s join payments p on p.id = s.payment_id join orders o on o.id = s.order_id where o.group_id <> p.group_id or o.settlement = 'direct'`,
  },
  {
    check: 'a refund of an order goes back by the payment that paid for it',
    query: sql`select r.cause as subject, format('order %s, payment %s', o.code, p.code) as detail
      from refunds r join orders o on o.id = r.order_id join payments p on p.id = r.payment_id
      where p.group_id <> o.group_id or p.completed_at is null`,
  },
  {
    check: 'deposits hold exactly what waits: money of groups that are not paid, less what goes back of it',
    query: sql`select 'deposits' as subject, format('books %s, payments %s', ${balanceOf('deposits')}, w.waiting) as detail
      from (select coalesce(sum(p.received_vnd - coalesce(b.back, 0) - case when p.completed_at is not null then p.amount_vnd else 0 end), 0) as waiting
        from payments p left join (select payment_id, sum(amount_vnd) as back from refunds where order_id is null group by 1) b on b.payment_id = p.id) w
      where w.waiting <> ${balanceOf('deposits')}`,
  },
  {
    check: 'what is owed to shoppers in the books is what was not sent yet',
    query: sql`select 'refunds-due' as subject, format('books %s, refunds %s', ${balanceOf('refunds-due')}, r.open) as detail
      from (select coalesce(sum(amount_vnd), 0) as open from refunds where status not in ('sent', 'confirmed')) r where r.open <> ${balanceOf('refunds-due')}`,
  },
  {
    check: 'money that nobody has claimed is in the books as such',
    query: sql`select 'suspense' as subject, format('books %s, transfers %s', ${balanceOf('suspense')}, t.open) as detail
      from (select coalesce(sum(amount_vnd), 0) as open from bank_transfers where state = 'unmatched') t where t.open <> ${balanceOf('suspense')}`,
  },
  {
    check: 'what a business is owed is its sales, less what went back of them',
    query: sql`with sold as (select o.business_id, sum(case o.settlement when 'direct' then 0 else o.total_vnd end + o.promotion_vnd - o.commission_vnd - o.commission_vat_vnd) as due
        from orders o where o.payment_status <> 'unpaid' group by 1),
      booked as (select business_id, -sum(amount_vnd) as due from entries e join journals j on j.id = e.journal_id
        where e.account = 'payable' and j.kind in ('sale', 'direct-sale') group by 1)
      select coalesce(s.business_id, b.business_id)::text as subject, format('orders %s, books %s', s.due, b.due) as detail
      from sold s full join booked b on b.business_id = s.business_id where coalesce(s.due, 0) <> coalesce(b.due, 0)`,
  },
  {
    check: 'an order whose price went back whole leaves nothing with the business or the exchange',
    query: sql`select o.code as subject, string_agg(format('%s %s', l.account, l.amount), ', ') as detail
      from orders o join lateral (select e.account, sum(e.amount_vnd) as amount from journals j join entries e on e.journal_id = j.id
        where j.reference = o.id::text and j.kind in ('sale', 'refund-due', 'direct-sale', 'direct-refund') and e.account in ('payable', 'commission', 'commission-vat', 'promotion') group by 1) l on l.amount <> 0
      where o.payment_status = 'refunded' group by o.id`,
  },
];

/** What must hold of money that businesses are paid themselves: the exchange keeps what was said, and nothing of it. */
export const directChecks: readonly Check[] = [
  {
    check: 'of an order that is paid to its business the books hold the fee and what the exchange adds, and no money',
    query: sql`select o.code as subject, string_agg(format('%s %s', e.account, e.amount_vnd), ', ') as detail
      from orders o join journals j on j.reference = o.id::text join entries e on e.journal_id = j.id
      where o.settlement = 'direct' and (j.kind in ('sale', 'refund-due') or e.account like 'clearing:%' or e.account in ('deposits', 'refunds-due', 'suspense')) group by o.id`,
  },
  {
    check: 'what a business received is what it and its bank have said',
    query: sql`select p.code as subject, format('%s: received %s, said %s', p.status, p.received_vnd, r.said) as detail
      from direct_payments p cross join lateral (select coalesce(sum(amount_vnd), 0) as said from direct_receipts where payment_id = p.id and source <> 'confirmation') r
      where p.received_vnd <> r.said`,
  },
  {
    check: 'what was said to be received of a business is the price of a sale, a part that waits, or owed back',
    query: sql`select p.code as subject, format('%s: received %s, owed back %s, price %s', p.status, p.received_vnd, b.back, p.amount_vnd) as detail
      from direct_payments p cross join lateral (select coalesce(sum(amount_vnd), 0) as back from direct_refunds where payment_id = p.id and not of_price) b
      where p.received_vnd - b.back <> case p.status when 'paid' then p.amount_vnd when 'underpaid' then p.received_vnd else 0 end`,
  },
  {
    check: 'an order that is paid to its business is paid exactly if the business has its price',
    query: sql`select o.code as subject, format('%s, part %s', o.payment_status, p.status) as detail
      from orders o join order_groups g on g.id = o.group_id left join direct_payments p on p.order_id = o.id
      where o.settlement = 'direct' and (${isPaid}) and p.status is distinct from 'paid'`,
  },
  {
    check: 'what a business owes of the price of an order is what its payment says, and the order says so',
    query: sql`select o.code as subject, format('%s: owed %s, payment %s of %s', o.payment_status, b.back, p.refunded_vnd, p.amount_vnd) as detail
      from direct_payments p join orders o on o.id = p.order_id
      cross join lateral (select coalesce(sum(amount_vnd), 0) as back from direct_refunds where payment_id = p.id and of_price) b
      where b.back <> p.refunded_vnd or (o.payment_status <> 'unpaid' and o.payment_status <> case when p.refunded_vnd = 0 then 'paid'
        when p.refunded_vnd < p.amount_vnd then 'part-refunded' else 'refunded' end)`,
  },
];

/** What must hold once the queued jobs have run. */
export const settledChecks: readonly Check[] = [
  {
    check: 'no payment of a finished group still waits',
    query: sql`select p.code as subject, format('payment %s, group %s', p.status, g.status) as detail
      from payments p join order_groups g on g.id = p.group_id where p.status in ('pending', 'underpaid') and g.status <> 'awaiting-payment'`,
  },
];
