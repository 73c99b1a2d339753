import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { carts } from '#features/carts/tables.ts';
import type { Delivery } from '#features/carts/types.ts';
import { partners } from '#features/federation/tables.ts';
import { codes } from '#features/orders/tables.ts';
import { variants } from '#features/products/tables.ts';
import type { Settlement } from '#federation/protocol/ordering.ts';
import {
  type Disclosed,
  LEG_METHODS,
  LEG_REFUND_STATES,
  LEG_STATES,
  type LegId,
  type LegTerms,
  STEPS,
} from './types.ts';

const ofPartner = () =>
  text()
    .notNull()
    .references(() => partners.key);
const ofLeg = () =>
  text()
    .$type<LegId>()
    .notNull()
    .references(() => exchangeLegs.id);

/** Goods of partner exchanges in a cart. They stand apart from our own: nothing here holds stock or names a price of ours. */
export const exchangeCartLines = pgTable(
  'exchange_cart_lines',
  {
    cartId: text()
      .notNull()
      .references(() => carts.id, { onDelete: 'cascade' }),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    partnerKey: ofPartner(),
    quantity: integer().notNull(),
    /** What the shopper was shown; another price of the origin's is shown anew before anything is accepted. */
    seenPriceVnd: money().notNull(),
    addedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.cartId, table.variantId] }),
    check('exchange_cart_lines_quantity', sql`${table.quantity} between 1 and 1000`),
  ],
);

/** The part of a cart that one partner exchange sells: its own prices, its own money, its own way through the saga. */
export const exchangeLegs = pgTable(
  'exchange_legs',
  {
    id: text().$type<LegId>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    cartId: text().notNull(),
    partnerKey: ofPartner(),
    state: text({ enum: LEG_STATES }).notNull(),
    step: text({ enum: STEPS }),
    stateSince: at().notNull(),
    /** Why it was not bought, in the origin's code or ours. */
    reason: text(),
    delivery: jsonb().$type<Delivery>().notNull(),
    /** E.164; empty once the buyer is forgotten. */
    phone: text().notNull(),
    terms: jsonb().$type<LegTerms>(),
    shippingCode: text(),
    method: text({ enum: LEG_METHODS }).notNull().default('stripe'),
    /** What the shopper agreed to pay: no more is ever taken. */
    acceptedVnd: money(),
    acceptedAt: at(),
    ageConfirmedAt: at(),
    /** The provider's names for the session and for the money. */
    sessionId: text(),
    redirectUrl: text(),
    paymentReference: text(),
    authorisedAt: at(),
    capturedAt: at(),
    /** All that came for it, whatever became of it: a card's charge, or transfers. */
    receivedVnd: money().notNull().default(sql`0`),
    /** The order as its origin has it. */
    orderId: text(),
    orderCode: text(),
    orderRev: bigint({ mode: 'number' }),
    orderState: text(),
    trackingNumber: text(),
    confirmBy: at(),
    /** By the origin's clock: it decides the day of the settlement. */
    confirmedAt: at(),
    /** Questions in a row that nobody answered. */
    attempts: integer().notNull().default(0),
    nextAt: at(),
    createdAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('exchange_legs_code').on(table.code),
    uniqueIndex('exchange_legs_session').on(table.sessionId),
    uniqueIndex('exchange_legs_order').on(table.partnerKey, table.orderId),
    // A cart has one leg of an exchange that waits for its shopper.
    uniqueIndex('exchange_legs_waiting')
      .on(table.cartId, table.partnerKey)
      .where(sql`${table.state} in ('draft', 'quoted', 'price-changed', 'authorising')`),
    index('exchange_legs_cart').on(table.cartId),
    index('exchange_legs_phone').on(table.phone),
    index('exchange_legs_due').on(table.nextAt).where(sql`${table.nextAt} is not null`),
    check('exchange_legs_method', sql`${table.method} in (${oneOf(LEG_METHODS)}) and ${table.receivedVnd} >= 0`),
    check('exchange_legs_state', sql`${table.state} in (${oneOf(LEG_STATES)})`),
    check('exchange_legs_step', sql`(${table.state} = 'resolving') = (${table.step} is not null)`),
    check(
      'exchange_legs_accepted',
      sql`${table.state} in ('draft', 'quoted', 'price-changed', 'lapsed') or num_nonnulls(${table.terms}, ${table.shippingCode}, ${table.acceptedVnd}, ${table.acceptedAt}) = 4`,
    ),
    check(
      'exchange_legs_bought',
      sql`${table.state} not in ('captured', 'confirming', 'confirmed', 'fulfilling', 'done', 'refunding', 'refunded', 'refund-owed') or (${table.capturedAt} is not null and ${table.acceptedVnd} > 0)`,
    ),
  ],
);

