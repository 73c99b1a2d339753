import { and, asc, eq, inArray } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { products, variants } from '#features/products/tables.ts';
import type { VariantId } from '#features/products/types.ts';
import { stock } from './tables.ts';

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
