import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { OrderId } from '#features/orders/types.ts';
import { days } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Counter, openCounter } from '#test/support/payouts.ts';
import { type Group, signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';

type Order = {
  readonly id: OrderId;
  readonly code: string;
  readonly businessId: BusinessId;
  readonly total: number;
  readonly promotion: number;
  readonly fee: number;
  /** What the exchange withholds of it, by hand: 1 % and 0.5 % of what a household took for the goods. */
  readonly taken: number;
  readonly household: boolean;
};
type Whole = {
  readonly closingVnd: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly items: readonly (Readonly<Record<string, number>> & { kind: string; orderCode: string | null })[];
};

let counter: Counter;
let third: BusinessId;
const groups: Group[] = [];
beforeAll(async () => {
  counter = await openCounter();
  const { rows } = await counter.node.db.execute<{ id: BusinessId }>(
    sql`select id from businesses where code = 'B003'`,
  );
  third = rows[0]?.id ?? third;
  for (const businessId of [counter.own, counter.theirs, third]) await counter.setAccount(businessId);
  // Early in a month, so that everything until the payout is in one statement.
  const today = counter.node.clock.now();
  const next = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 2));
  counter.node.clock.advance(next.getTime() - today.getTime());
});
afterAll(() => counter.close());

const ordersOf = async (group: Group): Promise<readonly Order[]> => {
  const { rows } = await counter.node.db.execute<Order>(
    sql`select o.id, o.code, o.business_id as "businessId", o.total_vnd::int as total, o.promotion_vnd::int as promotion,
      (o.commission_vnd + o.commission_vat_vnd)::int as fee, (o.subtotal_vnd - o.discount_vnd + o.promotion_vnd)::int as taken,
      b.type = 'household' as household
      from orders o join order_groups g on g.id = o.group_id join businesses b on b.id = o.business_id where g.code = ${group.code} order by o.code`,
  );
  return rows;
};
const all = async (): Promise<readonly Order[]> => (await Promise.all(groups.map(ordersOf))).flat();
const vatOf = ({ household, taken }: Order): number => (household ? Math.round(taken / 100) : 0);
const pitOf = ({ household, taken }: Order): number => (household ? Math.round(taken / 200) : 0);
const earnedBy = (orders: readonly Order[]): number =>
  orders.reduce((sum, order) => sum + order.total + order.promotion - order.fee - vatOf(order) - pitOf(order), 0);
const refund = ({ id }: Order, amountVnd: number, cause: string) =>
  transact(counter.node.db, 'test', (tx) =>
    counter.node.services.payments.refundOrder(tx, {
      orderId: id,
      amountVnd: vnd(amountVnd),
      reason: 'returned',
      cause,
    }),
  );
const statementOf = (businessId: BusinessId): Promise<Whole> =>
  (businessId === counter.own ? counter.seller : counter.other).expect<Whole>(
    200,
    'GET',
    `/v1/seller/statement/file?format=json&businessId=${businessId}`,
  );

