import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { bankAccounts, businesses } from '#features/businesses/tables.ts';
import { journals } from '#features/ledger/tables.ts';
import { codes, orders } from '#features/orders/tables.ts';
import { type Amounts, PAYOUT_STATES, RUN_STATES, type Skipped } from './types.ts';

const ofBusiness = () =>
  idOf<'Business'>()
    .notNull()
    .references(() => businesses.id);

/** When earnings are due and what is paid out, by date. A rule is never edited: a new one begins. */
export const settlementRules = pgTable(
  'settlement_rules',
  {
    id: idOf<'SettlementRule'>().primaryKey(),
    returnWindowDays: integer().notNull(),
    minimumPayoutVnd: money().notNull(),
    /** For so long a changed bank account is not paid to, unless an officer has asked the owner. */
    accountRestDays: integer().notNull(),
    /** Days after which a provider must have passed on what it collected. */
    clearingDays: integer().notNull(),
    /** Days in which a business that was paid itself gives back what it owes to a shopper. */
    directRefundDays: integer().notNull().default(5),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [
    index('settlement_rules_from').on(table.validFrom),
    check(
      'settlement_rules_sane',
      sql`${table.returnWindowDays} between 0 and 60 and ${table.minimumPayoutVnd} >= 0 and ${table.accountRestDays} between 0 and 30 and ${table.clearingDays} between 0 and 60`,
    ),
  ],
);

export const payoutRuns = pgTable(
  'payout_runs',
  {
    id: idOf<'PayoutRun'>().primaryKey(),
    number: text().notNull(),
    status: text({ enum: RUN_STATES }).notNull(),
    /** Of the payouts in it, and whom it leaves out. */
    totalVnd: money().notNull(),
    payoutCount: integer().notNull(),
    skipped: jsonb().$type<readonly Skipped[]>().notNull(),
    draftedBy: text().notNull(),
    draftedAt: at().notNull(),
    proposedBy: text(),
    proposedAt: at(),
    approvedBy: text(),
    approvedAt: at(),
    closedAt: at(),
  },
  (table) => [
    uniqueIndex('payout_runs_number').on(table.number),
    // Two open runs would plan the same money twice.
    uniqueIndex('payout_runs_one_open').on(sql`(true)`).where(sql`${table.status} in ('draft', 'proposed')`),
    index('payout_runs_drafted').on(table.draftedAt),
    check('payout_runs_status', sql`${table.status} in (${oneOf(RUN_STATES)})`),
    check('payout_runs_four_eyes', sql`${table.approvedBy} is null or ${table.approvedBy} <> ${table.proposedBy}`),
    check(
      'payout_runs_approved',
      sql`(${table.status} in ('approved', 'closed')) = (${table.approvedAt} is not null) and (${table.approvedAt} is null) = (${table.approvedBy} is null) and (${table.approvedBy} is null or ${table.proposedBy} is not null)`,
    ),
  ],
);

export const payouts = pgTable(
  'payouts',
  {
    id: idOf<'Payout'>().primaryKey(),
    /** The memo of the transfer. */
    code: text()
      .notNull()
      .references(() => codes.code),
    runId: idOf<'PayoutRun'>()
      .notNull()
      .references(() => payoutRuns.id),
    businessId: ofBusiness(),
    bankAccountId: idOf<'BankAccount'>()
      .notNull()
      .references(() => bankAccounts.id),
    amountVnd: money().notNull(),
    status: text({ enum: PAYOUT_STATES }).notNull(),
    /** What the bank calls the transfer, or why it did not arrive. */
    bankReference: text(),
    reason: text(),
    endedBy: text(),
    endedAt: at(),
  },
  (table) => [
    uniqueIndex('payouts_code').on(table.code),
    uniqueIndex('payouts_one_a_run').on(table.runId, table.businessId),
    index('payouts_business').on(table.businessId, table.id),
    check('payouts_status', sql`${table.status} in (${oneOf(PAYOUT_STATES)})`),
    check('payouts_amount', sql`${table.amountVnd} > 0`),
    check('payouts_ended', sql`(${table.status} in ('paid', 'failed', 'returned')) = (${table.endedAt} is not null)`),
  ],
);

/** What a payout is made of: an order each, or what else the books call it. Σ items = amount, by a deferred constraint trigger. */
export const payoutItems = pgTable(
  'payout_items',
  {
    payoutId: idOf<'Payout'>()
      .notNull()
      .references(() => payouts.id, { onDelete: 'cascade' }),
    businessId: ofBusiness(),
    /** Of the journals: an order's id, where it is one. */
    reference: text().notNull(),
    orderId: idOf<'Order'>().references(() => orders.id),
    amountVnd: money().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.payoutId, table.reference] }),
    index('payout_items_reference').on(table.reference),
    index('payout_items_business').on(table.businessId),
    check('payout_items_amount', sql`${table.amountVnd} <> 0`),
  ],
);

/** An officer asked the owner, by a telephone number known before, whether a new account is theirs. */
export const accountConfirmations = pgTable('account_confirmations', {
  bankAccountId: idOf<'BankAccount'>()
    .primaryKey()
    .references(() => bankAccounts.id),
  confirmedBy: text().notNull(),
  confirmedAt: at().notNull(),
  note: text().notNull(),
});

/** A month of a business, closed. Written once. */
export const statements = pgTable(
  'statements',
  {
    id: idOf<'Statement'>().primaryKey(),
    number: text().notNull(),
    businessId: ofBusiness(),
    month: date().notNull(),
    openingVnd: money().notNull(),
    closingVnd: money().notNull(),
    totals: jsonb().$type<Amounts>().notNull(),
    lineCount: integer().notNull(),
    /** Of the lines as CSV, in hexadecimal. */
    sha256: text().notNull(),
    frozenAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('statements_number').on(table.number),
    uniqueIndex('statements_month').on(table.businessId, table.month),
  ],
);

/** Which journals a closed month holds. A journal is in one statement of a business and never in two. */
export const statementLines = pgTable(
  'statement_lines',
  {
    businessId: ofBusiness(),
    journalId: idOf<'Journal'>()
      .notNull()
      .references(() => journals.id),
    statementId: idOf<'Statement'>()
      .notNull()
      .references(() => statements.id),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.journalId] }),
    index('statement_lines_statement').on(table.statementId),
  ],
);

/** How the books stood at the end of a day: the three numbers of reconciliation, with what they were made of. */
export const bookDays = pgTable(
  'book_days',
  {
    day: date().primaryKey(),
    /** Parts of ten thousand. */
    clearingBps: integer().notNull(),
    timelinessBps: integer().notNull(),
    completenessBps: integer().notNull(),
    detail: jsonb().$type<Readonly<Record<string, number>>>().notNull(),
    sound: boolean().notNull(),
    findings: jsonb()
      .$type<readonly { readonly check: string; readonly subject: string; readonly detail: string }[]>()
      .notNull(),
    writtenAt: at().notNull(),
  },
  (table) => [
    check(
      'book_days_parts',
      sql`${table.clearingBps} between 0 and 10000 and ${table.timelinessBps} between 0 and 10000 and ${table.completenessBps} between 0 and 10000`,
    ),
  ],
);
