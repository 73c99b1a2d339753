import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, vnd } from '#core/money.ts';
import { checkMonthOver, keptOf, offsetOf, withheldOf } from '#features/tax/rules.ts';
import type { TaxEntry, TaxRule, WithholdingPolicy } from '#features/tax/types.ts';

const rules = (policy: WithholdingPolicy): { goods: TaxRule; services: TaxRule } => {
  const common = { policy, thresholdVnd: vnd(1_000_000_000), coversDirect: false };
  return {
    goods: { ...common, id: newId(), kind: 'goods', vatBps: bps(100), pitBps: bps(50) },
    services: { ...common, id: newId(), kind: 'services', vatBps: bps(500), pitBps: bps(200) },
  };
};
const revenue = (goods: number, services = 0) => ({ goods: vnd(goods), services: vnd(services) });

describe('what is withheld', () => {
  /** Reckoned by hand: goods 1 % and 0.5 %, services 5 % and 2 %. */
  test.each([
    ['always', 1_000_000, 0, 0, 1_000_000, 10_000, 5_000],
    ['always', 0, 1_000_000, 0, 1_000_000, 50_000, 20_000],
    ['always', 333_333, 100_001, 0, 433_334, 3_333 + 5_000, 1_667 + 2_000],
    ['above-threshold', 1_000_000, 0, 0, 0, 0, 0],
    ['above-threshold', 1_000_000, 0, 999_400_000, 400_000, 4_000, 2_000],
    ['above-threshold', 300_000, 200_000, 999_600_000, 100_000, 5_000, 2_000],
    ['above-threshold', 1_000_000, 0, 1_000_000_000, 1_000_000, 10_000, 5_000],
    ['never', 1_000_000, 1_000_000, 2_000_000_000, 0, 0, 0],
  ] as const)('%s: goods %i, services %i after %i', (policy, goods, services, year, taxableVnd, vatVnd, pitVnd) => {
    expect(withheldOf(revenue(goods, services), rules(policy), vnd(year))).toEqual({ taxableVnd, vatVnd, pitVnd });
  });
});

describe('what is left of an order', () => {
  const order = { taken: revenue(200_000), paidVnd: vnd(180_000), refundedVnd: vnd(0), promotionBackVnd: vnd(0) };
  test.each([
    [0, 0, 200_000],
    // Pieces on which the whole voucher was used, and pieces on which none was.
    [90_000, 20_000, 90_000],
    [90_000, 0, 110_000],
    [180_000, 20_000, 0],
    // With the freight more goes back than the goods cost.
    [205_000, 20_000, 0],
  ])('%i đồng went back and %i of what the exchange paid: %i are left', (refunded, promotion, left) => {
    expect(keptOf({ ...order, refundedVnd: vnd(refunded), promotionBackVnd: vnd(promotion) })).toEqual(revenue(left));
  });
  test('goods that the exchange paid alone stay whole', () => {
    expect(keptOf({ ...order, paidVnd: vnd(0) })).toEqual(revenue(200_000));
  });
});

test('however an order goes back, its offsets sum to what was withheld, and never beyond', () => {
  const amounts = fc.record({
    goods: fc.integer({ min: 0, max: 50_000_000 }),
    services: fc.integer({ min: 0, max: 5_000_000 }),
    steps: fc.array(fc.integer({ min: 1, max: 10_000_000 }), { maxLength: 8 }),
  });
  fc.assert(
    fc.property(amounts, ({ goods, services, steps }) => {
      fc.pre(goods + services > 0);
      const taken = revenue(goods, services);
      const paidVnd = vnd(goods + services);
      const entries: TaxEntry[] = [
        {
          kind: 'withheld',
          goodsVnd: taken.goods,
          servicesVnd: taken.services,
          ...withheldOf(taken, rules('always'), vnd(0)),
        },
      ];
      let refunded = 0;
      for (const step of [...steps, paidVnd]) {
        refunded = Math.min(paidVnd, refunded + step);
        const entry = offsetOf(
          entries,
          keptOf({ taken, paidVnd, refundedVnd: vnd(refunded), promotionBackVnd: vnd(0) }),
        );
        if (entry) entries.push(entry);
        for (const amount of [entry?.goodsVnd, entry?.servicesVnd, entry?.taxableVnd, entry?.vatVnd, entry?.pitVnd])
          expect(amount ?? 0).toBeGreaterThanOrEqual(0);
      }
      const left = (of: (entry: TaxEntry) => number) =>
        entries.reduce((sum, entry) => sum + (entry.kind === 'withheld' ? of(entry) : -of(entry)), 0);
      expect(left((entry) => entry.vatVnd)).toBe(0);
      expect(left((entry) => entry.pitVnd)).toBe(0);
      expect(left((entry) => entry.goodsVnd + entry.servicesVnd)).toBe(0);
      expect(
        offsetOf(entries, keptOf({ taken, paidVnd, refundedVnd: paidVnd, promotionBackVnd: vnd(0) })),
      ).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a month is frozen when it is over in Vietnam, and only a month', () => {
  expect(() => checkMonthOver('2026-11', '2026-12-01')).not.toThrow();
  for (const month of ['2026-12', '2027-01', '2026-13', 'nonsense'])
    expect(() => checkMonthOver(month, '2026-12-01')).toThrow(expect.objectContaining({ code: 'tax-month-open' }));
});
