import { expect, test } from 'vitest';
import { AGES, dayOf, scoreOf } from '#features/federation/score.ts';
import type { PullFailureCode } from '#federation/engine/failure.ts';
import { type LaneOutcome, NO_COUNTS } from '#federation/engine/store.ts';

const now = new Date('2026-11-27T08:00:00Z');
const ago = (seconds: number): Date => new Date(now.getTime() - seconds * 1_000);
const ended = (state: LaneOutcome['state'], counts: Partial<LaneOutcome['counts']> = {}): LaneOutcome => ({
  state,
  counts: { ...NO_COUNTS, ...counts },
  at: now,
});
const before = (good: number, code?: PullFailureCode) => ({
  outcome: code ? { failure: { code, detail: '' } } : {},
  attemptedAt: ago(300),
  succeededAt: ago(good),
});

test('a reading counts with its records and how old the data had become', () => {
  const counts = { pages: 3, applied: 8, duplicate: 1, quarantined: 1, withdrawn: 2, drifted: 1 };
  const day = dayOf('offer', before(90), ended('ok', counts));
  expect(day).toMatchObject({ visits: 1, good: 1, records: 10, quarantined: 1, drifted: 1, downSeconds: 0 });
  expect(day.ages).toEqual(AGES.map((most) => (most === 120 ? 1 : 0)));
  expect(dayOf('offer', undefined, ended('ok')).ages.every((count) => count === 0)).toBe(true);
});

test('time without an answer counts until the next reading, and other failures do not', () => {
  expect(dayOf('offer', before(900, 'unreachable'), ended('failed'))).toMatchObject({ good: 0, downSeconds: 300 });
  expect(dayOf('offer', before(900, 'mass-delete'), ended('held'))).toMatchObject({ good: 0, downSeconds: 0 });
});

test('a week is told in shares, quantiles and the age of the key', () => {
  const fast = dayOf('offer', before(30), ended('ok', { applied: 99, quarantined: 1 }));
  const slow = dayOf('offer', before(4_000), ended('ok'));
  const down = dayOf('catalogue', before(9_000, 'timed-out'), ended('failed', { drifted: 1 }));
  const score = scoreOf([...Array<typeof fast>(19).fill(fast), slow, down], 500, ago(40 * 86_400), now);
  expect(score).toEqual({
    days: 7,
    visits: 21,
    successPercent: 95.2,
    quarantinePercent: 1,
    driftPerThousand: 2,
    downMinutes: 5,
    freshness: [
      { lane: 'catalogue', p50Seconds: null, p95Seconds: null },
      { lane: 'offer', p50Seconds: 60, p95Seconds: 60 },
    ],
    keyAgeDays: 40,
  });
  expect(scoreOf([], 0, null, now)).toMatchObject({ visits: 0, successPercent: null, driftPerThousand: null });
});
