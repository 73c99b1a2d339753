import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { storedFiles } from '#features/files/tables.ts';
import { products } from '#features/products/tables.ts';
import type { ProductId } from '#features/products/types.ts';
import { batches } from './tables.ts';
import type { BatchId } from './types.ts';

const columns = {
  batchId: batches.id,
  code: batches.code,
  lot: batches.lot,
  harvestedOn: batches.harvestedOn,
  packedOn: batches.packedOn,
  expiresOn: batches.expiresOn,
  quantityNote: batches.quantityNote,
  reportNumber: batches.reportNumber,
  /** SHA-256 of the report: who was given the paper can check that it is the same. */
  reportSha256: storedFiles.sha256,
  recalledAt: batches.recalledAt,
  recallReason: batches.recallReason,
  product: {
    productId: products.id,
    slug: products.slug,
    name: products.nameVi,
    nameEn: products.nameEn,
    status: products.status,
  },
  business: { businessId: businesses.id, slug: businesses.slug, name: businesses.name },
};
const from = (reader: Reader) =>
  reader
    .select(columns)
    .from(batches)
    .innerJoin(products, eq(products.id, batches.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId))
    .leftJoin(storedFiles, eq(storedFiles.id, batches.reportFileId));

export type BatchView = NonNullable<Awaited<ReturnType<typeof findBatch>>>;

/** Anybody may read a batch by the code on its package, also after its product has gone. */
export async function findBatch(reader: Reader, code: string) {
  const [row] = await from(reader).where(eq(batches.code, code));
  return row;
}

export const listBatches = (reader: Reader, productId: ProductId, limit: number): Promise<BatchView[]> =>
  from(reader).where(eq(batches.productId, productId)).orderBy(desc(batches.createdAt), desc(batches.id)).limit(limit);

/** A batch of one of these businesses, or of any where no list is given. */
export async function findOwnBatch(
  reader: Reader,
  id: BatchId,
  businessIds?: readonly BusinessId[],
): Promise<BatchView | undefined> {
  const own = businessIds && inArray(products.businessId, [...businessIds]);
  const [row] = await from(reader).where(and(eq(batches.id, id), own));
  return row;
}

/** Whose product it is, if it is one of these businesses'. */
export async function findOwnProduct(reader: Reader, id: ProductId, businessIds: readonly BusinessId[]) {
  const [row] = await reader
    .select({ productId: products.id, businessId: products.businessId, name: products.nameVi })
    .from(products)
    .where(and(eq(products.id, id), inArray(products.businessId, [...businessIds])));
  return row;
}
