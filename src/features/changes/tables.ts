import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { CHANGE_KINDS, CHANGE_STATES, type Flag, RISKS, VERDICT_REASONS } from './types.ts';

/** What a seller wants to be different about one product, and what became of it. Never deleted. */
export const changeSets = pgTable(
  'change_sets',
  {
    id: idOf<'ChangeSet'>().primaryKey(),
    /** No reference: a listing waits before its product exists. */
    productId: idOf<'Product'>().notNull(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    productName: text().notNull(),
    kind: text({ enum: CHANGE_KINDS }).notNull(),
    status: text({ enum: CHANGE_STATES }).notNull(),
    /** Applied by the table of risks, without an officer. */
    automatic: boolean().notNull().default(false),
    flagCount: integer().notNull().default(0),
    proposedAt: at().notNull(),
    proposedBy: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    decidedAt: at(),
    decidedBy: text(),
    reason: text({ enum: VERDICT_REASONS }),
    reasonText: text(),
    version: integer().notNull().default(1),
  },
  (table) => [
    // What the seller wants next is one set, however often it is edited before somebody decides.
    uniqueIndex('change_sets_open')
      .on(table.productId)
      .where(sql`${table.status} in ('proposed', 'changes-requested')`),
    index('change_sets_product').on(table.productId, table.proposedAt.desc().nullsFirst()),
    index('change_sets_business').on(table.businessId, table.proposedAt.desc().nullsFirst()),
    check('change_sets_kind', sql`${table.kind} in (${oneOf(CHANGE_KINDS)})`),
    check('change_sets_status', sql`${table.status} in (${oneOf(CHANGE_STATES)})`),
    check('change_sets_decided', sql`(${table.decidedAt} is null) = (${table.status} = 'proposed')`),
    check('change_sets_reason', sql`${table.reason} in (${oneOf(VERDICT_REASONS)})`),
  ],
);

/** One field of a change set. `before` is what the product said when it was asked for. */
export const changeItems = pgTable(
  'change_items',
  {
    id: idOf<'ChangeItem'>().primaryKey(),
    setId: idOf<'ChangeSet'>()
      .notNull()
      .references(() => changeSets.id),
    field: text().notNull(),
    before: jsonb(),
    after: jsonb(),
    risk: text({ enum: RISKS }).notNull(),
    flags: jsonb().$type<readonly Flag[]>().notNull().default([]),
  },
  (table) => [
    uniqueIndex('change_items_field').on(table.setId, table.field),
    check('change_items_risk', sql`${table.risk} in (${oneOf(RISKS)})`),
  ],
);
