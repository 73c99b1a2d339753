import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { times, type Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { slugify } from '#core/vietnamese.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Carts, DeliveryRequest } from '#features/carts/index.ts';
import type { GroupView, Orders } from '#features/orders/index.ts';
import type { Products } from '#features/products/index.ts';
import { type BundleRow, findBundle, insertBundle, listBundles, saveStatus } from './queries.ts';
import { boxesLeft, checkBundle, goodsVndOf } from './rules.ts';
import { type BundleId, bundleProblems, type NewBundle } from './types.ts';

const refuse = refusals(bundleProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly products: Products;
  readonly carts: Carts;
  readonly orders: Orders;
  readonly audit: Audit;
};
export type Bundles = ReturnType<typeof createBundles>;
export type BundleView = Awaited<ReturnType<Bundles['getBundle']>>;
export type BuyRequest = {
  readonly bundle: string;
  readonly boxes: number;
  readonly delivery: DeliveryRequest;
  readonly ageConfirmed?: boolean;
  /** What the buyer was told it costs with freight. */
  readonly expectedTotalVnd?: Vnd;
  readonly actor: string;
  readonly finish?: (tx: Tx, group: GroupView) => Promise<void>;
};

/** Boxes with what their goods cost, and how many could be packed, at this moment. */
async function viewAll({ products, db }: Pick<Deps, 'products' | 'db'>, rows: readonly BundleRow[]) {
  const ids = [...new Set(rows.flatMap(({ items }) => items.map(({ variantId }) => variantId)))];
  const goods = await products.listVariantFacts(ids, db);
  return rows.map(({ id, slug, nameVi, nameEn, descriptionVi, priceVnd, status, items }) => ({
    bundleId: id,
    ...{ slug, nameVi, nameEn, descriptionVi, priceVnd, status },
    goodsVnd: goodsVndOf(items, goods),
    available: status === 'listed' ? boxesLeft(items, goods) : 0,
    needsAge: goods.some(({ variantId, isAlcohol }) => isAlcohol && items.some((item) => item.variantId === variantId)),
    items: items.flatMap(({ variantId, quantity }) =>
      goods
        .filter((good) => good.variantId === variantId)
        .map(({ name, label, productSlug, businessId, businessName, priceVnd: each, pictureId }) => ({
          ...{ variantId, quantity, name, label, productSlug },
          business: { businessId, name: businessName },
          priceVnd: each,
          image: pictureId && `/pictures/${pictureId}/160`,
        })),
    ),
  }));
}

export const createBundles = (deps: Deps) => {
  const { db, now, products, carts, orders, audit } = deps;
  const view = (rows: readonly BundleRow[]) => viewAll(deps, rows);
  const get = async (idOrSlug: string, listedOnly = true) => {
    const row = await findBundle(db, idOrSlug);
    if (!row || (listedOnly && row.status !== 'listed')) throw refuse('bundle-not-found');
    const [shown] = await view([row]);
    if (!shown) throw refuse('bundle-not-found');
    return shown;
  };
  return {
    listBundles: async (listedOnly = true) => view(await listBundles(db, listedOnly)),
    getBundle: (idOrSlug: string) => get(idOrSlug),
    /** Puts a box together. Its content never changes; its price neither: another is another box. */
    create: async (by: { readonly actor: string; readonly address: string }, asked: NewBundle): Promise<BundleId> => {
      const goods = await products.listVariantFacts(
        asked.items.map(({ variantId }) => variantId),
        db,
      );
      checkBundle(asked.items, asked.priceVnd, goods);
      const id = newId<'Bundle'>();
      const { items, ...facts } = asked;
      await transact(db, by.actor, async (tx) => {
        const slug = `${slugify(asked.nameVi)}-${id.slice(-4)}`;
        const at = now();
        await insertBundle(tx, { id, slug, ...facts, status: 'listed', createdAt: at, updatedAt: at }, items);
        await audit.record(tx, {
          action: 'bundle.created',
          subject: { kind: 'bundle', id },
          after: asked,
          address: by.address,
        });
      });
      return id;
    },
    withdraw: async (by: { readonly actor: string; readonly address: string }, idOrSlug: string): Promise<void> => {
      const { bundleId } = await get(idOrSlug);
      await transact(db, by.actor, async (tx) => {
        await saveStatus(tx, bundleId, 'withdrawn', now());
        await audit.record(tx, {
          action: 'bundle.withdrawn',
          subject: { kind: 'bundle', id: bundleId },
          address: by.address,
        });
      });
    },
    /**
     * Orders boxes: one group with an order a business, each with its part of the price, its goods held together or not at
     * all. The goods go through a cart of their own, so limits, delivery and stock are those of every order.
     */
    buy: async ({
      bundle,
      boxes,
      delivery,
      ageConfirmed = false,
      expectedTotalVnd,
      actor,
      finish,
    }: BuyRequest): Promise<GroupView> => {
      const box = await get(bundle);
      if (box.available < boxes) throw refuse('bundle-not-for-sale', { available: box.available });
      const { cartId } = await carts.openCart();
      for (const { variantId, quantity } of box.items) await carts.setLine(cartId, variantId, quantity * boxes);
      await carts.setDelivery(cartId, delivery);
      const sold = { id: box.bundleId, name: box.nameVi, boxes, priceVnd: times(box.priceVnd, boxes) };
      return orders.checkout({
        cartId,
        actor,
        ageConfirmed,
        bundle: sold,
        finish: async (tx, group) => {
          if (expectedTotalVnd !== undefined && expectedTotalVnd !== group.totalVnd)
            throw refuse('bundle-price-changed', { totalVnd: group.totalVnd });
          await finish?.(tx, group);
        },
      });
    },
  };
};
