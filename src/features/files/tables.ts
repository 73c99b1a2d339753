import { sql } from 'drizzle-orm';
import { bigint, check, index, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import { FILE_KINDS } from './types.ts';

const oneOf = (values: readonly string[]) => sql.raw(values.map((value) => `'${value}'`).join(', '));

/** What is known of each file that somebody sent; its bytes lie in the file store under `key`. */
export const storedFiles = pgTable(
  'stored_files',
  {
    id: idOf<'StoredFile'>().primaryKey(),
    kind: text({ enum: FILE_KINDS }).notNull(),
    key: text().notNull(),
    mediaType: text().notNull(),
    name: text().notNull(),
    byteLength: bigint({ mode: 'number' }).notNull(),
    sha256: text().notNull(),
    /** The business whose file it is; null for one of the exchange's own, such as a decision. */
    businessId: idOf<'Business'>(),
    sentBy: text().notNull(),
    sentAt: at().notNull(),
  },
  (table) => [
    index('stored_files_business').on(table.businessId),
    check('stored_files_kind', sql`${table.kind} in (${oneOf(FILE_KINDS)})`),
  ],
);
