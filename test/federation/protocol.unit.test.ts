import { readdirSync, readFileSync } from 'node:fs';
import { Compile } from 'typebox/compile';
import { describe, expect, test } from 'vitest';
import { normalise } from '#federation/adapters/native/normalise.ts';
import { PARTNERS } from '#federation/partners/partners.ts';
import {
  bucketHashes,
  bucketRoot,
  canonicalForm,
  recordHash,
  rootHash,
  sha256Hex,
} from '#federation/protocol/canonical.ts';
import { cursorKey, openCursor, sealCursor } from '#federation/protocol/cursor.ts';
import { generatePem, readIdentity, thumbprint } from '#federation/protocol/keys.ts';
import { moneyOf, ORDER_REFUSALS, settlementRoot, termsHashOf } from '#federation/protocol/ordering.ts';
import { PEER_PROBLEMS } from '#federation/protocol/problems.ts';
import { makeUri, parseUri } from '#federation/protocol/uri.ts';
import { SCHEMAS, schemaDigests } from '#federation/schemas/schemas.ts';
import audit from '#federation/vectors/audit.json' with { type: 'json' };
import canonical from '#federation/vectors/canonical.json' with { type: 'json' };
import orders from '#federation/vectors/orders.json' with { type: 'json' };
import records from '#federation/vectors/records.json' with { type: 'json' };

describe('canonical form', () => {
  test.each(canonical.cases)('$name', ({ value, canonical: text }) => {
    expect(canonicalForm(value)).toBe(text);
  });
  test('a lone surrogate has none', () => {
    expect(() => canonicalForm({ text: '\ud800' })).toThrow('surrogate');
  });
});

describe('records', () => {
  test.each(records.valid)('$kind $uri is taken with its hash', (record) => {
    expect(recordHash(record)).toBe(record.hash);
    expect(normalise({ id: record.uri, body: record })).toEqual({ record });
  });
  test('one hash stands for a set in any order', () => {
    expect(rootHash(records.valid)).toBe(records.root);
    expect(rootHash(records.valid.toReversed())).toBe(records.root);
  });
  test('an audit hashes them in 256 buckets', () => {
    const hashes = bucketHashes(audit.records.toReversed());
    const named = Object.entries(audit.buckets);
    expect(named.map(([bucket]) => [bucket, hashes[Number(bucket)]])).toEqual(named);
    expect(hashes.filter((hash) => hash === audit.empty)).toHaveLength(256 - named.length);
    expect(bucketRoot(hashes)).toBe(audit.root);
  });
  test.each(records.invalid)('$name is refused as $reason', ({ record, reason }) => {
    expect(normalise({ id: 'x', body: record })).toMatchObject({ rejection: { code: reason } });
  });
  test('what we do not know is kept and covered by the hash', () => {
    const [listing] = records.valid;
    const extended = { ...listing, 'x-taste': 'sweet' };
    expect(normalise({ id: 'x', body: extended })).toMatchObject({ rejection: { code: 'hash-mismatch' } });
    const body = { ...extended, hash: recordHash(extended) };
    expect(normalise({ id: 'x', body })).toEqual({ record: body });
  });
  test('revision, time and relays do not change what a record says', () => {
    const [listing] = records.valid;
    expect(recordHash({ ...listing, rev: 99, at: '2030-01-01T00:00:00Z', via: ['a.example'] })).toBe(listing?.hash);
  });
  test.each([null, 1, 'x', [], {}, { kind: 'listing' }])('%j is refused without an exception', (body) => {
    expect(normalise({ id: 'x', body })).toHaveProperty('rejection');
  });
});

