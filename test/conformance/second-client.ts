import { createHash, webcrypto as crypto, randomBytes } from 'node:crypto';
import { type IncomingHttpHeaders, request as open } from 'node:http';
import { gunzipSync } from 'node:zlib';
import {
  component,
  createSignature,
  type FieldOccurrence,
  webcrypto as providers,
  type RequestDescriptor,
  verifySignature,
} from 'http-message-sig';

/**
 * A reader of the protocol as a stranger would write it: from federation/README.md, with another RFC 9421 library, and
 * without a line of ours. What it keeps is what it could prove.
 */
export type SecondClient = ReturnType<typeof createSecondClient>;

type Lane = 'catalogue' | 'offer';
type Copy = {
  readonly uri: string;
  readonly rev: number;
  readonly hash: string;
  readonly kind: string;
  readonly [member: string]: unknown;
};
type Item = {
  readonly uri: string;
  readonly op: string;
  readonly rev: number;
  readonly hash: string;
  readonly record: Copy;
};
type Page = { readonly items: readonly Item[]; readonly next: string; readonly hasMore: boolean };
type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };
/** An answer that was proved, with the question that it answers. */
type Proved = Answer & { readonly question: RequestDescriptor };
type PublicJwk = { readonly kty: string; readonly crv: string; readonly x: string };

const algorithm = { name: 'Ed25519' };
const sha = (bytes: string | Uint8Array, form: 'hex' | 'base64' | 'base64url') =>
  createHash('sha256').update(bytes).digest(form);

/** RFC 8785, by a replacer that sorts. */
const canonical = (value: object): string =>
  JSON.stringify(value, (_name, member: unknown) =>
    member && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

const ownHash = ({ rev: _rev, hash: _hash, at: _at, via: _via, ...said }: Copy): string => sha(canonical(said), 'hex');
const lineOf = ({ uri, rev, hash }: Copy): string => `${uri} ${rev} ${hash}\n`;

const fieldsOf = (headers: IncomingHttpHeaders): readonly FieldOccurrence[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value: [value ?? ''].flat().join(', ') }));

