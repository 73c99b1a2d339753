import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { VariantView } from './views.ts';

const storageKeys: Readonly<Record<string, MessageKey>> = {
  ambient: 'storage.ambient',
  cool: 'storage.cool',
  chilled: 'storage.chilled',
  frozen: 'storage.frozen',
  fresh: 'storage.fresh',
};
const allergenKeys: Readonly<Record<string, MessageKey>> = {
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

/** đồng a kilogram, to compare sizes by; only where a weight is known. */
export const perKilogram = ({ priceVnd, netWeightG }: VariantView): number | undefined =>
  netWeightG > 0 ? Math.round((priceVnd * 1000) / netWeightG) : undefined;

/** How it is kept; false where nobody said. */
export const storageName = ({ t }: View, storage: string): string | false => {
  const key = storageKeys[storage];
  return key ? t(key) : false;
};

/** What it holds that some people must not eat; false for nothing that is known. */
export function allergenNames({ t, format }: View, allergens: readonly string[]): string | false {
  const names = allergens.flatMap((name) => {
    const key = allergenKeys[name];
    return key ? [t(key)] : [];
  });
  return names.length > 0 && format.list(names);
}
