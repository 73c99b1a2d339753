import { type Vnd, vnd } from '#core/money.ts';
import type { ProductFields, ProductId, VariantFields, VariantId } from '#features/products/types.ts';
import type { Changes, RowValues, ValueName } from '../types.ts';
import { keyOf } from './cells.ts';
import type { Held } from './judging.ts';

/** One field of a change set that waits for an officer. */
export type OpenItem = { readonly field: string; readonly after: unknown };

/** What the seller wants already: a sheet that says the same again asks for nothing new. */
export function withOpen(values: RowValues, variantId: VariantId, open: readonly OpenItem[]): RowValues {
  const wanted: Record<string, unknown> = { ...values };
  for (const { field, after } of open) {
    const [, id, member] = /^variant\.([0-9a-f-]{36})\.(\w+)$/.exec(field) ?? [];
    const name = id === undefined ? field : id === variantId ? member : undefined;
    if (name === 'vatBps') wanted.vatRatePercent = Number(after) / 100;
    else if (name !== undefined && name in values) wanted[name] = after;
  }
  return wanted as RowValues;
}

const some = <Name extends ValueName>(name: Name, value: RowValues[Name] | null): Partial<RowValues> =>
  value === null || value === undefined ? {} : { [name]: value };

const sizeValues = (fields: ProductFields, size: VariantFields): RowValues => ({
  sku: size.sku,
  label: size.label,
  nameVi: fields.nameVi,
  nameEn: fields.nameEn,
  unitVi: fields.unitVi,
  netWeightG: size.netWeightG,
  descriptionVi: fields.descriptionVi,
  descriptionEn: fields.descriptionEn,
  ingredientsVi: fields.ingredientsVi,
  allergens: fields.allergens,
  storage: fields.storage,
  minOrder: size.minOrder,
  maxOrder: size.maxOrder,
  stock: size.onHand ?? 0,
  ...some('categoryId', fields.categoryId),
  ...some('priceVnd', size.priceVnd),
  ...some('compareAtVnd', size.compareAtVnd),
  ...some('gtin', fields.gtin),
  ...some('shelfLifeDays', fields.shelfLifeDays),
  ...some('vatRatePercent', fields.vatBps === null ? null : fields.vatBps / 100),
});

/** The sizes of a draft as rows would name them. */
export const draftSizes = (productId: ProductId, fields: ProductFields): readonly Held[] =>
  fields.variants.map((size, position) => ({
    productId,
    variantId: null,
    isDefault: position === 0,
    held: 0,
    madeOn: null,
    values: sizeValues(fields, size),
  }));

const productNames = [
  'nameVi',
  'nameEn',
  'categoryId',
  'unitVi',
  'gtin',
  'descriptionVi',
  'descriptionEn',
  'ingredientsVi',
  'allergens',
  'storage',
  'shelfLifeDays',
] as const;
const sizeNames = ['label', 'priceVnd', 'compareAtVnd', 'netWeightG', 'minOrder', 'maxOrder'] as const;

const pick = (values: RowValues, names: readonly ValueName[]): Record<string, unknown> =>
  Object.fromEntries(names.filter((name) => values[name] !== undefined).map((name) => [name, values[name]]));
const rateOf = ({ vatRatePercent }: RowValues) =>
  vatRatePercent === undefined ? {} : { vatBps: vatRatePercent * 100 };

/** What a row wants of a product that is there, laid over what it is now. Only what differed in the preview is touched. */
export function patched(
  fields: ProductFields,
  values: RowValues,
  changes: Changes,
  variantId: VariantId | null,
): ProductFields {
  const changed: RowValues = Object.fromEntries(Object.keys(changes).map((name) => [name, values[name as ValueName]]));
  const key = keyOf(values.variantSku ?? values.sku ?? '');
  const isMeant = (size: VariantFields): boolean =>
    variantId === null ? keyOf(size.sku) === key : size.variantId === variantId;
  const isDefault = fields.variants[0] !== undefined && isMeant(fields.variants[0]);
  const variants = fields.variants.map((size) =>
    isMeant(size)
      ? {
          ...size,
          ...pick(changed, sizeNames),
          ...(variantId === null && changed.stock !== undefined ? { onHand: changed.stock } : {}),
        }
      : size,
  );
  const weight = isDefault && changed.netWeightG !== undefined ? { netWeightG: changed.netWeightG } : {};
  return { ...fields, ...pick(changed, productNames), ...rateOf(changed), ...weight, variants };
}

const newSize = (blank: VariantFields, values: RowValues): VariantFields => ({
  ...blank,
  ...pick(values, sizeNames),
  variantId: null,
  sku: values.variantSku ?? values.sku ?? '',
  label: values.label ?? values.unitVi ?? '',
  priceVnd: vnd(values.priceVnd ?? (0 as Vnd)),
  maxOrder: Math.max(values.maxOrder ?? blank.maxOrder, values.minOrder ?? 1),
  onHand: values.stock ?? 0,
});

/** A new product of the rows that name it, laid over an empty one. */
export function drafted(empty: ProductFields, rows: readonly RowValues[]): ProductFields {
  const [first = {}] = rows;
  const [blank] = empty.variants;
  return {
    ...empty,
    ...pick(first, productNames),
    ...rateOf(first),
    netWeightG: first.netWeightG ?? 0,
    grossWeightG: first.netWeightG ?? 0,
    variants: blank ? rows.map((values) => newSize(blank, values)) : [],
  };
}
