import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { FILE_KINDS, FILE_STATES, type Rendition } from './types.ts';

/** What is known of each file that somebody sent; its bytes lie in the file store under `key`. */
export const storedFiles = pgTable(
  'stored_files',
  {
    id: idOf<'StoredFile'>().primaryKey(),
    kind: text({ enum: FILE_KINDS }).notNull(),
    /** The row comes before the bytes and goes after them: no bytes lie in the store that no row knows of. */
    state: text({ enum: FILE_STATES }).notNull().default('kept'),
    key: text().notNull(),
    mediaType: text().notNull(),
    name: text().notNull(),
    byteLength: bigint({ mode: 'number' }).notNull(),
    sha256: text().notNull(),
    /** Of a picture, as it is held; null for a PDF. */
    width: integer(),
    height: integer(),
    /** The colour of most of it, `#rrggbb`, shown until it has loaded. */
    colour: text(),
    /** The sizes that may be shown; the bytes that were sent never are. */
    renditions: jsonb().$type<readonly Rendition[]>().notNull().default([]),
    /** The business whose file it is; null for one of the exchange's own, such as a decision. */
    businessId: idOf<'Business'>(),
    sentBy: text().notNull(),
    sentAt: at().notNull(),
  },
  (table) => [
    index('stored_files_business').on(table.businessId),
    index('stored_files_unsettled').on(table.sentAt).where(sql`${table.state} <> 'kept' or ${table.kind} = 'picture'`),
    check('stored_files_kind', sql`${table.kind} in (${oneOf(FILE_KINDS)})`),
    check('stored_files_state', sql`${table.state} in (${oneOf(FILE_STATES)})`),
    check('stored_files_colour', sql`${table.colour} ~ '^#[0-9a-f]{6}$'`),
  ],
);
