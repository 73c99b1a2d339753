import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { fresh, recipient, signIn } from '#test/support/people.ts';

let market: Market;
let seller: Client;
let one: string;
beforeAll(async () => {
  market = await openMarket();
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  one = items[0]?.variantId ?? '';
  await market.node.setStock(one, 500);
});
afterAll(() => market.close());

async function paid(): Promise<string> {
  const group = await market.guest.order([one, 3]);
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  await market.node.runJobs();
  return group.orders[0]?.code ?? '';
}
const act = (code: string, verb: string) =>
  seller.expect<unknown>(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body: {} });
/** What was told about the order, and to whom. */
async function told(code: string): Promise<readonly string[]> {
  const { rows } = await market.node.db.execute<{ kind: string; shopper: boolean }>(
    sql`select kind, recipient ? 'phone' as shopper from notices where values ->> 'order' = ${code} order by kind, id`,
  );
  return rows.map(({ kind, shopper }) => `${kind} to the ${shopper ? 'shopper' : 'business'}`);
}

test('a paid order is told to its business, each step to its shopper, each once', async () => {
  const code = await paid();
  expect(await told(code)).toEqual(['order.placed to the business']);
  const { rows } = await market.node.db.execute<{ id: never }>(
    sql`select group_id as id from orders where code = ${code}`,
  );
  for (const { id } of rows) await market.node.services.orders.tellPaid(id);
  await act(code, 'confirm');
  await act(code, 'pack');
  await act(code, 'ship');
  expect(await told(code)).toEqual([
    'order.confirmed to the shopper',
    'order.placed to the business',
    'order.shipped to the shopper',
  ]);
});

test('whatever it was paid by, the code is told to the shopper once', async () => {
  const [card, vnpay] = [await market.awaitCard(), await market.awaitVnpay()];
  await market.stripe.tell(market.node.url, market.stripe.pay(card.sessionId));
  market.vnpay.decide(vnpay.txnRef);
  await market.vnpay.tell(market.node.url, vnpay.txnRef);
  await market.node.runJobs();
  for (const { group } of [card, vnpay]) expect(await told(group.code)).toEqual(['order.paid to the shopper']);
});

test('what a shopper calls off is told to both, what a business calls off to the shopper', async () => {
  const [own, sold] = [await paid(), await paid()];
  const body = { phone: recipient.phone, lines: [{ variantId: one, quantity: 1 }] };
  await market.guest.client.expect(200, 'POST', `/v1/orders/${own}/cancel`, { body, headers: fresh() });
  await market.guest.client.expect(200, 'POST', `/v1/orders/${own}/cancel`, {
    body: { phone: recipient.phone, reason: 'Đặt nhầm' },
    headers: fresh(),
  });
  expect(await told(own)).toEqual([
    'order.called-off to the business',
    'order.cancelled to the shopper',
    'order.part-called-off to the business',
    'order.part-cancelled to the shopper',
    'order.placed to the business',
  ]);
  await seller.expect(200, 'POST', `/v1/seller/orders/${sold}/cancel`, {
    body: { reason: 'Hết hàng' },
    headers: fresh(),
  });
  expect(await told(sold)).toEqual(['order.cancelled to the shopper', 'order.placed to the business']);
});

test('a deadline that passed is told to both, and money that was sent back to the shopper', async () => {
  const code = await paid();
  market.node.clock.advance(hours(49));
  await market.node.runScheduled('orders.cancel-unconfirmed');
  expect(await told(code)).toEqual([
    'order.lapsed to the shopper',
    'order.missed to the business',
    'order.placed to the business',
  ]);
  const card = await market.awaitCard();
  await market.stripe.tell(market.node.url, market.stripe.pay(card.sessionId));
  const [order] = card.group.orders;
  await market.guest.client.expect(200, 'POST', `/v1/orders/${order?.code}/cancel`, {
    body: { phone: recipient.phone },
    headers: fresh(),
  });
  await market.node.runJobs();
  await market.node.runJobs();
  expect((await told(order?.code ?? '')).filter((line) => line.startsWith('refund'))).toEqual([
    'refund.sent to the shopper',
  ]);
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
