import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { recordHash, rootHash } from '#federation/protocol/canonical.ts';
import { PROTOCOL_VERSION, type Profile, WELL_KNOWN_PATH } from '#federation/protocol/documents.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { signResponse } from '#federation/protocol/signature.ts';
import { schemaDigests } from '#federation/schemas/schemas.ts';

export const LIES = [
  'wrong-key',
  'foreign-goods',
  'two-contents',
  'endless',
  'replay',
  'resurrect',
  'hundredfold',
] as const;
export type Lie = (typeof LIES)[number];
/** Stands in every title that must not be taken. */
export const LIE_MARK = 'DỐI';
/** No honest price of the lab is as high. */
export const LIE_PRICE = 1_000_000;

type Entry = {
  readonly uri: string;
  readonly rev: number;
  readonly hash: string;
  readonly at: string;
  readonly kind: string;
};
export type Liar = Awaited<ReturnType<typeof startLiar>>;
const goods = 4;

/** A partner that says the truth in its snapshot and lies from then on; `wrong-key` and `foreign-goods` lie at once. */
export async function startLiar(lie: Lie, now: () => Date, victim: string) {
  const identity = readIdentity(generatePem());
  const other = readIdentity(generatePem());
  const state = { asked: 0, lies: 0, captured: new Map<string, { headers: Record<string, string>; body: Buffer }>() };
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const host = lie === 'foreign-goods' ? victim : authority;
  const uri = (kind: string, id: number, at = host) => `ocop://${at}/${kind}/${id}`;

  const sealed = (content: Record<string, unknown>, rev: number): Entry => {
    const record = { origin: host, via: [], at: '2026-11-23T00:00:00Z', ...content, rev };
    return { ...record, hash: recordHash(record as never) } as unknown as Entry;
  };
  const listing = (id: number, rev: number, title: string) =>
    sealed(
      {
        ...{ uri: uri('listing', id), kind: 'listing', title: { vi: title }, categoryCode: 'I', images: [] },
        ...{ producer: { uri: uri('producer', 1), name: 'Tổ' }, landingUrl: `http://${host}/${id}` },
      },
      rev,
    );
  const offer = (id: number, rev: number, amount: number) =>
    sealed(
      {
        ...{ uri: uri('offer', id), kind: 'offer', listing: uri('listing', id), minQty: 1 },
        price: { amount, currency: 'VND', taxIncluded: true },
        availability: { state: 'in-stock', quantity: 5, mode: 'tracked' },
      },
      rev,
    );
  const ids = Array.from({ length: goods }, (_, at) => at + 1);
  const lies = lie === 'foreign-goods' || lie === 'wrong-key';
  const title = (id: number, false_ = lies) => `${false_ ? LIE_MARK : 'Thật'} ${id}`;
  const truth = (lane: Lane) =>
    ids.map((id) => (lane === 'catalogue' ? listing(id, id, title(id)) : offer(id, id, 50_000)));

  /** What it tells after the snapshot, where `turn` is how often it was asked for changes of the lane. */
  const news = (lane: Lane, turn: number): readonly Entry[] => {
    if (lie === 'two-contents' && lane === 'catalogue') return ids.map((id) => listing(id, id, title(id, true)));
    if (lie === 'endless') return truth(lane);
    if (lie === 'hundredfold' && lane === 'offer') return ids.map((id) => offer(id, 10 + turn, 5_000_000));
    if (lie !== 'resurrect' || lane !== 'catalogue') return [];
    const gone = sealed({ uri: uri('listing', 1), kind: 'tombstone', of: 'listing' }, 100);
    return [gone, listing(1, 50, title(1, true))];
  };
  const turns = new Map<Lane, number>();
  const changes = (lane: Lane) => {
    const turn = (turns.get(lane) ?? 0) + 1;
    turns.set(lane, turn);
    const entries = news(lane, turn);
    if (entries.length > 0) state.lies += 1;
    const items = entries.map((record) => {
      const { uri: named, rev, hash, at, kind } = record;
      return { uri: named, op: kind === 'tombstone' ? 'delete' : 'upsert', rev, hash, at, record };
    });
    const page = { epoch: 'e', items, next: `c${turn}`, hasMore: lie === 'endless', watermark: '1' };
    return { type: 'application/json', body: Buffer.from(JSON.stringify(page)) };
  };
  const snapshot = (lane: Lane) => {
    const records = truth(lane);
    if (lies) state.lies += 1;
    const header = { epoch: 'e', lane, cursorAtStart: 'c0', count: records.length };
    const lines = [header, ...records, { count: records.length, root: rootHash(records) }];
    return {
      type: 'application/x-ndjson',
      body: Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    };
  };
  const profile: Profile = {
    ...{
      protocol: 'ocop-fed/1',
      versions: [PROTOCOL_VERSION],
      exchange: { origin: authority, name: { vi: `Dối ${lie}` } },
    },
    ...{ endpoints: {}, capabilities: [], limits: { maxChanges: 500 }, schemas: schemaDigests() },
    keys: [{ ...identity.jwk, kid: identity.keyid }],
  };

  server.on('request', (asked, answered) => {
    const url = new URL(asked.url ?? '/', `http://${authority}`);
    if (url.pathname === WELL_KNOWN_PATH) {
      answered.writeHead(200, { 'content-type': 'application/json' });
      return answered.end(JSON.stringify(profile));
    }
    state.asked += 1;
    const lane = (url.searchParams.get('lane') ?? 'catalogue') as Lane;
    const answer = url.pathname.endsWith('/snapshot')
      ? snapshot(lane)
      : url.pathname.endsWith('/changes')
        ? changes(lane)
        : undefined;
    if (!answer) return answered.writeHead(404).end();
    const captured = lie === 'replay' ? state.captured.get(url.pathname + lane) : undefined;
    if (captured) {
      state.lies += 1;
      answered.writeHead(200, captured.headers);
      return answered.end(captured.body);
    }
    const headers = Object.fromEntries(Object.entries(asked.headers).map(([name, value]) => [name, String(value)]));
    const request = {
      method: asked.method ?? 'GET',
      authority,
      path: url.pathname,
      query: url.search,
      headers,
      body: new Uint8Array(),
    };
    const bare = { 'content-type': answer.type };
    const signer = lie === 'wrong-key' ? other : identity;
    const signature = signResponse({ status: 200, headers: bare, body: answer.body, request }, signer, now());
    const sent = { ...bare, ...signature };
    state.captured.set(url.pathname + lane, { headers: sent, body: answer.body });
    answered.writeHead(200, sent);
    answered.end(answer.body);
  });
  return {
    lie,
    key: `liar-${lie}`,
    url: `http://${authority}`,
    fingerprint: identity.keyid,
    counts: state,
    /** Withdrawn by its own tombstone, and never again to be shown. */
    buried: lie === 'resurrect' ? [uri('listing', 1)] : [],
    close: async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
