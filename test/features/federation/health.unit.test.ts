import { expect, test } from 'vitest';
import { believedMs, type HealthFacts, healthOf, worstFirst } from '#features/federation/health.ts';
import { type WhyFacts, whyOf } from '#features/federation/why.ts';
import type { PullFailureCode } from '#federation/engine/failure.ts';
import { NO_COUNTS } from '#federation/engine/store.ts';

const now = new Date('2026-11-27T08:00:00Z');
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * 60_000);
const fine: HealthFacts = {
  state: 'active',
  isIntroduced: true,
  adapter: 'native',
  cadenceSeconds: 60,
  breaker: null,
  pricesAsOf: ago(1),
  quarantined: 0,
  keyUntil: null,
  nextKeyFrom: null,
  keySince: ago(60),
  lanes: (['catalogue', 'offer'] as const).map((lane) => ({
    lane,
    succeededAt: ago(1),
    outcome: { state: 'ok', counts: NO_COUNTS, at: ago(1) },
  })),
};
const withLane = (state: 'held' | 'failed', code: PullFailureCode, minutes = 1): HealthFacts => ({
  ...fine,
  lanes: [
    {
      lane: 'offer',
      succeededAt: ago(minutes),
      outcome: { state, failure: { code, detail: '' }, counts: NO_COUNTS, at: now },
    },
  ],
});
const codes = (facts: HealthFacts) => healthOf(facts, now).findings.map(({ code }) => code);

test('a partner that goes well needs no words', () => {
  expect(healthOf(fine, now)).toEqual({ tone: 'good', findings: [] });
});

test('what needs somebody comes first, and sets the tone', () => {
  const facts = { ...withLane('held', 'mass-delete', 60), quarantined: 3, pricesAsOf: ago(60) };
  expect(codes(facts)).toEqual(['lane-held', 'prices-stale', 'quarantined']);
  expect(healthOf(facts, now).tone).toBe('bad');
  expect(healthOf(withLane('failed', 'throttled'), now)).toMatchObject({ tone: 'wait' });
  expect(healthOf(withLane('failed', 'unverified-answer'), now)).toMatchObject({ tone: 'bad' });
});

test('a price is believed as long as its way of coming allows', () => {
  expect(believedMs({ adapter: 'native', cadenceSeconds: 60 })).toBe(15 * 60_000);
  expect(believedMs({ adapter: 'woocommerce', cadenceSeconds: 60 })).toBe(120 * 60_000);
  expect(believedMs({ adapter: 'csv', cadenceSeconds: 60 })).toBe(24 * 60 * 60_000);
  expect(believedMs({ adapter: 'native', cadenceSeconds: 3_600 })).toBe(3 * 60 * 60_000);
  expect(codes({ ...fine, pricesAsOf: ago(16) })).toEqual(['prices-stale']);
});

test('a key that is older than a year is worth a call', () => {
  expect(codes({ ...fine, keySince: ago(366 * 24 * 60) })).toEqual(['key-old']);
});

test('a key that ends is told a month before, and a week before it is urgent, unless a successor counts by then', () => {
  const ending = (inDays: number, followedIn?: number) => {
    const at = (days: number) => ago(-days * 24 * 60);
    const nextKeyFrom = followedIn === undefined ? null : at(followedIn);
    return healthOf({ ...fine, keyUntil: at(inDays), nextKeyFrom }, now).findings.map(({ code, tone }) => [code, tone]);
  };
  expect(ending(31)).toEqual([]);
  expect(ending(29)).toEqual([['key-ending', 'wait']]);
  expect(ending(6)).toEqual([['key-ending', 'bad']]);
  expect(ending(6, 5)).toEqual([]);
  expect(ending(6, 8)).toEqual([['key-ending', 'bad']]);
});

test('whoever is not connected is told apart and comes last', () => {
  expect(codes({ ...fine, isIntroduced: false, state: 'inactive' })).toEqual(['not-introduced']);
  expect(codes({ ...fine, state: 'inactive' })).toEqual(['not-let-in']);
  expect(codes({ ...fine, lanes: [], pricesAsOf: null })).toEqual(['never-pulled']);
  const [bad, good, away] = [withLane('held', 'mass-delete'), fine, { ...fine, state: 'suspended' as const }].map(
    (facts) => healthOf(facts, now),
  );
  if (!bad || !good || !away) throw new Error('no health');
  expect([away, good, bad].toSorted(worstFirst)).toEqual([bad, good, away]);
});

const plain: WhyFacts = {
  partnerState: 'active',
  listing: 'live',
  hasOffer: true,
  isQuarantined: false,
  isCategoryKnown: true,
  isHidden: false,
  productStatus: 'listed',
  businessStatus: 'approved',
  arePricesStale: false,
};
test.each([
  [{}, 'shown'],
  [{ partnerState: 'suspended' }, 'partner-not-active'],
  [{ listing: 'none', hasOffer: false }, 'never-came'],
  [{ listing: 'withdrawn', productStatus: 'withdrawn' }, 'withdrawn-there'],
  [{ isHidden: true, productStatus: 'withdrawn' }, 'hidden-here'],
  [{ productStatus: 'taken-down' }, 'taken-down'],
  [{ hasOffer: false, productStatus: 'withdrawn' }, 'no-offer'],
  [{ isCategoryKnown: false, productStatus: undefined }, 'unknown-category'],
  [{ businessStatus: 'suspended' }, 'producer-not-shown'],
  [{ productStatus: undefined }, 'not-shown-yet'],
] as const)('%o is %s', (facts, because) => {
  expect(whyOf({ ...plain, ...facts }).because).toBe(because);
});

test('notes are told beside what decided', () => {
  expect(whyOf({ ...plain, isQuarantined: true, arePricesStale: true }).notes).toEqual(['quarantined', 'prices-stale']);
});
