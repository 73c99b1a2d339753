import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { wards } from '#features/places/tables.ts';
import { products, variants } from '#features/products/tables.ts';
import { orderGroups, orderLines, orders, shipmentLines, shipments } from '../tables.ts';

const atOnce = 1_000;

export type PickingLine = {
  readonly name: string;
  readonly label: string;
  readonly sku: string;
  readonly storage: string;
  readonly pieces: number;
  readonly orders: readonly { readonly code: string; readonly pieces: number }[];
};

/** What is to be taken from the shelves: pieces of confirmed orders that are in no parcel, by product. */
export async function listPicking(reader: Reader, businessIds: readonly BusinessId[]): Promise<PickingLine[]> {
  if (businessIds.length === 0) return [];
  const ids = sql.param([...businessIds]);
  const { rows } = await reader.execute<PickingLine>(sql`
    with open as (select o.code, o.confirm_by, l.variant_id, l.quantity - l.cancelled_quantity - coalesce((select sum(sl.quantity) from shipment_lines sl
        join shipments s on s.id = sl.shipment_id where sl.line_id = l.id and s.state not in ('cancelled', 'lost_damaged', 'returned')), 0)::int as pieces
      from orders o join order_lines l on l.order_id = o.id
      where o.business_id = any(${ids}::uuid[]) and o.status = 'confirmed' and o.fulfilment_status in ('none', 'packed'))
    select p.name_vi as name, v.label, v.sku, p.storage, sum(w.pieces)::int as pieces,
      json_agg(json_build_object('code', w.code, 'pieces', w.pieces) order by w.confirm_by, w.code) as orders
    from open w join variants v on v.id = w.variant_id join products p on p.id = v.product_id
    where w.pieces > 0 group by p.name_vi, v.label, v.sku, p.storage order by p.name_vi, v.sku limit ${atOnce}`);
  return rows;
}

export type ParcelLabel = Awaited<ReturnType<typeof listLabels>>[number];

/** Labels of parcels that are packed and have not left, or of those with these codes. */
export async function listLabels(reader: Reader, businessIds: readonly BusinessId[], codes: readonly string[]) {
  if (businessIds.length === 0) return [];
  const rows = await reader
    .select({
      id: shipments.id,
      code: shipments.code,
      carrier: shipments.carrier,
      trackingNumber: shipments.trackingNumber,
      orderCode: orders.code,
      delivery: orderGroups.delivery,
      from: {
        name: businesses.name,
        addressLine: businesses.addressLine,
        ward: wards.fullName,
        phone: businesses.phone,
      },
    })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId))
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .innerJoin(businesses, eq(businesses.id, shipments.businessId))
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(
      and(
        inArray(shipments.businessId, [...businessIds]),
        codes.length > 0 ? inArray(shipments.code, [...codes]) : eq(shipments.state, 'created'),
      ),
    )
    .orderBy(asc(shipments.createdAt), asc(shipments.id))
    .limit(200);
  const pieces =
    rows.length === 0
      ? []
      : await reader
          .select({
            shipmentId: shipmentLines.shipmentId,
            quantity: shipmentLines.quantity,
            name: orderLines.name,
            storage: products.storage,
          })
          .from(shipmentLines)
          .innerJoin(orderLines, eq(orderLines.id, shipmentLines.lineId))
          .innerJoin(variants, eq(variants.id, orderLines.variantId))
          .innerJoin(products, eq(products.id, variants.productId))
          .where(
            inArray(
              shipmentLines.shipmentId,
              rows.map(({ id }) => id),
            ),
          )
          .orderBy(asc(orderLines.id));
  return rows.map(({ id, ...row }) => ({
    ...row,
    pieces: pieces.filter(({ shipmentId }) => shipmentId === id).map(({ shipmentId: _shipmentId, ...piece }) => piece),
  }));
}
