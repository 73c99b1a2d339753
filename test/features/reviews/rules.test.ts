import { describe, expect, test } from 'vitest';
import { flagsInText } from '#features/changes/index.ts';
import {
  checkEditable,
  checkSaid,
  checkWords,
  detailOf,
  heededFlags,
  ratingOf,
  shownName,
  stateFor,
} from '#features/reviews/rules.ts';

const refused = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return undefined;
};

const on = '2026-11-27';
const marks = (text: string) => heededFlags(flagsInText('text', text, on)).map(({ kind }) => kind);

test('points are whole and of five, words may be left out and are sent back when there are too many', () => {
  expect(checkSaid({ points: 5, text: '  Thơm \u200b ngon ' })).toEqual({ points: 5, text: 'Thơm ngon' });
  expect(checkSaid({ points: 1, text: '' }).text).toBe('');
  for (const points of [0, 6, 4.5, Number.NaN])
    expect(
      refused(() => checkSaid({ points, text: '' })),
      String(points),
    ).toBe('review-points-missing');
  expect(refused(() => checkSaid({ points: 3, text: 'a'.repeat(2_001) }))).toBe('review-too-long');
  expect(refused(() => checkWords(' \u200b ', '/reason'))).toBe('review-words-missing');
  expect(refused(() => checkWords('a'.repeat(2_001), '/text'))).toBe('review-too-long');
});

test('the filter marks what is nobody’s to say, and leaves praise, anger and shouting to buyers', () => {
  expect(marks('Gọi em 0912 345 678 rẻ hơn')).toContain('contact');
  expect(marks('Uống là khỏi bệnh tiểu đường')).toContain('medical-claim');
  expect(marks('Trên Shopee rẻ hơn')).toContain('marketplace');
  expect(marks('<script>alert(1)</script>')).toContain('markup');
  expect(marks('NGON QUÁ TRỜI QUÁ ĐẤT LUÔN, ngon nhất Việt Nam')).toEqual([]);
  expect(marks('Dở, mốc, không bao giờ mua lại')).toEqual([]);
});

test('what is marked waits, what was hidden waits again however it is said, and the rest is shown', () => {
  const flag = flagsInText('text', 'zalo 0912345678', on);
  expect([
    stateFor([]),
    stateFor(flag),
    stateFor([], 'hidden'),
    stateFor([], 'published'),
    stateFor([], 'waiting'),
  ]).toEqual(['published', 'waiting', 'waiting', 'published', 'published']);
});

describe('a figure', () => {
  test('is of all that gave one, with one decimal, and none of nobody', () => {
    expect(ratingOf([0, 0, 0, 0, 0])).toMatchObject({ count: 0, average: null });
    expect(ratingOf([1, 0, 0, 0, 2])).toMatchObject({ count: 3, average: 3.7 });
    expect(ratingOf([0, 0, 0, 1, 1]).average).toBe(4.5);
  });
  test('photos weigh more than words for the order of detail', () => {
    expect(detailOf('x', 1)).toBeGreaterThan(detailOf('x'.repeat(499), 0));
    expect(detailOf('x'.repeat(2_000), 0)).toBe(500);
  });
});

test('a name is shortened to what others may know', () => {
  expect(shownName('Nguyễn Thị Bé')).toBe('Nguyễn T. B.');
  expect(shownName('  Sơn ')).toBe('Sơn');
  expect(shownName('')).toBe('');
});

test('thirty days are thirty days', () => {
  const made = new Date('2026-11-01T00:00:00Z');
  expect(() => checkEditable(made, new Date('2026-12-01T00:00:00Z'))).not.toThrow();
  expect(refused(() => checkEditable(made, new Date('2026-12-01T00:00:01Z')))).toBe('review-closed');
});
