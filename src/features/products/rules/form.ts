import { type MoneyFault, readMoney } from '#core/read-money.ts';
import { clean } from '#core/vietnamese.ts';
import {
  ALLERGENS,
  type FieldFault,
  type NextPrice,
  type PictureFields,
  type ProductFields,
  STORAGE,
  type VariantFields,
} from '../types.ts';
import { maxPictures, maxVariants } from './fields.ts';

/** A form as it was sent, or as it is to be shown: one value by its name, and all of a group of boxes. */
export type FormValues = {
  readonly get: (name: string) => string;
  readonly all: (name: string) => readonly string[];
};
export type ReadForm = {
  readonly fields: ProductFields;
  /** What could not be read, by the name of its form field. */
  readonly typed: Readonly<Record<string, string>>;
  readonly faults: readonly FieldFault[];
};

/** Paragraphs stay; everything else is as `clean` makes it. */
const tidy = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map(clean)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
const line = (text: string): string => clean(text.toWellFormed());
const listOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .toWellFormed()
      .split(/[,;\n]/)
      .map(clean)
      .filter((one) => one !== ''),
  ),
];

type Collected = { readonly typed: Record<string, string>; readonly faults: FieldFault[] };

const moneyCodes: Readonly<Record<MoneyFault, FieldFault['code']>> = {
  missing: 'missing',
  unreadable: 'unreadable',
  ambiguous: 'ambiguous',
  negative: 'negative',
  fraction: 'fraction',
  'too-large': 'too-large',
};

/** An amount, or null with the reason written down. A blank is no fault here: whether it may be is judged later. */
function moneyOf(text: string, name: string, field: string, into: Collected) {
  const read = readMoney(text);
  if (typeof read === 'number') return read;
  if (read !== 'missing') {
    into.typed[name] = text;
    into.faults.push({ field, code: moneyCodes[read] });
  }
  return null;
}

const wholeText = /^(?:\d{1,9}|\d{1,3}(?:[. ]\d{3})+)$/;
function wholeOf(text: string, name: string, field: string, into: Collected, blank = 0): number {
  const bare = line(text);
  if (bare === '') return blank;
  if (wholeText.test(bare)) return Number(bare.replace(/\D/g, ''));
  into.typed[name] = text;
  into.faults.push({ field, code: 'unreadable' });
  return blank;
}

const weight = /^(\d{1,6}(?:[.,]\d{1,3})?|\d{1,3}(?:\.\d{3})+) ?(kg|kí|ký|g|gr|gram|l|lít|ml)?$/iu;
/** Grams from `500`, `500 g`, `1,5 kg`, `2 lít`. */
function gramsOf(text: string, name: string, field: string, into: Collected): number {
  const bare = line(text);
  if (bare === '') return 0;
  const [, number = '', unit = 'g'] = weight.exec(bare) ?? [];
  const isLarge = /^(kg|kí|ký|l|lít)$/i.test(unit);
  const grams = isLarge ? Number(number.replace(',', '.')) * 1_000 : Number(number.replace(/[.,]/g, ''));
  if (number !== '' && Number.isSafeInteger(Math.round(grams))) return Math.round(grams);
  into.typed[name] = text;
  into.faults.push({ field, code: 'unreadable' });
  return 0;
}

const day = /^\d{4}-\d{2}-\d{2}$/;
function nextOf(form: FormValues, prefix: string, at: string, into: Collected): NextPrice | null {
  const from = form.get(`${prefix}-nextFrom`);
  const typed = form.get(`${prefix}-nextPrice`);
  if (typed === '' && from === '') return null;
  const priceVnd = moneyOf(typed, `${prefix}-nextPrice`, `${at}/next`, into);
  if (priceVnd !== null && day.test(from)) return { priceVnd, from };
  into.typed[`${prefix}-nextFrom`] = from;
  into.typed[`${prefix}-nextPrice`] = typed;
  into.faults.push({ field: `${at}/next`, code: 'missing' });
  return null;
}

/** Of a size that stands in the shop already the stock is set only when another number was typed than was shown. */
function stockOf(form: FormValues, prefix: string, at: string, into: Collected): number | null {
  const typed = form.get(`${prefix}-stock`);
  if (typed === '' || typed === form.get(`${prefix}-stockWas`)) return null;
  return wholeOf(typed, `${prefix}-stock`, `${at}/onHand`, into);
}

