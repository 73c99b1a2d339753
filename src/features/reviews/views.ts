import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { FileId } from '#features/files/types.ts';
import { orderGroups, orders } from '#features/orders/tables.ts';
import type { OrderId } from '#features/orders/types.ts';
import { products } from '#features/products/tables.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { reviewPhotos, reviews } from './tables.ts';
import type { ReviewId, ReviewSort, ReviewState } from './types.ts';

/** Whether pieces of it went back or the money did: the review stays, and says so. */
const cameBack = sql<boolean>`(${orders.paymentStatus} = 'refunded' or exists (select from order_lines l join variants v on v.id = l.variant_id
  where l.order_id = ${reviews.orderId} and v.product_id = ${reviews.productId} and l.returned_quantity > 0))`;

const columns = {
  reviewId: reviews.id,
  state: reviews.state,
  points: reviews.points,
  text: reviews.text,
  shownName: reviews.shownName,
  flags: reviews.flags,
  reason: reviews.reason,
  detail: reviews.detail,
  reply: reviews.reply,
  replyState: reviews.replyState,
  repliedAt: reviews.repliedAt,
  flagReason: reviews.flagReason,
  flaggedAt: reviews.flaggedAt,
  flagAnsweredAt: reviews.flagAnsweredAt,
  createdAt: reviews.createdAt,
  editedAt: reviews.editedAt,
  businessId: reviews.businessId,
  businessName: orders.businessName,
  orderCode: orders.code,
  phone: orderGroups.phone,
  delivery: orderGroups.delivery,
  productId: reviews.productId,
  productName: products.nameVi,
  productSlug: products.slug,
  cameBack,
};
const select = (reader: Reader) =>
  reader
    .select(columns)
    .from(reviews)
    .innerJoin(products, eq(products.id, reviews.productId))
    .innerJoin(orders, eq(orders.id, reviews.orderId))
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId));

async function withPhotos(reader: Reader, rows: Awaited<ReturnType<typeof select>>) {
  const ids = rows.map(({ reviewId }) => reviewId);
  const photos = ids.length
    ? await reader
        .select()
        .from(reviewPhotos)
        .where(inArray(reviewPhotos.reviewId, ids))
        .orderBy(asc(reviewPhotos.place), asc(reviewPhotos.fileId))
    : [];
  return rows.map((row) => ({
    ...row,
    photos: photos.filter(({ reviewId }) => reviewId === row.reviewId).map(({ fileId }) => fileId),
  }));
}
export type ReviewView = Awaited<ReturnType<typeof withPhotos>>[number];

export async function findReview(
  reader: Reader,
  id: ReviewId,
  businessIds?: readonly BusinessId[],
): Promise<ReviewView | undefined> {
  const rows = await select(reader).where(
    and(eq(reviews.id, id), businessIds && inArray(reviews.businessId, [...businessIds])),
  );
  return (await withPhotos(reader, rows))[0];
}

export const listReviewsOfOrder = async (reader: Reader, orderId: OrderId): Promise<ReviewView[]> =>
  withPhotos(reader, await select(reader).where(eq(reviews.orderId, orderId)).limit(200));

export type ReviewScope = {
  readonly productId?: ProductId | undefined;
  readonly businessIds?: readonly BusinessId[] | undefined;
  readonly state?: ReviewState | undefined;
  /** Those of which a seller wants an officer to think again. */
  readonly flagged?: boolean | undefined;
  readonly sort?: ReviewSort | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

const before = ({ sort, cursor }: ReviewScope) => {
  if (!cursor) return undefined;
  return sort === 'detailed'
    ? sql`(${reviews.detail}, ${reviews.id}) < (${cursor.value}::int, ${cursor.id}::uuid)`
    : sql`(${reviews.createdAt}, ${reviews.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`;
};

/** Reviews, newest first or the most detailed first. */
export async function listReviews(reader: Reader, scope: ReviewScope) {
  const { productId, businessIds, state, flagged, sort, limit } = scope;
  const rows = await select(reader)
    .where(
      and(
        productId && eq(reviews.productId, productId),
        businessIds && inArray(reviews.businessId, [...businessIds]),
        state && eq(reviews.state, state),
        flagged ? and(isNotNull(reviews.flaggedAt), isNull(reviews.flagAnsweredAt)) : undefined,
        before(scope),
      ),
    )
    .orderBy(desc(sort === 'detailed' ? reviews.detail : reviews.createdAt), desc(reviews.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const value = sort === 'detailed' ? String(last?.detail) : (last?.createdAt.toISOString() ?? '');
  return {
    items: await withPhotos(reader, page),
    nextCursor: rows.length > limit && last ? encodeCursor({ value, id: last.reviewId }) : null,
  };
}

/** Whether a photo may be seen by everybody. */
export async function isPublished(reader: Reader, fileId: FileId): Promise<boolean> {
  const rows = await reader
    .select({ id: reviews.id })
    .from(reviewPhotos)
    .innerJoin(reviews, eq(reviews.id, reviewPhotos.reviewId))
    .where(and(eq(reviewPhotos.fileId, fileId), eq(reviews.state, 'published')));
  return rows.length > 0;
}

export type Bought = {
  readonly productId: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly label: string;
  readonly variantIds: readonly VariantId[];
  /** Pieces that arrived. */
  readonly delivered: number;
};

/** What was bought with an order, by product, and how much of it arrived. */
export async function listBought(reader: Reader, orderId: OrderId): Promise<Bought[]> {
  const { rows } = await reader.execute<Bought>(sql`
    select p.id as "productId", p.slug, min(l.name) as name, string_agg(l.label, ', ' order by l.id) as label,
      json_agg(l.variant_id) as "variantIds", coalesce(sum(arrived.pieces), 0)::int as delivered
    from order_lines l join variants v on v.id = l.variant_id join products p on p.id = v.product_id
      left join lateral (select sum(sl.quantity) as pieces from shipment_lines sl join shipments s on s.id = sl.shipment_id
        where sl.line_id = l.id and s.state in ('delivered', 'cod_settled')) arrived on true
    where l.order_id = ${orderId} group by p.id, p.slug order by min(l.id::text)`);
  return [...rows];
}

/** How whoever placed the order is called; empty where that was forgotten. */
export async function nameOfBuyer(reader: Reader, orderId: OrderId): Promise<string> {
  const [row] = await reader
    .select({ delivery: orderGroups.delivery })
    .from(orders)
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .where(eq(orders.id, orderId));
  return row?.delivery.recipient.name ?? '';
}

/** Whether whoever bought with this number, or sits behind this account, is of the business. */
export async function isOfBusiness(
  reader: Reader,
  businessId: BusinessId,
  { phone, accountId }: { readonly phone: string; readonly accountId: Id<'Account'> | undefined },
): Promise<boolean> {
  const { rows } = await reader.execute<{ own: boolean }>(sql`
    select exists (select from business_members m join accounts a on a.id = m.account_id
        where m.business_id = ${businessId} and (a.phone = ${phone} or a.id = ${accountId ?? null}::uuid))
      or exists (select from businesses b where b.id = ${businessId} and b.phone = ${phone}) as own`);
  return rows[0]?.own === true;
}

export const listReviewsOfPerson = async (reader: Reader, phone: string) =>
  (await withPhotos(reader, await select(reader).where(eq(orderGroups.phone, phone)).limit(1_000))).map(
    ({ orderCode, productName, state, points, text, shownName, photos, createdAt, editedAt }) => ({
      orderCode,
      productName,
      state,
      points,
      text,
      shownName,
      photos: photos.length,
      createdAt,
      editedAt,
    }),
  );