/** The steps that a leg may take. What is not here cannot be written, by whomever. */
export const exchangeLegMoves = pgTable(
  'exchange_leg_moves',
  { fromState: text({ enum: LEG_STATES }).notNull(), toState: text({ enum: LEG_STATES }).notNull() },
  (table) => [primaryKey({ columns: [table.fromState, table.toState] })],
);

/** Each step that was taken, written by a trigger on `exchange_legs`. Append-only. */
export const exchangeLegSteps = pgTable(
  'exchange_leg_steps',
  {
    seq: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    legId: ofLeg(),
    fromState: text({ enum: LEG_STATES }).notNull(),
    toState: text({ enum: LEG_STATES }).notNull(),
    reason: text(),
    actor: text().notNull(),
    at: at().notNull(),
  },
  (table) => [
    index('exchange_leg_steps_leg').on(table.legId, table.seq),
    foreignKey({
      name: 'exchange_leg_steps_legal',
      columns: [table.fromState, table.toState],
      foreignColumns: [exchangeLegMoves.fromState, exchangeLegMoves.toState],
    }),
  ],
);

/** What goes back to a shopper of a leg, once per cause. */
export const exchangeLegRefunds = pgTable(
  'exchange_leg_refunds',
  {
    cause: text().primaryKey(),
    legId: ofLeg(),
    amountVnd: money().notNull(),
    /** Money that paid for nothing: it came too late, twice, or was too much. */
    spare: boolean().notNull().default(false),
    status: text({ enum: LEG_REFUND_STATES }).notNull(),
    providerReference: text(),
    /** When the origin said that it gives it back; null where it never owed us the goods. */
    originAt: at(),
    createdAt: at().notNull(),
    sentAt: at(),
  },
  (table) => [
    index('exchange_leg_refunds_leg').on(table.legId),
    check('exchange_leg_refunds_amount', sql`${table.amountVnd} > 0`),
    check('exchange_leg_refunds_status', sql`${table.status} in (${oneOf(LEG_REFUND_STATES)})`),
  ],
);

/** Whose data went to which exchange, when, and which members of them: written before they go. Append-only. */
export const exchangeDisclosures = pgTable('exchange_disclosures', {
  legId: text()
    .$type<LegId>()
    .primaryKey()
    .references(() => exchangeLegs.id),
  partnerKey: ofPartner(),
  members: text().array().$type<Disclosed[]>().notNull(),
  at: at().notNull(),
});

/** How far the orders of each exchange have been followed. */
export const exchangeOrderFeeds = pgTable('exchange_order_feeds', {
  partnerKey: text()
    .primaryKey()
    .references(() => partners.key),
  cursor: text().notNull(),
  at: at().notNull(),
});

/** What we owe an exchange for one day, as our books and as its signed statement say. */
export const exchangeSettlements = pgTable(
  'exchange_settlements',
  {
    partnerKey: ofPartner(),
    day: date({ mode: 'string' }).notNull(),
    ours: jsonb().$type<OwnStatement>().notNull(),
    theirs: jsonb().$type<Settlement>().notNull(),
    /** The very bytes and headers that the origin signed. */
    theirBody: text().notNull(),
    theirSignature: jsonb().$type<Readonly<Record<string, string>>>().notNull(),
    agrees: boolean().notNull(),
    comparedAt: at().notNull(),
    resolvedAt: at(),
  },
  (table) => [primaryKey({ columns: [table.partnerKey, table.day] })],
);
export type OwnStatement = Pick<Settlement, 'day' | 'orders' | 'due' | 'root'>;
