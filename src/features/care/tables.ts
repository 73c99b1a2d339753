import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { storedFiles } from '#features/files/tables.ts';
import { codes, orderLines, orders } from '#features/orders/tables.ts';
import { RETURN_EVENTS, RETURN_REASONS, RETURN_STATES } from './types.ts';

/** The published terms of returning, by the day from which they hold. New terms are a new row; none is changed. */
export const carePolicies = pgTable('care_policies', {
  validFrom: text().primaryKey(),
  returnDays: integer().notNull(),
  perishableHours: integer().notNull(),
  perishableStorage: text().array().notNull(),
  sellerDays: integer().notNull(),
  appealDays: integer().notNull(),
  sendBackDays: integer().notNull(),
  receiveDays: integer().notNull(),
  inspectDays: integer().notNull(),
  officerDays: integer().notNull(),
  maxPhotos: integer().notNull(),
});

/** Pieces of one order that its shopper wants to give back, and what becomes of that. */
export const returns = pgTable(
  'returns',
  {
    id: idOf<'Return'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    state: text({ enum: RETURN_STATES }).notNull(),
    reason: text({ enum: RETURN_REASONS }).notNull(),
    note: text().notNull(),
    /** The terms of the day of the order. */
    policyFrom: text()
      .notNull()
      .references(() => carePolicies.validFrom),
    /** When the clock of this step runs out; null where nothing happens by itself. */
    dueAt: at(),
    /** Since when an officer has been called, and decides. */
    escalatedAt: at(),
    /** What the seller said against it, what the shopper said against that, and what the officer said last. */
    sellerNote: text(),
    appealNote: text(),
    officerNote: text(),
    carrier: text(),
    trackingNumber: text(),
    /** Whether the pieces went back on the shelf; null until they are received. */
    restock: boolean(),
    /** What the pieces cost when they were asked to go back, and what was given back in the end. */
    expectedVnd: money().notNull(),
    refundVnd: money(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('returns_code').on(table.code),
    index('returns_order').on(table.orderId),
    index('returns_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    index('returns_due').on(table.dueAt).where(sql`${table.dueAt} is not null`),
    check('returns_state', sql`${table.state} in (${oneOf(RETURN_STATES)})`),
    check('returns_reason', sql`${table.reason} in (${oneOf(RETURN_REASONS)})`),
    check('returns_refunded', sql`(${table.state} = 'refunded') = (${table.refundVnd} is not null)`),
  ],
);

export const returnLines = pgTable(
  'return_lines',
  {
    returnId: idOf<'Return'>()
      .notNull()
      .references(() => returns.id),
    lineId: idOf<'OrderLine'>()
      .notNull()
      .references(() => orderLines.id),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.returnId, table.lineId] }),
    index('return_lines_line').on(table.lineId),
    check('return_lines_quantity', sql`${table.quantity} > 0`),
  ],
);

/** Pictures of what is wrong with the goods. What was sent stays private; shown are renditions without what the camera wrote. */
export const returnPhotos = pgTable(
  'return_photos',
  {
    returnId: idOf<'Return'>()
      .notNull()
      .references(() => returns.id),
    fileId: idOf<'StoredFile'>()
      .notNull()
      .references(() => storedFiles.id),
    place: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.returnId, table.place] }), index('return_photos_file').on(table.fileId)],
);

/** What happened to a return. Append-only, by grant and trigger. */
export const returnEvents = pgTable(
  'return_events',
  {
    id: idOf<'ReturnEvent'>().primaryKey(),
    returnId: idOf<'Return'>()
      .notNull()
      .references(() => returns.id),
    type: text({ enum: RETURN_EVENTS }).notNull(),
    note: text(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [index('return_events_return').on(table.returnId, table.at)],
);
