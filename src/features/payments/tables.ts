import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { exchangeLegs } from '#features/exchange-orders/tables.ts';
import type { LegId } from '#features/exchange-orders/types.ts';
import { partners } from '#features/federation/tables.ts';
import { codes, orderGroups, orders } from '#features/orders/tables.ts';
import {
  CAPTURES,
  DISPUTE_STATES,
  ORDER_REFUND_REASONS,
  PAID_BY,
  PASSED_KINDS,
  PASSING_PROVIDERS,
  PAYMENT_STATES,
  type Payer,
  type PaymentId,
  PROPOSAL_KINDS,
  PROPOSAL_OUTCOMES,
  type ProposalDetail,
  REFUND_STATES,
  REFUND_WAYS,
  SPARE_REFUND_REASONS,
  TRANSFER_STATES,
} from './types.ts';

const ofLeg = () =>
  text()
    .$type<LegId>()
    .references(() => exchangeLegs.id);

export const payments = pgTable(
  'payments',
  {
    id: text().$type<PaymentId>().primaryKey(),
    /** The memo of a transfer, and what a provider shows the shopper. */
    code: text()
      .notNull()
      .references(() => codes.code),
    groupId: idOf<'OrderGroup'>()
      .notNull()
      .references(() => orderGroups.id),
    method: text({ enum: PAID_BY }).notNull(),
    /** The exchange that collected it and owes it to us. */
    partnerKey: text().references(() => partners.key),
    status: text({ enum: PAYMENT_STATES }).notNull(),
    amountVnd: money().notNull(),
    receivedVnd: money().notNull(),
    expiresAt: at().notNull(),
    /** `manual`: the money is set aside first, and taken when the goods are surely there. */
    capture: text({ enum: CAPTURES }).notNull().default('automatic'),
    /** The provider's session, once it has answered. */
    sessionId: text(),
    redirectUrl: text(),
    /** What the provider calls the money itself, by which it is refunded. */
    providerReference: text(),
    createdAt: at().notNull(),
    settledAt: at(),
    /** When its money paid the group. What goes back of an order goes back from this payment. */
    completedAt: at(),
  },
  (table) => [
    uniqueIndex('payments_code').on(table.code),
    uniqueIndex('payments_session').on(table.method, table.sessionId),
    // One live attempt a group: two tabs cannot open two ways to pay the same order.
    uniqueIndex('payments_one_live').on(table.groupId).where(sql`${table.status} in ('pending', 'underpaid')`),
    // A group is paid once, whatever else arrives for it.
    uniqueIndex('payments_one_completes').on(table.groupId).where(sql`${table.completedAt} is not null`),
    index('payments_group').on(table.groupId),
    index('payments_reference').on(table.method, table.providerReference),
    check('payments_status', sql`${table.status} in (${oneOf(PAYMENT_STATES)})`),
    check('payments_partner', sql`(${table.method} = 'partner') = (${table.partnerKey} is not null)`),
    check('payments_amounts', sql`${table.amountVnd} > 0 and ${table.receivedVnd} >= 0`),
  ],
);

/** What of a payment belongs to which order. Σ shares = amount, by a deferred constraint trigger. */
export const paymentShares = pgTable(
  'payment_shares',
  {
    paymentId: text()
      .$type<PaymentId>()
      .notNull()
      .references(() => payments.id),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    amountVnd: money().notNull(),
    /** What of it goes back or has gone back: the sum of the order's refunds, kept here to be bounded under this row's lock. */
    refundedVnd: money().notNull().default(sql`0`),
  },
  (table) => [
    primaryKey({ columns: [table.paymentId, table.orderId] }),
    index('payment_shares_order').on(table.orderId),
    check('payment_shares_amount', sql`${table.amountVnd} > 0`),
    check('payment_shares_refunded', sql`${table.refundedVnd} between 0 and ${table.amountVnd}`),
  ],
);

