import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SearchAnswer } from '#features/search/index.ts';
import { observed } from '#test/federation/observed.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh } from '#test/support/people.ts';
import { askUntil } from './asking.ts';

const server = createSearch();

describe.skipIf(!server)('an index that nobody has brought up to date', () => {
  let node: TestNode;
  beforeAll(async () => {
    if (!server) return;
    const { url, key, indexPrefix } = server;
    node = await startNode({ env: { MEILI_URL: url, MEILI_KEY: key, MEILI_INDEX_PREFIX: indexPrefix } });
    await node.services.indexing.prepare();
    await node.services.indexing.reindex();
  });
  afterAll(async () => {
    await node?.close();
    await server?.drop();
  });

  const search = async (more: string): Promise<SearchAnswer> =>
    (await (await fetch(`${node.url}/v1/search?limit=100&q=banh+pia${more}`)).json()) as SearchAnswer;

  test('row 32: the search index lags behind the database', async () => {
    const before = await askUntil('meilisearch', () => search('&inStock=true'));
    const sold = before.hits.find(
      ({ partner, variants: [one] }) => partner === null && one && one.available > one.minOrder,
    );
    const [variant] = sold?.variants ?? [];
    if (!sold || !variant) throw new Error('The demonstration has changed');
    const dearer = variant.priceVnd + 7_000;
    await node.setPrice(variant.variantId, dearer);
    const cart = await node.guest.fillCart([variant.variantId, variant.minOrder]);
    const priced = await node.guest.client.expect<{ lines: readonly { priceVnd: number }[] }>(
      200,
      'GET',
      `/v1/carts/${cart}`,
    );
    expect(priced.lines.map(({ priceVnd }) => priceVnd)).toEqual([dearer]);
    await node.setStock(variant.variantId, 0);
    // No job has run: the index finds it under "in stock" still, and its card already says that it is gone.
    const stale = (await search('&inStock=true')).hits.find(({ productId }) => productId === sold.productId);
    expect(stale?.variants[0]?.available).toBe(0);
    const refused = await node.guest.client.send<{ code: string }>('POST', `/v1/carts/${cart}/checkout`, {
      body: {},
      headers: fresh(),
    });
    expect([refused.status, refused.body.code]).toEqual([409, 'stock-short']);
    observed(
      32,
      'found as in stock by the index, shown as gone on its card; the cart had the new price, checkout was refused',
    );
  });
});
