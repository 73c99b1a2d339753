import { bigserial, boolean, customType, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { partners } from '#features/federation/tables.ts';
import { orderGroups } from '#features/orders/tables.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { Agreed, Destination, Terms } from './types.ts';

/** A full 64-bit transaction id. Text in code: it exceeds 2^53 one day, and only the database compares it. */
const xid8 = customType<{ data: string }>({ dataType: () => 'xid8' });

/** Prices that partner exchanges were told. They hold no stock and name no person. */
export const partnerQuotes = pgTable(
  'partner_quotes',
  {
    id: idOf<'PartnerQuote'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    terms: jsonb().$type<Terms>().notNull(),
    termsHash: text().notNull(),
    destination: jsonb().$type<Destination>().notNull(),
    needsAge: boolean().notNull(),
    expiresAt: at().notNull(),
    createdAt: at().notNull(),
  },
  (table) => [index('partner_quotes_expiry').on(table.expiresAt)],
);

/**
 * Which order groups a partner exchange sold to a shopper of its own, and what it was last told of each. One row an order,
 * read as the feeds are: below the oldest transaction still running, in the order (tx, rev).
 */
export const partnerOrders = pgTable(
  'partner_orders',
  {
    groupId: idOf<'OrderGroup'>()
      .primaryKey()
      .references(() => orderGroups.id),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    /** Its Idempotency-Key, for ever: sent again in a year it finds the same order. */
    key: text().notNull(),
    requestHash: text().notNull(),
    /** One quote becomes one order. No reference: quotes are thrown away. */
    quoteId: idOf<'PartnerQuote'>().notNull(),
    /** By which the partner knows it. */
    buyerCode: text().notNull(),
    agreed: jsonb().$type<Agreed>().notNull(),
    /** Set where the partner called it off. */
    cancelReason: text(),
    rev: bigserial({ mode: 'number' }).notNull(),
    tx: xid8().notNull(),
    /** Null only inside the transaction that makes it. */
    document: jsonb().$type<RemoteOrder>(),
    createdAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('partner_orders_key').on(table.partnerKey, table.key),
    uniqueIndex('partner_orders_quote').on(table.quoteId),
    index('partner_orders_feed').on(table.partnerKey, table.tx, table.rev),
  ],
);
