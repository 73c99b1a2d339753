import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto';
import { request as send } from 'node:http';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generatePem, type NodeIdentity, readIdentity } from '#federation/protocol/keys.ts';
import { observed } from '#test/federation/observed.ts';
import { letIn } from '#test/support/partners.ts';
import { draftOf, startNode, type TestNode } from './node.ts';

let node: TestNode;
let replica: Awaited<ReturnType<TestNode['openReplica']>>;
/** The eleven partners of the manifests, let in with keys of ours. */
const partners = new Map<string, NodeIdentity>();
beforeAll(async () => {
  node = await startNode();
  replica = await node.openReplica();
  await node.addProducts(draftOf('Bánh pía'));
  const { rows } = await node.db.execute<{ key: string }>(sql`select key from partners order by key`);
  for (const { key } of rows) {
    const identity = readIdentity(generatePem());
    partners.set(key, identity);
    const origin = `${key}.example`;
    await node.db.execute(sql`
      update partners set adapter = 'native', origin = ${origin}, base_url = ${`https://${origin}`}, keyid = ${identity.keyid},
        jwk = ${JSON.stringify(identity.jwk)}::jsonb where key = ${key}`);
    await letIn(node.db, key);
  }
});
afterAll(async () => {
  await replica?.close();
  await node?.close();
});

const changes = '/federation/v1/changes';
const batch = '/federation/v1/records:batch';
const json = '{"uris":["ocop://soctrang.example/listing/1"]}';
const digestOf = (body: string, algorithm = 'sha256') =>
  `sha-${algorithm.slice(3)}=:${createHash(algorithm).update(body).digest('base64')}:`;

type Sent = { method: string; target: string; headers: Record<string, string>; body: string };
/** What is signed, before it is spoilt. Written anew here: the profile is tested, and not our signer by itself. */
type Draft = Sent & {
  components: string[];
  /** Of the signature, in the order in which they are written. */
  parameters: [string, number | string][];
  keyid: string;
  by: KeyObject;
  authority: string;
  label: string;
};

const seconds = () => Math.floor(Date.now() / 1_000);
const draft = (identity: NodeIdentity, body = ''): Draft => ({
  method: body ? 'POST' : 'GET',
  target: body ? batch : `${changes}?lane=catalogue`,
  headers: body ? { 'content-type': 'application/json', 'content-digest': digestOf(body) } : {},
  body,
  components: ['@method', '@authority', '@path', '@query', ...(body ? ['content-digest', 'content-type'] : [])],
  parameters: [
    ['created', seconds()],
    ['expires', seconds() + 300],
    ['keyid', identity.keyid],
    ['nonce', randomBytes(16).toString('base64url')],
    ['tag', 'ocop-fed/1'],
  ],
  keyid: identity.keyid,
  by: identity.privateKey,
  authority: new URL(node.url).host,
  label: 'ocop',
});

function signed({ components, parameters, by, authority, label, ...sent }: Draft): Sent {
  const [path = '', query = ''] = sent.target.split('?');
  const derived: Record<string, string> = {
    ...{ '@method': sent.method, '@authority': authority, '@path': path, '@query': `?${query}` },
    ...sent.headers,
  };
  const written = parameters.map(([name, value]) => `;${name}=${typeof value === 'number' ? value : `"${value}"`}`);
  const input = `(${components.map((name) => `"${name}"`).join(' ')})${written.join('')}`;
  const lines = [...components.map((name) => `"${name}": ${derived[name] ?? ''}`), `"@signature-params": ${input}`];
  const signature = sign(null, Buffer.from(lines.join('\n')), by).toString('base64');
  return {
    ...{ method: sent.method, target: sent.target, body: sent.body },
    headers: { ...sent.headers, 'signature-input': `${label}=${input}`, signature: `${label}=:${signature}:` },
  };
}

const ask = (url: string, { method, target, headers, body }: Sent): Promise<number> =>
  new Promise((resolve, reject) => {
    // `fetch` would put the target in order and refuse some of these headers.
    const asked = send(url, {
      method,
      path: target,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    });
    asked.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    asked.on('error', reject);
    asked.end(body);
  });

type Case = (identity: NodeIdentity, others: readonly NodeIdentity[]) => Sent;
/** Signed rightly over what must not be signed so. */
const wrong =
  (change: (made: Draft) => Partial<Draft>, body = ''): Case =>
  (identity) => {
    const made = draft(identity, body);
    return signed({ ...made, ...change(made) });
  };
/** Changed after it was signed. */
const changed =
  (change: (sent: Sent) => Partial<Sent>, body = ''): Case =>
  (identity) => {
    const sent = signed(draft(identity, body));
    return { ...sent, ...change(sent) };
  };
const header = (name: string, to: (value: string) => string, body = ''): Case =>
  changed(({ headers }) => ({ headers: { ...headers, [name]: to(headers[name] ?? '') } }), body);
const drop = (...names: readonly string[]): Case =>
  changed(({ headers }) => ({
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name))),
  }));
const uncovered = (name: string, body = ''): Case =>
  wrong(({ components }) => ({ components: components.filter((one) => one !== name) }), body);
const parameter = (name: string, value?: number | string): Case =>
  wrong(({ parameters }) => ({
    parameters: parameters.flatMap((one): [string, number | string][] =>
      one[0] !== name ? [one] : value === undefined ? [] : [[name, value]],
    ),
  }));
const added = (name: string, value: number | string): Case =>
  wrong(({ parameters }) => ({ parameters: [...parameters, [name, value]] }));
const stranger = readIdentity(generatePem());
const flipped = (value: string) => value.replace(/=:(.)/, (_all, first: string) => `=:${first === 'A' ? 'B' : 'A'}`);

const corpus: Readonly<Record<string, Case>> = {
  unsigned: drop('signature', 'signature-input'),
  'without its signature': drop('signature'),
  'without its input': drop('signature-input'),
  'another query': changed(({ target }) => ({ target: target.replace('catalogue', 'offer') })),
  'a longer query': changed(({ target }) => ({ target: `${target}&limit=500` })),
  'no query': changed(() => ({ target: changes })),
  'another path': changed(() => ({ target: '/federation/v1/snapshot?lane=catalogue' })),
  'another method': (identity) => ({ ...signed({ ...draft(identity), method: 'POST' }), method: 'GET' }),
  'another body': changed(({ body }) => ({ body: body.replace('1', '2') }), json),
  'a longer body': changed(({ body }) => ({ body: `${body} ` }), json),
  'no body': changed(() => ({ body: '' }), json),
  'another body with its digest': changed(({ body, headers }) => {
    const other = body.replace('1', '2');
    return { body: other, headers: { ...headers, 'content-digest': digestOf(other) } };
  }, json),
  'another content type': header('content-type', () => 'text/plain', json),
  'an empty digest': wrong(({ headers }) => ({ headers: { ...headers, 'content-digest': '' } }), json),
  'a digest of nothing': wrong(({ headers }) => ({ headers: { ...headers, 'content-digest': digestOf('') } }), json),
  'a digest of an algorithm that is not the profile’s': wrong(
    ({ headers, body }) => ({ headers: { ...headers, 'content-digest': digestOf(body, 'sha1') } }),
    json,
  ),
  'the method uncovered': uncovered('@method'),
  'the authority uncovered': uncovered('@authority'),
  'the path uncovered': uncovered('@path'),
  'the query uncovered': uncovered('@query'),
  'the digest uncovered': uncovered('content-digest', json),
  'the content type uncovered': uncovered('content-type', json),
  'nothing covered': wrong(() => ({ components: [] })),
  'one component twice': wrong(({ components }) => ({ components: [...components, '@method'] })),
  'a component that does not exist': wrong(({ components }) => ({ components: [...components, '@target-uri'] })),
  'a body that the signature knows nothing of': (identity) => ({
    ...signed({ ...draft(identity), method: 'POST', target: batch }),
    body: json,
  }),
  'an hour old': wrong(({ parameters }) => ({
    parameters: parameters.map(([name, value]) => [name, typeof value === 'number' ? value - 3_600 : value]),
  })),
  'ten minutes from now': wrong(({ parameters }) => ({
    parameters: parameters.map(([name, value]) => [name, typeof value === 'number' ? value + 600 : value]),
  })),
  'valid for a day': parameter('expires', seconds() + 86_400),
  'ended before it began': parameter('expires', seconds() - 10),
  'without its beginning': parameter('created'),
  'without its end': parameter('expires'),
  'without a nonce': parameter('nonce'),
  'a nonce of three characters': parameter('nonce', 'abc'),
  'a nonce of spaces': parameter('nonce', ' '.repeat(20)),
  'without a key': parameter('keyid'),
  'another key’s name': parameter('keyid', stranger.keyid),
  'a key’s name that is none': parameter('keyid', "' or 1=1 --"),
  'without its tag': parameter('tag'),
  'another tag': parameter('tag', 'ocop-fed/2'),
  'the time as text': parameter('created', String(seconds())),
  'a parameter that nobody knows': added('trust', 'me'),
  'HMAC by the public key': added('alg', 'hmac-sha256'),
  RSA: added('alg', 'rsa-pss-sha512'),
  ECDSA: added('alg', 'ecdsa-p256-sha256'),
  'no algorithm': added('alg', 'none'),
  'an unknown key': (_identity) => signed(draft(stranger)),
  'the node’s own key': () => signed(draft(node.identity)),
  'the key of another partner under this one’s name': (identity, [other = stranger]) =>
    signed({ ...draft(identity), by: other.privateKey }),
  'made for another exchange': wrong(() => ({ authority: 'angiang.example' })),
  'two signatures': changed(({ headers }) => ({
    headers: {
      ...headers,
      signature: `${headers.signature}, b=:AAAA:`,
      'signature-input': `${headers['signature-input']}, b=${headers['signature-input']?.slice(5)}`,
    },
  })),
  'two labels': header('signature', (value) => value.replace('ocop=', 'sig=')),
  'an empty signature': header('signature', () => 'ocop=::'),
  'half a signature': header('signature', (value) => `${value.slice(0, 40)}:`),
  'a flipped signature': header('signature', flipped),
  'a signature of zeros': header('signature', () => `ocop=:${Buffer.alloc(64).toString('base64')}:`),
  'a signature that is text': header('signature', () => 'ocop="yes"'),
  'an input that is no list': header('signature-input', () => 'ocop=1'),
  'an input of 5,000 characters': header('signature-input', (value) => `${value};x="${'a'.repeat(5_000)}"`),
};

const count = async (): Promise<number> => {
  const { rows } = await node.db.execute<{ count: number }>(sql`select count(*)::int as count from federation_nonces`);
  return rows[0]?.count ?? 0;
};

test('T12: spoilt signatures of eleven partners at two servers of one exchange', async () => {
  expect(partners.size).toBe(11);
  expect(Object.keys(corpus).length).toBeGreaterThanOrEqual(40);
  const servers = [node.url, replica.url];
  const before = await count();
  const taken: string[] = [];
  for (const [key, identity] of partners) {
    const others = [...partners.values()].filter((one) => one !== identity);
    for (const [what, spoil] of Object.entries(corpus)) {
      const statuses = await Promise.all(servers.map((url) => ask(url, spoil(identity, others))));
      if (statuses.some((status) => status !== 401)) taken.push(`${key}, ${what}: ${statuses.join(' and ')}`);
    }
  }
  expect(taken).toEqual([]);
  expect(await count()).toBe(before);
  const cases = Object.keys(corpus).length;
  observed('T12', `${cases} cases × 11 partners × 2 servers: 401 each, no nonce kept; the same unspoilt: 200 at both`);
  // Else whatever is sent would be refused, and nothing proved.
  for (const identity of partners.values()) {
    for (const url of servers) {
      await expect(ask(url, signed(draft(identity)))).resolves.toBe(200);
      await expect(ask(url, signed(draft(identity, json)))).resolves.toBe(200);
    }
  }
}, 180_000);

test('T12: what one server has answered the other does not answer again', async () => {
  const taken: string[] = [];
  for (const [key, identity] of partners) {
    for (const body of ['', json]) {
      const sent = signed(draft(identity, body));
      expect(await ask(node.url, sent)).toBe(200);
      const again = await Promise.all([replica.url, node.url, replica.url].map((url) => ask(url, sent)));
      if (again.some((status) => status !== 401)) taken.push(`${key}: ${again.join(', ')}`);
      const once = signed(draft(identity, body));
      const atOnce = await Promise.all([node.url, replica.url, node.url, replica.url].map((url) => ask(url, once)));
      if (atOnce.filter((status) => status === 200).length !== 1) taken.push(`${key} at once: ${atOnce.join(', ')}`);
    }
  }
  expect(taken).toEqual([]);
  observed('T12', 'replayed to the other server and to both at once: one answer each, every other 401');
}, 180_000);

test('control 53: one partner’s key opens nothing of another, and a key that is shut out opens nothing', async () => {
  const [[first, one] = [], [, other] = []] = [...partners];
  if (!first || !one || !other) throw new Error('no partners');
  const { next } = await node.federation.readChanges(first, 'catalogue', undefined, 1);
  const target = `${changes}?lane=catalogue&cursor=${encodeURIComponent(next)}`;
  await expect(ask(replica.url, signed({ ...draft(one), target }))).resolves.toBe(200);
  await expect(ask(replica.url, signed({ ...draft(other), target }))).resolves.toBe(403);
  await node.federation.suspend('test', first);
  await expect(ask(replica.url, signed(draft(one)))).resolves.toBe(401);
  await expect(ask(node.url, signed(draft(one)))).resolves.toBe(401);
  observed(
    'control 53',
    "another partner's cursor: 403; a partner that one server suspended: 401 at the other at once",
  );
});
