import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '#embedded/free-port.ts';
import { medusaAdapter } from '#federation/adapters/medusa/adapter.ts';
import { makeUri } from '#federation/protocol/uri.ts';
import { answering, install, type Place, run, start } from './place.ts';
import { type ForeignShop, type Goods, vatPercent } from './shop.ts';

export const medusaVersion = '2.21.2';
const password = 'chi-de-thu-tren-may-nay';
const email = 'thu@cho-noi.example';
const batch = 50;

const config = `const { defineConfig } = require('@medusajs/framework/utils');
const { FOREIGN_DATABASE: databaseUrl, FOREIGN_PASSWORD: secret } = process.env;
const own = 'http://127.0.0.1';
module.exports = defineConfig({
  admin: { disable: true },
  projectConfig: {
    databaseUrl,
    http: { storeCors: own, adminCors: own, authCors: own, jwtSecret: secret, cookieSecret: secret },
  },
});
`;

/** Installs and boots Medusa, and opens a shop in it with two regions: prices with the tax inside, and without. */
export async function openMedusa(place: Place): Promise<ForeignShop> {
  const packages = {
    '@medusajs/medusa': medusaVersion,
    '@medusajs/framework': medusaVersion,
    '@medusajs/cli': medusaVersion,
  };
  const folder = await install('medusa', packages, ['--legacy-peer-deps']);
  await writeFile(join(folder, 'medusa-config.js'), config);
  const port = String(await freePort());
  const env = {
    FOREIGN_DATABASE: await place.createDatabase('medusa'),
    FOREIGN_PASSWORD: password,
    NODE_ENV: 'development',
    MEDUSA_DISABLE_TELEMETRY: 'true',
  };
  const program = join(folder, 'node_modules', '.bin', 'medusa');
  await run(program, ['db:migrate', '--skip-scripts'], { cwd: folder, env });
  await run(program, ['user', '-e', email, '-p', password], { cwd: folder, env });
  const server = start(program, ['start', '-H', '127.0.0.1', '-p', port], { cwd: folder, env });
  try {
    const url = `http://127.0.0.1:${port}`;
    await answering(`${url}/health`, server);
    return await openShop(url, server.stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

type Ask = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>;
type Made = Readonly<Record<string, { readonly id: string }>>;

/** A client of the admin API, signed in as its owner. */
async function signIn(url: string): Promise<Ask> {
  let token = '';
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`Medusa: ${method} ${path} ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  };
  ({ token } = await ask<{ token: string }>('POST', '/auth/user/emailpass', { email, password }));
  return ask;
}

type Market = {
  readonly channel: string;
  readonly location: string;
  readonly key: string;
  readonly vn: string;
  readonly kh: string;
};
type Known = { readonly product: string; readonly variant: string; readonly item: string };

async function openShop(url: string, stop: () => Promise<void>): Promise<ForeignShop> {
  const ask = await signIn(url);
  const market = await setUp(ask);
  const known = new Map<string, Known>();
  const host = new URL(url).host;
  const partner = (key: string, region: string, country: string): ForeignShop['included'] => ({
    key,
    origin: host,
    baseUrl: new URL(url),
    adapter: 'medusa',
    settings: {
      region,
      country,
      producer: { name: 'Hợp tác xã Thử Nghiệm', province: 'Sóc Trăng' },
      defaultCategory: 'gao-ngu-coc',
    },
  });
  const of = (sku: string): Known => known.get(sku) ?? { product: '', variant: '', item: '' };
  const change = (sku: string, body: object) => ask('POST', `/admin/products/${of(sku).product}`, body).then(() => {});
  return {
    version: medusaVersion,
    adapter: medusaAdapter,
    included: partner('medusa-vn', market.vn, 'vn'),
    excluded: partner('medusa-kh', market.kh, 'kh'),
    secret: async (_, name) => (name === 'token' ? market.key : undefined),
    create: (goods) => create(ask, goods, market, known),
    setPrice: async (sku, vnd) => {
      const { product, variant } = of(sku);
      await ask('POST', `/admin/products/${product}/variants/${variant}`, { prices: pricesOf(vnd, market) });
    },
    setStock: async (sku, stocked_quantity) => {
      await ask('POST', `/admin/inventory-items/${of(sku).item}/location-levels/${market.location}`, {
        stocked_quantity,
      });
    },
    rename: (sku, title) => change(sku, { title }),
    hide: (sku) => change(sku, { status: 'draft' }),
    show: (sku) => change(sku, { status: 'published' }),
    remove: async (sku) => {
      await ask('DELETE', `/admin/products/${of(sku).product}`);
    },
    changedAt: async (sku) => {
      type Dated = { product: { updated_at: string; variants: [{ updated_at: string }] } };
      const { product } = await ask<Dated>('GET', `/admin/products/${of(sku).product}`);
      return { product: product.updated_at, variant: product.variants[0].updated_at };
    },
    listingUri: (sku) => makeUri(host, 'listing', of(sku).product),
    offerUri: (sku) => makeUri(host, 'offer', of(sku).variant),
    stop,
  };
}

const pricesOf = (amount: number, { vn, kh }: Market) => [
  { amount, currency_code: 'vnd', rules: { region_id: vn } },
  { amount, currency_code: 'vnd', rules: { region_id: kh } },
];

/** A sales channel with a stock location and a key, and two regions in đồng; a country belongs to one region only. */
async function setUp(ask: Ask): Promise<Market> {
  const made = async (path: string, body: object): Promise<string> => {
    const [one] = Object.values(await ask<Made>('POST', path, body));
    return one?.id ?? '';
  };
  const { stores } = await ask<{ stores: [{ id: string }] }>('GET', '/admin/stores');
  await ask('POST', `/admin/stores/${stores[0].id}`, {
    supported_currencies: [{ currency_code: 'vnd', is_default: true }],
  });
  const channel = await made('/admin/sales-channels', { name: 'Chợ' });
  const location = await made('/admin/stock-locations', { name: 'Kho Sóc Trăng' });
  await ask('POST', `/admin/stock-locations/${location}/sales-channels`, { add: [channel] });
  const { api_key } = await ask<{ api_key: { id: string; token: string } }>('POST', '/admin/api-keys', {
    title: 'Chợ Nổi',
    type: 'publishable',
  });
  await ask('POST', `/admin/api-keys/${api_key.id}/sales-channels`, { add: [channel] });
  const region = async (name: string, country: string, is_tax_inclusive: boolean) => {
    const default_tax_rate = { name: 'Thuế GTGT', code: 'gtgt', rate: vatPercent };
    await ask('POST', '/admin/tax-regions', { country_code: country, provider_id: 'tp_system', default_tax_rate });
    const more = { currency_code: 'vnd', countries: [country], automatic_taxes: true, is_tax_inclusive };
    return await made('/admin/regions', { name, ...more });
  };
  const [vn, kh] = [await region('Việt Nam', 'vn', true), await region('Campuchia', 'kh', false)];
  return { channel, location, key: api_key.token, vn, kh };
}

async function create(ask: Ask, goods: readonly Goods[], market: Market, known: Map<string, Known>): Promise<void> {
  for (let at = 0; at < goods.length; at += batch) {
    const some = goods.slice(at, at + batch);
    type Created = { created: { id: string; variants: { id: string; sku: string }[] }[] };
    const { created } = await ask<Created>('POST', '/admin/products/batch', {
      create: some.map(({ sku, name, description, priceVnd }) => ({
        title: name,
        description,
        handle: sku.toLowerCase(),
        status: 'published',
        sales_channels: [{ id: market.channel }],
        options: [{ title: 'Gói', values: ['Một'] }],
        variants: [
          { title: 'Một', sku, options: { Gói: 'Một' }, manage_inventory: true, prices: pricesOf(priceVnd, market) },
        ],
      })),
    });
    const query = some.map(({ sku }) => `sku[]=${encodeURIComponent(sku)}`).join('&');
    type Items = { inventory_items: { id: string; sku: string }[] };
    const { inventory_items } = await ask<Items>('GET', `/admin/inventory-items?limit=${batch}&${query}`);
    for (const { id, variants } of created) {
      const [variant] = variants;
      const item = inventory_items.find(({ sku }) => sku === variant?.sku);
      if (variant && item) known.set(variant.sku, { product: id, variant: variant.id, item: item.id });
    }
    const levels = some.map(({ sku, stock }) => ({
      inventory_item_id: known.get(sku)?.item,
      location_id: market.location,
      stocked_quantity: stock,
    }));
    await ask('POST', '/admin/inventory-items/location-levels/batch', { create: levels });
  }
}
