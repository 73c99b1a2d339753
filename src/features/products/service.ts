import { type Clock, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Reader, type Tx, transact, violatedConstraint } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Stock } from '#features/stock/index.ts';
import { createBulk } from './bulk.ts';
import { drawingFor } from './drawings.ts';
import { bytesOf, type CachedList, createKept } from './list-cache.ts';
import { createMirrors } from './mirrors.ts';
import { deleteDraft } from './queries/drafts.ts';
import { saveProduct } from './queries/editing.ts';
import {
  type CategoryRow,
  insertCategories,
  insertProducts,
  listCategories,
  lockProduct,
  type PictureRow,
  type PriceRow,
  type ProductRow,
  savePrice,
  turnVat,
  updateProduct,
  type VariantRow,
} from './queries.ts';
import { fieldValue, listingOf } from './rules/fields.ts';
import { ratedFor } from './rules/vat.ts';
import { checkDraft, checkPrice, type ProductDraft, tintOf } from './rules.ts';
import { type ListRequest, type ProductId, type ProductState, productProblems, type VariantId } from './types.ts';
import { findOwnId, listLive } from './views/seller.ts';
import { countByCategory, findProduct, listCards, listProductIds, listVariantFacts } from './views.ts';

const refuse = refusals(productProblems);
type Deps = { readonly db: Db; readonly events: Events; readonly stock: Stock; readonly now: Clock };
export type Products = ReturnType<typeof createProducts>;
export type NewProduct = {
  readonly businessId: BusinessId;
  readonly draft: ProductDraft;
};

function rowsOf({ businessId, draft }: NewProduct, categorySlug: string, at: Date) {
  const { variants, minOrder, maxOrder, ...text } = draft;
  const productId = newId<'Product'>();
  const product: ProductRow = {
    ...text,
    aliases: [...text.aliases],
    allergens: [...text.allergens],
    tags: [...text.tags],
    seasonMonths: [...text.seasonMonths],
    id: productId,
    businessId,
    status: 'listed',
    createdAt: at,
    updatedAt: at,
  };
  const made = variants.map((variant, position) => ({ id: newId<'Variant'>(), variant, position }));
  return {
    product,
    variants: made.map(
      ({ id, variant, position }): VariantRow => ({
        id,
        productId,
        sku: variant.sku,
        label: variant.label,
        netWeightG: variant.netWeightG,
        minOrder,
        maxOrder,
        position,
      }),
    ),
    prices: made.map(
      ({ id, variant }): PriceRow => ({
        id: newId<'PriceChange'>(),
        variantId: id,
        priceVnd: variant.priceVnd,
        compareAtVnd: variant.compareAtVnd ?? null,
        validFrom: at,
      }),
    ),
    stock: made.map(({ id, variant }) => ({ variantId: id, onHand: variant.onHand })),
    picture: {
      id: newId<'Picture'>(),
      productId,
      position: 0,
      altVi: draft.nameVi,
      altEn: draft.nameEn,
      source: `drawing:${drawingFor(categorySlug, draft.nameVi)}:${tintOf(draft.sku)}`,
      width: 640,
      height: 640,
    } satisfies PictureRow,
  };
}

/** Writes prepared products, or says which rule of the database they break. */
async function save(tx: Tx, made: readonly ReturnType<typeof rowsOf>[]): Promise<void> {
  const rows = {
    products: made.map((one) => one.product),
    variants: made.flatMap((one) => one.variants),
    prices: made.flatMap((one) => one.prices),
    pictures: made.map((one) => one.picture),
  };
  await insertProducts(tx, rows).catch((error: unknown) => {
    throw violatedConstraint(error) === 'products_own_sku' ? refuse('sku-taken') : error;
  });
}

/** What shoppers and other slices read. */
function createReading({ db, now }: Deps) {
  const list = async ({ filters, sort, limit, cursor }: ListRequest) => {
    const page = await listProductIds(db, filters, sort, limit, cursor, now());
    return { items: await listCards(db, page.ids, now()), nextCursor: page.nextCursor };
  };
  const kept = createKept(now);
  return {
    listProducts: list,
    cache: {
      /** The same as finished bytes, kept per process until the catalogue changes and at most a second. */
      get: (request: ListRequest): Promise<CachedList> =>
        kept.get(JSON.stringify(request), async () => bytesOf(await list(request))),
      drop: (): void => kept.drop(),
    },
    listCards: (ids: readonly ProductId[]) => listCards(db, ids, now()),
    /** By id or slug. 404 when unknown, 410 when it was withdrawn. */
    getProduct: async (idOrSlug: string) => {
      const product = await findProduct(db, idOrSlug, now());
      if (!product) throw refuse('product-not-found');
      if (product.status !== 'listed') {
        const { business, category, name, nameEn, status } = product;
        throw refuse('product-withdrawn', { business, category, name, nameEn, state: status });
      }
      return product;
    },
    listCategories: () =>
      kept.get('categories', async () => {
        const [categories, counts] = await Promise.all([listCategories(db), countByCategory(db)]);
        return categories.map((category) => ({ ...category, productCount: counts.get(category.id) ?? 0 }));
      }),
    listVariantFacts: (ids: readonly VariantId[], reader: Reader = db) => listVariantFacts(reader, ids, now()),
  };
}

