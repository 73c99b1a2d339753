import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

const names: Readonly<Record<string, MessageKey>> = {
  nameVi: 'field.nameVi',
  nameEn: 'field.nameEn',
  aliases: 'field.aliases',
  categoryId: 'field.categoryId',
  unitVi: 'field.unitVi',
  netWeightG: 'field.netWeightG',
  grossWeightG: 'field.grossWeightG',
  lengthCm: 'field.lengthCm',
  widthCm: 'field.widthCm',
  heightCm: 'field.heightCm',
  storage: 'field.storage',
  shelfLifeDays: 'field.shelfLifeDays',
  vatBps: 'field.vatBps',
  gtin: 'field.gtin',
  ingredientsVi: 'field.ingredientsVi',
  allergens: 'field.allergens',
  descriptionVi: 'field.descriptionVi',
  descriptionEn: 'field.descriptionEn',
  tags: 'field.tags',
  seasonMonths: 'field.seasonMonths',
  pictures: 'field.pictures',
  variants: 'field.variants',
  sku: 'field.sku',
  label: 'field.label',
  priceVnd: 'field.priceVnd',
  compareAtVnd: 'field.compareAtVnd',
  next: 'field.next',
  minOrder: 'field.minOrder',
  maxOrder: 'field.maxOrder',
  onHand: 'field.onHand',
  active: 'field.active',
};
export const storageNames: Readonly<Record<string, MessageKey>> = {
  ambient: 'storage.ambient',
  cool: 'storage.cool',
  chilled: 'storage.chilled',
  frozen: 'storage.frozen',
  fresh: 'storage.fresh',
};
export const allergenNames: Readonly<Record<string, MessageKey>> = {
  gluten: 'allergen.gluten',
  egg: 'allergen.egg',
  milk: 'allergen.milk',
  peanut: 'allergen.peanut',
  soy: 'allergen.soy',
  fish: 'allergen.fish',
  crustacean: 'allergen.crustacean',
  mollusc: 'allergen.mollusc',
  sesame: 'allergen.sesame',
};

/** What a field of a change is called: `variant.<id>.priceVnd` is the price of a size, by its label where it is known. */
export function productFieldName({ t }: View, field: string, sizes: ReadonlyMap<string, string>): string {
  if (field.startsWith('variant.new.')) return t('field.newSize');
  const [, id = '', member = field] = /^variant\.([^.]+)\.(.+)$/.exec(field) ?? [];
  const key = names[member];
  const name = key ? t(key) : member;
  const size = sizes.get(id);
  return size ? t('field.ofSize', { field: name, size }) : name;
}

const order = Object.keys(names);
/** Where a field stands among others: what a shopper reads first comes first. */
export const productFieldRank = (field: string): number => {
  if (field === 'pictures') return -1;
  const place = order.indexOf(field.startsWith('variant.') ? (field.split('.').at(-1) ?? '') : field);
  return place === -1 ? order.length : place;
};

type Names = { readonly categories: ReadonlyMap<number, string> };
const said = ({ t }: View, key: MessageKey | undefined, otherwise: string): string => (key ? t(key) : otherwise);

function numberText(view: View, member: string, value: number, { categories }: Names): string {
  const { format } = view;
  if (member === 'categoryId') return categories.get(value) ?? String(value);
  if (member.endsWith('Vnd')) return format.vnd(value);
  if (member === 'vatBps') return `${value / 100} %`;
  if (value === 0 && member !== 'onHand') return '';
  return member.endsWith('WeightG') ? format.weight(value) : format.integer(value);
}

function sizeText(view: View, value: object): string {
  const { label, priceVnd, sku } = value as {
    readonly label?: unknown;
    readonly priceVnd?: unknown;
    readonly sku?: unknown;
  };
  const price = typeof priceVnd === 'number' ? view.format.vnd(priceVnd) : '';
  return [label, price, sku].filter((part) => typeof part === 'string' && part !== '').join(' · ');
}

function objectText(view: View, member: string, value: object): string {
  if (member !== 'next' || !('priceVnd' in value && 'from' in value)) return sizeText(view, value);
  const date = view.format.date(new Date(`${String(value.from)}T00:00:00+07:00`));
  return view.t('own.historyRow', { price: view.format.vnd(Number(value.priceVnd)), date });
}

const listText = (view: View, values: readonly unknown[]): string =>
  values.map((one) => (typeof one === 'string' ? said(view, allergenNames[one], one) : String(one))).join(', ');

/** The value of a field in words, for comparing it by eye; empty where there is none. */
export function productFieldText(view: View, field: string, value: unknown, known: Names): string {
  const member = field.startsWith('variant.new.') ? 'size' : (field.split('.').at(-1) ?? field);
  switch (typeof value) {
    case 'number':
      return numberText(view, member, value, known);
    case 'boolean':
      return view.t(value ? 'field.yes' : 'field.no');
    case 'string':
      return member === 'storage' ? said(view, storageNames[value], value) : value;
    case 'object':
      if (value === null) return '';
      return Array.isArray(value) ? listText(view, value) : objectText(view, member, value);
    default:
      return '';
  }
}
