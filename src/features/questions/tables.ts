import { sql } from 'drizzle-orm';
import { check, index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { Flag } from '#features/changes/types.ts';
import { accounts } from '#features/identity/tables.ts';
import { products } from '#features/products/tables.ts';
import { QUESTION_STATES } from './types.ts';

/** What a shopper asks of a product, with the seller's one answer. */
export const questions = pgTable(
  'questions',
  {
    id: idOf<'Question'>().primaryKey(),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    state: text({ enum: QUESTION_STATES }).notNull(),
    text: text().notNull(),
    /** Of whoever asks, shortened; empty where they gave none. */
    shownName: text().notNull(),
    flags: jsonb().$type<readonly Flag[]>().notNull(),
    /** Why an officer hid it; whoever asked reads it. */
    reason: text(),
    answer: text(),
    answerState: text({ enum: QUESTION_STATES }),
    answeredAt: at(),
    createdAt: at().notNull(),
  },
  (table) => [
    // Pressed twice, or asked by two in the same words: it is one question.
    uniqueIndex('questions_once').on(table.productId, sql`md5(${table.text})`).where(sql`${table.text} <> ''`),
    index('questions_newest')
      .on(table.productId, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.state} = 'published'`),
    index('questions_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    check('questions_state', sql`${table.state} in (${oneOf(QUESTION_STATES)})`),
    check('questions_hidden', sql`(${table.state} = 'hidden') = (${table.reason} is not null)`),
    check(
      'questions_answer',
      sql`(${table.answer} is null) = (${table.answerState} is null) and (${table.answer} is null) = (${table.answeredAt} is null)`,
    ),
  ],
);

/** Who asked. Apart, since no seller may see a row of it, whatever asks. */
export const questionAskers = pgTable(
  'question_askers',
  {
    questionId: idOf<'Question'>()
      .primaryKey()
      .references(() => questions.id),
    phone: text(),
    accountId: idOf<'Account'>().references(() => accounts.id),
  },
  (table) => [index('question_askers_phone').on(table.phone), index('question_askers_account').on(table.accountId)],
);
