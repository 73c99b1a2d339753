import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import { check, date, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { products } from '#features/products/tables.ts';
import type { SheetRow } from './rules/sheet.ts';
import { CERTIFICATE_KINDS, CERTIFICATE_STATES, type CheckItem, REVOCATION_CAUSES } from './types.ts';

/** As one writes it without looking: spaces and case do not tell decisions apart. */
const plainNumber = (number: SQLWrapper) => sql`(upper(replace(${number}, ' ', '')))`;
const plainName = (name: SQL) => sql`lower(regexp_replace(normalize(${name}), '\\s+', ' ', 'g'))`;

/**
 * The star of `p` (products) of `b` (businesses) at an instant, a fact about that day: an OCOP decision that our register
 * verified and that has not lapsed. Nobody types it. What a partner claims is a star only where that very decision stands in
 * our register for the same good, by its GTIN or its name, and not for another producer.
 */
export const starOf = (at: SQLWrapper) => sql`coalesce(
  (select max(c.star) from certificates c where c.product_id = p.id and c.kind = 'ocop' and c.status = 'verified' and c.valid_until > ${at}::timestamptz),
  case when p.claimed_decision is not null then (
    select max(c.star) from certificates c join products known on known.id = c.product_id join businesses holder on holder.id = known.business_id
    where c.kind = 'ocop' and c.status = 'verified' and c.valid_until > ${at}::timestamptz and c.star = p.claimed_star
      and ${plainNumber(sql`c.decision_number`)} = ${plainNumber(sql`p.claimed_decision`)}
      and (known.gtin = p.gtin or ${plainName(sql`known.name_vi`)} = ${plainName(sql`p.name_vi`)})
      and (holder.tax_code is null or b.tax_code is null or left(holder.tax_code, 10) = left(b.tax_code, 10))) end)`;

/** A decision of an authority with the list of the products that it names, from upload to confirmation. */
export const certificateImports = pgTable(
  'certificate_imports',
  {
    id: idOf<'CertificateImport'>().primaryKey(),
    issuer: text().notNull(),
    decisionNumber: text().notNull(),
    issuedOn: date().notNull(),
    fileName: text().notNull(),
    /** Of the list as it was sent. */
    sha256: text().notNull(),
    /** The decision itself, which certifies every line. */
    evidenceFileId: idOf<'StoredFile'>().notNull(),
    evidenceSha256: text().notNull(),
    /** The rows as they were read, in their order. */
    rows: jsonb().$type<readonly SheetRow[]>().notNull(),
    /** Products that the officer chose for rows that fitted several, by line of the list. */
    choices: jsonb().$type<Readonly<Record<string, string>>>().notNull().default({}),
    createdBy: text().notNull(),
    createdAt: at().notNull(),
    confirmedAt: at(),
    recordedCount: integer(),
  },
  (table) => [
    index('certificate_imports_created').on(table.createdAt, table.id),
    check('certificate_imports_confirmed', sql`(${table.confirmedAt} is null) = (${table.recordedCount} is null)`),
  ],
);

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
    /** Points of the council in tenths. Seen by certifiers alone: the decision publishes the rank, not the score. */
    scoreTenths: smallint(),
    /** From this instant on there is no badge: 00:00 in Vietnam after the last day. Null for what has no end. */
    validUntil: at(),
    /** The copy of the paper, and what its bytes hashed to on the day it was sent. */
    evidenceFileId: idOf<'StoredFile'>(),
    evidenceSha256: text(),
    /** The list of a decision with which it was entered. */
    importId: idOf<'CertificateImport'>().references(() => certificateImports.id),
    status: text({ enum: CERTIFICATE_STATES }).notNull(),
    submittedBy: text().notNull(),
    submittedAt: at().notNull(),
    verifiedBy: text(),
    verifiedAt: at(),
    /** What the certifier said to have looked at. */
    checklist: jsonb().$type<readonly CheckItem[]>(),
    rejectedBy: text(),
    rejectedAt: at(),
    rejectionReason: text(),
    revokedBy: text(),
    revokedAt: at(),
    revocationCause: text({ enum: REVOCATION_CAUSES }),
    revocationReason: text(),
    revocationDecisionNumber: text(),
    revocationDecidedOn: date(),
  },
  (table) => [
    uniqueIndex('certificates_code').on(table.code),
    // What was refused, or entered wrongly and taken back, may be entered again.
    uniqueIndex('certificates_decision')
      .on(table.issuer, table.decisionNumber, table.issuedOn, table.productId)
      .where(sql`${table.status} <> 'rejected' and ${table.revocationCause} is distinct from 'recorded-in-error'`),
    index('certificates_product').on(table.productId),
    index('certificates_lapse').on(table.validUntil).where(sql`${table.status} = 'verified'`),
    index('certificates_waiting').on(table.submittedAt, table.id).where(sql`${table.status} = 'submitted'`),
    index('certificates_number').on(table.decisionNumber),
    index('certificates_known').on(plainNumber(table.decisionNumber)).where(sql`${table.kind} = 'ocop'`),
    index('certificates_import').on(table.importId).where(sql`${table.importId} is not null`),
    check(
      'certificates_star',
      sql`(${table.kind} = 'ocop') = (${table.star} is not null) and ${table.star} in (3, 4, 5)`,
    ),
    check('certificates_kind', sql`${table.kind} in (${oneOf(CERTIFICATE_KINDS)})`),
    check('certificates_status', sql`${table.status} in (${oneOf(CERTIFICATE_STATES)})`),
    check('certificates_end', sql`${table.validUntil} is not null or ${table.kind} = 'gi'`),
    check('certificates_four_eyes', sql`${table.verifiedBy} is null or ${table.verifiedBy} <> ${table.submittedBy}`),
    check(
      'certificates_verified',
      sql`${table.status} not in ('verified', 'expired') or ${table.verifiedAt} is not null`,
    ),
    check(
      'certificates_revoked',
      sql`${table.status} <> 'revoked' or (${table.revokedAt} is not null and ${table.revocationCause} in (${oneOf(REVOCATION_CAUSES)}) and ${table.revocationReason} is not null)`,
    ),
    check(
      'certificates_rejected',
      sql`${table.status} <> 'rejected' or (${table.rejectedAt} is not null and ${table.rejectionReason} is not null)`,
    ),
  ],
);
