import { and, asc, desc, eq, inArray, isNotNull, notInArray, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { accounts } from '#features/identity/tables.ts';
import { orderGroups, orderLines, orders, shipmentEvents, shipmentLines, shipments } from '#features/orders/tables.ts';
import type { OrderId } from '#features/orders/types.ts';
import { products, variants } from '#features/products/tables.ts';
import { FREED_STATES } from '../rules/returns.ts';
import { returnEvents, returnLines, returnPhotos, returns } from '../tables.ts';
import type { CarePolicy, ReturnId, ReturnState } from '../types.ts';

/** How a shopper shows that an order is theirs: by its phone number, or by an account whose proved number that is. */
export type Proof = { readonly phone?: string | undefined; readonly accountId?: Id<'Account'> | undefined };

const isProved = ({ phone, accountId }: Proof) =>
  or(
    phone === undefined ? undefined : eq(orderGroups.phone, phone),
    accountId === undefined
      ? undefined
      : sql`exists (select from ${accounts} where ${accounts.id} = ${accountId} and ${accounts.phoneProvedAt} is not null and ${accounts.phone} = ${orderGroups.phone})`,
  ) ?? sql`false`;

const orderColumns = {
  id: orders.id,
  code: orders.code,
  groupId: orders.groupId,
  businessId: orders.businessId,
  businessName: orders.businessName,
  createdAt: orders.createdAt,
  phone: orderGroups.phone,
};
export type ProvedOrder = NonNullable<Awaited<ReturnType<typeof findProvedOrder>>>;

/** The order for whoever proves that it is theirs; undefined as if there were none. */
export async function findProvedOrder(reader: Reader, code: string, proof: Proof) {
  const [order] = await reader
    .select(orderColumns)
    .from(orders)
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .where(and(eq(orders.code, code), isProved(proof)));
  return order;
}

/** Pieces of each line that arrived, and when the last of them did. */
async function listArrivals(reader: Reader, orderId: OrderId) {
  const arrived = await reader
    .select({
      lineId: shipmentLines.lineId,
      pieces: sql<number>`sum(${shipmentLines.quantity})::int`,
      at: sql<Date>`max((select max(e.at) from ${shipmentEvents} e where e.shipment_id = ${shipments.id} and e.state = 'delivered' and e.applied))`.mapWith(
        shipmentEvents.at,
      ),
    })
    .from(shipments)
    .innerJoin(shipmentLines, eq(shipmentLines.shipmentId, shipments.id))
    .where(and(eq(shipments.orderId, orderId), inArray(shipments.state, ['delivered', 'cod_settled'])))
    .groupBy(shipmentLines.lineId);
  return new Map(arrived.map((row) => [row.lineId, row]));
}

/** Pieces of each line that are in a return, whatever came of it, unless it was called off. */
async function listTaken(reader: Reader, orderId: OrderId) {
  const taken = await reader
    .select({ lineId: returnLines.lineId, pieces: sql<number>`sum(${returnLines.quantity})::int` })
    .from(returnLines)
    .innerJoin(returns, eq(returns.id, returnLines.returnId))
    .where(and(eq(returns.orderId, orderId), notInArray(returns.state, [...FREED_STATES])))
    .groupBy(returnLines.lineId);
  return new Map(taken.map(({ lineId, pieces }) => [lineId, pieces]));
}

/** The lines of an order as returning sees them. */
export async function listDelivered(reader: Reader, orderId: OrderId, policy: CarePolicy) {
  const lines = await reader
    .select({
      lineId: orderLines.id,
      variantId: orderLines.variantId,
      productId: products.id,
      name: orderLines.name,
      label: orderLines.label,
      quantity: orderLines.quantity,
      storage: products.storage,
    })
    .from(orderLines)
    .innerJoin(variants, eq(variants.id, orderLines.variantId))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(eq(orderLines.orderId, orderId))
    .orderBy(asc(orderLines.id));
  const [arrivals, taken] = [await listArrivals(reader, orderId), await listTaken(reader, orderId)];
  return lines.map(({ storage, ...line }) => ({
    ...line,
    perishable: policy.perishableStorage.includes(storage),
    delivered: arrivals.get(line.lineId)?.pieces ?? 0,
    deliveredAt: arrivals.get(line.lineId)?.at ?? null,
    taken: taken.get(line.lineId) ?? 0,
  }));
}

const columns = {
  id: returns.id,
  code: returns.code,
  orderId: returns.orderId,
  orderCode: orders.code,
  businessId: returns.businessId,
  businessName: orders.businessName,
  groupId: orders.groupId,
  phone: orderGroups.phone,
  delivery: orderGroups.delivery,
  state: returns.state,
  reason: returns.reason,
  note: returns.note,
  dueAt: returns.dueAt,
  escalatedAt: returns.escalatedAt,
  sellerNote: returns.sellerNote,
  appealNote: returns.appealNote,
  officerNote: returns.officerNote,
  carrier: returns.carrier,
  trackingNumber: returns.trackingNumber,
  restock: returns.restock,
  expectedVnd: returns.expectedVnd,
  refundVnd: returns.refundVnd,
  policyFrom: returns.policyFrom,
  createdAt: returns.createdAt,
};
const select = (reader: Reader) =>
  reader
    .select(columns)
    .from(returns)
    .innerJoin(orders, eq(orders.id, returns.orderId))
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId));
type Head = Awaited<ReturnType<typeof select>>[number];

