import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { hours } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { fresh, type Group, recipient, signIn } from '#test/support/people.ts';

let market: Market;
let seller: Client;
let businessId: string;
/** Two sizes of the seller's own business, and what the first costs. */
let one: string;
let two: string;
let priceVnd: number;
beforeAll(async () => {
  market = await openMarket();
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  [one, two] = [items[0]?.variantId ?? '', items[1]?.variantId ?? ''];
  priceVnd = 30_000;
  for (const variantId of [one, two]) {
    await market.node.setPrice(variantId, priceVnd);
    await market.node.setStock(variantId, 500);
  }
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

/** Three pieces of one size and two of another at 30,000 đ, paid; with what else is named. */
async function paid(...more: readonly string[]): Promise<{ group: Group; code: string; totalVnd: number }> {
  const group = await market.guest.order([one, 3], [two, 2], ...more.map((id) => [id, 1] as const));
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const own = group.orders.find(({ business }) => business.name.includes('Bãi Giồng'));
  businessId = own?.business.businessId ?? '';
  return { group, code: own?.code ?? '', totalVnd: own?.totalVnd ?? 0 };
}
const pieces = (variantId: string, quantity: number) => ({ variantId, quantity });
type Cancelled = { code: string; status: string; paymentStatus: string; refundVnd: number; open?: unknown };
const bySeller = (code: string, body: object, headers = fresh()) =>
  seller.send<Cancelled>('POST', `/v1/seller/orders/${code}/cancel`, {
    body: { reason: 'Hết hàng', ...body },
    headers,
  });
const byShopper = (code: string, body: object = {}, headers = fresh()) =>
  market.guest.client.send<Cancelled>('POST', `/v1/orders/${code}/cancel`, {
    body: { phone: recipient.phone, ...body },
    headers,
  });
const act = (code: string, verb: string, body: object = {}) =>
  seller.expect<unknown>(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body });
const onHand = async (variantId: string): Promise<number> => {
  const { rows } = await market.node.db.execute<{ count: number }>(
    sql`select on_hand as count from stock where variant_id = ${variantId}`,
  );
  return rows[0]?.count ?? Number.NaN;
};
/** The code of the order's newest parcel. */
const parcelOf = async (code: string): Promise<string> => {
  const { rows } = await market.node.db.execute<{ code: string }>(
    sql`select s.code from shipments s join orders o on o.id = s.order_id where o.code = ${code} order by s.id desc limit 1`,
  );
  return rows[0]?.code ?? '';
};
const refunds = async (group: Group) => (await market.refundsOf(group)).map(({ amountVnd }) => amountVnd);

describe('pieces of an order', () => {
  test('are called off by a seller who has run out: their money and nothing else goes back', async () => {
    const other = market.variant();
    const { group, code } = await paid(other.variantId);
    const before = await onHand(one);
    const first = await bySeller(code, { lines: [pieces(one, 2)] });
    expect(first).toMatchObject({
      status: 200,
      body: { code, status: 'placed', paymentStatus: 'part-refunded', refundVnd: 2 * priceVnd },
    });
    expect(await onHand(one)).toBe(before + 2);
    expect((await market.guest.group(group.code)).status).toBe('paid');
    expect(await bySeller(code, { lines: [pieces(one, 2)] })).toMatchObject({
      status: 409,
      body: { code: 'pieces-not-open', open: expect.arrayContaining([{ variantId: one, open: 1 }]) },
    });
    await act(code, 'confirm');
    await bySeller(code, { lines: [pieces(one, 1)] });
    await act(code, 'ship');
    await act(code, 'deliver');
    expect(await refunds(group)).toEqual([2 * priceVnd, priceVnd]);
    const after = await market.guest.group(group.code);
    expect(after.orders.find((order) => order.code === code)).toMatchObject({
      status: 'completed',
      paymentStatus: 'part-refunded',
    });
  });

  test('with the last of them the order is cancelled and the freight goes back too', async () => {
    const { group, code, totalVnd } = await paid();
    await bySeller(code, { lines: [pieces(one, 3)] });
    const last = await bySeller(code, { lines: [pieces(two, 2)] });
    expect(last.body).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
    expect((await refunds(group)).reduce((sum, amount) => sum + amount, 0)).toBe(totalVnd);
    expect((await market.guest.group(group.code)).status).toBe('cancelled');
  });

  test('that are packed are unpacked where they are needed, and the rest is packed again', async () => {
    const { code } = await paid();
    await act(code, 'confirm');
    await act(code, 'pack');
    await bySeller(code, { lines: [pieces(two, 1)] });
    expect((await market.guest.group(code)).orders[0]).toMatchObject({ status: 'confirmed', fulfilmentStatus: 'none' });
    await act(code, 'ship');
    await act(code, 'deliver');
    expect((await market.guest.group(code)).orders[0]?.status).toBe('completed');
  });

  test('that are left at home can be called off while others travel; those that travel cannot', async () => {
    const { code } = await paid();
    await act(code, 'confirm');
    await act(code, 'ship', { lines: [pieces(one, 3)] });
    expect((await bySeller(code, {})).body.code).toBe('order-not-cancellable');
    expect((await bySeller(code, { lines: [pieces(one, 1)] })).body.code).toBe('pieces-not-open');
    const rest = await bySeller(code, { lines: [pieces(two, 2)] });
    expect(rest.body).toMatchObject({ status: 'confirmed', refundVnd: 2 * priceVnd });
    expect((await market.guest.group(code)).orders[0]).toMatchObject({ fulfilmentStatus: 'shipped' });
  });

  test('that a carrier lost are paid back and do not come back to the shelf', async () => {
    const { code, group, totalVnd } = await paid();
    await act(code, 'confirm');
    await act(code, 'ship');
    const tracked = await market.guest.client.expect<{ orders: { shipments: { code: string }[] }[] }>(
      200,
      'POST',
      '/v1/orders/track',
      { body: { code, phone: recipient.phone } },
    );
    await act(code, `shipments/${tracked.orders[0]?.shipments[0]?.code}/state`, { state: 'lost_damaged' });
    const before = await onHand(one);
    expect((await bySeller(code, {})).body).toMatchObject({ status: 'cancelled', refundVnd: totalVnd });
    expect(await onHand(one)).toBe(before);
    expect(await refunds(group)).toEqual([totalVnd]);
  });

  test('in several steps come back to the shelf as often as they are there: the lost ones count once', async () => {
    const { code } = await paid();
    await act(code, 'confirm');
    await act(code, 'ship', { lines: [pieces(one, 2)] });
    await act(code, `shipments/${await parcelOf(code)}/state`, { state: 'lost_damaged' });
    const before = await onHand(one);
    // Two of three were lost: whoever calls off pieces one by one calls the lost ones off first, and the third is there.
    for (const back of [0, 0, 1]) {
      const now = await onHand(one);
      expect((await bySeller(code, { lines: [pieces(one, 1)] })).status).toBe(200);
      expect((await onHand(one)) - now).toBe(back);
    }
    expect(await onHand(one)).toBe(before + 1);
  });

  test('before others are lost have come back already, and do not come back again', async () => {
    const { code } = await paid();
    await act(code, 'confirm');
    const before = await onHand(one);
    await bySeller(code, { lines: [pieces(one, 1)] });
    await act(code, 'ship', { lines: [pieces(one, 2)] });
    await act(code, `shipments/${await parcelOf(code)}/state`, { state: 'lost_damaged' });
    await bySeller(code, { lines: [pieces(one, 2)] });
    expect(await onHand(one)).toBe(before + 1);
  });

  test('once lost and sent again come from the shelf, which is told so, and are refused where it is empty', async () => {
    const { code } = await paid();
    await act(code, 'confirm');
    await act(code, 'ship');
    await act(code, `shipments/${await parcelOf(code)}/state`, { state: 'lost_damaged' });
    await market.node.setStock(one, 2);
    expect(
      await seller.send<{ code: string; missing: unknown }>('POST', `/v1/seller/orders/${code}/ship`, { body: {} }),
    ).toMatchObject({
      status: 409,
      body: { code: 'lost-not-in-stock', missing: [{ variantId: one, quantity: 3 }] },
    });
    await act(code, 'ship', { lines: [pieces(one, 2)] });
    expect(await onHand(one)).toBe(0);
    // The third piece was lost and is not replaced: calling it off brings nothing back.
    await bySeller(code, { lines: [pieces(one, 1)] });
    expect(await onHand(one)).toBe(0);
    await market.node.setStock(one, 500);
    const before = await onHand(two);
    await act(code, 'pack', { lines: [pieces(two, 2)] });
    expect(await onHand(two)).toBe(before - 2);
    // What was taken again and does not leave after all is there again.
    await bySeller(code, { lines: [pieces(two, 2)] });
    expect(await onHand(two)).toBe(before);
  });
});

describe('a shopper calls off', () => {
  test('the whole order with its phone number, until it is packed', async () => {
    const { group, code, totalVnd } = await paid();
    expect(await byShopper(code, { phone: '0987654321' })).toMatchObject({
      status: 404,
      body: { code: 'tracking-mismatch' },
    });
    expect(await byShopper(code, { reason: 'Đặt nhầm' })).toMatchObject({
      status: 200,
      body: { status: 'cancelled', paymentStatus: 'refunded', refundVnd: totalVnd },
    });
    expect((await byShopper(code)).body.code).toBe('order-not-cancellable');
    expect(await refunds(group)).toEqual([totalVnd]);
    const late = await paid();
    await act(late.code, 'confirm');
    await act(late.code, 'pack');
    expect(await byShopper(late.code)).toMatchObject({ status: 409, body: { code: 'order-not-cancellable' } });
  });

  test('without the number where the account has proved it, and only theirs', async () => {
    const { code } = await paid();
    const owner = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
    const cancel = (body: object) =>
      owner.send<Cancelled>('POST', `/v1/orders/${code}/cancel`, { body, headers: fresh() });
    expect((await cancel({})).body.code).toBe('tracking-mismatch');
    const set = (phone: string, proved: boolean) =>
      market.node.db.execute(
        sql`update accounts set phone = ${phone}, phone_proved_at = ${proved ? market.node.clock.now().toISOString() : null}::timestamptz where email = 'nguoiban@cho-noi.example'`,
      );
    const { rows } = await market.node.db.execute<{ phone: string }>(
      sql`select g.phone from order_groups g join orders o on o.group_id = g.id where o.code = ${code}`,
    );
    await set(rows[0]?.phone ?? '', false);
    expect((await cancel({})).body.code).toBe('tracking-mismatch');
    await set(rows[0]?.phone ?? '', true);
    expect(await cancel({ lines: [pieces(one, 1)] })).toMatchObject({ status: 200, body: { refundVnd: priceVnd } });
    expect((await byShopper(code, { phone: undefined })).body.code).toBe('tracking-mismatch');
  });

  test('one piece, once, however often the same is sent', async () => {
    const { group, code } = await paid();
    const key = fresh();
    const [first, again] = [
      await byShopper(code, { lines: [pieces(one, 1)] }, key),
      await byShopper(code, { lines: [pieces(one, 1)] }, key),
    ];
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    expect(await refunds(group)).toEqual([priceVnd]);
  });

  test('nothing of an order that has changed since they looked, nor of one that is not paid', async () => {
    const { code } = await paid();
    expect((await byShopper(code, { version: 1 })).body.code).toBe('order-moved-on');
    const unpaid = await market.guest.order([one, 1]);
    expect((await byShopper(unpaid.orders[0]?.code ?? '')).body.code).toBe('order-not-cancellable');
    expect((await byShopper('ST0000000000')).body.code).toBe('order-not-found');
    expect((await market.guest.client.send('POST', `/v1/orders/${code}/cancel`, { body: { phone: '0' } })).status).toBe(
      400,
    );
  });
});

test('two sellers and the shopper at once: each piece is called off once', async () => {
  const { group, code, totalVnd } = await paid();
  const answers = await Promise.all([
    bySeller(code, { lines: [pieces(one, 3)] }),
    bySeller(code, { lines: [pieces(one, 2)] }),
    byShopper(code, { lines: [pieces(one, 1), pieces(two, 2)] }),
    byShopper(code),
  ]);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  const back = (await refunds(group)).reduce((sum, amount) => sum + amount, 0);
  expect(back).toBeLessThanOrEqual(totalVnd);
  expect(answers.reduce((sum, { body }) => sum + (body.refundVnd ?? 0), 0)).toBe(back);
});

describe('a seller’s time', () => {
  const windows = async (code: string) => {
    const { rows } = await market.node.db.execute<{ confirm: number; send: number | null }>(
      sql`select extract(epoch from confirm_by - g.paid_at)::int / 3600 as confirm, extract(epoch from send_by - o.updated_at)::int / 3600 as send
        from orders o join order_groups g on g.id = o.group_id where o.code = ${code}`,
    );
    return rows[0];
  };
  const store = (storage: string) =>
    market.node.db.execute(
      sql`update products set storage = ${storage} where id = (select product_id from variants where id = ${two})`,
    );

  test('is that of what spoils first, by rules with dates', async () => {
    await store('ambient');
    const calm = await paid();
    await act(calm.code, 'confirm');
    expect(await windows(calm.code)).toEqual({ confirm: 48, send: 72 });
    await store('fresh');
    const hasty = await paid();
    await act(hasty.code, 'confirm');
    expect(await windows(hasty.code)).toEqual({ confirm: 24, send: 24 });
    await market.node.db.execute(
      sql`insert into order_windows (id, step, category_id, hours, valid_from, note) values (gen_random_uuid(), 'confirm',
        (select p.category_id from products p join variants v on v.product_id = p.id where v.id = ${two}), 5, ${market.node.clock.now().toISOString()}, 'thử')`,
    );
    expect(await windows((await paid()).code)).toEqual({ confirm: 5, send: null });
    await store('ambient');
  });

  test('shows in public figures, each with its base', async () => {
    const read = async () =>
      (
        await market.guest.client.expect<{ reliability: Record<string, { count: number; of: number }> }>(
          200,
          'GET',
          `/v1/businesses/${businessId}`,
        )
      ).reliability;
    const before = await read();
    const [late, silent, good, shopper] = [await paid(), await paid(), await paid(), await paid()];
    await byShopper(shopper.code);
    for (const { code } of [late, good]) await act(code, 'confirm');
    await act(good.code, 'ship');
    await bySeller(late.code, {});
    market.node.clock.advance(hours(49));
    await market.node.runScheduled('orders.cancel-unconfirmed');
    expect((await market.guest.group(silent.code)).status).toBe('cancelled');
    const after = await read();
    const grown = (name: string) => [
      (after[name]?.count ?? 0) - (before[name]?.count ?? 0),
      (after[name]?.of ?? 0) - (before[name]?.of ?? 0),
    ];
    expect(grown('sentInTime')[0]).toBe(1);
    expect(grown('confirmedInTime')[0]).toBe(2);
    expect(after.cancelledBySeller?.count).toBeGreaterThanOrEqual((before.cancelledBySeller?.count ?? 0) + 2);
    expect(grown('cancelledBySeller')[1]).toBe(4);
    market.node.clock.advance(hours(24 * 91));
    expect(await read()).toMatchObject({ orders: 0, sentInTime: { count: 0, of: 0 } });
  });
});
