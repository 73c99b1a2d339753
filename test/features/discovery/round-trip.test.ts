import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProductId } from '#features/products/types.ts';
import type { AdapterKind } from '#federation/adapters/adapter.ts';
import { type Goods, idOf } from '#federation/adapters/goods/goods.ts';
import { jsonLdAdapter } from '#federation/adapters/json-ld/adapter.ts';
import { readPage } from '#federation/adapters/json-ld/products.ts';
import type { FedRecord, Lane, Listing, Offer } from '#federation/protocol/record.ts';
import { makeUri } from '#federation/protocol/uri.ts';
import { feedPartner } from '#test/federation/simulators/feed-partner.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { schemaFaults, structuredData } from '#test/web/schema-org.ts';

let node: TestNode;
let told: readonly FedRecord[];
let codeOf: Readonly<Record<string, string>>;
beforeAll(async () => {
  node = await startNode();
  const own = await node.db.execute<{ id: ProductId }>(sql`select id from products where partner_key is null`);
  await node.services.federation.exportProducts(own.rows.map(({ id }) => id));
  const { rows } = await node.db.execute<{ record: FedRecord }>(
    sql`select record from federation_changes where op = 'upsert' order by uri`,
  );
  told = rows.map(({ record }) => record);
  const categories = await node.services.products.listCategories();
  codeOf = Object.fromEntries(categories.map(({ nameVi, slug }) => [nameVi, slug]));
}, 180_000);
afterAll(() => node?.close());

/** What a record says, without when and in which revision it said so. */
const content = (record: object): object => {
  const { rev: _rev, at: _at, hash: _hash, ...said } = record as FedRecord;
  return said;
};
const byUri = (records: readonly object[]): readonly object[] =>
  (records.map(content) as { uri: string }[]).sort((a, b) => (a.uri < b.uri ? -1 : 1));
const listings = () => told.filter((one): one is Listing => one.kind === 'listing');
const offers = () => told.filter((one): one is Offer => one.kind === 'offer');

describe('the demonstration catalogue, out by our own export and in by our own import', () => {
  test('has something to lose in every member', () => {
    expect(told.length).toBeGreaterThan(500);
    for (const member of ['description', 'ocop', 'gtin', 'netContent', 'unit', 'shelfLife'] as const)
      expect(
        listings().some((one) => one[member] !== undefined),
        member,
      ).toBe(true);
    expect(listings().every(({ images }) => images.length > 0)).toBe(true);
    expect(listings().some(({ producer }) => producer.taxCode)).toBe(true);
    expect(offers().some(({ listPrice }) => listPrice)).toBe(true);
  });

  test.each([
    ['google-merchant', '/feeds/google-merchant.xml'],
    ['csv', '/feeds/products.csv'],
  ] as readonly (readonly [AdapterKind, string])[])('%s carries every value', async (kind, url) => {
    const reader = feedPartner(kind, { url: new URL(node.url) }, { url });
    const lanes = await reader.pull();
    await reader.close();
    expect(lanes).toMatchObject({ catalogue: { state: 'ok' }, offer: { state: 'ok' } });
    expect(byUri([...reader.store.records.values()])).toEqual(byUri(told));
  });

  test('the pages carry all but what schema.org has no word for', async () => {
    const { origin } = listings()[0] ?? { origin: '' };
    const settings = { categories: codeOf };
    const partner = { key: 'pages', origin, baseUrl: new URL(node.url), adapter: 'json-ld' as const, settings };
    const read: object[] = [];
    for (const { landingUrl } of listings()) {
      const page = await (await fetch(landingUrl)).text();
      expect(schemaFaults(page), landingUrl).toEqual([]);
      const { goods, fault } = readPage(page, new URL(landingUrl));
      expect([fault, goods.length > 0], landingUrl).toEqual([undefined, true]);
      const one = (lane: Lane, sent: Goods | undefined) => {
        const body = { lane, goods: sent, readAt: '2026-11-27T02:00:00.000Z' };
        const result = jsonLdAdapter.normalise({ id: landingUrl, body }, partner);
        read.push('record' in result ? (result.record as object) : result);
      };
      one('catalogue', goods[0]);
      for (const pack of goods) one('offer', pack);
    }
    expect(byUri(read)).toEqual(byUri([...listings().map(asPagesSay), ...offers().map(asPagesSayOffer)]));
  }, 120_000);

  test('the terms of the Data Food Consortium carry every value, apart in enterprise, product, stock and price', async () => {
    const document = (await (await fetch(`${node.url}/feeds/dfc.jsonld`)).json()) as { '@graph': Node[] };
    const graph = document['@graph'];
    expect(new Set(graph.map((one) => one['@id'])).size).toBe(graph.length);
    expect(byUri(readGraph(graph))).toEqual(byUri(told));
    const of = (type: string) => graph.filter((one) => one['@type'] === `dfc-b:${type}`);
    const enterprises = of('Enterprise');
    expect(enterprises.flatMap((one) => one['dfc-b:supplies'] as string[]).sort()).toEqual(
      of('SuppliedProduct')
        .map((one) => one['@id'])
        .sort(),
    );
    expect(enterprises.flatMap((one) => one['dfc-b:manages'] as string[]).sort()).toEqual(
      of('CatalogItem')
        .map((one) => one['@id'])
        .sort(),
    );
    for (const product of of('SuppliedProduct'))
      expect([product['dfc-b:stockLimitation'], product['dfc-b:hasPrice']]).toEqual([undefined, undefined]);
  });
});

