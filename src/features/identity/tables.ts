import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { STAFF_ROLES } from '#core/roles.ts';
import { at, idOf } from '#db/columns.ts';

export const accounts = pgTable(
  'accounts',
  {
    id: idOf<'Account'>().primaryKey(),
    name: text().notNull(),
    phone: text(),
    email: text(),
    passwordHash: text().notNull(),
    staffRole: text({ enum: STAFF_ROLES }),
    disabledAt: at(),
    createdAt: at().notNull(),
  },
  (table) => [uniqueIndex('accounts_phone').on(table.phone), uniqueIndex('accounts_email').on(table.email)],
);

/** A session is a row, so that ending it ends it on every replica at once. Only the hash of its id is stored. */
export const sessions = pgTable(
  'sessions',
  {
    idHash: text().primaryKey(),
    accountId: idOf<'Account'>()
      .notNull()
      .references(() => accounts.id),
    createdAt: at().notNull(),
    lastSeenAt: at().notNull(),
    expiresAt: at().notNull(),
    userAgent: text().notNull().default(''),
  },
  (table) => [index('sessions_account').on(table.accountId)],
);

/** Counters of attempts by a key and a window, shared by all replicas. */
export const attempts = pgTable(
  'attempts',
  { key: text().notNull(), windowStart: at().notNull(), count: integer().notNull() },
  (table) => [primaryKey({ columns: [table.key, table.windowStart] })],
);
