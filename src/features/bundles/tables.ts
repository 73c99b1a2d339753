import { sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money } from '#db/columns.ts';
import { variants } from '#features/products/tables.ts';
import { BUNDLE_STATES } from './types.ts';

/** Gift boxes of goods of several businesses, put together by officers. Each business sells its part. */
export const bundles = pgTable(
  'bundles',
  {
    id: idOf<'Bundle'>().primaryKey(),
    slug: text().notNull(),
    nameVi: text().notNull(),
    nameEn: text().notNull(),
    descriptionVi: text().notNull(),
    priceVnd: money().notNull(),
    status: text({ enum: BUNDLE_STATES }).notNull(),
    createdBy: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
  },
  (table) => [uniqueIndex('bundles_slug').on(table.slug), check('bundles_price', sql`${table.priceVnd} >= 1000`)],
);

/** What is in a box. Never changed: another content is another box. */
export const bundleItems = pgTable(
  'bundle_items',
  {
    bundleId: idOf<'Bundle'>()
      .notNull()
      .references(() => bundles.id),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    quantity: integer().notNull(),
    position: smallint().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.bundleId, table.variantId] }),
    check('bundle_items_quantity', sql`${table.quantity} > 0`),
  ],
);
