import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { products } from '#features/products/tables.ts';
import { CERTIFICATE_KINDS, CERTIFICATE_STATES } from './types.ts';

export const certificates = pgTable(
  'certificates',
  {
    id: idOf<'Certificate'>().primaryKey(),
    code: text().notNull(),
    kind: text({ enum: CERTIFICATE_KINDS }).notNull(),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    issuer: text().notNull(),
    decisionNumber: text().notNull(),
    issuedOn: date().notNull(),
    /** The rules under which it was awarded, since they changed in 2023, 2025 and 2026. */
    legalBasis: text().notNull(),
    star: smallint().$type<3 | 4 | 5>(),
    /** 00:00 in Vietnam on the day 36 months after issue: from this instant on there is no badge. */
    validUntil: at().notNull(),
    status: text({ enum: CERTIFICATE_STATES }).notNull(),
    submittedBy: text().notNull(),
    submittedAt: at().notNull(),
    verifiedBy: text(),
    verifiedAt: at(),
    revokedAt: at(),
    revocationReason: text(),
  },
  (table) => [
    uniqueIndex('certificates_code').on(table.code),
    uniqueIndex('certificates_decision').on(table.issuer, table.decisionNumber, table.issuedOn, table.productId),
    index('certificates_product').on(table.productId),
    index('certificates_lapse').on(table.validUntil).where(sql`${table.status} = 'verified'`),
    check(
      'certificates_star',
      sql`(${table.kind} = 'ocop') = (${table.star} is not null) and ${table.star} in (3, 4, 5)`,
    ),
    check('certificates_four_eyes', sql`${table.verifiedBy} is null or ${table.verifiedBy} <> ${table.submittedBy}`),
    check(
      'certificates_verified',
      sql`${table.status} not in ('verified', 'expired') or ${table.verifiedAt} is not null`,
    ),
  ],
);
