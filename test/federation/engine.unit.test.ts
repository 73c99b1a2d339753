import { beforeEach, describe, expect, test } from 'vitest';
import type { Page, PartnerAdapter, PartnerEndpoint } from '#federation/adapters/adapter.ts';
import { nativeAdapter } from '#federation/adapters/native/adapter.ts';
import { normalise } from '#federation/adapters/native/normalise.ts';
import { afterFailure, CLOSED, mayAttempt, retryAfterMs } from '#federation/engine/breaker.ts';
import { PullFailure } from '#federation/engine/failure.ts';
import { pullPartner } from '#federation/engine/pull.ts';
import { recordHash } from '#federation/protocol/canonical.ts';
import { generatePem, readIdentity } from '#federation/protocol/keys.ts';
import { MemoryStore } from './memory-store.ts';
import { observed } from './observed.ts';

const identity = readIdentity(generatePem());
const partner: PartnerEndpoint = {
  key: 'an-giang',
  origin: 'angiang.example',
  baseUrl: new URL('https://angiang.example'),
  adapter: 'native',
  pinned: { keyid: identity.keyid, jwk: identity.jwk },
  settings: {},
};

const hashed = (record: Record<string, unknown>) => ({ ...record, hash: recordHash(record) });
const listing = (id: string, rev = 1, title = `Món ${id}`, origin = partner.origin) =>
  hashed({
    uri: `ocop://${origin}/listing/${id}`,
    origin,
    via: [],
    rev,
    kind: 'listing',
    at: '2026-11-23T00:00:00Z',
    title: { vi: title },
    producer: { uri: `ocop://${origin}/producer/p`, name: 'Tổ hợp tác' },
    categoryCode: 'tea',
    images: [],
    landingUrl: `https://${origin}/p/${id}`,
  });
const tombstone = (id: string, rev: number) => {
  const { uri, origin, via, at } = listing(id) as Record<string, unknown>;
  return hashed({ uri, origin, via, at, rev, kind: 'tombstone', of: 'listing' });
};

const many = (count: number) => Array.from({ length: count }, (_, i) => listing(`p${i}`));
type Body = Record<string, unknown>;
const page = (next: string, records: readonly unknown[], more: Partial<Page> = {}): Page => ({
  records: records.map((body) => ({ id: String((body as Body | null)?.uri), body })),
  next,
  complete: true,
  ...more,
});

let store: MemoryStore;
let pages: (from: string | undefined) => readonly (Page | PullFailure)[];
let clock = new Date('2026-11-23T00:00:00Z');

const origins = nativeAdapter.manifest;
let manifest = origins;
const adapter: PartnerAdapter = {
  get manifest() {
    return manifest;
  },
  normalise,
  probe: async () => ({ clockSkewMs: 0, versions: [] }),
  pull: async function* (_ctx, lane, from) {
    if (lane === 'offer') return;
    for (const next of pages(from)) {
      if (next instanceof PullFailure) throw next;
      yield next;
    }
  },
};
const pull = (options = {}) =>
  pullPartner(
    {
      store,
      identity,
      secret: async () => undefined,
      adapterFor: () => adapter,
      self: 'soctrang.example',
      now: () => clock,
      random: () => 0.5,
      http: { send: () => Promise.reject(new Error('no network')), close: async () => {} },
    },
    partner,
    options,
  );
const give = (...given: readonly (Page | PullFailure)[]) => {
  pages = () => given;
};
const outcome = () => store.outcomes.get('catalogue');

beforeEach(() => {
  manifest = origins;
  store = new MemoryStore();
  clock = new Date('2026-11-23T00:00:00Z');
});

