import { and, asc, desc, eq, inArray, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { accounts } from '#features/identity/tables.ts';
import { orderGroups, orderLines, orders } from '#features/orders/tables.ts';
import type { OrderId } from '#features/orders/types.ts';
import { paymentShares, payments } from '#features/payments/tables.ts';
import { products, variants } from '#features/products/tables.ts';
import { complaintEvents, complaintMessages, complaintPhotos, complaints } from '../tables.ts';
import { type ComplaintId, type ComplaintState, OPEN_STATES } from '../types.ts';

/** How a person shows that something is theirs: by its phone number, by the account that did it, or by an account whose proved number that is. */
export type Proof = { readonly phone?: string | undefined; readonly accountId?: Id<'Account'> | undefined };

const holdsNumber = (accountId: Id<'Account'>, column: typeof orderGroups.phone | typeof complaints.phone): SQL =>
  sql`exists (select from ${accounts} where ${accounts.id} = ${accountId} and ${accounts.phoneProvedAt} is not null and ${accounts.phone} = ${column})`;

const isProvedOrder = ({ phone, accountId }: Proof) =>
  or(
    phone === undefined ? undefined : eq(orderGroups.phone, phone),
    accountId === undefined ? undefined : holdsNumber(accountId, orderGroups.phone),
  ) ?? sql`false`;
const isProved = ({ phone, accountId }: Proof) =>
  or(
    phone === undefined ? undefined : eq(complaints.phone, phone),
    accountId === undefined
      ? undefined
      : or(eq(complaints.accountId, accountId), holdsNumber(accountId, complaints.phone)),
  ) ?? sql`false`;

/** The order for whoever proves that it is theirs; undefined as if there were none. */
export async function findProvedOrder(reader: Reader, code: string, proof: Proof) {
  const [order] = await reader
    .select({
      id: orders.id,
      code: orders.code,
      groupId: orders.groupId,
      businessId: orders.businessId,
      businessName: orders.businessName,
      paymentStatus: orders.paymentStatus,
      createdAt: orders.createdAt,
      phone: orderGroups.phone,
    })
    .from(orders)
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .where(and(eq(orders.code, code), isProvedOrder(proof)));
  return order;
}

/** A business of ours that may be complained of, and one of its products, by the names in their addresses. */
export async function findBusiness(reader: Reader, slug: string) {
  const [found] = await reader
    .select({ businessId: businesses.id, name: businesses.name, slug: businesses.slug })
    .from(businesses)
    .where(and(eq(businesses.slug, slug), inArray(businesses.status, ['approved', 'suspended'])));
  return found && { ...found, productId: null };
}
export async function findProduct(reader: Reader, slug: string) {
  const [found] = await reader
    .select({ businessId: products.businessId, name: products.nameVi, slug: products.slug, productId: products.id })
    .from(products)
    .where(and(eq(products.slug, slug), sql`${products.partnerKey} is null`, sql`${products.status} <> 'draft'`));
  return found;
}

export async function findOpenOfOrder(reader: Reader, orderId: OrderId): Promise<string | undefined> {
  const [open] = await reader
    .select({ code: complaints.code })
    .from(complaints)
    .where(and(eq(complaints.orderId, orderId), inArray(complaints.state, [...OPEN_STATES])));
  return open?.code;
}

/** What of an order's price has not gone back; null where nothing was paid. */
export async function findLeft(reader: Reader, orderId: OrderId): Promise<Vnd | null> {
  const [share] = await reader
    .select({ amountVnd: paymentShares.amountVnd, refundedVnd: paymentShares.refundedVnd })
    .from(paymentShares)
    .innerJoin(payments, eq(payments.id, paymentShares.paymentId))
    .where(and(eq(paymentShares.orderId, orderId), isNotNull(payments.completedAt)));
  return share ? vnd(share.amountVnd - share.refundedVnd) : null;
}

/** What may be taken down for a complaint: the product that it names, or those of its order. */
export async function listProductsOf(reader: Reader, { orderId, productId }: Pick<Head, 'orderId' | 'productId'>) {
  const found = reader.selectDistinct({ productId: products.id, name: products.nameVi }).from(products);
  if (productId) return found.where(eq(products.id, productId));
  if (!orderId) return [];
  return found
    .innerJoin(variants, eq(variants.productId, products.id))
    .innerJoin(orderLines, eq(orderLines.variantId, variants.id))
    .where(eq(orderLines.orderId, orderId))
    .orderBy(asc(products.nameVi));
}

const columns = {
  id: complaints.id,
  code: complaints.code,
  subject: complaints.subject,
  businessId: complaints.businessId,
  businessName: businesses.name,
  businessSlug: businesses.slug,
  orderId: complaints.orderId,
  orderCode: orders.code,
  groupId: orders.groupId,
  productId: complaints.productId,
  productName: products.nameVi,
  productSlug: products.slug,
  kind: complaints.kind,
  wish: complaints.wish,
  wishVnd: complaints.wishVnd,
  phone: complaints.phone,
  accountId: complaints.accountId,
  state: complaints.state,
  policyFrom: complaints.policyFrom,
  answerBy: complaints.answerBy,
  answeredAt: complaints.answeredAt,
  dueAt: complaints.dueAt,
  escalatedAt: complaints.escalatedAt,
  overdue: complaints.overdue,
  offerKind: complaints.offerKind,
  offerVnd: complaints.offerVnd,
  verdict: complaints.verdict,
  refundVnd: complaints.refundVnd,
  warned: complaints.warned,
  takedownId: complaints.takedownId,
  reportedTo: complaints.reportedTo,
  endedAt: complaints.endedAt,
  createdAt: complaints.createdAt,
};
const select = (reader: Reader) =>
  reader
    .select(columns)
    .from(complaints)
    .innerJoin(businesses, eq(businesses.id, complaints.businessId))
    .leftJoin(orders, eq(orders.id, complaints.orderId))
    .leftJoin(products, eq(products.id, complaints.productId));
export type Head = Awaited<ReturnType<typeof select>>[number];

async function withParts(reader: Reader, heads: readonly Head[]) {
  const ids = heads.map(({ id }) => id);
  if (ids.length === 0) return [];
  const messages = await reader
    .select({
      id: complaintMessages.id,
      complaintId: complaintMessages.complaintId,
      author: complaintMessages.author,
      text: complaintMessages.text,
      at: complaintMessages.at,
    })
    .from(complaintMessages)
    .where(inArray(complaintMessages.complaintId, ids))
    .orderBy(asc(complaintMessages.at), asc(complaintMessages.id));
  const photos = await reader
    .select({ messageId: complaintPhotos.messageId, fileId: complaintPhotos.fileId })
    .from(complaintPhotos)
    .innerJoin(complaintMessages, eq(complaintMessages.id, complaintPhotos.messageId))
    .where(inArray(complaintMessages.complaintId, ids))
    .orderBy(asc(complaintPhotos.messageId), asc(complaintPhotos.place));
  const events = await reader
    .select({ complaintId: complaintEvents.complaintId, type: complaintEvents.type, at: complaintEvents.at })
    .from(complaintEvents)
    .where(inArray(complaintEvents.complaintId, ids))
    .orderBy(asc(complaintEvents.at), asc(complaintEvents.id));
  return heads.map((head) => ({
    ...head,
    messages: messages
      .filter(({ complaintId }) => complaintId === head.id)
      .map(({ id, author, text, at }) => ({
        author,
        text,
        at,
        photos: photos.filter(({ messageId }) => messageId === id).map(({ fileId }) => fileId),
      })),
    events: events.filter(({ complaintId }) => complaintId === head.id).map(({ type, at }) => ({ type, at })),
  }));
}
export type ComplaintView = Awaited<ReturnType<typeof withParts>>[number];

export async function findComplaint(
  reader: Reader,
  code: string,
  scope: { readonly businessIds?: readonly BusinessId[] | undefined; readonly proof?: Proof } = {},
): Promise<ComplaintView | undefined> {
  const { businessIds, proof } = scope;
  const heads = await select(reader).where(
    and(
      eq(complaints.code, code),
      businessIds && inArray(complaints.businessId, [...businessIds]),
      proof && isProved(proof),
    ),
  );
  return (await withParts(reader, heads))[0];
}

export async function findComplaintById(reader: Reader, id: ComplaintId): Promise<ComplaintView | undefined> {
  return (await withParts(reader, await select(reader).where(eq(complaints.id, id))))[0];
}

export const listOfOrder = (reader: Reader, orderId: OrderId): Promise<Head[]> =>
  select(reader).where(eq(complaints.orderId, orderId)).orderBy(desc(complaints.createdAt)).limit(50);

export const listOfPerson = async (reader: Reader, phone: string, accountId: Id<'Account'>) => {
  const own = or(phone === '' ? undefined : eq(complaints.phone, phone), eq(complaints.accountId, accountId));
  const heads = await select(reader).where(own).limit(1_000);
  return (await withParts(reader, heads)).map(
    ({ code, orderCode, businessName, state, kind, wish, refundVnd, createdAt, messages }) => ({
      code,
      orderCode,
      businessName,
      state,
      kind,
      wish,
      refundVnd,
      createdAt,
      messages: messages.filter(({ author }) => author === 'shopper').map(({ text, at }) => ({ text, at })),
    }),
  );
};

export type ComplaintScope = {
  readonly businessIds?: readonly BusinessId[] | undefined;
  readonly state?: ComplaintState | undefined;
  /** Only those that an officer has to decide. */
  readonly called?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

/** Complaints without what was said, newest first. */
export async function listComplaints(reader: Reader, scope: ComplaintScope) {
  const { businessIds, state, called, limit, cursor } = scope;
  const rows = await select(reader)
    .where(
      and(
        businessIds && inArray(complaints.businessId, [...businessIds]),
        state && eq(complaints.state, state),
        called ? inArray(complaints.state, ['escalated', 'appealed']) : undefined,
        cursor && sql`(${complaints.createdAt}, ${complaints.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`,
      ),
    )
    .orderBy(desc(complaints.createdAt), desc(complaints.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.createdAt.toISOString(), id: last.id }) : null,
  };
}
