import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, sumVnd, vnd } from '#core/money.ts';
import { commissionOf, move, receipt, type SoldOrder, sale, saleReversal } from '#features/ledger/rules.ts';
import type { Account, Entry } from '#features/ledger/types.ts';

const rule = { id: newId<'CommissionRule'>(), rateBps: bps(500), vatBps: bps(800) };
const sold = fc
  .record({
    subtotal: fc.integer({ min: 1, max: 10_000_000_000 }),
    shipping: fc.integer({ min: 0, max: 500_000 }),
    rate: fc.integer({ min: 0, max: 3_000 }),
    vat: fc.integer({ min: 0, max: 2_000 }),
  })
  .map(({ subtotal, shipping, rate, vat }): SoldOrder => {
    const taken = commissionOf(vnd(subtotal), { ...rule, rateBps: bps(rate), vatBps: bps(vat) });
    return { businessId: newId<'Business'>(), totalVnd: vnd(subtotal + shipping), ...taken };
  });
const total = (entries: readonly Entry[]): number => sumVnd(entries.map((entry) => entry.amountVnd));
const on = (entries: readonly Entry[], account: Account): number =>
  total(entries.filter((entry) => entry.account === account));

test('5 % of the goods and 8 % VAT on that part; nothing of the freight', () => {
  expect(commissionOf(vnd(200_000), rule)).toEqual({ commissionVnd: 10_000, commissionVatVnd: 800 });
  const order = { businessId: newId<'Business'>(), totalVnd: vnd(225_000), ...commissionOf(vnd(200_000), rule) };
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
      for (const entries of [sale(order), saleReversal(order)]) {
        expect(total(entries)).toBe(0);
        expect(entries.length).toBeGreaterThanOrEqual(2);
        for (const entry of entries) expect(entry.amountVnd).not.toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});

test('a sale and its reversal leave nothing with the business and nothing with us: all is owed to the shopper', () => {
  fc.assert(
    fc.property(sold, (order) => {
      const both = [...sale(order), ...saleReversal(order)];
      for (const account of ['payable', 'commission', 'commission-vat'] as const) expect(on(both, account)).toBe(0);
      expect(on(both, 'refunds-due')).toBe(-order.totalVnd);
      expect(on(both, 'deposits')).toBe(order.totalVnd);
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
