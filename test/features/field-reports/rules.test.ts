import { expect, test } from 'vitest';
import { checkWords, coarse, dueAtOf, takesPhotos } from '#features/field-reports/rules.ts';

test('a place is kept to a hundredth of a degree and never finer', () => {
  expect([coarse(9.334_567), coarse(105.984_999), coarse(-0.004)].map((one) => Math.abs(one))).toEqual([
    9.33, 105.98, 0,
  ]);
});

test('an officer has three days, and photos follow within an hour', () => {
  const at = new Date('2026-11-27T00:00:00Z');
  expect(dueAtOf(at).toISOString()).toBe('2026-11-30T00:00:00.000Z');
  expect(takesPhotos(at, new Date('2026-11-27T00:59:59Z'))).toBe(true);
  expect(takesPhotos(at, new Date('2026-11-27T01:00:00Z'))).toBe(false);
});

test('words there have to be, and not too many', () => {
  expect(checkWords(' Nhãn  sai ', '/text')).toBe('Nhãn sai');
  for (const text of [' \u200b', 'x'.repeat(2_001)]) expect(() => checkWords(text, '/text')).toThrow();
});