describe('orders', () => {
  const fits = (file: string, document: unknown) => {
    const schema = SCHEMAS.get(file);
    if (!schema) throw new Error(`There is no ${file}`);
    return Compile(schema).Check(document);
  };
  test('the terms of a quote have one hash', () => {
    const { lines, shipping, goods, expiresAt } = orders.quote;
    expect(canonicalForm({ lines, shipping, goods, expiresAt })).toBe(orders.canonical);
    expect(termsHashOf(orders.quote)).toBe(orders.quote.termsHash);
    expect(sha256Hex(orders.canonical)).toBe(orders.quote.termsHash);
  });
  test('a day has one root, in any order', () => {
    const { orders: settled, root } = orders.settlement;
    expect(settlementRoot(settled)).toBe(root);
    expect(settlementRoot(settled.toReversed())).toBe(root);
    expect(sha256Hex(orders.lines)).toBe(root);
  });
  test.each([
    ['quote-request.json', orders.request],
    ['quote.json', orders.quote],
    ['order-request.json', orders.orderRequest],
    ['order.json', orders.order],
    ['order-confirm.json', { total: moneyOf(250_000) }],
    ['order-cancel.json', { reason: 'The shopper thought better of it' }],
    ['order-changes.json', orders.changes],
    ['settlement.json', orders.settlement],
  ])('%s takes what it should', (file, document) => {
    expect(fits(file, document)).toBe(true);
  });
  test('each refusal is one of the protocol’s', () => {
    for (const code of Object.values(ORDER_REFUSALS).flat()) expect(PEER_PROBLEMS).toHaveProperty(code);
  });
  test.each(orders.invalid)('$name is not $schema', ({ schema, document }) => {
    expect(fits(schema, document)).toBe(false);
  });
});

describe('names and keys', () => {
  test('an address is taken apart and put together', () => {
    const uri = makeUri('soctrang.example', 'offer', '0199-a');
    expect(parseUri(uri)).toEqual({ origin: 'soctrang.example', kind: 'offer', id: '0199-a' });
    expect(parseUri('ocop://127.0.0.1:4001/listing/a')).toMatchObject({ origin: '127.0.0.1:4001' });
  });
  test.each([
    'ocop://A.example/listing/1',
    'https://a.example/listing/1',
    'ocop://a.example/listing/',
    'ocop://a.example/listing/1/2',
    'ocop://a.example/user/1',
    'ocop://u:p@a.example/listing/1',
  ])('%s is no address', (uri) => {
    expect(parseUri(uri)).toBeUndefined();
  });
  test('a key is known by its RFC 7638 thumbprint', () => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' } as const;
    expect(thumbprint(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
    const fresh = readIdentity(generatePem());
    expect(fresh.keyid).toBe(thumbprint(fresh.jwk));
  });
});

describe('cursors', () => {
  const key = cursorKey(readIdentity(generatePem()).privateKey);
  const place = {
    partner: 'an-giang',
    lane: 'offer',
    epoch: 'e1',
    tx: '99999999999999999999',
    seq: '7',
    since: { tx: '5', seq: '1' },
  } as const;
  const cursor = sealCursor(key, place);
  test('open for their holder', () => {
    expect(openCursor(key, cursor, place)).toEqual({ tx: place.tx, seq: place.seq, since: place.since });
  });
  test.each([
    ['another partner', { ...place, partner: 'ca-mau' }, 'foreign-cursor'],
    ['another lane', { ...place, lane: 'catalogue' as const }, 'foreign-cursor'],
    ['another epoch', { ...place, epoch: 'e2' }, 'epoch-changed'],
  ])('stay shut for %s', (_who, expected, code) => {
    expect(() => openCursor(key, cursor, expected)).toThrow(expect.objectContaining({ code }));
  });
  test.each(['', 'x', `${cursor}x`, cursor.replace(/^./, 'X'), `${cursor.split('.')[0]}.`])(
    '%j is forged',
    (forged) => {
      expect(() => openCursor(key, forged, place)).toThrow(expect.objectContaining({ code: 'invalid-cursor' }));
    },
  );
});

describe('what is checked in', () => {
  const folder = new URL('../../federation/schemas/', import.meta.url);
  test('the schema files say what the code says (node federation/schemas/write.ts)', () => {
    expect(readdirSync(folder).filter((file) => file.endsWith('.json'))).toEqual([...SCHEMAS.keys()].sort());
    for (const [file, schema] of SCHEMAS) {
      expect(JSON.parse(readFileSync(new URL(file, folder), 'utf8')), file).toEqual(schema);
    }
    expect(Object.keys(schemaDigests())).toHaveLength(SCHEMAS.size);
  });
  test('there are 11 partners, each with its own key', () => {
    expect(new Set(PARTNERS.map(({ key }) => key)).size).toBe(11);
  });
  test('every problem speaks both languages', () => {
    for (const { vi, en } of Object.values(PEER_PROBLEMS)) expect([...vi, ...en].every(Boolean)).toBe(true);
  });
});
