import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Group, home, recipient, signIn } from '#test/support/people.ts';

type Way = {
  method: string;
  feeVnd: number;
  available: boolean;
  spoiling: { name: string }[];
  pickupPoint: object | null;
};
type Shop = {
  businessId: string;
  shippingVnd: number;
  deliveryMethod: string;
  deliveryOptions: Way[];
  freight: { zone: string; shareBps: number; toFreeVnd: number | null; advice: string | null };
};
type Cart = { cartId: string; totalVnd: number; businesses: Shop[] };
type Goods = { variantId: string; productId: string; businessId: string; price: number };

let node: TestNode;
let seller: Client;
let finance: Client;
let shallots: Goods;
let chilled: Goods;

const goodsWhere = async (where: ReturnType<typeof sql>): Promise<Goods> => {
  const { rows } = await node.db.execute<Goods>(
    sql`select v.id as "variantId", p.id as "productId", p.business_id as "businessId", pr.price_vnd::int as price from variants v join products p on p.id = v.product_id
      join businesses b on b.id = p.business_id join prices pr on pr.variant_id = v.id join stock s on s.variant_id = v.id
      where v.position = 0 and v.min_order = 1 and s.on_hand > 20 and p.status = 'listed' and ${where} order by p.sku limit 1`,
  );
  if (!rows[0]) throw new Error('The demonstration has changed');
  return rows[0];
};
beforeAll(async () => {
  node = await startNode();
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  finance = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  shallots = await goodsWhere(sql`b.code = 'B001' and p.storage = 'ambient'`);
  chilled = await goodsWhere(
    sql`p.storage = 'chilled' and not exists (select from delivery_terms d where d.business_id = b.id)`,
  );
}, 60_000);
afterAll(async () => {
  await node.runJobs();
  await expectSound(node.db);
  await node.close();
});

const far = { line: '5 Tràng Tiền', provinceCode: '01', ward: 'Phường Cửa Nam' } as const;
const near = { line: '1 Trần Hưng Đạo', provinceCode: '96', ward: 'Phường An Xuyên' } as const;

async function cartWith(...lines: readonly (readonly [Goods, number])[]): Promise<string> {
  const { cartId } = await node.guest.openCart();
  for (const [{ variantId }, quantity] of lines) await node.guest.put(cartId, [variantId, quantity]);
  return cartId;
}
const deliver = (cartId: string, address: object, choices?: readonly object[]) =>
  node.guest.client.send<Cart & { code: string }>('PUT', `/v1/carts/${cartId}/delivery`, {
    body: { recipient, address, ...(choices && { choices }) },
  });
const order = (cartId: string, body: object = {}) =>
  node.guest.client.send<Group & { code: string; products: object[] }>('POST', `/v1/carts/${cartId}/checkout`, {
    body,
    headers: fresh(),
  });
const shopOf = async (cartId: string, { businessId }: Goods): Promise<Shop> => {
  const { businesses } = await node.guest.client.expect<Cart>(200, 'GET', `/v1/carts/${cartId}`);
  const shop = businesses.find((one) => one.businessId === businessId);
  if (!shop) throw new Error('The cart has nothing of this business');
  return shop;
};

