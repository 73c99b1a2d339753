import { type Bps, vnd } from '#core/money.ts';
import type { ProductDraft } from '#features/products/index.ts';

/** A box of cakes with nothing remarkable about it. */
export const plainDraft = (sku: string, nameVi: string, priceVnd: number, onHand: number): ProductDraft => ({
  sku,
  slug: sku.toLowerCase(),
  nameVi,
  nameEn: '',
  aliases: [],
  categoryId: 1,
  unitVi: 'hộp',
  netWeightG: 400,
  grossWeightG: 450,
  lengthCm: 1,
  widthCm: 1,
  heightCm: 1,
  storage: 'ambient',
  vatBps: 800 as Bps,
  ingredientsVi: '',
  allergens: [],
  descriptionVi: 'Ngon.',
  descriptionEn: '',
  tags: [],
  seasonMonths: [],
  minOrder: 1,
  maxOrder: 99,
  variants: [{ sku, label: 'Hộp', priceVnd: vnd(priceVnd), netWeightG: 400, onHand }],
});
