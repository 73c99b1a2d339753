import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { signRequest } from '#federation/protocol/signature.ts';
import type { RequestMessage } from '#federation/protocol/signature-base.ts';
import { observed } from '#test/federation/observed.ts';
import { draftOf, introduce, startNode, type TestNode } from './node.ts';

let node: TestNode;
let peer: TestNode;
beforeAll(async () => {
  [node, peer] = await Promise.all([startNode(), startNode()]);
  await introduce(node, peer);
  await node.addProducts(draftOf('Bánh pía'));
});
afterAll(async () => {
  await Promise.all([node?.close(), peer?.close()]);
});

const changes = '/federation/v1/changes?lane=catalogue';
const batch = '/federation/v1/records:batch';
const body = JSON.stringify({ uris: ['ocop://soctrang.example/listing/1'] });

type Sent = {
  readonly method: string;
  readonly target: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
};
type Signing = { readonly by?: NodeIdentity; readonly at?: Date; readonly authority?: string };

/** A request signed as the profile says, to be spoilt. */
function signed(
  target: string,
  content?: string,
  { by = peer.identity, at = new Date(), authority }: Signing = {},
): Sent {
  const [path = '', query] = target.split('?');
  const message: RequestMessage = {
    method: content === undefined ? 'GET' : 'POST',
    authority: authority ?? new URL(node.url).host,
    path,
    query: query === undefined ? '' : `?${query}`,
    headers: content === undefined ? {} : { 'content-type': 'application/json' },
    body: Buffer.from(content ?? ''),
  };
  const headers = { ...(message.headers as Record<string, string>), ...signRequest(message, by, at) };
  return { method: message.method, target, headers, ...(content === undefined ? {} : { body: content }) };
}
const spoilt = (sent: Sent, header: string, change: (value: string) => string): Sent => ({
  ...sent,
  headers: { ...sent.headers, [header]: change(sent.headers[header] ?? '') },
});
const without = (sent: Sent, ...names: readonly string[]): Sent => ({
  ...sent,
  headers: Object.fromEntries(Object.entries(sent.headers).filter(([name]) => !names.includes(name))),
});

const send = async ({ method, target, headers, body: content }: Sent) => {
  const response = await fetch(node.url + target, {
    method,
    headers,
    ...(content === undefined ? {} : { body: content }),
  });
  return {
    status: response.status,
    headers: response.headers,
    document: (await response.json()) as Record<string, unknown>,
  };
};
const nonces = async () => {
  const { rows } = await node.db.execute<{ count: string }>(sql`select count(*) as count from federation_nonces`);
  return Number(rows[0]?.count);
};

describe('a signed request', () => {
  test('is answered, and the answer is signed', async () => {
    const { status, headers, document } = await send(signed(changes));
    expect([status, document.hasMore]).toEqual([200, false]);
    expect(headers.get('signature')).toMatch(/^ocop=:/);
    expect(headers.get('content-digest')).toMatch(/^sha-256=:/);
  });
  test('with a body too', async () => {
    await expect(send(signed(batch, body))).resolves.toMatchObject({ status: 200, document: { records: [] } });
  });
  test('learns from health who it is and what time it is', async () => {
    await expect(send(signed('/federation/v1/health'))).resolves.toMatchObject({ document: { partner: 'b' } });
    const { document } = await send({ method: 'GET', target: '/federation/v1/health', headers: {} });
    expect(document).toMatchObject({ status: 'ok', partner: null });
  });
});

test('a version that we do not speak is told which ones we do', async () => {
  const request = signed(changes);
  const newer = { ...request, headers: { ...request.headers, 'federation-version': '2030-01-01' } };
  await expect(send(newer)).resolves.toMatchObject({
    status: 400,
    document: { code: 'unsupported-version', supported: [expect.any(String)] },
  });
});

