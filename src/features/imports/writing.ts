import { Problem } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import type { Batches, MadeOn } from '#features/batches/index.ts';
import type { Editing, Products, SizeEdit } from '#features/products/index.ts';
import type { FaultCode, FieldFault, ProductId, VariantId } from '#features/products/types.ts';
import type { Stock } from '#features/stock/index.ts';
import type { ImportRow, StoredRow } from './queries.ts';
import { createSlugs, draftOf, groupGoods, slugFor } from './rules/drafts.ts';
import { type Held, isStill } from './rules/judging.ts';
import { drafted, patched } from './rules/wanted.ts';
import type { Reason, RejectCode, RowValues, ValueName } from './types.ts';
import { listTakenSlugs } from './views.ts';

type Deps = {
  readonly products: Pick<Products, 'addProducts' | 'editSizes'>;
  readonly stock: Pick<Stock, 'countAll'>;
  readonly editing: Pick<Editing, 'saveIn' | 'handIn'>;
  readonly batches: Pick<Batches, 'addDays'>;
};
export type Goods = ReturnType<typeof createGoods>;
/** A row that is to be written, and what is there under its code now. */
export type Found = { readonly row: StoredRow; readonly size: Held | undefined };
/** What became of a row. */
export type Written =
  | { readonly row: StoredRow; readonly outcome: 'written' | 'waiting' }
  | { readonly row: StoredRow; readonly refused: Reason };

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

