import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';

test('a day in Vietnam begins at 17:00 UTC of the day before', () => {
  expect(startOfLocalDay('2026-11-23').toISOString()).toBe('2026-11-22T17:00:00.000Z');
  expect(localDate(new Date('2026-11-22T16:59:59.999Z'))).toBe('2026-11-22');
  expect(localDate(new Date('2026-11-22T17:00:00.000Z'))).toBe('2026-11-23');
});

test.each(['2026-02-29', '2026-13-01', '2026-1-1', '23/11/2026', ''])('%s is no day', (date) => {
  expect(() => startOfLocalDay(date)).toThrow(RangeError);
});

test.each([
  ['2026-01-31', 1, '2026-02-28'],
  ['2024-01-31', 1, '2024-02-29'],
  ['2024-02-29', 12, '2025-02-28'],
  ['2024-02-29', 48, '2028-02-29'],
  ['2026-11-30', 3, '2027-02-28'],
  ['2026-03-31', -1, '2026-02-28'],
])('%s and %i months: %s', (date, months, later) => expect(addMonths(date, months)).toBe(later));

test('every day of a century is a day, and years added one by one are the same as at once', () => {
  const day = fc
    .integer({ min: 0, max: 36_524 })
    .map((days) => new Date(Date.UTC(1990, 0, 1 + days)).toISOString().slice(0, 10));
  fc.assert(fc.property(day, (date) => localDate(startOfLocalDay(date)) === date));
  fc.assert(fc.property(day, (date) => addMonths(date, 36).slice(0, 4) === String(Number(date.slice(0, 4)) + 3)));
});
