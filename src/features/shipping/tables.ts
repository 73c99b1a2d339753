import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { products } from '#features/products/tables.ts';
import { STORAGE } from '#features/products/types.ts';
import { RATE_SCHEMES, ZONES } from './types.ts';

/** Dated rates: of each scheme and zone the newest row that has begun holds. Orders name the row that they were priced by. */
export const shippingRates = pgTable(
  'shipping_rates',
  {
    id: idOf<'ShippingRate'>().primaryKey(),
    scheme: text({ enum: RATE_SCHEMES }).notNull(),
    /** Of scheme `zone` alone. */
    zone: text({ enum: ZONES }),
    feeVnd: money().notNull(),
    baseGrams: integer(),
    stepGrams: integer(),
    stepVnd: money(),
    volumetricDivisor: integer(),
    valueFromVnd: money(),
    valueBps: integer(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    index('shipping_rates_from').on(table.scheme, table.validFrom),
    check('shipping_rates_zone', sql`(${table.scheme} = 'zone') = (${table.zone} is not null)`),
    check('shipping_rates_zone_known', sql`${table.zone} in (${oneOf(ZONES)})`),
    check('shipping_rates_scheme', sql`${table.scheme} in (${oneOf(RATE_SCHEMES)})`),
    check(
      'shipping_rates_steps',
      sql`num_nulls(${table.baseGrams}, ${table.stepGrams}, ${table.stepVnd}) in (0, 3) and coalesce(${table.stepGrams}, 1) > 0 and coalesce(${table.volumetricDivisor}, 1) > 0`,
    ),
    check('shipping_rates_value', sql`num_nulls(${table.valueFromVnd}, ${table.valueBps}) in (0, 2)`),
    check('shipping_rates_fee', sql`${table.feeVnd} >= 0`),
  ],
);

/** Which zone a province is in, or one ward of it: a ward's row goes before its province's. What has none is far. */
export const shippingZones = pgTable(
  'shipping_zones',
  {
    id: idOf<'ShippingZone'>().primaryKey(),
    provinceCode: text().notNull(),
    wardCode: text(),
    zone: text({ enum: ZONES }).notNull(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    index('shipping_zones_place').on(table.provinceCode, table.wardCode, table.validFrom),
    check('shipping_zones_zone', sql`${table.zone} in (${oneOf(ZONES)})`),
  ],
);

/** How long a parcel is on its way to a zone, from when it leaves the seller. What is packed after the hour leaves the next day. */
export const zoneTimes = pgTable(
  'zone_times',
  {
    id: idOf<'ZoneTime'>().primaryKey(),
    zone: text({ enum: ZONES }).notNull(),
    minHours: integer().notNull(),
    maxHours: integer().notNull(),
    cutOffHour: smallint().notNull(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    index('zone_times_from').on(table.zone, table.validFrom),
    check('zone_times_hours', sql`${table.minHours} between 1 and ${table.maxHours}`),
    check('zone_times_cut_off', sql`${table.cutOffHour} between 0 and 23`),
  ],
);

/** How many hours goods of a kind of storage bear to be on their way; null bears any. */
export const transitLimits = pgTable(
  'transit_limits',
  {
    id: idOf<'TransitLimit'>().primaryKey(),
    storage: text({ enum: STORAGE }).notNull(),
    maxHours: integer(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    index('transit_limits_from').on(table.storage, table.validFrom),
    check('transit_limits_storage', sql`${table.storage} in (${oneOf(STORAGE)})`),
    check('transit_limits_hours', sql`${table.maxHours} > 0`),
  ],
);

/** A product that bears less or more than its kind of storage, as its seller says. */
export const productTransitLimits = pgTable(
  'product_transit_limits',
  {
    productId: idOf<'Product'>()
      .primaryKey()
      .references(() => products.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    maxHours: integer().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [check('product_transit_limits_hours', sql`${table.maxHours} > 0`)],
);

/** Where orders are collected: a business's own place, or one of the exchange for every business that brings its goods there. */
export const pickupPoints = pgTable(
  'pickup_points',
  {
    id: idOf<'PickupPoint'>().primaryKey(),
    /** Null for a point of the exchange. */
    businessId: idOf<'Business'>().references(() => businesses.id),
    name: text().notNull(),
    line: text().notNull(),
    wardCode: text().notNull(),
    ward: text().notNull(),
    hours: text().notNull(),
    closedAt: at(),
    createdAt: at().notNull(),
  },
  (table) => [index('pickup_points_business').on(table.businessId)],
);

/** What a business gives its buyers of delivery. Without a row: parcels at the exchange's rate. */
export const deliveryTerms = pgTable(
  'delivery_terms',
  {
    businessId: idOf<'Business'>()
      .primaryKey()
      .references(() => businesses.id),
    /** Goods of so much travel for nothing; the business bears the freight. */
    freeOverVnd: money(),
    pickupPointId: idOf<'PickupPoint'>().references(() => pickupPoints.id),
    updatedAt: at().notNull(),
  },
  (table) => [check('delivery_terms_free', sql`${table.freeOverVnd} > 0`)],
);
