import { describe, expect, test } from 'vitest';
import { bps, vnd } from '#core/money.ts';
import { priceCart } from '#features/carts/pricing.ts';
import { checkLines, checkRoom, checkSellable, repriced, type Sellable, type Wanted } from '#features/carts/rules.ts';
import { maxLines } from '#features/carts/types.ts';
import type { VariantFacts } from '#features/products/index.ts';
import { tariffOf } from '#test/support/tariff.ts';

const variant: Sellable = {
  variantId: 'v',
  forSale: true,
  partnerKey: null,
  priceVnd: vnd(50_000),
  minOrder: 2,
  maxOrder: 10,
};
const line = (over: Partial<Wanted> = {}): Wanted => ({
  variantId: 'v',
  quantity: 2,
  seenPriceVnd: vnd(50_000),
  ...over,
});
const known = new Map([['v', variant]]);
const refused = (code: string) => expect.objectContaining({ code });

describe('what may be put into a cart', () => {
  test('what is for sale here', () => expect(() => checkSellable(variant)).not.toThrow());
  test('not what is withdrawn', () =>
    expect(() => checkSellable({ ...variant, forSale: false })).toThrow(refused('not-for-sale')));
  test("not a partner's, which the partner sells", () =>
    expect(() => checkSellable({ ...variant, partnerKey: 'ca-mau' })).toThrow(refused('sold-by-partner')));
  test(`not a line beyond ${maxLines}`, () => {
    expect(() => checkRoom(maxLines - 1)).not.toThrow();
    expect(() => checkRoom(maxLines)).toThrow(refused('cart-full'));
  });
});

describe('what may be checked out', () => {
  test.each([2, 10])('%i, which is a limit itself', (quantity) =>
    expect(() => checkLines([line({ quantity })], known)).not.toThrow(),
  );
  test.each([1, 11])('not %i, which is outside', (quantity) =>
    expect(() => checkLines([line({ quantity })], known)).toThrow(refused('quantity-outside-limits')),
  );
  test('not nothing', () => expect(() => checkLines([], known)).toThrow(refused('cart-empty')));
  test('not what is gone', () => {
    const gone = expect.objectContaining({ code: 'not-for-sale', extra: { variantIds: ['x'] } });
    expect(() => checkLines([line(), line({ variantId: 'x' })], known)).toThrow(gone);
  });
  test('a price that moved is named with both prices', () => {
    expect(repriced([line({ seenPriceVnd: vnd(49_000) })], known)).toEqual([
      { variantId: 'v', seenPriceVnd: 49_000, priceVnd: 50_000 },
    ]);
    expect(repriced([line()], known)).toEqual([]);
  });
});

describe('a cart as money', () => {
  const facts = (variantId: string, businessId: string, priceVnd: number, isVoucher = false) =>
    ({
      variantId,
      businessId,
      businessName: businessId,
      businessSlug: businessId,
      priceVnd: vnd(priceVnd),
      vatBps: bps(800),
      isVoucher,
      ...{ grams: 1_000, volumeCm3: 0, storage: 'ambient' },
    }) as unknown as VariantFacts;
  const tariff = tariffOf();
  const known = (all: readonly VariantFacts[]) => ({ facts: all, tariff, choices: {}, offers: [], now: new Date(0) });
  const wanted = (variantId: string, quantity: number) => ({ variantId, quantity }) as never;

  test('one parcel a business, however many lines', () => {
    const cart = priceCart(
      [wanted('a', 2), wanted('b', 1), wanted('c', 1)],
      known([facts('a', 'one', 10_000), facts('b', 'one', 5_000), facts('c', 'two', 7_000)]),
    );
    expect(
      cart.businesses.map(({ businessId, subtotalVnd, shippingVnd }) => [businessId, subtotalVnd, shippingVnd]),
    ).toEqual([
      ['one', 25_000, 25_000],
      ['two', 7_000, 25_000],
    ]);
    expect(cart.totalVnd).toBe(82_000);
    expect(cart.businesses.map(({ vatVnd }) => vatVnd)).toEqual([1_481 + 370, 519]);
  });
  test('tickets alone are not sent; with a parcel they travel along', () => {
    const ticket = facts('t', 'one', 300_000, true);
    expect(priceCart([wanted('t', 1)], known([ticket])).totalVnd).toBe(300_000);
    expect(priceCart([wanted('t', 1), wanted('a', 1)], known([ticket, facts('a', 'one', 1_000)])).totalVnd).toBe(
      326_000,
    );
  });
});