describe('a page', () => {
  test('row 6: a page is applied, its checkpoint kept, and once more changes nothing', async () => {
    give(page('c1', [listing('a'), listing('b')]));
    await pull();
    expect(store.titles()).toEqual(['Món a', 'Món b']);
    expect(store.checkpoints.get('catalogue')).toBe('c1');
    await pull();
    expect(outcome()?.counts).toMatchObject({ applied: 0, duplicate: 2 });
    expect(store.saves).toBe(2);
    observed(6, '2 applied, then 2 duplicates; nothing was saved the second time');
  });

  test('of a system without revisions is numbered here: by what it says, not by how often', async () => {
    manifest = { ...origins, revisions: 'ours' };
    const said = async (title: string) => {
      give(page(`c${title}`, [listing('a', 1, title)]));
      await pull();
      return [store.records.get(`ocop://${partner.origin}/listing/a`)?.rev, store.saves];
    };
    expect(await said('Trà')).toEqual([1, 1]);
    expect(await said('Trà')).toEqual([1, 1]);
    expect(await said('Trà sen')).toEqual([2, 2]);
    expect(await said('Trà')).toEqual([3, 3]);
  });

  test('row 12: a page that was not committed comes again', async () => {
    give(page('c1', [listing('a')]));
    store.crash = true;
    await expect(pull()).rejects.toThrow('killed');
    expect([store.records.size, store.checkpoints.size]).toEqual([0, 0]);
    store.crash = false;
    await pull();
    expect(store.titles()).toEqual(['Món a']);
    observed(12, 'nothing was kept at the crash; the next pull applied the page once');
  });

  test('row 5: one bad record leaves the others, and says what was wrong', async () => {
    give(page('c1', [listing('a'), { ...listing('b'), title: {} }, listing('c')]));
    await pull();
    expect(store.titles()).toEqual(['Món a', 'Món c']);
    expect(store.quarantine).toMatchObject([
      { sourceId: 'ocop://angiang.example/listing/b', reason: 'invalid-record' },
    ]);
    expect(store.checkpoints.get('catalogue')).toBe('c1');
    observed(5, '2 of 3 applied, 1 quarantined as invalid-record, checkpoint moved');
  });

  test('row 2: a page that stops coming leaves the checkpoint behind the last whole one', async () => {
    give(page('c1', [listing('a')], { complete: false }), new PullFailure('timed-out', 'no byte for 5 s'));
    await pull();
    expect(outcome()).toMatchObject({ state: 'failed', failure: { code: 'timed-out' } });
    expect([store.titles(), store.checkpoints.get('catalogue')]).toEqual([['Món a'], 'c1']);
    clock = new Date(store.breaker?.nextAttemptAt ?? 0);
    pages = (from) => (from === 'c1' ? [page('c2', [listing('b')])] : []);
    await pull();
    expect(store.titles()).toEqual(['Món a', 'Món b']);
    observed(2, 'the second page stopped: the first stays, the next pull goes on from its cursor');
  });

  test('row 4: three in a row that cannot be read are told, and waited after longer each time', async () => {
    give(new PullFailure('malformed', 'cut'));
    const waits: number[] = [];
    for (let failures = 1; failures <= 3; failures += 1) {
      await pull();
      expect(store.breaker).toMatchObject({ failures, isOpen: false });
      expect(outcome()).toMatchObject({ state: 'failed', failure: { code: 'malformed' } });
      waits.push((store.breaker?.nextAttemptAt ?? 0) - clock.getTime());
      clock = new Date(store.breaker?.nextAttemptAt ?? 0);
    }
    expect(waits).toEqual([2_000, 4_000, 8_000]);
    observed(4, 'three in a row: the lane says failed, pauses of at most 4, 8, 16 s, no outage for the breaker');
  });

  test('row 19: a page with more than a tenth of bad records stops the lane', async () => {
    give(page('c1', [...'abcdefgh'].map((id) => listing(id)).concat([{ kind: 'x' }, { kind: 'y' }] as never)));
    await pull();
    expect(outcome()).toMatchObject({ state: 'failed', failure: { code: 'schema-drift' } });
    expect([store.records.size, store.checkpoints.size]).toEqual([0, 0]);
    observed(19, '2 of 10 bad: schema-drift, nothing applied, checkpoint stayed');
  });

  test('row 19: a member that we do not know is kept, a missing or mistyped one quarantines its record', async () => {
    const known = many(30).map((record) => ({ ...record }));
    const { title: _title, ...untitled } = listing('x') as Record<string, unknown>;
    give(
      page('c1', [
        ...known,
        hashed({ ...listing('y'), taste: 'ngọt' }),
        hashed(untitled),
        hashed({ ...listing('z'), title: 7 }),
      ]),
    );
    await pull();
    expect(outcome()).toMatchObject({ state: 'ok', counts: { applied: 31, quarantined: 2 } });
    expect(store.records.get(`ocop://${partner.origin}/listing/y`)).toMatchObject({ taste: 'ngọt' });
    observed(19, 'new member kept; missing and mistyped title: invalid-record; 31 of 33 applied');
  });

  test('may not lead shoppers to a third host', async () => {
    const away = { ...listing('a'), landingUrl: 'https://elsewhere.example/a' };
    give(page('c1', [hashed(away), listing('b')]));
    await pull();
    expect(store.quarantine).toMatchObject([{ reason: 'foreign-link' }]);
  });

  test('of another lane is not taken', async () => {
    give(
      page('c1', [
        tombstone('a', 1),
        hashed({ ...tombstone('b', 1), uri: 'ocop://angiang.example/offer/b', of: 'offer' }),
      ]),
    );
    await pull();
    expect(store.quarantine).toMatchObject([{ reason: 'wrong-lane' }]);
  });
});

