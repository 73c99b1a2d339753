import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { products } from '#features/products/tables.ts';
import type { ProductId } from '#features/products/types.ts';

/** Goods of these businesses that do not keep by themselves, by name; what a page can hold of them. */
export const listPerishables = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select({ productId: products.id, name: products.nameVi, storage: products.storage })
    .from(products)
    .where(
      and(
        inArray(products.businessId, [...businessIds]),
        isNull(products.partnerKey),
        ne(products.storage, 'ambient'),
        eq(products.status, 'listed'),
      ),
    )
    .orderBy(asc(products.nameVi), asc(products.id))
    .limit(200);

/** The businesses of a member by name. */
export const listNames = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select({ businessId: businesses.id, name: businesses.name })
    .from(businesses)
    .where(inArray(businesses.id, [...businessIds]))
    .orderBy(asc(businesses.name));

/** The business that an own product belongs to; undefined where the product is another's. */
export async function findOwner(
  reader: Reader,
  productId: ProductId,
  businessIds: readonly BusinessId[],
): Promise<BusinessId | undefined> {
  const [row] = await reader
    .select({ businessId: products.businessId })
    .from(products)
    .where(
      and(eq(products.id, productId), inArray(products.businessId, [...businessIds]), isNull(products.partnerKey)),
    );
  return row?.businessId;
}
