import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import type { Recipient } from './types.ts';

/** What somebody is to be told, written in the transaction that made it true. */
export const notices = pgTable(
  'notices',
  {
    id: idOf<'Notice'>().primaryKey(),
    kind: text().notNull(),
    recipient: jsonb().$type<Recipient>().notNull(),
    values: jsonb().$type<Readonly<Record<string, string | number>>>().notNull(),
    path: text(),
    key: text(),
    createdAt: at().notNull(),
  },
  (table) => [index('notices_created').on(table.createdAt), uniqueIndex('notices_key').on(table.key)],
);