/**
 * What a page in one language cannot say: the other language, how long the goods keep, pictures beyond the one that it
 * shows, and whether there are others.
 */
function asPagesSay({ title, description, shelfLife: _life, images, ...listing }: Listing): object {
  return {
    ...listing,
    title: { vi: title.vi },
    ...(description && { description: { vi: description.vi } }),
    images: images.slice(0, 1),
  };
}
/** Of a pack they know the code that its seller gave it. */
const asPagesSayOffer = ({ uri: _uri, ...offer }: Offer): object => ({
  ...offer,
  uri: makeUri(offer.origin, 'offer', idOf(offer.sku ?? '')),
});

type Node = Readonly<Record<string, unknown>>;
const member = (node: Node | undefined, name: string): Node => (node?.[name] ?? {}) as Node;

/** A reader of the Consortium's terms that was written for this test alone. */
function readGraph(graph: readonly Node[]): object[] {
  const byId = new Map(graph.map((one) => [one['@id'], one]));
  const origin = new URL(node.url).host;
  const envelope = { origin, via: [] };
  const units: Readonly<Record<string, string>> = { 'dfc-m:Gram': 'g' };
  const price = (one: Node) =>
    one['dfc-b:hasUnit'] === 'currency:VND'
      ? { amount: one['dfc-b:value'], currency: 'VND', taxIncluded: one['ocop:taxIncluded'] }
      : undefined;
  const known = (record: object): object =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
  const listingOf = (one: Node) => {
    const maker = byId.get(one['dfc-b:suppliedBy']);
    const quantity = member(one, 'dfc-b:hasQuantity');
    const days = /^P(\d+)D$/.exec(String(one['dfc-b:lifetime']))?.[1];
    return known({
      ...envelope,
      uri: one['@id'],
      kind: 'listing',
      title: known({ vi: one['dfc-b:name'], en: one['ocop:titleEn'] }),
      description: one['dfc-b:description'] && known({ vi: one['dfc-b:description'], en: one['ocop:descriptionEn'] }),
      producer: known({
        uri: maker?.['@id'],
        name: maker?.['dfc-b:name'],
        taxCode: maker?.['dfc-b:VATnumber'],
        commune: member(maker, 'dfc-b:hasAddress')['dfc-b:city'],
      }),
      ocop:
        one['ocop:stars'] &&
        known({
          stars: one['ocop:stars'],
          decisionNo: one['ocop:decision'],
          issuer: one['ocop:issuer'],
          issuedOn: one['ocop:issuedOn'],
          expiresOn: one['ocop:expiresOn'],
        }),
      gtin: one['ocop:gtin'],
      netContent: one['dfc-b:hasQuantity'] && {
        value: quantity['dfc-b:value'],
        unit: units[String(quantity['dfc-b:hasUnit'])],
      },
      unit: one['ocop:salesUnit'],
      categoryCode: one['ocop:productSet'],
      images: ((one['dfc-b:image'] ?? []) as string[]).map((url) => ({ url })),
      landingUrl: one['ocop:page'],
      shelfLife: days && { days: Number(days) },
    });
  };
  const offerOf = (one: Node) => {
    const item = byId.get(one['dfc-b:offers']);
    const before = one['ocop:listPrice'] as Node | undefined;
    return known({
      ...envelope,
      uri: one['@id'],
      kind: 'offer',
      listing: item?.['dfc-b:references'],
      sku: item?.['dfc-b:sku'],
      label: item?.['ocop:pack'],
      position: item?.['ocop:position'],
      price: price(member(one, 'dfc-b:hasPrice')),
      listPrice: before && price(before),
      availability: { state: one['ocop:availability'], quantity: item?.['dfc-b:stockLimitation'], mode: 'tracked' },
      minQty: one['ocop:minQuantity'],
      maxQty: one['ocop:maxQuantity'],
    });
  };
  return graph.flatMap((one) => {
    if (one['@type'] === 'dfc-b:SuppliedProduct') return [listingOf(one)];
    return one['@type'] === 'dfc-b:Offer' ? [offerOf(one)] : [];
  });
}

