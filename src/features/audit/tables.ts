import { sql } from 'drizzle-orm';
import { bigint, customType, date, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Acts of people who answer for them. Written once, read for ever. */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: idOf<'AuditEntry'>().primaryKey(),
    happenedAt: at().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    onBehalfOf: idOf<'Business'>(),
    action: text().notNull(),
    subjectKind: text().notNull(),
    subjectId: text().notNull(),
    before: jsonb(),
    after: jsonb(),
    reason: text(),
    address: text(),
  },
  (table) => [
    index('audit_entries_subject').on(table.subjectKind, table.subjectId, table.happenedAt),
    index('audit_entries_actor').on(table.actor, table.happenedAt),
    index('audit_entries_at').on(table.happenedAt),
  ],
);

/**
 * The chain through all acts, in the order in which they were committed: each hash is made of the one before and of the
 * act as it was written. The database links an act at its commit (`audit_entries_link`); nobody else may write here.
 */
export const auditLinks = pgTable(
  'audit_links',
  {
    seq: bigint({ mode: 'number' }).primaryKey(),
    entryId: idOf<'AuditEntry'>().notNull(),
    /** The Vietnamese day of the commit, by the database's clock. */
    day: date().notNull(),
    hash: bytes().notNull(),
  },
  (table) => [uniqueIndex('audit_links_entry').on(table.entryId), index('audit_links_day').on(table.day, table.seq)],
);
