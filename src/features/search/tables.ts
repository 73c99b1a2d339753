import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, index, integer, jsonb, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core';
import { at, idOf } from '#db/columns.ts';
import type { SearchDocument } from './types.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/**
 * Each listed product as search knows it. PostgreSQL searches these rows itself when Meilisearch is away, and Meilisearch
 * follows them: a row whose `version` is not its `mirrored_version` has still to be sent, however long that takes.
 */
export const searchDocuments = pgTable(
  'search_documents',
  {
    // No foreign key: a row outlives its product until the mirror has heard that the product is gone.
    productId: idOf<'Product'>().primaryKey(),
    document: jsonb().$type<SearchDocument>().notNull(),
    /** Of the document: a change that search does not show (one jar less of many) is no change here. */
    digest: text().notNull(),
    /** What ranking reads. */
    text: text().notNull(),
    words: tsvector().notNull(),
    sounds: tsvector().notNull(),
    sortName: text().notNull(),
    category: text().notNull(),
    categoryId: smallint().notNull(),
    stars: smallint(),
    /** Kinds of certificates beside the stars. */
    certificate: text().array().notNull().default(sql`'{}'`),
    ward: text(),
    business: text().notNull(),
    businessId: uuid().notNull(),
    partner: text().notNull(),
    priceVnd: bigint({ mode: 'number' }).notNull(),
    price: text().notNull(),
    inStock: boolean().notNull(),
    listedAt: at().notNull(),
    removed: boolean().notNull().default(false),
    version: integer().notNull().default(1),
    mirroredVersion: integer().notNull().default(0),
    changedAt: at().notNull().default(sql`clock_timestamp()`),
  },
  (table) => [
    index('search_documents_words').using('gin', table.words),
    index('search_documents_sounds').using('gin', table.sounds),
    index('search_documents_newest')
      .on(table.listedAt.desc().nullsFirst(), table.productId)
      .where(sql`not ${table.removed}`),
    index('search_documents_changed').on(table.changedAt),
    index('search_documents_unmirrored').on(table.productId).where(sql`${table.version} <> ${table.mirroredVersion}`),
  ],
);

/** The folded words of all documents, for misspellings: a word that nobody wrote is corrected to those that look like it. */
export const searchWords = pgTable('search_words', { word: text().primaryKey() }, (table) => [
  index('search_words_letters').using('gin', table.word.op('gin_trgm_ops')),
]);
