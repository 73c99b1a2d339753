import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import { categories, pictures, priceHistory, prices, products, variants } from './tables.ts';
import type { ProductId, VariantId } from './types.ts';

export type CategoryRow = typeof categories.$inferSelect;
export type ProductRow = typeof products.$inferInsert;
export type VariantRow = typeof variants.$inferInsert;
export type PriceRow = typeof priceHistory.$inferInsert;
export type PictureRow = typeof pictures.$inferInsert;

export const insertCategories = async (tx: Tx, rows: readonly CategoryRow[]): Promise<void> => {
  await tx
    .insert(categories)
    .values([...rows])
    .onConflictDoNothing();
};

export const listCategories = (reader: Reader): Promise<CategoryRow[]> =>
  reader.select().from(categories).orderBy(categories.id);

export async function insertProducts(
  tx: Tx,
  rows: {
    products: readonly ProductRow[];
    variants: readonly VariantRow[];
    prices: readonly PriceRow[];
    pictures: readonly PictureRow[];
  },
): Promise<void> {
  await insertRows(tx, products, rows.products);
  await insertRows(tx, variants, rows.variants);
  await insertRows(
    tx,
    prices,
    rows.prices.map(({ variantId, priceVnd, compareAtVnd = null, validFrom }) => ({
      variantId,
      priceVnd,
      compareAtVnd,
      validFrom,
    })),
  );
  await insertRows(tx, priceHistory, rows.prices);
  await insertRows(tx, pictures, rows.pictures);
}

export async function savePrice(tx: Tx, row: PriceRow): Promise<void> {
  const { variantId, priceVnd, compareAtVnd = null, validFrom } = row;
  await tx
    .insert(prices)
    .values({ variantId, priceVnd, compareAtVnd, validFrom })
    .onConflictDoUpdate({ target: prices.variantId, set: { priceVnd, compareAtVnd, validFrom } });
  await tx.insert(priceHistory).values(row);
}

/** The same for any number of sizes, in two statements. */
export async function savePrices(tx: Tx, rows: readonly PriceRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Value>(read: (row: PriceRow) => Value) => sql.param(rows.map(read));
  await tx.execute(sql`insert into prices (variant_id, price_vnd, compare_at_vnd, valid_from)
    select * from unnest(${column((row) => row.variantId)}::uuid[], ${column((row) => row.priceVnd)}::bigint[],
      ${column((row) => row.compareAtVnd ?? null)}::bigint[], ${column((row) => row.validFrom)}::timestamptz[])
    on conflict (variant_id) do update set price_vnd = excluded.price_vnd, compare_at_vnd = excluded.compare_at_vnd, valid_from = excluded.valid_from`);
  await insertRows(tx, priceHistory, rows);
}

export async function updateVariant(tx: Tx, id: VariantId, change: Partial<VariantRow>): Promise<void> {
  await tx.update(variants).set(change).where(eq(variants.id, id));
}

export async function updateProduct(tx: Tx, id: ProductId, change: Partial<ProductRow>): Promise<boolean> {
  const rows = await tx.update(products).set(change).where(eq(products.id, id)).returning({ id: products.id });
  return rows.length === 1;
}

/** Locks the product, so that two edits of it come one after the other. */
export async function lockProduct(tx: Tx, id: ProductId) {
  const [row] = await tx.select().from(products).where(eq(products.id, id)).for('update');
  return row;
}

export const findPictures = (reader: Reader, ids: readonly string[]) =>
  reader
    .select()
    .from(pictures)
    .where(inArray(pictures.id, ids as (typeof pictures.$inferSelect)['id'][]));

export async function saveRenditions(
  tx: Tx,
  id: (typeof pictures.$inferSelect)['id'],
  renditions: (typeof pictures.$inferSelect)['renditions'],
): Promise<void> {
  await tx.update(pictures).set({ renditions }).where(eq(pictures.id, id));
}

export const listUnencodedPictures = (reader: Reader, limit: number) =>
  reader
    .select({ id: pictures.id })
    .from(pictures)
    .where(and(eq(pictures.renditions, []), isNull(pictures.fileId)))
    .limit(limit);

/** The product of these pictures, locked, with how many it has. */
export const listPicturesOf = (reader: Reader, productId: ProductId) =>
  reader
    .select({
      id: pictures.id,
      position: pictures.position,
      fileId: pictures.fileId,
      altVi: pictures.altVi,
      altEn: pictures.altEn,
    })
    .from(pictures)
    .where(eq(pictures.productId, productId))
    .orderBy(pictures.position);

export async function insertPicture(tx: Tx, row: PictureRow): Promise<void> {
  await tx.insert(pictures).values(row);
}

/** Has each of our products show the rate that its class bears by now; how many turned. */
export async function turnVat(tx: Tx, now: Date): Promise<number> {
  await tx.execute(sql`select set_config('app.vat_turn', '1', true)`);
  const { rows } = await tx.execute(sql`update products p set vat_bps = r.rate_bps
    from (select distinct on (vat_class) vat_class, rate_bps from vat_rates where valid_from <= ${now.toISOString()}::timestamptz order by vat_class, valid_from desc) r
    where p.vat_class = r.vat_class and p.partner_key is null and p.vat_bps <> r.rate_bps returning p.id`);
  return rows.length;
}
