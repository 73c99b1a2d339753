import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProductId } from '#features/products/types.ts';
import type { Answer } from '#test/support/client.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import type { Page, Product } from '#test/support/people.ts';

type Card = Product & {
  readonly category: { readonly slug: string };
  readonly ward: { readonly code: string } | null;
  readonly image: { readonly src: string };
};
let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const get = <Body>(path: string) => node.guest.client.expect<Body>(200, 'GET', path);
/** Every page of a list, by the `Link` that each page gives. */
async function all(query: string): Promise<Card[]> {
  const items: Card[] = [];
  for (let path: string | undefined = `/v1/products?${query}`; path; ) {
    const answer: Answer<Page<Card>> = await node.guest.client.send('GET', path);
    expect(answer.status).toBe(200);
    items.push(...answer.body.items);
    path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
    expect(path === undefined).toBe(answer.body.nextCursor === null);
  }
  return items;
}
const priceOf = ({ variants }: Card): number => variants[0]?.priceVnd ?? 0;
const isSorted = (items: readonly Card[], compare: (a: Card, b: Card) => number): boolean =>
  items.every((item, index) => index === 0 || compare(items[index - 1] as Card, item) <= 0);
const slugsOf = (items: readonly Card[]): string[] => items.map(({ slug }) => slug).toSorted();

describe('the list of products', () => {
  test.each([7, 24, 100])('pages of %i go through all 244, each once', async (limit) => {
    const items = await all(`limit=${limit}`);
    expect(items).toHaveLength(244);
    expect(new Set(items.map(({ productId }) => productId)).size).toBe(244);
  });

  test('by price, both ways, and by name as a Vietnamese dictionary has it', async () => {
    expect(isSorted(await all('limit=50&sort=price'), (a, b) => priceOf(a) - priceOf(b))).toBe(true);
    expect(isSorted(await all('limit=50&sort=-price'), (a, b) => priceOf(b) - priceOf(a))).toBe(true);
    const collator = new Intl.Collator('vi');
    expect(isSorted(await all('limit=50&sort=name'), (a, b) => collator.compare(a.name, b.name))).toBe(true);
  });

  test('filters are each an “or” and together an “and”', async () => {
    const items = await all('limit=100');
    const one = items.find(({ ward }) => ward !== null) as Card;
    const two = items.find((item) => item.category.slug !== one.category.slug) as Card;
    const isIn = ({ variants }: Card): boolean => variants.some(({ available, minOrder }) => available >= minOrder);
    const cases: readonly [string, (item: Card) => boolean][] = [
      [`category=${one.category.slug}`, ({ category }) => category.slug === one.category.slug],
      [
        `category=${one.category.slug}&category=${two.category.slug}`,
        ({ category }) => [one.category.slug, two.category.slug].includes(category.slug),
      ],
      ['stars=4', ({ star }) => star === 4],
      ['stars=3&stars=5', ({ star }) => star === 3 || star === 5],
      [`business=${one.business.businessId}`, ({ business }) => business.businessId === one.business.businessId],
      [`ward=${one.ward?.code}`, ({ ward }) => ward?.code === one.ward?.code],
      ['priceMin=100000&priceMax=200000', (item) => priceOf(item) >= 100_000 && priceOf(item) <= 200_000],
      ['inStock=true', isIn],
      ['inStock=false', (item) => !isIn(item)],
      ['partner=own', () => true],
      [
        `category=${one.category.slug}&priceMax=${priceOf(one)}`,
        (item) => item.category.slug === one.category.slug && priceOf(item) <= priceOf(one),
      ],
    ];
    for (const [query, holds] of cases) {
      const wanted = slugsOf(items.filter(holds));
      expect(slugsOf(await all(`limit=100&${query}`)), query).toEqual(wanted);
      if (query !== 'inStock=false') expect(wanted.length, query).toBeGreaterThan(0);
    }
  });

  test('the same bytes are not sent twice to who holds them, and a change is seen at once', async () => {
    const { client } = node.guest;
    const first = await client.send<Page<Card>>('GET', '/v1/products?limit=5');
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await client.send('GET', '/v1/products?limit=5', { headers });
    expect([again.status, again.text]).toEqual([304, '']);
    const variant = first.body.items[0]?.variants[0];
    const price = (variant?.priceVnd ?? 0) + 1_000;
    await node.setPrice(variant?.variantId ?? '', price);
    const shown = async () => (await get<Page<Card>>('/v1/products?limit=5')).items[0]?.variants[0]?.priceVnd;
    await expect.poll(shown).toBe(price);
    expect((await client.send('GET', '/v1/products?limit=5', { headers })).status).toBe(200);
  });
});

