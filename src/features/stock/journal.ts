import type { Clock } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { readAsSeller, type SellerScope, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Notice } from '#features/notices/types.ts';
import { type ProductId, productProblems, type VariantId } from '#features/products/types.ts';
import { forgetAlerts, lockLow, markTold, saveLowAt } from './queries.ts';
import { changeOf } from './rules/counting.ts';
import type { Stock } from './service.ts';
import type { CountReason } from './types.ts';
import { findOwnVariant, findSizes, listMovements } from './views.ts';

const refuse = refusals(productProblems);
type Deps = {
  readonly db: Db;
  readonly stock: Pick<Stock, 'move'>;
  readonly now: Clock;
  readonly touchProduct: (tx: Tx, id: ProductId) => Promise<void>;
  readonly tell: (tx: Tx, ...notices: readonly Notice[]) => Promise<void>;
};
export type Journal = ReturnType<typeof createJournal>;

const toldAtOnce = 500;

/** What came to a shelf and went from it, and when its business wants to be told that little is left. */
export const createJournal = ({ db, stock, now, touchProduct, tell }: Deps) => ({
  /** A size with its movements, newest first. 404 for another's. */
  get: (businessIds: readonly BusinessId[], variantId: VariantId, limit: number, cursor?: Cursor) =>
    readAsSeller(db, businessIds, async (reader) => {
      const own = await findOwnVariant(reader, variantId, businessIds);
      if (!own) throw refuse('variant-not-found');
      return { ...own, ...(await listMovements(reader, variantId, limit, cursor)) };
    }),
  /** Records pieces that came or went, or what was counted; what is on the shelf then. 404, 409 `stock-below-held`. */
  record: (seller: SellerScope, variantId: VariantId, reason: CountReason, quantity: number): Promise<number> =>
    transactAsSeller(db, seller, async (tx) => {
      const own = await findOwnVariant(tx, variantId, seller.businessIds);
      if (!own) throw refuse('variant-not-found');
      const onHand = await stock.move(tx, variantId, (current) => changeOf(reason, quantity, current), reason);
      await touchProduct(tx, own.productId);
      return onHand;
    }),
  /** From which number on its business is told; null for never. */
  setLowAt: (seller: SellerScope, variantId: VariantId, lowAt: number | null): Promise<void> =>
    transactAsSeller(db, seller, async (tx) => {
      if (!(await findOwnVariant(tx, variantId, seller.businessIds))) throw refuse('variant-not-found');
      await saveLowAt(tx, variantId, lowAt);
    }),
  /**
   * Tells of shelves that have come down to their level, once for each time they do. Looked for every minute and not in
   * the sale itself: a checkout need not wait for a letter.
   */
  tellLow: (): Promise<number> =>
    transact(db, 'system:stock', async (tx) => {
      await forgetAlerts(tx);
      const low = await lockLow(tx, toldAtOnce);
      const at = now();
      const sizes = new Map(
        (
          await findSizes(
            tx,
            low.map(({ variantId }) => variantId),
          )
        ).map((size) => [size.variantId, size]),
      );
      const notices = low.flatMap(({ variantId, onHand }): Notice[] => {
        const size = sizes.get(variantId);
        if (!size) return [];
        return [
          {
            kind: 'stock.low',
            to: { businessId: size.businessId },
            values: { name: size.name, label: size.label, sku: size.sku, onHand },
            path: `/ban-hang/kho/${variantId}`,
            key: `stock-low:${variantId}:${at.toISOString()}`,
          },
        ];
      });
      await tell(tx, ...notices);
      await markTold(
        tx,
        low.map(({ variantId }) => variantId),
        at,
      );
      return low.length;
    }),
});
