import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bps, containedIn, prorated, shareOf, split, sumVnd, times, vnd } from '#core/money.ts';

const amount = fc.integer({ min: 0, max: 1_000_000_000_000 }).map(vnd);
const rate = fc.integer({ min: 0, max: 10_000 }).map(bps);
const weights = fc
  .array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 40 })
  .filter((all) => all.some((weight) => weight > 0));

describe('đồng', () => {
  test.each([0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('%s is no amount', (value) => {
    expect(() => vnd(value)).toThrow(RangeError);
  });
  test('nothing is never minus nothing', () => {
    expect(Object.is(vnd(-0), 0)).toBe(true);
  });
  test('a sum beyond counting is refused rather than rounded', () => {
    expect(() => sumVnd([vnd(Number.MAX_SAFE_INTEGER), vnd(1)])).toThrow(RangeError);
    expect(() => times(vnd(Number.MAX_SAFE_INTEGER), 2)).toThrow(RangeError);
  });
});

describe('split', () => {
  test('the parts sum to the whole, whatever the weights', () => {
    fc.assert(
      fc.property(amount, weights, (whole, shares) => sumVnd(split(whole, shares)) === whole),
      { numRuns: 1_000 },
    );
  });
  test('no part is more than one đồng from its exact share, and who weighs nothing gets nothing', () => {
    fc.assert(
      fc.property(amount, weights, (whole, shares) => {
        const total = shares.reduce((sum, weight) => sum + weight, 0);
        split(whole, shares).forEach((part, index) => {
          const weight = shares[index] ?? 0;
          const floor = (BigInt(whole) * BigInt(weight)) / BigInt(total);
          expect([Number(floor), Number(floor) + 1]).toContain(part);
          if (weight === 0) expect(part).toBe(0);
        });
      }),
      { numRuns: 300 },
    );
  });
  test('the same again, every time; of equal claims the earlier one gets the odd đồng', () => {
    expect(split(vnd(10), [1, 1, 1])).toEqual([4, 3, 3]);
    expect(split(vnd(11), [1, 1, 1])).toEqual([4, 4, 3]);
  });
  test('nobody to split it over is a fault of the program', () => {
    expect(() => split(vnd(1), [])).toThrow(RangeError);
    expect(() => split(vnd(1), [0, 0])).toThrow(RangeError);
    expect(() => split(vnd(-1), [1])).toThrow(RangeError);
  });
});

describe('a part by a rate', () => {
  test('is exact to the nearest đồng, where a floating number no longer is', () => {
    fc.assert(
      fc.property(fc.integer({ min: -9e14, max: 9e14 }).map(vnd), rate, (whole, part) => {
        const share = BigInt(shareOf(whole, part));
        const error = share * 10_000n - BigInt(whole) * BigInt(part);
        expect(error <= 5_000n && error >= -5_000n).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
  test('halves go away from zero, in both directions alike', () => {
    expect(shareOf(vnd(1), bps(5_000))).toBe(1);
    expect(shareOf(vnd(-1), bps(5_000))).toBe(-1);
    expect(shareOf(vnd(10), bps(449))).toBe(0);
  });
  test.each([-1, 10_001, 0.5])('%s is no rate', (value) => expect(() => bps(value)).toThrow(RangeError));
});

describe('the tax in a price', () => {
  test.each([
    [108_000, 800, 8_000],
    [110_000, 1_000, 10_000],
    [105_000, 500, 5_000],
    [50_000, 0, 0],
    [100_000, 800, 7_407],
    [0, 800, 0],
  ])('%i đồng at %i bps contain %i', (price, at, tax) => {
    expect(containedIn(vnd(price), bps(at))).toBe(tax);
  });
  test('is the tax on what is left without it, to the nearest đồng', () => {
    fc.assert(
      fc.property(amount, rate, (price, at) => {
        const net = price - containedIn(price, at);
        expect(Math.abs(net * (1 + at / 10_000) - price)).toBeLessThanOrEqual(1.5);
      }),
    );
  });
});

describe('a part by pieces', () => {
  test('is never more than exact, all of it for all, nothing of nothing', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 10_000 }), (whole, of) => {
        expect(prorated(whole, of, of)).toBe(whole);
        expect(prorated(whole, of - 1, of)).toBeLessThanOrEqual(whole);
      }),
    );
    expect(prorated(vnd(5), 0, 0)).toBe(0);
  });
});
