import { type SQL, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId, BusinessState } from '#features/businesses/types.ts';
import type { Clearing, OpenEarning, Payee, Times } from './rules.ts';
import { AMOUNTS, type Amounts, HOLDING_STATES, type PayoutState, type StatementId } from './types.ts';

const listed = (values: readonly string[]): SQL => sql`any(${sql.param([...values])}::text[])`;
/** Journals of payouts move what was earned and earn nothing. */
const payoutKinds = listed(['payout', 'payout-failed', 'payout-returned']);
const isId = sql`~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`;
const amount = (text: string | number | null): Vnd => vnd(Number(text ?? 0));

export type BusinessEarning = OpenEarning & {
  readonly businessId: BusinessId;
  readonly orderId: Id<'Order'> | null;
  readonly code: string | null;
};

/**
 * Orders of which part may still go back to the shopper, by a card's bank, by a return (a refused one may be appealed) or
 * by a complaint (a decided one as well): nothing of them is paid out meanwhile.
 */
const heldOrders = sql`select s.order_id from disputes d join payment_shares s on s.payment_id = d.payment_id where d.status in ('open', 'answered')
  union all select r.order_id from returns r where r.state in ('requested', 'refused', 'appealed', 'accepted', 'sent-back', 'received')
  union all select c.order_id from complaints c where c.state in ('open', 'offered', 'escalated', 'decided', 'appealed')`;

/** What is open of each order, or of what else the books know: earned less what payouts hold of it. Nothing that is even. */
export async function listEarnings(reader: Reader, businessId?: BusinessId): Promise<readonly BusinessEarning[]> {
  const own = (column: SQL): SQL => (businessId ? sql`and ${column} = ${businessId}` : sql``);
  const { rows } = await reader.execute<{
    businessId: BusinessId;
    reference: string;
    amount: string;
    orderId: Id<'Order'> | null;
    code: string | null;
    deliveredAt: Date | string | null;
    held: boolean;
  }>(
    sql`with earned as (
        select e.business_id, j.reference, -sum(e.amount_vnd) as amount from entries e join journals j on j.id = e.journal_id
        where e.account = 'payable' and not (j.kind = ${payoutKinds}) ${own(sql`e.business_id`)}
        group by 1, 2),
      claimed as (
        select i.business_id, i.reference, sum(i.amount_vnd) as amount from payout_items i join payouts p on p.id = i.payout_id
        where p.status = ${listed(HOLDING_STATES)} ${own(sql`i.business_id`)} group by 1, 2),
      open as (
        select coalesce(e.business_id, c.business_id) as business_id, coalesce(e.reference, c.reference) as reference,
          coalesce(e.amount, 0) - coalesce(c.amount, 0) as amount
        from earned e full join claimed c on c.business_id = e.business_id and c.reference = e.reference
        where coalesce(e.amount, 0) <> coalesce(c.amount, 0))
      select open.business_id as "businessId", open.reference, open.amount, o.id as "orderId", o.code,
        (select max(v.at) from order_events v where v.order_id = o.id and v.type = 'delivered') as "deliveredAt",
        exists (select from (${heldOrders}) held where held.order_id = o.id) as held
      from open left join orders o on o.id = case when open.reference ${isId} then open.reference::uuid end
      order by open.business_id, open.reference`,
  );
  return rows.map(({ amount: open, deliveredAt, ...row }) => ({
    ...row,
    amountVnd: amount(open),
    deliveredAt: deliveredAt === null ? null : new Date(deliveredAt),
  }));
}

export type PayeeView = Payee & {
  readonly businessId: BusinessId;
  readonly name: string;
  readonly code: string | null;
  readonly account: {
    readonly id: Id<'BankAccount'>;
    readonly bankBin: string;
    readonly last4: string;
    readonly holderName: string;
    readonly setAt: Date;
    readonly confirmed: boolean;
  } | null;
};

