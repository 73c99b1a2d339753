import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import type { AssistScope } from '#core/roles.ts';
import { at, idOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { wards } from '#features/places/tables.ts';

/** Community digital teams: some 775 in the province, each of a ward. */
export const assistTeams = pgTable(
  'assist_teams',
  {
    id: idOf<'AssistTeam'>().primaryKey(),
    code: text().notNull(),
    name: text().notNull(),
    wardCode: text()
      .notNull()
      .references(() => wards.code),
    createdAt: at().notNull(),
  },
  (table) => [uniqueIndex('assist_teams_code').on(table.code), index('assist_teams_ward').on(table.wardCode)],
);

export const assistTeamMembers = pgTable(
  'assist_team_members',
  {
    teamId: idOf<'AssistTeam'>()
      .notNull()
      .references(() => assistTeams.id),
    accountId: idOf<'Account'>().notNull(),
    addedBy: text().notNull(),
    addedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.teamId, table.accountId] }),
    index('assist_team_members_account').on(table.accountId),
  ],
);

/** That a household let one person act for it: in what, until when, by which wording, and how it said so. */
export const consents = pgTable(
  'consents',
  {
    id: idOf<'Consent'>().primaryKey(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    teamId: idOf<'AssistTeam'>()
      .notNull()
      .references(() => assistTeams.id),
    assistantId: idOf<'Account'>().notNull(),
    scopes: text().array().$type<AssistScope[]>().notNull(),
    /** The household's phone, which the code went to. */
    phone: text().notNull(),
    wording: text().notNull(),
    askedAt: at().notNull(),
    codeHash: text().notNull(),
    codeUntil: at().notNull(),
    wrongCodes: integer().notNull().default(0),
    givenAt: at(),
    expiresAt: at().notNull(),
    revokedAt: at(),
    revokedBy: text(),
    /** Of the link by which the household, which may have no account, looks at what was done and takes it back. */
    linkHash: text().notNull(),
  },
  (table) => [
    index('consents_business').on(table.businessId, table.askedAt),
    index('consents_assistant').on(table.assistantId),
    uniqueIndex('consents_link').on(table.linkHash),
    uniqueIndex('consents_given')
      .on(table.businessId, table.assistantId)
      .where(sql`${table.givenAt} is not null and ${table.revokedAt} is null`),
    check(
      'consents_scopes',
      sql`cardinality(${table.scopes}) > 0 and ${table.scopes} <@ array['profile', 'products', 'stock', 'orders-read']`,
    ),
    // A year and a day of grace for the months' unequal lengths.
    check('consents_year', sql`${table.expiresAt} <= ${table.askedAt} + interval '367 days'`),
  ],
);
