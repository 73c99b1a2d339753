import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { type Cart, pickVariants, type Variant } from '#test/support/people.ts';

let node: TestNode;
let variants: readonly Variant[];
beforeAll(async () => {
  node = await startNode();
  variants = pickVariants((await node.guest.products()).items, 10);
});
afterAll(() => node.close());

const idOf = (index: number): string => variants[index]?.variantId ?? '';
const priceOf = (index: number): number => variants[index]?.priceVnd ?? 0;

describe('a cart', () => {
  test('holds what was put into it, by business, with one fee each; a line is replaced, not added to', async () => {
    const { guest } = node;
    const { cartId } = await guest.openCart();
    await guest.put(cartId, [idOf(0), 5]);
    await guest.put(cartId, [idOf(1), 1]);
    const cart = await guest.put(cartId, [idOf(0), 2]);
    expect(cart.lines.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [idOf(0), 2],
      [idOf(1), 1],
    ]);
    expect(cart.businesses.map(({ shippingVnd }) => shippingVnd)).toEqual([25_000, 25_000]);
    expect(cart.totalVnd).toBe(2 * priceOf(0) + priceOf(1) + 50_000);
    const rest = await guest.client.expect<Cart>(200, 'DELETE', `/v1/carts/${cartId}/lines/${idOf(0)}`);
    expect(rest.totalVnd).toBe(priceOf(1) + 25_000);
  });

  test('changes its version with each change and is kept to by If-Match', async () => {
    const { guest } = node;
    const { cartId } = await guest.openCart();
    const change = (etag: string) =>
      guest.client.send<Cart>('PUT', `/v1/carts/${cartId}/lines/${idOf(2)}`, {
        body: { quantity: 1 },
        headers: { 'if-match': etag },
      });
    const read = await guest.client.send<Cart>('GET', `/v1/carts/${cartId}`);
    const etag = read.headers.get('etag') ?? '';
    expect((await change(etag)).status).toBe(200);
    expect(await change(etag)).toMatchObject({ status: 412, body: { code: 'precondition-failed' } });
    const now = await guest.client.send('GET', `/v1/carts/${cartId}`);
    expect(now.headers.get('cache-control')).toBe('no-store');
    expect((await change(now.headers.get('etag') ?? '')).status).toBe(200);
  });

  test('of two tabs that change it at once neither loses the other’s line', async () => {
    const { guest } = node;
    const { cartId } = await guest.openCart();
    await Promise.all(variants.map(({ variantId }) => guest.put(cartId, [variantId, 1])));
    const cart = await guest.client.expect<Cart>(200, 'GET', `/v1/carts/${cartId}`);
    expect(cart.lines.map(({ variantId }) => variantId).toSorted()).toEqual(
      variants.map(({ variantId }) => variantId).toSorted(),
    );
    expect(cart.version).toBe(1 + variants.length);
  });

  test('takes 100 lines and no more', async () => {
    const { guest } = node;
    const pages = [
      await guest.products('limit=100&inStock=true'),
      await guest.products('limit=100&inStock=true&sort=name'),
    ];
    const ids = [...new Set(pages.flatMap(({ items }) => items.map(({ variants: own }) => own[0]?.variantId ?? '')))];
    const { cartId } = await guest.openCart();
    for (const id of ids.slice(0, 100)) await guest.put(cartId, [id, 1]);
    const more = await guest.client.send('PUT', `/v1/carts/${cartId}/lines/${ids[100]}`, { body: { quantity: 1 } });
    expect(more).toMatchObject({ status: 422, body: { code: 'cart-full' } });
    expect((await guest.put(cartId, [ids[0] ?? '', 3])).lines).toHaveLength(100);
  });

  test('that nobody touched for two months is forgotten; one that was ordered is not', async () => {
    const { guest } = node;
    const idle = (await guest.openCart()).cartId;
    const ordered = await guest.fillCart([idOf(3), 1]);
    await guest.checkout(ordered);
    node.clock.advance(61 * 24 * 3_600_000);
    await node.runScheduled('carts.forget');
    expect((await guest.client.send('GET', `/v1/carts/${idle}`)).status).toBe(404);
    expect((await guest.client.send('GET', `/v1/carts/${ordered}`)).status).toBe(200);
  });
});
