import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';

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
