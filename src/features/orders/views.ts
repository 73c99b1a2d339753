import { and, asc, desc, eq, inArray, ne, or, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Reader } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { partners } from '#features/federation/tables.ts';
import { orderEvents, orderGroups, orderLines, orders, shipmentLines, shipments } from './tables.ts';
import type { GroupState, OrderId, OrderState } from './types.ts';

const facts = {
  id: orders.id,
  code: orders.code,
  businessId: orders.businessId,
  businessName: orders.businessName,
  subtotalVnd: orders.subtotalVnd,
  discountVnd: orders.discountVnd,
  vatVnd: orders.vatVnd,
  shippingVnd: orders.shippingVnd,
  deliveryMethod: orders.deliveryMethod,
  pickupPoint: orders.pickupPoint,
  totalVnd: orders.totalVnd,
  status: orders.status,
  paymentStatus: orders.paymentStatus,
  fulfilmentStatus: orders.fulfilmentStatus,
  settlement: orders.settlement,
};

/** What a code alone opens: amounts and states, nobody's name. */
export type GroupView = NonNullable<Awaited<ReturnType<typeof findGroup>>>;

/** By the group's code, or by the code of one of its orders. */
export async function findGroup(reader: Reader, code: string, now: Date) {
  const [group] = await reader
    .select()
    .from(orderGroups)
    .where(
      or(
        eq(orderGroups.code, code),
        eq(orderGroups.id, sql`(select ${orders.groupId} from ${orders} where ${orders.code} = ${code})`),
      ),
    );
  if (!group) return undefined;
  return viewOfGroup(group, await reader.select(facts).from(orders).where(eq(orders.groupId, group.id)), now);
}

type GroupFacts = Pick<
  typeof orderGroups.$inferSelect,
  'code' | 'status' | 'totalVnd' | 'expiresAt' | 'createdAt' | 'bundleName' | 'bundleQuantity'
>;
type Facts = Pick<typeof orders.$inferSelect, keyof typeof facts>;

const byId = (a: Facts, b: Facts): number => (a.id < b.id ? -1 : 1);

/** The same of rows that are at hand. */
export function viewOfGroup(group: GroupFacts, own: readonly Facts[], now: Date) {
  // The job ends it within a minute; the answer is right at once.
  const lapsed = group.status === 'awaiting-payment' && group.expiresAt <= now;
  const status: GroupState = lapsed ? 'expired' : group.status;
  return {
    code: group.code,
    status,
    totalVnd: group.totalVnd,
    expiresAt: group.expiresAt.toISOString(),
    createdAt: group.createdAt.toISOString(),
    bundle: group.bundleName === null ? null : { name: group.bundleName, quantity: group.bundleQuantity ?? 1 },
    orders: [...own].sort(byId).map((order) => ({
      code: order.code,
      business: { businessId: order.businessId, name: order.businessName },
      subtotalVnd: order.subtotalVnd,
      discountVnd: order.discountVnd,
      vatVnd: order.vatVnd,
      shippingVnd: order.shippingVnd,
      deliveryMethod: order.deliveryMethod,
      pickupPoint: order.pickupPoint,
      totalVnd: order.totalVnd,
      status: lapsed ? ('cancelled' as OrderState) : order.status,
      paymentStatus: order.paymentStatus,
      fulfilmentStatus: order.fulfilmentStatus,
      settlement: order.settlement,
    })),
  };
}

const linesOf = (reader: Reader, ids: readonly OrderId[]) =>
  reader
    .select({
      orderId: orderLines.orderId,
      variantId: orderLines.variantId,
      sku: orderLines.sku,
      name: orderLines.name,
      label: orderLines.label,
      quantity: orderLines.quantity,
      priceVnd: orderLines.priceVnd,
      totalVnd: orderLines.totalVnd,
      cancelledQuantity: orderLines.cancelledQuantity,
      returnedQuantity: orderLines.returnedQuantity,
      discountVnd: orderLines.discountVnd,
      vatBps: orderLines.vatBps,
      vatVnd: orderLines.vatVnd,
    })
    .from(orderLines)
    .where(inArray(orderLines.orderId, [...ids]))
    .orderBy(orderLines.id);

