import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { storedFiles } from '#features/files/tables.ts';
import { codes, orders } from '#features/orders/tables.ts';
import { products } from '#features/products/tables.ts';
import { takedowns } from '#features/takedowns/tables.ts';
import {
  AUTHORS,
  COMPLAINT_EVENTS,
  COMPLAINT_KINDS,
  COMPLAINT_STATES,
  COMPLAINT_SUBJECTS,
  COMPLAINT_VERDICTS,
  COMPLAINT_WISHES,
  OFFER_KINDS,
  OPEN_STATES,
} from './types.ts';

/** The published times of complaints, by the day from which they hold. New times are a new row; none is changed. */
export const complaintRules = pgTable('complaint_rules', {
  validFrom: text().primaryKey(),
  answerHours: integer().notNull(),
  choiceHours: integer().notNull(),
  officerDays: integer().notNull(),
  unsafeHours: integer().notNull(),
  appealDays: integer().notNull(),
  fileDays: integer().notNull(),
  maxPhotos: integer().notNull(),
  figureDays: integer().notNull(),
  figureMinimum: integer().notNull(),
});

/** Days on which offices are closed besides Saturdays and Sundays. */
export const publicHolidays = pgTable('public_holidays', {
  day: text().primaryKey(),
  name: text().notNull(),
});

/** The legal steps of a complaint: SQL refuses to log any other. */
export const complaintMoves = pgTable(
  'complaint_moves',
  { fromState: text().notNull(), toState: text().notNull() },
  (table) => [primaryKey({ columns: [table.fromState, table.toState] })],
);

export const complaints = pgTable(
  'complaints',
  {
    id: idOf<'Complaint'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    subject: text({ enum: COMPLAINT_SUBJECTS }).notNull(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    orderId: idOf<'Order'>().references(() => orders.id),
    productId: idOf<'Product'>().references(() => products.id),
    kind: text({ enum: COMPLAINT_KINDS }).notNull(),
    wish: text({ enum: COMPLAINT_WISHES }).notNull(),
    wishVnd: money(),
    /** Who complains, to whom answers go; empty once they are forgotten. */
    phone: text().notNull(),
    accountId: idOf<'Account'>(),
    state: text({ enum: COMPLAINT_STATES }).notNull(),
    /** The times of the day on which it was filed. */
    policyFrom: text()
      .notNull()
      .references(() => complaintRules.validFrom),
    /** Until when the business was to answer, null where it went to an officer at once, and when it did. */
    answerBy: at(),
    answeredAt: at(),
    /** When the clock of this step runs out; null where nothing happens by itself. */
    dueAt: at(),
    escalatedAt: at(),
    /** An officer was later than the published time. */
    overdue: boolean().notNull().default(false),
    offerKind: text({ enum: OFFER_KINDS }),
    offerVnd: money(),
    verdict: text({ enum: COMPLAINT_VERDICTS }),
    /** What went back in all, by the offer or by decisions. */
    refundVnd: money().notNull().default(sql`0`),
    warned: boolean().notNull().default(false),
    takedownId: idOf<'Takedown'>().references(() => takedowns.id),
    /** The authority to which it was reported. */
    reportedTo: text(),
    decidedBy: text(),
    /** When it first had an end: settled, decided, withdrawn or lapsed. */
    endedAt: at(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('complaints_code').on(table.code),
    uniqueIndex('complaints_open_order')
      .on(table.orderId)
      .where(sql`${table.state} in (${oneOf(OPEN_STATES)})`),
    index('complaints_order').on(table.orderId),
    index('complaints_product').on(table.productId),
    index('complaints_takedown').on(table.takedownId),
    index('complaints_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    index('complaints_created').on(table.createdAt),
    index('complaints_phone').on(table.phone),
    index('complaints_account').on(table.accountId),
    index('complaints_due').on(table.dueAt).where(sql`${table.dueAt} is not null`),
    check('complaints_subject', sql`${table.subject} in (${oneOf(COMPLAINT_SUBJECTS)})`),
    check('complaints_of_order', sql`(${table.subject} = 'order') = (${table.orderId} is not null)`),
    check('complaints_kind', sql`${table.kind} in (${oneOf(COMPLAINT_KINDS)})`),
    check('complaints_wish', sql`${table.wish} in (${oneOf(COMPLAINT_WISHES)})`),
    check('complaints_state', sql`${table.state} in (${oneOf(COMPLAINT_STATES)})`),
    check(
      'complaints_offer',
      sql`(${table.offerKind} is not distinct from 'refund') = (${table.offerVnd} is not null)`,
    ),
    check('complaints_verdict', sql`${table.verdict} in (${oneOf(COMPLAINT_VERDICTS)})`),
    check('complaints_decided', sql`(${table.verdict} is null) = (${table.decidedBy} is null)`),
    check(
      'complaints_refund',
      sql`${table.refundVnd} >= 0 and (${table.refundVnd} = 0 or ${table.orderId} is not null)`,
    ),
  ],
);

/** What was said, in order. What a shopper wrote may be emptied when they are forgotten; nothing else changes. */
export const complaintMessages = pgTable(
  'complaint_messages',
  {
    id: idOf<'ComplaintMessage'>().primaryKey(),
    complaintId: idOf<'Complaint'>()
      .notNull()
      .references(() => complaints.id),
    author: text({ enum: AUTHORS }).notNull(),
    text: text().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [
    index('complaint_messages_complaint').on(table.complaintId, table.at),
    check('complaint_messages_author', sql`${table.author} in (${oneOf(AUTHORS)})`),
  ],
);

/** Pictures that go with a message. What was sent stays private; shown are renditions without what the camera wrote. */
export const complaintPhotos = pgTable(
  'complaint_photos',
  {
    messageId: idOf<'ComplaintMessage'>()
      .notNull()
      .references(() => complaintMessages.id),
    fileId: idOf<'StoredFile'>()
      .notNull()
      .references(() => storedFiles.id),
    place: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.messageId, table.place] }), index('complaint_photos_file').on(table.fileId)],
);

/** What happened to a complaint, with the step it took. Append-only, by grant and trigger. */
export const complaintEvents = pgTable(
  'complaint_events',
  {
    id: idOf<'ComplaintEvent'>().primaryKey(),
    complaintId: idOf<'Complaint'>()
      .notNull()
      .references(() => complaints.id),
    type: text({ enum: COMPLAINT_EVENTS }).notNull(),
    /** Both null where it stayed where it was. */
    fromState: text(),
    toState: text(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [
    index('complaint_events_complaint').on(table.complaintId, table.at),
    check('complaint_events_type', sql`${table.type} in (${oneOf(COMPLAINT_EVENTS)})`),
    check('complaint_events_step', sql`(${table.fromState} is null) = (${table.toState} is null)`),
    foreignKey({
      name: 'complaint_events_legal',
      columns: [table.fromState, table.toState],
      foreignColumns: [complaintMoves.fromState, complaintMoves.toState],
    }),
    // Whoever leaves a state leaves it once: none comes back to where it was.
    uniqueIndex('complaint_events_once').on(table.complaintId, table.fromState),
  ],
);