/** Who is to be paid, and where: the newest account of each. */
export async function listPayees(reader: Reader, businessIds: readonly BusinessId[]): Promise<readonly PayeeView[]> {
  const { rows } = await reader.execute<{
    businessId: BusinessId;
    name: string;
    code: string | null;
    status: BusinessState;
    accountId: Id<'BankAccount'> | null;
    bankBin: string;
    last4: string;
    holderName: string;
    setAt: Date | string;
    confirmed: boolean;
  }>(
    sql`select b.id as "businessId", b.name, b.code, b.status, a.id as "accountId", a.bank_bin as "bankBin", a.number_last4 as last4,
        a.holder_name as "holderName", a.set_at as "setAt", c.bank_account_id is not null as confirmed
      from businesses b
      left join lateral (select * from bank_accounts a where a.business_id = b.id order by a.set_at desc, a.id desc limit 1) a on true
      left join account_confirmations c on c.bank_account_id = a.id
      where b.id = any(${sql.param([...businessIds])}::uuid[]) order by b.name, b.id`,
  );
  return rows.map(({ businessId, name, code, status, accountId, setAt, ...account }) => ({
    businessId,
    name,
    code,
    status,
    account: accountId === null ? null : { ...account, id: accountId, setAt: new Date(setAt) },
  }));
}

export type PayoutView = {
  readonly code: string;
  readonly runId: Id<'PayoutRun'>;
  readonly runNumber: string;
  readonly businessId: BusinessId;
  readonly business: string;
  readonly bankBin: string;
  readonly last4: string;
  readonly holderName: string;
  readonly amountVnd: Vnd;
  readonly status: PayoutState;
  readonly bankReference: string | null;
  readonly reason: string | null;
  readonly approvedAt: Date | null;
  readonly endedAt: Date | null;
  readonly itemCount: number;
};

const payoutColumns = sql`p.code, p.run_id as "runId", r.number as "runNumber", p.business_id as "businessId", b.name as business,
  a.bank_bin as "bankBin", a.number_last4 as last4, a.holder_name as "holderName", p.amount_vnd as "amountVnd", p.status,
  p.bank_reference as "bankReference", p.reason, r.approved_at as "approvedAt", p.ended_at as "endedAt",
  (select count(*)::int from payout_items i where i.payout_id = p.id) as "itemCount"`;
const payoutSources = sql`payouts p join payout_runs r on r.id = p.run_id join businesses b on b.id = p.business_id
  join bank_accounts a on a.id = p.bank_account_id`;
const instant = (at: Date | string | null): Date | null => (at === null ? null : new Date(at));

async function readPayouts(reader: Reader, rest: SQL): Promise<readonly PayoutView[]> {
  const { rows } = await reader.execute<PayoutView & { amountVnd: string }>(
    sql`select ${payoutColumns} from ${payoutSources} ${rest}`,
  );
  return rows.map((row) => ({
    ...row,
    amountVnd: amount(row.amountVnd),
    approvedAt: instant(row.approvedAt),
    endedAt: instant(row.endedAt),
  }));
}

export const listRunPayouts = (reader: Reader, runId: Id<'PayoutRun'>): Promise<readonly PayoutView[]> =>
  readPayouts(reader, sql`where p.run_id = ${runId} order by b.name, p.id`);

/** Payouts of these businesses that were approved, newest first. */
export const listOwnPayouts = (
  reader: Reader,
  businessIds: readonly BusinessId[],
  limit: number,
  before?: string,
): Promise<readonly PayoutView[]> =>
  readPayouts(
    reader,
    sql`where p.business_id = any(${sql.param([...businessIds])}::uuid[]) and p.status not in ('planned', 'abandoned')
      ${before ? sql`and p.id < ${before}::uuid` : sql``} order by p.id desc limit ${limit}`,
  );

export async function findOwnPayout(
  reader: Reader,
  code: string,
  businessIds: readonly BusinessId[],
): Promise<PayoutView | undefined> {
  const [found] = await readPayouts(
    reader,
    sql`where p.code = ${code} and p.business_id = any(${sql.param([...businessIds])}::uuid[]) and p.status not in ('planned', 'abandoned')`,
  );
  return found;
}

export type ItemView = { readonly reference: string; readonly orderCode: string | null; readonly amountVnd: Vnd };

