import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { medusaAdapter } from '#federation/adapters/medusa/adapter.ts';
import { type Asked, foreignShop, type Reply } from './foreign-shop.ts';

const settings = {
  region: 'reg_01',
  country: 'vn',
  producer: { name: 'HTX', taxCode: '2200000000' },
  defaultCategory: 'gao-ngu-coc',
  categories: { 'nuoc-mam': 'nuoc-mam-gia-vi-long' },
  productPage: 'https://shop.example/vn/products/{slug}?id={id}',
};
const readAt = '2026-11-27T00:00:00.000Z';

/** As Medusa 2.21.2 answered, on 27 November 2026. */
const product = {
  id: 'prod_01',
  title: 'Gạo thơm',
  description: 'Độ đạm < 40\n\n<script>alert(1)</script>',
  handle: 'gao-thom',
  updated_at: '2026-11-27T12:03:07.724Z',
  thumbnail: null,
  images: [{ url: 'https://shop.example/a.jpg' }],
};
const price = {
  id: 'pset_01',
  is_calculated_price_tax_inclusive: true,
  calculated_amount: 12345,
  currency_code: 'vnd',
  calculated_amount_with_tax: 12345,
  calculated_amount_without_tax: 11430.555555555555,
  original_amount_with_tax: 12345,
};
const variant = {
  id: 'variant_01',
  title: 'Túi 1 kg',
  sku: 'SP-0',
  manage_inventory: true,
  allow_backorder: false,
  calculated_price: price,
  inventory_quantity: 5,
};

type Item = Readonly<Record<string, unknown>>;

/** A shop that keeps these, and pages, sorts and filters them as Medusa does. */
const shopOf = (goods: { rows: readonly Item[] }, change: (reply: Reply, asked: Asked) => Reply = (reply) => reply) =>
  foreignShop(medusaAdapter, settings, (asked) => change({ json: answer(goods.rows, asked.url) }, asked), {
    token: 'pk_1',
  });

function answer(rows: readonly Item[], { searchParams: query }: URL) {
  const since = query.get('updated_at[$gte]') ?? '';
  const shown = rows.filter(({ updated_at }) => String(updated_at) >= since);
  const sorted =
    query.get('order') === 'updated_at'
      ? shown.toSorted((a, b) => (String(a.updated_at) < String(b.updated_at) ? -1 : 1))
      : shown;
  const [offset, limit] = [Number(query.get('offset')), Number(query.get('limit'))];
  return { products: sorted.slice(offset, offset + limit), count: shown.length, offset, limit };
}

const numbered = (count: number) => ({
  rows: Array.from(
    { length: count },
    (_, i): Item => ({
      ...product,
      id: `prod_${i}`,
      updated_at: new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
      variants: [{ ...variant, id: `variant_${i}` }],
    }),
  ),
});

describe('a product of Medusa', () => {
  const { recordOf, normalised } = shopOf(numbered(0));

  test('becomes a listing, its text as it was typed', () => {
    expect(recordOf({ product, readAt })).toMatchObject({
      uri: 'ocop://shop.example/listing/prod_01',
      title: { vi: 'Gạo thơm' },
      description: { vi: 'Độ đạm < 40\n\n<script>alert(1)</script>' },
      producer: { name: 'HTX', taxCode: '2200000000' },
      categoryCode: 'gao-ngu-coc',
      landingUrl: 'https://shop.example/vn/products/gao-thom?id=prod_01',
      images: [{ url: 'https://shop.example/a.jpg' }],
      at: product.updated_at,
    });
    expect(
      recordOf({ product: { ...product, categories: [{ handle: 'x' }, { handle: 'nuoc-mam' }] }, readAt }),
    ).toMatchObject({
      categoryCode: 'nuoc-mam-gia-vi-long',
    });
  });

  test('leads to where shoppers are, not to the API', () => {
    const { productPage: _, ...rest } = settings;
    const shop = foreignShop(medusaAdapter, rest, () => ({ json: {} }));
    const api = { ...shop.partner, baseUrl: new URL('https://api.shop.example/') };
    expect(medusaAdapter.normalise({ id: 'x', body: { product, readAt } }, api)).toMatchObject({
      record: { landingUrl: 'https://shop.example/products/gao-thom' },
    });
  });

  test('without a name, an id or a date is rejected', () => {
    for (const lacking of [{ title: ' ' }, { id: 7.5e30 }, { updated_at: 'hôm qua' }]) {
      expect(normalised({ product: { ...product, ...lacking }, readAt })).toMatchObject({
        rejection: { code: 'invalid-record' },
      });
    }
  });
});

