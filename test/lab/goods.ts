import { type Bps, vnd } from '#core/money.ts';
import type { ProductDraft } from '#features/products/index.ts';

/** A product named after its number. */
export const draftOf = (sku: string, priceVnd: number, onHand: number): ProductDraft => ({
  sku,
  slug: sku.toLowerCase(),
  nameVi: `Bánh pía ${sku}`,
  nameEn: '',
  aliases: [],
  categoryId: 1,
  unitVi: 'hộp',
  netWeightG: 400,
  grossWeightG: 450,
  lengthCm: 10,
  widthCm: 10,
  heightCm: 5,
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
