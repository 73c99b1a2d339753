import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vendureAdapter } from '#federation/adapters/vendure/adapter.ts';
import { type Asked, foreignShop, type Reply } from './foreign-shop.ts';

const settings = {
  channel: 'vnd',
  producer: { name: 'HTX' },
  defaultCategory: 'gao-ngu-coc',
  categories: { mam: 'nuoc-mam' },
};
const readAt = '2026-11-27T00:00:00.000Z';

/** As Vendure 3.7.3 answered, on 27 November 2026. */
const product = {
  id: '1',
  updatedAt: '2026-11-27T11:56:32.155Z',
  enabled: true,
  featuredAsset: { source: 'https://shop.example/assets/a.jpg' },
  assets: [{ source: 'https://shop.example/assets/a.jpg' }, { source: 'assets/b.jpg' }],
  facetValues: [],
  translations: [
    { languageCode: 'en', name: 'Rice', slug: 'rice', description: '' },
    {
      languageCode: 'vi',
      name: 'Gạo thơm',
      slug: 'gao-thom',
      description: '<p>Gạo <b>ngon</b></p><p>&Acirc;m &lt; 3</p>',
    },
  ],
};
const variant = {
  id: '7',
  productId: '1',
  updatedAt: '2026-11-27T11:56:33.407Z',
  sku: 'SP-0',
  enabled: true,
  trackInventory: 'TRUE',
  outOfStockThreshold: 0,
  useGlobalOutOfStockThreshold: true,
  priceWithTax: 45000,
  currencyCode: 'VND',
  stockLevels: [{ stockOnHand: 5, stockAllocated: 2 }],
  options: [{ name: '1 kg' }],
};
const globals = { trackInventory: true, outOfStockThreshold: 0 };

type Item = Readonly<Record<string, unknown>>;
type Lists = { products: readonly Item[]; productVariants: readonly Item[] };

/** A shop that keeps these, and pages, sorts and filters them as Vendure does. */
const shopOf = (lists: Lists, change: (reply: Reply, asked: Asked) => Reply = (reply) => reply) =>
  foreignShop(vendureAdapter, settings, (asked) => change({ json: { data: answer(lists, asked.body) } }, asked));

function answer(lists: Lists, body: unknown) {
  const { query, variables } = Object(body);
  const name = String(query).includes('productVariants(') ? 'productVariants' : 'products';
  if (!variables.o) return { globalSettings: globals, activeChannel: { defaultCurrencyCode: 'VND' } };
  const { skip, take, sort, filter = {} } = variables.o;
  const shown = lists[name]
    .filter(({ enabled }) => !filter.enabled || enabled)
    .filter(({ updatedAt }) => !filter.updatedAt || String(updatedAt) > filter.updatedAt.after);
  const rows = sort.updatedAt ? shown.toSorted((a, b) => (String(a.updatedAt) < String(b.updatedAt) ? -1 : 1)) : shown;
  return { [name]: { items: rows.slice(skip, skip + take), totalItems: rows.length } };
}

const numbered = (
  count: number,
  at: (i: number) => string = (i) => new Date(Date.UTC(2026, 0, 1) + i * 1000).toISOString(),
) => ({
  products: Array.from({ length: count }, (_, i) => ({ ...product, id: String(i + 1), updatedAt: at(i) })),
  productVariants: Array.from({ length: count }, (_, i) => ({
    ...variant,
    id: String(i + 1),
    productId: String(i + 1),
  })),
});

