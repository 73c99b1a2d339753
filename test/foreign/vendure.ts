import { fileURLToPath } from 'node:url';
import { freePort } from '#embedded/free-port.ts';
import { vendureAdapter } from '#federation/adapters/vendure/adapter.ts';
import { makeUri } from '#federation/protocol/uri.ts';
import { answering, install, type Place, start } from './place.ts';
import { type ForeignShop, type Goods, vatPercent } from './shop.ts';

export const vendureVersion = '3.7.3';
const password = 'chi-de-thu-tren-may-nay';
const root = fileURLToPath(new URL('../..', import.meta.url));
const batch = 50;

type Ask = <T>(query: string, variables?: object, channel?: string) => Promise<T>;

/** Installs and boots Vendure, and opens a shop in it with two faces: prices with the tax inside, and without. */
export async function openVendure(place: Place): Promise<ForeignShop> {
  const folder = await install('vendure', { '@vendure/core': vendureVersion, pg: '8.23.1' });
  const port = String(await freePort());
  const server = start(process.execPath, ['test/foreign/boot-vendure.ts'], {
    cwd: root,
    env: {
      FOREIGN_DIR: folder,
      FOREIGN_DATABASE: await place.createDatabase('vendure'),
      FOREIGN_PORT: port,
      FOREIGN_PASSWORD: password,
      VENDURE_DISABLE_TELEMETRY: 'true',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answering(`${url}/admin-api?query=%7B__typename%7D`, server);
    return await openShop(url, server.stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** A client of the admin API, signed in as its owner. */
async function signIn(url: string): Promise<Ask> {
  let token = '';
  const ask: Ask = async (query, variables = {}, channel) => {
    const response = await fetch(`${url}/admin-api?languageCode=vi`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(channel ? { 'vendure-token': channel } : {}),
      },
      body: JSON.stringify({ query, variables }),
    });
    token ||= response.headers.get('vendure-auth-token') ?? '';
    const answer = (await response.json()) as { errors?: unknown; data: never };
    if (answer.errors) throw new Error(`Vendure: ${JSON.stringify(answer.errors).slice(0, 500)}`);
    return answer.data;
  };
  await ask('mutation($p: String!) { login(username: "superadmin", password: $p) { __typename } }', { p: password });
  return ask;
}

async function openShop(url: string, stop: () => Promise<void>): Promise<ForeignShop> {
  const ask = await signIn(url);
  const keys = await setUp(ask);
  const byProduct = new Map<string, string>();
  const byVariant = new Map<string, string>();
  const host = new URL(url).host;
  const partner = (channel: string): ForeignShop['included'] => ({
    key: `vendure-${channel}`,
    origin: host,
    baseUrl: new URL(url),
    adapter: 'vendure',
    settings: {
      channel,
      producer: { name: 'Hợp tác xã Thử Nghiệm', province: 'Sóc Trăng' },
      defaultCategory: 'gao-ngu-coc',
    },
  });
  const edit = (sku: string, input: object) =>
    ask<unknown>(
      'mutation($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }',
      {
        i: [{ id: byVariant.get(sku), ...input }],
      },
      'thue-trong-gia',
    ).then(() => {});
  const change = (sku: string, input: object) =>
    ask<unknown>(
      'mutation($i: UpdateProductInput!) { updateProduct(input: $i) { id } }',
      {
        i: { id: byProduct.get(sku), ...input },
      },
      'thue-trong-gia',
    ).then(() => {});
  return {
    version: vendureVersion,
    adapter: vendureAdapter,
    included: partner('thue-trong-gia'),
    excluded: partner('thue-ngoai-gia'),
    secret: async (partner, name) => (name === 'token' ? keys.get(partner) : undefined),
    create: (goods) => create(ask, goods, byProduct, byVariant),
    setPrice: (sku, vnd) => edit(sku, { price: vnd }),
    setStock: (sku, stockOnHand) => edit(sku, { stockOnHand }),
    rename: (sku, name) => change(sku, { translations: [{ languageCode: 'vi', name }] }),
    hide: (sku) => change(sku, { enabled: false }),
    show: (sku) => change(sku, { enabled: true }),
    remove: async (sku) => {
      await ask('mutation($id: ID!) { deleteProduct(id: $id) { result } }', { id: byProduct.get(sku) });
    },
    changedAt: async (sku) => {
      const ids = { p: byProduct.get(sku), v: byVariant.get(sku) };
      const query = 'query($p: ID!, $v: ID!) { product(id: $p) { updatedAt } productVariant(id: $v) { updatedAt } }';
      const { product, productVariant } = await ask<Record<string, { updatedAt: string } | null>>(
        query,
        ids,
        'thue-trong-gia',
      );
      return { product: product?.updatedAt ?? 'none', variant: productVariant?.updatedAt ?? 'none' };
    },
    listingUri: (sku) => makeUri(host, 'listing', byProduct.get(sku) ?? ''),
    offerUri: (sku) => makeUri(host, 'offer', byVariant.get(sku) ?? ''),
    stop,
  };
}

/** Tax, two channels in đồng, and for each a key that may read its catalogue and nothing else (3.7.3: a key opens the channel where it was made, and the default one). */
async function setUp(ask: Ask): Promise<ReadonlyMap<string, string>> {
  const id = async (query: string, variables: object) => {
    const data = await ask<Record<string, { id: string }>>(query, variables);
    const [made] = Object.values(data);
    if (!made?.id) throw new Error(`Vendure refused: ${JSON.stringify(data)}`);
    return made.id;
  };
  const { sellers } = await ask<{ sellers: { items: [{ id: string }] } }>('{ sellers { items { id } } }');
  const zone = await id('mutation { createZone(input: { name: "Việt Nam" }) { id } }', {});
  const tax = await id('mutation { createTaxCategory(input: { name: "Thuế GTGT", isDefault: true }) { id } }', {});
  await id('mutation($i: CreateTaxRateInput!) { createTaxRate(input: $i) { id } }', {
    i: { name: `GTGT ${vatPercent} %`, enabled: true, value: vatPercent, categoryId: tax, zoneId: zone },
  });
  const { stockLocations } = await ask<{ stockLocations: { items: [{ id: string }] } }>(
    '{ stockLocations { items { id } } }',
  );
  const channels: string[] = [];
  for (const [code, pricesIncludeTax] of [
    ['thue-trong-gia', true],
    ['thue-ngoai-gia', false],
  ] as const) {
    channels.push(
      await id('mutation($i: CreateChannelInput!) { createChannel(input: $i) { ... on Channel { id } } }', {
        i: {
          code,
          token: code,
          defaultLanguageCode: 'vi',
          availableLanguageCodes: ['vi', 'en'],
          pricesIncludeTax,
          defaultCurrencyCode: 'VND',
          availableCurrencyCodes: ['VND'],
          defaultTaxZoneId: zone,
          defaultShippingZoneId: zone,
          sellerId: sellers.items[0].id,
        },
      }),
    );
  }
  for (const channelId of channels) {
    const i = { stockLocationIds: [stockLocations.items[0].id], channelId };
    await ask('mutation($i: AssignStockLocationsToChannelInput!) { assignStockLocationsToChannel(input: $i) { id } }', {
      i,
    });
  }
  const role = await id('mutation($i: CreateRoleInput!) { createRole(input: $i) { id } }', {
    i: { code: 'lien-ket', description: 'Chỉ đọc', permissions: ['ReadCatalog'], channelIds: channels },
  });
  const keys = new Map<string, string>();
  for (const channel of ['thue-trong-gia', 'thue-ngoai-gia']) {
    const { createApiKey } = await ask<{ createApiKey: { apiKey: string } }>(
      'mutation($i: CreateApiKeyInput!) { createApiKey(input: $i) { apiKey } }',
      { i: { roleIds: [role], translations: [{ languageCode: 'vi', name: 'Chợ Nổi' }] } },
      channel,
    );
    keys.set(`vendure-${channel}`, createApiKey.apiKey);
  }
  return keys;
}

async function create(
  ask: Ask,
  goods: readonly Goods[],
  byProduct: Map<string, string>,
  byVariant: Map<string, string>,
): Promise<void> {
  const { channels } = await ask<{ channels: { items: { id: string; code: string }[] } }>(
    '{ channels { items { id code } } }',
  );
  const excluded = channels.items.find(({ code }) => code === 'thue-ngoai-gia')?.id;
  for (let at = 0; at < goods.length; at += batch) {
    const some = goods.slice(at, at + batch);
    const products = await ask<Record<string, { id: string }>>(
      mutation(some, 'CreateProductInput!', 'createProduct'),
      Object.fromEntries(
        some.map(({ sku, name, description }, i) => [
          `i${i}`,
          { translations: [{ languageCode: 'vi', name, slug: sku.toLowerCase(), description }] },
        ]),
      ),
      'thue-trong-gia',
    );
    some.forEach(({ sku }, i) => void byProduct.set(sku, products[`m${i}`]?.id ?? ''));
    const { createProductVariants } = await ask<{ createProductVariants: { id: string; sku: string }[] }>(
      'mutation($i: [CreateProductVariantInput!]!) { createProductVariants(input: $i) { id sku } }',
      {
        i: some.map(({ sku, name, priceVnd, stock }) => ({
          productId: byProduct.get(sku),
          sku,
          price: priceVnd,
          stockOnHand: stock,
          trackInventory: 'TRUE',
          translations: [{ languageCode: 'vi', name }],
        })),
      },
      'thue-trong-gia',
    );
    for (const { id, sku } of createProductVariants) byVariant.set(sku, id);
    const assign = { productIds: some.map(({ sku }) => byProduct.get(sku)), channelId: excluded, priceFactor: 1 };
    await ask(
      'mutation($i: AssignProductsToChannelInput!) { assignProductsToChannel(input: $i) { id } }',
      { i: assign },
      'thue-trong-gia',
    );
    const prices = some.map(({ sku, priceVnd }) => ({ id: byVariant.get(sku), price: priceVnd }));
    await ask(
      'mutation($i: [UpdateProductVariantInput!]!) { updateProductVariants(input: $i) { id } }',
      { i: prices },
      'thue-ngoai-gia',
    );
  }
}

/** One mutation a thing, all in one request. */
function mutation(things: readonly unknown[], type: string, name: string): string {
  const variables = things.map((_, i) => `$i${i}: ${type}`).join(', ');
  return `mutation(${variables}) { ${things.map((_, i) => `m${i}: ${name}(input: $i${i}) { id }`).join(' ')} }`;
}