export async function listItems(reader: Reader, code: string, limit: number): Promise<readonly ItemView[]> {
  const { rows } = await reader.execute<{ reference: string; orderCode: string | null; amount: string }>(
    sql`select i.reference, o.code as "orderCode", i.amount_vnd as amount from payout_items i join payouts p on p.id = i.payout_id
      left join orders o on o.id = i.order_id where p.code = ${code} order by o.code, i.reference limit ${limit}`,
  );
  return rows.map(({ amount: paid, ...row }) => ({ ...row, amountVnd: amount(paid) }));
}

/** What a bank file is made of. Numbers are opened by whoever may. */
export async function listBankLines(reader: Reader, runId: Id<'PayoutRun'>) {
  const { rows } = await reader.execute<{
    code: string;
    accountId: Id<'BankAccount'>;
    bankBin: string;
    holderName: string;
    amount: string;
  }>(
    sql`select p.code, a.id as "accountId", a.bank_bin as "bankBin", a.holder_name as "holderName", p.amount_vnd as amount
      from payouts p join bank_accounts a on a.id = p.bank_account_id where p.run_id = ${runId} and p.status = 'approved' order by p.id`,
  );
  return rows.map(({ amount: paid, ...row }) => ({ ...row, amountVnd: amount(paid) }));
}

export type StatementLine = Amounts & {
  readonly journalId: Id<'Journal'>;
  readonly at: Date;
  readonly kind: string;
  readonly orderCode: string | null;
  /** Of a payout, and of whatever is no order. */
  readonly reference: string;
};

/**
 * Which journals a statement is of. `frozen`: those that the closed month holds. Open: what no closed month holds, before
 * `end`, and from `start` on where an earlier month is still open.
 */
export type LineScope =
  | { readonly statementId: StatementId }
  | { readonly businessId: BusinessId; readonly start: Date | null; readonly end: Date };

const time = (at: Date): SQL => sql`${at.toISOString()}::timestamptz`;

function journalsIn(scope: LineScope): SQL {
  if ('statementId' in scope)
    return sql`select l.journal_id, l.business_id, sum(e.amount_vnd) as payable from statement_lines l
      join entries e on e.journal_id = l.journal_id and e.account = 'payable' and e.business_id = l.business_id
      where l.statement_id = ${scope.statementId} group by 1, 2`;
  const { businessId, start, end } = scope;
  return sql`select e.journal_id, e.business_id, sum(e.amount_vnd) as payable from entries e join journals j on j.id = e.journal_id
    where e.account = 'payable' and e.business_id = ${businessId} and j.at < ${time(end)} ${start ? sql`and j.at >= ${time(start)}` : sql``}
      and not exists (select from statement_lines l where l.business_id = e.business_id and l.journal_id = e.journal_id)
    group by 1, 2`;
}

const on = (account: string): SQL => sql`coalesce(sum(e.amount_vnd) filter (where e.account = ${account}), 0)`;

/**
 * Each journal that changed what is owed to the business, by what it was made of. A sale is told by its order: goods,
 * discount, what the exchange adds for its own vouchers, freight. `other_vnd` is what no other column says, so that
 * the columns of a line always sum to it.
 */
