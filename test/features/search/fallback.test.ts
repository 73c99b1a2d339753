import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SearchAnswer } from '#features/search/index.ts';
import { type Door, startDoor } from '#test/support/door.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { askUntil } from './asking.ts';

const server = createSearch();

const search = async (node: TestNode, q: string, more = ''): Promise<SearchAnswer> => {
  const response = await fetch(`${node.url}/v1/search?limit=24&q=${encodeURIComponent(q)}${more}`);
  expect(response.status).toBe(200);
  return (await response.json()) as SearchAnswer;
};
const idsOf = ({ hits }: SearchAnswer): string[] => hits.map(({ productId }) => productId);

/** The probe looks once a second; on a busy machine it may take a few. */
const until = (engine: SearchAnswer['engine'], node: TestNode): Promise<SearchAnswer> =>
  askUntil(engine, () => search(node, 'banh pia'));

describe.skipIf(!server)('with a Meilisearch that comes and goes', () => {
  let door: Door;
  let node: TestNode;
  beforeAll(async () => {
    if (!server) return;
    door = await startDoor(server.url);
    const { key, indexPrefix } = server;
    node = await startNode({ env: { MEILI_URL: door.url, MEILI_KEY: key, MEILI_INDEX_PREFIX: indexPrefix } });
    await node.services.indexing.prepare();
  });
  afterAll(async () => {
    await node?.close();
    await door?.close();
    await server?.drop();
  });
  beforeEach(async () => {
    expect((await until('meilisearch', node)).engine).toBe('meilisearch');
  });

  test('the same search is answered by PostgreSQL at once when it stops, and by Meilisearch when it is back', async () => {
    const before = await askUntil('meilisearch', () => search(node, 'bánh pía sầu riêng', '&inStock=true'));
    await door.set('refused');
    const started = performance.now();
    const during = await search(node, 'bánh pía sầu riêng', '&inStock=true');
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(during.engine).toBe('postgres');
    const { text } = await node.guest.client.send('GET', '/tim-kiem?q=banh+pia');
    // The shopper is told who answers, and has the goods below.
    expect(text).toContain('máy dự phòng trả lời thay');
    expect(text).toMatch(/class="card"/);
    expect(Object.keys(during).sort()).toEqual(Object.keys(before).sort());
    expect(Object.keys(during.facets)).toEqual(Object.keys(before.facets));
    expect(during.total).toBe(before.total);
    expect(during.facets.category).toEqual(before.facets.category);
    expect(idsOf(during).slice(0, 3)).toEqual(idsOf(before).slice(0, 3));
    await door.set('none');
    const after = await until('meilisearch', node);
    expect(after.engine).toBe('meilisearch');
    const again = await askUntil('meilisearch', () => search(node, 'bánh pía sầu riêng', '&inStock=true'));
    expect(idsOf(again)).toEqual(idsOf(before));
  });

  // Timed, on a machine that may be busy.
  test('a slow server costs the first search its patience and the next ones nothing', { retry: 2 }, async () => {
    await door.set({ slowMs: 400 });
    const first = await search(node, 'lạp xưởng');
    expect(first.engine).toBe('postgres');
    expect(first.hits[0]?.name).toMatch(/^Lạp xưởng/);
    const started = performance.now();
    for (const q of ['banh pia', 'tôm khô', 'gạo st25']) expect((await search(node, q)).engine).toBe('postgres');
    expect((performance.now() - started) / 3).toBeLessThan(300);
    await door.set('none');
    expect((await until('meilisearch', node)).engine).toBe('meilisearch');
  });

  test('what changes while it is away is found by PostgreSQL at once and by Meilisearch after', async () => {
    const [product] = (await search(node, 'xà phòng dầu dừa hành tím')).hits;
    if (!product) throw new Error('The demonstration sells a soap');
    await door.set('refused');
    await node.services.products.withdraw('test', product.productId);
    const { errors } = await node.runJobs();
    expect(errors.length, 'the mirror job fails and stays').toBeGreaterThan(0);
    expect(idsOf(await search(node, 'xà phòng dầu dừa hành tím'))).not.toContain(product.productId);
    const { rows } = await node.db.$client.query(
      `select removed, version <> mirrored_version as waiting from search_documents where product_id = $1`,
      [product.productId],
    );
    expect(rows).toEqual([{ removed: true, waiting: true }]);
    await door.set('none');
    expect((await until('meilisearch', node)).engine).toBe('meilisearch');
    // The switch sends what waits as soon as it sees the server again.
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const left = await node.db.$client.query('select from search_documents where version <> mirrored_version');
      if (left.rowCount === 0) break;
      await sleep(100);
    }
    const after = await askUntil('meilisearch', () => search(node, 'xà phòng dầu dừa hành tím'));
    expect(after.engine).toBe('meilisearch');
    expect(after.hits.map(({ productId }) => productId)).not.toContain(product.productId);
    const gone = await node.db.$client.query('select from search_documents where product_id = $1', [product.productId]);
    expect(gone.rowCount, 'a removed document goes once everybody knows').toBe(0);
  });
});

test('a Meilisearch that was never there is no trouble either', async () => {
  const node = await startNode({ env: { MEILI_URL: 'http://127.0.0.1:9', MEILI_KEY: '0123456789abcdef' } });
  try {
    await expect(node.services.indexing.prepare()).rejects.toThrow();
    const answer = await search(node, 'banh pia');
    expect(answer.engine).toBe('postgres');
    expect(answer.hits[0]?.name).toMatch(/^Bánh pía/);
  } finally {
    await node.close();
  }
});
