import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, split, sumVnd, vnd, ZERO } from '#core/money.ts';
import { commissionOf } from '#features/fees/rules.ts';
import { move, orderRefund, receipt, type SoldOrder, sale, tax } from '#features/ledger/rules.ts';
import type { Account, Entry } from '#features/ledger/types.ts';

const rule = { rateBps: bps(500), vatBps: bps(800) };
const sold = fc
  .record({
    subtotal: fc.integer({ min: 1, max: 10_000_000_000 }),
    shipping: fc.integer({ min: 0, max: 500_000 }),
    rate: fc.integer({ min: 0, max: 3_000 }),
    vat: fc.integer({ min: 0, max: 2_000 }),
    borne: fc.integer({ min: 0, max: 99 }),
  })
  .map(({ subtotal, shipping, rate, vat, borne }): SoldOrder => {
    const promotion = Math.floor((subtotal * borne) / 100);
    const taken = commissionOf(vnd(subtotal), { ...rule, rateBps: bps(rate), vatBps: bps(vat) });
    return {
      businessId: newId<'Business'>(),
      totalVnd: vnd(subtotal - promotion + shipping),
      promotionVnd: vnd(promotion),
      ...taken,
    };
  });
const total = (entries: readonly Entry[]): number => sumVnd(entries.map((entry) => entry.amountVnd));
const on = (entries: readonly Entry[], account: Account): number =>
  total(entries.filter((entry) => entry.account === account));

test('5 % of the goods and 8 % VAT on that part; nothing of the freight', () => {
  expect(commissionOf(vnd(200_000), rule)).toEqual({ commissionVnd: 10_000, commissionVatVnd: 800 });
  const order = {
    businessId: newId<'Business'>(),
    totalVnd: vnd(225_000),
    promotionVnd: vnd(0),
    ...commissionOf(vnd(200_000), rule),
  };
  expect(sale(order)).toEqual([
    { account: 'deposits', amountVnd: 225_000 },
    { account: 'payable', amountVnd: -214_200, businessId: order.businessId },
    { account: 'commission', amountVnd: -10_000 },
    { account: 'commission-vat', amountVnd: -800 },
  ]);
});

test('every journal sums to zero and has two legs or more, whatever the amounts and rates', () => {
  fc.assert(
    fc.property(sold, (order) => {
      for (const entries of [sale(order), orderRefund(order, { amountVnd: order.totalVnd, beforeVnd: ZERO })]) {
        expect(total(entries)).toBe(0);
        expect(entries.length).toBeGreaterThanOrEqual(2);
        for (const entry of entries) expect(entry.amountVnd).not.toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('a sale that goes back in parts, however many, leaves nothing with the business and nothing with us', () => {
  const weights = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(sold, weights, (order, parts) => {
      let beforeVnd = ZERO;
      const all = [...sale(order)];
      for (const amountVnd of split(order.totalVnd, [...parts, 1]).filter((part) => part > 0)) {
        const entries = orderRefund(order, { amountVnd, beforeVnd });
        expect(total(entries)).toBe(0);
        expect(on(entries, 'refunds-due')).toBe(-amountVnd);
        expect(on(entries, 'commission')).toBeGreaterThanOrEqual(0);
        all.push(...entries);
        beforeVnd = vnd(beforeVnd + amountVnd);
      }
      for (const account of ['payable', 'promotion', 'commission', 'commission-vat'] as const)
        expect(on(all, account)).toBe(0);
      expect(on(all, 'refunds-due')).toBe(-order.totalVnd);
    }),
  );
});

test('money that comes lies at the provider and is owed; money that moves leaves one account for the other', () => {
  expect(receipt('clearing:bank', 'deposits', vnd(5))).toEqual([
    { account: 'clearing:bank', amountVnd: 5 },
    { account: 'deposits', amountVnd: -5 },
  ]);
  expect(move('refunds-due', 'deposits', vnd(5))).toEqual([
    { account: 'deposits', amountVnd: 5 },
    { account: 'refunds-due', amountVnd: -5 },
  ]);
  expect(move('refunds-due', 'deposits', vnd(0))).toEqual([]);
});

test('what the exchange bears of a discount it pays to the business', () => {
  const order = { businessId: newId<'Business'>(), totalVnd: vnd(205_000), promotionVnd: vnd(20_000) };
  expect(sale({ ...order, ...commissionOf(vnd(200_000), rule) })).toEqual([
    { account: 'deposits', amountVnd: 205_000 },
    { account: 'promotion', amountVnd: 20_000 },
    { account: 'payable', amountVnd: -214_200, businessId: order.businessId },
    { account: 'commission', amountVnd: -10_000 },
    { account: 'commission-vat', amountVnd: -800 },
  ]);
});

test('tax that is withheld comes off what the business is owed, and an offset gives it back', () => {
  const of = { businessId: newId<'Business'>(), vatVnd: vnd(1_000), pitVnd: vnd(500) };
  expect(tax('withheld', of)).toEqual([
    { account: 'payable', amountVnd: 1_500, businessId: of.businessId },
    { account: 'withheld-vat', amountVnd: -1_000 },
    { account: 'withheld-pit', amountVnd: -500 },
  ]);
  expect(total([...tax('withheld', of), ...tax('offset', of)])).toBe(0);
  expect(tax('withheld', { ...of, vatVnd: vnd(0), pitVnd: vnd(0) })).toEqual([]);
});
