import fc from 'fast-check';
import { expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { type LinePart, type LineSums, piecesLeft, refundableOf, sumParts } from '#features/orders/rules/line-parts.ts';

const upToShare = (most: number) => fc.integer({ min: 0, max: most });

/** Any line that the table would take: no discount above the goods, no fee above what the business takes. */
const line: fc.Arbitrary<LineSums> = fc
  .record({ quantity: fc.integer({ min: 1, max: 60 }), price: fc.integer({ min: 1, max: 3_000_000 }) })
  .chain(({ quantity, price }) =>
    upToShare(quantity * price).chain((discount) =>
      upToShare(discount).chain((promotion) => {
        const taken = quantity * price - discount + promotion;
        return fc.tuple(upToShare(taken), upToShare(taken)).chain(([vat, fee]) =>
          upToShare(fee).map((commission) => ({
            quantity,
            cancelledQuantity: 0,
            returnedQuantity: 0,
            priceVnd: vnd(price),
            discountVnd: vnd(discount),
            promotionVnd: vnd(promotion),
            vatVnd: vnd(vat),
            commissionVnd: vnd(commission),
            commissionVatVnd: vnd(fee - commission),
          })),
        );
      }),
    ),
  );
/** Pieces leave in these bites, each called off or sent back, until none is left. */
const bites = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.boolean()), { minLength: 60, maxLength: 60 });

function takeApart(whole: LineSums, sizes: readonly (readonly [number, boolean])[]): LinePart[] {
  let left = whole;
  const parts: LinePart[] = [];
  for (const [size, cancelled] of sizes) {
    const pieces = Math.min(size, piecesLeft(left));
    if (pieces === 0) break;
    parts.push(refundableOf(left, pieces));
    left = cancelled
      ? { ...left, cancelledQuantity: left.cancelledQuantity + pieces }
      : { ...left, returnedQuantity: left.returnedQuantity + pieces };
  }
  return parts;
}

const wholeOf = (one: LineSums): LinePart => ({
  goodsVnd: vnd(one.priceVnd * one.quantity),
  discountVnd: one.discountVnd,
  promotionVnd: one.promotionVnd,
  paidVnd: vnd(one.priceVnd * one.quantity - one.discountVnd),
  vatVnd: one.vatVnd,
  commissionVnd: one.commissionVnd,
  commissionVatVnd: one.commissionVatVnd,
});

test('however a line is taken apart, its parts sum to the whole and none is less than nothing', () => {
  fc.assert(
    fc.property(line, bites, (whole, sizes) => {
      const parts = takeApart(whole, sizes);
      for (const part of parts) {
        for (const [name, amount] of Object.entries(part)) expect(amount, name).toBeGreaterThanOrEqual(0);
        expect(part.promotionVnd).toBeLessThanOrEqual(part.discountVnd);
        const taken = part.paidVnd + part.promotionVnd;
        expect(part.commissionVnd + part.commissionVatVnd).toBeLessThanOrEqual(taken);
        expect(part.vatVnd).toBeLessThanOrEqual(taken);
      }
      expect(sumParts(parts)).toEqual(wholeOf(whole));
    }),
    { numRuns: 2_000 },
  );
});

test('two ways to the same pieces give the same money back', () => {
  fc.assert(
    fc.property(line, bites, bites, (whole, one, other) => {
      const sums = [one, other].map((sizes) => sumParts(takeApart(whole, sizes)));
      expect(sums[0]).toEqual(sums[1]);
    }),
    { numRuns: 500 },
  );
});

test('three pieces at 10,000 with 1,000 off: 9,667 and 9,667 and 9,666 go back', () => {
  const sums = { vatVnd: vnd(0), commissionVnd: vnd(0), commissionVatVnd: vnd(0), promotionVnd: vnd(400) };
  const whole = { quantity: 3, cancelledQuantity: 0, returnedQuantity: 0, priceVnd: vnd(10_000), ...sums };
  const parts = takeApart({ ...whole, discountVnd: vnd(1_000) }, [
    [1, true],
    [1, false],
    [1, true],
  ]);
  expect(parts.map((part) => part.paidVnd)).toEqual([9_667, 9_667, 9_666]);
  expect(parts.map((part) => part.promotionVnd)).toEqual([133, 133, 134]);
});

test('more than is left is a fault of the program', () => {
  fc.assert(
    fc.property(line, (whole) => {
      expect(() => refundableOf(whole, whole.quantity + 1)).toThrow(RangeError);
      expect(() => refundableOf(whole, -1)).toThrow(RangeError);
      expect(refundableOf(whole, 0).paidVnd).toBe(0);
    }),
  );
});
