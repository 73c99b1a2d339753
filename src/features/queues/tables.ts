import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { OUTCOMES, QUEUES } from './types.ts';

/** What waits for an officer's look, and who holds it at the moment. */
export const reviewItems = pgTable(
  'review_items',
  {
    id: idOf<'ReviewItem'>().primaryKey(),
    queue: text({ enum: QUEUES }).notNull(),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    title: text().notNull(),
    /** Title and business, folded, as they are looked for. */
    searched: text().notNull(),
    path: text().notNull(),
    businessId: idOf<'Business'>().references(() => businesses.id),
    facts: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
    openedAt: at().notNull(),
    dueAt: at(),
    claimedBy: idOf<'Account'>().references(() => accounts.id),
    claimedUntil: at(),
    settledAt: at(),
    settledBy: text(),
    outcome: text({ enum: OUTCOMES }),
  },
  (table) => [
    // A subject waits once: bringing it again renews what is said of it and keeps its place.
    uniqueIndex('review_items_subject').on(table.subjectKind, table.subjectId).where(sql`${table.settledAt} is null`),
    index('review_items_open').on(table.queue, table.openedAt, table.id).where(sql`${table.settledAt} is null`),
    index('review_items_due').on(table.queue, table.dueAt).where(sql`${table.settledAt} is null`),
    check('review_items_outcome', sql`${table.outcome} in (${oneOf(OUTCOMES)})`),
    check('review_items_settled', sql`(${table.settledAt} is null) = (${table.outcome} is null)`),
    check('review_items_claim', sql`(${table.claimedBy} is null) = (${table.claimedUntil} is null)`),
  ],
);

/** Filters that an officer named to come back to. */
export const queueFilters = pgTable(
  'queue_filters',
  {
    id: idOf<'QueueFilter'>().primaryKey(),
    accountId: idOf<'Account'>()
      .notNull()
      .references(() => accounts.id),
    queue: text({ enum: QUEUES }).notNull(),
    name: text().notNull(),
    /** As it stands in the address: `q=…&pace=late`. */
    query: text().notNull(),
  },
  (table) => [uniqueIndex('queue_filters_name').on(table.accountId, table.queue, table.name)],
);