describe('a variant of Medusa', () => {
  const { recordOf, normalised } = shopOf(numbered(0));
  const body = (change: object) => ({ variant: { ...variant, ...change }, productId: 'prod_01', readAt });
  const priced = (change: object) => body({ calculated_price: { ...price, ...change } });

  test('becomes an offer', () => {
    const offer = recordOf(body({}));
    expect(offer).toMatchObject({
      uri: 'ocop://shop.example/offer/variant_01',
      listing: 'ocop://shop.example/listing/prod_01',
      sku: 'SP-0',
      label: 'Túi 1 kg',
      price: { amount: 12345, currency: 'VND', taxIncluded: true },
      availability: { state: 'in-stock', quantity: 5, mode: 'tracked' },
      at: readAt,
    });
    expect(offer).not.toHaveProperty('listPrice');
  });

  test('costs what the shopper pays, in whole đồng', () => {
    expect(recordOf(priced({ calculated_amount_with_tax: 13332.6 }))).toMatchObject({ price: { amount: 13333 } });
    expect(recordOf(priced({ calculated_amount_with_tax: 44999.99999999999 }))).toMatchObject({
      price: { amount: 45000 },
    });
    expect(recordOf(priced({ calculated_amount_with_tax: 9000 }))).toMatchObject({
      price: { amount: 9000 },
      listPrice: { amount: 12345 },
    });
  });

  test('that has no price in the region is not sold', () => {
    expect(recordOf(body({ calculated_price: null }))).toMatchObject({ kind: 'tombstone', of: 'offer' });
  });

  test('in another currency, or with a price that is none, is rejected', () => {
    for (const [change, code] of [
      [{ currency_code: 'usd' }, 'wrong-currency'],
      [{ calculated_amount_with_tax: undefined }, 'invalid-price'],
      [{ calculated_amount_with_tax: '12345' }, 'invalid-price'],
      [{ calculated_amount_with_tax: 1e15 }, 'invalid-record'],
    ] as const) {
      expect(normalised(priced(change))).toMatchObject({ rejection: { code } });
    }
  });

  test.each([
    ['sold out', { inventory_quantity: -2 }, { state: 'out-of-stock', quantity: 0, mode: 'tracked' }],
    ['ordered ahead', { inventory_quantity: 0, allow_backorder: true }, { state: 'pre-order', mode: 'on-demand' }],
    ['not counted', { manage_inventory: false, inventory_quantity: null }, { state: 'in-stock', mode: 'on-demand' }],
  ])('stock: %s', (_, change, availability) => {
    expect(recordOf(body(change))).toMatchObject({ availability });
  });
});

test('whatever comes, normalise says what is wrong with it', () => {
  const shop = shopOf(numbered(0));
  const any = fc.anything();
  const shaped = fc.oneof(
    any,
    fc.record({
      product: fc.oneof(
        any,
        fc.record({ id: any, title: any, handle: any, images: any, categories: any, updated_at: any }),
      ),
    }),
    fc.record({
      variant: fc.record({
        id: any,
        title: any,
        calculated_price: fc.oneof(
          any,
          fc.record({
            currency_code: fc.constant('vnd'),
            calculated_amount_with_tax: any,
            original_amount_with_tax: any,
          }),
        ),
        inventory_quantity: any,
      }),
      productId: any,
      readAt: any,
    }),
  );
  fc.assert(
    fc.property(shaped, (body) => void expect(Object.keys(shop.normalised(body))).toHaveLength(1)),
    { numRuns: 500 },
  );
});