/** The parcels of orders, oldest first; those that were unpacked again are left out. */
async function parcelsOf(reader: Reader, ids: readonly OrderId[]) {
  if (ids.length === 0) return [];
  const rows = await reader
    .select({
      id: shipments.id,
      orderId: shipments.orderId,
      code: shipments.code,
      state: shipments.state,
      carrier: shipments.carrier,
      trackingNumber: shipments.trackingNumber,
      createdAt: shipments.createdAt,
      updatedAt: shipments.updatedAt,
    })
    .from(shipments)
    .where(and(inArray(shipments.orderId, [...ids]), ne(shipments.state, 'cancelled')))
    .orderBy(asc(shipments.createdAt), asc(shipments.id));
  const pieces = await reader
    .select({
      shipmentId: shipmentLines.shipmentId,
      variantId: orderLines.variantId,
      quantity: shipmentLines.quantity,
    })
    .from(shipmentLines)
    .innerJoin(orderLines, eq(orderLines.id, shipmentLines.lineId))
    .where(
      inArray(
        shipmentLines.shipmentId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(orderLines.id));
  return rows.map(({ id, createdAt, updatedAt, ...row }) => ({
    ...row,
    lines: pieces
      .filter(({ shipmentId }) => shipmentId === id)
      .map(({ variantId, quantity }) => ({ variantId, quantity })),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }));
}
type Parcel = Awaited<ReturnType<typeof parcelsOf>>[number];

/** An order's parcels, and who carries the last of them: what there was to say when an order was one parcel. */
function parcelFacts(parcels: readonly Parcel[], id: OrderId | undefined) {
  const own = parcels.filter(({ orderId }) => orderId === id).map(({ orderId: _orderId, ...parcel }) => parcel);
  const last = own.at(-1);
  return { shipments: own, carrier: last?.carrier ?? null, trackingNumber: last?.trackingNumber ?? null };
}

export type TrackedGroup = NonNullable<Awaited<ReturnType<typeof findTracked>>>;

/** Everything of a group for the one who placed it; undefined unless code and phone belong together. */
export async function findTracked(reader: Reader, code: string, phone: string, now: Date) {
  const group = await findGroup(reader, code, now);
  if (!group) return undefined;
  const [row] = await reader
    .select({ id: orderGroups.id, delivery: orderGroups.delivery })
    .from(orderGroups)
    .where(and(eq(orderGroups.code, group.code), eq(orderGroups.phone, phone)));
  if (!row) return undefined;
  const own = await reader
    .select({ id: orders.id, code: orders.code, version: orders.version })
    .from(orders)
    .where(eq(orders.groupId, row.id));
  const ids = own.map((order) => order.id);
  const [lines, parcels] = await Promise.all([linesOf(reader, ids), parcelsOf(reader, ids)]);
  const events = await reader
    .select({ orderId: orderEvents.orderId, type: orderEvents.type, at: orderEvents.at })
    .from(orderEvents)
    .where(inArray(orderEvents.orderId, ids))
    .orderBy(orderEvents.at, orderEvents.id);
  const byCode = new Map(own.map((order) => [order.code, order]));
  return {
    ...group,
    delivery: row.delivery,
    orders: group.orders.map((order) => {
      const known = byCode.get(order.code);
      return {
        ...order,
        ...parcelFacts(parcels, known?.id),
        version: known?.version ?? 1,
        lines: lines.filter((line) => line.orderId === known?.id).map(({ orderId: _orderId, ...line }) => line),
        events: events
          .filter((event) => event.orderId === known?.id)
          .map(({ type, at }) => ({ type, at: at.toISOString() })),
      };
    }),
  };
}

export type SellerOrder = Awaited<ReturnType<typeof listOrders>>['items'][number];

/** Orders with lines and delivery, newest first: of the given businesses, or of all for staff. Unpaid ones concern nobody yet. */
export async function listOrders(
  reader: Reader,
  scope: {
    readonly businessIds?: readonly BusinessId[];
    readonly status?: OrderState;
    readonly limit: number;
    readonly cursor?: Cursor | undefined;
  },
) {
  const { businessIds, status, limit, cursor } = scope;
  const rows = await reader
    .select({
      ...facts,
      groupCode: orderGroups.code,
      partner: { key: partners.key, name: partners.nameVi },
      promotionVnd: orders.promotionVnd,
      commissionVnd: orders.commissionVnd,
      commissionVatVnd: orders.commissionVatVnd,
      delivery: orderGroups.delivery,
      version: orders.version,
      confirmBy: orders.confirmBy,
      sendBy: orders.sendBy,
      createdAt: orders.createdAt,
    })
    .from(orders)
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .leftJoin(partners, eq(partners.key, orderGroups.partnerKey))
    .where(
      and(
        businessIds ? inArray(orders.businessId, [...businessIds]) : undefined,
        businessIds ? sql`${orders.paymentStatus} <> 'unpaid'` : undefined,
        status ? eq(orders.status, status) : undefined,
        cursor
          ? sql`(${orders.createdAt}, ${orders.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(orders.createdAt), desc(orders.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const ids = page.map((order) => order.id);
  const [lines, parcels] = ids.length === 0 ? [[], []] : [await linesOf(reader, ids), await parcelsOf(reader, ids)];
  const last = page.at(-1);
  return {
    items: page.map(({ id, businessId, businessName, ...order }) => ({
      ...order,
      business: { businessId, name: businessName },
      ...parcelFacts(parcels, id),
      lines: lines.filter((line) => line.orderId === id).map(({ orderId: _orderId, ...line }) => line),
    })),
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.createdAt.toISOString(), id: last.id }) : null,
  };
}

/** The numbers of the staff desk's first page. */
export async function summarise(reader: Reader) {
  const { rows } = await reader.execute<{ status: OrderState; count: number; totalVnd: string }>(
    sql`select status, count(*)::int as count, coalesce(sum(total_vnd), 0)::bigint as "totalVnd" from orders group by status order by status`,
  );
  return rows.map((row) => ({ ...row, totalVnd: Number(row.totalVnd) }));
}

/** What was ordered with a phone number, as its owner may take it along. */
export async function listOrdersOfPerson(reader: Reader, phone: string) {
  const groups = await reader
    .select({
      id: orderGroups.id,
      code: orderGroups.code,
      status: orderGroups.status,
      totalVnd: orderGroups.totalVnd,
      delivery: orderGroups.delivery,
      createdAt: orderGroups.createdAt,
      paidAt: orderGroups.paidAt,
    })
    .from(orderGroups)
    .where(eq(orderGroups.phone, phone))
    .orderBy(desc(orderGroups.createdAt))
    .limit(1_000);
  const lines = await reader
    .select({
      groupId: orders.groupId,
      business: orders.businessName,
      name: orderLines.name,
      sku: orderLines.sku,
      quantity: orderLines.quantity,
      priceVnd: orderLines.priceVnd,
    })
    .from(orders)
    .innerJoin(orderLines, eq(orderLines.orderId, orders.id))
    .where(
      inArray(
        orders.groupId,
        groups.map(({ id }) => id),
      ),
    );
  return groups.map(({ id, ...group }) => ({
    ...group,
    lines: lines.filter(({ groupId }) => groupId === id).map(({ groupId: _group, ...line }) => line),
  }));
}
