import { sign as signBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Identity, newPem, readIdentity } from '#conformance/kit/keys.ts';
import { schemaDigests } from '#conformance/kit/schemas.ts';
import { PROFILE_PATH, VERSION } from '#conformance/kit/session.ts';
import {
  answerBase,
  answerComponents,
  digestOf,
  newNonce,
  type Request,
  readFields,
} from '#conformance/kit/signing.ts';
import type { Defect, Has } from './defects.ts';
import { createFeed, type Reply } from './feed.ts';
import { createFiles } from './files.ts';
import { createOrders } from './orders.ts';
import { createReferenceDriver, createStore } from './store.ts';
import { isRefusal, type Pinned, type Refusal, verify } from './verify.ts';

const maxBody = 1_048_576;
const maxAtOnce = 8;
const fields = new Set([
  'host',
  'accept',
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'content-digest',
  'signature',
  'signature-input',
  'federation-version',
  'if-none-match',
  'idempotency-key',
]);

export type Endpoint = Awaited<ReturnType<typeof startEndpoint>>;

/**
 * A small exchange that speaks ocop-fed/1 as the README says, with one thing wrong if that is asked for. It knows nothing
 * of src/ and federation/: what the kit is measured by must not share their mistakes.
 */
export async function startEndpoint(partners: readonly Identity[], defect?: Defect) {
  const has: Has = (one) => one === defect;
  const identity = readIdentity(newPem());
  const signer = has('answer-other-key') ? readIdentity(newPem()) : identity;
  const pinned: Pinned = new Map(partners.map(({ keyid, jwk }, index) => [keyid, { partner: `kit-${index}`, jwk }]));
  const server = createServer({ maxHeaderSize: 16_384 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${authority}`;
  const store = createStore(authority, url, has);
  const feed = createFeed(store, has);
  const orders = createOrders(store, has);
  const files = createFiles(store, url, has);
  const nonces = new Set<string>();
  const oneNonce = newNonce();
  let open = 0;

  const problem = ({ status, code, extra = {} }: Refusal): Reply => {
    const messages = { vi: `Từ chối: ${code}`, ...(!has('problem-one-language') && { en: `Refused: ${code}` }) };
    const document = {
      ...extra,
      type: has('problem-type') ? 'about:blank' : `${url}/problems/${code}`,
      title: `Từ chối: ${code}`,
      status: has('problem-status') ? 200 : status,
      ...(!has('problem-no-detail') && { detail: 'Xem README.' }),
      ...(!has('problem-code') && { code }),
      ...(!has('problem-no-retryable') && { retryable: code === 'clock-skew' }),
      ...(has('problem-stack') && { debug: 'Error\n    at verify (/app/server.js:12:3)' }),
      messages,
    };
    const type = has('problem-json') ? 'application/json' : 'application/problem+json';
    return {
      status,
      headers: { 'content-type': type, ...(!has('problem-cached') && { 'cache-control': 'no-store' }) },
      body: JSON.stringify(document),
    };
  };

  const sign = (reply: Reply, request: Request, body: Buffer): Readonly<Record<string, string>> => {
    const asked =
      readFields(request.headers) ??
      readFields({
        ...request.headers,
        signature: request.headers.signature?.split(', ')[0] ?? '',
        'signature-input': request.headers['signature-input']?.split(', b=')[0] ?? '',
      });
    const isUnsigned =
      has('answers-unsigned') ||
      (has('refusals-unsigned') && reply.status >= 400) ||
      (has('missing-unsigned') && reply.status === 404);
    if (!asked || isUnsigned) return {};
    const created = Math.floor(Date.now() / 1000) - (has('answer-old') ? 3_600 : 0);
    const all = answerComponents(has('answer-label-fixed') ? 'ocop' : asked.label);
    const components = all.filter(
      (one) =>
        !(has('status-uncovered') && one === '"@status"') && !(has('answer-unbound') && one.startsWith('"signature"')),
    );
    const nonce = has('answer-one-nonce') ? oneNonce : newNonce();
    const expires = created + (has('answer-long-life') ? 3_600 : 300);
    const tag = has('answer-no-tag') ? '' : ';tag="ocop-fed/1"';
    const input = `(${components.join(' ')});created=${created};expires=${expires};keyid="${signer.keyid}";nonce="${nonce}"${tag}`;
    const digest = digestOf(has('answer-digest-empty') ? Buffer.alloc(0) : body);
    const base = answerBase(
      { status: reply.status, headers: { 'content-digest': digest }, request },
      { components, input },
    );
    const signature = signBytes(null, Buffer.from(base), signer.privateKey).toString('base64');
    return { 'content-digest': digest, 'signature-input': `ocop=${input}`, signature: `ocop=:${signature}:` };
  };

  const profile = () => ({
    protocol: 'ocop-fed/1',
    versions: [has('profile-version') ? '2020-01-01' : VERSION],
    exchange: {
      origin: has('profile-other-origin') ? 'another.example' : authority,
      ...(!has('profile-no-name') && { name: { vi: 'Sàn mẫu', en: 'Reference' } }),
    },
    endpoints: {
      changes: has('profile-far-endpoint') ? 'https://elsewhere.example/changes' : '/federation/v1/changes',
      records: '/federation/v1/records',
      snapshot: '/federation/v1/snapshot',
      audit: '/federation/v1/audit',
      health: '/federation/v1/health',
    },
    capabilities: [
      'pull:catalogue',
      'pull:offer',
      ...(has('profile-no-snapshot') ? [] : ['snapshot']),
      ...(has('profile-no-audit') ? [] : ['audit']),
      'records:batch',
    ],
    limits: { maxChanges: has('profile-limit') ? 1_000 : 500 },
    keys: [
      {
        ...identity.jwk,
        kid: has('profile-kid') ? 'k'.repeat(43) : identity.keyid,
        ...(has('profile-private-key') && { d: identity.privateKey.export({ format: 'jwk' }).d }),
        ...(has('profile-key-over') && { exp: 1_600_000_000 }),
      },
    ],
    schemas: {
      ...Object.fromEntries(schemaDigests()),
      ...(has('profile-schemas') && { 'offer.json': '0'.repeat(64) }),
    },
    ...(has('profile-large') && { padding: 'x'.repeat(100_000) }),
  });

  const discovery = ({ method, target, headers }: Request): Reply => {
    if (method !== 'GET' && !has('profile-writable')) return problem({ status: 405, code: 'method-not-allowed' });
    if (has('profile-redirects') && !target.includes('?'))
      return { status: 302, headers: { location: '/profile.json' }, body: '' };
    if (has('profile-strict') && target.includes('?')) return problem({ status: 400, code: 'invalid-request' });
    const etag = '"profile-1"';
    const tagged = has('profile-no-etag') ? {} : { etag };
    if (headers['if-none-match'] === etag && !has('profile-no-304')) return { status: 304, headers: tagged, body: '' };
    const cache = has('profile-no-store') ? 'no-store' : 'public, max-age=300';
    return {
      status: 200,
      headers: {
        'content-type': has('profile-html') ? 'text/html' : 'application/json',
        'cache-control': cache,
        ...tagged,
      },
      body: JSON.stringify(profile()),
    };
  };

  const health = (partner: string | null): Reply => {
    const time = new Date(Date.now() - (has('health-slow-clock') ? 300_000 : 0)).toISOString();
    const versions = has('health-versions') ? ['2020-01-01'] : profile().versions;
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ status: 'ok', time, versions, partner: has('health-nameless') ? null : partner }),
    };
  };

  /** The body as JSON, or why not. */
  const parse = (request: Request): { readonly value: unknown } | Refusal => {
    const type = request.headers['content-type'] ?? '';
    if (!/^application\/json\b/.test(type) && !has('text-plain'))
      return { status: 415, code: 'unsupported-media-type' };
    try {
      const text = new TextDecoder('utf-8', { fatal: !has('utf8-lenient') }).decode(request.body);
      if (has('json-deep-500') && text.startsWith('[['.repeat(50))) return { status: 500, code: 'internal-error' };
      const value: unknown = JSON.parse(
        has('utf8-lenient') ? text.replace(/^\{"[^a-z]*":1\}$/, '{"uris":["ocop://x.example/listing/1"]}') : text,
      );
      return { value };
    } catch {
      return has('json-500') ? { status: 500, code: 'internal-error' } : { status: 400, code: 'malformed-json' };
    }
  };

  const routed = async (request: Request, partner: string): Promise<Reply | Refusal> => {
    const [path = '', text = ''] = request.target.split('?');
    const method = has('put-is-get') && request.method === 'PUT' ? 'GET' : request.method;
    const asked = { partner, path, query: new URLSearchParams(text), headers: request.headers, body: request.body };
    if (/%00/.test(text)) return { status: 400, code: 'invalid-request' };
    if (path === '/federation/v1/health' && method === 'GET') return health(partner);
    if (path === '/federation/v1/records:batch' && method === 'POST') {
      const parsed = parse(request);
      return 'code' in parsed ? parsed : feed.batch(asked, parsed.value);
    }
    if (method === 'POST' && /^\/federation\/v1\/(?:quotes|orders)/.test(path)) {
      const parsed = parse(request);
      const said = 'code' in parsed ? parsed : await orders.post(asked, parsed.value);
      if (said) return said;
    }
    const order = method === 'GET' ? orders.get(asked) : undefined;
    if (order) return order;
    if (method !== 'GET') return { status: path.startsWith('/federation/v1/') ? 405 : 404, code: 'method-not-allowed' };
    if (path === '/federation/v1/changes') return feed.changes(asked);
    if (path === '/federation/v1/snapshot') return feed.snapshot(asked);
    if (path === '/federation/v1/audit') return feed.audit(asked);
    if (path.startsWith('/federation/v1/audit/')) return feed.auditBucket(asked);
    if (path.startsWith('/federation/v1/records/')) return feed.record(asked);
    return has('unknown-path-200') ? { status: 200, headers: {}, body: '{}' } : { status: 404, code: 'not-found' };
  };

  const versionFault = ({ headers }: Request): Refusal | undefined => {
    const asked = headers['federation-version'];
    if (asked === undefined || asked === VERSION || has('version-ignored')) return undefined;
    return { status: 400, code: 'unsupported-version', extra: has('version-unnamed') ? {} : { supported: [VERSION] } };
  };

  /** What stands before the signature when something is wrong with the order. */
  const tooEarly = (request: Request): Refusal | undefined => {
    if (has('parse-first') && request.body.length > 0) {
      const parsed = parse(request);
      if ('code' in parsed) return parsed;
    }
    const isOdd = has('validate-first') && request.target.includes('lane=none');
    return isOdd ? { status: 400, code: 'invalid-request' } : undefined;
  };

  const partnerAnswer = async (request: Request): Promise<readonly [Reply, boolean]> => {
    const early = tooEarly(request);
    if (early) return [problem(early), false];
    const isOpen = request.target.split('?')[0] === '/federation/v1/health';
    const isSigned = 'signature' in request.headers || 'signature-input' in request.headers;
    if (isOpen && !has('health-closed') && (!isSigned || has('health-trusting')))
      return [health(isSigned ? 'kit-0' : null), false];
    const who = await verify(request, { authority, pinned, nonces, has });
    if (isRefusal(who)) return [problem(who), false];
    const strict = has('headers-strict') && Object.keys(request.headers).some((name) => !fields.has(name));
    const said =
      versionFault(request) ?? (strict ? { status: 400, code: 'invalid-request' } : await routed(request, who.partner));
    return ['code' in said ? problem(said) : said, true];
  };

  const answer = async (request: Request): Promise<readonly [Reply, boolean]> => {
    const [path = ''] = request.target.split('?');
    if (path === PROFILE_PATH) return [discovery(request), false];
    if (request.body.length > maxBody) {
      const isSigned = 'signature' in request.headers;
      if (has('body-unbounded-unsigned') && !isSigned) return [problem({ status: 500, code: 'internal-error' }), false];
      if (!has('body-unbounded')) return [problem({ status: 413, code: 'body-too-large' }), false];
      return [{ status: 200, headers: { 'content-type': 'application/json' }, body: '{"records":[]}' }, isSigned];
    }
    if (has('overload-silent') && open > maxAtOnce)
      return [problem({ status: 503, code: 'temporarily-unavailable' }), false];
    if (path.startsWith('/federation/')) return await partnerAnswer(request);
    return [files.answer(path, request.headers) ?? problem({ status: 404, code: 'not-found' }), false];
  };

  const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const headers = Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
    );
    const request: Request = {
      method: incoming.method ?? 'GET',
      target: incoming.url ?? '/',
      headers,
      body: Buffer.concat(chunks),
    };
    open += 1;
    if (has('overload-silent')) await new Promise((resolve) => setTimeout(resolve, 15));
    const [reply, isVerified] = await answer(request);
    open -= 1;
    const body = Buffer.from(reply.body);
    const signature = isVerified ? sign(reply, request, body) : {};
    const packs =
      has('packed-after-digest') &&
      isVerified &&
      headers['accept-encoding']?.includes('gzip') &&
      !reply.headers?.['content-encoding'];
    const more = {
      ...(has('sets-cookie') && { 'set-cookie': 'a=b' }),
      ...(has('cache-public') && isVerified && { 'cache-control': 'public, max-age=60' }),
      ...(packs && { 'content-encoding': 'gzip' }),
    };
    response.writeHead(reply.status, { ...reply.headers, ...signature, ...more });
    response.end(packs ? gzipSync(body) : body);
  };
  server.on('request', (incoming, response) => {
    serve(incoming, response).catch((error: unknown) => {
      response
        .writeHead(500, { 'content-type': 'application/problem+json' })
        .end(JSON.stringify({ code: 'internal-error', detail: String(error) }));
    });
  });
  server.on('clientError', (_error, socket) => {
    socket.end('HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  return {
    url,
    identity,
    driver: createReferenceDriver(store, orders, has),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
