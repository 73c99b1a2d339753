import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { CHANNELS, type Channel, DELIVERY_STATES, LANGUAGES, type Recipient, type Values } from './types.ts';

/** What somebody is to be told, written in the transaction that made it true. */
export const notices = pgTable(
  'notices',
  {
    id: idOf<'Notice'>().primaryKey(),
    kind: text().notNull(),
    recipient: jsonb().$type<Recipient>().notNull(),
    values: jsonb().$type<Values>().notNull(),
    /** `{ values, path }` of a notice that holds a code, in place of both; emptied once everything was sent. */
    contentSealed: sealed(),
    path: text(),
    key: text(),
    createdAt: at().notNull(),
    /** When it was spread over people and ways. */
    spreadAt: at(),
  },
  (table) => [index('notices_created').on(table.createdAt), uniqueIndex('notices_key').on(table.key)],
);

/** One notice to one person by one way: the log of what was sent, when, and what the provider called it. */
export const noticeDeliveries = pgTable(
  'notice_deliveries',
  {
    id: idOf<'NoticeDelivery'>().primaryKey(),
    noticeId: idOf<'Notice'>()
      .notNull()
      .references(() => notices.id),
    /** Null for somebody who has no account. */
    accountId: idOf<'Account'>(),
    channel: text({ enum: CHANNELS }).notNull(),
    /** Phone or e-mail at that moment; empty in the app. */
    address: text().notNull(),
    language: text({ enum: LANGUAGES }).notNull(),
    state: text({ enum: DELIVERY_STATES }).notNull(),
    notBefore: at().notNull(),
    attempts: integer().notNull().default(0),
    lastError: text(),
    providerReference: text(),
    sentAt: at(),
    readAt: at(),
  },
  (table) => [
    uniqueIndex('notice_deliveries_once').on(table.noticeId, table.channel, table.address, table.accountId),
    index('notice_deliveries_inbox').on(table.accountId, table.id).where(sql`${table.channel} = 'in-app'`),
    index('notice_deliveries_state').on(table.state, table.id),
    check('notice_deliveries_channel', sql`${table.channel} in (${oneOf(CHANNELS)})`),
    check('notice_deliveries_state', sql`${table.state} in (${oneOf(DELIVERY_STATES)})`),
    check('notice_deliveries_sent', sql`(${table.state} = 'sent') = (${table.sentAt} is not null)`),
  ],
);

/** How an account wants to be told. Without a row the defaults hold. */
export const noticeSettings = pgTable('notice_settings', {
  accountId: idOf<'Account'>().primaryKey(),
  language: text({ enum: LANGUAGES }).notNull(),
  channels: text().array().$type<Channel[]>().notNull(),
  quietFrom: smallint().notNull(),
  quietUntil: smallint().notNull(),
  updatedAt: at().notNull(),
});
