import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { variants } from '#features/products/tables.ts';
import { HOLD_SOURCES, HOLD_STATES, MOVEMENT_REASONS } from './types.ts';

export const stock = pgTable(
  'stock',
  {
    variantId: idOf<'Variant'>()
      .primaryKey()
      .references(() => variants.id),
    onHand: integer().notNull(),
    held: integer().notNull().default(0),
    updatedAt: at().notNull(),
  },
  // The last wall against overselling: whatever the code does, more cannot be held than is there.
  (table) => [check('stock_held_within_on_hand', sql`${table.held} between 0 and ${table.onHand}`)],
);

export const holds = pgTable(
  'holds',
  {
    id: idOf<'Hold'>().primaryKey(),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    quantity: integer().notNull(),
    source: text({ enum: HOLD_SOURCES }).notNull(),
    /** What the hold is for: the order group of a checkout. */
    reference: text().notNull(),
    status: text({ enum: HOLD_STATES }).notNull(),
    expiresAt: at().notNull(),
    createdAt: at().notNull(),
    endedAt: at(),
  },
  (table) => [
    index('holds_reference').on(table.reference),
    index('holds_due').on(table.expiresAt).where(sql`${table.status} = 'held'`),
    check('holds_quantity', sql`${table.quantity} > 0`),
  ],
);

/** Why stock is what it is. Append-only, by grant. */
export const stockMovements = pgTable(
  'stock_movements',
  {
    id: idOf<'StockMovement'>().primaryKey(),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    change: integer().notNull(),
    reason: text({ enum: MOVEMENT_REASONS }).notNull(),
    reference: text(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [index('stock_movements_variant').on(table.variantId, table.at)],
);