/** What officers and jobs need of our own products, whoever's they are. */
const createLive = ({ db, now }: Deps) => ({
  /** Of one of our own, by id or slug, whatever its state. */
  findId: (idOrSlug: string) => findOwnId(db, idOrSlug),
  /** At the turn of a rate: what sellers read of their goods follows. Prices stay; they include the tax. */
  turnVat: () => transact(db, 'system:vat', (tx) => turnVat(tx, now())),
  findLive: async (id: ProductId) => (await listLive(db, [id]))[0],
  lockLive: async (tx: Tx, id: ProductId) => {
    await lockProduct(tx, id);
    return (await listLive(tx, [id]))[0];
  },
  dropDraft: (tx: Tx, id: ProductId) => deleteDraft(tx, id),
  currentValue: fieldValue,
  /** The fields of a listing as its change set says them, with the product set that an officer chose and its rate. */
  listingFields: async (tx: Tx, changes: Parameters<typeof listingOf>[0], categoryId?: number) => {
    const fields = listingOf(changes, categoryId);
    const category = (await listCategories(tx)).find(({ id }) => id === fields.categoryId);
    if (!category) return { ...fields, categoryId: null };
    return { ...fields, vatBps: ratedFor(localDate(now()), fields.vatBps, category) };
  },
});

export const createProducts = (deps: Deps) => {
  const { db, events, stock, now } = deps;
  const touch = async (tx: Tx, id: ProductId): Promise<void> => {
    await updateProduct(tx, id, { updatedAt: now() });
    await events.add(tx, { type: 'product.changed', productId: id });
  };

  return {
    ...createReading(deps),
    ...createMirrors(deps),
    ...createBulk(deps),
    ...createLive(deps),
    /** Moves one of our own products to another state, whoever's it is; lists, search and partners follow. */
    setState: async (tx: Tx, id: ProductId, status: ProductState): Promise<void> => {
      await saveProduct(tx, id, { status, updatedAt: now() });
      await events.add(tx, { type: 'product.changed', productId: id });
    },
    /** Marks a product as changed after something shown about it changed elsewhere (its stock, its certificate). */
    touch,
    addCategories: (tx: Tx, rows: readonly CategoryRow[]) => insertCategories(tx, rows),
    /** Lists products for their businesses, all or none; ids in the order given. 409 `sku-taken`, 422 `price-invalid`. */
    addProducts: async (tx: Tx, additions: readonly NewProduct[]): Promise<ProductId[]> => {
      const slugs = new Map((await listCategories(tx)).map((category) => [category.id, category.slug]));
      const made = additions.map((addition) =>
        rowsOf({ ...addition, draft: checkDraft(addition.draft) }, slugs.get(addition.draft.categoryId) ?? '', now()),
      );
      await save(tx, made);
      await stock.open(
        tx,
        made.flatMap((one) => one.stock),
        'initial',
      );
      const ids = made.map((one) => one.product.id);
      await events.add(tx, ...ids.map((productId) => ({ type: 'product.changed' as const, productId })));
      return ids;
    },
    setPrice: (actor: string, variantId: VariantId, priceVnd: Vnd, compareAtVnd?: Vnd) =>
      transact(db, actor, async (tx) => {
        checkPrice(priceVnd);
        const [variant] = await listVariantFacts(tx, [variantId], now());
        if (!variant) throw refuse('variant-not-found');
        await savePrice(tx, {
          id: newId<'PriceChange'>(),
          variantId,
          priceVnd,
          compareAtVnd: compareAtVnd ?? null,
          validFrom: now(),
        });
        await touch(tx, variant.productId);
      }),
    /** Takes a product off sale. Its page answers 410, its copies at partners follow. */
    withdraw: (actor: string, id: ProductId) =>
      transact(db, actor, async (tx) => {
        if (!(await lockProduct(tx, id))) throw refuse('product-not-found');
        await updateProduct(tx, id, { status: 'withdrawn', updatedAt: now() });
        await events.add(tx, { type: 'product.changed', productId: id });
      }),
  };
};
