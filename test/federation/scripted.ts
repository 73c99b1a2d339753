import type { Page, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import { normalise } from '#federation/adapters/native/normalise.ts';
import type { PullFailure } from '#federation/engine/failure.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { bucketHashes, bucketOf, recordHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { type FedRecord, type Lane, laneOf } from '#federation/protocol/record.ts';
import { MemoryStore } from './memory-store.ts';

const origin = 'angiang.example';
const identity = readIdentity(generatePem());
const partner: PartnerEndpoint = {
  key: 'an-giang',
  origin,
  baseUrl: new URL(`https://${origin}`),
  adapter: 'native',
  settings: {},
};
const envelope = { origin, via: [], at: '2026-11-23T00:00:00Z' };
const hashed = (record: object) => ({ ...record, hash: recordHash(record) }) as FedRecord;
export const uriOf = (id: string, kind = 'listing') => `ocop://${origin}/${kind}/${id}`;

export const listing = (id: string, rev = 1, title = `Món ${id}`) =>
  hashed({
    ...envelope,
    uri: uriOf(id),
    rev,
    kind: 'listing',
    title: { vi: title },
    producer: { uri: uriOf('p', 'producer'), name: 'Tổ hợp tác' },
    categoryCode: 'tea',
    images: [],
    landingUrl: `https://${origin}/p/${id}`,
  });
export const offer = (id: string, amount: number, rev = 1, more: object = {}) =>
  hashed({
    ...envelope,
    uri: uriOf(id, 'offer'),
    rev,
    kind: 'offer',
    listing: uriOf(id),
    price: { amount, currency: 'VND', taxIncluded: true, ...more },
    availability: { state: 'in-stock', quantity: 3, mode: 'tracked' },
    minQty: 1,
  });
export const many = <T>(count: number, make: (id: string) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(`p${at}`));

/** A partner that says what it is told to say, and an engine with its storage and its clock. */
export function createScripted(deletes: 'sweep' | 'tombstone') {
  const store = new MemoryStore();
  const script = {
    now: new Date('2026-11-23T00:00:00Z'),
    /** What the partner has. */
    has: [] as readonly FedRecord[],
    /** What its feed tells: pages, or a failure. */
    feed: (_lane: Lane, _from: string | undefined): readonly (Page | PullFailure)[] => [],
    /** What its enumeration names, one call after the other; what it has when they run out. */
    names: [] as (readonly string[] | PullFailure)[],
    enumerations: 0,
    fetched: [] as string[],
    /** Changes at the partner that its feed tells later. */
    beforeAudit: () => {},
  };
  const ofLane = (lane: Lane) => script.has.filter((record) => laneOf(record) === lane);
  const adapter: PartnerAdapter = {
    manifest: { ...nativeAdapter.manifest, deletes },
    normalise,
    probe: async () => ({ clockSkewMs: 0, versions: [] }),
    pull: async function* (_ctx, lane, from) {
      for (const page of script.feed(lane, from)) {
        if (page instanceof Error) throw page;
        yield page;
      }
    },
    ...(deletes === 'sweep'
      ? {
          enumerate: async function* (_ctx, lane) {
            script.enumerations += 1;
            const named = script.names.shift() ?? ofLane(lane).map(({ uri }) => uri);
            if (named instanceof Error) throw named;
            for (const uri of named) yield { uri };
          },
        }
      : {
          audit: {
            hashes: async (_ctx, lane) => {
              script.beforeAudit();
              return bucketHashes(ofLane(lane));
            },
            members: async (_ctx, lane, bucket) => ofLane(lane).filter(({ uri }) => bucketOf(uri) === bucket),
            fetch: async (_ctx, uris) => {
              script.fetched.push(...uris);
              return script.has.filter(({ uri }) => uris.includes(uri)).map((body) => ({ id: body.uri, body }));
            },
          },
        }),
  };
  const deps = {
    store,
    identity,
    secret: async () => undefined,
    adapterFor: () => adapter,
    self: 'soctrang.example',
    now: () => script.now,
    random: () => 0.5,
    http: { send: () => Promise.reject(new Error('no network')), close: async () => {} },
  };
  return {
    store,
    script,
    deps,
    partner,
    adapter,
    pull: (options = {}) => pullPartner(deps, partner, options),
    later: (hours: number) => {
      script.now = new Date(script.now.getTime() + hours * 3_600_000);
    },
    shown: () => [...store.records.values()].map(({ uri }) => uri),
    outcome: (lane: Lane = 'catalogue') => store.outcomes.get(lane),
  };
}

/** A page of records as the partner's own system would give them. */
export const page = (next: string, records: readonly unknown[], more: Partial<Page> = {}): Page => ({
  records: records.map((body) => ({ id: String((body as { uri?: unknown }).uri), body })),
  next,
  complete: true,
  ...more,
});