/** Every message of a provider, once: unique by what the provider calls it. Append-only. */
export const paymentEvents = pgTable(
  'payment_events',
  {
    id: idOf<'PaymentEvent'>().primaryKey(),
    provider: text().notNull(),
    providerEventId: text().notNull(),
    type: text().notNull(),
    paymentId: text().$type<PaymentId>(),
    amountVnd: money(),
    effect: text().notNull(),
    raw: jsonb().notNull(),
    at: at().notNull(),
  },
  (table) => [
    uniqueIndex('payment_events_provider').on(table.provider, table.providerEventId),
    index('payment_events_payment').on(table.paymentId),
  ],
);

/** Every line of the bank feed, whatever became of it: a transfer is never dropped. */
export const bankTransfers = pgTable(
  'bank_transfers',
  {
    id: idOf<'BankTransfer'>().primaryKey(),
    provider: text().notNull(),
    providerTxId: text().notNull(),
    direction: text({ enum: ['in', 'out'] })
      .notNull()
      .default('in'),
    accountNumber: text().notNull(),
    amountVnd: money().notNull(),
    content: text().notNull(),
    bankReference: text().notNull(),
    paymentId: text()
      .$type<PaymentId>()
      .references(() => payments.id),
    /** Goods of a partner exchange that it was for. */
    legId: ofLeg(),
    state: text({ enum: TRANSFER_STATES }).notNull(),
    /** Who sent it, where the feed says so. */
    payer: jsonb().$type<Payer>(),
    raw: jsonb().notNull(),
    happenedAt: at(),
    receivedAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('bank_transfers_provider').on(table.provider, table.providerTxId),
    index('bank_transfers_payment').on(table.paymentId),
    index('bank_transfers_reference').on(table.bankReference).where(sql`${table.bankReference} <> ''`),
    index('bank_transfers_amount').on(table.amountVnd),
    index('bank_transfers_received').on(table.receivedAt),
    index('bank_transfers_unmatched')
      .on(table.receivedAt)
      .where(sql`${table.state} in ('unmatched', 'foreign-account')`),
    check('bank_transfers_state', sql`${table.state} in (${oneOf(TRANSFER_STATES)})`),
  ],
);

export const refunds = pgTable(
  'refunds',
  {
    id: idOf<'Refund'>().primaryKey(),
    /** Null where the money was nobody's: then it goes back to whom the transfer came from. */
    paymentId: text()
      .$type<PaymentId>()
      .references(() => payments.id),
    transferId: idOf<'BankTransfer'>().references(() => bankTransfers.id),
    /** Goods of a partner exchange, whose refund no provider sends. */
    legId: ofLeg(),
    /** Whose price it is part of; null where the money paid for nothing. */
    orderId: idOf<'Order'>().references(() => orders.id),
    amountVnd: money().notNull(),
    reason: text({ enum: [...SPARE_REFUND_REASONS, ...ORDER_REFUND_REASONS] }).notNull(),
    /** What made the refund necessary; the same cause cannot refund twice. */
    cause: text().notNull(),
    status: text({ enum: REFUND_STATES }).notNull(),
    way: text({ enum: REFUND_WAYS }).notNull().default('provider'),
    /**
     * Sent so many times; each has a key of its own, by which the provider does it once: 32 hexadecimal digits, which is
     * all that the tersest of them takes.
     */
    attempt: integer().notNull().default(1),
    attemptKey: text().notNull().default(sql`replace(gen_random_uuid()::text, '-', '')`),
    createdAt: at().notNull(),
    sentAt: at(),
    confirmedAt: at(),
    /** Why the last attempt came to nothing. */
    failure: text(),
    providerReference: text(),
    /** Where it is transferred by hand: named by one of finance, approved by another. */
    toBankBin: text(),
    toNumberSealed: sealed(),
    toNumberLast4: text(),
    toName: text(),
    approvedAt: at(),
  },
  (table) => [
    check('refunds_has_source', sql`num_nonnulls(${table.paymentId}, ${table.transferId}, ${table.legId}) > 0`),
    uniqueIndex('refunds_cause').on(table.cause),
    index('refunds_queue').on(table.createdAt).where(sql`${table.status} = 'queued'`),
    index('refunds_order').on(table.orderId),
    index('refunds_under_way').on(table.sentAt).where(sql`${table.status} = 'sent'`),
    index('refunds_reference').on(table.providerReference),
    check('refunds_status', sql`${table.status} in (${oneOf(REFUND_STATES)})`),
    check('refunds_amount', sql`${table.amountVnd} > 0`),
    check(
      'refunds_order_has_reason',
      sql`(${table.orderId} is not null) = (${table.reason} in (${oneOf(ORDER_REFUND_REASONS)}))`,
    ),
  ],
);

