import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Page, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import { parseBoundedJson } from '#federation/engine/bounded-json.ts';
import { createPeerHttp, type PeerHttp } from '#federation/engine/http.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { recordHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { signResponse } from '#federation/protocol/signature.ts';
import type { Random } from '#test/support/random.ts';
import { counted, many, seeded } from '#test/support/scale.ts';
import { MemoryStore } from './memory-store.ts';
import { observed } from './observed.ts';

const us = readIdentity(generatePem());
const them = readIdentity(generatePem());
const noHttp: PeerHttp = { send: () => Promise.reject(new Error('no network')), close: async () => {} };
const pageSize = 50;

const partnerOf = (key: string, baseUrl = `https://${key}.example`): PartnerEndpoint => ({
  ...{ key, origin: `${key}.example`, baseUrl: new URL(baseUrl), adapter: 'native', settings: {} },
  pinned: { keyid: them.keyid, jwk: them.jwk },
});
const pull = (store: MemoryStore, partner: PartnerEndpoint, adapter: PartnerAdapter, http = noHttp) =>
  pullPartner(
    {
      ...{ store, identity: us, self: 'soctrang.example', adapterFor: () => adapter, http, random: () => 0 },
      ...{ secret: async () => undefined, now: () => new Date() },
    },
    partner,
  );

type Body = Record<string, unknown>;
const sealed = (body: Body): Body => ({ ...body, hash: recordHash(body) });
const listing = (host: string, id: number, random: Random): Body => ({
  ...{ uri: `ocop://${host}/listing/${id}`, origin: host, via: [], rev: 1, kind: 'listing', images: [] },
  ...{ at: '2026-11-23T00:00:00Z', categoryCode: 'tea', landingUrl: `https://${host}/p/${id}` },
  title: { vi: random.pick([`Món ${id}`, `<script>alert(${id})</script>`, `=SUM(${id})`, '🥥'.repeat(100)]) },
  producer: { uri: `ocop://${host}/producer/1`, name: 'Tổ hợp tác' },
});

/** What must not be taken, however it came about. */
const spoil: readonly ((good: Body) => unknown)[] = [
  () => null,
  () => 'không phải bản ghi',
  () => [],
  () => ({}),
  () => ({ kind: { toString: false } }),
  (good) => ({ ...good, uri: { toString: null, valueOf: 1 } }),
  (good) => ({ ...good, kind: 'letter' }),
  (good) => ({ ...good, title: 7 }),
  (good) => ({ ...good, hash: '0'.repeat(64) }),
  (good) => ({ ...good, title: { vi: 'nội dung khác' } }),
  (good) => sealed({ ...good, title: {} }),
  (good) => sealed({ ...good, title: { vi: 'a'.repeat(1_048_576) } }),
  (good) => sealed({ ...good, title: { vi: 'Bánh \0' } }),
  (good) => ({ ...good, title: { vi: 'Bánh \ud800' } }),
  (good) => sealed({ ...good, rev: 0 }),
  (good) => sealed({ ...good, rev: '1' }),
  (good) => sealed({ ...good, rev: 1.5 }),
  (good) => sealed({ ...good, uri: 'file:///etc/passwd' }),
  (good) => sealed({ ...good, uri: String(good.uri).replace('listing', 'offer') }),
  (good) => sealed({ ...good, landingUrl: 'javascript:alert(1)' }),
  (good) => sealed({ ...good, landingUrl: 'https://elsewhere.example/' }),
  (good) => sealed({ ...good, images: Array.from({ length: 21 }, () => ({ url: 'https://x.example/a.jpg' })) }),
  (good) => sealed({ ...good, producer: null }),
  (good) =>
    sealed({ uri: good.uri, origin: good.origin, via: [], rev: 1, at: good.at, kind: 'tombstone', of: 'offer' }),
];
/** What a newer peer may say. */
const enrich: readonly ((good: Body) => Body)[] = [
  (good) => good,
  (good) => ({ ...good, taste: { sweet: [1, 2, { very: true }] } }),
  (good) => ({ ...good, certifications: [{ any: 'thing' }] }),
];

/** Pages as they come over the wire, of which a few records are bad; never a tenth, which would stop the lane. */
function feed(host: string, count: number, random: Random) {
  const bad = new Set<string>();
  const bodies: string[] = [];
  for (let from = 0; from < count; from += pageSize) {
    const spoilt = new Set(Array.from({ length: random.between(0, 5) }, () => random.between(0, pageSize - 1)));
    const records = Array.from({ length: pageSize }, (_, at) => {
      const good = sealed(random.pick(enrich)(listing(host, from + at, random)));
      if (!spoilt.has(at)) return { id: String(good.uri), body: good };
      bad.add(String(good.uri));
      return { id: String(good.uri), body: random.pick(spoil)(good) };
    });
    bodies.push(JSON.stringify(records));
  }
  return { bodies, bad };
}

const adapterOf = (bodies: readonly string[], spoilBytes?: (text: Buffer) => void): PartnerAdapter => ({
  ...nativeAdapter,
  audit: undefined as never,
  pull: async function* (_ctx, lane, from): AsyncGenerator<Page> {
    if (lane === 'offer') return;
    for (let at = Number(from ?? 0); at < bodies.length; at += 1) {
      const bytes = Buffer.from(bodies[at] ?? '');
      spoilBytes?.(bytes);
      const records = parseBoundedJson(bytes) as Page['records'];
      yield { records, next: String(at + 1), complete: at + 1 === bodies.length };
    }
  },
});

