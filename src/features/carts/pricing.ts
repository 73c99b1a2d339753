import { containedIn, sumVnd, times, type Vnd, vnd, ZERO } from '#core/money.ts';
import type { VariantFacts } from '#features/products/index.ts';
import type { VariantId } from '#features/products/types.ts';
import { freightOf } from '#features/shipping/index.ts';
import type { Freight, Goods as SentGoods, Tariff } from '#features/shipping/types.ts';
import { type Discounts, discountsOf } from '#features/vouchers/index.ts';
import type { Offer } from '#features/vouchers/types.ts';
import type { Choices } from './types.ts';

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
  readonly freight: Freight;
};
export type PricedCart = {
  readonly lines: readonly PricedLine[];
  readonly businesses: readonly PricedBusiness[];
  readonly discountVnd: Vnd;
  readonly vatVnd: Vnd;
  readonly totalVnd: Vnd;
  readonly applied: Discounts['applied'];
  readonly refused: Discounts['refused'];
};

export const emptyCart: PricedCart = {
  ...{ lines: [], businesses: [], applied: [], refused: [] },
  ...{ discountVnd: ZERO, vatVnd: ZERO, totalVnd: ZERO },
};

/** What the business takes for a line: the discount that it bears lowers its price, and so its VAT and fee; the exchange's does not. */
export const takenFor = (line: Pick<PricedLine, 'totalVnd' | 'discountVnd' | 'promotionVnd'>): Vnd =>
  vnd(line.totalVnd - line.discountVnd + line.promotionVnd);

type Goods = Pick<PricedLine, 'variantId' | 'quantity' | 'facts' | 'totalVnd'>;

/** The goods of one business, and how they are sent. */
type Parcel = { readonly first: VariantFacts; readonly lines: readonly Goods[]; readonly freight: Freight };

const sentAs = ({ facts, quantity }: Goods): SentGoods => ({
  productId: facts.productId,
  name: facts.name,
  quantity,
  grams: facts.grams,
  volumeCm3: facts.volumeCm3,
  storage: facts.storage,
  isVoucher: facts.isVoucher,
});

function parcelsOf(goods: readonly Goods[], tariff: Tariff, choices: Choices): Parcel[] {
  const grouped = new Map<string, Goods[]>();
  for (const line of goods) grouped.set(line.facts.businessId, [...(grouped.get(line.facts.businessId) ?? []), line]);
  return [...grouped.values()].flatMap((lines): Parcel[] => {
    const [first] = lines;
    if (!first) return [];
    const { businessId } = first.facts;
    const subtotalVnd = sumVnd(lines.map((line) => line.totalVnd));
    const freight = freightOf(tariff, businessId, lines.map(sentAs), subtotalVnd, choices[businessId]);
    return [{ first: first.facts, lines, freight }];
  });
}

function priceBusiness({ first, freight }: Parcel, lines: readonly PricedLine[]): PricedBusiness {
  const sum = (of: (line: PricedLine) => Vnd): Vnd => sumVnd(lines.map(of));
  const subtotalVnd = sum((line) => line.totalVnd);
  const discountVnd = sum((line) => line.discountVnd);
  return {
    businessId: first.businessId,
    name: first.businessName,
    slug: first.businessSlug,
    lines,
    subtotalVnd,
    discountVnd,
    promotionVnd: sum((line) => line.promotionVnd),
    vatVnd: sum((line) => line.vatVnd),
    shippingVnd: freight.feeVnd,
    totalVnd: vnd(subtotalVnd - discountVnd + freight.feeVnd),
    freight,
  };
}

/** What a cart is priced by, all of one moment. */
export type PriceFacts = {
  readonly facts: readonly VariantFacts[];
  readonly tariff: Tariff;
  readonly choices: Choices;
  readonly offers: readonly Offer[];
  readonly now: Date;
};

/** The one place where a cart becomes money: the cart's answer, its page and the orders of its checkout all come from here. */
export function priceCart(
  wanted: readonly { readonly variantId: VariantId; readonly quantity: number }[],
  { facts, tariff, choices, offers, now }: PriceFacts,
): PricedCart {
  const byId = new Map(facts.map((one) => [one.variantId, one]));
  const goods = wanted.flatMap(({ variantId, quantity }): Goods[] => {
    const known = byId.get(variantId);
    return known ? [{ variantId, quantity, facts: known, totalVnd: times(known.priceVnd, quantity) }] : [];
  });
  const parcels = parcelsOf(goods, tariff, choices);
  const freight = new Map(parcels.map((one) => [one.first.businessId as string, one.freight.feeVnd]));
  const looked = goods.map(({ facts: { businessId, categoryId, productId }, totalVnd }) => ({
    ...{ businessId, categoryId, productId, totalVnd },
  }));
  const { lines: discounts, applied, refused } = discountsOf(looked, freight, offers, now);
  const lines = goods.map((line, index): PricedLine => {
    const sums = { discountVnd: ZERO, promotionVnd: ZERO, ...discounts[index] };
    const vatVnd = containedIn(takenFor({ ...line, ...sums }), line.facts.vatBps);
    return { ...line, ...sums, vatVnd };
  });
  const businesses = parcels.map((parcel) =>
    priceBusiness(
      parcel,
      lines.filter(({ facts: { businessId } }) => businessId === parcel.first.businessId),
    ),
  );
  const sum = (of: (one: PricedBusiness) => Vnd): Vnd => sumVnd(businesses.map(of));
  return {
    lines,
    businesses,
    discountVnd: sum((one) => one.discountVnd),
    vatVnd: sum((one) => one.vatVnd),
    totalVnd: sum((one) => one.totalVnd),
    applied,
    refused,
  };
}
