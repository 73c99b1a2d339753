import { sql } from 'drizzle-orm';
import { check, doublePrecision, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { storedFiles } from '#features/files/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { codes } from '#features/orders/tables.ts';
import { products } from '#features/products/tables.ts';
import { REPORT_KINDS, REPORT_OUTCOMES } from './types.ts';

/** What is reported and what came of it. This much the business may know. */
export const fieldReports = pgTable(
  'field_reports',
  {
    id: idOf<'FieldReport'>().primaryKey(),
    code: text()
      .notNull()
      .references(() => codes.code),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    /** Null where it is of the business as a whole. */
    productId: idOf<'Product'>().references(() => products.id),
    kind: text({ enum: REPORT_KINDS }).notNull(),
    dueAt: at().notNull(),
    createdAt: at().notNull(),
    outcome: text({ enum: REPORT_OUTCOMES }),
    /** The officer's words, which reporter and business read. */
    reason: text(),
    decidedAt: at(),
  },
  (table) => [
    uniqueIndex('field_reports_code').on(table.code),
    index('field_reports_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    index('field_reports_newest').on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst()),
    check('field_reports_kind', sql`${table.kind} in (${oneOf(REPORT_KINDS)})`),
    check('field_reports_outcome', sql`${table.outcome} in (${oneOf(REPORT_OUTCOMES)})`),
    check(
      'field_reports_decided',
      sql`(${table.outcome} is null) = (${table.decidedAt} is null) and (${table.outcome} is null) = (${table.reason} is null)`,
    ),
  ],
);

/** Who reports, in what words and from where. Apart, since no seller may see a row of it, whatever asks. */
export const fieldReporters = pgTable(
  'field_reporters',
  {
    reportId: idOf<'FieldReport'>()
      .primaryKey()
      .references(() => fieldReports.id),
    text: text().notNull(),
    phone: text(),
    accountId: idOf<'Account'>().references(() => accounts.id),
    wardCode: text(),
    /** Rounded to a hundredth of a degree before it is kept. */
    latitude: doublePrecision(),
    longitude: doublePrecision(),
  },
  (table) => [
    index('field_reporters_phone').on(table.phone),
    index('field_reporters_account').on(table.accountId),
    check(
      'field_reporters_coarse',
      sql`round(${table.latitude}::numeric, 2) = ${table.latitude}::numeric and round(${table.longitude}::numeric, 2) = ${table.longitude}::numeric`,
    ),
  ],
);

/** What a reporter photographed. What was sent stays private; officers see renditions without what the camera wrote. */
export const fieldReportPhotos = pgTable(
  'field_report_photos',
  {
    reportId: idOf<'FieldReport'>()
      .notNull()
      .references(() => fieldReports.id),
    fileId: idOf<'StoredFile'>()
      .notNull()
      .references(() => storedFiles.id),
    place: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.reportId, table.place] }),
    index('field_report_photos_file').on(table.fileId),
  ],
);
