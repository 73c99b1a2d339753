import { and, asc, eq, inArray, lte, max, notInArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { nextPrices, pictures, prices, products, variants } from '../tables.ts';
import type { ProductId, VariantId } from '../types.ts';

type ProductRow = typeof products.$inferSelect;

/** Writes a change of a product and moves its version on; who read it before must read again. */
export async function saveProduct(tx: Tx, id: ProductId, change: Partial<ProductRow>): Promise<void> {
  await tx
    .update(products)
    .set({ ...change, version: sql`${products.version} + 1` })
    .where(eq(products.id, id));
}

export async function saveVariant(tx: Tx, id: VariantId, change: Partial<typeof variants.$inferSelect>): Promise<void> {
  await tx.update(variants).set(change).where(eq(variants.id, id));
}

export async function lastPosition(tx: Tx, id: ProductId): Promise<number> {
  const [row] = await tx
    .select({ position: max(variants.position) })
    .from(variants)
    .where(eq(variants.productId, id));
  return row?.position ?? -1;
}

export async function findPrice(reader: Reader, id: VariantId) {
  const [row] = await reader.select().from(prices).where(eq(prices.variantId, id));
  return row;
}

export async function saveNextPrice(tx: Tx, row: typeof nextPrices.$inferInsert): Promise<void> {
  const { priceVnd, validFrom, setAt } = row;
  await tx
    .insert(nextPrices)
    .values(row)
    .onConflictDoUpdate({
      target: nextPrices.variantId,
      set: { priceVnd, validFrom, setAt, setBy: sql`excluded.set_by` },
    });
}

export async function deleteNextPrice(tx: Tx, id: VariantId): Promise<void> {
  await tx.delete(nextPrices).where(eq(nextPrices.variantId, id));
}

/** Prices whose day has come, with their products; two workers do not take the same. */
export const lockDuePrices = (tx: Tx, now: Date, limit: number) =>
  tx
    .select({
      variantId: nextPrices.variantId,
      priceVnd: nextPrices.priceVnd,
      validFrom: nextPrices.validFrom,
      productId: variants.productId,
    })
    .from(nextPrices)
    .innerJoin(variants, eq(variants.id, nextPrices.variantId))
    .where(lte(nextPrices.validFrom, now))
    .orderBy(asc(nextPrices.validFrom), asc(nextPrices.variantId))
    .limit(limit)
    .for('update', { of: nextPrices, skipLocked: true });

export type PlacedPicture = {
  readonly id: (typeof pictures.$inferSelect)['id'];
  readonly altVi: string;
};

/** Puts the pictures that stay in their places and takes the others away; new ones come after, by `insertPicture`. */
export async function arrangePictures(
  tx: Tx,
  productId: ProductId,
  kept: readonly (PlacedPicture | null)[],
): Promise<void> {
  const ids = kept.flatMap((one) => (one ? [one.id] : []));
  const own = eq(pictures.productId, productId);
  await tx.delete(pictures).where(ids.length > 0 ? and(own, notInArray(pictures.id, ids)) : own);
  // Out of each other's way first: two pictures may not stand in one place even for a moment.
  await tx
    .update(pictures)
    .set({ position: sql`${pictures.position} + 1000` })
    .where(own);
  for (const [position, picture] of kept.entries()) {
    if (!picture) continue;
    await tx
      .update(pictures)
      .set({ position, altVi: picture.altVi })
      .where(and(own, eq(pictures.id, picture.id)));
  }
}

/** Of these pictures, those that the product has. */
export const listOwnPictures = (reader: Reader, productId: ProductId, ids: readonly PlacedPicture['id'][]) =>
  reader
    .select({ id: pictures.id })
    .from(pictures)
    .where(and(eq(pictures.productId, productId), inArray(pictures.id, [...ids])));
