import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Ctx, Page } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import type { PeerAnswer } from '#federation/engine/http.ts';
import { rootHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { signResponse } from '#federation/protocol/signature.ts';
import records from '#federation/vectors/records.json' with { type: 'json' };
import { observed } from './observed.ts';

const us = readIdentity(generatePem());
const them = readIdentity(generatePem());
const now = () => new Date('2026-11-23T00:00:00Z');
const [listing] = records.valid;

type Reply = {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
  readonly signed?: boolean;
  readonly headers?: Record<string, string>;
};

/** A peer that gives these replies by path; the last one again when they run out. */
function ctxOf(replies: Readonly<Record<string, readonly Reply[]>>): Ctx & { readonly asked: string[] } {
  const asked: string[] = [];
  const used = new Map<string, number>();
  const send: Ctx['http']['send'] = async ({ url, method, headers }): Promise<PeerAnswer> => {
    asked.push(url.pathname + url.search);
    const given = replies[url.pathname] ?? [];
    const index = used.get(url.pathname) ?? 0;
    used.set(url.pathname, index + 1);
    const reply = given[Math.min(index, given.length - 1)];
    if (!reply) throw new Error(`nobody asked for ${url.pathname}`);
    const { status = 200, type = 'application/json', signed = true } = reply;
    const body = Buffer.from(reply.body);
    const request = {
      method,
      authority: url.host,
      path: url.pathname,
      query: url.search,
      headers,
      body: new Uint8Array(),
    };
    const signature = signed ? signResponse({ status, headers: {}, body, request }, them, now()) : {};
    return { status, headers: { 'content-type': type, ...reply.headers, ...signature }, body };
  };
  return {
    asked,
    partner: {
      key: 'them',
      origin: 'soctrang.example',
      baseUrl: new URL('https://soctrang.example'),
      adapter: 'native',
      pinned: { keyid: them.keyid, jwk: them.jwk },
      settings: {},
    },
    http: { send, close: async () => {} },
    identity: us,
    secret: async () => undefined,
    now,
  };
}

const changes = '/federation/v1/changes';
const snapshot = '/federation/v1/snapshot';
const change = { uri: listing?.uri, op: 'upsert', rev: listing?.rev, hash: listing?.hash, at: 'x', record: listing };
const pageOf = (items: readonly unknown[], next: string, hasMore = false): Reply => ({
  body: JSON.stringify({ epoch: 'e', items, next, hasMore, watermark: '1' }),
});
const ndjson = (lines: readonly unknown[], cut = 0): Reply => {
  const bytes = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return {
    type: 'application/x-ndjson',
    headers: { 'content-encoding': 'gzip' },
    body: bytes.subarray(0, bytes.length - cut),
  };
};
const header = { epoch: 'e', lane: 'catalogue', cursorAtStart: 's1', count: 1 };
const trailer = { count: 1, root: rootHash(listing ? [listing] : []) };
const whole = ndjson([header, listing, trailer]);
const problem = (status: number, code: string, signed = true): Reply => ({
  status,
  type: 'application/problem+json',
  body: JSON.stringify({ code }),
  signed,
});

async function pagesOf(ctx: Ctx, from?: string): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of nativeAdapter.pull(ctx, 'catalogue', from)) pages.push(page);
  return pages;
}

describe('the native adapter', () => {
  test('begins with a snapshot and goes on from its cursor', async () => {
    const ctx = ctxOf({ [snapshot]: [whole], [changes]: [pageOf([], 'c1')] });
    const pages = await pagesOf(ctx);
    expect(pages).toMatchObject([
      { next: 's1', snapshot: { total: 1 }, complete: false },
      { next: 'c1', complete: true },
    ]);
    expect(ctx.asked.at(-1)).toContain('cursor=s1');
  });
  test('reads page after page', async () => {
    const ctx = ctxOf({ [changes]: [pageOf([change], 'c2', true), pageOf([], 'c3')] });
    expect(await pagesOf(ctx, 'c1')).toMatchObject([
      { next: 'c2', complete: false },
      { next: 'c3', complete: true },
    ]);
  });
  test.each([
    [410, 'cursor-expired'],
    [409, 'epoch-changed'],
  ])('takes a snapshot after a signed %i %s', async (status, code) => {
    const ctx = ctxOf({ [changes]: [problem(status, code), pageOf([], 'c9')], [snapshot]: [whole] });
    expect(await pagesOf(ctx, 'old')).toMatchObject([{ snapshot: { total: 1 } }, { next: 'c9' }]);
  });
  test('does not let a stranger on the way ask for one', async () => {
    const ctx = ctxOf({ [changes]: [problem(410, 'cursor-expired', false)], [snapshot]: [whole] });
    await expect(pagesOf(ctx, 'old')).rejects.toMatchObject({ code: 'http-status', problem: undefined });
  });
  test('keeps a record that the feed announced otherwise out', async () => {
    const ctx = ctxOf({ [changes]: [pageOf([{ ...change, rev: 99 }], 'c2')] });
    const [page] = await pagesOf(ctx, 'c1');
    expect(page?.records.map((record) => nativeAdapter.normalise(record, ctx.partner))).toMatchObject([
      { rejection: {} },
    ]);
  });
  test('row 8: the clock of the other side is measured', async () => {
    const health = { body: JSON.stringify({ time: '2026-11-23T00:00:05Z', versions: ['v'] }) };
    const ctx = ctxOf({ '/federation/v1/health': [health] });
    await expect(nativeAdapter.probe(ctx)).resolves.toEqual({ clockSkewMs: 5_000, versions: ['v'] });
    observed(8, 'a skew of 5 s was measured as 5,000 ms');
  });
});

describe('an answer is not taken', () => {
  const bodies: readonly (readonly [string, Reply, string])[] = [
    ['unsigned', { ...pageOf([], 'c1'), signed: false }, 'unverified-answer'],
    ['that is a page for people', { type: 'text/html', body: '<html>' }, 'wrong-content-type'],
    ['that is no page of changes', { body: '{"items":{}}' }, 'malformed'],
    ['that leads elsewhere', { status: 302, body: '' }, 'redirected'],
    ['that asks to wait', { status: 429, body: '', headers: { 'retry-after': '7' } }, 'throttled'],
    ['that failed', { status: 500, body: '' }, 'http-status'],
  ];
  test.each(bodies)('row 4: an answer %s is no page, and the checkpoint stays', async (how, reply, code) => {
    await expect(pagesOf(ctxOf({ [changes]: [reply] }), 'c1')).rejects.toMatchObject({ code });
    observed(4, `an answer ${how}: ${code}`);
  });
  const snapshots: readonly (readonly [string, Reply])[] = [
    ['cut at 60 %', ndjson([header, listing, trailer], Math.floor(whole.body.length * 0.4))],
    ['without a trailer', ndjson([header, listing])],
    ['of another lane', ndjson([{ ...header, lane: 'offer' }, listing, trailer])],
    ['with a record whose name is no text', ndjson([header, { uri: { toString: 1 }, rev: {} }, trailer])],
    ['with a record too few', ndjson([header, trailer])],
    ['with another root', ndjson([header, listing, { ...trailer, root: '0'.repeat(64) }])],
    ['that unpacks without end', { ...ndjson([]), body: gzipSync(Buffer.alloc(17 * 1_048_576)) }],
  ];
  test.each(snapshots)('row 16: a snapshot %s gives no page', async (how, reply) => {
    await expect(pagesOf(ctxOf({ [snapshot]: [reply] }))).rejects.toMatchObject({ code: 'snapshot-mismatch' });
    observed(16, `${how}: snapshot-mismatch, nothing applied`);
  });
});
