import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { orderGroups, orderLines, orders, shipmentLines, shipments } from '#features/orders/tables.ts';
import { provinces, wards } from '#features/places/tables.ts';
import { CURRENT_SCHEME } from '#features/places/types.ts';
import { products, variants } from '#features/products/tables.ts';
import { courierBookings } from './tables.ts';

/** A parcel of the given businesses by its code, with all that its label says; undefined where it is another's. */
export async function findParcel(reader: Reader, code: string, businessIds: readonly BusinessId[]) {
  const [parcel] = await reader
    .select({
      shipmentId: shipments.id,
      code: shipments.code,
      state: shipments.state,
      businessId: shipments.businessId,
      delivery: orderGroups.delivery,
      deliveryMethod: orders.deliveryMethod,
      from: {
        name: businesses.name,
        phone: businesses.phone,
        line: businesses.addressLine,
        wardCode: businesses.wardCode,
        wardName: wards.fullName,
        provinceName: sql<
          string | null
        >`(select ${provinces.name} from ${provinces} where ${provinces.scheme} = ${CURRENT_SCHEME} and ${provinces.code} = ${wards.provinceCode})`,
      },
      provinceName: sql<
        string | null
      >`(select ${provinces.name} from ${provinces} where ${provinces.scheme} = ${CURRENT_SCHEME} and ${provinces.code} = ${orderGroups.delivery} #>> '{address,provinceCode}')`,
    })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId))
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .innerJoin(businesses, eq(businesses.id, shipments.businessId))
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(and(eq(shipments.code, code), inArray(shipments.businessId, [...businessIds])));
  if (!parcel) return undefined;
  const items = await reader
    .select({
      name: orderLines.name,
      quantity: shipmentLines.quantity,
      priceVnd: orderLines.priceVnd,
      grams: sql<number>`greatest(${products.grossWeightG} - ${products.netWeightG}, 0) + coalesce(nullif(${variants.netWeightG}, 0), ${products.netWeightG})`,
    })
    .from(shipmentLines)
    .innerJoin(orderLines, eq(orderLines.id, shipmentLines.lineId))
    .innerJoin(variants, eq(variants.id, orderLines.variantId))
    .innerJoin(products, eq(products.id, variants.productId))
    .where(eq(shipmentLines.shipmentId, parcel.shipmentId));
  return { ...parcel, items };
}
export type ParcelView = NonNullable<Awaited<ReturnType<typeof findParcel>>>;

/** Parcels that are packed or under way, newest first, with what was agreed with a carrier. */
export const listParcels = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select({
      code: shipments.code,
      orderCode: orders.code,
      state: shipments.state,
      carrier: shipments.carrier,
      trackingNumber: shipments.trackingNumber,
      createdAt: shipments.createdAt,
      recipient: sql<string>`${orderGroups.delivery} #>> '{recipient,name}'`,
      booking: {
        carrier: courierBookings.carrier,
        state: courierBookings.state,
        feeVnd: courierBookings.feeVnd,
        reason: courierBookings.reason,
      },
    })
    .from(shipments)
    .innerJoin(orders, eq(orders.id, shipments.orderId))
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .leftJoin(courierBookings, eq(courierBookings.shipmentId, shipments.id))
    .where(
      and(
        inArray(shipments.businessId, [...businessIds]),
        eq(orders.deliveryMethod, 'standard'),
        inArray(shipments.state, [
          'created',
          'picked_up',
          'in_transit',
          'out_for_delivery',
          'failed_attempt',
          'returning',
        ]),
      ),
    )
    .orderBy(desc(shipments.createdAt), desc(shipments.id))
    .limit(100);