/** What an officer's sheet does to a product at once; one of which only the stock changes is told of as well. */
function editOf(found: Found): readonly SizeEdit[] {
  const { row, size } = found;
  if (!size || size.variantId === null) return [];
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

const madeOn = (productId: ProductId | null | undefined, { producedOn }: RowValues): readonly MadeOn[] =>
  productId && producedOn !== undefined ? [{ productId, day: producedOn }] : [];

const written = (row: StoredRow): Written => ({ row, outcome: 'written' });

/** New products of a sheet that an officer answers for are for sale at once. */
async function list(
  { products, batches }: Deps,
  tx: Tx,
  found: ImportRow,
  rows: readonly StoredRow[],
): Promise<readonly Written[]> {
  if (rows.length === 0) return [];
  const goods = groupGoods(rows).map((group) => group.map(({ values }) => values));
  const wanted = goods.map(([first]) => slugFor(first?.nameVi ?? '', first?.sku ?? ''));
  const slug = createSlugs(await listTakenSlugs(tx, wanted));
  const ids = await products.addProducts(
    tx,
    goods.map((values) => ({
      businessId: found.businessId,
      draft: draftOf(values, slug(values[0]?.nameVi ?? '', values[0]?.sku ?? '')),
    })),
  );
  const made = goods.flatMap((sizes, index) => sizes.flatMap((size) => madeOn(ids[index], size)));
  await batches.addDays(tx, made);
  return rows.map(written);
}

const codeOfFault: Partial<Readonly<Record<FaultCode, RejectCode>>> = {
  'never-charged': 'COMPARE_AT_NEVER_CHARGED',
  'vat-not-in-force': 'VAT_NOT_IN_FORCE',
  'vat-alcohol': 'VAT_NOT_IN_FORCE',
};
const codeOfProblem: Readonly<Record<string, RejectCode>> = {
  'product-taken-down': 'PRODUCT_TAKEN_DOWN',
  'product-not-found': 'CHANGED_SINCE_PREVIEW',
  'sku-taken': 'CHANGED_SINCE_PREVIEW',
};

/** Why the products' own rules refused a row. They are asked before anything of it is written. */
function refusalOf(error: unknown): Reason {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  const [first] = (error.extra.faults ?? []) as readonly FieldFault[];
  const code = first
    ? (codeOfFault[first.code] ?? 'PRODUCT_REFUSED')
    : (codeOfProblem[error.code] ?? 'PRODUCT_REFUSED');
  return {
    field: code === 'COMPARE_AT_NEVER_CHARGED' ? 'compareAtVnd' : code === 'VAT_NOT_IN_FORCE' ? 'vatRatePercent' : null,
    code,
  };
}

/** Whose act it is: whoever confirmed, for this one business. */
const editorOf = ({ sentBy, businessId, assisted }: ImportRow) => ({
  actor: sentBy,
  businessIds: [businessId],
  assisted: assisted ? [businessId] : [],
  address: '',
});

/** New products of a seller's sheet are drafted and handed in, each with all of its rows. */
async function handIn(
  { editing }: Deps,
  tx: Tx,
  found: ImportRow,
  rows: readonly StoredRow[],
): Promise<readonly Written[]> {
  const done: Written[] = [];
  for (const group of groupGoods(rows)) {
    try {
      const values = group.map((row) => row.values);
      await editing.handIn(tx, editorOf(found), found.businessId, (empty) => drafted(empty, values));
      done.push(...group.map((row) => ({ row, outcome: 'waiting' as const })));
    } catch (error) {
      const refused = refusalOf(error);
      done.push(...group.map((row) => ({ row, refused })));
    }
  }
  return done;
}

function byProduct(rows: readonly Found[]): ReadonlyMap<ProductId, readonly Found[]> {
  const groups = new Map<ProductId, Found[]>();
  for (const one of rows) {
    if (!one.size) continue;
    const group = groups.get(one.size.productId);
    if (group) group.push(one);
    else groups.set(one.size.productId, [one]);
  }
  return groups;
}

/** What a seller's sheet changes goes by the products' own rules: at once what is harmless, the rest to an officer. */
async function edit({ editing }: Deps, tx: Tx, found: ImportRow, rows: readonly Found[]): Promise<readonly Written[]> {
  const done: Written[] = [];
  for (const [productId, group] of byProduct(rows)) {
    const patch: Parameters<typeof editing.saveIn>[3] = (fields) =>
      group.reduce((sum, { row, size }) => patched(sum, row.values, row.changes, size?.variantId ?? null), fields);
    const isDraft = group[0]?.size?.variantId === null;
    try {
      const waits = isDraft
        ? await editing.handIn(tx, editorOf(found), found.businessId, patch, productId).then(() => true)
        : (await editing.saveIn(tx, editorOf(found), productId, patch)).waiting.length > 0;
      done.push(...group.map(({ row }) => ({ row, outcome: waits ? ('waiting' as const) : ('written' as const) })));
    } catch (error) {
      const refused = refusalOf(error);
      done.push(...group.map(({ row }) => ({ row, refused })));
    }
  }
  return done;
}

const onlyStock = ({ row: { changes } }: Found): boolean =>
  Object.keys(changes).every((name) => name === 'stock' || name === 'producedOn');

async function change(deps: Deps, tx: Tx, found: ImportRow, rows: readonly Found[]): Promise<readonly Written[]> {
  // Shelves before products, and in the order of their ids: as checkout and counting lock them.
  const counts = rows.flatMap(({ row: { changes, values }, size }) =>
    changes.stock && size?.variantId && values.stock !== undefined
      ? [{ variantId: size.variantId, onHand: values.stock }]
      : [],
  );
  const short = new Set<VariantId | null | undefined>(await deps.stock.countAll(tx, counts, 'import', found.id));
  const below = rows.filter(({ size }) => size?.variantId && short.has(size.variantId));
  const fine = rows.filter((one) => !below.includes(one));
  const isDirect = (one: Found): boolean => one.size?.variantId != null && (found.listsAtOnce || onlyStock(one));
  await deps.products.editSizes(tx, fine.filter(isDirect).flatMap(editOf));
  return [
    ...fine.filter(isDirect).map(({ row }) => written(row)),
    ...(await edit(
      deps,
      tx,
      found,
      fine.filter((one) => !isDirect(one)),
    )),
    ...below.map(({ row }) => ({ row, refused: { field: 'stock', code: 'STOCK_BELOW_HELD' } as const })),
  ];
}

/** How rows that were confirmed become goods: at once where an officer answers for them, else by the way of every edit. */
export const createGoods = (deps: Deps) => ({
  write: async (tx: Tx, found: ImportRow, rows: readonly Found[]): Promise<readonly Written[]> => {
    const fresh = rows.filter(({ row }) => row.verdict === 'new').map(({ row }) => row);
    const added = await (found.listsAtOnce ? list : handIn)(deps, tx, found, fresh);
    const changed = rows.filter(({ row }) => row.verdict === 'changed');
    const done = await change(deps, tx, found, changed);
    const kept = done.flatMap((one) => ('refused' in one || !one.row.changes.producedOn ? [] : [one.row]));
    await deps.batches.addDays(
      tx,
      kept.flatMap(({ productId, values }) => madeOn(productId, values)),
    );
    return [...added, ...done];
  },
  addDays: deps.batches.addDays,
});
