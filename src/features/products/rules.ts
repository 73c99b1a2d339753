import type { Bps, Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { productProblems, type Storage } from './types.ts';

const refuse = refusals(productProblems);
const maxPriceVnd = 10_000_000_000;

export type VariantDraft = {
  readonly sku: string;
  readonly label: string;
  readonly priceVnd: Vnd;
  readonly compareAtVnd?: Vnd | undefined;
  readonly netWeightG: number;
  readonly onHand: number;
};

/** What a seller gives for a product. `variants` holds the default first. Weights in grams, sizes in centimetres. */
export type ProductDraft = {
  readonly sku: string;
  readonly slug: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly aliases: readonly string[];
  readonly categoryId: number;
  readonly unitVi: string;
  readonly netWeightG: number;
  readonly grossWeightG: number;
  readonly lengthCm: number;
  readonly widthCm: number;
  readonly heightCm: number;
  readonly storage: Storage;
  readonly shelfLifeDays?: number | undefined;
  readonly vatBps: Bps;
  readonly gtin?: string | undefined;
  readonly ingredientsVi: string;
  readonly allergens: readonly string[];
  readonly descriptionVi: string;
  readonly descriptionEn: string;
  readonly tags: readonly string[];
  readonly seasonMonths: readonly number[];
  readonly minOrder: number;
  readonly maxOrder: number;
  readonly variants: readonly VariantDraft[];
};

export function checkPrice(priceVnd: number): void {
  if (!Number.isSafeInteger(priceVnd) || priceVnd <= 0 || priceVnd > maxPriceVnd)
    throw refuse('price-invalid', { priceVnd });
}

export function checkDraft(draft: ProductDraft): ProductDraft {
  for (const { priceVnd, compareAtVnd } of draft.variants) {
    checkPrice(priceVnd);
    if (compareAtVnd !== undefined) checkPrice(compareAtVnd);
  }
  return draft;
}

/** A tint that is the same for a product every time, so that a page of drawings does not look like one drawing 24 times. */
export const tintOf = (sku: string): number =>
  [...sku].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 64, 7);
