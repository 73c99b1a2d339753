import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { type Group, recipient, signIn } from '#test/support/people.ts';

type Tracked = {
  readonly orders: readonly {
    readonly code: string;
    readonly status: string;
    readonly fulfilmentStatus: string;
    readonly trackingNumber: string | null;
    readonly shipments: readonly {
      readonly code: string;
      readonly state: string;
      readonly lines: readonly { readonly variantId: string; readonly quantity: number }[];
    }[];
  }[];
};

let market: Market;
let seller: Client;
/** Two sizes of the seller's own business. */
let one: string;
let two: string;
beforeAll(async () => {
  market = await openMarket();
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  [one, two] = [items[0]?.variantId ?? '', items[1]?.variantId ?? ''];
  for (const variantId of [one, two]) await market.node.setStock(variantId, 500);
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

/** Three pieces of one size and two of another, paid and confirmed; the code of the order. */
async function confirmed(): Promise<string> {
  const group: Group = await market.guest.order([one, 3], [two, 2]);
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const code = group.orders[0]?.code ?? '';
  await act(code, 'confirm');
  return code;
}
const act = (code: string, verb: string, body: object = {}) =>
  seller.expect<unknown>(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body });
const refusal = async (code: string, verb: string, body: object) =>
  (await seller.send<{ code: string; open?: unknown }>('POST', `/v1/seller/orders/${code}/${verb}`, { body })).body;
const pieces = (variantId: string, quantity: number) => ({ variantId, quantity });
async function orderOf(code: string) {
  const body = { code, phone: recipient.phone };
  const { orders } = await market.guest.client.expect<Tracked>(200, 'POST', '/v1/orders/track', { body });
  const [order] = orders;
  if (!order) throw new Error('The order is gone');
  return order;
}

describe('an order in several parcels', () => {
  test('is as far as its least advanced piece, and done when the last one is there', async () => {
    const code = await confirmed();
    await act(code, 'ship', { carrier: 'GHN', trackingNumber: 'G-1', lines: [pieces(one, 2)] });
    expect(await orderOf(code)).toMatchObject({
      status: 'confirmed',
      fulfilmentStatus: 'none',
      shipments: [{ state: 'picked_up', lines: [pieces(one, 2)] }],
    });
    await act(code, 'pack', { lines: [pieces(one, 1), pieces(two, 1)] });
    expect((await orderOf(code)).fulfilmentStatus).toBe('none');
    await act(code, 'pack');
    expect((await orderOf(code)).fulfilmentStatus).toBe('packed');
    await act(code, 'deliver');
    expect(await orderOf(code)).toMatchObject({ status: 'confirmed', fulfilmentStatus: 'packed' });
    await act(code, 'ship', { trackingNumber: 'G-2' });
    expect((await orderOf(code)).fulfilmentStatus).toBe('shipped');
    await act(code, 'deliver');
    const done = await orderOf(code);
    expect(done).toMatchObject({ status: 'completed', fulfilmentStatus: 'delivered', trackingNumber: 'G-2' });
    expect(done.shipments.map(({ state }) => state)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(done.shipments.flatMap(({ lines }) => lines).filter(({ variantId }) => variantId === one)).toEqual([
      pieces(one, 2),
      pieces(one, 1),
    ]);
  });

  test('never holds more than was bought', async () => {
    const code = await confirmed();
    await act(code, 'pack', { lines: [pieces(one, 2)] });
    expect(await refusal(code, 'pack', { lines: [pieces(one, 2)] })).toMatchObject({
      code: 'pieces-not-open',
      open: expect.arrayContaining([{ variantId: one, open: 1 }]),
    });
    const strange = market.variant().variantId;
    expect(await refusal(code, 'ship', { lines: [pieces(strange, 1)] })).toMatchObject({ code: 'line-not-of-order' });
    expect(await refusal(code, 'pack', { lines: [] })).toMatchObject({ code: 'invalid-request' });
    expect(await refusal(code, 'pack', { lines: [pieces(one, 0)] })).toMatchObject({ code: 'invalid-request' });
    expect((await orderOf(code)).shipments).toHaveLength(1);
  });

  test('cannot be called off once a part of it has left, though what is left is at home', async () => {
    const code = await confirmed();
    await act(code, 'ship', { lines: [pieces(one, 1)] });
    const answer = await seller.send<{ code: string }>('POST', `/v1/seller/orders/${code}/cancel`, {
      body: { reason: 'Hết hàng' },
      headers: { 'idempotency-key': code },
    });
    expect(answer).toMatchObject({ status: 409, body: { code: 'order-not-cancellable' } });
  });

  test('is not packed any more when it was called off', async () => {
    const code = await confirmed();
    await act(code, 'pack');
    const answer = await seller.send('POST', `/v1/seller/orders/${code}/cancel`, {
      body: { reason: 'Hết hàng' },
      headers: { 'idempotency-key': code },
    });
    expect(answer.status).toBe(200);
    expect(await orderOf(code)).toMatchObject({ status: 'cancelled', fulfilmentStatus: 'none' });
  });

  test('a lost parcel leaves its pieces to be sent again', async () => {
    const code = await confirmed();
    await act(code, 'ship');
    const [first] = (await orderOf(code)).shipments;
    await act(code, `shipments/${first?.code}/state`, { state: 'lost_damaged' });
    expect(await orderOf(code)).toMatchObject({ status: 'confirmed', fulfilmentStatus: 'none' });
    expect(await refusal(code, `shipments/${first?.code}/state`, { state: 'delivered' })).toMatchObject({
      code: 'shipment-not-movable',
      shipmentState: 'lost_damaged',
    });
    await act(code, 'ship');
    await act(code, 'deliver');
    expect((await orderOf(code)).status).toBe('completed');
  });

  test('another order has no such parcel', async () => {
    const [code, other] = [await confirmed(), await confirmed()];
    await act(code, 'pack');
    const [parcel] = (await orderOf(code)).shipments;
    expect(await refusal(other, `shipments/${parcel?.code}/state`, { state: 'picked_up' })).toMatchObject({
      code: 'shipment-not-found',
    });
  });
});

test('what a carrier tells counts once and in its order: late news changes nothing and is kept', async () => {
  const code = await confirmed();
  await act(code, 'pack');
  const { couriers: carrier } = market.node.services.orders;
  const parcel = (await orderOf(code)).shipments[0]?.code ?? '';
  expect(await carrier.setTracking(parcel, { carrier: 'ghn', trackingNumber: 'LX-9' })).toBe(true);
  const tell = (state: 'in_transit' | 'picked_up' | 'delivered' | 'cod_settled', sourceId: string) =>
    carrier.tellByTracking('ghn', 'LX-9', { state, sourceId });
  expect(await tell('in_transit', 'm2')).toBe('moved');
  expect(await tell('picked_up', 'm1')).toBe('stale');
  expect(await tell('in_transit', 'm2')).toBe('known');
  expect(await tell('delivered', 'm3')).toBe('moved');
  expect(await tell('cod_settled', 'm4')).toBe('moved');
  expect(await carrier.tellByCode(parcel, { state: 'in_transit', sourceId: 'm5' })).toBe('stale');
  expect(await carrier.tellByTracking('ghn', 'NOBODY', { state: 'delivered' })).toBe('unknown');
  expect(await carrier.setTracking(parcel, { carrier: 'ghtk', trackingNumber: 'S1' })).toBe(false);
  expect(await orderOf(code)).toMatchObject({ status: 'completed', shipments: [{ state: 'cod_settled' }] });
});
