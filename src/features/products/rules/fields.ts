import { readGtin13 } from '#core/gtin.ts';
import {
  ALLERGENS,
  type FaultCode,
  type FieldChange,
  type FieldFault,
  type ProductFields,
  STORAGE,
  type VariantFields,
} from '../types.ts';
import { vatRatesFor } from './vat.ts';

/** Longest texts, in characters. A description of a page and a half is read by nobody. */
export const maxLength = {
  nameVi: 200,
  nameEn: 200,
  unitVi: 100,
  ingredientsVi: 2_000,
  descriptionVi: 5_000,
  descriptionEn: 5_000,
} as const;
/** A form has at most 200 fields, and each size takes eleven of them. */
export const maxVariants = 10;
export const maxPictures = 8;
const maxListed = 20;
const maxPriceVnd = 10_000_000_000;
const maxStock = 1_000_000;
const maxGrams = 2_000_000;

export const emptyVariant: VariantFields = {
  variantId: null,
  sku: '',
  label: '',
  priceVnd: null,
  compareAtVnd: null,
  next: null,
  netWeightG: 0,
  minOrder: 1,
  maxOrder: 100,
  onHand: null,
  active: true,
};
export const emptyFields: ProductFields = {
  nameVi: '',
  nameEn: '',
  aliases: [],
  categoryId: null,
  unitVi: '',
  netWeightG: 0,
  grossWeightG: 0,
  lengthCm: 0,
  widthCm: 0,
  heightCm: 0,
  storage: 'ambient',
  shelfLifeDays: null,
  vatBps: null,
  gtin: null,
  ingredientsVi: '',
  allergens: [],
  descriptionVi: '',
  descriptionEn: '',
  tags: [],
  seasonMonths: [],
  pictures: [],
  variants: [emptyVariant],
};

/** A lone size is called what the product is sold by. */
export const settled = (fields: ProductFields): ProductFields => {
  const [first, ...others] = fields.variants;
  return first && others.length === 0 && fields.unitVi !== ''
    ? { ...fields, variants: [{ ...first, label: fields.unitVi }] }
    : fields;
};

/** What is known outside the product: the day, which product sets there are and which of them are alcohol. */
export type Surroundings = {
  readonly today: string;
  readonly categories: ReadonlyMap<number, { readonly isAlcohol: boolean }>;
};

const fault = (field: string, code: FaultCode): FieldFault => ({ field, code });
const when = (wrong: boolean, field: string, code: FaultCode): FieldFault[] => (wrong ? [fault(field, code)] : []);
const isOutside = (value: number, lowest: number, highest: number): boolean =>
  !Number.isSafeInteger(value) || value < lowest || value > highest;

function faultsOfPrice(price: number | null, field: string): FieldFault[] {
  if (price === null) return [fault(field, 'missing')];
  if (price <= 0) return [fault(field, 'not-positive')];
  return when(isOutside(price, 1, maxPriceVnd), field, 'too-large');
}

function faultsOfVariant(variant: VariantFields, index: number, today: string): FieldFault[] {
  const at = (member: string): string => `variants/${index}/${member}`;
  const { priceVnd, compareAtVnd, next, netWeightG, minOrder, maxOrder, onHand, label, sku } = variant;
  return [
    ...faultsOfPrice(priceVnd, at('priceVnd')),
    ...(compareAtVnd === null ? [] : faultsOfPrice(compareAtVnd, at('compareAtVnd'))),
    ...(next === null ? [] : faultsOfPrice(next.priceVnd, at('next'))),
    ...when(next !== null && next.from <= today, at('next'), 'not-in-future'),
    ...when(label === '' && index > 0, at('label'), 'missing'),
    ...when(label.length > maxLength.unitVi, at('label'), 'too-long'),
    ...when(sku.length > 50, at('sku'), 'too-long'),
    ...when(isOutside(netWeightG, 0, maxGrams), at('netWeightG'), 'too-large'),
    ...when(isOutside(minOrder, 1, 100_000) || maxOrder < minOrder, at('minOrder'), 'limits-crossed'),
    ...when(isOutside(maxOrder, 1, 100_000), at('maxOrder'), 'too-large'),
    ...when(onHand !== null && isOutside(onHand, 0, maxStock), at('onHand'), 'too-large'),
  ];
}

function faultsOfTexts(fields: ProductFields): FieldFault[] {
  const texts = Object.entries(maxLength) as [keyof typeof maxLength, number][];
  return [
    ...texts.flatMap(([name, longest]) => when(fields[name].length > longest, name, 'too-long')),
    ...(['aliases', 'tags'] as const).flatMap((name) => [
      ...when(fields[name].length > maxListed, name, 'too-many'),
      ...when(
        fields[name].some((one) => one.length > 100),
        name,
        'too-long',
      ),
    ]),
  ];
}

/** Codes that two sizes share, whatever case and spaces: the second of them is at fault. */
function faultsOfCodes(variants: readonly VariantFields[]): FieldFault[] {
  const seen = new Set<string>();
  return variants.flatMap(({ sku }, index) => {
    const code = sku.replace(/\s/g, '').toLowerCase();
    const twice = code !== '' && seen.has(code);
    seen.add(code);
    return when(twice, `variants/${index}/sku`, 'sku-twice');
  });
}

function faultsOfTax({ categoryId, vatBps }: ProductFields, { today, categories }: Surroundings): FieldFault[] {
  const category = categoryId === null ? undefined : categories.get(categoryId);
  if (categoryId !== null && !category) return [fault('categoryId', 'unknown')];
  if (vatBps === null || vatRatesFor(today, category?.isAlcohol ?? false).includes(vatBps)) return [];
  return [fault('vatBps', category?.isAlcohol ? 'vat-alcohol' : 'vat-not-in-force')];
}

