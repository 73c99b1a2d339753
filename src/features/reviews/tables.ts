import { sql } from 'drizzle-orm';
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { Flag } from '#features/changes/types.ts';
import { storedFiles } from '#features/files/tables.ts';
import { orders } from '#features/orders/tables.ts';
import { products } from '#features/products/tables.ts';
import { REVIEW_STATES } from './types.ts';

/** What a buyer says of a product that was delivered: one an order and product. */
export const reviews = pgTable(
  'reviews',
  {
    id: idOf<'Review'>().primaryKey(),
    orderId: idOf<'Order'>()
      .notNull()
      .references(() => orders.id),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    state: text({ enum: REVIEW_STATES }).notNull(),
    points: integer().notNull(),
    text: text().notNull(),
    /** Of the buyer, shortened; empty where they do not want to be named. The whole name stands with the order alone. */
    shownName: text().notNull(),
    /** What the word filter marked in the text. */
    flags: jsonb().$type<readonly Flag[]>().notNull(),
    /** Why an officer hid it; the buyer reads it. */
    reason: text(),
    detail: integer().notNull(),
    version: integer().notNull().default(1),
    /** The seller's one answer, which is marked, looked at and shown as the review itself is. */
    reply: text(),
    replyState: text({ enum: REVIEW_STATES }),
    repliedAt: at(),
    /** What the seller has against it, from when on, and when an officer answered. It stays shown meanwhile. */
    flagReason: text(),
    flaggedAt: at(),
    flagAnsweredAt: at(),
    createdAt: at().notNull(),
    editedAt: at(),
  },
  (table) => [
    uniqueIndex('reviews_order_product').on(table.orderId, table.productId),
    index('reviews_newest')
      .on(table.productId, table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.state} = 'published'`),
    index('reviews_business').on(table.businessId, table.createdAt.desc().nullsFirst()),
    check('reviews_state', sql`${table.state} in (${oneOf(REVIEW_STATES)})`),
    check('reviews_points', sql`${table.points} between 1 and 5`),
    check('reviews_hidden', sql`(${table.state} = 'hidden') = (${table.reason} is not null)`),
    check(
      'reviews_reply',
      sql`(${table.reply} is null) = (${table.replyState} is null) and (${table.reply} is null) = (${table.repliedAt} is null)`,
    ),
    check('reviews_flag', sql`(${table.flagReason} is null) = (${table.flaggedAt} is null)`),
  ],
);

/** Pictures of a review. What was sent stays private; shown are renditions without what the camera wrote. */
export const reviewPhotos = pgTable(
  'review_photos',
  {
    reviewId: idOf<'Review'>()
      .notNull()
      .references(() => reviews.id),
    fileId: idOf<'StoredFile'>()
      .notNull()
      .references(() => storedFiles.id),
    place: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.reviewId, table.fileId] }), index('review_photos_file').on(table.fileId)],
);

/** What a review or its reply said before it was changed. Append-only but for the words, which go with the person. */
export const reviewVersions = pgTable(
  'review_versions',
  {
    reviewId: idOf<'Review'>()
      .notNull()
      .references(() => reviews.id),
    part: text({ enum: ['review', 'reply'] }).notNull(),
    version: integer().notNull(),
    /** Null of a reply. */
    points: integer(),
    text: text().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
    until: at().notNull(),
  },
  (table) => [primaryKey({ columns: [table.reviewId, table.version] })],
);

/** The sums of the published reviews of a product, kept in the transaction that changes one of them. */
export const productRatings = pgTable(
  'product_ratings',
  {
    productId: idOf<'Product'>()
      .primaryKey()
      .references(() => products.id),
    count: integer().notNull(),
    points: integer().notNull(),
    distribution: integer().array().notNull(),
  },
  (table) => [check('product_ratings_sums', sql`${table.points} between ${table.count} and 5 * ${table.count}`)],
);