const linesIn = (scope: LineScope): SQL => sql`
  select *, net_vnd - goods_vnd - discount_vnd - promotion_vnd - shipping_vnd - refund_vnd - fee_vnd - fee_vat_vnd
      - withheld_vat_vnd - withheld_pit_vnd - paid_out_vnd as other_vnd
  from (select j.id as journal_id, j.at, j.kind, j.reference, o.code as order_code, p.code as payout_code, -mine.payable as net_vnd,
      case when j.kind = 'sale' then coalesce(o.subtotal_vnd, 0) else 0 end as goods_vnd,
      case when j.kind = 'sale' then -coalesce(o.discount_vnd, 0) else 0 end as discount_vnd,
      legs.promotion as promotion_vnd,
      case when j.kind = 'sale' then coalesce(o.shipping_vnd, 0) else 0 end as shipping_vnd,
      legs.refund as refund_vnd, legs.fee as fee_vnd, legs.fee_vat as fee_vat_vnd,
      legs.withheld_vat as withheld_vat_vnd, legs.withheld_pit as withheld_pit_vnd,
      case when j.kind = ${payoutKinds} then -mine.payable else 0 end as paid_out_vnd
    from (${journalsIn(scope)}) mine
    join journals j on j.id = mine.journal_id
    cross join lateral (select ${on('promotion')} as promotion, ${on('refunds-due')} as refund, ${on('commission')} as fee,
      ${on('commission-vat')} as fee_vat, ${on('withheld-vat')} as withheld_vat, ${on('withheld-pit')} as withheld_pit
      from entries e where e.journal_id = mine.journal_id) legs
    left join orders o on o.id = case when j.reference ${isId} then j.reference::uuid end
    left join payouts p on p.id = case when j.kind = ${payoutKinds} then j.reference::uuid end) told`;

const columns: Readonly<Record<(typeof AMOUNTS)[number], string>> = {
  goodsVnd: 'goods_vnd',
  discountVnd: 'discount_vnd',
  promotionVnd: 'promotion_vnd',
  shippingVnd: 'shipping_vnd',
  refundVnd: 'refund_vnd',
  feeVnd: 'fee_vnd',
  feeVatVnd: 'fee_vat_vnd',
  withheldVatVnd: 'withheld_vat_vnd',
  withheldPitVnd: 'withheld_pit_vnd',
  paidOutVnd: 'paid_out_vnd',
  otherVnd: 'other_vnd',
  netVnd: 'net_vnd',
};
const amountsOf = (row: Readonly<Record<string, unknown>>): Amounts =>
  Object.fromEntries(AMOUNTS.map((key) => [key, amount(String(row[columns[key]] ?? 0))])) as Amounts;

export type Place = { readonly value: string; readonly id: string };

/** Lines in the order in which they were written; all of them without a limit. */
export async function listLines(
  reader: Reader,
  scope: LineScope,
  { limit, after }: { readonly limit?: number; readonly after?: Place | undefined } = {},
): Promise<readonly StatementLine[]> {
  const { rows } = await reader.execute<Readonly<Record<string, string | null>>>(
    sql`select * from (${linesIn(scope)}) l
      ${after ? sql`where (l.at, l.journal_id) > (${after.value}::timestamptz, ${after.id}::uuid)` : sql``}
      order by l.at, l.journal_id ${limit === undefined ? sql`` : sql`limit ${limit}`}`,
  );
  return rows.map((row) => ({
    ...amountsOf(row),
    journalId: String(row.journal_id) as Id<'Journal'>,
    at: new Date(String(row.at)),
    kind: String(row.kind),
    orderCode: row.order_code ?? null,
    reference: row.payout_code ?? String(row.reference),
  }));
}

export type Totals = { readonly totals: Amounts; readonly lineCount: number };

export async function sumLines(reader: Reader, scope: LineScope): Promise<Totals> {
  const sums = AMOUNTS.map(
    (key) => sql`coalesce(sum(${sql.identifier(columns[key])}), 0) as ${sql.identifier(columns[key])}`,
  );
  const { rows } = await reader.execute<Readonly<Record<string, string>>>(
    sql`select count(*)::int as count, ${sql.join(sums, sql`, `)} from (${linesIn(scope)}) l`,
  );
  const row = rows[0] ?? {};
  return { totals: amountsOf(row), lineCount: Number(row.count ?? 0) };
}

/** What is owed to the business by journals before `at` that no closed month holds. */
export async function sumOpenBefore(reader: Reader, businessId: BusinessId, at: Date): Promise<Vnd> {
  const { rows } = await reader.execute<{ sum: string }>(
    sql`select coalesce(-sum(e.amount_vnd), 0) as sum from entries e join journals j on j.id = e.journal_id
      where e.account = 'payable' and e.business_id = ${businessId} and j.at < ${time(at)}
        and not exists (select from statement_lines l where l.business_id = e.business_id and l.journal_id = e.journal_id)`,
  );
  return amount(rows[0]?.sum ?? 0);
}

