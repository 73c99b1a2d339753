import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at, idOf, money } from '#db/columns.ts';
import { variants } from '#features/products/tables.ts';
import type { Delivery } from './types.ts';

export const carts = pgTable(
  'carts',
  {
    id: text().primaryKey(),
    status: text({ enum: ['open', 'ordered'] }).notNull(),
    delivery: jsonb().$type<Delivery>(),
    /** The voucher that was typed, upper case. */
    voucherCode: text(),
    groupCode: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [index('carts_stale').on(table.updatedAt).where(sql`${table.status} = 'open'`)],
);

export const cartLines = pgTable(
  'cart_lines',
  {
    cartId: text()
      .notNull()
      .references(() => carts.id, { onDelete: 'cascade' }),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    quantity: integer().notNull(),
    /** What the shopper was shown; checkout refuses silently charging another price. */
    seenPriceVnd: money().notNull(),
    addedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cartId, table.variantId] }),
    check('cart_lines_quantity', sql`${table.quantity} > 0`),
  ],
);
