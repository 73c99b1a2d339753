import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { signIn, type Variant } from '#test/support/people.ts';

type Cart = {
  readonly totalVnd: number;
  readonly vatVnd: number;
  readonly lines: readonly { readonly vatBps: number; readonly vatVnd: number }[];
};

let market: Market;
let staff: Client;
let reduced: Variant;
let spirit: Variant;
beforeAll(async () => {
  market = await openMarket();
  staff = await signIn(market.node.url, 'quantri@cho-noi.example', demoPassword);
  const chosen = async (vat: string): Promise<Variant> => {
    const { rows } = await market.node.db.execute<{ id: string; slug: string }>(
      sql`select v.id, p.slug from products p join variants v on v.product_id = p.id join stock s on s.variant_id = v.id join categories c on c.id = p.category_id
        where p.partner_key is null and p.vat_class = ${vat} and c.is_alcohol = ${vat === 'standard'} and s.on_hand - s.held > 5 and v.min_order = 1 order by p.sku limit 1`,
    );
    const product = await market.guest.product(rows[0]?.slug ?? '');
    return product.variants.find(({ variantId }) => variantId === rows[0]?.id) as Variant;
  };
  reduced = await chosen('reduced');
  spirit = await chosen('standard');
});
afterAll(() => market.close());

const cartOf = async ({ variantId }: Variant): Promise<() => Promise<Cart>> => {
  const cartId = await market.guest.fillCart([variantId, 1]);
  return () => market.guest.client.expect<Cart>(200, 'GET', `/v1/carts/${cartId}`);
};
const inPrice = (price: number, rate: number): number => Math.round((price * rate) / (100 + rate));

test('at the turn of the year 8 % become 10 % by themselves, and the shopper pays the same', async () => {
  const [cart, drink] = [await cartOf(reduced), await cartOf(spirit)];
  market.node.clock.set(new Date('2026-12-31T16:59:00Z'));
  const [before, drinkBefore] = [await cart(), await drink()];
  expect(before.lines).toMatchObject([{ vatBps: 800, vatVnd: inPrice(reduced.priceVnd, 8) }]);
  expect(drinkBefore.lines).toMatchObject([{ vatBps: 1_000, vatVnd: inPrice(spirit.priceVnd, 10) }]);
  // Midnight in Vietnam. No job has run.
  market.node.clock.set(new Date('2026-12-31T17:00:00Z'));
  const [after, drinkAfter] = [await cart(), await drink()];
  expect(after.lines).toMatchObject([{ vatBps: 1_000, vatVnd: inPrice(reduced.priceVnd, 10) }]);
  expect(after.totalVnd).toBe(before.totalVnd);
  expect(drinkAfter).toEqual(drinkBefore);
  // The fee bears the new rate too, and what was sold before keeps the old.
  const order = await market.guest.order([reduced.variantId, 1]);
  const { rows } = await market.node.db.execute<{ fee: string; vat: string }>(
    sql`select o.commission_vnd as fee, o.commission_vat_vnd as vat from orders o join order_groups g on g.id = o.group_id where g.code = ${order.code}`,
  );
  expect(Number(rows[0]?.vat)).toBe(Math.round(Number(rows[0]?.fee) / 10));
});

test('what sellers see of their goods follows within a minute, and the class stays', async () => {
  const rateOf = async () =>
    (
      await market.node.db.execute<{ bps: number; vat: string }>(
        sql`select p.vat_bps as bps, p.vat_class as vat from products p join variants v on v.product_id = p.id where v.id = ${reduced.variantId}`,
      )
    ).rows[0];
  expect(await rateOf()).toEqual({ bps: 800, vat: 'reduced' });
  await market.node.runScheduled('products.vat');
  expect(await rateOf()).toEqual({ bps: 1_000, vat: 'reduced' });
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});

test('a fee is published 20 days ahead, shown to everybody, and counts from its day on for new sales alone', async () => {
  const now = market.node.clock.now().getTime();
  const day = 86_400_000;
  const body = { rateBps: 300, categoryId: null, validFrom: new Date(now + 10 * day).toISOString(), note: 'Giảm phí' };
  const early = await staff.send('POST', '/v1/staff/fees', { body });
  expect(early).toMatchObject({ status: 422, body: { code: 'fee-too-soon' } });
  const validFrom = new Date(now + 21 * day).toISOString();
  await staff.expect(201, 'POST', '/v1/staff/fees', { body: { ...body, validFrom } });
  expect(await staff.send('POST', '/v1/staff/fees', { body: { ...body, validFrom } })).toMatchObject({
    status: 409,
    body: { code: 'fee-taken' },
  });
  const { items } = await market.guest.client.expect<{ items: { rateBps: number; state: string }[] }>(
    200,
    'GET',
    '/v1/fees',
  );
  expect(items).toEqual([
    expect.objectContaining({ rateBps: 500, state: 'in-force' }),
    expect.objectContaining({ rateBps: 300, state: 'announced' }),
  ]);
  const feeOf = async (code: string) =>
    (
      await market.node.db.execute<{ fee: string; goods: string }>(
        sql`select o.commission_vnd::text as fee, o.subtotal_vnd::text as goods from orders o join order_groups g on g.id = o.group_id where g.code = ${code}`,
      )
    ).rows[0];
  const old = await market.guest.order([reduced.variantId, 1]);
  market.node.clock.advance(22 * day);
  const late = await market.guest.order([reduced.variantId, 1]);
  for (const [{ code }, rate] of [
    [old, 0.05],
    [late, 0.03],
  ] as const) {
    const { fee, goods } = (await feeOf(code)) ?? {};
    expect(Number(fee)).toBe(Math.round(Number(goods) * rate));
  }
  await expect(market.node.db.execute(sql`update commission_rules set rate_bps = 1`)).rejects.toThrow();
});
