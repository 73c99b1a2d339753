import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchAnswer, Suggestions } from '#features/search/index.ts';
import { createClient } from '#test/support/client.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { askUntil } from './asking.ts';

const server = createSearch();
const engines = server ? (['meilisearch', 'postgres'] as const) : (['postgres'] as const);

describe.each(engines)('answers of %s', (engine) => {
  let node: TestNode;
  let ask: (query: string) => Promise<SearchAnswer>;
  beforeAll(async () => {
    const env =
      server && engine === 'meilisearch'
        ? { MEILI_URL: server.url, MEILI_KEY: server.key, MEILI_INDEX_PREFIX: server.indexPrefix }
        : {};
    node = await startNode({ env });
    await node.services.indexing.prepare();
    const client = createClient(node.url);
    ask = async (query) => {
      const answer = await askUntil(engine, () => client.expect<SearchAnswer>(200, 'GET', `/v1/search?${query}`));
      expect(answer.engine).toBe(engine);
      return answer;
    };
  });
  afterAll(async () => {
    await node?.close();
    if (engine === 'meilisearch') await server?.drop();
  });
  const refused = (status: number, query: string) =>
    createClient(node.url).expect<{ code: string }>(status, 'GET', `/v1/search?${query}`);

  test('bánh pía is found without accents, with facets and the fixed shape of a product', async () => {
    const { hits, facets, total, nextCursor } = await ask('q=banh+pia&limit=5');
    expect(hits).toHaveLength(5);
    for (const { name } of hits) expect(name).toMatch(/^Bánh pía/);
    expect(hits[0]).toMatchObject({ partner: null, category: { id: 6 }, variants: [{ minOrder: 1 }] });
    expect(hits.some(({ star }) => star !== null)).toBe(true);
    expect(total).toBeGreaterThanOrEqual(19);
    expect(nextCursor).toEqual(expect.any(String));
    expect(facets.category['che-bien-tu-gao-ngu-coc']).toBeGreaterThanOrEqual(18);
    expect(facets.partner).toEqual({ own: total });
    expect(Object.values(facets.price).reduce((sum, count) => sum + count, 0)).toBe(total);
  });

  test('accents as typed stand above those that match only without them', async () => {
    const first = async (q: string) => (await ask(`q=${encodeURIComponent(q)}&limit=1`)).hits[0]?.name;
    expect(await first('mè đen')).toMatch(/^Mè đen/);
    expect(await first('mứt me')).toMatch(/^Mứt me/);
    expect(await first('dứa')).toMatch(/dứa|Thơm/);
    expect(await first('dừa sáp')).toMatch(/^Dừa sáp/);
  });

  test('paging shows every hit once, and the pages agree with the total', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    let total = 0;
    do {
      const page: SearchAnswer = await ask(`q=banh&limit=7${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.hits.map(({ productId }) => productId));
      ({ nextCursor: cursor, total } = page);
    } while (cursor);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength(total);
    expect(total).toBeGreaterThan(30);
  });

  test('browsing without words pages through everything, newest first or by price', async () => {
    const all = await ask('limit=100');
    expect(all.total).toBe(244);
    const cheap = await ask('limit=100&sort=price');
    const prices = cheap.hits.map(({ variants: [first] }) => first?.priceVnd ?? 0);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    const second = await ask(`limit=100&sort=price&cursor=${cheap.nextCursor}`);
    const ids = new Set([...cheap.hits, ...second.hits].map(({ productId }) => productId));
    expect(ids.size).toBe(200);
  });

  test('filters narrow the hits, and not the counts of their own facet', async () => {
    const open = await ask('q=banh+pia&limit=100');
    const narrow = await ask('q=banh+pia&limit=100&ward=31594&inStock=true&priceMax=200000');
    expect(narrow.hits.length).toBeGreaterThan(0);
    expect(narrow.total).toBe(narrow.hits.length);
    for (const { ward, variants } of narrow.hits) {
      expect(ward?.code).toBe('31594');
      expect(variants[0]?.priceVnd).toBeLessThanOrEqual(200_000);
    }
    expect(Object.keys(narrow.facets.ward).length).toBeGreaterThan(1);
    expect(narrow.facets.ward['31594']).toBe(narrow.total);
    expect(narrow.total).toBeLessThan(open.total);
    const both = await ask('q=banh+pia&limit=100&ward=31594&ward=31569');
    expect(new Set(both.hits.map(({ ward }) => ward?.code))).toEqual(new Set(['31594', '31569']));
  });

  test('categories and businesses are named by slug or id', async () => {
    const bySlug = await ask('category=gao-ngu-coc&limit=100');
    const byId = await ask('category=3&limit=100');
    expect(bySlug.total).toBeGreaterThan(5);
    expect(byId.total).toBe(bySlug.total);
    const [hit] = bySlug.hits;
    const sold = await ask(`business=${hit?.business.businessId}`);
    expect(sold.total).toBe((await ask(`business=${hit?.business.slug}`)).total);
  });

  test.each([
    `" OR facts.priceVnd > 0 OR facts.ward = "`,
    `x") OR (facts.inStock = true`,
    `\\" OR facts.inStock = true OR facts.ward = \\"`,
    `'); drop table search_documents; --`,
    `x' or '1'='1`,
    'a]b[c',
  ])('a filter is a value, not a language: %s', async (value) => {
    for (const name of ['category', 'business', 'ward', 'partner'])
      expect((await ask(`${name}=${encodeURIComponent(value)}`)).total).toBe(0);
  });

  test.each([
    `'`,
    `"`,
    `\\`,
    `banh' & !pia`,
    `banh:* | <-> ()`,
    `-"banh pia"`,
    '%%%',
    '\u200b\u200b',
    '🥥',
    '។៕',
    'ញ'.repeat(200),
    'a '.repeat(100),
  ])('no query is an error: %s', async (q) => {
    await ask(`q=${encodeURIComponent(q.slice(0, 200))}`);
  });

  test('bad parameters are refused, each with its own code', async () => {
    expect(await refused(400, `q=${'a'.repeat(201)}`)).toMatchObject({ code: 'invalid-request' });
    expect(await refused(400, 'limit=0')).toMatchObject({ code: 'invalid-request' });
    expect(await refused(400, 'priceMin=-1')).toMatchObject({ code: 'invalid-request' });
    expect(await refused(400, 'cursor=nonsense')).toMatchObject({ code: 'invalid-cursor' });
    const { nextCursor } = await ask('q=banh&limit=5');
    expect(await refused(400, `q=tom&limit=5&cursor=${nextCursor}`)).toMatchObject({
      code: 'search-cursor-of-another-query',
    });
  });

  test('«không …» leaves out what has it, also where few remain', async () => {
    const { hits } = await ask(`q=${encodeURIComponent('bánh pía không sầu riêng')}&limit=50`);
    expect(hits.length).toBeGreaterThan(5);
    for (const { name } of hits) expect(name).not.toMatch(/sầu riêng/i);
  });

  test('price and stock are those of this moment, and a product that has gone is not shown', async () => {
    const { hits } = await ask('q=kh%C3%B4+m%E1%BB%B1c&limit=3');
    const [shown, gone] = hits;
    if (!shown?.variants[0] || !gone) throw new Error('The demonstration sells dried squid and more');
    await node.setPrice(shown.variants[0].variantId, 777_000);
    await node.services.products.withdraw('test', gone.productId);
    const after = await ask('q=kh%C3%B4+m%E1%BB%B1c&limit=3');
    expect(after.hits[0]?.variants[0]?.priceVnd).toBe(777_000);
    expect(after.hits.map(({ productId }) => productId)).not.toContain(gone.productId);
    expect((await node.runJobs()).errors).toEqual([]);
    const indexed = await ask('q=kh%C3%B4+m%E1%BB%B1c&limit=3&priceMin=777000&priceMax=777000');
    expect(indexed.hits.map(({ productId }) => productId)).toEqual([shown.productId]);
  });

  test('suggestions name products, businesses and categories', async () => {
    const client = createClient(node.url);
    const suggest = (q: string) =>
      client.expect<Suggestions>(200, 'GET', `/v1/search/suggestions?q=${encodeURIComponent(q)}`);
    const { products, businesses } = await suggest('banh pi');
    expect(products[0]?.name).toMatch(/^Bánh pía/);
    expect(products[0]?.image.src).toEqual(expect.any(String));
    expect(businesses.length).toBeGreaterThan(0);
    for (const { name } of businesses) expect(name).toMatch(/bánh pía/i);
    expect((await suggest('rượu tr')).categories).toMatchObject([{ slug: 'ruou-trang' }]);
    expect(await suggest('')).toEqual({ products: [], businesses: [], categories: [] });
  });
});
