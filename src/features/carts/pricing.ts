import { containedIn, sumVnd, times, type Vnd, vnd, ZERO } from '#core/money.ts';
import type { VariantFacts } from '#features/products/index.ts';
import type { VariantId } from '#features/products/types.ts';
import type { Rates, ShippingRate } from '#features/shipping/index.ts';

export type PricedLine = {
  readonly variantId: VariantId;
  readonly quantity: number;
  readonly facts: VariantFacts;
  /** Price × pieces, before what vouchers take off. */
  readonly totalVnd: Vnd;
  readonly discountVnd: Vnd;
  /** What of the discount the exchange pays the business for. */
  readonly promotionVnd: Vnd;
  /** The VAT contained in what the business takes. */
  readonly vatVnd: Vnd;
};
export type PricedBusiness = {
  readonly businessId: VariantFacts['businessId'];
  readonly name: string;
  readonly slug: string;
  readonly lines: readonly PricedLine[];
  readonly subtotalVnd: Vnd;
  readonly discountVnd: Vnd;
  readonly promotionVnd: Vnd;
  readonly vatVnd: Vnd;
  readonly shippingVnd: Vnd;
  /** Goods less discount, and freight. */
  readonly totalVnd: Vnd;
  readonly rateId: ShippingRate['id'];
};
export type PricedCart = {
  readonly lines: readonly PricedLine[];
  readonly businesses: readonly PricedBusiness[];
  readonly totalVnd: Vnd;
};

export const emptyCart: PricedCart = { lines: [], businesses: [], totalVnd: ZERO };

/** What the business takes for a line: the discount that it bears lowers its price, and so its VAT and fee; the exchange's does not. */
export const takenFor = (line: Pick<PricedLine, 'totalVnd' | 'discountVnd' | 'promotionVnd'>): Vnd =>
  vnd(line.totalVnd - line.discountVnd + line.promotionVnd);

function priceLine(variantId: VariantId, quantity: number, facts: VariantFacts): PricedLine {
  const totalVnd = times(facts.priceVnd, quantity);
  const sums = { totalVnd, discountVnd: ZERO, promotionVnd: ZERO };
  return { variantId, quantity, facts, ...sums, vatVnd: containedIn(takenFor(sums), facts.vatBps) };
}

/** The one place where a cart becomes money: the cart's answer, its page and the orders of its checkout all come from here. */
export function priceCart(
  wanted: readonly { readonly variantId: VariantId; readonly quantity: number }[],
  facts: readonly VariantFacts[],
  rates: Rates,
): PricedCart {
  const byId = new Map(facts.map((one) => [one.variantId, one]));
  const lines = wanted.flatMap(({ variantId, quantity }): PricedLine[] => {
    const known = byId.get(variantId);
    return known ? [priceLine(variantId, quantity, known)] : [];
  });
  const grouped = new Map<string, PricedLine[]>();
  for (const line of lines) grouped.set(line.facts.businessId, [...(grouped.get(line.facts.businessId) ?? []), line]);
  const businesses = [...grouped.values()].flatMap((own): PricedBusiness[] => {
    const [first] = own;
    if (!first) return [];
    // One parcel a business; a sale of tickets alone sends none.
    const rate = own.every((line) => line.facts.isVoucher) ? rates.voucher : rates.flat;
    const { businessId, businessName, businessSlug } = first.facts;
    const sum = (of: (line: PricedLine) => Vnd): Vnd => sumVnd(own.map(of));
    const subtotalVnd = sum((line) => line.totalVnd);
    const discountVnd = sum((line) => line.discountVnd);
    return [
      {
        businessId,
        name: businessName,
        slug: businessSlug,
        lines: own,
        subtotalVnd,
        discountVnd,
        promotionVnd: sum((line) => line.promotionVnd),
        vatVnd: sum((line) => line.vatVnd),
        shippingVnd: rate.feeVnd,
        totalVnd: vnd(subtotalVnd - discountVnd + rate.feeVnd),
        rateId: rate.id,
      },
    ];
  });
  return { lines, businesses, totalVnd: sumVnd(businesses.map((one) => one.totalVnd)) };
}