function faultsOfGtin(gtin: string | null): FieldFault[] {
  if (gtin === null) return [];
  const read = readGtin13(gtin);
  return 'fault' in read ? [fault('gtin', read.fault === 'length' ? 'gtin-length' : 'gtin-check-digit')] : [];
}

function faultsOfNumbers(fields: ProductFields): FieldFault[] {
  const { shelfLifeDays, seasonMonths, allergens, storage, pictures, variants } = fields;
  const sizes = ['netWeightG', 'grossWeightG', 'lengthCm', 'widthCm', 'heightCm'] as const;
  return [
    ...sizes.flatMap((name) => when(isOutside(fields[name], 0, maxGrams), name, 'too-large')),
    ...when(shelfLifeDays !== null && isOutside(shelfLifeDays, 1, 36_500), 'shelfLifeDays', 'too-large'),
    ...when(
      seasonMonths.some((month) => isOutside(month, 1, 12)),
      'seasonMonths',
      'unknown',
    ),
    ...when(
      allergens.some((one) => !ALLERGENS.includes(one)),
      'allergens',
      'unknown',
    ),
    ...when(!STORAGE.includes(storage), 'storage', 'unknown'),
    ...when(pictures.length > maxPictures, 'pictures', 'too-many'),
    ...when(variants.length > maxVariants, 'variants', 'too-many'),
    ...when(variants.length === 0, 'variants', 'missing'),
  ];
}

/** Everything that stands between these fields and a listing. A name, a price and a unit are all that must be there. */
export function faultsOf(fields: ProductFields, around: Surroundings): FieldFault[] {
  return [
    ...when(fields.nameVi === '', 'nameVi', 'missing'),
    ...when(fields.unitVi === '', 'unitVi', 'missing'),
    ...faultsOfTexts(fields),
    ...faultsOfNumbers(fields),
    ...faultsOfGtin(fields.gtin),
    ...faultsOfTax(fields, around),
    ...fields.variants.flatMap((variant, index) => faultsOfVariant(variant, index, around.today)),
    ...faultsOfCodes(fields.variants),
  ];
}

const variantMembers = [
  'sku',
  'label',
  'priceVnd',
  'compareAtVnd',
  'next',
  'netWeightG',
  'minOrder',
  'maxOrder',
  'onHand',
  'active',
] as const satisfies readonly (keyof VariantFields)[];

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What a size changes of itself: each member by its own name, or the whole of a size that is new. */
function changesOfVariant(before: VariantFields | undefined, after: VariantFields): FieldChange[] {
  if (!before) return [{ field: `variant.new.${after.sku}`, before: null, after }];
  return variantMembers
    .filter((member) => !same(before[member], after[member]))
    .map((member) => ({
      field: `variant.${before.variantId}.${member}`,
      before: before[member],
      after: after[member],
    }));
}

/** What `wanted` asks to be different from `live`, field by field. A size that is left out is taken off sale, never deleted. */
export function changesBetween(live: ProductFields, wanted: ProductFields): FieldChange[] {
  const { variants: liveVariants, ...liveFields } = live;
  const { variants: wantedVariants, ...wantedFields } = wanted;
  const names = Object.keys(liveFields) as (keyof typeof liveFields)[];
  const own = new Map(liveVariants.map((variant) => [variant.variantId, variant]));
  const kept = new Set(wantedVariants.map(({ variantId }) => variantId));
  return [
    ...names
      .filter((name) => !same(liveFields[name], wantedFields[name]))
      .map((name) => ({ field: name, before: liveFields[name], after: wantedFields[name] })),
    ...wantedVariants.flatMap((variant) =>
      changesOfVariant(variant.variantId === null ? undefined : own.get(variant.variantId), variant),
    ),
    ...liveVariants
      .filter(({ variantId, active }) => active && !kept.has(variantId))
      .map(({ variantId }) => ({ field: `variant.${variantId}.active`, before: true, after: false })),
  ];
}

/** `fields` once these changes are made; fields that it does not know are left out. */
export function withChanges(
  fields: ProductFields,
  changes: readonly Pick<FieldChange, 'field' | 'after'>[],
): ProductFields {
  const { variants, ...rest } = fields;
  const plain = Object.fromEntries(
    changes.filter(({ field }) => field in rest).map(({ field, after }) => [field, after]),
  );
  const changed = variants.map((variant): VariantFields => {
    const prefix = `variant.${variant.variantId}.`;
    const own = changes.filter(({ field }) => variant.variantId !== null && field.startsWith(prefix));
    return { ...variant, ...Object.fromEntries(own.map(({ field, after }) => [field.slice(prefix.length), after])) };
  });
  const added = changes
    .filter(({ field }) => field.startsWith('variant.new.'))
    .map(({ after }) => after as VariantFields);
  return { ...rest, ...(plain as Partial<typeof rest>), variants: [...changed, ...added] };
}

/** The value that a field has now, by its name in a change. */
export function fieldValue(fields: ProductFields, field: string): unknown {
  const [, variantId, member] = /^variant\.([^.]+)\.(.+)$/.exec(field) ?? [];
  if (variantId === undefined) return fields[field as keyof ProductFields];
  const variant = fields.variants.find((one) => one.variantId === variantId);
  return variant ? variant[member as keyof VariantFields] : null;
}

/** The fields of a product that is listed for the first time, from the changes that ask for it. */
export function listingOf(
  changes: readonly Pick<FieldChange, 'field' | 'after'>[],
  categoryId?: number,
): ProductFields {
  const fields = withChanges({ ...emptyFields, variants: [] }, changes);
  return { ...fields, categoryId: categoryId ?? fields.categoryId };
}
