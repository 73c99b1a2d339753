import { sql } from 'drizzle-orm';
import { bigint, check, customType, index, pgTable, text, unique, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { ACCOUNTS, type Account, JOURNAL_KINDS } from './types.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** Append-only by trigger and by grant. A mistake is mended by a journal that reverses it. */
export const journals = pgTable(
  'journals',
  {
    id: idOf<'Journal'>().primaryKey(),
    key: text().notNull(),
    kind: text({ enum: JOURNAL_KINDS }).notNull(),
    reference: text().notNull(),
    at: at().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
  },
  (table) => [
    uniqueIndex('journals_key').on(table.key),
    index('journals_reference').on(table.reference),
    // For what is summed over a period: rows lie in the order of their time, so a few bytes for each hundred pages do.
    index('journals_at').using('brin', table.at),
  ],
);

/** Entries of one journal sum to zero: a deferred constraint trigger refuses the commit otherwise. */
export const entries = pgTable(
  'entries',
  {
    id: idOf<'Entry'>().primaryKey(),
    journalId: idOf<'Journal'>()
      .notNull()
      .references(() => journals.id),
    account: text().$type<Account>().notNull(),
    businessId: idOf<'Business'>().references(() => businesses.id),
    amountVnd: money().notNull(),
  },
  (table) => [
    index('entries_journal').on(table.journalId),
    index('entries_account').on(table.account, table.businessId),
    check('entries_amount', sql`${table.amountVnd} <> 0`),
    check(
      'entries_account_known',
      sql`${table.account} in (${oneOf(ACCOUNTS)}) or ${table.account} ~ '^(owed|receivable):.+$'`,
    ),
    check('entries_payable_has_owner', sql`(${table.account} = 'payable') = (${table.businessId} is not null)`),
  ],
);

/**
 * The chain through all journals: each hash is made of the one before and of the journal with its entries. A job links what
 * was committed since (`seal_journals` in the migrations), a minute behind, so that no sale waits for another's lock.
 */
export const journalLinks = pgTable(
  'journal_links',
  {
    seq: bigint({ mode: 'number' }).primaryKey(),
    journalId: idOf<'Journal'>()
      .notNull()
      .references(() => journals.id),
    hash: bytes().notNull(),
  },
  (table) => [uniqueIndex('journal_links_journal').on(table.journalId)],
);

/**
 * What each account holds, of all journals that are linked: a copy for reading, carried forward by the same function that
 * links. Whoever needs the balance of this second adds what is not linked yet.
 */
export const accountBalances = pgTable(
  'account_balances',
  {
    account: text().$type<Account>().notNull(),
    businessId: idOf<'Business'>().references(() => businesses.id),
    balanceVnd: money().notNull(),
    entryCount: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [unique('account_balances_one').on(table.account, table.businessId).nullsNotDistinct()],
);
