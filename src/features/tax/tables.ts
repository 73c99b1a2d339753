import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { orders } from '#features/orders/tables.ts';
import { REVENUE_KINDS, TAX_ENTRY_KINDS, type TaxFileRow, WITHHOLDING_POLICIES } from './types.ts';

/** What the exchange withholds from households, by date, each with where it stands. Added to, never edited. */
export const taxRules = pgTable(
  'tax_rules',
  {
    id: idOf<'TaxRule'>().primaryKey(),
    kind: text({ enum: REVENUE_KINDS }).notNull(),
    vatBps: integer().notNull(),
    pitBps: integer().notNull(),
    policy: text({ enum: WITHHOLDING_POLICIES }).notNull(),
    /** Whether sales are covered that the shopper paid to the seller itself: then the exchange had no part in the payment. */
    coversDirect: boolean().notNull().default(false),
    /** A year's revenue up to which a household owes neither tax. */
    thresholdVnd: money().notNull(),
    validFrom: at().notNull(),
    source: text().notNull(),
  },
  (table) => [
    uniqueIndex('tax_rules_from').on(table.kind, table.validFrom),
    check(
      'tax_rules_rates',
      sql`${table.vatBps} between 0 and 2000 and ${table.pitBps} between 0 and 2000 and ${table.thresholdVnd} >= 0`,
    ),
    check('tax_rules_policy', sql`${table.policy} in (${oneOf(WITHHOLDING_POLICIES)})`),
  ],
);

/** Revenue and tax of households' orders, once they were received, and what returns take away of it. Append-only. */
export const taxEntries = pgTable(
  'tax_entries',
  {
    id: idOf<'TaxEntry'>().primaryKey(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    /** 0 is what was withheld; offsets follow. */
    step: integer().notNull(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    kind: text({ enum: TAX_ENTRY_KINDS }).notNull(),
    goodsVnd: money().notNull(),
    servicesVnd: money().notNull(),
    taxableVnd: money().notNull(),
    vatVnd: money().notNull(),
    pitVnd: money().notNull(),
    /** `2026-11`: the month in whose file it stands. */
    month: text().notNull(),
    at: at().notNull(),
  },
  (table) => [
    uniqueIndex('tax_entries_step').on(table.orderId, table.step),
    index('tax_entries_month').on(table.month, table.businessId),
    index('tax_entries_business').on(table.businessId, table.at),
    check('tax_entries_kind', sql`(${table.kind} = 'withheld') = (${table.step} = 0)`),
    check(
      'tax_entries_amounts',
      sql`least(${table.goodsVnd}, ${table.servicesVnd}, ${table.taxableVnd}, ${table.vatVnd}, ${table.pitVnd}) >= 0`,
    ),
  ],
);

/** A month's file for the tax office, as it was when it was frozen. Personal numbers are not in it: they stay sealed. */
export const taxFiles = pgTable(
  'tax_files',
  {
    month: text().primaryKey(),
    number: text().notNull(),
    rows: jsonb().$type<readonly TaxFileRow[]>().notNull(),
    sha256: text().notNull(),
    frozenBy: text().notNull(),
    frozenAt: at().notNull(),
  },
  (table) => [uniqueIndex('tax_files_number').on(table.number)],
);