describe('revisions', () => {
  const received = async (...records: readonly unknown[]) => {
    for (const [at, record] of records.entries()) {
      give(page(`c${at}`, [record]));
      await pull();
    }
    return outcome()?.counts;
  };
  test('row 9: revision 6 after 7 is stale', async () => {
    expect(await received(listing('a', 7, 'mới'), listing('a', 6, 'cũ'))).toMatchObject({ stale: 1 });
    expect(store.titles()).toEqual(['mới']);
    observed(9, '6 was stale, 7 is shown');
  });
  test('row 10: one revision with two contents is a conflict, and the last good copy stays', async () => {
    expect(await received(listing('a', 2, 'một'), listing('a', 2, 'hai'))).toMatchObject({ 'rev-conflict': 1 });
    expect(store.titles()).toEqual(['một']);
    expect(store.quarantine).toMatchObject([{ reason: 'rev-conflict' }]);
    observed(10, 'quarantined as rev-conflict, the first content is shown');
  });
  test('row 11: a revision older than a tombstone does not bring it back, a higher one does', async () => {
    expect(await received(listing('a', 1), tombstone('a', 3), listing('a', 2))).toMatchObject({ stale: 1 });
    expect(store.titles()).toEqual([]);
    await received(listing('a', 4, 'lại bán'));
    expect(store.titles()).toEqual(['lại bán']);
    observed(11, 'revision 2 after tombstone 3 was stale, revision 4 is shown');
  });
  test('row 26: our own goods and those of a third exchange are not taken', async () => {
    give(page('c1', [listing('a', 1, 'x', 'soctrang.example'), listing('b', 1, 'y', 'camau.example')]));
    await pull();
    expect(outcome()?.counts).toMatchObject({ loop: 1, 'origin-mismatch': 1 });
    expect(store.records.size).toBe(0);
    observed(26, '1 loop, 1 origin-mismatch, nothing kept');
  });
});

describe('a snapshot', () => {
  const whole = (records: readonly unknown[]) => page('s1', records, { snapshot: { total: records.length } });

  test('withdraws what it does not name', async () => {
    give(page('c1', many(30)));
    await pull();
    give(whole(many(28)));
    await pull();
    expect(outcome()?.counts).toMatchObject({ duplicate: 28, withdrawn: 2 });
    expect(store.records.size).toBe(28);
  });
  test('that would empty the shelves is held until a person agrees', async () => {
    give(page('c1', many(300)));
    await pull();
    give(whole(many(200)));
    await pull();
    expect(outcome()).toMatchObject({ state: 'held', failure: { code: 'mass-delete' } });
    expect([store.records.size, store.checkpoints.get('catalogue')]).toEqual([300, 'c1']);
    await pull({ acceptDeletes: true });
    expect([store.records.size, store.checkpoints.get('catalogue')]).toEqual([200, 's1']);
  });
  test('ends what tombstones guarded, since an origin that was restored numbers anew', async () => {
    give(page('c1', [listing('a', 8), tombstone('a', 9)]));
    await pull();
    give({ ...whole([]), complete: false }, page('c2', [listing('a', 3, 'lại bán')]));
    await pull();
    expect(store.titles()).toEqual(['lại bán']);
  });
  test('of equal content takes over the numbers, so that the next change is no conflict', async () => {
    give(page('c1', [listing('a', 9)]));
    await pull();
    give({ ...whole([listing('a', 1)]), complete: false }, page('c2', [listing('a', 2, 'mới')]));
    await pull();
    expect(store.titles()).toEqual(['mới']);
  });
  test('is believed when revisions went back, since the origin restored a backup', async () => {
    give(page('c1', [listing('a', 9, 'sau')]));
    await pull();
    give(whole([listing('a', 3, 'trước')]));
    await pull();
    expect(store.titles()).toEqual(['trước']);
  });
});

