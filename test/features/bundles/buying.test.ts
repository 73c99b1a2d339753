import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { fresh, type Group, home, recipient, signIn, type Variant } from '#test/support/people.ts';
import { createVisitor } from '#test/web/visitor.ts';

type Bundle = { readonly slug: string; readonly priceVnd: number; readonly available: number; readonly status: string };

let market: Market;
let officer: Client;
beforeAll(async () => {
  market = await openMarket();
  officer = await signIn(market.node.url, 'kiemduyet@cho-noi.example', demoPassword);
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const stock = async ({ variantId }: Variant) => {
  const { rows } = await market.node.db.execute<{ onHand: number; held: number }>(
    sql`select on_hand as "onHand", held from stock where variant_id = ${variantId}`,
  );
  return rows[0];
};
/** A box of three businesses at 100,001 đ, of goods at 50,000 đ each, of which so many are there. */
async function box(
  ...available: readonly [number, number, number]
): Promise<{ id: string; goods: readonly Variant[] }> {
  const goods = await Promise.all(available.map((count) => market.scarce(count)));
  for (const { variantId } of goods) await market.node.setPrice(variantId, 50_000);
  const { bundleId } = await officer.expect<{ bundleId: string }>(201, 'POST', '/v1/staff/bundles', {
    body: {
      nameVi: 'Hộp quà thử',
      priceVnd: 100_001,
      items: goods.map(({ variantId }) => ({ variantId, quantity: 1 })),
    },
  });
  return { id: bundleId, goods };
}
const buy = (id: string, more: object = {}, headers = fresh()) =>
  market.guest.client.send<Group & { code: string; bundle: unknown }>('POST', `/v1/bundles/${id}/checkout`, {
    body: { quantity: 1, recipient, address: home, ...more },
    headers,
  });
async function bought(id: string, quantity = 1): Promise<Group> {
  const { body, status, text } = await buy(id, { quantity });
  if (status !== 201) throw new Error(text);
  const { qr } = await market.guest.pay(body.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: body.totalVnd });
  return market.guest.group(body.code);
}
const cancel = (code: string, body: object = {}) =>
  market.guest.client.send<{ code: string }>('POST', `/v1/orders/${code}/cancel`, {
    body: { phone: recipient.phone, ...body },
    headers: fresh(),
  });

describe('a gift box', () => {
  test('is sold at its own price, divided over the businesses to the đồng', async () => {
    const { id } = await box(5, 5, 5);
    const { body } = await buy(id);
    expect(body).toMatchObject({ totalVnd: 100_001 + 3 * 25_000, bundle: { name: 'Hộp quà thử', quantity: 1 } });
    expect(body.orders.map(({ totalVnd }) => totalVnd - 25_000).toSorted()).toEqual([33_333, 33_334, 33_334]);
  });

  test('is held as a whole or not at all', async () => {
    const { id, goods } = await box(3, 1, 3);
    expect((await buy(id, { quantity: 2 })).body.code).toBe('bundle-not-for-sale');
    const crowd = await Promise.all(Array.from({ length: 6 }, () => buy(id)));
    expect(crowd.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
    expect(await Promise.all(goods.map(stock))).toEqual([
      { onHand: 3, held: 1 },
      { onHand: 1, held: 1 },
      { onHand: 3, held: 1 },
    ]);
    const { rows } = await market.node.db.execute(
      sql`select distinct source from holds where variant_id = ${goods[0]?.variantId}`,
    );
    expect(rows).toEqual([{ source: 'bundle' }]);
    market.node.clock.advance(hours(1));
    await market.node.runScheduled('orders.expire');
    expect(await stock(goods[1] as Variant)).toEqual({ onHand: 1, held: 0 });
  });

  test('is called off as a whole by its buyer, and all of its price goes back', async () => {
    const { id, goods } = await box(5, 5, 5);
    const group = await bought(id);
    const [first] = group.orders;
    expect((await cancel(first?.code ?? '')).status).toBe(200);
    const after = await market.guest.group(group.code);
    expect(after.status).toBe('cancelled');
    const refunds = await market.refundsOf(group);
    expect(refunds.reduce((sum, { amountVnd }) => sum + amountVnd, 0)).toBe(group.totalVnd);
    for (const one of goods) expect(await stock(one)).toEqual({ onHand: 5, held: 0 });
  });

  test('cannot be called off in part: two boxes are one matter', async () => {
    const { id, goods } = await box(5, 5, 5);
    const group = await bought(id, 2);
    const answers = await Promise.all(
      group.orders.map(({ code }) =>
        cancel(code, { lines: goods.map(({ variantId }) => ({ variantId, quantity: 1 })).slice(0, 1) }),
      ),
    );
    for (const { body } of answers) expect(['bundle-whole', 'line-not-of-order']).toContain(body.code);
    expect((await market.guest.group(group.code)).status).toBe('paid');
  });

  test('goes back whole when one of its businesses has run out, and nobody else is blamed', async () => {
    const { id } = await box(5, 5, 5);
    const group = await bought(id);
    const [silent] = group.orders;
    const { orders: service } = market.node.services;
    await service.cancelOrder(
      silent?.code ?? '',
      { actor: 'test', businessIds: [silent?.business.businessId as never] },
      { reason: 'Hết hàng' },
    );
    expect((await market.guest.group(group.code)).status).toBe('cancelled');
    const { rows } = await market.node.db.execute<{ by: string }>(
      sql`select e.detail ->> 'by' as by from order_events e join orders o on o.id = e.order_id join order_groups g on g.id = o.group_id
        where g.code = ${group.code} and e.type = 'cancelled' order by 1`,
    );
    expect(rows.map(({ by }) => by)).toEqual(['exchange', 'exchange', 'seller']);
  });

  test('of which a part has left stays with its buyer, but for the part that is missing', async () => {
    const { id } = await box(5, 5, 5);
    const group = await bought(id);
    const [sent, missing] = group.orders;
    const { orders: service } = market.node.services;
    await service.confirmOrder(sent?.code ?? '', { actor: 'test' });
    await service.shipOrder(sent?.code ?? '', { actor: 'test' });
    expect((await cancel(missing?.code ?? '')).body.code).toBe('order-not-cancellable');
    await service.cancelOrder(missing?.code ?? '', { actor: 'test' }, { reason: 'Hết hàng' });
    expect((await market.guest.group(group.code)).status).toBe('partly-cancelled');
    expect(await market.refundsOf(group)).toMatchObject([{ amountVnd: missing?.totalVnd }]);
  });
});

describe('officers', () => {
  test('put boxes together and withdraw them; what is withdrawn is not sold', async () => {
    const { id } = await box(5, 5, 5);
    expect((await buy(id, { expectedTotalVnd: 1 })).body.code).toBe('bundle-price-changed');
    await officer.expect(204, 'POST', `/v1/staff/bundles/${id}/withdraw`);
    expect((await buy(id)).body.code).toBe('bundle-not-found');
    const { items } = await officer.expect<{ items: Bundle[] }>(200, 'GET', '/v1/staff/bundles');
    expect(items.find(({ status }) => status === 'withdrawn')).toMatchObject({ available: 0 });
    const listed = await market.guest.client.expect<{ items: Bundle[] }>(200, 'GET', '/v1/bundles');
    expect(listed.items.every(({ status }) => status === 'listed')).toBe(true);
  });

  test('do so on a page that keeps what was typed', async () => {
    const desk = createVisitor(market.node.url);
    await desk.get('/dang-nhap');
    await desk.post('/dang-nhap', { login: 'kiemduyet@cho-noi.example', password: demoPassword });
    await desk.get('/quan-tri/hop-qua');
    const form = { do: 'create', nameVi: 'Hộp quà sông nước', nameEn: '', descriptionVi: 'Để biếu', price: '60.000' };
    const refused = await desk.post('/quan-tri/hop-qua', { ...form, items: 'khong-co-mon-nay 1' });
    expect([refused.status, refused.html.includes('Hộp quà sông nước')]).toEqual([422, true]);
    const items = 'hanh-tim-vinh-chau-tui-luoi 1\nbanh-pia-sau-rieng-trung-muoi 1';
    expect((await desk.post('/quan-tri/hop-qua', { ...form, items })).status).toBe(303);
    const shopper = createVisitor(market.node.url);
    const list = await shopper.get('/hop-qua');
    expect(list.text).toContain('Hộp quà sông nước');
    const path = /\/hop-qua\/hop-qua-song-nuoc-[0-9a-f]{4}/.exec(list.html)?.[0] ?? '';
    await shopper.get(path);
    const to = { boxes: '1', name: recipient.name, phone: '12', line: home.line, provinceCode: '92', ward: 'Phường 1' };
    const again = await shopper.post(path, to);
    expect([again.status, again.html.includes(recipient.name)]).toEqual([422, true]);
    expect((await shopper.post(path, { ...to, phone: recipient.phone })).location).toMatch(/^\/thanh-toan\/ST/);
  });
});
