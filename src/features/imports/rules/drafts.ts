import { bps, type Vnd } from '#core/money.ts';
import { slugify } from '#core/vietnamese.ts';
import type { RowValues } from '../types.ts';

/** Rows that name one product, in the order of the sheet; the first is its default size. */
export function groupGoods<Row extends { readonly values: RowValues; readonly productKey: string }>(
  rows: readonly Row[],
): readonly (readonly Row[])[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.productKey);
    if (group) group.push(row);
    else groups.set(row.productKey, [row]);
  }
  return [...groups.values()];
}

/** The usual address of a product; what is taken already gets the next number. */
export function createSlugs(taken: ReadonlySet<string>): (name: string, sku: string) => string {
  const used = new Set(taken);
  return (name, sku) => {
    const base = slugFor(name, sku);
    let slug = base;
    for (let number = 2; used.has(slug); number += 1) slug = `${base}-${number}`;
    used.add(slug);
    return slug;
  };
}

export const slugFor = (name: string, sku: string): string =>
  [slugify(name), slugify(sku)]
    .filter((part) => part !== '')
    .join('-')
    .slice(0, 180) || 'san-pham';

const sizeOf = (values: RowValues, isOnly: boolean) => ({
  sku: values.variantSku ?? values.sku ?? '',
  label: values.label ?? (isOnly ? (values.unitVi ?? '') : (values.variantSku ?? '')),
  priceVnd: values.priceVnd as Vnd,
  compareAtVnd: values.compareAtVnd,
  netWeightG: values.netWeightG ?? 0,
  onHand: values.stock ?? 0,
});

const unsaid = {
  sku: '',
  nameVi: '',
  nameEn: '',
  categoryId: 0,
  unitVi: '',
  netWeightG: 0,
  storage: 'ambient',
  vatRatePercent: 0,
  ingredientsVi: '',
  allergens: [],
  descriptionVi: '',
  descriptionEn: '',
  minOrder: 1,
  maxOrder: 999,
} as const satisfies RowValues;

/** A product as the catalogue takes it, of rows that were judged to be complete. */
export function draftOf(rows: readonly RowValues[], slug: string) {
  const said = { ...unsaid, ...rows[0] };
  const { stock: _stock, priceVnd: _price, compareAtVnd: _before, vatRatePercent, ...text } = said;
  const { variantSku: _variant, label: _label, producedOn: _day, ...fields } = text;
  return {
    ...fields,
    slug,
    aliases: [],
    // What packing adds is not said; freight is counted by what is.
    grossWeightG: said.netWeightG,
    lengthCm: 0,
    widthCm: 0,
    heightCm: 0,
    vatBps: bps(vatRatePercent * 100),
    tags: [],
    seasonMonths: [],
    maxOrder: Math.max(said.maxOrder, said.minOrder),
    variants: rows.map((values) => sizeOf(values, rows.length === 1)),
  };
}
