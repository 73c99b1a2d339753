import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ctx, Page, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import { normalise } from '#federation/adapters/native/normalise.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { bucketHashes, bucketOf, bucketRoot, recordHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { type FedRecord, LANES, type Lane, laneOf } from '#federation/protocol/record.ts';
import { many, seedOf } from '#test/support/scale.ts';
import { MemoryStore } from './memory-store.ts';

const identity = readIdentity(generatePem());
const pageSize = 3;
const dayMs = 24 * 3_600_000;

/** An exchange as its partners read it: a compacted log, an epoch, a horizon below which tombstones were thrown away. */
class Origin {
  readonly host: string;
  records = new Map<string, FedRecord>();
  epoch = 1;
  horizon = 0;
  isAway = false;
  #rev = 0;
  #backup: { readonly records: ReadonlyMap<string, FedRecord>; readonly rev: number } = { records: new Map(), rev: 0 };

  constructor(host: string) {
    this.host = host;
  }
  #put(content: { readonly uri: string }) {
    this.#rev += 1;
    const record = { ...content, origin: this.host, via: [], at: '2026-11-23T00:00:00Z', rev: this.#rev };
    this.records.set(content.uri, { ...record, hash: recordHash(record) } as unknown as FedRecord);
  }
  uri = (id: number, kind = 'listing') => `ocop://${this.host}/${kind}/${id}`;
  list(id: number, title: number) {
    const producer = { uri: this.uri(0, 'producer'), name: 'Tổ' };
    const about = { title: { vi: `Món ${title}` }, producer, categoryCode: 'tea', images: [] };
    this.#put({ uri: this.uri(id), kind: 'listing', ...about, landingUrl: `https://${this.host}/${id}` } as never);
  }
  offer(id: number, amount: number, quantity: number) {
    const price = { amount, currency: 'VND', taxIncluded: true };
    const availability = { state: quantity > 0 ? 'in-stock' : 'out-of-stock', quantity, mode: 'tracked' };
    const offer = { kind: 'offer', listing: this.uri(id), price, availability, minQty: 1 };
    this.#put({ uri: this.uri(id, 'offer'), ...offer } as never);
  }
  /** One of the two alone, as shops do it; nothing where no offer is. */
  change(id: number, what: { readonly amount?: number; readonly quantity?: number }) {
    const offer = this.records.get(this.uri(id, 'offer'));
    if (offer?.kind !== 'offer') return;
    this.offer(id, what.amount ?? offer.price.amount, what.quantity ?? offer.availability.quantity ?? 0);
  }
  remove(id: number) {
    for (const of of ['listing', 'offer']) {
      const uri = this.uri(id, of);
      if (this.live().some((record) => record.uri === uri)) this.#put({ uri, kind: 'tombstone', of } as never);
    }
  }
  live = (lane?: Lane) =>
    [...this.records.values()].filter(
      (record) => record.kind !== 'tombstone' && (lane === undefined || laneOf(record) === lane),
    );
  prune() {
    const dead = [...this.records.values()].filter(({ kind }) => kind === 'tombstone');
    this.horizon = Math.max(this.horizon, ...dead.map(({ rev }) => rev));
    for (const { uri } of dead) this.records.delete(uri);
  }
  backUp() {
    this.#backup = { records: new Map(this.records), rev: this.#rev };
  }
  restore() {
    this.records = new Map(this.#backup.records);
    // Numbers that partners have seen are given out again, with other contents.
    this.#rev = this.#backup.rev;
    this.epoch += 1;
    this.horizon = 0;
  }
}

/** The origin's feed, read as the native adapter reads it. */
const adapterOf = (origin: Origin): PartnerAdapter => {
  const mayAnswer = () => {
    if (origin.isAway) throw new PullFailure('unreachable', 'partition');
  };
  const source = (record: FedRecord) => ({ id: record.uri, body: record });
  const pull = async function* (_ctx: Ctx, lane: Lane, from: string | undefined): AsyncGenerator<Page> {
    mayAnswer();
    const [epoch, at] = (from ?? '').split(':').map(Number);
    let cursor = at ?? 0;
    if (from === undefined || epoch !== origin.epoch || cursor < origin.horizon) {
      const whole = origin.live(lane);
      cursor = Math.max(origin.horizon, 0, ...[...origin.records.values()].map(({ rev }) => rev));
      const next = `${origin.epoch}:${cursor}`;
      yield { records: whole.map(source), next, complete: false, snapshot: { total: whole.length } };
    }
    for (;;) {
      mayAnswer();
      const later = [...origin.records.values()]
        .filter((record) => laneOf(record) === lane && record.rev > cursor)
        .toSorted((a, b) => a.rev - b.rev);
      const given = later.slice(0, pageSize);
      cursor = given.at(-1)?.rev ?? cursor;
      const complete = given.length === later.length;
      yield { records: given.map(source), next: `${origin.epoch}:${cursor}`, complete };
      if (complete) return;
    }
  };
  return {
    manifest: nativeAdapter.manifest,
    normalise,
    probe: async () => ({ clockSkewMs: 0, versions: [] }),
    pull,
    audit: {
      hashes: async (_ctx, lane) => {
        mayAnswer();
        return bucketHashes(origin.live(lane));
      },
      members: async (_ctx, lane, bucket) => origin.live(lane).filter(({ uri }) => bucketOf(uri) === bucket),
      fetch: async (_ctx, uris) => [...origin.records.values()].filter(({ uri }) => uris.includes(uri)).map(source),
    },
  };
};

/** Three exchanges, each with what it holds of the two others. */
function createNetwork() {
  const clock = { ms: Date.parse('2026-11-23T00:00:00Z') };
  const origins = ['a.example', 'b.example', 'c.example'].map((host) => new Origin(host));
  const links = origins.flatMap((reader) =>
    origins.filter((origin) => origin !== reader).map((origin) => ({ reader, origin, store: new MemoryStore() })),
  );
  type Link = (typeof links)[number];
  const pull = async ({ reader, origin, store }: Link) => {
    const partner: PartnerEndpoint = {
      key: origin.host,
      origin: origin.host,
      baseUrl: new URL(`https://${origin.host}`),
      adapter: 'native',
      settings: {},
    };
    const adapter = adapterOf(origin);
    const http = { send: () => Promise.reject(new Error('no network')), close: async () => {} };
    const now = () => new Date(clock.ms);
    const deps = { store, identity, http, now, random: () => 0, self: reader.host, adapterFor: () => adapter };
    await pullPartner({ ...deps, secret: async () => undefined }, partner);
  };
  return { clock, origins, links, pull };
}

const node = fc.nat(2);
const id = fc.nat(7);
const link = fc.nat(5);
const command = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('list' as const), node, id, title: fc.nat(3) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('offer' as const),
      node,
      id,
      amount: fc.integer({ min: 10_000, max: 99_000 }),
      quantity: fc.nat(5),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('price' as const),
      node,
      id,
      amount: fc.integer({ min: 10_000, max: 99_000 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('stock' as const), node, id, quantity: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), node, id }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('pull' as const), link }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), link }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('partition' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('prune' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('backUp' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restore' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rot' as const), link, id }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;
type Network = ReturnType<typeof createNetwork>;

async function act({ origins, links, pull, clock }: Network, step: Command): Promise<void> {
  clock.ms += 60_000;
  const origin = origins['node' in step ? step.node : 0];
  const line = links['link' in step ? step.link : 0];
  if (!origin || !line) throw new Error('no such node');
  if (step.do === 'list') origin.list(step.id, step.title);
  if (step.do === 'offer') origin.offer(step.id, step.amount, step.quantity);
  if (step.do === 'price' || step.do === 'stock') origin.change(step.id, step);
  if (step.do === 'remove') origin.remove(step.id);
  if (step.do === 'partition') origin.isAway = !origin.isAway;
  if (step.do === 'prune') origin.prune();
  if (step.do === 'backUp') origin.backUp();
  if (step.do === 'restore') origin.restore();
  // A copy that goes bad without anybody noticing.
  if (step.do === 'rot') line.store.records.delete(line.origin.uri(step.id));
  if (step.do === 'pull') await pull(line);
  if (step.do === 'crash') {
    line.store.crash = true;
    await pull(line).catch(() => undefined);
    line.store.crash = false;
  }
}

test(
  'three exchanges that change, break, restore and part hold the same after healing, bucket by bucket',
  async () => {
    const done = { runs: 0, steps: 0 };
    const property = fc.asyncProperty(
      fc.array(command, { minLength: 10, maxLength: 60, size: 'max' }),
      async (steps) => {
        const network = createNetwork();
        for (const step of steps) await act(network, step);
        for (const origin of network.origins) origin.isAway = false;
        // A day on an audit is due, and whatever was waiting for its back-off has waited.
        network.clock.ms += dayMs + 1;
        for (const line of network.links) await network.pull(line);
        for (const { origin, store, reader } of network.links) {
          for (const lane of LANES) {
            const held = bucketRoot(await store.hashBuckets(origin.host, lane));
            expect(held, `${reader.host} of ${origin.host}, ${lane}`).toBe(bucketRoot(bucketHashes(origin.live(lane))));
          }
          expect([...store.records.values()].filter(({ origin: of }) => of === reader.host)).toEqual([]);
        }
        done.runs += 1;
        done.steps += steps.length;
      },
    );
    await fc.assert(property, { numRuns: many(150, 2_000), seed: seedOf('three exchanges') });
    console.log(`three exchanges: ${done.runs} runs, ${done.steps} steps, 12 roots equal after each`);
  },
  many(60_000, 1_200_000),
);
