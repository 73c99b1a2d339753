import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { Client } from '#test/support/client.ts';
import { days, hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { fresh, type Group, recipient, signIn } from '#test/support/people.ts';

const number = '0441000123456';
let market: Market;
let owner: Client;
let businessId: string;
/** A size of the owner's business, and one of another's, which the exchange collects for. */
let own: string;
let theirs: string;
beforeAll(async () => {
  market = await openMarket();
  owner = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { rows } = await market.node.db.execute<{ business: string; variant: string }>(
    sql`select b.id as business, v.id as variant from businesses b join business_members m on m.business_id = b.id join accounts a on a.id = m.account_id
      join products p on p.business_id = b.id join variants v on v.product_id = p.id
      where a.email = 'nguoiban@cho-noi.example' and m.role = 'owner' and v.min_order = 1 order by b.id, v.id limit 1`,
  );
  [businessId, own] = [rows[0]?.business ?? '', rows[0]?.variant ?? ''];
  await market.node.setStock(own, 500);
  theirs = market.variant().variantId;
  await choose('collected');
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const mode = `/v1/seller/business/`;
const choose = (wanted: 'direct' | 'collected', holdHours = 12) =>
  owner.send<{ code: string }>('PUT', `${mode}${businessId}/settlement`, { body: { mode: wanted, holdHours } });
async function openDirect(): Promise<void> {
  await owner.expect(204, 'PUT', `${mode}${businessId}/bank-account`, {
    body: { bankBin: '970436', number, holderName: 'NGUYEN THI HOA' },
  });
  expect((await choose('direct')).body.code).toBe('direct-account-unchecked');
  const finance = await signIn(market.node.url, 'quantri@cho-noi.example', demoPassword);
  await finance.expect(204, 'POST', `/v1/staff/businesses/${businessId}/bank-account/confirm`, {
    body: { note: 'Đã gọi chủ cơ sở' },
  });
  expect((await choose('direct')).status).toBe(204);
}
type Opened = {
  paymentId: string;
  status: string;
  amountVnd: number;
  qr: { memo: string; accountNumber: string; payload: string };
};
const open = (code: string) =>
  market.guest.client.send<Opened & { code: string }>('POST', `/v1/orders/${code}/payments`, {
    body: { method: 'vietqr' },
    headers: fresh(),
  });
const received = (code: string, body: object, client = owner) =>
  client.send<{ code: string }>('POST', `/v1/seller/orders/${code}/received`, { body, headers: fresh() });
type Parts = {
  parts: { orderCode: string; status: string | null; bySeller: boolean; receivedVnd: number }[];
  owed: { refundId: string; amountVnd: number; reason: string; status: string; dueBy: string }[];
};
const parts = (group: Group) => market.guest.client.expect<Parts>(200, 'GET', `/v1/order-groups/${group.code}/direct`);
const ordered = async (...lines: readonly (readonly [string, number])[]) => {
  const group = await market.guest.order(...lines);
  const order = group.orders.find(({ business }) => business.businessId === businessId);
  return { group, code: order?.code ?? '', totalVnd: order?.totalVnd ?? 0 };
};
const paid = async () => {
  const one = await ordered([own, 2]);
  await open(one.code);
  expect((await received(one.code, { amountVnd: one.totalVnd })).status).toBe(200);
  return one;
};
const fee = async (code: string): Promise<number> => {
  const { rows } = await market.node.db.execute<{ fee: number }>(
    sql`select (commission_vnd + commission_vat_vnd)::int as fee from orders where code = ${code}`,
  );
  return rows[0]?.fee ?? Number.NaN;
};
const entries = async (code: string): Promise<Record<string, number>> => {
  const { rows } = await market.node.db.execute<{ account: string; sum: number }>(
    sql`select e.account, sum(e.amount_vnd)::int as sum from journals j join entries e on e.journal_id = j.id
      where j.reference = (select id::text from orders where code = ${code}) group by 1 having sum(e.amount_vnd) <> 0`,
  );
  return Object.fromEntries(rows.map(({ account, sum }) => [account, sum]));
};
const told = async (code: string): Promise<readonly string[]> => {
  const { rows } = await market.node.db.execute<{ kind: string }>(
    sql`select kind from notices where values ->> 'order' = ${code} and kind like 'direct.%' order by kind`,
  );
  return rows.map(({ kind }) => kind);
};

describe('a business is paid itself', () => {
  test('only into an account that an officer has checked, chosen by its owner', async () => {
    const before = await ordered([own, 1]);
    expect((await open(before.code)).body.code).toBe('direct-not-order');
    await openDirect();
    expect((await choose('direct', 0)).status).toBe(400);
    expect((await choose('direct', 25)).body.code).toBe('direct-hold-invalid');
    expect(
      (
        await owner.send('PUT', `${mode}${'019a0000-0000-7000-8000-000000000000'}/settlement`, {
          body: { mode: 'direct', holdHours: 2 },
        })
      ).status,
    ).toBe(404);
    expect(await owner.expect<object>(200, 'GET', `${mode}${businessId}/settlement`)).toMatchObject({
      mode: 'direct',
      lapsed: false,
      accountChecked: true,
    });
  });

  test('by a code of its own; with the seller’s word the order is placed, and the books hold the fee alone', async () => {
    const { group, code, totalVnd } = await ordered([own, 2]);
    const hold = Date.parse(group.expiresAt) - market.node.clock.now().getTime();
    expect(hold).toBeGreaterThan(hours(11));
    expect(
      (
        await market.guest.client.send<{ code: string }>('POST', `/v1/order-groups/${group.code}/payments`, {
          body: { method: 'vietqr' },
          headers: fresh(),
        })
      ).body.code,
    ).toBe('payment-direct-first');
    expect((await received(code, { amountVnd: totalVnd })).body.code).toBe('direct-not-opened');
    const { body } = await open(code);
    expect(body).toMatchObject({ status: 'pending', amountVnd: totalVnd, qr: { accountNumber: number } });
    expect(body.qr.payload).toContain(number);
    expect((await open(code)).body.qr.memo).toBe(body.qr.memo);
    expect((await received(code, { amountVnd: 0 })).body.code).toBe('direct-amount-invalid');
    expect((await received(code, { amountVnd: 1_000, bankReference: '!!' })).body.code).toBe(
      'direct-reference-invalid',
    );
    expect((await received(code, { amountVnd: 1_000, bankReference: 'FT0001' })).status).toBe(200);
    expect((await received(code, { amountVnd: 1_000, bankReference: 'FT0001' })).body.code).toBe(
      'direct-reference-known',
    );
    expect((await parts(group)).parts).toMatchObject([{ status: 'underpaid', receivedVnd: 1_000, bySeller: true }]);
    expect((await market.guest.group(group.code)).status).toBe('awaiting-payment');
    expect((await received(code, { amountVnd: totalVnd - 1_000 })).status).toBe(200);
    expect((await received(code, { amountVnd: 5 })).body.code).toBe('direct-settled');
    const done = await market.guest.group(group.code);
    expect(done).toMatchObject({
      status: 'paid',
      orders: [{ status: 'placed', paymentStatus: 'paid', settlement: 'direct' }],
    });
    const feeVnd = await fee(code);
    expect((await entries(code)).payable).toBe(feeVnd);
    expect(Object.keys(await entries(code)).sort()).toEqual(['commission', 'commission-vat', 'payable']);
    expect(await told(code)).toEqual(['direct.opened', 'direct.received', 'direct.received']);
  });

  test('what its bank tells pays by itself, and confirms what the seller had said without counting twice', async () => {
    const one = await ordered([own, 1]);
    const { qr } = (await open(one.code)).body;
    const line = { memo: qr.memo, amountVnd: one.totalVnd, accountNumber: number };
    await market.bank.transfer(market.node.url, line);
    expect((await market.guest.group(one.group.code)).status).toBe('paid');
    expect((await parts(one.group)).parts).toMatchObject([{ status: 'paid', bySeller: false }]);
    const two = await ordered([own, 1]);
    const second = (await open(two.code)).body.qr;
    await received(two.code, { amountVnd: two.totalVnd });
    await market.bank.transfer(market.node.url, { memo: second.memo, amountVnd: two.totalVnd, accountNumber: number });
    expect(await parts(two.group)).toMatchObject({
      parts: [{ status: 'paid', receivedVnd: two.totalVnd, bySeller: false }],
      owed: [],
    });
    await market.bank.transfer(market.node.url, { memo: second.memo, amountVnd: two.totalVnd, accountNumber: number });
    expect(await parts(two.group)).toMatchObject({
      owed: [{ amountVnd: two.totalVnd, reason: 'duplicate', status: 'due' }],
    });
  });

  test('with others that are not: part by part, the exchange’s last, and the group is paid when all are', async () => {
    const { group, code, totalVnd } = await ordered([own, 1], [theirs, 1]);
    await open(code);
    await received(code, { amountVnd: totalVnd + 500 });
    expect((await market.guest.group(group.code)).status).toBe('awaiting-payment');
    expect((await parts(group)).owed).toMatchObject([{ amountVnd: 500, reason: 'overpaid' }]);
    const { qr, amountVnd } = await market.guest.pay(group.code, 'vietqr');
    expect(amountVnd).toBe(group.totalVnd - totalVnd);
    await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd });
    const after = await market.guest.group(group.code);
    expect(after.status).toBe('paid');
    expect(after.orders.map(({ status }) => status)).toEqual(['placed', 'placed']);
  });

  test('for a group that lapses: what came is owed back, and late money too', async () => {
    const { group, code, totalVnd } = await ordered([own, 1], [theirs, 1]);
    await open(code);
    await received(code, { amountVnd: totalVnd });
    market.node.clock.advance(hours(13));
    await market.node.runScheduled('orders.expire');
    await market.node.runJobs();
    expect(await parts(group)).toMatchObject({
      parts: [{ status: 'given-back' }],
      owed: [{ amountVnd: totalVnd, reason: 'expired' }],
    });
    const late = await ordered([own, 1]);
    await open(late.code);
    market.node.clock.advance(hours(13));
    await market.node.runScheduled('orders.expire');
    await market.node.runJobs();
    expect((await received(late.code, { amountVnd: late.totalVnd })).status).toBe(200);
    // The goods are still there: it is placed after all.
    expect((await market.guest.group(late.group.code)).status).toBe('paid');
    const gone = await ordered([own, 1]);
    await open(gone.code);
    market.node.clock.advance(hours(13));
    await market.node.runScheduled('orders.expire');
    await market.node.runJobs();
    await market.node.setStock(own, 0);
    await received(gone.code, { amountVnd: gone.totalVnd });
    expect((await parts(gone.group)).owed).toMatchObject([{ amountVnd: gone.totalVnd, reason: 'late' }]);
    await market.node.setStock(own, 500);
  });
});

describe('what goes back', () => {
  test('is owed by the business, with a deadline, and the exchange gives up its fee of these pieces', async () => {
    const { group, code, totalVnd } = await paid();
    const before = await fee(code);
    const cancel = (body: object) =>
      market.guest.client.expect<{ refundVnd: number }>(200, 'POST', `/v1/orders/${code}/cancel`, {
        body: { phone: recipient.phone, ...body },
        headers: fresh(),
      });
    const { refundVnd } = await cancel({ lines: [{ variantId: own, quantity: 1 }] });
    expect((await market.guest.group(group.code)).orders[0]).toMatchObject({ paymentStatus: 'part-refunded' });
    expect((await entries(code)).payable).toBe(before - Math.floor(before / 2));
    await cancel({});
    expect(await entries(code)).toEqual({});
    expect((await market.guest.group(group.code)).orders[0]).toMatchObject({ paymentStatus: 'refunded' });
    const { owed } = await parts(group);
    expect(owed.map(({ amountVnd }) => amountVnd).sort()).toEqual([refundVnd, totalVnd - refundVnd].sort());
    const left = Date.parse(owed[0]?.dueBy ?? '') - market.node.clock.now().getTime();
    expect(left).toBeLessThanOrEqual(days(5));
    expect(left).toBeGreaterThan(days(5) - hours(1));
    expect((await told(code)).filter((kind) => kind.includes('refund'))).toEqual([
      'direct.refund-due',
      'direct.refund-due',
      'direct.refund-promised',
      'direct.refund-promised',
    ]);
    expect(await market.refundsOf(group)).toEqual([]);
    const { services, db } = market.node;
    const { rows } = await db.execute<{ id: never }>(sql`select id from orders where code = ${code}`);
    await expect(
      transact(db, 'test', (tx) =>
        services.payments.refundOrder(tx, {
          orderId: rows[0]?.id as never,
          amountVnd: vnd(1),
          reason: 'complaint',
          cause: 'once more',
        }),
      ),
    ).rejects.toMatchObject({ code: 'refund-exceeds-payment', extra: { leftVnd: 0 } });
  });

  test('is reminded of, told to finance when it is late, and recorded when the business says so', async () => {
    const { group, code } = await paid();
    await market.guest.client.expect(200, 'POST', `/v1/orders/${code}/cancel`, {
      body: { phone: recipient.phone },
      headers: fresh(),
    });
    const [owed] = (await parts(group)).owed;
    const sent = (id: string, body: object) =>
      owner.send<{ code: string }>('POST', `/v1/seller/direct-refunds/${id}/sent`, { body, headers: fresh() });
    market.node.clock.advance(days(4) + hours(1));
    for (const _twice of [1, 2]) await market.node.runScheduled('direct.remind');
    expect((await told(code)).filter((kind) => /reminder|overdue/.test(kind))).toEqual(['direct.refund-reminder']);
    market.node.clock.advance(days(1));
    for (const _twice of [1, 2]) await market.node.runScheduled('direct.remind');
    expect((await told(code)).filter((kind) => /reminder|overdue/.test(kind))).toEqual([
      'direct.refund-overdue',
      'direct.refund-reminder',
    ]);
    expect((await sent('019a0000-0000-7000-8000-000000000000', { bankReference: 'FT991' })).body.code).toBe(
      'direct-refund-not-found',
    );
    expect((await sent(owed?.refundId ?? '', { bankReference: '?' })).body.code).toBe('direct-reference-invalid');
    expect((await sent(owed?.refundId ?? '', { bankReference: 'FT991' })).status).toBe(200);
    expect((await sent(owed?.refundId ?? '', { bankReference: 'FT991' })).body.code).toBe('direct-refund-sent');
    expect((await parts(group)).owed).toMatchObject([{ status: 'sent' }]);
    expect((await told(code)).at(-1)).toBe('direct.refund-sent');
  });
});

test('the statement says paid directly and what is owed of the fee; nothing is withheld nor paid out', async () => {
  const { code } = await paid();
  for (const verb of ['confirm', 'ship', 'deliver'])
    await owner.expect(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body: {} });
  await market.node.runJobs();
  const { items } = await owner.expect<{
    items: {
      kind: string;
      orderCode: string;
      netVnd: number;
      feeVnd: number;
      feeVatVnd: number;
      goodsVnd: number;
      otherVnd: number;
    }[];
  }>(200, 'GET', `/v1/seller/statement/file?format=json&businessId=${businessId}`);
  const feeVnd = await fee(code);
  const lines = items.filter(({ orderCode }) => orderCode === code);
  expect(lines).toMatchObject([{ kind: 'direct-sale', netVnd: -feeVnd, goodsVnd: 0, otherVnd: 0 }]);
  const { rows } = await market.node.db.execute(
    sql`select e.* from tax_entries e join orders o on o.id = e.order_id where o.settlement = 'direct'`,
  );
  expect(rows).toEqual([]);
});

test('a changed account ends direct payment until it is checked and chosen again', async () => {
  const { code } = await ordered([own, 1]);
  await owner.expect(204, 'PUT', `${mode}${businessId}/bank-account`, {
    body: { bankBin: '970436', number: '0441000999999', holderName: 'KE TROM' },
  });
  expect((await open(code)).body.code).toBe('direct-closed');
  expect(await owner.expect<object>(200, 'GET', `${mode}${businessId}/settlement`)).toMatchObject({
    mode: 'collected',
    lapsed: true,
  });
  const next = await ordered([own, 1]);
  expect(next.group.orders[0]).toMatchObject({ settlement: 'collected' });
});