describe('one product', () => {
  test('by id or by slug, with its picture to be had', async () => {
    const [item] = (await get<Page<Card>>('/v1/products?limit=1')).items;
    expect(await get(`/v1/products/${item?.slug}`)).toEqual(await get(`/v1/products/${item?.productId}`));
    const picture = await fetch(node.url + item?.image.src);
    expect([picture.status, picture.headers.get('content-type')?.split('/')[0]]).toEqual([200, 'image']);
    await picture.body?.cancel();
  });

  test('that was withdrawn is gone from lists, answers 410, and cannot be bought', async () => {
    const [item] = (await get<Page<Card>>('/v1/products?limit=1&sort=price&inStock=true')).items;
    const [variant] = item?.variants ?? [];
    const variantId = variant?.variantId ?? '';
    const cart = await node.guest.fillCart([variantId, variant?.minOrder ?? 1]);
    await node.services.products.withdraw('test', (item?.productId ?? '') as ProductId);
    const answer = await node.guest.client.send('GET', `/v1/products/${item?.slug}`);
    expect(answer).toMatchObject({ status: 410, body: { code: 'product-withdrawn' } });
    await expect.poll(async () => (await all('limit=100')).length).toBe(243);
    const page = await node.guest.client.send('GET', `/san-pham/${item?.slug}`, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(410);
    // What happened, and what is near: of the same people, and of the same kind.
    expect(page.text).toContain('đã ngừng bán món này');
    expect(page.text).toMatch(/href="\/co-so\/[\w-]+">Món khác của /);
    expect(page.text).toContain(`/danh-muc/${item?.category.slug}"`);
    expect(page.text.match(/class="card"/g)?.length).toBeGreaterThan(3);
    const refused = { status: 409, body: { code: 'not-for-sale', variantIds: [variantId] } };
    const line = `/v1/carts/${cart}/lines/${variantId}`;
    expect(await node.guest.client.send('PUT', line, { body: { quantity: 2 } })).toMatchObject(refused);
    const checkout = { body: {}, headers: { 'idempotency-key': 'withdrawn' } };
    expect(await node.guest.client.send('POST', `/v1/carts/${cart}/checkout`, checkout)).toMatchObject(refused);
  });
});

test('90 businesses, each with as many products as it lists; 26 categories that count to all of them', async () => {
  const { items: businesses } =
    await get<Page<{ businessId: string; code: string; productCount: number }>>('/v1/businesses?limit=100');
  const codes = businesses.map(({ code }) => code);
  expect(codes).toHaveLength(90);
  expect(codes).toEqual(codes.toSorted());
  const listed = await all('limit=100');
  for (const { businessId, productCount } of businesses)
    expect(productCount).toBe(listed.filter(({ business }) => business.businessId === businessId).length);
  const { items } = await get<{ items: { productCount: number }[] }>('/v1/categories');
  expect(items).toHaveLength(26);
  expect(items.reduce((sum, { productCount }) => sum + productCount, 0)).toBe(listed.length);
});

test('34 provinces of today, the 43 wards of Sóc Trăng in Cần Thơ, and none where none are loaded', async () => {
  const provinces = await get<{ scheme: string; items: { code: string }[] }>('/v1/places/provinces');
  expect(provinces.scheme).toBe('gso2025');
  expect(provinces.items).toHaveLength(34);
  const wards = await get<{ items: { provinceCode: string }[] }>('/v1/places/provinces/92/wards');
  expect(wards.items).toHaveLength(43);
  expect(wards.items.every(({ provinceCode }) => provinceCode === '92')).toBe(true);
  expect((await get<{ items: unknown[] }>('/v1/places/provinces/01/wards')).items).toEqual([]);
});

test('what is held for a shopper is not shown as available, and is again when the hold is over', async () => {
  const isPlenty = ({ variants: [variant] }: Card): boolean => variant?.minOrder === 1 && variant.available > 5;
  const item = (await all('limit=100&inStock=true')).find(isPlenty);
  const [variant] = item?.variants ?? [];
  const available = async () => (await node.guest.product(item?.slug ?? '')).variants[0]?.available;
  await node.guest.order([variant?.variantId ?? '', 3]);
  expect(await available()).toBe((variant?.available ?? 0) - 3);
  const { rows } = await node.db.execute(sql`select held from stock where variant_id = ${variant?.variantId}`);
  expect(rows).toEqual([{ held: 3 }]);
  node.clock.advance(31 * 60_000);
  await node.runScheduled('orders.expire');
  expect(await available()).toBe(variant?.available);
});
