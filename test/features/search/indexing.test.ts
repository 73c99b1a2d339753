import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';

const server = createSearch();

describe.skipIf(!server)('the index follows the catalogue', () => {
  let node: TestNode;
  beforeAll(async () => {
    if (!server) return;
    const { url, key, indexPrefix } = server;
    node = await startNode({ env: { MEILI_URL: url, MEILI_KEY: key, MEILI_INDEX_PREFIX: indexPrefix } });
    await node.services.indexing.prepare();
  });
  afterAll(async () => {
    await node?.close();
    await server?.drop();
  });

  const find = (q: string, filters = {}) => node.services.search.search({ q, filters, limit: 24 });
  const waiting = async (): Promise<number> => {
    const { rowCount } = await node.db.$client.query('select from search_documents where version <> mirrored_version');
    return rowCount ?? 0;
  };
  const first = async (q: string) => {
    const [hit] = (await find(q)).hits;
    if (!hit) throw new Error(`Nothing is called ${q}`);
    return hit;
  };

  test('a change that commits is found, one that rolls back is not', async () => {
    const { productId } = await first('khô mực câu');
    const rename = async (name: string, fail: boolean) =>
      transact(node.db, 'test', async (tx) => {
        await tx.execute(`update products set name_vi = '${name}' where id = '${productId}'`);
        await node.services.products.touch(tx, productId);
        if (fail) throw new Error('changed my mind');
      });
    await expect(rename('Khô bạch tuộc', true)).rejects.toThrow('changed my mind');
    await node.runJobs();
    expect((await find('bạch tuộc')).hits.map((hit) => hit.productId)).not.toContain(productId);
    await rename('Khô bạch tuộc', false);
    expect((await node.runJobs()).errors).toEqual([]);
    expect((await find('bạch tuộc')).hits[0]?.productId).toBe(productId);
    expect(await waiting()).toBe(0);
  });

  test('the same event twice, or late, changes nothing', async () => {
    const { productId } = await first('tôm khô');
    const before = await node.db.$client.query('select version from search_documents where product_id = $1', [
      productId,
    ]);
    await node.services.indexing.index([productId, productId]);
    await node.services.indexing.index([productId]);
    const after = await node.db.$client.query('select version from search_documents where product_id = $1', [
      productId,
    ]);
    expect(after.rows).toEqual(before.rows);
  });

  test('one jar less of many is no news to the index; the last one is', async () => {
    const hit = await first('mật ong hoa nhãn');
    const versionOf = async () =>
      (await node.db.$client.query('select version from search_documents where product_id = $1', [hit.productId])).rows;
    const before = await versionOf();
    await node.setStock(hit.variants[0]?.variantId ?? '', 40);
    await node.services.indexing.index([hit.productId]);
    expect(await versionOf()).toEqual(before);
    for (const { variantId } of hit.variants) await node.setStock(variantId, 0);
    await node.services.indexing.index([hit.productId]);
    await node.services.indexing.send();
    expect((await find('mật ong hoa nhãn', { inStock: true })).hits.map((one) => one.productId)).not.toContain(
      hit.productId,
    );
  });

  test('two workers with the same products at once leave what is true', async () => {
    const { productId } = await first('xoài cát');
    const rename = (name: string) =>
      transact(node.db, 'test', async (tx) => {
        await tx.execute(`update products set name_vi = '${name}' where id = '${productId}'`);
      });
    for (let round = 0; round < 10; round += 1) {
      const runs = [node.services.indexing.index([productId])];
      await rename(`Xoài vòng ${round}`);
      runs.push(node.services.indexing.index([productId]), node.services.indexing.index([productId]));
      await Promise.all(runs);
      const { rows } = await node.db.$client.query(
        `select document ->> 'name' as name from search_documents where product_id = $1`,
        [productId],
      );
      expect(rows).toEqual([{ name: `Xoài vòng ${round}` }]);
    }
    await node.services.indexing.send();
    expect((await find('xoài vòng 9')).hits[0]?.productId).toBe(productId);
  });

  test('reindexing leaves no gap for those who search meanwhile, and keeps what changes meanwhile', async () => {
    const { productId } = await first('cốm dẹp nếp non');
    let running = true;
    const totals = new Map<string, Set<number>>();
    const shopper = (async () => {
      while (running) {
        const { total, engine } = await find('banh pia');
        totals.set(engine, (totals.get(engine) ?? new Set()).add(total));
      }
    })();
    const rebuilt = node.services.indexing.reindex();
    await node.services.products.withdraw('test', productId);
    await node.services.indexing.index([productId]);
    const counts = await rebuilt;
    running = false;
    await shopper;
    await node.runJobs();
    expect(counts.products).toBeGreaterThan(200);
    expect(totals.get('meilisearch')?.size).toBe(1);
    for (const [engine, seen] of totals) expect([...seen], engine).toHaveLength(1);
    expect((await find('cốm dẹp nếp non')).hits.map((hit) => hit.productId)).not.toContain(productId);
    expect(await waiting()).toBe(0);
  });
});
