import { containedIn, split, sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import type { BundleId } from '#features/bundles/types.ts';
import { type PricedBusiness, type PricedCart, type PricedLine, takenFor } from '#features/carts/index.ts';

/** A gift box that is bought: so many at this price in all, without freight. */
export type SoldBundle = {
  readonly id: BundleId;
  readonly name: string;
  readonly boxes: number;
  readonly priceVnd: Vnd;
};

/**
 * The goods of gift boxes at the price of the boxes: what they cost less than their goods is divided over the lines by what
 * each costs, by largest remainder, and borne by whoever sells it. So each business's order has its part of the price.
 */
export function priceBundle(priced: PricedCart, { priceVnd }: SoldBundle): PricedCart {
  const goodsVnd = sumVnd(priced.lines.map(({ totalVnd }) => totalVnd));
  const parts = split(
    vnd(Math.max(0, goodsVnd - priceVnd)),
    priced.lines.map(({ totalVnd }) => totalVnd),
  );
  const lines = priced.lines.map((line, index): PricedLine => {
    const sums = { totalVnd: line.totalVnd, discountVnd: parts[index] ?? ZERO, promotionVnd: ZERO };
    return { ...line, ...sums, vatVnd: containedIn(takenFor(sums), line.facts.vatBps) };
  });
  const businesses = priced.businesses.map((business): PricedBusiness => {
    const own = lines.filter(({ facts }) => facts.businessId === business.businessId);
    const sum = (of: (line: PricedLine) => Vnd): Vnd => sumVnd(own.map(of));
    const discountVnd = sum((line) => line.discountVnd);
    return {
      ...business,
      lines: own,
      discountVnd,
      promotionVnd: ZERO,
      vatVnd: sum((line) => line.vatVnd),
      totalVnd: vnd(business.subtotalVnd - discountVnd + business.shippingVnd),
    };
  });
  return {
    ...priced,
    lines,
    businesses,
    discountVnd: sumVnd(parts),
    vatVnd: sumVnd(lines.map(({ vatVnd }) => vatVnd)),
    totalVnd: sumVnd(businesses.map(({ totalVnd }) => totalVnd)),
    // A box has its own price: no voucher comes on top of it, and none is used up.
    applied: [],
    refused: [],
  };
}
