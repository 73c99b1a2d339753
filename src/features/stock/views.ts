import { and, asc, eq, gt, inArray, or, type SQL, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { accounts } from '#features/identity/tables.ts';
import { prices, products, variants } from '#features/products/tables.ts';
import type { VariantId } from '#features/products/types.ts';
import { stock, stockMovements } from './tables.ts';

const columns = {
  variantId: variants.id,
  productId: products.id,
  businessId: products.businessId,
  productSlug: products.slug,
  sku: variants.sku,
  name: products.nameVi,
  label: variants.label,
  onHand: stock.onHand,
  held: stock.held,
  lowAt: stock.lowAt,
  isLow: sql<boolean>`coalesce(${stock.onHand} <= ${stock.lowAt}, false)`,
};

/** What the given businesses have on their shelves. */
export const listShelves = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select(columns)
    .from(stock)
    .innerJoin(variants, eq(variants.id, stock.variantId))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(
      and(inArray(products.businessId, [...businessIds]), eq(products.status, 'listed'), eq(variants.active, true)),
    )
    .orderBy(asc(variants.sku))
    .limit(10_000);

/** One variant of the given businesses; another's does not exist. */
export async function findOwnVariant(reader: Reader, variantId: VariantId, businessIds: readonly BusinessId[]) {
  const [row] = await reader
    .select(columns)
    .from(stock)
    .innerJoin(variants, eq(variants.id, stock.variantId))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(and(eq(variants.id, variantId), inArray(products.businessId, [...businessIds])));
  return row;
}

const tableColumns = { ...columns, priceVnd: prices.priceVnd, compareAtVnd: prices.compareAtVnd };
export type TableRow = Awaited<ReturnType<typeof findTableRows>>[number];

const tableOf = (reader: Reader, ...conditions: readonly (SQL | undefined)[]) =>
  reader
    .select(tableColumns)
    .from(stock)
    .innerJoin(variants, eq(variants.id, stock.variantId))
    .innerJoin(prices, eq(prices.variantId, variants.id))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(and(...conditions));

/** Sizes of the given businesses by id. */
export const findTableRows = (reader: Reader, ids: readonly VariantId[], businessIds: readonly BusinessId[]) =>
  tableOf(reader, inArray(variants.id, [...ids]), inArray(products.businessId, [...businessIds])).orderBy(
    asc(variants.id),
  );

/** The same, with their shelves locked in the order of their ids. */
export const lockTableRows = (tx: Tx, ids: readonly VariantId[], businessIds: readonly BusinessId[]) =>
  findTableRows(tx, ids, businessIds).for('update', { of: stock });

/** What is for sale, by code, from a code on; `q` narrows to a part of a name or code. */
export function listTable(reader: Reader, businessIds: readonly BusinessId[], q: string, after: string, limit: number) {
  const part = `%${q.replace(/[\\%_]/g, '\\$&')}%`;
  return tableOf(
    reader,
    inArray(products.businessId, [...businessIds]),
    eq(products.status, 'listed'),
    eq(variants.active, true),
    q === '' ? undefined : or(sql`${products.nameVi} ilike ${part}`, sql`${variants.sku} ilike ${part}`),
    after === '' ? undefined : gt(variants.sku, after),
  )
    .orderBy(asc(variants.sku), asc(variants.id))
    .limit(limit);
}

/** Sizes by id, whoever's they are. */
export const findSizes = (reader: Reader, ids: readonly VariantId[]) =>
  ids.length === 0
    ? Promise.resolve([])
    : reader
        .select(columns)
        .from(stock)
        .innerJoin(variants, eq(variants.id, stock.variantId))
        .innerJoin(products, eq(products.id, variants.productId))
        .where(inArray(variants.id, [...ids]));

/** The journal of a shelf, newest first, with the names of the people in it. */
export async function listMovements(reader: Reader, variantId: VariantId, limit: number, cursor: Cursor | undefined) {
  const rows = await reader
    .select({
      id: stockMovements.id,
      change: stockMovements.change,
      reason: stockMovements.reason,
      at: stockMovements.at,
      by: accounts.name,
    })
    .from(stockMovements)
    .leftJoin(accounts, sql`'account:' || ${accounts.id} = ${stockMovements.actor}`)
    .where(
      and(
        eq(stockMovements.variantId, variantId),
        cursor &&
          sql`(${stockMovements.at}, ${stockMovements.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`,
      ),
    )
    .orderBy(sql`${stockMovements.at} desc, ${stockMovements.id} desc`)
    .limit(limit + 1);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    movements: rows.slice(0, limit),
    nextCursor: last ? encodeCursor({ value: last.at.toISOString(), id: last.id }) : null,
  };
}
