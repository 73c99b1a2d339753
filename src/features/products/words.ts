import { allergenNames, storageNames } from '#web/parts/product-field.ts';
import type { View } from '#web/view.ts';
import type { VariantView } from './views.ts';

/** đồng a kilogram, to compare sizes by; only where a weight is known. */
export const perKilogram = ({ priceVnd, netWeightG }: VariantView): number | undefined =>
  netWeightG > 0 ? Math.round((priceVnd * 1000) / netWeightG) : undefined;

/** How it is kept; false where nobody said. */
export const storageWords = ({ t }: View, storage: string): string | false => {
  const key = storageNames[storage];
  return key ? t(key) : false;
};

/** What it holds that some people must not eat; false for nothing that is known. */
export function allergenWords({ t, format }: View, allergens: readonly string[]): string | false {
  const names = allergens.flatMap((name) => {
    const key = allergenNames[name];
    return key ? [t(key)] : [];
  });
  return names.length > 0 && format.list(names);
}
