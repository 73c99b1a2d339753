import { sql } from 'drizzle-orm';
import { type AnyPgColumn, check, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { PERIOD_KINDS } from './types.ts';

/**
 * Reports as they were frozen: the figures as canonical JSON, with its hash. Append-only by grant and trigger; numbers
 * follow each other without a gap by another trigger. A correction is a row of its own that names the one it replaces.
 */
export const periodicReports = pgTable(
  'periodic_reports',
  {
    id: idOf<'Report'>().primaryKey(),
    number: text().notNull().unique('periodic_reports_number'),
    /** The year in which it was frozen, and its place in it, from 1. */
    year: integer().notNull(),
    seq: integer().notNull(),
    period: text().notNull(),
    kind: text({ enum: PERIOD_KINDS }).notNull(),
    startsAt: at().notNull(),
    endsAt: at().notNull(),
    replaces: text().references((): AnyPgColumn => periodicReports.number),
    reason: text(),
    /** RFC 8785, byte for byte what is hashed. */
    content: text().notNull(),
    sha256: text().notNull(),
    frozenBy: text().notNull(),
    frozenAt: at().notNull(),
  },
  (table) => [
    uniqueIndex('periodic_reports_seq').on(table.year, table.seq),
    // A period is reported once, whoever comes first; what follows replaces, each report once.
    uniqueIndex('periodic_reports_period').on(table.period).where(sql`${table.replaces} is null`),
    uniqueIndex('periodic_reports_replaces').on(table.replaces),
    check('periodic_reports_kind', sql`${table.kind} in (${oneOf(PERIOD_KINDS)})`),
    check('periodic_reports_reason', sql`(${table.replaces} is null) = (${table.reason} is null)`),
    check('periodic_reports_over', sql`${table.frozenAt} >= ${table.endsAt} and ${table.startsAt} < ${table.endsAt}`),
    check('periodic_reports_hash', sql`${table.sha256} = encode(sha256(convert_to(${table.content}, 'UTF8')), 'hex')`),
    check(
      'periodic_reports_content',
      sql`${table.content}::jsonb->>'number' = ${table.number} and ${table.content}::jsonb->>'period' = ${table.period}`,
    ),
  ],
);
