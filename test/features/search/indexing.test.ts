import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import { PARTNER_QUEUE } from '#features/search/index.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { letIn } from '#test/support/partners.ts';

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

  test('a partner that is shut out is gone from results and counts by one job, before its goods are withdrawn', async () => {
    const partnerKey = 'can-tho';
    await node.db.execute(
      sql`update partners set adapter = 'native', origin = 'can-tho.example', keyid = 'k', jwk = '{}'::jsonb where key = ${partnerKey}`,
    );
    await letIn(node.db, partnerKey);
    await mirror(node, partnerKey, ['Nem nướng Cái Răng', 'Bánh tét lá cẩm', 'Vú sữa tím Phong Điền']);
    await node.runJobs();
    const counts = async () => {
      const { facets, total } = await find('');
      return [facets.partner[partnerKey] ?? 0, total];
    };
    const [shown, before = 0] = await counts();
    expect(shown).toBe(3);
    await node.services.partnerDesk.suspend({ actor: 'test', address: '' }, partnerKey, 'Bán phá giá');
    const { rows } = await node.db.execute<{ data: object }>(
      sql`select data from pgboss.job where name = ${PARTNER_QUEUE} and state = 'created'`,
    );
    expect(rows).toMatchObject([{ data: { partnerKey } }]);
    const job = node.services.indexing.handlers.find(({ queue }) => queue === PARTNER_QUEUE);
    await job?.run(rows.map(({ data }) => data));
    await node.services.indexing.send();
    expect(await counts()).toEqual([0, before - 3]);
    expect((await find('nem nướng cái răng')).hits.filter(({ partner }) => partner !== null)).toEqual([]);
    // Another partner, and this one when it is let in again, keeps its goods.
    await node.services.partnerDesk.resume({ actor: 'test', address: '' }, partnerKey, 'Đã khắc phục');
    await job?.run([{ partnerKey }]);
    const { rows: kept } = await node.db.execute(sql`select status from products where partner_key = ${partnerKey}`);
    expect(kept).toHaveLength(3);
  });
});

/** Listings of a partner as a pull would show them. */
async function mirror(node: TestNode, partnerKey: string, names: readonly string[]): Promise<void> {
  const { businesses, products } = node.services;
  const [category] = await products.listCategories();
  if (!category) throw new Error('There are no product sets');
  const root = `ocop://${partnerKey}.example`;
  await transact(node.db, 'test', async (tx) => {
    const producer = { originUri: `${root}/producer/1`, name: 'HTX Cái Răng', type: 'enterprise' as const };
    const businessId = (await businesses.mirrorProducers(tx, partnerKey, [producer])).get(producer.originUri);
    if (!businessId) throw new Error('The producer was not written');
    const claims = { claimedStar: null, claimedDecision: null, claimedUntil: null };
    const about = { nameEn: '', descriptionVi: '', unitVi: 'gói', netWeightG: 200, gtin: null, ...claims };
    const place = { partnerKey, businessId, categoryId: category.id, categorySlug: category.slug, tags: [] };
    const offer = { priceVnd: vnd(45_000), compareAtVnd: null, available: 5, asOf: new Date() };
    const mirrored = names.map((nameVi, at) => {
      const originUri = `${root}/listing/${at}`;
      return {
        listing: { ...about, ...place, nameVi, originUri, landingUrl: `https://${partnerKey}.example/${at}` },
        offer,
      };
    });
    await products.mirrorListings(tx, partnerKey, mirrored);
  });
}
