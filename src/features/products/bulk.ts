import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import { type ProductRow, savePrices, updateProduct, updateVariant, type VariantRow } from './queries.ts';
import { checkPrice } from './rules.ts';
import type { ProductId, VariantId } from './types.ts';

/** One size of a product with what is to change about it; what is left out stays. */
export type SizeEdit = {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly product?: Partial<ProductRow>;
  readonly variant?: Partial<Pick<VariantRow, 'label' | 'netWeightG' | 'minOrder' | 'maxOrder'>>;
  readonly price?: { readonly priceVnd: Vnd; readonly compareAtVnd: Vnd | null };
};

const isEmpty = (change: object | undefined): boolean => change === undefined || Object.keys(change).length === 0;

/** Edits of many sizes at once, as a sheet or a table of prices brings them. The caller has decided that they may be made. */
export const createBulk = ({ events, now }: { readonly events: Events; readonly now: Clock }) => ({
  editSizes: async (tx: Tx, edits: readonly SizeEdit[]): Promise<void> => {
    if (edits.length === 0) return;
    const at = now();
    for (const { price } of edits) {
      if (price) checkPrice(price.priceVnd);
    }
    await savePrices(
      tx,
      edits.flatMap(({ variantId, price }) =>
        price ? [{ id: newId<'PriceChange'>(), variantId, ...price, validFrom: at }] : [],
      ),
    );
    await Promise.all(
      edits.flatMap(({ productId, variantId, product, variant }) => [
        updateProduct(tx, productId, { ...product, updatedAt: at }),
        ...(isEmpty(variant) ? [] : [updateVariant(tx, variantId, variant ?? {})]),
      ]),
    );
    await events.add(tx, ...edits.map(({ productId }) => ({ type: 'product.changed' as const, productId })));
  },
});