function variantOf(form: FormValues, index: number, known: VariantFields | undefined, into: Collected): VariantFields {
  const prefix = `v${index}`;
  const at = `variants/${index}`;
  const get = (name: string): string => form.get(`${prefix}-${name}`);
  const compareAt = get('compareAt');
  return {
    variantId: known?.variantId ?? null,
    sku: line(get('sku')),
    label: line(get('label')),
    priceVnd: moneyOf(get('price'), `${prefix}-price`, `${at}/priceVnd`, into),
    compareAtVnd: compareAt === '' ? null : moneyOf(compareAt, `${prefix}-compareAt`, `${at}/compareAtVnd`, into),
    next: nextOf(form, prefix, at, into),
    netWeightG: gramsOf(get('weight'), `${prefix}-weight`, `${at}/netWeightG`, into),
    minOrder: wholeOf(get('min'), `${prefix}-min`, `${at}/minOrder`, into, 1),
    maxOrder: wholeOf(get('max'), `${prefix}-max`, `${at}/maxOrder`, into, 100),
    onHand: stockOf(form, prefix, at, into),
    active: get('off') === '',
  };
}

/** A row in which nothing was typed is none; the first always is. */
const isUsed = (form: FormValues, index: number): boolean =>
  index === 0 || ['id', 'label', 'price', 'sku'].some((name) => form.get(`v${index}-${name}`) !== '');

function variantsOf(form: FormValues, base: ProductFields, into: Collected): VariantFields[] {
  const rows = Array.from({ length: maxVariants }, (_, index) => index).filter((index) => isUsed(form, index));
  return rows.map((index) => {
    const id = form.get(`v${index}-id`);
    return variantOf(
      form,
      index,
      base.variants.find(({ variantId }) => variantId !== null && variantId === id),
      into,
    );
  });
}

/** Pictures that stay, in the order of the numbers typed beside them. */
function picturesOf(form: FormValues, base: ProductFields): PictureFields[] {
  const keyOf = ({ pictureId, fileId }: PictureFields): string => pictureId ?? fileId ?? '';
  const kept = Array.from({ length: maxPictures * 2 }, (_, index) => index).flatMap((index) => {
    const picture = base.pictures.find((one) => keyOf(one) === form.get(`p${index}-id`));
    if (!picture || form.get(`p${index}-drop`) !== '') return [];
    const place = Number.parseInt(form.get(`p${index}-place`), 10);
    return [
      { place: Number.isNaN(place) ? 99 : place, picture: { ...picture, altVi: line(form.get(`p${index}-alt`)) } },
    ];
  });
  return kept.toSorted((a, b) => a.place - b.place).map(({ picture }) => picture);
}

const chosenNumber = (text: string): number | null => (/^\d{1,5}$/.test(text) ? Number(text) : null);

/** What a seller's form says. `base` is what was shown: pictures and sizes of it are known again by their ids. */
export function readForm(form: FormValues, base: ProductFields): ReadForm {
  const into: Collected = { typed: {}, faults: [] };
  const shelfLife = wholeOf(form.get('shelfLifeDays'), 'shelfLifeDays', 'shelfLifeDays', into);
  const gtin = line(form.get('gtin')).replace(/[\s-]/g, '');
  if (!/^\d*$/.test(gtin)) into.typed.gtin = form.get('gtin');
  const fields: ProductFields = {
    nameVi: line(form.get('nameVi')),
    nameEn: line(form.get('nameEn')),
    aliases: listOf(form.get('aliases')),
    categoryId: chosenNumber(form.get('categoryId')),
    unitVi: line(form.get('unitVi')),
    netWeightG: gramsOf(form.get('netWeightG'), 'netWeightG', 'netWeightG', into),
    grossWeightG: gramsOf(form.get('grossWeightG'), 'grossWeightG', 'grossWeightG', into),
    lengthCm: wholeOf(form.get('lengthCm'), 'lengthCm', 'lengthCm', into),
    widthCm: wholeOf(form.get('widthCm'), 'widthCm', 'widthCm', into),
    heightCm: wholeOf(form.get('heightCm'), 'heightCm', 'heightCm', into),
    storage: STORAGE.find((one) => one === form.get('storage')) ?? 'ambient',
    shelfLifeDays: shelfLife === 0 ? null : shelfLife,
    vatBps: chosenNumber(form.get('vatBps')),
    gtin: gtin === '' ? null : gtin,
    ingredientsVi: tidy(form.get('ingredientsVi')),
    allergens: ALLERGENS.filter((one) => form.all('allergens').includes(one)),
    descriptionVi: tidy(form.get('descriptionVi')),
    descriptionEn: tidy(form.get('descriptionEn')),
    tags: listOf(form.get('tags')),
    seasonMonths: Array.from({ length: 12 }, (_, index) => index + 1).filter((month) =>
      form.all('seasonMonths').includes(String(month)),
    ),
    pictures: picturesOf(form, base),
    variants: variantsOf(form, base, into),
  };
  return { fields, ...into };
}

