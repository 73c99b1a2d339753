import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, type Page, signIn } from '#test/support/people.ts';

let market: Market;
let seller: Client;
/** A variant of the seller's own business. */
let variantId: string;
beforeAll(async () => {
  market = await openMarket();
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  variantId = items[0]?.variantId ?? '';
  await market.node.setStock(variantId, 500);
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

async function paidOrder(...more: readonly string[]): Promise<Group> {
  const { guest, bank, node } = market;
  const group = await guest.order([variantId, 2], ...more.map((id) => [id, 1] as const));
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return group;
}
const codeOf = (group: Group): string => group.orders[0]?.code ?? '';
const step = (code: string, verb: string, body: object = {}, headers = fresh()) =>
  seller.send<{ code?: string; orderStatus?: string }>('POST', `/v1/seller/orders/${code}/${verb}`, { body, headers });
const onHand = async (): Promise<number> => {
  const { rows } = await market.node.db.execute<{ count: number }>(
    sql`select on_hand as count from stock where variant_id = ${variantId}`,
  );
  return rows[0]?.count ?? Number.NaN;
};

test('an order that is not paid concerns no seller yet', async () => {
  const group = await market.guest.order([variantId, 1]);
  const { items } = await seller.expect<Page<{ code: string }>>(200, 'GET', '/v1/seller/orders?limit=100');
  expect(items.map(({ code }) => code)).not.toContain(codeOf(group));
  expect(await step(codeOf(group), 'confirm')).toMatchObject({ status: 409, body: { code: 'order-not-confirmable' } });
});

test('confirmed, packed, shipped, delivered; each once, and none before the other', async () => {
  const code = codeOf(await paidOrder());
  expect((await step(code, 'ship')).body).toMatchObject({ code: 'order-not-shippable', orderStatus: 'placed' });
  expect((await step(code, 'confirm')).status).toBe(204);
  expect(await step(code, 'confirm')).toMatchObject({ status: 409, body: { code: 'order-not-confirmable' } });
  expect((await step(code, 'pack')).status).toBe(204);
  expect((await step(code, 'ship', { carrier: 'GHN', trackingNumber: 'GHN1' })).status).toBe(204);
  expect(await step(code, 'cancel', { reason: 'x' })).toMatchObject({
    status: 409,
    body: { code: 'order-not-cancellable' },
  });
  expect((await step(code, 'deliver')).status).toBe(204);
  expect(await market.guest.group(code)).toMatchObject({
    status: 'paid',
    orders: [{ code, status: 'completed', fulfilmentStatus: 'delivered' }],
  });
});

describe('calling an order off', () => {
  test('brings the goods back, reverses the sale and queues the money of that order alone', async () => {
    const other = market.variant();
    const group = await paidOrder(other.variantId);
    const before = await onHand();
    const mine = group.orders.find(({ business }) => business.name.includes('Bãi Giồng'));
    const cancelled = await step(mine?.code ?? '', 'cancel', { reason: 'Hết hàng' });
    expect(cancelled).toMatchObject({ status: 200, body: { code: mine?.code, status: 'cancelled' } });
    expect(await onHand()).toBe(before + 2);
    const after = await market.guest.group(group.code);
    expect(after.status).toBe('partly-cancelled');
    expect(after.orders.map(({ status, paymentStatus }) => `${status} ${paymentStatus}`).toSorted()).toEqual([
      'cancelled refunded',
      'placed paid',
    ]);
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'cancelled', amountVnd: mine?.totalVnd, status: 'queued' },
    ]);
  });

  test('the same key gives the same answer and one refund; another key finds it done', async () => {
    const group = await paidOrder();
    const key = fresh();
    const first = await step(codeOf(group), 'cancel', { reason: 'Hết hàng' }, key);
    const again = await step(codeOf(group), 'cancel', { reason: 'Hết hàng' }, key);
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await step(codeOf(group), 'cancel', { reason: 'Hết hàng' })).body.code).toBe('order-not-cancellable');
    expect(await market.refundsOf(group)).toHaveLength(1);
  });

  test('needs a reason and a key', async () => {
    const code = codeOf(await paidOrder());
    expect(await step(code, 'cancel', { reason: ' ' })).toMatchObject({
      status: 400,
      body: { code: 'invalid-request' },
    });
    const keyless = await seller.send('POST', `/v1/seller/orders/${code}/cancel`, { body: { reason: 'x' } });
    expect(keyless).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
  });
});

test('nobody confirmed for two days: cancelled and refunded by the job, once, and confirmed ones stay', async () => {
  const [waiting, confirmed] = [await paidOrder(), await paidOrder()];
  await step(codeOf(confirmed), 'confirm');
  market.node.clock.advance(hours(47));
  await market.node.runScheduled('orders.cancel-unconfirmed');
  expect((await market.guest.group(waiting.code)).status).toBe('paid');
  market.node.clock.advance(hours(2));
  for (let time = 0; time < 2; time += 1) await market.node.runScheduled('orders.cancel-unconfirmed');
  expect((await market.guest.group(waiting.code)).status).toBe('cancelled');
  expect((await market.guest.group(confirmed.code)).status).toBe('paid');
  expect(await market.refundsOf(waiting)).toEqual([
    { reason: 'cancelled', amountVnd: waiting.totalVnd, status: 'queued' },
  ]);
});

test('an order that cannot be ended keeps no other from its turn', async () => {
  const { guest, node, services } = { ...market, services: market.node.services };
  const [broken, sound] = [await guest.order([variantId, 1]), await guest.order([variantId, 1])];
  node.clock.advance(hours(1));
  const spoil = (value: string) =>
    node.db.execute(
      sql`update orders set version = ${sql.raw(value)} where group_id = (select id from order_groups where code = ${broken.code})`,
    );
  await spoil('2147483647');
  await expect(services.orders.expireDue()).rejects.toThrow(/^1 of \d failed/);
  expect((await guest.group(sound.code)).status).toBe('expired');
  const { rows } = await node.db.execute(sql`select status from order_groups where code = ${sound.code}`);
  expect(rows).toEqual([{ status: 'expired' }]);
  await spoil('1');
  expect(await services.orders.expireDue()).toBe(1);
});

describe('counting the shelf', () => {
  const count = (counted: number) => seller.send('PUT', `/v1/seller/stock/${variantId}`, { body: { onHand: counted } });
  test('is shown to shoppers at once, and never goes below what they hold', async () => {
    await market.guest.order([variantId, 3]);
    const { rows } = await market.node.db.execute<{ held: number }>(
      sql`select held from stock where variant_id = ${variantId}`,
    );
    const held = rows[0]?.held ?? 0;
    expect((await count(held + 7)).status).toBe(204);
    expect(await market.available({ variantId } as never)).toBe(7);
    expect(await count(held - 1)).toMatchObject({ status: 409, body: { code: 'stock-below-held', held } });
    expect((await count(500)).status).toBe(204);
  });
  test.each([-1, 1.5, 10_000_001, '5'])('refuses %s', async (counted) => {
    expect((await count(counted as number)).status).toBe(400);
  });
});