describe('a pull from Medusa', () => {
  test('reads all pages of both lanes, and then only what changed', async () => {
    const goods = numbered(401);
    const shop = shopOf(goods);
    expect(await shop.pull()).toMatchObject({ lanes: { catalogue: { state: 'ok' }, offer: { state: 'ok' } } });
    expect(shop.store.records.size).toBe(2 * 401);
    expect(shop.asked[0]?.headers['x-publishable-api-key']).toBe('pk_1');
    expect(shop.asked.filter(({ url }) => url.search.includes('region_id=reg_01&country_code=vn'))).toHaveLength(3);
    goods.rows = goods.rows.map((one, i) =>
      i === 3 ? { ...one, title: 'Mới', updated_at: '2026-11-26T00:00:00.000Z' } : one,
    );
    const pages = await shop.read('catalogue', shop.store.checkpoints.get('catalogue'));
    expect(pages.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['prod_400', 'prod_3']);
  });

  test('brings stock that no date tells of', async () => {
    const goods = numbered(3);
    const shop = shopOf(goods);
    await shop.pull();
    goods.rows = goods.rows.map((one) => ({
      ...one,
      variants: [{ ...variant, id: `variant_${String(one.id).slice(5)}`, inventory_quantity: 0 }],
    }));
    await shop.pull();
    const states = [...shop.store.records.values()].flatMap((record) =>
      record.kind === 'offer' ? [record.availability.state, record.rev] : [],
    );
    expect(states).toEqual(['out-of-stock', 2, 'out-of-stock', 2, 'out-of-stock', 2]);
  });

  test.each([
    ['a key that is not known', { status: 400, json: { type: 'not_allowed' } }, 'http-status'],
    ['a list that is none', { json: { products: {}, count: 0 } }, 'malformed'],
    ['too many requests', { status: 429, json: {}, headers: { 'retry-after': '9' } }, 'throttled'],
  ])('stops at %s and leaves the checkpoint', async (_, reply, code) => {
    const shop = shopOf(numbered(3), () => reply);
    expect(await shop.pull()).toMatchObject({ lanes: { catalogue: { state: 'failed', failure: { code } } } });
    expect(shop.store.checkpoints.size).toBe(0);
  });

  test('stops when prices come as text', async () => {
    const goods = numbered(20);
    goods.rows = goods.rows.map((one, i) => ({
      ...one,
      variants: [
        { ...variant, id: `variant_${i}`, calculated_price: { ...price, calculated_amount_with_tax: '12345' } },
      ],
    }));
    expect(await shopOf(goods).pull()).toMatchObject({ lanes: { offer: { failure: { code: 'schema-drift' } } } });
  });

  test('refuses settings that it does not understand', async () => {
    const shop = foreignShop(medusaAdapter, { ...settings, region: 'x y' }, () => ({
      json: answer(numbered(1).rows, new URL('https://x/?limit=9')),
    }));
    expect(await shop.pull()).toMatchObject({ lanes: { offer: { failure: { code: 'malformed' } } } });
    expect(shop.normalised({ product, readAt })).toMatchObject({ rejection: { code: 'invalid-settings' } });
  });
});

describe('what Medusa has now', () => {
  test('is named in both lanes', async () => {
    const shop = shopOf(numbered(450));
    for (const [lane, uri] of [
      ['catalogue', 'ocop://shop.example/listing/prod_449'],
      ['offer', 'ocop://shop.example/offer/variant_449'],
    ] as const) {
      const uris = new Set<string>();
      for await (const one of medusaAdapter.enumerate?.(shop.ctx(), lane) ?? []) uris.add(one.uri);
      expect(uris.size).toBe(450);
      expect(uris).toContain(uri);
    }
  });

  test('one by one: there, or gone', async () => {
    const there = foreignShop(medusaAdapter, settings, () => ({ json: { product } }));
    expect(await medusaAdapter.fetchOne?.(there.ctx(), 'catalogue', 'prod_01')).toMatchObject({ body: { product } });
    const gone = foreignShop(medusaAdapter, settings, () => ({ status: 404, json: { type: 'not_found' } }));
    expect(await medusaAdapter.fetchOne?.(gone.ctx(), 'catalogue', 'prod_01')).toBe('gone');
    expect(await medusaAdapter.fetchOne?.(shopOf(numbered(1)).ctx(), 'offer', 'variant_0')).toMatchObject({
      id: 'variant_0',
    });
    expect(await medusaAdapter.fetchOne?.(shopOf(numbered(1)).ctx(), 'offer', 'variant_9')).toBe('gone');
  });

  test('is told by a region in đồng only', async () => {
    const shop = (currency_code: string) =>
      foreignShop(medusaAdapter, settings, () => ({ json: { region: { currency_code } } }));
    expect(await medusaAdapter.probe(shop('vnd').ctx())).toMatchObject({ clockSkewMs: 0 });
    await expect(medusaAdapter.probe(shop('usd').ctx())).rejects.toMatchObject({ code: 'schema-drift' });
  });
});