/**
 * Money that a card's bank claims back. It leaves our balance when the claim is opened; whether it returns is known when
 * the claim is closed, and until then the exchange may answer with evidence.
 */
export const disputes = pgTable(
  'disputes',
  {
    id: idOf<'Dispute'>().primaryKey(),
    paymentId: text()
      .$type<PaymentId>()
      .references(() => payments.id),
    /** A card that was charged for goods of a partner exchange. */
    legId: ofLeg(),
    provider: text().notNull(),
    providerDisputeId: text().notNull(),
    amountVnd: money().notNull(),
    reason: text().notNull(),
    status: text({ enum: DISPUTE_STATES }).notNull(),
    /** The provider's limit; an answer after it is not read. */
    evidenceBy: at(),
    openedAt: at().notNull(),
    closedAt: at(),
  },
  (table) => [
    uniqueIndex('disputes_provider').on(table.provider, table.providerDisputeId),
    index('disputes_payment').on(table.paymentId),
    check('disputes_status', sql`${table.status} in (${oneOf(DISPUTE_STATES)})`),
    check('disputes_subject', sql`num_nonnulls(${table.paymentId}, ${table.legId}) = 1`),
    check('disputes_amount', sql`${table.amountVnd} > 0`),
  ],
);

/** The same line as another service tells it: counted once, and known to be told. */
export const transferSightings = pgTable(
  'transfer_sightings',
  {
    id: idOf<'TransferSighting'>().primaryKey(),
    transferId: idOf<'BankTransfer'>()
      .notNull()
      .references(() => bankTransfers.id),
    provider: text().notNull(),
    providerTxId: text().notNull(),
    raw: jsonb().notNull(),
    at: at().notNull(),
  },
  (table) => [
    uniqueIndex('transfer_sightings_provider').on(table.provider, table.providerTxId),
    index('transfer_sightings_transfer').on(table.transferId),
  ],
);

/** Statements of the bank that were read, and what each brought to light. */
export const bankStatements = pgTable(
  'bank_statements',
  {
    id: idOf<'BankStatement'>().primaryKey(),
    /** SHA-256 of the file: the same one is read once. */
    digest: text().notNull(),
    fileName: text().notNull(),
    importedBy: text().notNull(),
    importedAt: at().notNull(),
    fromDay: text().notNull(),
    toDay: text().notNull(),
    lineCount: integer().notNull(),
    newCount: integer().notNull(),
    knownCount: integer().notNull(),
    /** What webhooks told of these days and the statement does not: somebody's mistake, and never a small one. */
    missing: jsonb()
      .$type<readonly { readonly id: string; readonly amountVnd: number; readonly content: string }[]>()
      .notNull(),
  },
  (table) => [uniqueIndex('bank_statements_digest').on(table.digest)],
);

