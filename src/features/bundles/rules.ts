import { sumVnd, times, type Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type BundleItem, bundleProblems } from './types.ts';

const refuse = refusals(bundleProblems);

/** What is known of a size that goes into a box. */
export type Good = {
  readonly variantId: string;
  readonly businessId: string;
  readonly priceVnd: Vnd;
  readonly available: number;
  readonly forSale: boolean;
  readonly partnerKey: string | null;
};

/** What the goods of one box cost by themselves. */
export const goodsVndOf = (items: readonly BundleItem[], goods: readonly Good[]): Vnd =>
  sumVnd(
    items.flatMap(({ variantId, quantity }) =>
      goods.filter((good) => good.variantId === variantId).map(({ priceVnd }) => times(priceVnd, quantity)),
    ),
  );

/** How many boxes could be packed now: the scarcest of its goods decides. None where one is not for sale. */
export function boxesLeft(items: readonly BundleItem[], goods: readonly Good[]): number {
  const each = items.map(({ variantId, quantity }) => {
    const good = goods.find((one) => one.variantId === variantId);
    return good?.forSale ? Math.floor(good.available / quantity) : 0;
  });
  return Math.max(0, Math.min(...each));
}

/** A box is worth putting together where it joins businesses and costs no more than its goods. */
export function checkBundle(items: readonly BundleItem[], priceVnd: Vnd, goods: readonly Good[]): void {
  const isSellable = (id: string): boolean =>
    goods.some(({ variantId, forSale, partnerKey }) => variantId === id && forSale && partnerKey === null);
  const unknown = items.filter(({ variantId }) => !isSellable(variantId)).map(({ variantId }) => variantId);
  if (unknown.length > 0) throw refuse('bundle-item-unknown', { variantIds: unknown });
  const named = new Set(items.map(({ variantId }) => variantId));
  const sellers = new Set(goods.map(({ businessId }) => businessId));
  if (named.size < Math.max(2, items.length) || sellers.size < 2) throw refuse('bundle-too-small');
  const goodsVnd = goodsVndOf(items, goods);
  if (priceVnd < 1_000 || priceVnd > goodsVnd) throw refuse('bundle-price-above-goods', { goodsVnd });
}
