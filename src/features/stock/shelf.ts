import { refusals } from '#core/problem.ts';
import type { Db, Tx } from '#db/client.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { type ProductId, productProblems, type VariantId } from '#features/products/types.ts';
import type { Stock } from './service.ts';
import { findOwnVariant, listShelves } from './views.ts';

const refuse = refusals(productProblems);
export type Shelf = ReturnType<typeof createShelf>;

/** What a seller does with the stock of their own businesses. */
export const createShelf = ({
  db,
  stock,
  touchProduct,
}: {
  readonly db: Db;
  readonly stock: Stock;
  /** Tells lists, search and partners that the product changed. */
  readonly touchProduct: (tx: Tx, id: ProductId) => Promise<void>;
}) => ({
  list: (businessIds: readonly BusinessId[]) =>
    readAsSeller(db, businessIds, (reader) => listShelves(reader, businessIds)),
  /** Sets what was counted. 404 for a variant of somebody else, 409 `stock-below-held`. */
  count: (actor: string, businessIds: readonly BusinessId[], variantId: VariantId, onHand: number) =>
    transactAsSeller(db, { actor, businessIds }, async (tx) => {
      const own = await findOwnVariant(tx, variantId, businessIds);
      if (!own) throw refuse('variant-not-found');
      await stock.count(tx, variantId, onHand, 'count');
      await touchProduct(tx, own.productId);
    }),
});
