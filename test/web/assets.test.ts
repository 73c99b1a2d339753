import { readdirSync, readFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { drawingFor } from '#features/products/drawings.ts';
import { assetRoutes, assetUrl } from '#web/assets.ts';
import { categorySlugs } from '#web/i18n/categories.ts';
import { drawIllustration, TINTS } from '#web/illustrations.ts';

const app = Fastify();
beforeAll(async () => {
  await app.register(assetRoutes);
});
afterAll(() => app.close());

const get = (url: string, encoding = 'br') => app.inject({ url, headers: { 'accept-encoding': encoding } });

test('the sheet is at most 8 KB on the wire and asks nobody else for anything', async () => {
  const answer = await get(assetUrl('shop.css'));
  expect(answer.headers['content-encoding']).toBe('br');
  expect(answer.rawPayload.length).toBeLessThan(8 * 1024);
  const plain = (await get(assetUrl('shop.css'), 'identity')).body;
  expect(plain).not.toMatch(/https?:|@import|asset:|undefined/);
});

test('scripts are at most 15 KB on the wire together', async () => {
  const sizes = await Promise.all(
    ['shop.js', 'htmx.js'].map(async (name) => (await get(assetUrl(name))).rawPayload.length),
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(15 * 1024);
});

test('an address names its content, so that it may be kept for ever', async () => {
  const answer = await get(assetUrl('logo.svg'));
  expect(answer.headers['cache-control']).toContain('immutable');
  expect((await get('/assets/logo.0000000000.svg')).statusCode).toBe(404);
});

test.each(['gzip', 'identity'])('a browser that only takes %s is served too', async (encoding) => {
  const answer = await get(assetUrl('shop.js'), encoding);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers['content-encoding']).toBe(encoding === 'gzip' ? 'gzip' : undefined);
});

const folder = new URL('../../src/web/assets/illustrations/', import.meta.url);
const drawings = readdirSync(folder).map((name) => name.replace('.svg', ''));

test('every product set has a drawing', () => {
  expect(categorySlugs.filter((slug) => !drawings.includes(slug))).toEqual([]);
});

test.each(drawings)('%s is small, and nothing in it runs or is fetched', (name) => {
  const text = readFileSync(new URL(`${name}.svg`, folder), 'utf8');
  expect(text.length).toBeLessThanOrEqual(4096);
  expect(text).not.toMatch(/<script|<text|<image|style=|href="(?!#)|\son\w+=/);
  expect(brotliCompressSync(drawIllustration({ categoryCode: name, tint: 3 })).length).toBeLessThan(2048);
});

test('tints vary the ground, the motif and the way it looks', () => {
  const looks = new Set(Array.from({ length: TINTS }, (_, tint) => drawIllustration({ categoryCode: 'hoa', tint })));
  expect(looks.size).toBe(TINTS);
});

test('a drawing that does not exist is not found, whatever the name tries', async () => {
  for (const name of ['khong-co', '..%2fhero', 'hoa-64', 'hoa-xx'])
    expect((await get(`/illustrations/${name}.svg`)).statusCode, name).toBe(404);
});

test.each([
  ['che-bien-tu-thit-thuy-san', 'Mắm tôm gạch', 'mam'],
  ['nuoc-mam-gia-vi-long', 'Nước mắm cá cơm 30 độ đạm', 'nuoc-mam-gia-vi-long'],
  ['che-bien-tu-gao-ngu-coc', 'Bánh pía sầu riêng trứng muối', 'che-bien-tu-gao-ngu-coc'],
  ['che-bien-tu-gao-ngu-coc', 'Hủ tiếu khô sợi dai', 'bun'],
  ['rau-cu-qua-tuoi', 'Sầu riêng Ri6 nguyên trái', 'sau-rieng'],
  ['thit-thuy-san-trung-sua-tuoi', 'Hột vịt lạt chạy đồng', 'trung'],
] as const)('of the set %s, "%s" is drawn as %s', (set, name, subject) => {
  expect(drawingFor(set, name)).toBe(subject);
  expect(drawings).toContain(subject);
});