describe('a product of Vendure', () => {
  const { recordOf, normalised } = shopOf(numbered(0));

  test('becomes a listing', () => {
    expect(recordOf({ product, readAt })).toMatchObject({
      uri: 'ocop://shop.example/listing/1',
      title: { vi: 'Gạo thơm', en: 'Rice' },
      description: { vi: 'Gạo ngon\n\nÂm < 3' },
      producer: { uri: 'ocop://shop.example/producer/shop', name: 'HTX' },
      categoryCode: 'gao-ngu-coc',
      landingUrl: 'https://shop.example/products/gao-thom',
      images: [{ url: 'https://shop.example/assets/a.jpg' }, { url: 'https://shop.example/assets/b.jpg' }],
      at: product.updatedAt,
    });
    expect(recordOf({ product: { ...product, facetValues: [{ code: 'mam' }] }, readAt })).toMatchObject({
      categoryCode: 'nuoc-mam',
    });
  });

  test('that is hidden dies, and lives when it is shown', () => {
    expect(recordOf({ product: { ...product, enabled: false }, readAt })).toMatchObject({
      kind: 'tombstone',
      of: 'listing',
    });
  });

  test('without a name, an id or a date is rejected', () => {
    for (const lacking of [{ translations: [] }, { id: 'không' }, { updatedAt: null }]) {
      expect(normalised({ product: { ...product, ...lacking }, readAt })).toMatchObject({
        rejection: { code: 'invalid-record' },
      });
    }
  });

  test('keeps hostile text as text', () => {
    const name = '<img src=x onerror=alert(1)> \u202eGạo\ud800\u0000';
    const translations = [{ languageCode: 'vi', name, slug: '../x', description: '&lt;script&gt;alert(1)' }];
    expect(recordOf({ product: { ...product, translations }, readAt })).toMatchObject({
      title: { vi: '<img src=x onerror=alert(1)> Gạo\ufffd' },
      description: { vi: '<script>alert(1)' },
      landingUrl: 'https://shop.example/products/..%2Fx',
    });
  });
});

describe('a variant of Vendure', () => {
  const { recordOf, normalised } = shopOf(numbered(0));
  const offer = (change: object, more: object = globals) =>
    recordOf({ variant: { ...variant, ...change }, globals: more, readAt });

  test('becomes an offer', () => {
    expect(offer({})).toMatchObject({
      uri: 'ocop://shop.example/offer/7',
      listing: 'ocop://shop.example/listing/1',
      sku: 'SP-0',
      label: '1 kg',
      price: { amount: 45000, currency: 'VND', taxIncluded: true },
      availability: { state: 'in-stock', quantity: 3, mode: 'tracked' },
      at: readAt,
    });
  });

  test.each([
    ['a channel without a location has nothing', { stockLevels: [] }, globals, { state: 'out-of-stock', quantity: 0 }],
    [
      'orders hold more than there is',
      { stockLevels: [{ stockOnHand: 1, stockAllocated: 4 }] },
      globals,
      { quantity: 0 },
    ],
    ['the threshold of the shop', {}, { ...globals, outOfStockThreshold: 2 }, { quantity: 1 }],
    ['its own threshold', { useGlobalOutOfStockThreshold: false, outOfStockThreshold: -2 }, globals, { quantity: 5 }],
    ['not counted', { trackInventory: 'FALSE' }, globals, { state: 'in-stock', mode: 'on-demand' }],
    ['not counted by the shop', { trackInventory: 'INHERIT' }, { trackInventory: false }, { mode: 'on-demand' }],
  ])('stock: %s', (_, change, more, availability) => {
    expect(offer(change, more)).toMatchObject({ availability });
  });

  test('in a shop with two digits is taken for what it is, or refused', () => {
    const two = foreignShop(vendureAdapter, { ...settings, moneyDigits: 2 }, () => ({ json: {} }));
    expect(two.recordOf({ variant: { ...variant, priceWithTax: 4500000 }, globals, readAt })).toMatchObject({
      price: { amount: 45000 },
    });
    expect(two.normalised({ variant: { ...variant, priceWithTax: 4500050 }, globals, readAt })).toMatchObject({
      rejection: { code: 'invalid-price' },
    });
  });

  test('in another currency, without a price or for nothing is rejected', () => {
    for (const [change, code] of [
      [{ currencyCode: 'USD' }, 'wrong-currency'],
      [{ priceWithTax: '45000' }, 'invalid-price'],
      [{ priceWithTax: 0 }, 'invalid-record'],
    ] as const) {
      expect(normalised({ variant: { ...variant, ...change }, globals, readAt })).toMatchObject({
        rejection: { code },
      });
    }
  });
});