/** Answers everything with bombs, one after the other, signed as they must be to be looked at. */
function bombs(): PeerHttp {
  const page = (items: string) => `{"epoch":"e","items":${items},"next":"n","hasMore":true,"watermark":"1"}`;
  const bodies = [
    gzipSync(Buffer.alloc(60_000_000)),
    Buffer.from(page('['.repeat(5_000) + ']'.repeat(5_000))),
    Buffer.from(page(`[${'[],'.repeat(1_000_000)}[]]`)),
    Buffer.from(page('{}')),
    Buffer.from(page('[{"__proto__":{"polluted":1}}]')),
    Buffer.from('<!doctype html><title>Login</title>'),
    Buffer.from([0xff, 0xfe, 0x00]),
  ];
  let asked = 0;
  return {
    close: async () => {},
    send: async ({ url, method, headers }) => {
      const body = bodies[asked++ % bodies.length] ?? Buffer.alloc(0);
      const isSnapshot = url.pathname.endsWith('/snapshot');
      const bare = {
        'content-type': isSnapshot ? 'application/x-ndjson' : 'application/json',
        ...(isSnapshot ? { 'content-encoding': 'gzip' } : {}),
      };
      const request = {
        method,
        authority: url.host,
        path: url.pathname,
        query: url.search,
        headers,
        body: new Uint8Array(),
      };
      return {
        status: 200,
        headers: { ...bare, ...signResponse({ status: 200, headers: {}, body, request }, them, new Date()) },
        body,
      };
    },
  };
}

test(
  'T11: of eleven partners one is hostile and one sends a byte a second',
  async () => {
    const random = seeded('T11');
    const perPartner = many(300, 1_200);
    const drips: NodeJS.Timeout[] = [];
    const server = createServer((_asked, answered) => {
      answered.writeHead(200);
      drips.push(setInterval(() => answered.write('.'), 1_000));
    }).listen(0, '127.0.0.1');
    await new Promise((listening) => server.once('listening', listening));
    const slowUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const slowHttp = createPeerHttp({
      ...{ allowLoopback: true, waits: { connect: 1_000, headers: 1_000, idle: 60_000, total: 60_000 } },
    });
    try {
      const slow = new MemoryStore();
      let isSlowDone = false;
      const slowPull = pull(slow, partnerOf('slow', slowUrl), nativeAdapter, slowHttp).finally(() => {
        isSlowDone = true;
      });
      const hostile = new MemoryStore();
      const bombHttp = bombs();
      for (let at = 0; at < 8; at += 1) {
        if (at > 0) hostile.checkpoints.set('catalogue', 'c');
        hostile.breaker = undefined;
        await pull(hostile, partnerOf('hostile'), nativeAdapter, bombHttp);
        expect(hostile.outcomes.get('catalogue')?.state).toBe('failed');
      }
      expect([hostile.records.size, Object.hasOwn(Object.prototype, 'polluted')]).toEqual([0, false]);

      let injected = 0;
      for (const key of ['p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8', 'p9']) {
        const store = new MemoryStore();
        const { bodies, bad } = feed(`${key}.example`, perPartner, random);
        const report = await pull(store, partnerOf(key), adapterOf(bodies));
        expect(report).toMatchObject({ lanes: { catalogue: { state: 'ok' } } });
        expect(store.quarantine.map(({ sourceId }) => sourceId).toSorted()).toEqual([...bad].toSorted());
        expect(store.records.size).toBe(perPartner - bad.size);
        injected += bad.size;
      }
      // The slow one is still being waited for, and nobody has waited with it.
      expect(isSlowDone).toBe(false);
      server.close();
      server.closeAllConnections();
      await slowPull;
      expect(slow.outcomes.get('catalogue')).toMatchObject({ failure: { code: 'unreachable' } });
      expect(slow.records.size).toBe(0);
      expect(injected).toBeGreaterThan(0);
      counted('T11', { documents: 9 * perPartner, 'bad ones': injected });
      observed(
        'T11',
        'nine partners: exactly the bad records quarantined, all others applied; the hostile one: nothing taken; the slow one: nothing taken, and nobody waited',
      );
    } finally {
      for (const drip of drips) clearInterval(drip);
      server.closeAllConnections();
      server.close();
      await slowHttp.close();
    }
  },
  many(60_000, 300_000),
);

test(
  'T11: whatever bytes are changed on the way, nothing is kept that the origin did not say',
  async () => {
    const random = seeded('T11 bytes');
    const runs = many(300, 3_000);
    const outcomes = new Map<string, number>();
    for (let run = 0; run < runs; run += 1) {
      const store = new MemoryStore();
      const { bodies } = feed('bytes.example', pageSize, random);
      const said = new Set([...(bodies[0] ?? '').matchAll(/"hash":"([0-9a-f]{64})"/g)].map(([, hash]) => hash));
      const adapter = adapterOf(bodies, (bytes) => {
        for (let change = random.between(1, 8); change > 0; change -= 1) {
          bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
        }
      });
      await pull(store, partnerOf('bytes'), adapter);
      const code = store.outcomes.get('catalogue')?.failure?.code ?? 'ok';
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      for (const record of store.records.values()) expect(said.has(recordHash(record))).toBe(true);
    }
    expect([...outcomes.keys()].every((code) => ['ok', 'malformed', 'schema-drift'].includes(code))).toBe(true);
    counted('T11', { 'pages with changed bytes': runs });
    observed(
      'T11',
      'pages with changed bytes: malformed, schema-drift or the records that were whole, each with the hash that its origin gave',
    );
  },
  many(60_000, 300_000),
);
