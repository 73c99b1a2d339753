import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { Freight } from '#features/shipping/types.ts';
import { type Choices, cartProblems, maxLines } from './types.ts';

const refuse = refusals(cartProblems);

/** What is known of a variant when it is put into a cart or checked out. */
export type Sellable = {
  readonly variantId: string;
  readonly forSale: boolean;
  readonly partnerKey: string | null;
  readonly priceVnd: Vnd;
  readonly minOrder: number;
  readonly maxOrder: number;
};
export type Wanted = { readonly variantId: string; readonly quantity: number; readonly seenPriceVnd: Vnd };

export function checkSellable(variant: Sellable): void {
  if (variant.partnerKey !== null)
    throw refuse('sold-by-partner', { variantIds: [variant.variantId], partner: variant.partnerKey });
  if (!variant.forSale) throw refuse('not-for-sale', { variantIds: [variant.variantId] });
}

export function checkRoom(lineCount: number): void {
  if (lineCount >= maxLines) throw refuse('cart-full', { maxLines });
}

/** All that must hold of the lines before stock is asked: for sale, and within the limits of each. */
export function checkLines(lines: readonly Wanted[], variants: ReadonlyMap<string, Sellable>): void {
  if (lines.length === 0) throw refuse('cart-empty');
  const gone = lines.filter((line) => !variants.get(line.variantId)?.forSale).map((line) => line.variantId);
  if (gone.length > 0) throw refuse('not-for-sale', { variantIds: gone });
  const outside = lines.flatMap((line) => {
    const variant = variants.get(line.variantId);
    if (!variant || (line.quantity >= variant.minOrder && line.quantity <= variant.maxOrder)) return [];
    return [
      { variantId: line.variantId, quantity: line.quantity, minOrder: variant.minOrder, maxOrder: variant.maxOrder },
    ];
  });
  if (outside.length > 0) throw refuse('quantity-outside-limits', { lines: outside });
}

/** Alcohol is sold to those who say that they are 18 or older; the order keeps that they did. */
export function checkAge(needsAge: boolean, ageConfirmed: boolean): void {
  if (needsAge && !ageConfirmed) throw refuse('age-not-confirmed', { pointer: '/ageConfirmed' });
}

/** The lines whose price is no longer what the shopper was shown. */
export const repriced = (lines: readonly Wanted[], variants: ReadonlyMap<string, Sellable>) =>
  lines.flatMap((line) => {
    const variant = variants.get(line.variantId);
    return variant && variant.priceVnd !== line.seenPriceVnd
      ? [{ variantId: line.variantId, seenPriceVnd: line.seenPriceVnd, priceVnd: variant.priceVnd }]
      : [];
  });

/** What is left once invisible characters are gone must still name somebody and somewhere. */
export function checkContact(given: {
  readonly name: string;
  readonly line: string;
  readonly email: string | undefined;
}): void {
  if (given.name === '') throw refuse('name-missing', { pointer: '/recipient/name' });
  if (given.line === '') throw refuse('street-missing', { pointer: '/address/line' });
  if (given.email && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given.email))
    throw refuse('email-invalid', { pointer: '/recipient/email' });
}

type Sent = { readonly businessId: string; readonly name: string; readonly freight: Freight };

/** Each choice is for a business of the cart, and one that it offers. */
export function checkChoices(choices: Choices, businesses: readonly Sent[]): void {
  const stranger = Object.keys(choices).find((id) => businesses.every(({ businessId }) => businessId !== id));
  if (stranger) throw refuse('not-in-cart', { pointer: '/choices', businessId: stranger });
  const gone = businesses.find(({ freight }) => freight.isChoiceGone);
  if (gone) throw refuse('pickup-not-offered', { pointer: '/choices', businessId: gone.businessId });
}

/** What is sent can be sent there: pick-up is still offered where it was chosen, and nothing spoils on its way. */
export function checkFreight(businesses: readonly Sent[]): void {
  const gone = businesses.find(({ freight }) => freight.isChoiceGone);
  if (gone) throw refuse('pickup-not-offered', { businessId: gone.businessId });
  const products = businesses.flatMap(({ businessId, freight }) =>
    freight.spoiling.map((spoiling) => ({ ...spoiling, businessId })),
  );
  if (products.length > 0) throw refuse('goods-would-spoil', { products });
}
