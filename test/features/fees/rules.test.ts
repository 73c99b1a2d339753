import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, sumVnd, vnd } from '#core/money.ts';
import { checkFee, commissionOf, commissionOfLines, feesOf } from '#features/fees/rules.ts';
import type { FeeRule } from '#features/fees/types.ts';

const everybody: FeeRule = { id: newId(), businessId: null, categoryId: null, businessType: null, rateBps: bps(500) };
const rule = (over: Partial<FeeRule>): FeeRule => ({ ...everybody, id: newId(), ...over });
const shop = newId<'Business'>();
const line = { businessId: shop as string, businessType: 'household', categoryId: 5, takenVnd: vnd(100_000) };
const feeOf = (...rules: FeeRule[]) => feesOf([line], { rules: [everybody, ...rules], vatBps: bps(800) })[0];

test('5 % of what the business takes for goods, and 8 % VAT on that part', () => {
  expect(commissionOf(vnd(200_000), { rateBps: bps(500), vatBps: bps(800) })).toEqual({
    commissionVnd: 10_000,
    commissionVatVnd: 800,
  });
});

describe('the narrowest rule that fits counts', () => {
  const type = rule({ businessType: 'household', rateBps: bps(400) });
  const set = rule({ categoryId: 5, rateBps: bps(300) });
  const own = rule({ businessId: shop, rateBps: bps(200) });
  test.each([
    ['all', [], 5_000],
    ['the kind of business', [type], 4_000],
    ['the product set before that', [type, set], 3_000],
    ['the business before that', [own, set, type], 2_000],
  ] as const)('%s', (_name, rules, fee) => {
    expect(feeOf(...rules)?.commissionVnd).toBe(fee);
  });
  test('not those of others, and not one that has ended', () => {
    const others = [rule({ categoryId: 6 }), rule({ businessType: 'enterprise' }), rule({ businessId: newId() })];
    expect(feeOf(...others)?.ruleId).toBe(everybody.id);
    expect(feeOf(set, { ...own, rateBps: null })?.ruleId).toBe(set.id);
  });
  test('lines of one order by their own rules, each with the rule that said so', () => {
    const other = { ...line, categoryId: 6, takenVnd: vnd(50_000) };
    const fees = feesOf([line, other, line], { rules: [everybody, set], vatBps: bps(1_000) });
    expect(fees).toEqual([
      { commissionVnd: 3_000, commissionVatVnd: 300, ruleId: set.id },
      { commissionVnd: 2_500, commissionVatVnd: 250, ruleId: everybody.id },
      { commissionVnd: 3_000, commissionVatVnd: 300, ruleId: set.id },
    ]);
  });
});

test('the fee of a sale is divided over its lines to the đồng, and no line owes more than it brings', () => {
  const taken = fc.array(fc.integer({ min: 0, max: 50_000_000 }).map(vnd), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(taken, fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 2_000 }), (lines, rate, vat) => {
      const rates = { rateBps: bps(rate), vatBps: bps(vat) };
      const fees = commissionOfLines(lines, rates);
      expect({
        commissionVnd: sumVnd(fees.map((fee) => fee.commissionVnd)),
        commissionVatVnd: sumVnd(fees.map((fee) => fee.commissionVatVnd)),
      }).toEqual(commissionOf(sumVnd(lines), rates));
      fees.forEach((fee, index) => {
        expect(Math.min(fee.commissionVnd, fee.commissionVatVnd)).toBeGreaterThanOrEqual(0);
        expect(fee.commissionVnd + fee.commissionVatVnd).toBeLessThanOrEqual(lines[index] ?? 0);
      });
    }),
    { numRuns: 1_000 },
  );
});

describe('what may be published', () => {
  const now = new Date('2026-11-27T00:00:00Z');
  const nobody = { businessId: null, categoryId: null, businessType: null };
  const fee = { ...nobody, rateBps: 400, validFrom: new Date('2026-12-17T00:00:00Z') };
  test('a fee 20 days ahead, to the second', () => {
    expect(() => checkFee(fee, now)).not.toThrow();
    const early = { ...fee, validFrom: new Date(fee.validFrom.getTime() - 1) };
    expect(() => checkFee(early, now)).toThrow(expect.objectContaining({ code: 'fee-too-soon' }));
    expect(() => checkFee({ ...fee, validFrom: new Date(Number.NaN) }, now)).toThrow(
      expect.objectContaining({ code: 'fee-too-soon' }),
    );
  });
  test.each([
    ['fee-rate-invalid', { rateBps: 3_001 }],
    ['fee-rate-invalid', { rateBps: -1 }],
    ['fee-rate-invalid', { rateBps: Number.NaN }],
    ['fee-target-invalid', { businessId: shop, categoryId: 5 }],
    ['fee-target-invalid', { rateBps: null }],
  ])('not %s', (code, over) => {
    expect(() => checkFee({ ...fee, ...over }, now)).toThrow(expect.objectContaining({ code }));
  });
});