/** Businesses with journals before `at` that no closed month holds, each with the first of them. */
export async function listUnstated(
  reader: Reader,
  at: Date,
): Promise<readonly { readonly businessId: BusinessId; readonly code: string; readonly since: Date }[]> {
  const { rows } = await reader.execute<{
    businessId: BusinessId;
    code: string | null;
    slug: string;
    since: string | Date;
  }>(
    sql`select e.business_id as "businessId", b.code, b.slug, min(j.at) as since from entries e join journals j on j.id = e.journal_id
        join businesses b on b.id = e.business_id
      where e.account = 'payable' and j.at < ${time(at)}
        and not exists (select from statement_lines l where l.business_id = e.business_id and l.journal_id = e.journal_id)
      group by e.business_id, b.code, b.slug order by e.business_id`,
  );
  return rows.map(({ businessId, code, slug, since }) => ({ businessId, code: code ?? slug, since: new Date(since) }));
}

/** Accounts through which money passes, and on which side it comes in: a provider's is a debit, what we owe a credit. */
const passing: readonly (readonly [account: string, side: 1 | -1])[] = [
  ['clearing:stripe', 1],
  ['clearing:vnpay', 1],
  ['suspense', -1],
  ['refunds-due', -1],
  ['payouts-due', -1],
];

/**
 * What lies in them, and what of it has lain there longer than `clearingDays`: what came first goes first, so that
 * whatever the last days brought cannot be overdue.
 */
export async function listClearing(reader: Reader, now: Date, clearingDays: number): Promise<readonly Clearing[]> {
  const accounts = passing.map(([account]) => account);
  const sides = passing.map(([, side]) => side);
  const { rows } = await reader.execute<Record<'account' | 'balance' | 'overdue' | 'volume', string>>(
    sql`select a.account, coalesce(s.balance, 0) as balance, greatest(0, coalesce(s.balance - s.recent, 0)) as overdue, coalesce(s.volume, 0) as volume
      from unnest(${sql.param(accounts)}::text[], ${sql.param(sides)}::int[]) with ordinality as a (account, side, nth)
      left join lateral (select sum(e.amount_vnd) * a.side as balance,
        coalesce(sum(e.amount_vnd * a.side) filter (where e.amount_vnd * a.side > 0 and j.at > ${time(now)} - make_interval(days => ${clearingDays})), 0) as recent,
        coalesce(sum(e.amount_vnd * a.side) filter (where e.amount_vnd * a.side > 0 and j.at > ${time(now)} - interval '90 days'), 0) as volume
        from entries e join journals j on j.id = e.journal_id where e.account = a.account) s on true order by a.nth`,
  );
  return rows.map(({ account, balance, overdue, volume }) => ({
    account,
    balanceVnd: amount(balance),
    overdueVnd: amount(overdue),
    volumeVnd: amount(volume),
  }));
}

/** Of the last month: refunds and payouts whose time is up, those that were in time; money that came, and that is claimed. */
export async function readTimes(reader: Reader, now: Date, days: number): Promise<Times> {
  const limit = sql`make_interval(days => ${days})`;
  const since = sql`${time(now)} - interval '30 days'`;
  const { rows } = await reader.execute<Times>(
    sql`with gone as (
        select created_at as since, sent_at as ended from refunds where created_at > ${since}
        union all select r.approved_at, p.ended_at from payouts p join payout_runs r on r.id = p.run_id where r.approved_at > ${since}),
      came as (select j.kind, count(*)::int as count from journals j where j.kind in ('receipt', 'suspense') and j.at > ${since} group by 1)
      select (select count(*)::int from gone where ended is not null or since + ${limit} < ${time(now)}) as due,
        (select count(*)::int from gone where ended <= since + ${limit}) as "onTime",
        (select coalesce(sum(count), 0)::int from came) as arrived,
        (select coalesce(sum(count), 0)::int from came where kind = 'receipt') as claimed`,
  );
  return rows[0] ?? { due: 0, onTime: 0, arrived: 0, claimed: 0 };
}
