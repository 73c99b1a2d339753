import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, smallint, text, unique } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { BUSINESS_TYPES, type BusinessType } from '#features/businesses/types.ts';
import { categories } from '#features/products/tables.ts';

/** What the exchange takes of a sale, by date and by whose it is. A rule is never edited: a new one begins. */
export const commissionRules = pgTable(
  'commission_rules',
  {
    id: idOf<'CommissionRule'>().primaryKey(),
    businessId: idOf<'Business'>().references(() => businesses.id),
    categoryId: smallint().references(() => categories.id),
    businessType: text({ enum: BUSINESS_TYPES }).$type<BusinessType>(),
    /** Null ends the rule for whoever it names. */
    rateBps: integer(),
    /** Of the rules that an exchange opened with. Since then the VAT on the fee is a dated rate like any other. */
    vatBps: integer(),
    validFrom: at().notNull(),
    note: text().notNull(),
    /** When it was published; the rules that an exchange opens with count as published a month before. */
    createdAt: at().notNull().default(sql`'2024-12-01T00:00:00+07:00'::timestamptz`),
  },
  (table) => [
    index('commission_rules_from').on(table.validFrom),
    unique('commission_rules_one')
      .on(table.businessId, table.categoryId, table.businessType, table.validFrom)
      .nullsNotDistinct(),
    check('commission_rules_rates', sql`${table.rateBps} between 0 and 3000 and ${table.vatBps} between 0 and 2000`),
    check(
      'commission_rules_target',
      sql`num_nonnulls(${table.businessId}, ${table.categoryId}, ${table.businessType}) <= 1 and (${table.rateBps} is not null or num_nonnulls(${table.businessId}, ${table.categoryId}, ${table.businessType}) = 1)`,
    ),
    check('commission_rules_type', sql`${table.businessType} in (${oneOf(BUSINESS_TYPES)})`),
    // Decree 248/2026: whoever sells learns of a fee 20 days before it counts.
    check('commission_rules_published', sql`${table.validFrom} >= ${table.createdAt} + interval '20 days'`),
  ],
);
