import { type Clock, startOfLocalDay } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { slugify } from '#core/vietnamese.ts';
import { type Tx, violatedConstraint } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Stock } from '#features/stock/index.ts';
import { drawingFor } from './drawings.ts';
import type { Pictures } from './pictures.ts';
import {
  arrangePictures,
  deleteNextPrice,
  findPrice,
  lastPosition,
  saveNextPrice,
  saveProduct,
  saveVariant,
} from './queries/editing.ts';
import { insertPicture, insertProducts, listCategories, type PriceRow, savePrice, type VariantRow } from './queries.ts';
import { tintOf } from './rules.ts';
import {
  type FieldChange,
  type NextPrice,
  type PictureFields,
  type ProductFields,
  type ProductId,
  productProblems,
  type VariantFields,
  type VariantId,
} from './types.ts';

const refuse = refusals(productProblems);
type Deps = {
  readonly events: Events;
  readonly stock: Stock;
  readonly now: Clock;
  readonly addPicture: Pictures['add'];
};
export type Change = Pick<FieldChange, 'field' | 'after'>;
export type NewListing = {
  readonly productId: ProductId;
  readonly businessId: BusinessId;
  readonly fields: ProductFields;
};

const taken = (error: unknown): unknown =>
  violatedConstraint(error) === 'products_own_sku' || violatedConstraint(error) === 'variants_sku'
    ? refuse('sku-taken')
    : error;

const priceOf = ({ priceVnd }: VariantFields): Vnd => {
  if (priceVnd === null) throw new Error('A size without a price was let through');
  return priceVnd;
};

const variantRow = (productId: ProductId, variant: VariantFields, id: VariantId, position: number): VariantRow => ({
  id,
  productId,
  sku: variant.sku,
  label: variant.label,
  netWeightG: variant.netWeightG,
  minOrder: variant.minOrder,
  maxOrder: variant.maxOrder,
  active: variant.active,
  position,
});
const priceRow = (variant: VariantFields, variantId: VariantId, at: Date): PriceRow => ({
  id: newId<'PriceChange'>(),
  variantId,
  priceVnd: priceOf(variant),
  compareAtVnd: variant.compareAtVnd,
  validFrom: at,
});

type Owner = { readonly productId: ProductId; readonly businessId: BusinessId };
type Work = Deps & Owner & { readonly tx: Tx; readonly at: Date };

async function setNextPrice({ tx, at }: Work, variantId: VariantId, next: NextPrice | null): Promise<void> {
  if (next === null) return deleteNextPrice(tx, variantId);
  const validFrom = startOfLocalDay(next.from);
  await saveNextPrice(tx, { variantId, priceVnd: next.priceVnd, validFrom, setAt: at });
}

async function setPrice({ tx, at }: Work, variantId: VariantId, change: Partial<VariantFields>): Promise<void> {
  const current = await findPrice(tx, variantId);
  const priceVnd = change.priceVnd ?? current?.priceVnd;
  if (priceVnd === undefined) throw new Error(`Variant ${variantId} has no price`);
  const compareAtVnd = change.compareAtVnd === undefined ? (current?.compareAtVnd ?? null) : change.compareAtVnd;
  // A struck-out price that is no longer above the price would be a lie of arithmetic.
  const shown = compareAtVnd !== null && compareAtVnd > priceVnd ? compareAtVnd : null;
  await savePrice(tx, { id: newId<'PriceChange'>(), variantId, priceVnd, compareAtVnd: shown, validFrom: at });
}

async function changeVariant(applying: Work, variantId: VariantId, change: Partial<VariantFields>): Promise<void> {
  const { tx, stock } = applying;
  const { priceVnd, compareAtVnd, next, onHand, variantId: _id, ...row } = change;
  if (Object.keys(row).length > 0)
    await saveVariant(tx, variantId, row).catch((error: unknown) => {
      throw taken(error);
    });
  if (priceVnd !== undefined || compareAtVnd !== undefined) await setPrice(applying, variantId, change);
  if (next !== undefined) await setNextPrice(applying, variantId, next);
  if (onHand !== undefined && onHand !== null) await stock.count(tx, variantId, onHand, 'count');
}

async function addVariants(applying: Work, added: readonly VariantFields[]): Promise<void> {
  if (added.length === 0) return;
  const { tx, productId, at } = applying;
  const last = await lastPosition(tx, productId);
  const made = added.map((variant, index) => ({ variant, id: newId<'Variant'>(), position: last + 1 + index }));
  await insertProducts(tx, {
    products: [],
    variants: made.map(({ variant, id, position }) => variantRow(productId, variant, id, position)),
    prices: made.map(({ variant, id }) => priceRow(variant, id, at)),
    pictures: [],
  }).catch((error: unknown) => {
    throw taken(error);
  });
  await openSizes(applying, made);
}

type Made = { readonly variant: VariantFields; readonly id: VariantId };

