import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { bankAccounts, businesses } from '#features/businesses/tables.ts';
import { codes, orderGroups, orders } from '#features/orders/tables.ts';
import { SETTLEMENTS } from '#features/orders/types.ts';
import { DIRECT_REFUND_REASONS, DIRECT_REFUND_STATES, DIRECT_STATES, mostHoldHours, RECEIPT_SOURCES } from './types.ts';

const ofBusiness = () =>
  idOf<'Business'>()
    .notNull()
    .references(() => businesses.id);

/**
 * Whether a business is paid by the exchange or by its shoppers, as its owner chose: the newest row is today's, the rest is
 * the log. It holds while the account that it names is the newest of the business. Append-only.
 */
export const directModes = pgTable(
  'direct_modes',
  {
    id: idOf<'DirectMode'>().primaryKey(),
    businessId: ofBusiness(),
    mode: text({ enum: SETTLEMENTS }).notNull(),
    bankAccountId: idOf<'BankAccount'>().references(() => bankAccounts.id),
    /** In clear, since every shopper is shown it. */
    bankBin: text(),
    accountNumber: text(),
    holderName: text(),
    /** For so long goods wait for a shopper's transfer and the seller's word. */
    holdHours: integer().notNull(),
    setBy: text().notNull(),
    setAt: at().notNull(),
  },
  (table) => [
    index('direct_modes_business').on(table.businessId, table.setAt),
    check('direct_modes_mode', sql`${table.mode} in (${oneOf(SETTLEMENTS)})`),
    check(
      'direct_modes_account',
      sql`(${table.mode} = 'direct') = (num_nonnulls(${table.bankAccountId}, ${table.bankBin}, ${table.accountNumber}, ${table.holderName}) = 4)`,
    ),
    check('direct_modes_hold', sql`${table.holdHours} between 1 and ${sql.raw(String(mostHoldHours))}`),
  ],
);

/** What a shopper pays to the business itself for one order. The account is frozen when the code is opened. */
export const directPayments = pgTable(
  'direct_payments',
  {
    id: idOf<'DirectPayment'>().primaryKey(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    groupId: idOf<'OrderGroup'>()
      .notNull()
      .references(() => orderGroups.id),
    businessId: ofBusiness(),
    /** The memo of the transfer. */
    code: text()
      .notNull()
      .references(() => codes.code),
    status: text({ enum: DIRECT_STATES }).notNull(),
    amountVnd: money().notNull(),
    /** As the seller or the bank says: the exchange never holds it. */
    receivedVnd: money().notNull().default(sql`0`),
    /** What of the price the business owes back or has given back. */
    refundedVnd: money().notNull().default(sql`0`),
    bankBin: text().notNull(),
    accountNumber: text().notNull(),
    holderName: text().notNull(),
    expiresAt: at().notNull(),
    createdAt: at().notNull(),
    paidAt: at(),
  },
  (table) => [
    uniqueIndex('direct_payments_order').on(table.orderId),
    uniqueIndex('direct_payments_code').on(table.code),
    index('direct_payments_group').on(table.groupId),
    index('direct_payments_business').on(table.businessId, table.createdAt),
    check('direct_payments_status', sql`${table.status} in (${oneOf(DIRECT_STATES)})`),
    check('direct_payments_amounts', sql`${table.amountVnd} > 0 and ${table.receivedVnd} >= 0`),
    check('direct_payments_refunded', sql`${table.refundedVnd} between 0 and ${table.amountVnd}`),
  ],
);

/** Who said that how much arrived. Append-only: a seller's word is kept as it was given. */
export const directReceipts = pgTable(
  'direct_receipts',
  {
    id: idOf<'DirectReceipt'>().primaryKey(),
    paymentId: idOf<'DirectPayment'>()
      .notNull()
      .references(() => directPayments.id),
    businessId: ofBusiness(),
    source: text({ enum: RECEIPT_SOURCES }).notNull(),
    amountVnd: money().notNull(),
    bankReference: text(),
    /** The line of the feed. */
    transferName: text(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    at: at().notNull(),
  },
  (table) => [
    index('direct_receipts_payment').on(table.paymentId),
    uniqueIndex('direct_receipts_reference')
      .on(table.paymentId, table.bankReference)
      .where(sql`${table.source} = 'seller'`),
    uniqueIndex('direct_receipts_transfer').on(table.transferName),
    check('direct_receipts_source', sql`${table.source} in (${oneOf(RECEIPT_SOURCES)})`),
    check('direct_receipts_amount', sql`${table.amountVnd} > 0`),
  ],
);

/** What a business owes to a shopper. The exchange records it, reminds, and shows it to both; it sends nothing. */
export const directRefunds = pgTable(
  'direct_refunds',
  {
    id: idOf<'DirectRefund'>().primaryKey(),
    paymentId: idOf<'DirectPayment'>()
      .notNull()
      .references(() => directPayments.id),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    businessId: ofBusiness(),
    amountVnd: money().notNull(),
    reason: text({ enum: DIRECT_REFUND_REASONS }).notNull(),
    /** Part of the price of a sale; else money that paid for nothing. */
    ofPrice: boolean().notNull(),
    /** What made it necessary; the same cause refunds once. */
    cause: text().notNull(),
    status: text({ enum: DIRECT_REFUND_STATES }).notNull(),
    dueBy: at().notNull(),
    createdAt: at().notNull(),
    sentAt: at(),
    bankReference: text(),
  },
  (table) => [
    uniqueIndex('direct_refunds_cause').on(table.cause),
    index('direct_refunds_order').on(table.orderId),
    index('direct_refunds_due').on(table.dueBy).where(sql`${table.status} = 'due'`),
    check('direct_refunds_amount', sql`${table.amountVnd} > 0`),
    check('direct_refunds_reason', sql`${table.reason} in (${oneOf(DIRECT_REFUND_REASONS)})`),
    check('direct_refunds_sent', sql`(${table.status} = 'sent') = (${table.sentAt} is not null)`),
  ],
);
