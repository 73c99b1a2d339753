import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm';
import { preparedSql, type Reader, type Tx } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import {
  deliveryTerms,
  pickupPoints,
  productTransitLimits,
  shippingRates,
  shippingZones,
  transitLimits,
  zoneTimes,
} from './tables.ts';
import type { PickupPointId, Place, Tariff, Zone } from './types.ts';

export type RateRow = typeof shippingRates.$inferSelect;
export type PointRow = typeof pickupPoints.$inferSelect;

const now = sql`${sql.placeholder('now')}::timestamptz`;
const ids = sql`array(select value::uuid from json_array_elements_text(${sql.placeholder('ids')}::json))`;

type TariffRow = Omit<Tariff, 'zone'> & { readonly zone: Zone | null };
// One trip for all that freight depends on: a cart is priced on every change of it.
const tariff = preparedSql<TariffRow>(
  'shipping-tariff',
  sql`with goods as materialized (
      select v.product_id, p.business_id from variants v join products p on p.id = v.product_id where v.id = any(${ids}))
    select
      (select coalesce(json_agg(r), '[]') from (
        select distinct on (scheme, zone) id, scheme, zone, fee_vnd as "feeVnd", base_grams as "baseGrams", step_grams as "stepGrams",
          step_vnd as "stepVnd", volumetric_divisor as "volumetricDivisor", value_from_vnd as "valueFromVnd", value_bps as "valueBps"
        from shipping_rates where valid_from <= ${now} order by scheme, zone, valid_from desc, id desc) r) as rates,
      (select zone from shipping_zones where valid_from <= ${now} and province_code = ${sql.placeholder('provinceCode')}
        and (ward_code is null or ward_code = ${sql.placeholder('wardCode')})
        order by ward_code is null, valid_from desc, id desc limit 1) as zone,
      (select coalesce(json_agg(t), '[]') from (
        select distinct on (zone) zone, min_hours as "minHours", max_hours as "maxHours", cut_off_hour as "cutOffHour"
        from zone_times where valid_from <= ${now} order by zone, valid_from desc, id desc) t) as times,
      (select coalesce(json_agg(l), '[]') from (
        select distinct on (storage) storage, max_hours as "maxHours"
        from transit_limits where valid_from <= ${now} order by storage, valid_from desc, id desc) l) as limits,
      (select coalesce(json_agg(o), '[]') from (
        select d.business_id as "businessId", d.free_over_vnd as "freeOverVnd",
          case when p.id is not null then json_build_object('pickupPointId', p.id, 'name', p.name, 'line', p.line, 'ward', p.ward, 'hours', p.hours) end as pickup
        from delivery_terms d left join pickup_points p on p.id = d.pickup_point_id and p.closed_at is null
        where d.business_id in (select business_id from goods)) o) as terms,
      (select coalesce(json_agg(l), '[]') from (
        select product_id as "productId", max_hours as "maxHours" from product_transit_limits
        where product_id in (select product_id from goods)) l) as "productLimits"`,
);

/** What holds at `at` for goods of these variants that go to `place`. A place without a zone is far. */
export async function readTariff(
  reader: Reader,
  variantIds: readonly VariantId[],
  { provinceCode, wardCode = '' }: Place,
  at: Date,
): Promise<Tariff> {
  const [row] = await tariff(reader, {
    now: at.toISOString(),
    ids: JSON.stringify(variantIds),
    provinceCode,
    wardCode,
  });
  if (!row) throw new Error('A query of one row gave none');
  return { ...row, zone: row.zone ?? 'far' };
}

export async function insertRate(tx: Tx, row: RateRow): Promise<void> {
  await tx.insert(shippingRates).values(row);
}
export async function insertZone(tx: Tx, row: typeof shippingZones.$inferInsert): Promise<void> {
  await tx.insert(shippingZones).values(row);
}
export async function insertTimes(tx: Tx, row: typeof zoneTimes.$inferInsert): Promise<void> {
  await tx.insert(zoneTimes).values(row);
}
export async function insertLimit(tx: Tx, row: typeof transitLimits.$inferInsert): Promise<void> {
  await tx.insert(transitLimits).values(row);
}

/** Newest first: what holds, what will, and what did. */
export const listRates = (reader: Reader): Promise<RateRow[]> =>
  reader.select().from(shippingRates).orderBy(desc(shippingRates.validFrom), desc(shippingRates.id)).limit(200);
export const listZones = (reader: Reader) =>
  reader
    .select()
    .from(shippingZones)
    .orderBy(desc(shippingZones.validFrom), asc(shippingZones.provinceCode))
    .limit(500);
export const listTimes = (reader: Reader) =>
  reader.select().from(zoneTimes).orderBy(desc(zoneTimes.validFrom), asc(zoneTimes.zone)).limit(200);
export const listLimits = (reader: Reader) =>
  reader.select().from(transitLimits).orderBy(desc(transitLimits.validFrom), asc(transitLimits.storage)).limit(200);

/** Points that are open: the exchange's, and those of the businesses. */
export const listPoints = (reader: Reader, businessIds: readonly BusinessId[]): Promise<PointRow[]> =>
  reader
    .select()
    .from(pickupPoints)
    .where(
      and(
        isNull(pickupPoints.closedAt),
        or(isNull(pickupPoints.businessId), inArray(pickupPoints.businessId, [...businessIds])),
      ),
    )
    .orderBy(asc(pickupPoints.createdAt), asc(pickupPoints.id));

export async function insertPoint(tx: Tx, row: PointRow): Promise<void> {
  await tx.insert(pickupPoints).values(row);
}
/** Closes a point of the exchange; false when there is none. */
export async function closePoint(tx: Tx, id: PickupPointId, at: Date): Promise<boolean> {
  const rows = await tx
    .update(pickupPoints)
    .set({ closedAt: at })
    .where(and(eq(pickupPoints.id, id), isNull(pickupPoints.businessId), isNull(pickupPoints.closedAt)))
    .returning({ id: pickupPoints.id });
  return rows.length === 1;
}
/** A business has one place of its own: a new one ends the one before. */
export async function closeOwnPoints(tx: Tx, businessId: BusinessId, at: Date): Promise<void> {
  await tx
    .update(pickupPoints)
    .set({ closedAt: at })
    .where(and(eq(pickupPoints.businessId, businessId), isNull(pickupPoints.closedAt)));
}

export const listTerms = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select()
    .from(deliveryTerms)
    .where(inArray(deliveryTerms.businessId, [...businessIds]));

export async function saveTerms(tx: Tx, row: typeof deliveryTerms.$inferInsert): Promise<void> {
  const { businessId, ...set } = row;
  await tx.insert(deliveryTerms).values(row).onConflictDoUpdate({ target: deliveryTerms.businessId, set });
}

export const listProductLimits = (reader: Reader, businessIds: readonly BusinessId[]) =>
  reader
    .select({ productId: productTransitLimits.productId, maxHours: productTransitLimits.maxHours })
    .from(productTransitLimits)
    .where(inArray(productTransitLimits.businessId, [...businessIds]));

export async function saveProductLimit(tx: Tx, row: typeof productTransitLimits.$inferInsert): Promise<void> {
  const { productId: _productId, businessId: _businessId, ...set } = row;
  await tx.insert(productTransitLimits).values(row).onConflictDoUpdate({ target: productTransitLimits.productId, set });
}
export async function deleteProductLimit(tx: Tx, productId: ProductId, businessIds: readonly BusinessId[]) {
  await tx
    .delete(productTransitLimits)
    .where(
      and(eq(productTransitLimits.productId, productId), inArray(productTransitLimits.businessId, [...businessIds])),
    );
}
