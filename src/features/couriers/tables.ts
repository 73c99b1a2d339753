import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { shipments } from '#features/orders/tables.ts';
import { BOOKING_STATES, CARRIERS } from './types.ts';

/** What was agreed with a carrier for one parcel; the newest attempt alone. What the parcel does stands with the parcel. */
export const courierBookings = pgTable(
  'courier_bookings',
  {
    shipmentId: idOf<'Shipment'>()
      .primaryKey()
      .references(() => shipments.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    code: text().notNull(),
    carrier: text({ enum: CARRIERS }).notNull(),
    state: text({ enum: BOOKING_STATES }).notNull(),
    trackingNumber: text(),
    /** What the carrier asks for, as it said last: it may weigh the parcel again. */
    feeVnd: money(),
    reason: text(),
    attempts: integer().notNull().default(0),
    /** When the job looks at it next: soon while nobody knows whether the carrier has it, later where news stay away. */
    lookAt: at(),
    updatedAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('courier_bookings_code').on(table.code),
    index('courier_bookings_due').on(table.lookAt),
    check('courier_bookings_booked', sql`(${table.state} <> 'booked') or (${table.trackingNumber} is not null)`),
  ],
);

/** What a carrier calls our wards. Its own ids, which still know the districts of before July 2025. */
export const courierPlaces = pgTable(
  'courier_places',
  {
    carrier: text({ enum: CARRIERS }).notNull(),
    wardCode: text().notNull(),
    province: text().notNull(),
    district: text().notNull(),
    ward: text().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [primaryKey({ columns: [table.carrier, table.wardCode] })],
);

/** Every message of a carrier, once, and what became of it. Append-only, by grant and trigger. */
export const courierMessages = pgTable(
  'courier_messages',
  {
    id: idOf<'CourierMessage'>().primaryKey(),
    carrier: text({ enum: CARRIERS }).notNull(),
    /** Of what was told, so that the same message twice is one: carriers number nothing. */
    digest: text().notNull(),
    trackingNumber: text().notNull(),
    code: text(),
    status: text().notNull(),
    /** As the parcel took it, or `unread` for a word that we do not know. */
    outcome: text().notNull(),
    raw: jsonb().$type<unknown>().notNull(),
    receivedAt: at().notNull(),
  },
  (table) => [uniqueIndex('courier_messages_digest').on(table.carrier, table.digest)],
);
