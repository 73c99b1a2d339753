import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { drawIllustration, TINTS } from './illustrations.ts';

type Encoded = { readonly br: Buffer; readonly gzip: Buffer };
type Asset = { readonly bytes: Buffer; readonly type: string; encoded?: Promise<Encoded> };

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
};

const here = new URL('./assets/', import.meta.url);
const require = createRequire(import.meta.url);
const own = (path: string): Buffer => readFileSync(new URL(path, here));
/** The bytes of one of our own files, for who draws with it. */
export const ownAsset = own;
const installed = (path: string): Buffer => readFileSync(require.resolve(path));

/** Our own sources and the few files of packages that a browser needs; nothing is fetched from anybody else's host. */
const sources: Readonly<Record<string, () => Buffer>> = {
  'noto-latin.woff2': () => installed('@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2'),
  'noto-vietnamese.woff2': () =>
    installed('@fontsource-variable/noto-sans/files/noto-sans-vietnamese-wght-normal.woff2'),
  'noto-khmer.woff2': () =>
    installed('@fontsource-variable/noto-sans-khmer/files/noto-sans-khmer-khmer-wght-normal.woff2'),
  'hero.svg': () => own('hero.svg'),
  'logo.svg': () => own('logo.svg'),
  'favicon.svg': () => own('favicon.svg'),
  'shop.js': () => own('shop.js'),
  'account.js': () => own('account.js'),
  'desk.js': () => own('desk.js'),
  'forms.js': () => own('forms.js'),
  'picture-field.js': () => own('picture-field.js'),
  'editor.js': () => own('editor.js'),
  'outbox.js': () => own('outbox.js'),
  'htmx.js': () => installed('htmx.org/dist/htmx.min.js'),
};

/** Comments and the spaces that only a writer needs. Strings in our sheets hold none of the characters touched. */
const shrink = (css: string): string =>
  css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/: /g, ':')
    .replaceAll(';}', '}');

const hashed = (name: string, bytes: Buffer): string => {
  const dot = name.lastIndexOf('.');
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 10);
  return `/assets/${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
};

const typeOf = (name: string): string => types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';

/** The sheets in the order of their names, which is the order of the layers; fonts are named by content. */
function stylesheet(addresses: ReadonlyMap<string, string>): Buffer {
  const names = readdirSync(new URL('css/', here))
    .filter((name) => name.endsWith('.css'))
    .sort();
  const text = names.map((name) => own(`css/${name}`).toString('utf8')).join('\n');
  const linked = text.replace(/url\(asset:([\w.-]+)\)/g, (_match, name: string) => `url(${addresses.get(name)})`);
  return Buffer.from(shrink(linked));
}

function load() {
  const addresses = new Map<string, string>();
  const byAddress = new Map<string, Asset>();
  const add = (name: string, bytes: Buffer) => {
    const address = hashed(name, bytes);
    addresses.set(name, address);
    byAddress.set(address, { bytes, type: typeOf(name) });
  };
  for (const [name, read] of Object.entries(sources)) add(name, read());
  add('shop.css', stylesheet(addresses));
  return { addresses, byAddress };
}

let loaded: ReturnType<typeof load> | undefined;
const held = () => {
  loaded ??= load();
  return loaded;
};

/** The address of one of our files, which changes with its content. An unknown name is an error of the caller. */
export function assetUrl(name: string): string {
  const address = held().addresses.get(name);
  if (address === undefined) throw new RangeError(`There is no asset called ${name}`);
  return address;
}

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

/** Compressed once, at the strongest setting, when first asked for: a start does not wait for it. */
async function encode(asset: Asset): Promise<Encoded> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: asset.bytes.length };
  const [br, gzipped] = await Promise.all([brotli(asset.bytes, { params }), zip(asset.bytes, { level: 9 })]);
  return { br, gzip: gzipped };
}

async function sendAsset(request: FastifyRequest, reply: FastifyReply, asset: Asset): Promise<FastifyReply> {
  void reply
    .type(asset.type)
    .header('cache-control', 'public, max-age=31536000, immutable')
    .header('vary', 'accept-encoding');
  if (asset.type === 'font/woff2') return reply.send(asset.bytes);
  const accepts = String(request.headers['accept-encoding'] ?? '');
  asset.encoded ??= encode(asset);
  const encoded = await asset.encoded;
  if (/\bbr\b/.test(accepts)) return reply.header('content-encoding', 'br').send(encoded.br);
  if (/\bgzip\b/.test(accepts)) return reply.header('content-encoding', 'gzip').send(encoded.gzip);
  return reply.send(asset.bytes);
}

const drawings = new Map<string, Asset>();

/** One of 26 × 64 drawings, kept once drawn; undefined for a name that is none of them. Without a number it is the first. */
function drawing(file: string): Asset | undefined {
  const known = drawings.get(file);
  if (known) return known;
  const [, categoryCode = '', number = '0'] = /^([a-z-]+?)(?:-(\d{1,2}))?\.svg$/.exec(file) ?? [];
  if (Number(number) >= TINTS || !categories().has(categoryCode)) return undefined;
  const asset: Asset = {
    bytes: Buffer.from(drawIllustration({ categoryCode, tint: Number(number) })),
    type: 'image/svg+xml',
  };
  drawings.set(file, asset);
  return asset;
}

let codes: ReadonlySet<string> | undefined;
const categories = (): ReadonlySet<string> => {
  codes ??= new Set(readdirSync(new URL('illustrations/', here)).map((name) => name.replace(/\.svg$/, '')));
  return codes;
};

const hidden = { hide: true } as const;

/** Serves what pages link to, by addresses that never change their content. */
export const assetRoutes = fp(async (app: FastifyInstance) => {
  const config = { access: 'operations' } as const;
  app.get<{ Params: { file: string } }>('/assets/:file', { config, schema: hidden }, async (request, reply) => {
    const asset = held().byAddress.get(`/assets/${request.params.file}`);
    return asset ? sendAsset(request, reply, asset) : reply.callNotFound();
  });
  app.get<{ Params: { file: string } }>('/illustrations/:file', { config, schema: hidden }, async (request, reply) => {
    const asset = drawing(request.params.file);
    return asset ? sendAsset(request, reply, asset) : reply.callNotFound();
  });
  app.get('/favicon.ico', { config, schema: hidden }, async (_request, reply) =>
    reply.redirect(assetUrl('favicon.svg')),
  );
});
