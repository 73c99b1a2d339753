import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newId } from '#core/ids.ts';
import { bps, split, sumVnd, vnd, ZERO } from '#core/money.ts';
import { commissionOf } from '#features/fees/rules.ts';
import { move, orderRefund, receipt, type SoldOrder, sale, tax } from '#features/ledger/rules.ts';
import type { Account, Entry, PieceSums } from '#features/ledger/types.ts';
import { refundableOf } from '#features/orders/rules/line-parts.ts';

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

const nothing: PieceSums = { promotionVnd: ZERO, commissionVnd: ZERO, commissionVatVnd: ZERO };
/** What these refunds took back of promotion and fee, as the books would say. */
const takenBack = (refunds: readonly Entry[]): PieceSums => ({
  promotionVnd: vnd(0 - on(refunds, 'promotion')),
  commissionVnd: vnd(on(refunds, 'commission')),
  commissionVatVnd: vnd(on(refunds, 'commission-vat')),
});

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
      for (const entries of [
        sale(order),
        orderRefund(order, nothing, { amountVnd: order.totalVnd, beforeVnd: ZERO }),
      ]) {
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
        const entries = orderRefund(order, takenBack(all.slice(sale(order).length)), { amountVnd, beforeVnd });
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

/** An order of several lines with fees of their own, and freight. */
const lines = fc.array(
  fc.record({
    quantity: fc.integer({ min: 1, max: 9 }),
    price: fc.integer({ min: 1, max: 900_000 }),
    discount: fc.integer({ min: 0, max: 99 }),
    borne: fc.integer({ min: 0, max: 100 }),
    rate: fc.integer({ min: 0, max: 3_000 }),
  }),
  { minLength: 1, maxLength: 4 },
);
const lineOf = ({ quantity, price, discount, borne, rate }: Parameters<Parameters<typeof lines.map>[0]>[0][number]) => {
  const discountVnd = vnd(Math.floor((quantity * price * discount) / 100));
  const promotionVnd = vnd(Math.floor((discountVnd * borne) / 100));
  const fees = commissionOf(vnd(quantity * price - discountVnd + promotionVnd), { ...rule, rateBps: bps(rate) });
  const pieces = { quantity, cancelledQuantity: 0, returnedQuantity: 0 };
  return { ...pieces, priceVnd: vnd(price), discountVnd, promotionVnd, vatVnd: ZERO, ...fees };
};
type Line = ReturnType<typeof lineOf>;
const orderOf = (all: readonly Line[], shippingVnd: number): SoldOrder => {
  const sum = (of: (line: Line) => number) => vnd(all.reduce((total, line) => total + of(line), 0));
  return {
    businessId: newId<'Business'>(),
    totalVnd: vnd(sum((line) => line.quantity * line.priceVnd - line.discountVnd) + shippingVnd),
    promotionVnd: sum((line) => line.promotionVnd),
    commissionVnd: sum((line) => line.commissionVnd),
    commissionVatVnd: sum((line) => line.commissionVatVnd),
  };
};
/** Which line loses a piece next, and what of it is a bare amount without pieces instead. */
const steps = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 5 }), fc.nat({ max: 100_000 })), {
  minLength: 40,
  maxLength: 40,
});

/** Takes an order apart: pieces in whatever order, the freight with the last of them, what is over at the end. */
function takeApart(
  all: readonly Line[],
  order: SoldOrder,
  plan: readonly (readonly [number, number, number])[],
  bare: boolean,
) {
  const left = all.map((line) => ({ ...line }));
  const refunds: Entry[] = [];
  let beforeVnd = ZERO;
  const refund = (wantedVnd: number, pieces?: PieceSums): void => {
    const amountVnd = vnd(Math.min(wantedVnd, order.totalVnd - beforeVnd));
    if (amountVnd <= 0) return;
    const entries = orderRefund(order, takenBack(refunds), { amountVnd, beforeVnd, pieces });
    expect(total(entries)).toBe(0);
    if (pieces && !bare && beforeVnd + amountVnd < order.totalVnd) expect(takenBack(entries)).toEqual(pieces);
    refunds.push(...entries);
    beforeVnd = vnd(beforeVnd + amountVnd);
  };
  for (const [which, size, amount] of plan) {
    const open = left.filter((line) => line.cancelledQuantity < line.quantity);
    const line = open[which % Math.max(1, open.length)];
    if (!line) break;
    if (bare && amount % 3 === 0) refund(amount);
    const pieces = Math.min(size, line.quantity - line.cancelledQuantity);
    const { paidVnd, promotionVnd, commissionVnd, commissionVatVnd } = refundableOf(line, pieces);
    line.cancelledQuantity += pieces;
    const isLast = left.every((one) => one.cancelledQuantity === one.quantity);
    refund(isLast ? order.totalVnd : paidVnd, { promotionVnd, commissionVnd, commissionVatVnd });
  }
  return refunds;
}
const byAccount = (entries: readonly Entry[]) =>
  (['payable', 'promotion', 'commission', 'commission-vat', 'refunds-due'] as const).map((account) =>
    on(entries, account),
  );

test('pieces take back exactly their own fee and promotion; in whatever order, all of them are one whole refund', () => {
  fc.assert(
    fc.property(lines, fc.nat({ max: 60_000 }), steps, fc.boolean(), (raw, shippingVnd, plan, bare) => {
      const all = raw.map(lineOf);
      const order = orderOf(all, shippingVnd);
      fc.pre(order.totalVnd > 0);
      const apart = takeApart(all, order, plan, bare);
      const whole = orderRefund(order, nothing, { amountVnd: order.totalVnd, beforeVnd: ZERO });
      expect(byAccount(apart)).toEqual(byAccount(whole));
      expect(byAccount([...sale(order), ...apart])).toEqual([0, 0, 0, 0, -order.totalVnd]);
    }),
    { numRuns: 1_000 },
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
