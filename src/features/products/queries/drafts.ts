import { and, count, eq, inArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { productDrafts } from '../tables.ts';
import type { ProductFields, ProductId } from '../types.ts';

export type DraftRow = typeof productDrafts.$inferSelect;

const isOwn = (id: ProductId, businessIds: readonly BusinessId[]) =>
  and(eq(productDrafts.productId, id), inArray(productDrafts.businessId, [...businessIds]));

export async function findDraft(
  reader: Reader,
  id: ProductId,
  businessIds: readonly BusinessId[],
): Promise<DraftRow | undefined> {
  const [row] = await reader.select().from(productDrafts).where(isOwn(id, businessIds));
  return row;
}

export async function lockDraft(
  tx: Tx,
  id: ProductId,
  businessIds: readonly BusinessId[],
): Promise<DraftRow | undefined> {
  const [row] = await tx.select().from(productDrafts).where(isOwn(id, businessIds)).for('update');
  return row;
}

export async function countDrafts(tx: Tx, businessId: BusinessId): Promise<number> {
  const [row] = await tx.select({ count: count() }).from(productDrafts).where(eq(productDrafts.businessId, businessId));
  return row?.count ?? 0;
}

export type DraftContent = {
  readonly productId: ProductId;
  readonly businessId: BusinessId;
  readonly fields: ProductFields;
  readonly typed: Readonly<Record<string, string>>;
};

/** Keeps what was typed; the last of two that save at once stands, and nothing that is for sale is touched. */
export async function saveDraft(tx: Tx, { productId, businessId, fields, typed }: DraftContent, at: Date) {
  const [row] = await tx
    .insert(productDrafts)
    .values({ productId, businessId, fields, typed, createdAt: at, updatedAt: at })
    .onConflictDoUpdate({
      target: productDrafts.productId,
      set: { fields, typed, updatedAt: at, version: sql`${productDrafts.version} + 1` },
    })
    .returning({ version: productDrafts.version });
  return row?.version ?? 1;
}

export async function deleteDraft(tx: Tx, id: ProductId): Promise<void> {
  await tx.delete(productDrafts).where(eq(productDrafts.productId, id));
}