async function withParts(reader: Reader, heads: readonly Head[]) {
  const ids = heads.map(({ id }) => id);
  if (ids.length === 0) return [];
  const lines = await reader
    .select({
      returnId: returnLines.returnId,
      variantId: orderLines.variantId,
      name: orderLines.name,
      label: orderLines.label,
      quantity: returnLines.quantity,
    })
    .from(returnLines)
    .innerJoin(orderLines, eq(orderLines.id, returnLines.lineId))
    .where(inArray(returnLines.returnId, ids))
    .orderBy(asc(orderLines.id));
  const photos = await reader
    .select({ returnId: returnPhotos.returnId, fileId: returnPhotos.fileId })
    .from(returnPhotos)
    .where(inArray(returnPhotos.returnId, ids))
    .orderBy(asc(returnPhotos.place));
  const events = await reader
    .select({ returnId: returnEvents.returnId, type: returnEvents.type, at: returnEvents.at })
    .from(returnEvents)
    .where(inArray(returnEvents.returnId, ids))
    .orderBy(asc(returnEvents.at), asc(returnEvents.id));
  return heads.map((head) => ({
    ...head,
    lines: lines.filter(({ returnId }) => returnId === head.id).map(({ returnId: _id, ...line }) => line),
    photos: photos.filter(({ returnId }) => returnId === head.id).map(({ fileId }) => fileId),
    events: events.filter(({ returnId }) => returnId === head.id).map(({ type, at }) => ({ type, at })),
  }));
}
export type ReturnView = Awaited<ReturnType<typeof withParts>>[number];

export async function findReturn(
  reader: Reader,
  code: string,
  scope: { readonly businessIds?: readonly BusinessId[] | undefined; readonly proof?: Proof } = {},
): Promise<ReturnView | undefined> {
  const { businessIds, proof } = scope;
  const heads = await select(reader).where(
    and(eq(returns.code, code), businessIds && inArray(returns.businessId, [...businessIds]), proof && isProved(proof)),
  );
  return (await withParts(reader, heads))[0];
}

export async function findReturnById(reader: Reader, id: ReturnId): Promise<ReturnView | undefined> {
  return (await withParts(reader, await select(reader).where(eq(returns.id, id))))[0];
}

export const listReturnsOfOrder = async (reader: Reader, orderId: OrderId) =>
  withParts(
    reader,
    await select(reader).where(eq(returns.orderId, orderId)).orderBy(desc(returns.createdAt)).limit(50),
  );

export const listReturnsOfPerson = async (reader: Reader, phone: string) =>
  (await withParts(reader, await select(reader).where(eq(orderGroups.phone, phone)).limit(1_000))).map(
    ({ code, orderCode, state, reason, note, appealNote, lines, refundVnd, createdAt }) => ({
      code,
      orderCode,
      state,
      reason,
      note,
      appealNote,
      lines,
      refundVnd,
      createdAt,
    }),
  );

/** Returns, newest first. `called`: those for which an officer was called and that are not over. */
export async function listReturns(
  reader: Reader,
  scope: {
    readonly businessIds?: readonly BusinessId[] | undefined;
    readonly state?: ReturnState | undefined;
    readonly called?: boolean | undefined;
    readonly limit: number;
    readonly cursor?: Cursor | undefined;
  },
) {
  const { businessIds, state, called, limit, cursor } = scope;
  const rows = await select(reader)
    .where(
      and(
        businessIds && inArray(returns.businessId, [...businessIds]),
        state && eq(returns.state, state),
        called ? isNotNull(returns.escalatedAt) : undefined,
        cursor && sql`(${returns.createdAt}, ${returns.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`,
      ),
    )
    .orderBy(desc(returns.createdAt), desc(returns.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: await withParts(reader, page),
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.createdAt.toISOString(), id: last.id }) : null,
  };
}