describe('a cart', () => {
  test('tells the zone, the share of the freight, and where else to have the goods', async () => {
    const cartId = await cartWith([shallots, 1]);
    const shop = await shopOf(cartId, shallots);
    expect(shop).toMatchObject({ shippingVnd: 25_000, deliveryMethod: 'standard', freight: { zone: 'in-province' } });
    expect(shop.deliveryOptions.map(({ method, feeVnd }) => [method, feeVnd])).toEqual([
      ['standard', 25_000],
      ['pickup', 0],
    ]);
    expect(shop.freight.shareBps).toBe(Math.round((25_000 * 10_000) / shallots.price));
    expect(shop.freight.advice).toBe(shallots.price < 62_500 ? 'combine' : null);
    await deliver(cartId, far);
    expect((await shopOf(cartId, shallots)).freight.zone).toBe('far');
  });

  test('is collected for nothing where that was chosen, and the order keeps where', async () => {
    const cartId = await cartWith([shallots, 2]);
    const { body } = await deliver(cartId, home, [{ businessId: shallots.businessId, method: 'pickup' }]);
    expect([body.totalVnd, body.businesses[0]?.deliveryMethod]).toEqual([2 * shallots.price, 'pickup']);
    const { status, body: group } = await order(cartId, { expectedTotalVnd: 2 * shallots.price });
    expect(status).toBe(201);
    const tracked = await node.guest.client.expect<{
      orders: { shippingVnd: number; pickupPoint: { name: string } }[];
    }>(200, 'POST', '/v1/orders/track', { body: { code: group.code, phone: recipient.phone } });
    expect(tracked.orders[0]).toMatchObject({
      shippingVnd: 0,
      deliveryMethod: 'pickup',
      pickupPoint: { name: 'Kho HTX' },
    });
  });

  test.each([
    ['a business that offers no pick-up', () => chilled.businessId, 'pickup-not-offered'],
    ['a business that is not in the cart', () => shallots.businessId, 'not-in-cart'],
  ])('refuses a choice for %s, and keeps the delivery that it had', async (_name, id, code) => {
    const cartId = await cartWith([chilled, 1]);
    await deliver(cartId, home);
    const refused = await deliver(cartId, near, [{ businessId: id(), method: 'pickup' }]);
    expect([refused.status, refused.body.code]).toEqual([422, code]);
    const kept = await node.guest.client.expect<{ delivery: { address: object } }>(200, 'GET', `/v1/carts/${cartId}`);
    expect(kept.delivery.address).toMatchObject({ provinceCode: '92' });
  });

  test('with goods that would spoil is refused at checkout by their names, until they go nearer', async () => {
    const cartId = await cartWith([chilled, 1], [shallots, 1]);
    expect((await deliver(cartId, near)).status).toBe(200);
    const counts = async () => {
      const { orders, holds, carts } = await node.countRows();
      return [orders, holds, carts];
    };
    const before = await counts();
    const { status, body } = await order(cartId);
    expect([status, body.code]).toEqual([422, 'goods-would-spoil']);
    expect(body.products).toMatchObject([{ productId: chilled.productId, maxHours: 24, transitHours: 48 }]);
    expect(await counts()).toEqual(before);
    expect((await shopOf(cartId, chilled)).deliveryOptions).toMatchObject([{ method: 'standard', available: false }]);
    await deliver(cartId, home);
    expect((await order(cartId)).status).toBe(201);
  });

  test('whose pick-up was withdrawn meanwhile is not charged for a parcel unseen', async () => {
    const cartId = await cartWith([shallots, 1]);
    const { businessId } = shallots;
    await deliver(cartId, home, [{ businessId, method: 'pickup' }]);
    const path = `/v1/seller/delivery/${businessId}`;
    await seller.expect(204, 'PUT', path, { body: { freeOverVnd: null } });
    expect((await order(cartId)).body.code).toBe('pickup-not-offered');
    const ownPoint = { name: 'Kho HTX', line: 'Tổ 3', wardCode: '31795', hours: '7–17' };
    await seller.expect(204, 'PUT', path, { body: { freeOverVnd: null, ownPoint } });
    expect((await order(cartId)).status).toBe(201);
  });
});

describe('a business', () => {
  test('bears the freight from its sum on', async () => {
    const ownPoint = { name: 'Kho HTX', line: 'Tổ 3', wardCode: '31795', hours: '7–17' };
    const body = { freeOverVnd: 2 * shallots.price, ownPoint };
    await seller.expect(204, 'PUT', `/v1/seller/delivery/${shallots.businessId}`, { body });
    const cartId = await cartWith([shallots, 1]);
    expect((await shopOf(cartId, shallots)).freight.toFreeVnd).toBe(shallots.price);
    await node.guest.put(cartId, [shallots.variantId, 2]);
    expect(await shopOf(cartId, shallots)).toMatchObject({ shippingVnd: 0, freight: { toFreeVnd: null, shareBps: 0 } });
    await seller.expect(204, 'PUT', `/v1/seller/delivery/${shallots.businessId}`, {
      body: { freeOverVnd: null, ownPoint },
    });
  });

  test.each([
    ['a point of nobody', { pickupPointId: '01900000-0000-7000-8000-000000000999' }, 404, 'pickup-point-not-found'],
    [
      'a point without a name',
      { ownPoint: { name: ' ', line: 'x', wardCode: '31795', hours: 'x' } },
      422,
      'pickup-point-incomplete',
    ],
    [
      'a point in no ward',
      { ownPoint: { name: 'x', line: 'x', wardCode: '99999', hours: 'x' } },
      422,
      'pickup-point-incomplete',
    ],
    ['a sum of nothing', { freeOverVnd: 0 }, 400, 'invalid-request'],
  ])('is refused %s, and keeps what it had', async (_name, more, status, code) => {
    const read = () => seller.expect<object>(200, 'GET', '/v1/seller/delivery');
    const before = await read();
    const body = { freeOverVnd: 100_000, ...more };
    const refused = await seller.send('PUT', `/v1/seller/delivery/${shallots.businessId}`, { body });
    expect(refused).toMatchObject({ status, body: { code } });
    expect(await read()).toEqual(before);
  });

  test('says of a product of its own how long it bears, and of no other', async () => {
    const limit = (productId: string, maxHours: number | null) =>
      seller.send('PUT', `/v1/seller/products/${productId}/transit-limit`, { body: { maxHours } });
    expect((await limit(chilled.productId, 500)).status).toBe(404);
    expect((await limit(shallots.productId, 24)).status).toBe(204);
    const cartId = await cartWith([shallots, 1]);
    await deliver(cartId, far);
    expect((await order(cartId)).body.code).toBe('goods-would-spoil');
    expect((await limit(shallots.productId, null)).status).toBe(204);
    expect((await order(cartId)).status).toBe(201);
  });
});

