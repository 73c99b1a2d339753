import { afterAll, beforeAll, expect, test } from 'vitest';
import { minutes } from '#test/support/clock.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Group, pickVariants, type Variant } from '#test/support/people.ts';

let node: TestNode;
let variants: readonly Variant[];
beforeAll(async () => {
  node = await startNode();
  variants = pickVariants((await node.guest.products()).items, 3);
});
afterAll(() => node.close());

type Answer = Group & { readonly code: string; readonly short?: readonly unknown[] };
const checkOut = (cart: string) =>
  node.guest.client.send<Answer>('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: fresh() });

test('of a crowd for the last three pieces three get them, and all others hear what is missing and how many are left', async () => {
  const [{ variantId } = { variantId: '' }] = variants;
  await node.setStock(variantId, 3);
  const carts = await Promise.all(Array.from({ length: 30 }, () => node.guest.fillCart([variantId, 1])));
  const answers = await Promise.all(carts.map(checkOut));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused.map(({ status, body }) => [status, body.code, body.short])).toEqual(
    refused.map(() => [409, 'stock-short', [{ variantId, available: 0 }]]),
  );
  // A refusal is no end: when the goods are there again, the same cart goes through.
  await node.setStock(variantId, 4);
  const [again] = carts.filter((_, index) => answers[index]?.status !== 201);
  expect((await checkOut(again ?? '')).status).toBe(201);
});

test('whose cart has become an order meanwhile hears that, not that the goods are gone', async () => {
  const [, , { variantId } = { variantId: '' }] = variants;
  await node.setStock(variantId, 5);
  const carts = await Promise.all(Array.from({ length: 5 }, () => node.guest.fillCart([variantId, 1])));
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => carts)
      .flat()
      .map(checkOut),
  );
  const said = answers.map(({ body, status }) => (status === 201 ? 'ordered' : body.code));
  expect(said.toSorted()).toEqual([
    ...Array.from({ length: 35 }, () => 'cart-already-ordered'),
    ...Array.from({ length: 5 }, () => 'ordered'),
  ]);
});

test('what others held and let lapse is free to whoever stood in line, before any job has been by', async () => {
  const [, { variantId } = { variantId: '' }] = variants;
  await node.setStock(variantId, 2);
  await node.guest.order([variantId, 2]);
  const { stock } = node.services;
  const wanted = [{ variantId, quantity: 2 }] as unknown as Parameters<typeof stock.expectFree>[1];
  await expect(stock.expectFree(node.db, wanted)).rejects.toMatchObject({ code: 'stock-short' });
  node.clock.advance(minutes(31));
  await expect(stock.expectFree(node.db, wanted)).resolves.toBeUndefined();
  await expect(stock.expectFree(node.db, [...wanted, ...wanted])).rejects.toMatchObject({
    extra: { short: [{ variantId, available: 2 }] },
  });
});
