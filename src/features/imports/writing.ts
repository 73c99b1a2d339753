import type { Tx } from '#db/client.ts';
import type { Products, SizeEdit } from '#features/products/index.ts';
import type { Stock } from '#features/stock/index.ts';
import type { ImportRow, StoredRow } from './queries.ts';
import { createSlugs, draftOf, groupGoods, slugFor } from './rules/drafts.ts';
import { type Held, isStill } from './rules/judging.ts';
import type { ValueName } from './types.ts';
import { listTakenSlugs } from './views.ts';

type Deps = { readonly products: Pick<Products, 'addProducts' | 'editSizes'>; readonly stock: Pick<Stock, 'countAll'> };
export type Goods = ReturnType<typeof createGoods>;
/** A row that is to be written, and what is there under its code now. */
export type Found = { readonly row: StoredRow; readonly size: Held | undefined };

/** A new row whose code has come to be, a changed one whose product is no longer what it was. */
export const isOutdated = ({ row, size }: Found): boolean =>
  row.verdict === 'new' ? size !== undefined : size === undefined || !isStill(size, row.changes);

const productNames = [
  'nameVi',
  'nameEn',
  'categoryId',
  'unitVi',
  'gtin',
  'descriptionVi',
  'descriptionEn',
  'ingredientsVi',
  'storage',
  'shelfLifeDays',
] as const;
const sizeNames = ['label', 'netWeightG', 'minOrder', 'maxOrder'] as const;

/** Of what a row says, what differs from what is there. */
const differing = <Name extends ValueName>({ row: { values, changes } }: Found, names: readonly Name[]) =>
  Object.fromEntries(names.filter((name) => changes[name]).map((name) => [name, values[name]]));

function priceOf({ row: { values, changes } }: Found, { values: now }: Held): Pick<SizeEdit, 'price'> {
  const priceVnd = values.priceVnd ?? now.priceVnd;
  if (priceVnd === undefined || !(changes.priceVnd || changes.compareAtVnd)) return {};
  return { price: { priceVnd, compareAtVnd: values.compareAtVnd ?? now.compareAtVnd ?? null } };
}

/** What is to be done to a product; one of which only the stock changes is told of as well. */
function editOf(found: Found): readonly SizeEdit[] {
  const { row, size } = found;
  if (!size) return [];
  const { allergens, vatRatePercent = 0 } = row.values;
  const product = {
    ...differing(found, productNames),
    ...(row.changes.allergens ? { allergens: [...(allergens ?? [])] } : {}),
    ...(row.changes.vatRatePercent ? { vatBps: vatRatePercent * 100 } : {}),
    ...(size.isDefault ? differing(found, ['netWeightG']) : {}),
  };
  const { productId, variantId } = size;
  return [{ productId, variantId, product, variant: differing(found, sizeNames), ...priceOf(found, size) }];
}

async function add({ products }: Deps, tx: Tx, found: ImportRow, rows: readonly StoredRow[]): Promise<void> {
  if (rows.length === 0) return;
  const goods = groupGoods(rows).map((group) => group.map(({ values }) => values));
  const wanted = goods.map(([first]) => slugFor(first?.nameVi ?? '', first?.sku ?? ''));
  const slug = createSlugs(await listTakenSlugs(tx, wanted));
  await products.addProducts(
    tx,
    goods.map((values) => ({
      businessId: found.businessId,
      draft: draftOf(values, slug(values[0]?.nameVi ?? '', values[0]?.sku ?? '')),
      status: found.listsAtOnce ? ('listed' as const) : ('draft' as const),
    })),
  );
}

async function change({ products, stock }: Deps, tx: Tx, { id }: ImportRow, rows: readonly Found[]) {
  // Shelves before products, and in the order of their ids: as checkout and counting lock them.
  const counts = rows.flatMap(({ row: { changes, values }, size }) =>
    changes.stock && size && values.stock !== undefined ? [{ variantId: size.variantId, onHand: values.stock }] : [],
  );
  const short = new Set(await stock.countAll(tx, counts, 'import', id));
  const fine = rows.filter(({ size }) => size && !short.has(size.variantId));
  await products.editSizes(tx, fine.flatMap(editOf));
  return rows.filter((one) => !fine.includes(one)).map(({ row }) => row);
}

/** How rows that were confirmed become goods. */
export const createGoods = (deps: Deps) => ({
  /** Adds new products, those of an officer's import for sale at once. */
  add: (tx: Tx, found: ImportRow, rows: readonly StoredRow[]): Promise<void> => add(deps, tx, found, rows),
  /** Changes what is there; the rows whose stock would fall below what shoppers hold, of which nothing was changed. */
  change: (tx: Tx, found: ImportRow, rows: readonly Found[]): Promise<readonly StoredRow[]> =>
    change(deps, tx, found, rows),
});
