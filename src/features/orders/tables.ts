import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { ZERO } from '#core/money.ts';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { bundles } from '#features/bundles/tables.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { Delivery } from '#features/carts/types.ts';
import { partners } from '#features/federation/tables.ts';
import { categories, variants } from '#features/products/tables.ts';
import { STORAGE } from '#features/products/types.ts';
import { DELIVERY_METHODS, type PickupPoint } from '#features/shipping/types.ts';
import {
  CODE_KINDS,
  FULFILMENT_STATES,
  GROUP_STATES,
  MOVING_FACTS,
  ORDER_PAYMENT_STATES,
  ORDER_STATES,
  type OrderEventType,
  SELLER_STEPS,
  SETTLEMENTS,
  SHIPMENT_STATES,
} from './types.ts';

/** Every code that people see, of whatever kind, so that a memo can mean only one thing. */
export const codes = pgTable('codes', {
  code: text().primaryKey(),
  kind: text({ enum: CODE_KINDS }).notNull(),
});

export const orderGroups = pgTable(
  'order_groups',
  {
    id: idOf<'OrderGroup'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    cartId: text().notNull(),
    status: text({ enum: GROUP_STATES }).notNull(),
    totalVnd: money().notNull(),
    delivery: jsonb().$type<Delivery>().notNull(),
    /** E.164; with the code it opens the order to the one who placed it. */
    phone: text().notNull(),
    /** When the stock holds lapse. A payment's own limit is never later. */
    expiresAt: at().notNull(),
    createdAt: at().notNull(),
    paidAt: at(),
    /** Set where gift boxes were bought: such a group is called off as a whole. */
    bundleId: idOf<'Bundle'>().references(() => bundles.id),
    bundleName: text(),
    bundleQuantity: integer(),
    /** A part of it is paid to a business itself. */
    direct: boolean().notNull().default(false),
    /** The partner exchange that sold it to a shopper of its own; it collects, and owes us the total. */
    partnerKey: text().references(() => partners.key),
    /** When the buyer said to be 18 or older; null where nothing in the group asks for it. */
    ageConfirmedAt: at(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('order_groups_code').on(table.code),
    // One cart is one order group, however often and from wherever checkout is called.
    uniqueIndex('order_groups_cart').on(table.cartId),
    // For confirmations that are still to be made.
    index('order_groups_paid').on(table.paidAt),
    // Whether a number has ordered before.
    index('order_groups_phone').on(table.phone).where(sql`${table.paidAt} is not null`),
    index('order_groups_due').on(table.expiresAt).where(sql`${table.status} = 'awaiting-payment'`),
    check('order_groups_status', sql`${table.status} in (${oneOf(GROUP_STATES)})`),
    check('order_groups_total', sql`${table.totalVnd} > 0`),
  ],
);

export const orders = pgTable(
  'orders',
  {
    id: idOf<'Order'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    groupId: idOf<'OrderGroup'>()
      .notNull()
      .references(() => orderGroups.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    businessName: text().notNull(),
    status: text({ enum: ORDER_STATES }).notNull(),
    paymentStatus: text({ enum: ORDER_PAYMENT_STATES }).notNull(),
    fulfilmentStatus: text({ enum: FULFILMENT_STATES }).notNull(),
    /** Frozen when it was ordered: what a business chooses later changes no order. */
    settlement: text({ enum: SETTLEMENTS }).notNull().default('collected'),
    subtotalVnd: money().notNull(),
    shippingVnd: money().notNull(),
    /** What vouchers take off the goods; `promotionVnd` is the part of it that the exchange pays the business for. */
    discountVnd: money().notNull().default(ZERO),
    promotionVnd: money().notNull().default(ZERO),
    /** VAT that the goods contain, on what the business takes for them. */
    vatVnd: money().notNull().default(ZERO),
    totalVnd: money().notNull(),
    shippingRateId: idOf<'ShippingRate'>().notNull(),
    deliveryMethod: text({ enum: DELIVERY_METHODS }).notNull().default('standard'),
    /** Where the buyer collects it, as it was called when it was bought; null where it is sent. */
    pickupPoint: jsonb().$type<PickupPoint>(),
    /** Of orders from before each line named its own. */
    commissionRuleId: idOf<'CommissionRule'>(),
    /** Frozen on the sale: a later rule does not change what this sale owes. */
    commissionVnd: money().notNull(),
    commissionVatVnd: money().notNull(),
    /** The seller confirms by then or the order is cancelled and refunded. Set when it is paid. */
    confirmBy: at(),
    /** A confirmed order leaves by then; the business's public figures count it. Set when it is confirmed. */
    sendBy: at(),
    /** Of the version before parcels had rows of their own; they go when nothing of it runs any more. */
    carrier: text(),
    trackingNumber: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('orders_code').on(table.code),
    uniqueIndex('orders_group_business').on(table.groupId, table.businessId),
    index('orders_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    check('orders_status', sql`${table.status} in (${oneOf(ORDER_STATES)})`),
    check('orders_payment_status', sql`${table.paymentStatus} in (${oneOf(ORDER_PAYMENT_STATES)})`),
    check('orders_settlement', sql`${table.settlement} in (${oneOf(SETTLEMENTS)})`),
    check('orders_pickup', sql`(${table.deliveryMethod} = 'pickup') = (${table.pickupPoint} is not null)`),
    check('orders_fulfilment_status', sql`${table.fulfilmentStatus} in (${oneOf(FULFILMENT_STATES)})`),
    check(
      'orders_total',
      sql`${table.totalVnd} = ${table.subtotalVnd} - ${table.discountVnd} + ${table.shippingVnd} and ${table.totalVnd} > 0 and ${table.subtotalVnd} > 0 and ${table.shippingVnd} >= 0`,
    ),
    check(
      'orders_discount',
      sql`${table.promotionVnd} between 0 and ${table.discountVnd} and ${table.discountVnd} <= ${table.subtotalVnd} and ${table.vatVnd} >= 0`,
    ),
    check(
      'orders_commission',
      sql`${table.commissionVnd} >= 0 and ${table.commissionVnd} + ${table.commissionVatVnd} <= ${table.totalVnd} + ${table.promotionVnd}`,
    ),
  ],
);

export const orderLines = pgTable(
  'order_lines',
  {
    id: idOf<'OrderLine'>().primaryKey(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    sku: text().notNull(),
    name: text().notNull(),
    label: text().notNull(),
    quantity: integer().notNull(),
    /** Pieces that were called off before they left, and pieces that came back. What they cost is `rules/line-parts.ts`. */
    cancelledQuantity: integer().notNull().default(0),
    returnedQuantity: integer().notNull().default(0),
    /** Pieces taken from the shelf beyond those bought, to send lost ones again, less those that went back to it when called off. */
    extraQuantity: integer().notNull().default(0),
    priceVnd: money().notNull(),
    totalVnd: money().notNull(),
    discountVnd: money().notNull().default(ZERO),
    promotionVnd: money().notNull().default(ZERO),
    vatBps: integer().notNull(),
    vatVnd: money().notNull().default(ZERO),
    /** The line's part of what the exchange takes, frozen on the sale with the rule that said so. */
    commissionRuleId: idOf<'CommissionRule'>(),
    commissionVnd: money().notNull().default(ZERO),
    commissionVatVnd: money().notNull().default(ZERO),
  },
  (table) => [
    uniqueIndex('order_lines_variant').on(table.orderId, table.variantId),
    check(
      'order_lines_total',
      sql`${table.quantity} > 0 and ${table.totalVnd} = ${table.priceVnd} * ${table.quantity}`,
    ),
    check(
      'order_lines_pieces',
      sql`${table.cancelledQuantity} >= 0 and ${table.returnedQuantity} >= 0 and ${table.cancelledQuantity} + ${table.returnedQuantity} <= ${table.quantity}`,
    ),
    check('order_lines_extra', sql`${table.extraQuantity} + ${table.cancelledQuantity} >= 0`),
    check(
      'order_lines_discount',
      sql`${table.promotionVnd} between 0 and ${table.discountVnd} and ${table.discountVnd} <= ${table.totalVnd}`,
    ),
    check(
      'order_lines_parts',
      sql`${table.vatVnd} >= 0 and ${table.commissionVnd} >= 0 and ${table.commissionVatVnd} >= 0 and greatest(${table.vatVnd}, ${table.commissionVnd} + ${table.commissionVatVnd}) <= ${table.totalVnd} - ${table.discountVnd} + ${table.promotionVnd}`,
    ),
  ],
);

/** What happened to an order, from which its three facts are folded. Append-only, by grant and trigger. */
export const orderEvents = pgTable(
  'order_events',
  {
    id: idOf<'OrderEvent'>().primaryKey(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    type: text().$type<OrderEventType>().notNull(),
    detail: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [
    index('order_events_order').on(table.orderId, table.at),
    // As `journals_at`.
    index('order_events_at').using('brin', table.at),
  ],
);

/**
 * What was agreed when a group was paid: canonical JSON with its hash, written once. It names no buyer, so it can stay when
 * the person is forgotten. Append-only, by grant and trigger.
 */
export const orderConfirmations = pgTable('order_confirmations', {
  groupId: idOf<'OrderGroup'>()
    .primaryKey()
    .references(() => orderGroups.id),
  content: text().notNull(),
  sha256: text().notNull(),
  madeAt: at().notNull(),
});

/** How long a seller has for a step, in hours: the most specific rule that holds, the latest of its kind; dated, never edited. */
export const orderWindows = pgTable(
  'order_windows',
  {
    id: idOf<'OrderWindow'>().primaryKey(),
    step: text({ enum: SELLER_STEPS }).notNull(),
    /** Null is for all. */
    categoryId: smallint().references(() => categories.id),
    storage: text({ enum: STORAGE }),
    hours: integer().notNull(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    unique('order_windows_key').on(table.step, table.categoryId, table.storage, table.validFrom).nullsNotDistinct(),
    check('order_windows_hours', sql`${table.hours} between 1 and 720`),
    check('order_windows_step', sql`${table.step} in (${oneOf(SELLER_STEPS)})`),
  ],
);

/** The steps that an order's facts and a shipment's state may take. What is not here cannot be written, by whomever. */
export const orderMoves = pgTable(
  'order_moves',
  {
    fact: text({ enum: MOVING_FACTS }).notNull(),
    fromState: text().notNull(),
    toState: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.fact, table.fromState, table.toState] })],
);

/**
 * Each step that was taken, written by a trigger on `orders` and `shipments`, so that no writer can leave it out. The
 * foreign key to `order_moves` refuses an illegal step, and with it the statement that took it.
 */
export const orderTransitions = pgTable(
  'order_transitions',
  {
    seq: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    shipmentId: idOf<'Shipment'>().references(() => shipments.id),
    fact: text({ enum: MOVING_FACTS }).notNull(),
    fromState: text().notNull(),
    toState: text().notNull(),
    actor: text().notNull(),
    at: at().notNull(),
  },
  (table) => [
    index('order_transitions_order').on(table.orderId),
    foreignKey({
      name: 'order_transitions_legal',
      columns: [table.fact, table.fromState, table.toState],
      foreignColumns: [orderMoves.fact, orderMoves.fromState, orderMoves.toState],
    }),
  ],
);

/** One parcel of an order. What has no row here yet is still at the seller's. */
export const shipments = pgTable(
  'shipments',
  {
    id: idOf<'Shipment'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    state: text({ enum: SHIPMENT_STATES }).notNull(),
    /** As the seller typed it, or the name of the courier's adapter. */
    carrier: text(),
    trackingNumber: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('shipments_code').on(table.code),
    index('shipments_order').on(table.orderId),
    index('shipments_tracking').on(table.carrier, table.trackingNumber),
    check('shipments_state', sql`${table.state} in (${oneOf(SHIPMENT_STATES)})`),
  ],
);

/** How many pieces of which line a parcel holds. */
export const shipmentLines = pgTable(
  'shipment_lines',
  {
    shipmentId: idOf<'Shipment'>()
      .notNull()
      .references(() => shipments.id),
    lineId: idOf<'OrderLine'>()
      .notNull()
      .references(() => orderLines.id),
    quantity: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shipmentId, table.lineId] }),
    index('shipment_lines_line').on(table.lineId),
    check('shipment_lines_quantity', sql`${table.quantity} > 0`),
  ],
);

/** What was told of a parcel, also what came too late to matter. Append-only, by grant and trigger. */
export const shipmentEvents = pgTable(
  'shipment_events',
  {
    id: idOf<'ShipmentEvent'>().primaryKey(),
    shipmentId: idOf<'Shipment'>()
      .notNull()
      .references(() => shipments.id),
    state: text({ enum: SHIPMENT_STATES }).notNull(),
    /** False for news that a later state had overtaken. */
    applied: boolean().notNull(),
    detail: jsonb().$type<Readonly<Record<string, unknown>>>().notNull(),
    /** What the carrier calls this message; the same one twice is one. */
    sourceId: text(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [
    index('shipment_events_shipment').on(table.shipmentId, table.at),
    uniqueIndex('shipment_events_source').on(table.shipmentId, table.sourceId),
  ],
);