export function createSecondClient(base: string, key: crypto.CryptoKey, ownKeyid: string) {
  let peer: { readonly keyid: string; readonly key: crypto.CryptoKey } | undefined;
  const copies: Readonly<Record<Lane, Map<string, Copy>>> = { catalogue: new Map(), offer: new Map() };
  const cursors: Partial<Record<Lane, string>> = {};

  const send = (
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = open(new URL(base + path), { method, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
        );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });

  /** Signs, asks, and proves the answer. Throws when it is not theirs, not to this question, or not these bytes. */
  const ask = async (method: string, path: string, content?: object): Promise<Proved> => {
    const body = content === undefined ? '' : JSON.stringify(content);
    const digest = { 'content-type': 'application/json', 'content-digest': `sha-256=:${sha(body, 'base64')}:` };
    const headers = { accept: '*/*', ...(body !== '' && digest) };
    const question: RequestDescriptor = { kind: 'request', method, targetUri: base + path, fields: fieldsOf(headers) };
    const created = Math.floor(Date.now() / 1000);
    const { signature, signatureInput } = await createSignature(question, {
      label: 'second',
      components: [
        '@path',
        '@method',
        '@query',
        '@authority',
        ...(body === '' ? [] : ['content-type', 'content-digest']),
      ],
      parameters: {
        created,
        expires: created + 120,
        keyid: ownKeyid,
        nonce: randomBytes(20).toString('hex'),
        tag: 'ocop-fed/1',
      },
      signer: providers.signer(key),
    });
    const signed = { ...headers, signature, 'signature-input': signatureInput };
    const answer = await send(method, path, signed, body);
    const asked = { ...question, fields: fieldsOf(signed) };
    await prove(asked, answer);
    return { ...answer, question: asked };
  };

  const prove = async (question: RequestDescriptor, { status, headers, body }: Answer): Promise<void> => {
    const known = peer;
    if (!known) throw new Error('discover first');
    if (headers['content-digest'] !== `sha-256=:${sha(body, 'base64')}:`)
      throw new Error('The digest is of other bytes');
    await verifySignature(
      { kind: 'response', status, fields: fieldsOf(headers), request: question },
      {
        policy: {
          algorithms: ['ed25519'],
          requiredComponents: [
            '@status',
            'content-digest',
            component('@method', { req: true }),
            component('@path', { req: true }),
            component('signature', { req: true, key: 'second' }),
          ],
          requiredParameters: ['created', 'expires', 'keyid', 'nonce', 'tag'],
          maxAge: 300,
          clockSkew: 60,
          validate: ({ parameters }) => parameters.tag === 'ocop-fed/1' && parameters.keyid === known.keyid,
        },
        resolveVerifier: () => providers.verifier(known.key),
      },
    );
  };

  const documentOf = async <T>(method: string, path: string, content?: object): Promise<T> => {
    const { status, body } = await ask(method, path, content);
    if (status !== 200) throw new Error(`${path} answered ${status} ${JSON.parse(body.toString()).code}`);
    return JSON.parse(body.toString()) as T;
  };

  const keep = (lane: Lane, record: Copy): void => {
    if (ownHash(record) !== record.hash) throw new Error(`${record.uri} has another hash than it says`);
    if ((copies[lane].get(record.uri)?.rev ?? 0) > record.rev) return;
    if (record.kind === 'tombstone') copies[lane].delete(record.uri);
    else copies[lane].set(record.uri, record);
  };

  return {
    copies,
    ask,
    prove,
    /** Reads the profile and believes only the key whose fingerprint stands in the agreement. */
    discover: async (fingerprint: string): Promise<readonly string[]> => {
      const { status, body } = await send('GET', '/.well-known/ocop-federation.json', {}, '');
      if (status !== 200) throw new Error(`The profile answered ${status}`);
      const { keys, capabilities } = JSON.parse(body.toString()) as { keys: PublicJwk[]; capabilities: string[] };
      const named = ({ crv, kty, x }: PublicJwk): string => sha(JSON.stringify({ crv, kty, x }), 'base64url');
      const jwk = keys.find((one) => named(one) === fingerprint);
      if (!jwk) throw new Error('No key of the profile has this fingerprint');
      const { kty, crv, x } = jwk;
      peer = {
        keyid: fingerprint,
        key: await crypto.subtle.importKey('jwk', { kty, crv, x }, algorithm, true, ['verify']),
      };
      return capabilities;
    },
    /** Everything anew; only a whole snapshot takes the place of what was there. */
    fetchSnapshot: async (lane: Lane): Promise<number> => {
      const { status, body } = await ask('GET', `/federation/v1/snapshot?lane=${lane}`);
      if (status !== 200) throw new Error(`The snapshot answered ${status}`);
      const lines = gunzipSync(body)
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      const [header, trailer, records] = [lines[0], lines.at(-1), lines.slice(1, -1) as Copy[]];
      const root = sha(records.map(lineOf).sort().join(''), 'hex');
      if (records.length !== trailer.count || root !== trailer.root) throw new Error('The snapshot is not whole');
      copies[lane].clear();
      for (const record of records) keep(lane, record);
      cursors[lane] = header.cursorAtStart;
      return records.length;
    },
    /** What changed since, page by page. */
    pull: async (lane: Lane, limit = 2): Promise<readonly Item[]> => {
      const news: Item[] = [];
      for (let hasMore = true; hasMore; ) {
        const query = new URLSearchParams({
          lane,
          limit: String(limit),
          ...(cursors[lane] && { cursor: cursors[lane] }),
        });
        const page = await documentOf<Page>('GET', `/federation/v1/changes?${query}`);
        for (const { record } of page.items) keep(lane, record);
        news.push(...page.items);
        cursors[lane] = page.next;
        hasMore = page.hasMore;
      }
      return news;
    },
    fetchBatch: async (uris: readonly string[]) =>
      (await documentOf<{ records: readonly Copy[] }>('POST', '/federation/v1/records:batch', { uris })).records,
    /** Whether our copies are theirs, by the 256 hashes. */
    agrees: async (lane: Lane): Promise<boolean> => {
      const { buckets } = await documentOf<{ buckets: readonly string[] }>('GET', `/federation/v1/audit?lane=${lane}`);
      const own = Array.from({ length: 256 }, (): string[] => []);
      for (const copy of copies[lane].values())
        own[Number.parseInt(sha(copy.uri, 'hex').slice(0, 2), 16)]?.push(lineOf(copy));
      return own.every((lines, index) => sha(lines.sort().join(''), 'hex') === buckets[index]);
    },
  };
}