/** With the dots that prices are written with: an extra nought is seen. */
const money = (value: number | null): string => (value === null || value === 0 ? '' : value.toLocaleString('vi-VN'));
const shown = (value: number | null): string => (value === null || value === 0 ? '' : String(value));

function valuesOfVariant(variant: VariantFields, index: number, stock: string): [string, string][] {
  const { variantId, next } = variant;
  const values: Readonly<Record<string, string>> = {
    id: variantId ?? '',
    sku: variant.sku,
    label: variant.label,
    price: money(variant.priceVnd),
    compareAt: money(variant.compareAtVnd),
    weight: shown(variant.netWeightG),
    min: String(variant.minOrder),
    max: String(variant.maxOrder),
    stock: variant.onHand === null ? stock : String(variant.onHand),
    stockWas: stock,
    nextPrice: money(next?.priceVnd ?? null),
    nextFrom: next?.from ?? '',
    off: variant.active ? '' : '1',
  };
  return Object.entries(values).map(([name, value]) => [`v${index}-${name}`, value]);
}

/** The form that says these fields. `typed` stands where something could not be read. */
export function formOf(
  fields: ProductFields,
  stock: ReadonlyMap<string, { readonly onHand: number }>,
  typed: Readonly<Record<string, string>> = {},
): FormValues {
  const texts = ['nameVi', 'nameEn', 'unitVi', 'ingredientsVi', 'descriptionVi', 'descriptionEn', 'storage'] as const;
  const numbers = [
    'netWeightG',
    'grossWeightG',
    'lengthCm',
    'widthCm',
    'heightCm',
    'shelfLifeDays',
    'categoryId',
  ] as const;
  const values = new Map<string, string>([
    ...texts.map((name): [string, string] => [name, fields[name]]),
    ...numbers.map((name): [string, string] => [name, shown(fields[name])]),
    ['vatBps', fields.vatBps === null ? '' : String(fields.vatBps)],
    ['gtin', fields.gtin ?? ''],
    ['aliases', fields.aliases.join(', ')],
    ['tags', fields.tags.join(', ')],
    ...fields.variants.flatMap((variant, index) =>
      valuesOfVariant(variant, index, String(stock.get(variant.variantId ?? '')?.onHand ?? '')),
    ),
    ...Object.entries(typed),
  ]);
  const groups = new Map<string, readonly string[]>([
    ['allergens', fields.allergens],
    ['seasonMonths', fields.seasonMonths.map(String)],
  ]);
  return { get: (name) => values.get(name) ?? '', all: (name) => groups.get(name) ?? [] };
}

/** The name of the form field in which a fault is to be mended. */
export function inputOf(field: string): string {
  const [, index, member = ''] = /^variants\/(\d+)\/(\w+)$/.exec(field) ?? [];
  if (index === undefined) return field === 'variants' ? 'v0-price' : field;
  const names: Readonly<Record<string, string>> = {
    priceVnd: 'price',
    compareAtVnd: 'compareAt',
    next: 'nextPrice',
    netWeightG: 'weight',
    minOrder: 'min',
    maxOrder: 'max',
    onHand: 'stock',
  };
  return `v${index}-${names[member] ?? member}`;
}
