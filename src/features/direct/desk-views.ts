import { sql } from 'drizzle-orm';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';

export type Watched = {
  readonly businessId: BusinessId;
  readonly name: string;
  /** `lapsed`: chosen, and not in force since the account was changed. */
  readonly mode: 'direct' | 'lapsed' | 'collected';
  readonly last4: string;
  readonly holderName: string;
  readonly confirmed: boolean;
  /** What the business owes the exchange, all it has earned taken off. */
  readonly feeVnd: Vnd;
  /** What it owes to shoppers, and how much of that is late. */
  readonly backVnd: Vnd;
  readonly lateVnd: Vnd;
};

const watchedAtOnce = 200;

/** Businesses that are paid themselves, that owe something of it, or whose account waits for an officer's call; debts first. */
export async function listWatched(reader: Reader, now: Date): Promise<readonly Watched[]> {
  const { rows } = await reader.execute<
    Omit<Watched, 'feeVnd' | 'backVnd' | 'lateVnd'> & Record<'fee' | 'back' | 'late', string>
  >(sql`select b.id as "businessId", b.name, a.number_last4 as last4, a.holder_name as "holderName", c.bank_account_id is not null as confirmed,
      case when m.mode is distinct from 'direct' then 'collected' when m.bank_account_id = a.id then 'direct' else 'lapsed' end as mode,
      greatest(0, owed.fee) as fee, back.whole as back, back.late
    from businesses b
    join lateral (select * from bank_accounts a where a.business_id = b.id order by a.set_at desc, a.id desc limit 1) a on true
    left join account_confirmations c on c.bank_account_id = a.id
    left join lateral (select * from direct_modes m where m.business_id = b.id order by m.set_at desc, m.id desc limit 1) m on true
    cross join lateral (select coalesce(sum(e.amount_vnd), 0) as fee from entries e where e.business_id = b.id and e.account = 'payable' and m.id is not null) owed
    cross join lateral (select coalesce(sum(f.amount_vnd), 0) as whole,
        coalesce(sum(f.amount_vnd) filter (where f.due_by <= ${now.toISOString()}::timestamptz), 0) as late
      from direct_refunds f where f.business_id = b.id and f.status = 'due') back
    where m.mode = 'direct' or c.bank_account_id is null or owed.fee > 0 or back.whole > 0
    order by back.late > 0 desc, c.bank_account_id is not null, owed.fee desc, b.name, b.id limit ${watchedAtOnce}`);
  return rows.map(({ fee, back, late, ...row }) => ({
    ...row,
    feeVnd: vnd(Number(fee)),
    backVnd: vnd(Number(back)),
    lateVnd: vnd(Number(late)),
  }));
}

export type Coming = {
  readonly orderCode: string;
  readonly business: string;
  readonly amountVnd: Vnd;
  readonly receivedVnd: Vnd;
  readonly expiresAt: Date;
};

/** What shoppers are about to pay past the exchange, what lapses first before the rest. */
export async function listComing(reader: Reader, now: Date): Promise<readonly Coming[]> {
  const { rows } = await reader.execute<
    Pick<Coming, 'orderCode' | 'business'> & Record<'amount' | 'received' | 'expires', string>
  >(sql`select o.code as "orderCode", o.business_name as business, p.amount_vnd as amount, p.received_vnd as received, p.expires_at as expires
    from direct_payments p join orders o on o.id = p.order_id
    where p.status in ('pending', 'underpaid') and p.expires_at > ${now.toISOString()}::timestamptz order by p.expires_at, p.id limit ${watchedAtOnce}`);
  return rows.map(({ amount, received, expires, ...row }) => ({
    ...row,
    amountVnd: vnd(Number(amount)),
    receivedVnd: vnd(Number(received)),
    expiresAt: new Date(expires),
  }));
}
