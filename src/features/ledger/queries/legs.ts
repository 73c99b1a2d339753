import { sql } from 'drizzle-orm';

/** What the books prove of goods that partner exchanges sold to our shoppers. */
export const legChecks = [
  {
    check: 'what came for a leg is in the books once, and a leg that was taken is paid whole',
    query: sql`select l.code as subject, format('%s: accepted %s, received %s, in the books %s', l.state, l.accepted_vnd, l.received_vnd, b.taken) as detail
      from exchange_legs l cross join lateral (select coalesce(sum(e.amount_vnd), 0) as taken from journals j join entries e on e.journal_id = j.id and e.account in ('clearing:stripe', 'clearing:bank')
        where j.reference = l.id and j.kind = 'receipt') b
      where b.taken <> l.received_vnd or (l.captured_at is not null and l.received_vnd < l.accepted_vnd)`,
  },
  {
    check: 'what a partner exchange is owed is what it sold, less what goes back',
    query: sql`select coalesce(b.account, o.account) as subject, format('books %s, legs %s', coalesce(b.owed, 0), coalesce(o.owed, 0)) as detail
      from (select account, -sum(amount_vnd) as owed from entries where account like 'owed:%' group by account) b
      full join (select 'owed:' || l.partner_key as account, sum(l.accepted_vnd - coalesce(r.back, 0)) as owed from exchange_legs l
        left join (select leg_id, sum(amount_vnd) as back from exchange_leg_refunds where not spare group by 1) r on r.leg_id = l.id
        where l.confirmed_at is not null group by l.partner_key) o on o.account = b.account
      where coalesce(b.owed, 0) <> coalesce(o.owed, 0)`,
  },
  {
    check: 'what is held for legs came for them, is not sold, and does not go back',
    query: sql`select 'exchange-deposits' as subject, format('books %s, legs %s', b.held, o.held) as detail
      from (select coalesce(-sum(amount_vnd), 0) as held from entries where account = 'exchange-deposits') b,
        (select coalesce(sum(l.received_vnd - coalesce(r.spare, 0) - case when l.confirmed_at is null then coalesce(r.back, 0) else l.accepted_vnd end), 0) as held from exchange_legs l
          left join (select leg_id, sum(amount_vnd) filter (where spare) as spare, sum(amount_vnd) filter (where not spare) as back from exchange_leg_refunds group by 1) r on r.leg_id = l.id) o
      where b.held <> o.held`,
  },
  {
    check: 'every refund of a leg is owed in the books, and sent exactly if it was sent',
    query: sql`select r.cause as subject, format('%s of %s, due %s, sent %s', r.status, r.amount_vnd, d.due, s.sent) as detail
      from exchange_leg_refunds r
      cross join lateral (select coalesce(-sum(e.amount_vnd), 0) as due from journals j join entries e on e.journal_id = j.id and e.account = 'refunds-due' where j.key = 'refund-due:' || r.cause) d
      cross join lateral (select coalesce(sum(e.amount_vnd), 0) as sent from journals j join entries e on e.journal_id = j.id and e.account = 'refunds-due'
        where j.reference = r.cause and j.kind in ('refund-sent', 'refund-failed')) s
      where d.due <> r.amount_vnd or s.sent <> case when r.status in ('sent', 'confirmed') then r.amount_vnd else 0 end`,
  },
] as const;