/** What one of the staff wants done with money, until another one approves or refuses it. */
export const moneyProposals = pgTable(
  'money_proposals',
  {
    id: idOf<'MoneyProposal'>().primaryKey(),
    kind: text({ enum: PROPOSAL_KINDS }).notNull(),
    transferId: idOf<'BankTransfer'>().references(() => bankTransfers.id),
    refundId: idOf<'Refund'>().references(() => refunds.id),
    disputeId: idOf<'Dispute'>().references(() => disputes.id),
    detail: jsonb().$type<ProposalDetail>().notNull(),
    numberSealed: sealed(),
    reason: text().notNull(),
    proposedBy: text().notNull(),
    proposedAt: at().notNull(),
    decidedBy: text(),
    decidedAt: at(),
    outcome: text({ enum: PROPOSAL_OUTCOMES }),
  },
  (table) => [
    // One open proposal a subject: two of the staff cannot approve two ways for the same money.
    uniqueIndex('money_proposals_open')
      .on(sql`coalesce(${table.transferId}, ${table.refundId}, ${table.disputeId})`)
      .where(sql`${table.outcome} is null`),
    check('money_proposals_subject', sql`num_nonnulls(${table.transferId}, ${table.refundId}, ${table.disputeId}) = 1`),
    check(
      'money_proposals_four_eyes',
      sql`${table.outcome} is distinct from 'approved' or ${table.decidedBy} <> ${table.proposedBy}`,
    ),
    check('money_proposals_decided', sql`(${table.outcome} is null) = (${table.decidedBy} is null)`),
  ],
);

/** What a provider passed on to our bank account in one transfer, as its own file says. */
export const providerSettlements = pgTable(
  'provider_settlements',
  {
    id: idOf<'ProviderSettlement'>().primaryKey(),
    provider: text({ enum: PASSING_PROVIDERS }).notNull(),
    /** What the provider calls this payout. */
    reference: text().notNull(),
    transferId: idOf<'BankTransfer'>()
      .notNull()
      .references(() => bankTransfers.id),
    grossVnd: money().notNull(),
    feeVnd: money().notNull(),
    netVnd: money().notNull(),
    lineCount: integer().notNull(),
    /** SHA-256 of the file, in hexadecimal. */
    digest: text().notNull(),
    importedBy: text().notNull(),
    importedAt: at().notNull(),
  },
  (table) => [
    index('provider_settlements_reference').on(table.provider, table.reference),
    index('provider_settlements_transfer').on(table.transferId),
    check('provider_settlements_net', sql`${table.netVnd} = ${table.grossVnd} - ${table.feeVnd}`),
    check('provider_settlements_provider', sql`${table.provider} in (${oneOf(PASSING_PROVIDERS)})`),
  ],
);

export const providerSettlementLines = pgTable(
  'provider_settlement_lines',
  {
    settlementId: idOf<'ProviderSettlement'>()
      .notNull()
      .references(() => providerSettlements.id),
    line: integer().notNull(),
    kind: text({ enum: PASSED_KINDS }).notNull(),
    /** What the provider calls the money: our `providerReference`. */
    reference: text().notNull(),
    grossVnd: money().notNull(),
    feeVnd: money().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.settlementId, table.line] }),
    index('provider_settlement_lines_reference').on(table.reference),
    check('provider_settlement_lines_kind', sql`${table.kind} in (${oneOf(PASSED_KINDS)})`),
  ],
);

/** Lines of settlements that two officers have looked at. The same money is passed on once. */
export const providerSettledLines = pgTable(
  'provider_settled_lines',
  {
    provider: text().notNull(),
    kind: text({ enum: PASSED_KINDS }).notNull(),
    reference: text().notNull(),
    settlementId: idOf<'ProviderSettlement'>()
      .notNull()
      .references(() => providerSettlements.id),
  },
  (table) => [
    primaryKey({ columns: [table.provider, table.kind, table.reference] }),
    index('provider_settled_lines_settlement').on(table.settlementId),
  ],
);

/** Failures in a row of each provider, as all processes found them. A provider that answers has no row. */
export const providerHealth = pgTable('provider_health', {
  provider: text().primaryKey(),
  failures: integer().notNull(),
  /** Until then its method is not offered. */
  openUntil: at(),
  updatedAt: at().notNull(),
});
