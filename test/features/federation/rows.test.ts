import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { bucketHashes, bucketRoot, recordHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { LANES } from '#federation/protocol/record.ts';
import { observed } from '#test/federation/observed.ts';
import { type Breaking, breakAt } from '#test/support/broken-connections.ts';
import { type TestNode as Shop, startNode as startShop } from '#test/support/node.ts';
import { letIn } from '#test/support/partners.ts';
import { many } from '#test/support/scale.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

/** The exchange whose goods are read, and the one that reads them. */
let origin: TestNode;
let reader: TestNode;
const goods: { id: ProductId; variantId: VariantId }[] = [];
beforeAll(async () => {
  [origin, reader] = await Promise.all([startNode(), startNode()]);
  await introduce(origin, reader);
  await origin.addProducts(...Array.from({ length: 10 }, (_, at) => draftOf(`Bánh ${at}`)));
  const { items } = await origin.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  for (const { productId, variants } of items) {
    const variantId = variants[0]?.variantId;
    if (variantId) goods.push({ id: productId, variantId });
  }
});
afterAll(async () => {
  await Promise.all([origin?.close(), reader?.close()]);
});

const copies = async () => {
  const { items } = await reader.products.listProducts({ filters: {}, sort: 'name', limit: 100 });
  return items.filter(({ partner }) => partner !== null);
};
async function setPrice(at: number, priceVnd: number): Promise<void> {
  const good = goods[at];
  if (!good) throw new Error('no such product');
  await origin.products.setPrice('test', good.variantId, vnd(priceVnd));
  await origin.runJobs();
}
const goOn = (ms: number): void => {
  for (const node of [origin, reader]) node.clock.now = new Date(node.clock.now.getTime() + ms);
};
/** A partner that is let in and was never met: a manifest with an address, an origin and a key. */
async function admit(node: Pick<TestNode, 'db'>, key: string, address: string, host: string): Promise<void> {
  const { keyid, jwk } = readIdentity(generatePem());
  await node.db.execute(sql`
    update partners set adapter = 'native', origin = ${host}, base_url = ${address}, keyid = ${keyid},
      jwk = ${JSON.stringify(jwk)}::jsonb where key = ${key}`);
  await letIn(node.db, key);
}
const rootsOf = async (node: TestNode, table: string): Promise<string[]> => {
  const { rows } = await node.db.execute<{ lane: string; uri: string; rev: number; hash: string }>(
    sql.raw(
      `select lane, uri, (record ->> 'rev')::int as rev, hash from ${table} where record ->> 'kind' <> 'tombstone'`,
    ),
  );
  return LANES.map((lane) => bucketRoot(bucketHashes(rows.filter((row) => row.lane === lane))));
};

test('row 1: two partners that are down cost a third nothing, and are left alone after five outages', async () => {
  const plain = createServer((_asked, answered) => answered.end()).listen(0, '127.0.0.1');
  await new Promise((listening) => plain.once('listening', listening));
  const { port } = plain.address() as AddressInfo;
  await admit(reader, 'ca-mau', 'http://127.0.0.1:9', 'camau.example');
  // Speaks no TLS, so the handshake fails.
  await admit(reader, 'can-tho', `https://127.0.0.1:${port}`, 'cantho.example');
  const downs = ['ca-mau', 'can-tho'];
  try {
    await reader.federation.pullNow('a');
    for (let outage = 1; outage <= 5; outage += 1) {
      await setPrice(0, 50_000 + outage);
      const [good, ...down] = await Promise.all(['a', ...downs].map((key) => reader.federation.pullNow(key)));
      expect(good).toMatchObject({ state: 'pulled', lanes: { offer: { state: 'ok', counts: { applied: 1 } } } });
      for (const report of down) {
        expect(report).toMatchObject({ lanes: { catalogue: { state: 'failed', failure: { code: 'unreachable' } } } });
      }
      goOn(64_000);
    }
    expect((await copies()).some(({ variants }) => variants[0]?.priceVnd === 50_005)).toBe(true);
    const waiting = await Promise.all(downs.map((key) => reader.federation.pullNow(key)));
    expect(waiting).toEqual([{ state: 'waiting' }, { state: 'waiting' }]);
    goOn(300_000);
    await expect(reader.federation.pullNow('ca-mau')).resolves.toMatchObject({ state: 'pulled' });
    await expect(reader.federation.pullNow('ca-mau')).resolves.toEqual({ state: 'waiting' });
  } finally {
    for (const key of downs) await reader.federation.suspend('test', key);
    plain.close();
  }
  observed(
    1,
    'refused and without TLS beside a third: each of its 5 prices arrived; the two waited after 5 outages, one probe after 5 min',
  );
});

describe('row 12', () => {
  const events = async (): Promise<number> => {
    const { rows } = await reader.db.execute<{ count: number }>(
      sql`select coalesce(sum(jsonb_array_length(payload -> 'productIds')), 0)::int as count from events where type = 'mirrors.changed'`,
    );
    return rows[0]?.count ?? 0;
  };
  let extra: ProductId | undefined;
  let round = 0;
  /** News for both lanes: a price, a new listing, and the last new one withdrawn. */
  const news = async (): Promise<void> => {
    round += 1;
    await setPrice(round % goods.length, 60_000 + round);
    const before = extra;
    [extra] = await origin.addProducts(draftOf(`Mới ${round}`));
    if (before) await origin.products.withdraw('test', before);
    await origin.runJobs();
  };
  const database = () => new URL(reader.database.url).pathname.slice(1);

  test.each(['before', 'after'] as const)(
    'row 12: the connection to the database breaks %s each statement of a pull',
    async (how: Breaking) => {
      await reader.federation.pullNow('a');
      await news();
      await reader.federation.pullNow('a');
      let told = await events();
      await news();
      await reader.federation.pullNow('a');
      const usual = (await events()) - told;
      expect(usual).toBeGreaterThan(2);
      let statements = 0;
      for (let nth = how === 'before' ? 1 : 3; ; nth += many(5, 1)) {
        await news();
        told = await events();
        const broken = await breakAt(database(), nth, how, async () => {
          await reader.federation.pullNow('a').catch(() => undefined);
        });
        if (!broken.statement) break;
        statements = nth;
        goOn(1_000);
        // What was not kept comes again; what was kept is not told a second time.
        await expect(reader.federation.pullNow('a')).resolves.toMatchObject({ state: 'pulled' });
        expect((await events()) - told, `${how} ${broken.statement}`).toBe(usual);
        expect(await rootsOf(reader, 'federation_mirrors'), broken.statement).toEqual(
          await rootsOf(origin, 'federation_changes'),
        );
      }
      expect(statements).toBeGreaterThan(10);
      // Each fifth in `npm test`, each in the long form, by which the document is written.
      observed(12, `cut ${how} each statement, of pages and checkpoints alike: roots equal, every event told once`);
    },
    many(60_000, 300_000),
  );
});

test('row 13: prices set at once by as many writers as the pool holds, read in between, all arrive', async () => {
  const seen = new Map<string, string>();
  let cursor: string | undefined;
  const read = async () => {
    const page = await origin.federation.readChanges('b', 'offer', cursor, 500);
    for (const { uri, hash } of page.items) seen.set(uri, hash);
    cursor = page.next;
  };
  let writing = true;
  const writes = Array.from({ length: 64 }, async (_, at) => {
    const good = goods[at % goods.length];
    if (!good) throw new Error('no such product');
    await origin.products.setPrice('test', good.variantId, vnd(70_000 + at));
    await origin.federation.exportProducts([good.id]);
  });
  const writers = Promise.all(writes).finally(() => {
    writing = false;
  });
  while (writing) await read();
  await writers;
  await read();
  const { rows } = await origin.db.execute<{ uri: string; hash: string }>(
    sql`select uri, hash from federation_changes where lane = 'offer'`,
  );
  expect([...seen].toSorted()).toEqual(rows.map(({ uri, hash }) => [uri, hash]).toSorted());
  observed(13, '64 prices of 10 products set and exported at once: the reader ends with what the feed says');
});

describe('what a partner sends', () => {
  let shop: Shop;
  const host = 'angiang.example';
  const envelope = { origin: host, via: [], at: '2026-11-23T00:00:00Z', rev: 1 };
  const sealed = (content: Record<string, unknown>) => ({ ...content, hash: recordHash(content) });
  const uri = (kind: string, id: string) => `ocop://${host}/${kind}/${id}`;
  const listing = (id: string, title: string, more: object = {}) => ({
    ...envelope,
    ...{ uri: uri('listing', id), kind: 'listing', title: { vi: title }, images: [] },
    ...{ producer: { uri: uri('producer', '1'), name: title.slice(0, 300) } },
    ...{ categoryCode: 'x', landingUrl: `https://${host}/${id}`, ...more },
  });
  const offer = (id: string, state: string, more: object = {}) => ({
    ...envelope,
    ...{ uri: uri('offer', id), kind: 'offer', listing: uri('listing', id), minQty: 1 },
    ...{
      price: { amount: 65_000, currency: 'VND', taxIncluded: true },
      availability: { state, mode: 'tracked', quantity: 3 },
    },
    ...more,
  });
  let categoryCode = '';
  beforeAll(async () => {
    shop = await startShop();
    await admit(shop, 'an-giang', `https://${host}`, host);
    const { rows } = await shop.db.execute<{ slug: string }>(sql`select slug from categories limit 1`);
    categoryCode = rows[0]?.slug ?? '';
  });
  afterAll(() => shop?.close());
  const receive = async (...records: readonly Record<string, unknown>[]) => {
    const sent = records.map((one) => ('hash' in one ? one : sealed(one)));
    return (await shop.services.federation.receive('an-giang', sent)).results.map(({ result, code }) => code ?? result);
  };
  const shown = async () => {
    const filters = { partner: ['an-giang'] };
    return (await shop.services.products.listProducts({ filters, sort: 'name', limit: 100 })).items;
  };

  test('row 21: script, formulas, unseen and turned letters, 1 MB and half characters', async () => {
    const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(2)>';
    const half = { ...listing('half', 'Bánh \ud800'), categoryCode, hash: '0'.repeat(64) };
    const results = await receive(
      { ...listing('script', hostile, { description: { vi: hostile }, unit: '<b>hộp' }), categoryCode },
      { ...listing('formula', '=HYPERLINK("http://evil.example","Bánh")'), categoryCode },
      { ...listing('unseen', 'Bánh\u202e pía\u200b\u2066 thật'), categoryCode },
      { ...listing('long', 'a'.repeat(1_048_576)), categoryCode },
      half,
      { ...listing('null', 'Bánh \0 pía'), categoryCode },
      ...['script', 'formula', 'unseen'].map((id) => offer(id, 'in-stock')),
    );
    expect(results).toEqual([
      ...['applied', 'applied', 'applied', 'invalid-record', 'hash-mismatch', 'invalid-record'],
      ...['applied', 'applied', 'applied'],
    ]);
    await shop.runJobs();
    const items = await shown();
    expect(items.map(({ name }) => name).toSorted()).toEqual(
      [hostile, '=HYPERLINK("http://evil.example","Bánh")', 'Bánh pía thật'].toSorted(),
    );
    const paths = items.map(({ slug }) => `/san-pham/${slug}`);
    for (const path of [...paths, '/', '/tim-kiem?q=alert', '/san-pham?san=an-giang']) {
      const answer = await fetch(shop.url + path);
      const text = await answer.text();
      expect(answer.status, path).toBeLessThan(500);
      // Nobody here has checked a producer of another exchange.
      if (paths.includes(path)) expect(text).not.toContain('đã được sàn xác nhận');
      expect(text, path).not.toMatch(/<script>alert|<img src=x|\u202e|\u2066/);
    }
    const feed = await (await fetch(`${shop.url}/feeds/products.csv`)).text();
    expect(feed).not.toMatch(/HYPERLINK|alert\(1\)/);
    observed(
      21,
      'native: markup is shown as text on every page, unseen letters are gone, 1 MB, U+0000 and half characters are quarantined; none of it leaves in our feeds',
    );
  });

  test('row 19: an availability that nobody knows counts as none', async () => {
    const id = 'unknown';
    const results = await receive({ ...listing(id, 'Trà lạ'), categoryCode }, offer(id, 'on-the-moon'));
    expect(results).toEqual(['applied', 'applied']);
    const found = (await shown()).find(({ name }) => name === 'Trà lạ');
    expect(found?.variants[0]?.available).toBe(0);
    observed(19, 'an unknown availability: taken, and 0 for sale');
  });

  test('row 26: the goods of a third exchange and our own are rejected by name when they are pushed', async () => {
    const foreign = { ...listing('1', 'Của sàn khác'), origin: 'camau.example', uri: 'ocop://camau.example/listing/1' };
    const ours = new URL(shop.url).host;
    const own = { ...listing('1', 'Của ta'), origin: ours, uri: `ocop://${ours}/listing/1` };
    const relayed = { ...listing('relayed', 'Qua tay ta'), categoryCode, via: [ours] };
    const places = [foreign, own, relayed].map((one) => ({ ...one, landingUrl: `https://${one.origin}/1` }));
    expect(await receive(...places)).toEqual(['origin-mismatch', 'loop', 'loop']);
    expect((await shown()).map(({ name }) => name)).not.toContain('Của sàn khác');
    observed(26, 'pushed: origin-mismatch for a third exchange, loop for ours and for what came through us');
  });
});
