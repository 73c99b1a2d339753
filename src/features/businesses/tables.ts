import { sql } from 'drizzle-orm';
import { check, doublePrecision, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { MEMBER_ROLES } from '#core/roles.ts';
import { at, idOf } from '#db/columns.ts';
import { BUSINESS_STATES, BUSINESS_TYPES, type PaymentMethod } from './types.ts';

const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));

export const businesses = pgTable(
  'businesses',
  {
    id: idOf<'Business'>().primaryKey(),
    /** Our own register number (B001); null for a partner's producer. */
    code: text(),
    slug: text().notNull(),
    name: text().notNull(),
    type: text({ enum: BUSINESS_TYPES }).notNull(),
    taxCode: text(),
    wardCode: text(),
    addressLine: text(),
    phone: text(),
    email: text(),
    storyVi: text().notNull().default(''),
    storyEn: text().notNull().default(''),
    foundedYear: integer(),
    latitude: doublePrecision(),
    longitude: doublePrecision(),
    supports: text().array().$type<PaymentMethod[]>().notNull().default(sql`'{}'`),
    status: text({ enum: BUSINESS_STATES }).notNull(),
    /** The partner exchange whose producer this is; null for a business of our own. */
    partnerKey: text(),
    /** The partner's own address of this producer, by which a later record finds it again. */
    originUri: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('businesses_code').on(table.code),
    uniqueIndex('businesses_slug').on(table.slug),
    uniqueIndex('businesses_origin').on(table.partnerKey, table.originUri),
    index('businesses_ward').on(table.wardCode),
    check('businesses_type', sql`${table.type} in (${oneOf(BUSINESS_TYPES)})`),
    check('businesses_status', sql`${table.status} in (${oneOf(BUSINESS_STATES)})`),
    check('businesses_own_or_partner', sql`(${table.partnerKey} is null) = (${table.code} is not null)`),
  ],
);

export const businessMembers = pgTable(
  'business_members',
  {
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    accountId: idOf<'Account'>().notNull(),
    role: text({ enum: MEMBER_ROLES }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.accountId] }),
    index('business_members_account').on(table.accountId),
  ],
);