test('whatever comes, normalise says what is wrong with it', () => {
  const shop = shopOf(numbered(0));
  const shaped = fc.oneof(
    fc.anything(),
    fc.record({
      product: fc.oneof(
        fc.anything(),
        fc.record({
          id: fc.anything(),
          enabled: fc.anything(),
          translations: fc.anything(),
          assets: fc.anything(),
          updatedAt: fc.anything(),
        }),
      ),
    }),
    fc.record({
      variant: fc.record({
        id: fc.anything(),
        priceWithTax: fc.anything(),
        currencyCode: fc.constant('VND'),
        stockLevels: fc.anything(),
        options: fc.anything(),
      }),
      globals: fc.anything(),
      readAt: fc.anything(),
    }),
  );
  fc.assert(
    fc.property(shaped, (body) => void expect(Object.keys(shop.normalised(body))).toHaveLength(1)),
    { numRuns: 500 },
  );
});

describe('a pull from Vendure', () => {
  test('reads all pages, carries channel and key, and then only what changed', async () => {
    const lists = numbered(1_234);
    const shop = shopOf(lists);
    await shop.pull();
    expect(shop.store.records.size).toBe(2 * 1_234);
    expect(shop.asked[0]?.url.href).toBe('https://shop.example/admin-api');
    expect(shop.asked[0]?.headers).toMatchObject({ 'vendure-token': 'vnd', 'vendure-api-key': 'k' });
    const from = shop.store.checkpoints.get('catalogue');
    lists.products = lists.products.map((one, i) =>
      i === 3 ? { ...one, updatedAt: '2026-11-26T00:00:00.000Z' } : one,
    );
    const pages = await shop.read('catalogue', from);
    expect(pages.flatMap(({ records }) => records.map(({ id }) => id))).toEqual(['1234', '4']);
  });

  test('goes on where it was cut', async () => {
    const [first] = await shopOf(numbered(600)).read('catalogue');
    const rest = await shopOf(numbered(600)).read('catalogue', first?.next);
    const ids = new Set([first, ...rest].flatMap((page) => page?.records.map(({ id }) => id) ?? []));
    expect(ids.size).toBe(600);
    expect(rest.at(-1)?.complete).toBe(true);
  });

  test('leaves none out when more share an instant than a page holds', async () => {
    const shop = shopOf(numbered(1_300, () => '2026-03-01T00:00:00.000Z'));
    expect(await shop.pull()).toMatchObject({ lanes: { catalogue: { state: 'ok' } } });
    expect(shop.store.titles()).toHaveLength(1_300);
  });

  test('leaves none out when rows are edited between two pages', async () => {
    const lists = numbered(1_200);
    let edited = false;
    const shop = shopOf(lists, (reply) => {
      if (!edited)
        lists.products = lists.products.map((one, i) =>
          i < 40 ? { ...one, updatedAt: '2026-11-01T00:00:00.000Z' } : one,
        );
      edited = true;
      return reply;
    });
    const pages = await shop.read('catalogue');
    expect(new Set(pages.flatMap(({ records }) => records.map(({ id }) => id))).size).toBe(1_200);
  });

  test('reads everything anew after a day', async () => {
    const shop = shopOf(numbered(3));
    const [page] = await shop.read('catalogue');
    expect((await shop.read('catalogue', page?.next))[0]?.records).toHaveLength(1);
    shop.clock.at = new Date('2026-11-28T00:00:01Z');
    expect((await shop.read('catalogue', page?.next))[0]?.records).toHaveLength(3);
    expect((await shop.read('catalogue', 'of somebody else'))[0]?.records).toHaveLength(3);
  });

  test.each([
    [
      'a refusal that says 200',
      { json: { errors: [{ message: 'x', extensions: { code: 'FORBIDDEN' } }], data: null } },
      'http-status',
    ],
    [
      'half of the data',
      { json: { errors: [{ message: 'x' }], data: { products: { items: [], totalItems: 0 } } } },
      'http-status',
    ],
    ['no data', { json: { data: null } }, 'malformed'],
    ['another schema', { json: { data: { products: [] } } }, 'malformed'],
    ['a server in trouble', { status: 502, json: {} }, 'http-status'],
  ])('stops at %s and leaves the checkpoint', async (_, reply, code) => {
    const shop = shopOf(numbered(3), () => reply);
    expect(await shop.pull()).toMatchObject({ lanes: { catalogue: { state: 'failed', failure: { code } } } });
    expect(shop.store.checkpoints.size).toBe(0);
  });

  test('stops when more than a tenth has changed its shape', async () => {
    const lists = numbered(20);
    const shop = shopOf({
      ...lists,
      products: lists.products.map((one, i) => (i < 3 ? { ...one, translations: 'moved' } : one)),
    });
    expect(await shop.pull()).toMatchObject({
      lanes: { catalogue: { failure: { code: 'schema-drift' } }, offer: { state: 'ok' } },
    });
  });

  test('refuses settings that it does not understand', async () => {
    const shop = foreignShop(vendureAdapter, { ...settings, defaultCategory: undefined }, () => ({ json: {} }));
    expect(await shop.pull()).toMatchObject({
      lanes: { catalogue: { failure: { code: 'malformed', detail: expect.stringContaining('settings') } } },
    });
    expect(shop.normalised({ product, readAt })).toMatchObject({ rejection: { code: 'invalid-settings' } });
  });
});

