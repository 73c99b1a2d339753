import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { type Cart, fresh, type Group, recipient, signIn } from '#test/support/people.ts';

type Told = Cart & {
  readonly discountVnd: number;
  readonly vatVnd: number;
  readonly voucherCode: string | null;
  readonly vouchers: readonly { readonly code: string | null; readonly amountVnd: number }[];
  readonly vouchersNotApplied: readonly {
    readonly code: string | null;
    readonly reason: string;
    readonly missingVnd: number;
  }[];
};
type Given = { readonly voucherId: string };

let market: Market;
let staff: Client;
let seller: Client;
beforeAll(async () => {
  market = await openMarket();
  staff = await signIn(market.node.url, 'quantri@cho-noi.example', demoPassword);
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

let count = 0;
const newCode = (): string => {
  count += 1;
  return `THU${1_000 + count}`;
};
async function give(over: object = {}): Promise<string> {
  const code = newCode();
  const validUntil = new Date(market.node.clock.now().getTime() + 30 * 86_400_000).toISOString();
  const body = { code, name: 'Giảm 10%', kind: 'percent', rateBps: 1_000, validUntil, ...over };
  await staff.expect<Given>(201, 'POST', '/v1/staff/vouchers', { body });
  return code;
}
const type = (cartId: string, code: string) =>
  market.guest.client.expect<Told>(200, 'PUT', `/v1/carts/${cartId}/voucher`, { body: { code } });
const spentOf = async (code: string) => {
  const { rows } = await market.node.db.execute<{ spent: string; uses: number }>(
    sql`select spent_vnd as spent, uses from vouchers where code = ${code}`,
  );
  return [Number(rows[0]?.spent), rows[0]?.uses];
};
let phones = 0;
/** A cart for another number each time, so that no shopper stands in another's way. */
async function cartOf(variantId: string, quantity = 1, phone?: string): Promise<string> {
  const cartId = await market.guest.fillCart([variantId, quantity]);
  phones += 1;
  await market.guest.deliver(cartId, phone ?? `09123${String(10_000 + phones)}`);
  return cartId;
}
async function pay(group: Group): Promise<void> {
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
}

test('a code takes off what it says; the price shown includes VAT before and after', async () => {
  const { variantId, priceVnd } = market.variant();
  const code = await give();
  const cartId = await cartOf(variantId, 2);
  const before = await market.guest.client.expect<Told>(200, 'GET', `/v1/carts/${cartId}`);
  expect(before).toMatchObject({ discountVnd: 0, voucherCode: null, vouchers: [] });
  const cart = await type(cartId, code.toLowerCase());
  const off = Math.round((2 * priceVnd) / 10);
  expect(cart).toMatchObject({ discountVnd: off, voucherCode: code, totalVnd: before.totalVnd - off });
  // The exchange bears it: the business's price, and the VAT in it, stay as they are.
  expect(cart.vatVnd).toBe(before.vatVnd);
  const group = await market.guest.checkout(cartId);
  expect(group.totalVnd).toBe(cart.totalVnd);
  expect(await spentOf(code)).toEqual([off, 1]);
  await pay(group);
  const { rows } = await market.node.db.execute<{ amount: string }>(
    sql`select sum(e.amount_vnd) as amount from entries e join journals j on j.id = e.journal_id join orders o on j.key = 'sale:' || o.id
      join order_groups g on g.id = o.group_id where g.code = ${group.code} and e.account = 'promotion'`,
  );
  expect(Number(rows[0]?.amount)).toBe(off);
  expect((await type(await cartOf(variantId), '')).voucherCode).toBeNull();
});

test('what a business bears lowers its price, and so its VAT and its fee', async () => {
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  const variantId = items[0]?.variantId ?? '';
  await market.node.setStock(variantId, 500);
  const { rows } = await market.node.db.execute<{ id: string }>(
    sql`select id from businesses where slug = 'htx-hanh-tim-bai-giong'`,
  );
  const code = newCode();
  const validUntil = new Date(market.node.clock.now().getTime() + 86_400_000).toISOString();
  await seller.expect(201, 'POST', '/v1/seller/vouchers', {
    body: { businessId: rows[0]?.id, code, name: 'Giảm', kind: 'fixed', amountVnd: 10_000, validUntil },
  });
  const cartId = await cartOf(variantId, 2);
  const plain = await market.guest.client.expect<Told>(200, 'GET', `/v1/carts/${cartId}`);
  const cart = await type(cartId, code);
  expect(cart.discountVnd).toBe(10_000);
  expect(cart.vatVnd).toBeLessThanOrEqual(plain.vatVnd);
  const group = await market.guest.checkout(cartId);
  const order = await market.node.db.execute<{ goods: string; fee: string; promotion: string }>(
    sql`select o.subtotal_vnd as goods, o.commission_vnd as fee, o.promotion_vnd as promotion from orders o join order_groups g on g.id = o.group_id where g.code = ${group.code}`,
  );
  const { goods = 0, fee, promotion } = order.rows[0] ?? {};
  expect(Number(fee)).toBe(Math.round((Number(goods) - 10_000) * 0.05));
  expect(Number(promotion)).toBe(0);
  await pay(group);
  const { items: own } = await seller.expect<{ items: { code: string; discountVnd: number }[] }>(
    200,
    'GET',
    '/v1/seller/orders',
  );
  expect(own[0]).toMatchObject({ discountVnd: 10_000, promotionVnd: 0, commissionVnd: Number(fee) });
});

describe('what was taken is given back once', () => {
  test('when the hold lapses; and taken again when the money comes late', async () => {
    const { variantId } = market.variant();
    const code = await give({ budgetVnd: 1_000_000, maxUses: 1 });
    const cartId = await cartOf(variantId);
    const { discountVnd } = await type(cartId, code);
    const group = await market.guest.checkout(cartId);
    const { qr } = await market.guest.pay(group.code, 'vietqr');
    expect(await spentOf(code)).toEqual([discountVnd, 1]);
    market.node.clock.advance(minutes(31));
    await market.node.runScheduled('orders.expire');
    await market.node.runScheduled('orders.expire');
    expect(await spentOf(code)).toEqual([0, 0]);
    await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    expect((await market.guest.group(group.code)).status).toBe('paid');
    expect(await spentOf(code)).toEqual([discountVnd, 1]);
  });

  test('late money for a voucher that others have used up since goes back', async () => {
    const { variantId } = market.variant();
    const code = await give({ maxUses: 1 });
    const late = await cartOf(variantId);
    await type(late, code);
    const group = await market.guest.checkout(late);
    const { qr } = await market.guest.pay(group.code, 'vietqr');
    market.node.clock.advance(minutes(31));
    await market.node.runScheduled('orders.expire');
    const other = await cartOf(variantId);
    await type(other, code);
    await pay(await market.guest.checkout(other));
    await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    expect((await market.guest.group(group.code)).status).toBe('expired');
    expect((await market.refundsOf(group)).map(({ amountVnd }) => amountVnd)).toEqual([group.totalVnd]);
    expect((await spentOf(code))[1]).toBe(1);
  });

  test('when one of two orders is called off its part, and the use with the last', async () => {
    const [a, b] = [market.variant(), market.variant()];
    const code = await give();
    const cartId = await market.guest.fillCart([a.variantId, 1], [b.variantId, 1]);
    await market.guest.deliver(cartId, '0912300001');
    const { discountVnd } = await type(cartId, code);
    const group = await market.guest.checkout(cartId);
    await pay(group);
    const { orders } = market.node.services;
    const cancel = (order = '') => orders.cancelOrder(order, { actor: 'test' }, { reason: 'Thử' });
    await cancel(group.orders[0]?.code);
    const [left, uses] = await spentOf(code);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(discountVnd);
    expect(uses).toBe(1);
    await cancel(group.orders[1]?.code);
    expect(await spentOf(code)).toEqual([0, 0]);
  });
});

describe('limits', () => {
  test('one use a telephone number, counted when it is ordered and not before', async () => {
    const { variantId } = market.variant();
    const code = await give({ maxUsesPerCustomer: 1 });
    const [first, second] = [await cartOf(variantId, 1, '0912300002'), await cartOf(variantId, 1, '0912300002')];
    for (const cartId of [first, second]) expect((await type(cartId, code)).vouchers).toHaveLength(1);
    await market.guest.checkout(first);
    const after = await market.guest.client.expect<Told>(200, 'GET', `/v1/carts/${second}`);
    expect(after.vouchersNotApplied).toMatchObject([{ code, reason: 'own-limit' }]);
    const refused = await market.guest.client.send('POST', `/v1/carts/${second}/checkout`, {
      body: {},
      headers: fresh(),
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'voucher-not-applicable', reason: 'own-limit' } });
    // Who has seen the price without it may order at that.
    const seen = { expectedTotalVnd: after.totalVnd };
    expect(
      (await market.guest.client.send('POST', `/v1/carts/${second}/checkout`, { body: seen, headers: fresh() })).status,
    ).toBe(201);
  });

  test('a first order, until one was paid', async () => {
    const { variantId } = market.variant();
    const code = await give({ firstOrder: true });
    const phone = '0912300003';
    const cartId = await cartOf(variantId, 1, phone);
    expect((await type(cartId, code)).vouchers).toHaveLength(1);
    await pay(await market.guest.order([variantId, 1]));
    const other = await market.guest.fillCart([variantId, 1]);
    await market.guest.deliver(other, recipient.phone);
    expect((await type(other, code)).vouchersNotApplied).toMatchObject([{ reason: 'first-order' }]);
  });

  test('a minimum, with what is missing', async () => {
    const { variantId, priceVnd } = market.variant();
    const code = await give({ minimumVnd: priceVnd + 5_000 });
    expect((await type(await cartOf(variantId), code)).vouchersNotApplied).toMatchObject([
      { reason: 'minimum', missingVnd: 5_000 },
    ]);
  });

  test('one that applies by itself does so at once, and not after it was ended', async () => {
    const { variantId, priceVnd } = market.variant();
    const validUntil = new Date(market.node.clock.now().getTime() + 86_400_000).toISOString();
    const product = (
      await market.node.db.execute<{ slug: string }>(
        sql`select p.slug from products p join variants v on v.product_id = p.id where v.id = ${variantId}`,
      )
    ).rows[0]?.slug;
    const body = {
      name: 'Tuần OCOP',
      kind: 'percent',
      rateBps: 500,
      validUntil,
      scope: 'products',
      goods: [product],
      isPublic: true,
    };
    const { voucherId } = await staff.expect<Given>(201, 'POST', '/v1/staff/vouchers', { body });
    const cartId = await cartOf(variantId);
    const read = () => market.guest.client.expect<Told>(200, 'GET', `/v1/carts/${cartId}`);
    expect((await read()).discountVnd).toBe(Math.round(priceVnd / 20));
    const { items } = await market.guest.client.expect<{ items: { voucherId: string }[] }>(200, 'GET', '/v1/vouchers');
    expect(items.map((one) => one.voucherId)).toContain(voucherId);
    await staff.expect(204, 'POST', `/v1/staff/vouchers/${voucherId}/end`);
    expect((await read()).discountVnd).toBe(0);
  });
});

test('terms once given cannot be changed, by nobody', async () => {
  const code = await give();
  const change = market.node.db.execute(sql`update vouchers set rate_bps = 9000 where code = ${code}`);
  await expect(change).rejects.toMatchObject({ cause: { constraint: 'voucher_keeps_terms' } });
  const body = {
    code,
    name: 'Giảm',
    kind: 'fixed',
    amountVnd: 5_000,
    validUntil: new Date(market.node.clock.now().getTime() + 86_400_000).toISOString(),
  };
  expect(await staff.send('POST', '/v1/staff/vouchers', { body })).toMatchObject({
    status: 409,
    body: { code: 'voucher-code-taken' },
  });
  const unknown = { ...body, code: newCode(), scope: 'products', goods: ['khong-co'] };
  expect(await staff.send('POST', '/v1/staff/vouchers', { body: unknown })).toMatchObject({
    status: 422,
    body: { code: 'voucher-scope-unknown', missing: ['khong-co'] },
  });
});

test('a code that has ended is none', async () => {
  const code = await give();
  market.node.clock.advance(hours(31 * 24));
  const cartId = await cartOf(market.variant().variantId);
  const answer = await market.guest.client.send('PUT', `/v1/carts/${cartId}/voucher`, { body: { code } });
  expect(answer).toMatchObject({ status: 422, body: { code: 'voucher-unknown' } });
});
