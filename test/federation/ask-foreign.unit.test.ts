import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Ctx } from '#federation/adapters/adapter.ts';
import { askForeign, askForeignJson, skewOf } from '#federation/engine/ask-foreign.ts';
import type { PeerAnswer } from '#federation/engine/http.ts';
import { createPace } from '#federation/engine/pace.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';

const now = () => new Date('2026-11-27T00:00:00Z');
const limits = { rps: 1_000, burst: 100, maxBytes: 4_194_304 };
const json = { 'content-type': 'application/json; charset=utf-8' };

function ctxOf(answer: Partial<PeerAnswer>, baseUrl = 'https://shop.example/cua-hang') {
  const asked: { method: string; href: string; headers: Readonly<Record<string, string>>; body: string }[] = [];
  const ctx: Ctx = {
    partner: { key: 'p', origin: 'shop.example', baseUrl: new URL(baseUrl), adapter: 'vendure', settings: {} },
    http: {
      send: async ({ method, url, headers, body }) => {
        asked.push({ method, href: url.href, headers, body: Buffer.from(body ?? []).toString() });
        return { status: 200, headers: json, body: Buffer.from('{"a":1}'), ...answer };
      },
      close: async () => {},
    },
    identity: readIdentity(generatePem()),
    secret: async () => undefined,
    now,
  };
  return { ctx, asked };
}
const ask = (answer: Partial<PeerAnswer>) => askForeignJson(ctxOf(answer).ctx, { path: '/products', limits });

describe('a foreign system is asked', () => {
  test('below its base address, with the query', async () => {
    const { ctx, asked } = ctxOf({});
    const { json: body } = await askForeignJson(ctx, { path: '/products', query: { page: '2', q: 'a b' }, limits });
    expect(body).toEqual({ a: 1 });
    expect(asked[0]).toMatchObject({ method: 'GET', href: 'https://shop.example/cua-hang/products?page=2&q=a+b' });
  });

  test('by POST when there is a body', async () => {
    const { ctx, asked } = ctxOf({});
    await askForeignJson(ctx, {
      path: 'api',
      body: { query: '{ ok }' },
      headers: { authorization: 'Bearer x' },
      limits,
    });
    expect(asked[0]).toMatchObject({ method: 'POST', body: '{"query":"{ ok }"}' });
    expect(asked[0]?.headers).toMatchObject({ 'content-type': 'application/json', authorization: 'Bearer x' });
  });

  test.each([
    'https://elsewhere.example/x',
    '/\\elsewhere.example/x',
    '//elsewhere.example/x',
    'http://shop.example/x',
  ])('never elsewhere: %s', async (path) => {
    const { ctx, asked } = ctxOf({}, 'https://shop.example');
    await askForeign(ctx, { path, limits }).catch(() => {});
    expect(asked.filter(({ href }) => !href.startsWith('https://shop.example/'))).toEqual([]);
  });

  test('tells its clock', async () => {
    const answer = await ask({ headers: { ...json, date: 'Fri, 27 Nov 2026 00:00:07 GMT' } });
    expect(skewOf(answer, now())).toBe(7_000);
    expect(skewOf({ headers: {} }, now())).toBe(0);
  });
});

describe('what is no answer', () => {
  test.each([
    [301, {}, { code: 'redirected' }],
    [401, {}, { code: 'http-status', status: 401, opensBreaker: false }],
    [404, {}, { code: 'http-status', status: 404 }],
    [429, { 'retry-after': '7' }, { code: 'throttled', retryAfterMs: 7_000, opensBreaker: false }],
    [429, {}, { code: 'throttled', retryAfterMs: undefined }],
    [503, { 'retry-after': 'Fri, 27 Nov 2026 00:01:00 GMT' }, { code: 'throttled', retryAfterMs: 60_000 }],
    [503, {}, { code: 'http-status', opensBreaker: true }],
    [500, {}, { code: 'http-status', opensBreaker: true }],
  ])('status %i', async (status, headers, expected) => {
    await expect(ask({ status, headers })).rejects.toMatchObject(expected);
  });

  test('a login page that says 200', async () => {
    await expect(ask({ headers: { 'content-type': 'text/html' }, body: Buffer.from('<html>') })).rejects.toMatchObject({
      code: 'wrong-content-type',
    });
    await expect(ask({ headers: {} })).rejects.toMatchObject({ code: 'wrong-content-type' });
  });

  test('JSON that is cut', async () => {
    await expect(ask({ body: Buffer.from('{"a":') })).rejects.toMatchObject({ code: 'malformed' });
  });

  test('a status that the caller can use is one', async () => {
    const { ctx } = ctxOf({ status: 404, headers: { 'content-type': 'text/html' } });
    expect(await askForeignJson(ctx, { path: 'x', limits, statuses: [404] })).toMatchObject({ status: 404 });
  });
});

describe('a packed body', () => {
  const gzip = { ...json, 'content-encoding': 'gzip' };
  test('is unpacked', async () => {
    expect((await ask({ headers: gzip, body: gzipSync('{"b":2}') })).json).toEqual({ b: 2 });
  });
  test('is refused when cut short', async () => {
    const body = gzipSync(JSON.stringify({ b: 'x'.repeat(1_000) })).subarray(0, 20);
    await expect(ask({ headers: gzip, body })).rejects.toMatchObject({ code: 'malformed' });
  });
  test('is refused as a bomb, before it fills the memory', async () => {
    const body = gzipSync(Buffer.alloc(64 * 1_048_576, ' '));
    await expect(ask({ headers: gzip, body })).rejects.toMatchObject({ code: 'too-large' });
  });
  test('is refused in a packing that was not asked for', async () => {
    await expect(ask({ headers: { ...json, 'content-encoding': 'br' } })).rejects.toMatchObject({ code: 'malformed' });
  });
});

describe('the pace', () => {
  test('lets a burst through and then keeps the rate', async () => {
    const pace = createPace({ rps: 50, burst: 3 });
    const start = performance.now();
    for (let i = 0; i < 3; i += 1) await pace.turn();
    const burst = performance.now() - start;
    for (let i = 0; i < 5; i += 1) await pace.turn();
    const all = performance.now() - start;
    expect(all - burst).toBeGreaterThan(70);
    expect(burst).toBeLessThan(all);
  });
  test('ends with its pull', async () => {
    const { ctx, asked } = ctxOf({});
    const slow = { ...limits, rps: 0.01, burst: 1 };
    const signal = AbortSignal.timeout(30);
    await askForeign(ctx, { path: 'x', limits: slow });
    await expect(askForeign({ ...ctx, signal }, { path: 'x', limits: slow })).rejects.toMatchObject({
      code: 'timed-out',
    });
    expect(asked).toHaveLength(1);
  });
});
