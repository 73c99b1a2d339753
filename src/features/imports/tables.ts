import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import {
  type Changes,
  type Counts,
  IMPORT_STATES,
  type Mapping,
  MODES,
  OUTCOMES,
  type Reason,
  type RowValues,
  type SheetFacts,
  VERDICTS,
} from './types.ts';

/** One sheet that a business sent, from its bytes to what was written of it. */
export const imports = pgTable(
  'imports',
  {
    id: idOf<'Import'>().primaryKey(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    fileName: text().notNull(),
    byteLength: integer().notNull(),
    sha256: text().notNull(),
    /** Where its bytes lie in the file store. */
    key: text().notNull(),
    sentBy: text().notNull(),
    createdAt: at().notNull(),
    state: text({ enum: IMPORT_STATES }).notNull(),
    /** Counts the readings: a confirmation names the one that it has seen. */
    version: integer().notNull().default(0),
    facts: jsonb().$type<SheetFacts>(),
    mapping: jsonb().$type<Mapping>(),
    counts: jsonb().$type<Counts>(),
    /** Rows that the work at hand has behind it, read or written. */
    done: integer().notNull().default(0),
    mode: text({ enum: MODES }),
    /** Set where an officer answers for it: its new products are listed without waiting for another. */
    listsAtOnce: boolean().notNull().default(false),
    /** An assistant confirmed it for the household: what it writes is written down with both names. */
    assisted: boolean().notNull().default(false),
    /** The goods had changed between preview and confirmation, so this is a second preview. */
    outdated: boolean().notNull().default(false),
    /** The refusal that ended it, with what it said. */
    problem: text(),
    problemFacts: jsonb().$type<Readonly<Record<string, unknown>>>(),
    finishedAt: at(),
  },
  (table) => [
    index('imports_business').on(table.businessId, table.createdAt),
    // The same file sent twice at once is one import.
    uniqueIndex('imports_open')
      .on(table.businessId, table.sha256)
      .where(sql`${table.state} in ('reading', 'mapping', 'ready', 'applying')`),
    check('imports_state', sql`${table.state} in (${oneOf(IMPORT_STATES)})`),
  ],
);

/** What was decided about each row of a sheet, and what became of it. */
export const importRows = pgTable(
  'import_rows',
  {
    importId: idOf<'Import'>()
      .notNull()
      .references(() => imports.id),
    row: integer().notNull(),
    /** Rows of one product, which are written together. */
    productKey: text().notNull(),
    verdict: text({ enum: VERDICTS }).notNull(),
    values: jsonb().$type<RowValues>().notNull(),
    reasons: jsonb().$type<readonly Reason[]>().notNull(),
    changes: jsonb().$type<Changes>().notNull(),
    productId: idOf<'Product'>(),
    variantId: idOf<'Variant'>(),
    outcome: text({ enum: OUTCOMES }),
  },
  (table) => [
    primaryKey({ columns: [table.importId, table.row] }),
    index('import_rows_verdict').on(table.importId, table.verdict, table.row),
    index('import_rows_waiting')
      .on(table.importId, table.productKey, table.row)
      .where(sql`${table.outcome} is null and ${table.verdict} in ('new', 'changed')`),
    index('import_rows_days')
      .on(table.importId, table.row)
      .where(sql`${table.outcome} = 'waiting' and ${table.verdict} = 'new' and ${table.values} ? 'producedOn'`),
    check('import_rows_verdict', sql`${table.verdict} in (${oneOf(VERDICTS)})`),
  ],
);

/** What a business said the columns of its sheets mean, by their headings. */
export const importMappings = pgTable(
  'import_mappings',
  {
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    fingerprint: text().notNull(),
    mapping: jsonb().$type<Mapping>().notNull(),
    savedAt: at().notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessId, table.fingerprint] })],
);
