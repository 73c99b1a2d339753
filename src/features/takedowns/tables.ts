import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { products } from '#features/products/tables.ts';
import { PRODUCT_STATES } from '#features/products/types.ts';
import { TAKEDOWN_STATES } from './types.ts';

/** An authority's request to take a product down, and what was done. Kept for ever: the law wants at least a year. */
export const takedowns = pgTable(
  'takedowns',
  {
    id: idOf<'Takedown'>().primaryKey(),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    requestNumber: text().notNull(),
    authority: text().notNull(),
    reason: text().notNull(),
    receivedAt: at().notNull(),
    /** 24 hours after it was received (Decree 248/2026/NĐ-CP, art. 17.1). */
    dueAt: at().notNull(),
    status: text({ enum: TAKEDOWN_STATES }).notNull(),
    /** What the product was before, so that a decision can give it back. */
    stateBefore: text({ enum: PRODUCT_STATES }),
    downAt: at(),
    endedAt: at(),
    decision: text(),
    recordedBy: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    recordedAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('takedowns_open').on(table.productId).where(sql`${table.status} in ('open', 'down')`),
    index('takedowns_recorded').on(table.recordedAt.desc().nullsFirst()),
    check('takedowns_status', sql`${table.status} in (${oneOf(TAKEDOWN_STATES)})`),
  ],
);