test('what pages say of the exchange, its businesses and its sets is schema.org as it is', async () => {
  const { items } = await node.services.businesses.listBusinesses(1);
  const types: unknown[] = [];
  for (const path of ['/', '/en', '/km', `/co-so/${items[0]?.slug}`, '/danh-muc/che', `/km/co-so/${items[0]?.slug}`]) {
    const html = await (await fetch(node.url + path)).text();
    expect(schemaFaults(html), path).toEqual([]);
    types.push(...structuredData(html).map((one) => one['@type']));
  }
  expect([...new Set(types)].sort()).toEqual(['BreadcrumbList', 'LocalBusiness', 'OnlineStore', 'WebSite']);
  // A member of another type, a list that schema.org has not, and a thing without its price are seen.
  const wrong = {
    '@type': 'Certification',
    name: 'x',
    issuedBy: { '@type': 'Organization', name: 'x' },
    validThrough: 'x',
  };
  const offer = { '@type': 'Offer', priceCurrency: 'VND', availability: 'https://schema.org/InStok' };
  const script = (data: object) => `<script type="application/ld+json">${JSON.stringify(data)}</script>`;
  const context = { '@context': 'https://schema.org' };
  expect(schemaFaults(script({ ...context, ...wrong }) + script({ ...context, ...offer }))).toEqual([
    'Certification.validThrough is no member of Certification',
    'Offer.price is missing',
    'Offer.availability: https://schema.org/InStok does not exist',
  ]);
});

/** support.google.com/merchants/answer/7052112: what every item must say, and how. */
const merchant: Readonly<Record<string, RegExp>> = {
  id: /^.{1,50}$/u,
  title: /^.{1,150}$/u,
  description: /^[\s\S]{1,5000}$/u,
  link: /^https?:\/\/\S{1,2000}$/,
  image_link: /^https?:\/\/\S{1,2000}$/,
  availability: /^(?:in_stock|out_of_stock|preorder|backorder)$/,
  price: /^[1-9]\d* VND$/,
  brand: /^.{1,70}$/u,
};

test('every item of the merchant feed has what the specification asks of it', async () => {
  const xml = await (await fetch(`${node.url}/feeds/google-merchant.xml`)).text();
  const items = xml.split('<item>').slice(1);
  expect(items.length).toBe(offers().length);
  const faults = items.flatMap((item) =>
    Object.entries(merchant)
      .map(([name, form]) => [name, form, new RegExp(`<g:${name}>([^<]*)</g:${name}>`).exec(item)?.[1] ?? ''] as const)
      .filter(([, form, value]) => !form.test(value))
      .map(([name, , value]) => `${name}: ${value}`),
  );
  expect(faults).toEqual([]);
  const ids = [...xml.matchAll(/<g:id>([^<]*)</g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