describe('signing in with a password', () => {
  const withLogin = (headers: Reply['headers'], typename = 'CurrentUser') =>
    foreignShop(
      vendureAdapter,
      { ...settings, username: 'doc' },
      ({ body }) =>
        String(Object(body).query).includes('login')
          ? { json: { data: { login: { __typename: typename } } }, ...(headers ? { headers } : {}) }
          : { json: { data: answer(numbered(2), body) } },
      { password: 'mk' },
    );

  test('goes on with the token or the cookie that it was given', async () => {
    const bearer = withLogin({ 'vendure-auth-token': 't' });
    await bearer.read('catalogue');
    expect(bearer.asked.at(-1)?.headers.authorization).toBe('Bearer t');
    const cookie = withLogin({ 'set-cookie': ['session=a; path=/; httponly', 'session.sig=b; path=/'] });
    await cookie.read('catalogue');
    expect(cookie.asked.at(-1)?.headers.cookie).toBe('session=a; session.sig=b');
    expect(cookie.asked.filter(({ body }) => JSON.stringify(body).includes('mk'))).toHaveLength(1);
  });

  test('stops when it is refused', async () => {
    const shop = withLogin({}, 'InvalidCredentialsError');
    expect(await shop.pull()).toMatchObject({ lanes: { catalogue: { failure: { code: 'http-status' } } } });
  });
});

describe('what Vendure has now', () => {
  const namesOf = async (shop: ReturnType<typeof shopOf>) => {
    const uris: string[] = [];
    for await (const { uri } of vendureAdapter.enumerate?.(shop.ctx(), 'catalogue') ?? []) uris.push(uri);
    return new Set(uris);
  };

  test('is all that is shown', async () => {
    const lists = numbered(1_100);
    const [first, ...others] = lists.products;
    const names = await namesOf(shopOf({ ...lists, products: [{ ...first, enabled: false }, ...others] }));
    expect(names.size).toBe(1_099);
    expect(names.has('ocop://shop.example/listing/1')).toBe(false);
  });

  test('is not told when rows come and go meanwhile', async () => {
    const lists = numbered(1_100);
    let asked = 0;
    const shop = shopOf(lists, (reply) => {
      asked += 1;
      // One goes and one comes, so that the numbers agree.
      if (asked === 1) lists.products = [...lists.products.slice(1), { ...product, id: '9999' }];
      return reply;
    });
    await expect(namesOf(shop)).rejects.toMatchObject({ code: 'snapshot-mismatch' });
  });

  test('one by one: there, or gone', async () => {
    const there = foreignShop(vendureAdapter, settings, () => ({ json: { data: { product } } }));
    expect(await vendureAdapter.fetchOne?.(there.ctx(), 'catalogue', '1')).toMatchObject({
      id: '1',
      body: { product },
    });
    const gone = foreignShop(vendureAdapter, settings, () => ({ json: { data: { productVariant: null } } }));
    expect(await vendureAdapter.fetchOne?.(gone.ctx(), 'offer', '1')).toBe('gone');
  });

  test('is told by a channel in đồng only', async () => {
    const other = foreignShop(vendureAdapter, settings, () => ({
      json: { data: { activeChannel: { defaultCurrencyCode: 'USD' } } },
    }));
    await expect(vendureAdapter.probe(other.ctx())).rejects.toMatchObject({ code: 'schema-drift' });
    expect(await vendureAdapter.probe(shopOf(numbered(1)).ctx())).toMatchObject({ clockSkewMs: 0 });
  });
});
