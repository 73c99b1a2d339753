import { and, count, eq, inArray, lte, ne, notInArray, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { FileId } from '#features/files/types.ts';
import type { OrderId } from '#features/orders/types.ts';
import type { ProductId } from '#features/products/types.ts';
import { ratingOf } from './rules.ts';
import { productRatings, reviewPhotos, reviews, reviewVersions } from './tables.ts';
import type { Rating, ReviewId } from './types.ts';

export type ReviewRow = typeof reviews.$inferSelect;

export async function lockReview(tx: Tx, id: ReviewId): Promise<ReviewRow | undefined> {
  const [row] = await tx.select().from(reviews).where(eq(reviews.id, id)).for('update');
  return row;
}

export async function lockReviewOf(tx: Tx, orderId: OrderId, productId: ProductId): Promise<ReviewRow | undefined> {
  const [row] = await tx
    .select()
    .from(reviews)
    .where(and(eq(reviews.orderId, orderId), eq(reviews.productId, productId)))
    .for('update');
  return row;
}

/** False where somebody wrote it in the same instant. */
export async function insertReview(tx: Tx, row: typeof reviews.$inferInsert): Promise<boolean> {
  const made = await tx.insert(reviews).values(row).onConflictDoNothing().returning({ id: reviews.id });
  return made.length > 0;
}

export async function saveReview(tx: Tx, id: ReviewId, change: Partial<ReviewRow>): Promise<void> {
  await tx.update(reviews).set(change).where(eq(reviews.id, id));
}

/** Keeps what was said until now. The numbers of the review and its reply are one row of numbers. */
export async function keepVersion(tx: Tx, row: ReviewRow, part: 'review' | 'reply', until: Date): Promise<void> {
  const { id: reviewId, version } = row;
  const said = part === 'review' ? { points: row.points, text: row.text } : { points: null, text: row.reply ?? '' };
  await tx.insert(reviewVersions).values({ reviewId, part, version, ...said, until });
  await saveReview(tx, reviewId, { version: version + 1 });
}

export async function countPhotos(reader: Reader, reviewId: ReviewId): Promise<number> {
  const [row] = await reader.select({ count: count() }).from(reviewPhotos).where(eq(reviewPhotos.reviewId, reviewId));
  return row?.count ?? 0;
}

export async function addPhotos(tx: Tx, reviewId: ReviewId, fileIds: readonly FileId[]): Promise<void> {
  const from = await countPhotos(tx, reviewId);
  const rows = fileIds.map((fileId, index) => ({ reviewId, fileId, place: from + index }));
  if (rows.length > 0) await tx.insert(reviewPhotos).values(rows);
}

/** Takes away those among `fileIds`. */
export async function dropPhotos(tx: Tx, reviewId: ReviewId, fileIds: readonly FileId[]): Promise<void> {
  if (fileIds.length === 0) return;
  await tx
    .delete(reviewPhotos)
    .where(and(eq(reviewPhotos.reviewId, reviewId), inArray(reviewPhotos.fileId, [...fileIds])));
}

/**
 * Counts a product's reviews anew. The row is locked first and counted after that, in a statement of its own, so that of
 * two changes at the same instant the second sees what the first wrote.
 */
export async function refreshRating(tx: Tx, productId: ProductId): Promise<void> {
  const none = { productId, count: 0, points: 0, distribution: [0, 0, 0, 0, 0] };
  await tx
    .insert(productRatings)
    .values(none)
    .onConflictDoUpdate({ target: productRatings.productId, set: { productId } });
  const given = await tx
    .select({ points: reviews.points, count: count() })
    .from(reviews)
    .where(and(eq(reviews.productId, productId), eq(reviews.state, 'published')))
    .groupBy(reviews.points);
  const distribution = [1, 2, 3, 4, 5].map((points) => given.find((row) => row.points === points)?.count ?? 0);
  const points = given.reduce((sum, row) => sum + row.points * row.count, 0);
  await tx
    .update(productRatings)
    .set({ count: ratingOf(distribution).count, points, distribution })
    .where(eq(productRatings.productId, productId));
}

export async function findRating(reader: Reader, productId: ProductId): Promise<Rating> {
  const [row] = await reader.select().from(productRatings).where(eq(productRatings.productId, productId));
  return ratingOf(row?.distribution ?? [0, 0, 0, 0, 0]);
}

const ofPhone = (phone: string) =>
  sql`${reviews.orderId} in (select o.id from orders o join order_groups g on g.id = o.group_id where g.phone = ${phone})`;

/** The person goes with name, words and photos; the points stay, as part of a figure that names nobody. */
export async function forgetReviewerOf(tx: Tx, phone: string): Promise<void> {
  const own = await tx.select({ id: reviews.id }).from(reviews).where(ofPhone(phone));
  const ids = own.map(({ id }) => id);
  if (ids.length === 0) return;
  await tx.delete(reviewPhotos).where(inArray(reviewPhotos.reviewId, ids));
  await tx
    .update(reviewVersions)
    .set({ text: '' })
    .where(and(inArray(reviewVersions.reviewId, ids), eq(reviewVersions.part, 'review')));
  await tx.update(reviews).set({ shownName: '', text: '', flags: [], detail: 0 }).where(inArray(reviews.id, ids));
}

/** Names of reviews older than that, and what was changed in them, are of no use to anybody any more. */
export async function forgetOldReviewers(tx: Tx, before: Date): Promise<void> {
  await tx
    .update(reviews)
    .set({ shownName: '' })
    .where(and(lte(reviews.createdAt, before), ne(reviews.shownName, '')));
  await tx
    .update(reviewVersions)
    .set({ text: '' })
    .where(and(lte(reviewVersions.until, before), notInArray(reviewVersions.text, [''])));
}
