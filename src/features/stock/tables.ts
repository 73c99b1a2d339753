import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { variants } from '#features/products/tables.ts';
import { HOLD_SOURCES, HOLD_STATES, MOVEMENT_REASONS, type TableEntry } from './types.ts';

export const stock = pgTable(
  'stock',
  {
    variantId: idOf<'Variant'>()
      .primaryKey()
      .references(() => variants.id),
    onHand: integer().notNull(),
    held: integer().notNull().default(0),
    updatedAt: at().notNull(),
    /** From which number on its business wants to be told; null for never. */
    lowAt: integer(),
    /** When it was told last; empty again once there is more. */
    lowToldAt: at(),
  },
  // The last wall against overselling: whatever the code does, more cannot be held than is there.
  (table) => [
    check('stock_held_within_on_hand', sql`${table.held} between 0 and ${table.onHand}`),
    index('stock_low').on(table.variantId).where(sql`${table.lowAt} is not null`),
  ],
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

/** Saves of the table of prices and stock, each kept with what was there before, to be taken back within ten minutes. */
export const tableEdits = pgTable(
  'table_edits',
  {
    id: idOf<'TableEditPart'>().primaryKey(),
    /** One save of a seller with two businesses has a part for each. */
    editId: idOf<'TableEdit'>().notNull(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    actor: text().notNull(),
    entries: jsonb().$type<readonly TableEntry[]>().notNull(),
    savedAt: at().notNull(),
    undoneAt: at(),
  },
  (table) => [index('table_edits_edit').on(table.editId), index('table_edits_saved').on(table.savedAt)],
);