describe('a request is refused', () => {
  const stranger = readIdentity(generatePem());
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const cases: readonly (readonly [string, () => Sent, string])[] = [
    ['unsigned', () => without(signed(changes), 'signature', 'signature-input'), 'signature-missing'],
    ['with the signature stripped', () => without(signed(changes), 'signature'), 'signature-malformed'],
    ['with its input stripped', () => without(signed(changes), 'signature-input'), 'signature-malformed'],
    [
      'with another query',
      () => ({ ...signed(changes), target: changes.replace('catalogue', 'offer') }),
      'bad-signature',
    ],
    [
      'at another path',
      () => ({ ...signed(changes), target: '/federation/v1/snapshot?lane=catalogue' }),
      'bad-signature',
    ],
    ['with another body', () => ({ ...signed(batch, body), body: body.replace('1', '2') }), 'digest-mismatch'],
    [
      'with another body and its digest',
      () => {
        const { headers } = signed(batch, body.replace('1', '2'));
        return spoilt(
          { ...signed(batch, body), body: body.replace('1', '2') },
          'content-digest',
          () => headers['content-digest'] ?? '',
        );
      },
      'bad-signature',
    ],
    [
      'with another content type',
      () => spoilt(signed(batch, body), 'content-type', () => 'text/plain'),
      'bad-signature',
    ],
    [
      'with a body that nothing covers',
      () => ({
        ...signed(batch, ''),
        method: 'POST',
        body,
        headers: { ...signed(batch, '').headers, 'content-type': 'application/json' },
      }),
      'missing-component',
    ],
    [
      'missing a component',
      () => spoilt(signed(changes), 'signature-input', (v) => v.replace(' "@query"', '')),
      'missing-component',
    ],
    ['created an hour ago', () => signed(changes, undefined, { at: minutesAgo(60) }), 'clock-skew'],
    ['created ten minutes from now', () => signed(changes, undefined, { at: minutesAgo(-10) }), 'clock-skew'],
    ['by an unknown key', () => signed(changes, undefined, { by: stranger }), 'unknown-key'],
    ['by its own node', () => signed(changes, undefined, { by: node.identity }), 'unknown-key'],
    ['made for another node', () => signed(changes, undefined, { authority: 'angiang.example' }), 'bad-signature'],
    [
      'with another algorithm',
      () => spoilt(signed(changes), 'signature-input', (v) => `${v};alg="hmac-sha256"`),
      'unsupported-algorithm',
    ],
    ['with two signatures', () => spoilt(signed(changes), 'signature', (v) => `${v}, b=:AAAA:`), 'signature-malformed'],
  ];
  test.each(cases)('row 25: a request %s is refused', async (how, make, code) => {
    const before = await nonces();
    const { status, headers, document } = await send(make());
    expect([status, document.code]).toEqual([401, code]);
    expect(document).toMatchObject({ type: `${node.url}/problems/${code}`, retryable: expect.any(Boolean) });
    const messages = document.messages as { vi: string; en: string };
    expect(messages.vi).not.toBe(messages.en);
    expect(headers.get('signature')).toBeNull();
    expect(await nonces()).toBe(before);
    observed(25, `${how}: 401 ${code}, unsigned answer, nothing kept`);
  });

  test('row 7: a captured request is refused the second time, even twice at once', async () => {
    const request = signed(changes);
    const answers = await Promise.all([send(request), send(request), send(request)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401]);
    await expect(send(request)).resolves.toMatchObject({ status: 401, document: { code: 'replayed' } });
    observed(7, 'of 3 at once 1 was answered; later 401 replayed');
  });

  test('row 7: a captured request is refused when it is old, and at another path', async () => {
    const request = signed(batch, body);
    await expect(send(request)).resolves.toMatchObject({ status: 200 });
    const elsewhere = { ...signed(batch, body), target: '/federation/v1/inbox' };
    await expect(send(elsewhere)).resolves.toMatchObject({ status: 401, document: { code: 'bad-signature' } });
    const before = node.clock.now;
    try {
      // The nonce is forgotten by then, so its age alone keeps it out.
      node.clock.now = new Date(before.getTime() + 24 * 3_600_000);
      await node.federation.tidy();
      await expect(send(request)).resolves.toMatchObject({ status: 401, document: { code: 'clock-skew' } });
    } finally {
      node.clock.now = before;
    }
    observed(7, 'the same body at another path: 401 bad-signature; a day later, its nonce forgotten: 401 clock-skew');
  });

  test('row 8: a clock that differs by 60 s is accepted, one by 10 min is refused and told ours', async () => {
    const ours = node.clock.now;
    const by = (seconds: number) => signed(changes, undefined, { at: new Date(ours.getTime() + seconds * 1_000) });
    for (const seconds of [-60, 60]) await expect(send(by(seconds))).resolves.toMatchObject({ status: 200 });
    for (const seconds of [-600, 600]) {
      const { status, headers, document } = await send(by(seconds));
      expect([status, document.code, document.now]).toEqual([401, 'clock-skew', ours.toISOString()]);
      expect(Date.parse(headers.get('date') ?? '')).toBeGreaterThan(0);
    }
    observed(8, '60 s early and late: 200; 10 min early and late: 401 clock-skew with our time in `now` and in Date');
  });

  test('as soon as its partner is suspended', async () => {
    await node.federation.suspend('test', 'b');
    await expect(send(signed(changes))).resolves.toMatchObject({ status: 401, document: { code: 'unknown-key' } });
    await node.federation.activate('test', 'b');
  });
});