describe('the tariff of the exchange', () => {
  const add = (what: string, body: object) => finance.send('POST', `/v1/staff/shipping/${what}`, { body });
  const steps = { baseGrams: null, stepGrams: null, stepVnd: null };
  const size = { volumetricDivisor: null, valueFromVnd: null, valueBps: null };
  const rate = { scheme: 'zone', zone: 'region', feeVnd: 40_000, ...steps, ...size, note: 'Thử' };
  const dayAfter = (days: number): string =>
    new Date(node.clock.now().getTime() + days * 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);

  test('changes by rows with a first day, which orders of before do not feel', async () => {
    expect((await add('rates', { ...rate, from: dayAfter(2) })).status).toBe(204);
    const cartId = await cartWith([shallots, 1]);
    await deliver(cartId, near);
    expect((await shopOf(cartId, shallots)).shippingVnd).toBe(25_000);
    node.clock.advance(3 * 86_400_000);
    expect((await shopOf(cartId, shallots)).shippingVnd).toBe(40_000);
    expect((await order(cartId, { expectedTotalVnd: shallots.price + 25_000 })).body.code).toBe('price-changed');
    await expect(node.db.execute(sql`update shipping_rates set fee_vnd = 0`)).rejects.toThrow();
  });

  test('puts one ward into another zone than its province', async () => {
    const body = { provinceCode: '92', wardCode: '31795', zone: 'region', from: dayAfter(0), note: 'Cù lao' };
    expect((await add('zones', body)).status).toBe(204);
    const cartId = await cartWith([chilled, 1]);
    await deliver(cartId, { ...home, wardCode: '31795' });
    expect((await shopOf(cartId, chilled)).freight.zone).toBe('region');
    expect((await order(cartId)).body.code).toBe('goods-would-spoil');
  });

  test.each([
    ['a rate from yesterday', 'rates', () => ({ ...rate, from: dayAfter(-1) }), 422, 'rate-from-past'],
    ['half a step', 'rates', () => ({ ...rate, baseGrams: 500, from: dayAfter(1) }), 422, 'rate-incomplete'],
    [
      'a zone that is none',
      'zones',
      () => ({ provinceCode: '92', wardCode: null, zone: 'moon', from: dayAfter(1), note: '' }),
      400,
      'invalid-request',
    ],
    [
      'a way that is shorter at its longest',
      'times',
      () => ({ zone: 'far', minHours: 9, maxHours: 8, cutOffHour: 9, from: dayAfter(1), note: '' }),
      422,
      'transit-hours-crossed',
    ],
    [
      'a limit of no hours',
      'limits',
      () => ({ storage: 'fresh', maxHours: 0, from: dayAfter(1), note: '' }),
      400,
      'invalid-request',
    ],
  ] as const)('refuses %s', async (_name, what, body, status, code) => {
    const before = await node.countRows();
    expect(await add(what, body())).toMatchObject({ status, body: { code } });
    expect(await node.countRows()).toEqual(before);
  });

  test('has points of its own, which close for new orders', async () => {
    const point = { name: 'Bến Ninh Kiều', line: '1 Hai Bà Trưng', wardCode: '31507', hours: '8–20' };
    const { pickupPointId } = await finance.expect<{ pickupPointId: string }>(
      201,
      'POST',
      '/v1/staff/shipping/points',
      {
        body: point,
      },
    );
    expect((await finance.send('DELETE', `/v1/staff/shipping/points/${pickupPointId}`)).status).toBe(204);
    expect((await finance.send('DELETE', `/v1/staff/shipping/points/${pickupPointId}`)).status).toBe(404);
  });
});
