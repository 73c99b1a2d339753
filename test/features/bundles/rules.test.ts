import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumVnd, vnd } from '#core/money.ts';
import { boxesLeft, checkBundle, type Good, goodsVndOf } from '#features/bundles/rules.ts';
import type { BundleItem } from '#features/bundles/types.ts';
import type { PricedCart } from '#features/carts/index.ts';
import { priceBundle } from '#features/orders/bundle-pricing.ts';

const good = (variantId: string, more: Partial<Good> = {}): Good => ({
  variantId,
  businessId: variantId,
  priceVnd: vnd(50_000),
  available: 10,
  forSale: true,
  partnerKey: null,
  ...more,
});
const item = (variantId: string, quantity = 1) => ({ variantId, quantity }) as BundleItem;

describe('a box', () => {
  const items = [item('a'), item('b', 2)];
  const goods = [good('a'), good('b')];
  test('of two businesses at no more than its goods may be sold', () => {
    expect(goodsVndOf(items, goods)).toBe(150_000);
    expect(() => checkBundle(items, vnd(150_000), goods)).not.toThrow();
  });
  test.each<[string, readonly BundleItem[], number, readonly Good[], string]>([
    ['above the price of its goods', items, 150_001, goods, 'bundle-price-above-goods'],
    ['for nothing', items, 0, goods, 'bundle-price-above-goods'],
    ['of one business', items, 100_000, [good('a'), good('b', { businessId: 'a' })], 'bundle-too-small'],
    ['of one thing', [item('a')], 40_000, [good('a')], 'bundle-too-small'],
    ['with the same thing twice', [item('a'), item('a')], 40_000, [good('a')], 'bundle-too-small'],
    ['with what is not for sale', items, 100_000, [good('a'), good('b', { forSale: false })], 'bundle-item-unknown'],
    [
      'with what a partner sells',
      items,
      100_000,
      [good('a', { partnerKey: 'ca-mau' }), good('b')],
      'bundle-item-unknown',
    ],
    ['with what nobody knows', items, 100_000, [good('a')], 'bundle-item-unknown'],
  ])('%s is refused', (_name, of, price, known, code) =>
    expect(() => checkBundle(of, vnd(price), known)).toThrow(expect.objectContaining({ code })),
  );
  test('is there as often as its scarcest good allows', () => {
    expect(boxesLeft(items, [good('a', { available: 9 }), good('b', { available: 7 })])).toBe(3);
    expect(boxesLeft(items, [good('a'), good('b', { forSale: false })])).toBe(0);
    expect(boxesLeft(items, [good('a')])).toBe(0);
  });
});

test('the price of a box is divided to the đồng: parts sum to it and none is less than nothing', () => {
  const lines = fc.array(
    fc.record({ business: fc.constantFrom('x', 'y', 'z'), totalVnd: fc.integer({ min: 1, max: 9_999_999 }) }),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(lines, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
      const priced = all.map(({ business, totalVnd }, index) => ({
        variantId: String(index),
        quantity: 1,
        facts: { businessId: business, vatBps: 800 },
        totalVnd: vnd(totalVnd),
      }));
      const shops = [...new Set(all.map(({ business }) => business))].map((businessId) => ({
        businessId,
        subtotalVnd: sumVnd(priced.filter(({ facts }) => facts.businessId === businessId).map((line) => line.totalVnd)),
        shippingVnd: vnd(25_000),
      }));
      const goodsVnd = sumVnd(priced.map((line) => line.totalVnd));
      const priceVnd = vnd(Math.max(1, Math.floor(goodsVnd * share)));
      const sold = priceBundle({ lines: priced, businesses: shops } as unknown as PricedCart, {
        id: 'b' as never,
        name: 'Hộp',
        boxes: 1,
        priceVnd,
      });
      expect(sold.totalVnd).toBe(priceVnd + 25_000 * shops.length);
      for (const line of sold.lines) {
        expect(line.totalVnd - line.discountVnd).toBeGreaterThanOrEqual(0);
        expect(line.vatVnd).toBeGreaterThanOrEqual(0);
      }
      expect(sumVnd(sold.businesses.map((shop) => shop.discountVnd))).toBe(goodsVnd - priceVnd);
    }),
  );
});