describe('a cursor', () => {
  const ask = (cursor: string, lane = 'catalogue') =>
    send(signed(`/federation/v1/changes?lane=${lane}&cursor=${encodeURIComponent(cursor)}`));
  test('row 14: a cursor that we did not make is refused', async () => {
    await expect(ask('forged.seal')).resolves.toMatchObject({ status: 400, document: { code: 'invalid-cursor' } });
    observed(14, '400 invalid-cursor');
  });
  test('row 14: a cursor of another lane or partner is refused', async () => {
    const { document } = await send(signed(changes));
    await expect(ask(String(document.next), 'offer')).resolves.toMatchObject({
      status: 403,
      document: { code: 'foreign-cursor' },
    });
    const { next } = await node.federation.readChanges('someone-else', 'catalogue', undefined, 1);
    await expect(ask(next)).resolves.toMatchObject({ status: 403, document: { code: 'foreign-cursor' } });
    observed(14, '403 foreign-cursor, for the lane and for the partner');
  });
});

describe('a record', () => {
  const uriOf = async () => {
    const { document } = await send(signed(changes));
    const [item] = document.items as { uri: string; hash: string }[];
    if (!item) throw new Error('no item');
    return item;
  };
  const ask = (uri: string) => send(signed(`/federation/v1/records/${encodeURIComponent(uri)}`));
  test('is found by its address', async () => {
    const { uri, hash } = await uriOf();
    const answer = await ask(uri);
    expect(answer).toMatchObject({ status: 200, document: { uri, hash } });
    expect(answer.headers.get('etag')).toBe(`"${hash}"`);
  });
  test('that never was is 404, one that was withdrawn 410 with its tombstone', async () => {
    await expect(ask('ocop://x.example/listing/1')).resolves.toMatchObject({
      status: 404,
      document: { code: 'unknown-record' },
    });
    const { uri } = await uriOf();
    const [product] = (await node.products.listProducts({ filters: {}, sort: 'name', limit: 1 })).items;
    if (!product) throw new Error('no product');
    await node.products.withdraw('test', product.productId);
    await node.runJobs();
    await expect(ask(uri)).resolves.toMatchObject({
      status: 410,
      document: { code: 'record-withdrawn', tombstone: { uri, kind: 'tombstone' } },
    });
  });
});

describe('an introduction', () => {
  const introduction = () => ({ url: peer.url, fingerprint: peer.identity.keyid, key: 'c' });
  test('by another fingerprint than the agreement’s pins nothing', async () => {
    const forged = { ...introduction(), fingerprint: readIdentity(generatePem()).keyid };
    await expect(node.federation.introduce('test', forged)).rejects.toMatchObject({
      code: 'partner-fingerprint-mismatch',
    });
  });
  test.each([
    ['to ourselves', () => ({ url: node.url, fingerprint: node.identity.keyid }), 'partner-is-ourselves'],
    ['of a partner that we know by another name', introduction, 'partner-key-taken'],
    ['at a private address', () => ({ ...introduction(), url: 'https://10.0.0.1' }), 'partner-unreachable'],
    ['at no address', () => ({ ...introduction(), url: 'somewhere' }), 'partner-unreachable'],
  ])('%s is refused', async (_what, make, code) => {
    await expect(node.federation.introduce('test', make())).rejects.toMatchObject({ code });
  });
  test('is needed before a partner of the manifests is let in', async () => {
    await expect(node.federation.activate('test', 'can-tho')).rejects.toMatchObject({ code: 'partner-not-ready' });
    await expect(node.federation.activate('test', 'hue')).rejects.toMatchObject({ code: 'partner-not-found' });
  });
});
