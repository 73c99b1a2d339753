import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProductId } from '#features/products/types.ts';
import { moneyOf, type RemoteOrder, settlementRoot } from '#federation/protocol/ordering.ts';
import { observed } from '#test/federation/observed.ts';
import { minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { createPartner, ok, type Partner, province, recipient } from './partner.ts';

let market: Market;
let anGiang: Partner;
let camau: Partner;

beforeAll(async () => {
  market = await openMarket({ env: { FEDERATION_ALLOW_LOOPBACK: '1' } });
  const { node } = market;
  const { rows } = await node.db.execute<{ id: ProductId }>(sql`select id from products where partner_key is null`);
  await node.services.federation.exportProducts(rows.map(({ id }) => id));
  anGiang = await createPartner(node, 'thu-an-giang');
  camau = await createPartner(node, 'thu-ca-mau');
}, 120_000);
afterAll(async () => {
  await anGiang?.close();
  await camau?.close();
  await market?.close();
});

const refusal = (outcome: object) =>
  ('refused' in outcome ? outcome.refused : outcome) as { code: string; extra: Record<string, unknown> };
const groupOf = async (orderId: string) => {
  const { rows } = await market.node.db.execute<{
    status: string;
    orders: string[];
    payer: string;
    source: string;
    held: string;
  }>(sql`
    select g.status, (select array_agg(o.code) from orders o where o.group_id = g.id) as orders, g.partner_key as payer,
      (select string_agg(distinct h.source, ',') from holds h where h.reference = g.id::text) as source,
      (select string_agg(distinct h.status, ',') from holds h where h.reference = g.id::text) as held
    from order_groups g where g.id = ${orderId}`);
  return rows[0];
};
const books = async (partner: Partner) => {
  const { rows } = await market.node.db.execute<{ owed: string }>(
    sql`select coalesce(sum(amount_vnd), 0) as owed from entries where account = ${`receivable:${partner.key}`}`,
  );
  return Number(rows[0]?.owed);
};

test('a quote is what our own checkout would ask', async () => {
  const variant = market.variant();
  const quote = await anGiang.quoted(variant.variantId, 2);
  expect(quote).toMatchObject({ goods: moneyOf(variant.priceVnd * 2), hold: 'none' });
  const cart = await market.guest.fillCart([variant.variantId, 2]);
  const { businesses } = await market.guest.client.expect<{ businesses: { shippingVnd: number }[] }>(
    200,
    'PUT',
    `/v1/carts/${cart}/delivery`,
    {
      body: {
        recipient: { name: recipient.name, phone: recipient.phone },
        address: { line: recipient.line, provinceCode: province, ward: recipient.ward },
      },
    },
  );
  expect(quote.shipping[0]?.amount.amount).toBe(businesses[0]?.shippingVnd);
  expect(await market.available(variant)).toBe(variant.available);
});

test('reserved, confirmed, sent by its seller: the partner hears of each step, and the books say what it owes', async () => {
  const { node } = market;
  const variant = market.variant();
  const order = await anGiang.reserved(variant.variantId, 2, 'leg-1');
  expect(order).toMatchObject({ state: 'reserved', key: 'leg-1' });
  expect(await groupOf(order.orderId)).toMatchObject({
    status: 'awaiting-payment',
    payer: anGiang.key,
    source: 'partner',
    held: 'held',
  });
  expect(await market.available(variant)).toBe(variant.available - 2);
  expect(await books(anGiang)).toBe(0);

  const confirmed = ok(await anGiang.confirm(order));
  expect(confirmed).toMatchObject({ state: 'confirmed', orderId: order.orderId });
  expect(confirmed.rev).toBeGreaterThan(order.rev);
  expect(ok(await anGiang.confirm(order))).toEqual(confirmed);
  expect(await books(anGiang)).toBe(order.total.amount);
  const group = await groupOf(order.orderId);
  expect(group).toMatchObject({ status: 'paid', held: 'claimed' });

  await node.runJobs();
  const ofOrders = ({ nudges }: Partner) => nudges.filter((lanes) => lanes.includes('orders')).length;
  expect(ofOrders(anGiang), 'what it did itself is no news').toBe(0);
  const { next, items } = ok(await anGiang.orderChanges(undefined));
  expect(items.at(-1)).toEqual(confirmed);
  const code = group?.orders[0] ?? '';
  await node.services.orders.confirmOrder(code, { actor: 'test' });
  await node.services.orders.shipOrder(code, { actor: 'test' }, { carrier: 'GHN', trackingNumber: 'GHN42' });
  await node.runJobs();
  expect([ofOrders(anGiang), ofOrders(camau)]).toEqual([1, 0]);
  const news = ok(await anGiang.orderChanges(next));
  expect(news.items).toMatchObject([{ orderId: order.orderId, state: 'shipped', trackingNumber: 'GHN42' }]);
  expect(refusal(await anGiang.cancel(order.orderId, 'Đổi ý'))).toMatchObject({ code: 'order-under-way' });
  await node.services.orders.deliverOrder(code, { actor: 'test' });
  expect(ok(await anGiang.orderState({ key: 'leg-1' }))).toMatchObject({ state: 'delivered' });
  expect(ok(await camau.orderChanges(undefined)).items).toEqual([]);
  expect(refusal(await camau.orderState({ orderId: order.orderId }))).toMatchObject({ code: 'unknown-order' });
  expect(refusal(await camau.orderState({ key: 'leg-1' }))).toMatchObject({ code: 'unknown-idempotency-key' });
  expect(refusal(await camau.orderChanges(next))).toMatchObject({ code: 'foreign-cursor' });
  await node.runJobs();
  await expectSound(node.db);
});

test('its seller sees an order like any other, with the name of the exchange, and its number is told nothing by us', async () => {
  const { node } = market;
  const variant = market.variant();
  const order = await anGiang.bought(variant.variantId, 1, 'leg-seen');
  const group = await groupOf(order.orderId);
  const { items } = await node.services.orders.listOrders({ limit: 100 });
  const seen = items.find(({ code }) => code === group?.orders[0]);
  expect(seen).toMatchObject({ status: 'placed', paymentStatus: 'paid', partner: { key: anGiang.key } });
  expect(seen?.delivery.recipient.name).toBe(recipient.name);
  await node.services.orders.confirmOrder(seen?.code ?? '', { actor: 'test' });
  await node.runJobs();
  const { rows } = await node.db.execute(sql`select 1 from notices where path = ${`/don-hang/${seen?.code}`}`);
  expect(rows).toEqual([]);
  // Nobody else pays it, whoever knows its code.
  const waiting = await anGiang.reserved(variant.variantId, 1, 'leg-paid-by-another');
  const answer = await market.guest.client.send('POST', `/v1/order-groups/${waiting.code}/payments`, {
    body: { method: 'vietqr' },
    headers: { 'idempotency-key': 'not-theirs' },
  });
  expect([answer.status, answer.body]).toMatchObject([409, { code: 'order-not-payable' }]);
  ok(await anGiang.cancel(waiting.orderId, 'Khách đổi ý'));
});

test('the same key makes one order, however often and whenever it is sent', async () => {
  const variant = market.variant();
  const asked = anGiang.requestBy(await anGiang.quoted(variant.variantId));
  const all = (await Promise.all([1, 2, 3].map(() => anGiang.reserve(asked, 'leg-twice')))).map(ok);
  expect(new Set(all.map(({ orderId }) => orderId)).size).toBe(1);
  expect(await market.available(variant)).toBe(variant.available - 1);
  expect(refusal(await anGiang.reserve({ ...asked, buyer: { code: 'other' } }, 'leg-twice'))).toMatchObject({
    code: 'idempotency-key-reused',
  });
  expect(refusal(await anGiang.reserve(asked, 'leg-other-key'))).toMatchObject({ code: 'quote-expired' });
  // A key is a partner's own: another one may use the same.
  const theirs = await camau.reserved(variant.variantId, 1, 'leg-twice');
  expect(theirs.orderId).not.toBe(all[0]?.orderId);
  ok(await camau.cancel(theirs.orderId, 'x'));
  const off = ok(await anGiang.cancel(all[0]?.orderId ?? '', 'Khách đổi ý'));
  expect(off).toMatchObject({ state: 'cancelled', cancelReason: 'Khách đổi ý' });
  expect(ok(await anGiang.cancel(off.orderId, 'Again'))).toEqual(off);
  expect(refusal(await anGiang.confirm(off))).toMatchObject({ code: 'order-cancelled' });
  expect(await market.available(variant)).toBe(variant.available);
});

test('what is refused says why, and holds nothing', async () => {
  const { node } = market;
  const variant = market.variant();
  const uri = anGiang.uriOf(variant.variantId);
  const destination = { province };
  const ask = async (line: object, to: object = destination) =>
    refusal(await anGiang.quote({ lines: [{ uri, quantity: 1, ...line }], destination: { ...destination, ...to } }));
  expect(await ask({ uri: anGiang.uriOf('0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b') })).toMatchObject({
    code: 'unknown-record',
  });
  expect(await ask({ uri: 'ocop://elsewhere.example/offer/1' })).toMatchObject({ code: 'unknown-record' });
  expect(await ask({ quantity: variant.maxOrder + 1 })).toMatchObject({ code: 'quantity-outside-limits' });
  expect(await ask({}, { province: '00' })).toMatchObject({ code: 'destination-unserved' });
  await node.setStock(variant.variantId, 1);
  expect(await ask({ quantity: 2 })).toMatchObject({
    code: 'quantity-unavailable',
    extra: { lines: [{ uri, available: 1 }] },
  });

  const quote = await anGiang.quoted(variant.variantId);
  const asked = anGiang.requestBy(quote);
  const reserve = async (change: object) => refusal(await anGiang.reserve({ ...asked, ...change }, 'leg-refused'));
  expect(await reserve({ termsHash: '0'.repeat(64) })).toMatchObject({ code: 'terms-mismatch' });
  expect(await reserve({ shippingCode: 'drone' })).toMatchObject({ code: 'terms-mismatch' });
  expect(await reserve({ quoteId: 'none' })).toMatchObject({ code: 'quote-expired' });
  expect(await reserve({ recipient: { ...asked.recipient, phone: '123' } })).toMatchObject({
    code: 'recipient-invalid',
    extra: { pointer: '/recipient/phone' },
  });
  expect(await reserve({ recipient: { ...asked.recipient, province: '01' } })).toMatchObject({
    code: 'recipient-invalid',
  });
  expect(refusal(await camau.reserve(asked, 'leg-stolen'))).toMatchObject({ code: 'quote-expired' });
  await node.setPrice(variant.variantId, variant.priceVnd + 1_000);
  const changed = await reserve({});
  expect(changed).toMatchObject({
    code: 'price-changed',
    extra: { offers: [{ uri, price: moneyOf(variant.priceVnd + 1_000) }] },
  });
  expect(await ask({ expectedUnit: moneyOf(variant.priceVnd) })).toMatchObject({ code: 'price-changed' });
  expect(refusal(await anGiang.orderState({ key: 'leg-refused' }))).toMatchObject({ code: 'unknown-idempotency-key' });
  expect(await market.available(variant)).toBe(1);
});

test('row 31: two shoppers at two exchanges and one at ours, and one piece left', async () => {
  const variant = await market.scarce(1);
  const [a, b] = [await anGiang.quoted(variant.variantId), await camau.quoted(variant.variantId)];
  const cart = await market.guest.fillCart([variant.variantId, 1]);
  const [first, second, own] = await Promise.all([
    anGiang.reserve(anGiang.requestBy(a), 'leg-last'),
    camau.reserve(camau.requestBy(b), 'leg-last'),
    market.guest.checkout(cart).then(
      () => 'ok' as const,
      () => 'refused' as const,
    ),
  ]);
  const won = ['ok' in first, 'ok' in second, own === 'ok'].filter(Boolean);
  expect(won).toHaveLength(1);
  for (const one of [first, second])
    if (!('ok' in one))
      expect(refusal(one)).toMatchObject({ code: 'quantity-unavailable', extra: { lines: [{ available: 0 }] } });
  const { rows } = await market.node.db.execute(
    sql`select on_hand, held from stock where variant_id = ${variant.variantId}`,
  );
  expect(rows).toEqual([{ on_hand: 1, held: 1 }]);
  observed(
    31,
    'Two partners and a shopper of ours at once: one holds the last piece, the others are told that 0 are left.',
  );
});

test('row 30: confirmed too late it is refused and its goods are free; called off after it was confirmed, all is told and booked', async () => {
  const { node } = market;
  const variant = market.variant();
  const late = await anGiang.reserved(variant.variantId, 1, 'leg-late');
  node.clock.advance(minutes(30));
  expect(refusal(await anGiang.confirm(late))).toMatchObject({
    code: 'order-expired',
    extra: { order: { state: 'expired' } },
  });
  await node.runScheduled('orders.expire');
  await node.runJobs();
  expect(await market.available(variant)).toBe(variant.available);
  expect(refusal(await anGiang.confirm(late))).toMatchObject({ code: 'order-expired' });
  expect(ok(await anGiang.cancel(late.orderId, 'x'))).toMatchObject({ state: 'expired' });

  const before = await books(anGiang);
  const sold = await anGiang.bought(variant.variantId, 2, 'leg-called-off');
  const { next } = ok(await anGiang.orderChanges(undefined));
  const group = await groupOf(sold.orderId);
  await node.services.orders.cancelOrder(group?.orders[0] ?? '', { actor: 'test' }, { reason: 'Hết hàng' });
  await node.runJobs();
  const { items } = ok(await anGiang.orderChanges(next));
  expect(items).toMatchObject([
    { orderId: sold.orderId, state: 'cancelled', cancelReason: 'Hết hàng', refunds: [{ amount: sold.total }] },
  ]);
  expect(items[0]?.rev).toBeGreaterThan(sold.rev);
  expect(await market.available(variant)).toBe(variant.available);
  expect(await books(anGiang)).toBe(before);
  await node.runJobs();
  await expectSound(node.db);
  observed(
    30,
    'A confirmation after confirmBy is 409 order-expired and the goods are free; a seller’s cancellation moves rev, brings the stock back and takes the receivable away.',
  );
});

test('a part that is called off is a refund, and a partner may call off what has not left', async () => {
  const { node } = market;
  const variant = market.variant();
  const before = await books(anGiang);
  const sold = await anGiang.bought(variant.variantId, 3, 'leg-part');
  const [code = ''] = (await groupOf(sold.orderId))?.orders ?? [];
  await node.services.orders.cancelOrder(
    code,
    { actor: 'test' },
    { reason: 'Thiếu', lines: [{ variantId: variant.variantId, quantity: 1 }] },
  );
  const part = ok(await anGiang.orderState({ orderId: sold.orderId }));
  expect(part).toMatchObject({
    state: 'confirmed',
    lines: [{ quantity: 3, cancelled: 1 }],
    refunds: [{ amount: moneyOf(variant.priceVnd) }],
  });
  const off = ok(await anGiang.cancel(sold.orderId, 'Khách đổi ý'));
  expect(off.state).toBe('cancelled');
  expect(off.refunds?.reduce((sum, { amount }) => sum + amount.amount, 0)).toBe(sold.total.amount);
  expect(await books(anGiang)).toBe(before);
  await node.runJobs();
  await expectSound(node.db);
});

test('what was written beside a slower transaction is told when that has ended, and never passed over', async () => {
  const { node } = market;
  const variant = market.variant();
  const { next } = ok(await anGiang.orderChanges(undefined));
  let order: RemoteOrder | undefined;
  await node.db.transaction(async (slow) => {
    await slow.execute(sql`select pg_current_xact_id()`);
    order = await anGiang.reserved(variant.variantId, 1, 'leg-beside');
    expect(ok(await anGiang.orderChanges(next))).toMatchObject({ items: [], hasMore: false });
  });
  expect(ok(await anGiang.orderChanges(next)).items).toEqual([order]);
});

test('a total that is not the order’s buys nothing', async () => {
  const variant = market.variant();
  const order = await anGiang.reserved(variant.variantId, 1, 'leg-total');
  const wrong = { ...order, total: moneyOf(order.total.amount - 1) };
  expect(refusal(await anGiang.confirm(wrong))).toMatchObject({ code: 'total-mismatch' });
  expect(await groupOf(order.orderId)).toMatchObject({ status: 'awaiting-payment' });
});

test('the statement of a day is what the orders of that day say', async () => {
  const { node } = market;
  const variant = market.variant();
  const sold = await camau.bought(variant.variantId, 1, 'leg-day');
  const day = node.clock.now().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
  expect(refusal(await camau.settlement(day))).toMatchObject({ code: 'settlement-not-closed' });
  node.clock.advance(minutes(24 * 60));
  const { document, signature } = ok(await camau.settlement(day));
  expect(document.orders).toMatchObject([
    { orderId: sold.orderId, goods: moneyOf(variant.priceVnd), shipping: sold.shipping.amount, refunded: moneyOf(0) },
  ]);
  expect(document.due).toEqual(sold.total);
  expect(document.root).toBe(settlementRoot(document.orders));
  expect(signature.signature).toMatch(/^\S+=:/);
  expect(document).toEqual(await node.services.partnerOrders.settlementOf(camau.key, day));
  ok(await camau.cancel(sold.orderId, 'Khách đổi ý'));
  const next = node.clock.now().toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' });
  expect(await node.services.partnerOrders.settlementOf(camau.key, next)).toMatchObject({
    orders: [{ goods: moneyOf(0), shipping: moneyOf(0), refunded: sold.total }],
    due: moneyOf(-sold.total.amount),
  });
});
