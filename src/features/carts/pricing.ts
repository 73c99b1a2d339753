import { sumVnd, times, type Vnd, ZERO } from '#core/money.ts';
import type { VariantFacts } from '#features/products/index.ts';
import type { VariantId } from '#features/products/types.ts';
import type { Rates, ShippingRate } from '#features/shipping/index.ts';

export type PricedLine = {
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly facts: VariantFacts;
  readonly totalVnd: Vnd;
};
export type PricedBusiness = {
  readonly businessId: VariantFacts['businessId'];
  readonly name: string;
  readonly slug: string;
  readonly lines: readonly PricedLine[];
  readonly subtotalVnd: Vnd;
  readonly shippingVnd: Vnd;
  readonly rateId: ShippingRate['id'];
};
export type PricedCart = {
  readonly lines: readonly PricedLine[];
  readonly businesses: readonly PricedBusiness[];
  readonly totalVnd: Vnd;
};

export const emptyCart: PricedCart = { lines: [], businesses: [], totalVnd: ZERO };

/** The one place where a cart becomes money: the cart's answer, its page and the orders of its checkout all come from here. */
export function priceCart(
  wanted: readonly { readonly variantId: VariantId; readonly quantity: number }[],
  facts: readonly VariantFacts[],
  rates: Rates,
): PricedCart {
  const byId = new Map(facts.map((one) => [one.variantId, one]));
  const lines = wanted.flatMap(({ variantId, quantity }): PricedLine[] => {
    const known = byId.get(variantId);
    return known ? [{ variantId, quantity, facts: known, totalVnd: times(known.priceVnd, quantity) }] : [];
  });
  const grouped = new Map<string, PricedLine[]>();
  for (const line of lines) grouped.set(line.facts.businessId, [...(grouped.get(line.facts.businessId) ?? []), line]);
  const businesses = [...grouped.values()].flatMap((own): PricedBusiness[] => {
    const [first] = own;
    if (!first) return [];
    // One parcel a business; a sale of tickets alone sends none.
    const rate = own.every((line) => line.facts.isVoucher) ? rates.voucher : rates.flat;
    const { businessId, businessName, businessSlug } = first.facts;
    return [
      {
        businessId,
        name: businessName,
        slug: businessSlug,
        lines: own,
        subtotalVnd: sumVnd(own.map((line) => line.totalVnd)),
        shippingVnd: rate.feeVnd,
        rateId: rate.id,
      },
    ];
  });
  return { lines, businesses, totalVnd: sumVnd(businesses.flatMap((one) => [one.subtotalVnd, one.shippingVnd])) };
}