/** The shelves of new sizes, and what they are to cost later. */
async function openSizes(applying: Work, made: readonly Made[]): Promise<void> {
  await applying.stock.open(
    applying.tx,
    made.map(({ variant, id }) => ({ variantId: id, onHand: variant.onHand ?? 0 })),
    'initial',
  );
  for (const { variant, id } of made) if (variant.next) await setNextPrice(applying, id, variant.next);
}

async function placePictures(
  { tx, productId, businessId, addPicture }: Work,
  wanted: readonly PictureFields[],
  name: string,
): Promise<void> {
  await arrangePictures(
    tx,
    productId,
    wanted.map(({ pictureId, altVi }) => pictureId && { id: pictureId, altVi: altVi || name }),
  );
  for (const [position, { pictureId, fileId, altVi }] of wanted.entries()) {
    if (pictureId !== null || fileId === null) continue;
    await addPicture(tx, { productId, businessId, fileId, altVi: altVi || name, position });
  }
}

/** Changes of sizes that are there already, by size. */
function byVariant(changes: readonly Change[]): ReadonlyMap<VariantId, Partial<VariantFields>> {
  const grouped = new Map<VariantId, Record<string, unknown>>();
  for (const { field, after } of changes) {
    const [, id, member] = /^variant\.([0-9a-f-]{36})\.(\w+)$/.exec(field) ?? [];
    if (id === undefined || member === undefined) continue;
    const variantId = id as VariantId;
    grouped.set(variantId, { ...grouped.get(variantId), [member]: after });
  }
  return grouped;
}

async function apply(applying: Work, changes: readonly Change[], name: string): Promise<void> {
  const { tx, productId, at, events } = applying;
  const own = changes.filter(({ field }) => !field.startsWith('variant.') && field !== 'pictures');
  await saveProduct(tx, productId, {
    ...Object.fromEntries(own.map(({ field, after }) => [field, after])),
    updatedAt: at,
  });
  for (const [variantId, change] of byVariant(changes)) await changeVariant(applying, variantId, change);
  const added = changes
    .filter(({ field }) => field.startsWith('variant.new.'))
    .map(({ after }) => after as VariantFields);
  await addVariants(applying, added);
  const pictures = changes.find(({ field }) => field === 'pictures');
  if (pictures) await placePictures(applying, pictures.after as readonly PictureFields[], name);
  await events.add(tx, { type: 'product.changed', productId });
}

async function list(deps: Deps, tx: Tx, { productId, businessId, fields }: NewListing): Promise<void> {
  const at = deps.now();
  const { variants, pictures, categoryId, vatBps, ...text } = fields;
  const [first] = variants;
  if (categoryId === null || vatBps === null || !first) throw new Error('A listing that is not whole was let through');
  const made = variants.map((variant, position) => ({ variant, id: newId<'Variant'>(), position }));
  const slug = `${slugify(fields.nameVi) || 'san-pham'}-${productId.slice(-6)}`;
  const stamps = { status: 'listed' as const, createdAt: at, updatedAt: at };
  await insertProducts(tx, {
    products: [
      {
        ...text,
        aliases: [...text.aliases],
        allergens: [...text.allergens],
        tags: [...text.tags],
        seasonMonths: [...text.seasonMonths],
        id: productId,
        businessId,
        categoryId,
        vatBps,
        sku: first.sku,
        slug,
        ...stamps,
      },
    ],
    variants: made.map(({ variant, id, position }) => variantRow(productId, variant, id, position)),
    prices: made.map(({ variant, id }) => priceRow(variant, id, at)),
    pictures: [],
  }).catch((error: unknown) => {
    throw taken(error);
  });
  const applying = { ...deps, tx, productId, businessId, at };
  await openSizes(applying, made);
  if (pictures.length > 0) await placePictures(applying, pictures, fields.nameVi);
  else await drawFor(tx, { productId, categoryId, name: fields.nameVi, sku: first.sku });
  await deps.events.add(tx, { type: 'product.changed', productId });
}

type Drawn = {
  readonly productId: ProductId;
  readonly categoryId: number;
  readonly name: string;
  readonly sku: string;
};

/** A product without a photograph is drawn until its seller sends one. */
async function drawFor(tx: Tx, { productId, categoryId, name, sku }: Drawn): Promise<void> {
  const category = (await listCategories(tx)).find(({ id }) => id === categoryId);
  const source = `drawing:${drawingFor(category?.slug ?? '', name)}:${tintOf(sku)}`;
  await insertPicture(tx, {
    id: newId<'Picture'>(),
    productId,
    position: 0,
    altVi: name,
    source,
    width: 640,
    height: 640,
  });
}

export type Applying = ReturnType<typeof createApplying>;

/** How approved changes become what shoppers see. The caller has locked the product and decided. */
export const createApplying = (deps: Deps) => ({
  applyChanges: (tx: Tx, owner: Owner, changes: readonly Change[], name: string): Promise<void> =>
    apply({ ...deps, ...owner, tx, at: deps.now() }, changes, name),
  /** Lists a product for the first time, under the id that its draft had. 409 `sku-taken`. */
  listFirst: (tx: Tx, listing: NewListing): Promise<void> => list(deps, tx, listing),
});