test('a cart of three businesses with a voucher is paid by each method in turn', async () => {
  const { node, stripe, vnpay, bank, guest } = counter;
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select v.id from variants v join products p on p.id = v.product_id join stock s on s.variant_id = v.id
      where p.business_id = ${third} and v.min_order = 1 order by v.id limit 1`,
  );
  const other = rows[0]?.id ?? '';
  await node.setStock(other, 900);
  const admin = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  const validUntil = new Date(node.clock.now().getTime() + days(20)).toISOString();
  const voucher = { name: 'Giảm 7%', kind: 'percent', rateBps: 700, validUntil };
  // One that the exchange pays for, one of which businesses bear a part, and one that is theirs alone.
  const bearers = { vietqr: 10_000, stripe: 3_333, vnpay: 0 } as const;
  const slugs = await node.db.execute<{ slug: string }>(
    sql`select slug from businesses where code in ('B001', 'B002', 'B003')`,
  );
  const goods = slugs.rows.map(({ slug }) => slug);
  const shared = (exchangeBps: number) =>
    exchangeBps < 10_000 ? { scope: 'businesses', goods, agreement: '12/TT-SCT' } : {};
  for (const method of ['vietqr', 'stripe', 'vnpay'] as const) {
    const code = `HANHTRINH${method.toUpperCase()}`;
    await admin.expect(201, 'POST', '/v1/staff/vouchers', {
      body: { ...voucher, code, exchangeBps: bearers[method], ...shared(bearers[method]) },
    });
    const cartId = await guest.fillCart([counter.variants.own, 2], [counter.variants.theirs, 1], [other, 3]);
    await guest.client.expect(200, 'PUT', `/v1/carts/${cartId}/voucher`, { body: { code } });
    const group = await guest.checkout(cartId);
    const payment = await guest.pay(group.code, method);
    if (method === 'vietqr') await bank.transfer(node.url, { memo: payment.qr?.memo ?? '', amountVnd: group.totalVnd });
    if (method === 'stripe') await stripe.tell(node.url, stripe.pay(stripe.sessionOf(payment.redirectUrl)));
    if (method === 'vnpay') {
      const txnRef = vnpay.open(payment.redirectUrl);
      vnpay.decide(txnRef);
      expect(await vnpay.tell(node.url, txnRef)).toBe('00');
    }
    expect(await guest.group(group.code)).toMatchObject({ status: 'paid' });
    groups.push(group);
  }
  expect((await all()).map(({ businessId }) => businessId).sort()).toEqual(
    [counter.own, counter.theirs, third].flatMap((id) => [id, id, id]).sort(),
  );
});

test('all are delivered; of one a part goes back, another comes back whole', async () => {
  const orders = await all();
  for (const { code } of orders) await counter.deliver(code);
  const [part] = orders.filter(({ businessId }) => businessId === counter.own);
  const [whole] = orders.filter(({ businessId }) => businessId === counter.theirs);
  if (part) await refund(part, 33_333, 'returned:part');
  if (whole) await refund(whole, whole.total, 'returned:whole');
  await counter.node.runJobs();
});

test('a run pays what is left after the time to return, to the đồng', async () => {
  const orders = await all();
  expect(orders.some(({ household }) => household)).toBe(true);
  counter.node.clock.advance(days(8));
  const run = await counter.run();
  // By hand: price and promotion less fee, and of what went back its part of the fee stays with the business.
  const expected = [counter.own, counter.theirs, third].map((businessId) => {
    const own = orders.filter((order) => order.businessId === businessId);
    return { businessId, earned: earnedBy(own) };
  });
  const paid = new Map(run.payouts.map(({ businessId, amountVnd }) => [businessId, amountVnd]));
  const [mine, theirs, others] = expected;
  const [part] = orders.filter(({ businessId }) => businessId === counter.own);
  const [whole] = orders.filter(({ businessId }) => businessId === counter.theirs);
  if (!part || !whole || !mine || !theirs || !others) throw new Error('An order is missing');
  expect(paid.get(third)).toBe(others.earned);
  expect(paid.get(counter.theirs)).toBe(theirs.earned - earnedBy([whole]));
  // Of the part that went back the exchange gives up its fee and takes back what it had added, each rounded down.
  const back = { fee: (part.fee * 33_333) / part.total, promotion: (part.promotion * 33_333) / part.total };
  const kept = mine.earned - 33_333 - back.promotion + back.fee;
  expect(Math.abs((paid.get(counter.own) ?? 0) - kept)).toBeLessThan(3);
  for (const { code } of run.payouts) expect((await counter.end(code, 'paid')).status).toBe(200);
});

test('the three statements and the ledger agree, and nothing is left', async () => {
  const run = (await counter.first.expect<{ items: { runId: string }[] }>(200, 'GET', '/v1/staff/payout-runs'))
    .items[0];
  const { payouts } = await counter.getRun(run?.runId ?? '');
  let fees = 0;
  for (const businessId of [counter.own, counter.theirs, third]) {
    const { items, totals, closingVnd } = await statementOf(businessId);
    expect(closingVnd, 'what is owed').toBe(0);
    expect(await counter.balance('payable', businessId), 'the ledger').toBe(0);
    expect(totals.paidOutVnd).toBe(-(payouts.find((payout) => payout.businessId === businessId)?.amountVnd ?? 0));
    expect(totals.otherVnd).toBe(0);
    expect(totals.discountVnd, 'vouchers took something off').toBeLessThan(0);
    expect(totals.promotionVnd, 'of which the exchange pays a part').toBeGreaterThan(0);
    for (const line of items) {
      const { netVnd = Number.NaN, kind: _kind, orderCode: _code, at: _at, reference: _reference, ...parts } = line;
      expect(Object.values(parts).reduce((sum, one) => sum + one, 0)).toBe(netVnd);
    }
    expect(
      items.filter(({ kind }) => kind === 'sale' || kind === 'refund-due').every(({ orderCode }) => orderCode),
    ).toBe(true);
    fees += (totals.feeVnd ?? 0) + (totals.feeVatVnd ?? 0);
  }
  expect(fees).toBe((await counter.balance('commission')) + (await counter.balance('commission-vat')));
  expect(await counter.balance('payouts-due')).toBe(0);
  expect(await counter.balance('deposits')).toBe(0);
  await counter.node.runJobs();
  await expectSound(counter.node.db, counter);
});

test('the file for the tax office is what one computes by hand', async () => {
  const orders = await all();
  const [whole] = orders.filter(({ businessId }) => businessId === counter.theirs);
  const month = counter.node.clock.now().toISOString().slice(0, 7);
  counter.node.clock.advance(days(31));
  // The demonstration's numbers were sealed with the keys of the exchange that it was loaded on.
  await inDatabase(counter.node.database.url, (client) =>
    client.query('update businesses set personal_number_sealed = null'),
  );
  await counter.first.expect(201, 'POST', `/v1/staff/tax-files/${month}`);
  const path = `/v1/staff/tax-files/${month}?format=json`;
  const { rows } = await counter.first.expect<{ rows: { businessId: string; vatVnd: number; pitVnd: number }[] }>(
    200,
    'GET',
    path,
  );
  for (const businessId of [counter.own, counter.theirs, third]) {
    const own = orders.filter((order) => order.businessId === businessId && order !== whole);
    const row = rows.find((one) => one.businessId === businessId);
    const byHand = [vatOf, pitOf].map((taxOf) => own.reduce((sum, order) => sum + taxOf(order), 0));
    expect([row?.vatVnd ?? 0, row?.pitVnd ?? 0], businessId).toEqual(byHand);
  }
});