describe('a feed that does not end', () => {
  test('row 18: a feed that repeats its last page is left at the second equal one', async () => {
    const last = page('c2', [listing('b')], { complete: false });
    give(page('c1', [listing('a')], { complete: false }), last, { ...last, next: 'c3' }, { ...last, next: 'c4' });
    await pull();
    expect(outcome()).toMatchObject({ failure: { code: 'paging-loop' } });
    expect(store.checkpoints.get('catalogue')).toBe('c2');
    observed(18, 'paging-loop at the second equal page');
  });
  test('row 18: a feed whose cursor stands still is left', async () => {
    give(page('c1', [], { complete: false }), page('c1', [], { complete: false }));
    await pull();
    expect(outcome()).toMatchObject({ failure: { code: 'paging-loop' } });
    observed(18, 'paging-loop when the cursor stood still');
  });
});

describe('a peer that fails', () => {
  const down = new PullFailure('unreachable', 'connection refused');
  test('row 1: a partner that is down is left alone for a while, and for five minutes after five outages', async () => {
    give(down);
    for (let outage = 1; outage <= 5; outage += 1) {
      await pull();
      expect(store.breaker).toMatchObject({ outages: outage, isOpen: outage === 5 });
      await expect(pull()).resolves.toEqual({ state: 'waiting' });
      clock = new Date(store.breaker?.nextAttemptAt ?? 0);
    }
    expect(clock.getTime() - (store.outcomes.get('catalogue')?.at.getTime() ?? 0)).toBe(300_000);
    give(page('c1', [listing('a')]));
    await pull();
    expect(store.breaker).toEqual(CLOSED);
    observed(1, 'open after 5 outages, a probe after 300 s, closed by the first answer');
  });
  test('by its data in one lane keeps the other', async () => {
    give(new PullFailure('schema-drift', 'x'));
    await pull();
    expect(store.outcomes.get('offer')).toMatchObject({ state: 'ok' });
    give(down);
    store = new MemoryStore();
    await pull();
    expect(store.outcomes.get('offer')).toBeUndefined();
  });
});

describe('back-off', () => {
  test('row 3: Retry-After is obeyed up to an hour, and throttling opens no breaker', () => {
    const throttled = { opensBreaker: false, retryAfterMs: 7_200_000 };
    const state = [1, 2, 3, 4, 5, 6].reduce((before) => afterFailure(before, throttled, 0, 0), CLOSED);
    expect(state).toMatchObject({ isOpen: false, nextAttemptAt: 3_600_000 });
    expect(mayAttempt(state, 3_599_999)).toBe(false);
    observed(3, '2 h asked: 1 h waited; 6 throttled pulls opened no breaker');
  });
  test('is jittered and capped at 15 min', () => {
    const failure = { opensBreaker: false, retryAfterMs: undefined };
    expect(afterFailure(CLOSED, failure, 0, 0.5).nextAttemptAt).toBe(2_000);
    expect(afterFailure({ ...CLOSED, failures: 50 }, failure, 0, 1).nextAttemptAt).toBe(900_000);
  });
  test('outages far apart do not add up', () => {
    const failure = { opensBreaker: true, retryAfterMs: undefined };
    const first = afterFailure(CLOSED, failure, 0, 0);
    expect(afterFailure({ ...first, outages: 4 }, failure, 600_001, 0)).toMatchObject({ outages: 1, isOpen: false });
  });
  test('row 3: of a pull that is throttled nothing is lost, and the peer is left alone as long as it asked', async () => {
    const asked = { retryAfterMs: 30_000, status: 429 };
    give(page('c1', [listing('a')], { complete: false }), new PullFailure('throttled', 'answered 429', asked));
    await pull();
    expect([store.titles(), store.checkpoints.get('catalogue')]).toEqual([['Món a'], 'c1']);
    expect(store.breaker).toMatchObject({ isOpen: false, outages: 0 });
    clock = new Date(clock.getTime() + 30_000);
    await expect(pull()).resolves.toEqual({ state: 'waiting' });
    clock = new Date(clock.getTime() + 2_000);
    await expect(pull()).resolves.toMatchObject({ state: 'pulled' });
    observed(3, '30 s asked in the middle of a pull: not asked again before, what had come stays');
  });
  test.each([
    ['120', 120_000],
    ['Mon, 23 Nov 2026 00:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2020 00:00:30 GMT', 0],
    ['soon', undefined],
    [undefined, undefined],
  ])('row 3: Retry-After %s is %s ms', (header, ms) => {
    expect(retryAfterMs(header, Date.parse('2026-11-23T00:00:00Z'))).toBe(ms);
    observed(3, `Retry-After ${header}: ${ms === undefined ? 'as if it said nothing' : `${ms / 1_000} s`}`);
  });
});
