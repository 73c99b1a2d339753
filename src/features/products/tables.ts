import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { at, idOf, money, oneOf } from '#db/columns.ts';
import { businesses } from '#features/businesses/tables.ts';
import { storedFiles } from '#features/files/tables.ts';
import type { Rendition } from '#features/files/types.ts';
import { PRODUCT_STATES, type ProductFields, STORAGE, VAT_CLASSES } from './types.ts';

export const categories = pgTable(
  'categories',
  {
    /** The OCOP product set, 1–26, of Decision 26/2026. */
    id: smallint().primaryKey(),
    slug: text().notNull(),
    nameVi: text().notNull(),
    nameEn: text().notNull(),
    groupId: smallint().notNull(),
    groupVi: text().notNull(),
    groupEn: text().notNull(),
    sectorCode: text().notNull(),
    sectorVi: text().notNull(),
    sectorEn: text().notNull(),
    managingBody: text().array().notNull(),
    isFood: boolean().notNull(),
    isAlcohol: boolean().notNull(),
    isTourism: boolean().notNull(),
  },
  (table) => [uniqueIndex('categories_slug').on(table.slug)],
);

/** What a class of goods bears from a day on, with where the law says so. Added to, never edited. */
export const vatRates = pgTable(
  'vat_rates',
  {
    vatClass: text({ enum: VAT_CLASSES }).notNull(),
    rateBps: integer().notNull(),
    validFrom: at().notNull(),
    source: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.vatClass, table.validFrom] }),
    check('vat_rates_class', sql`${table.vatClass} in (${oneOf(VAT_CLASSES)})`),
    check('vat_rates_rate', sql`${table.rateBps} between 0 and 2000`),
  ],
);

export const products = pgTable(
  'products',
  {
    id: idOf<'Product'>().primaryKey(),
    sku: text().notNull(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    slug: text().notNull(),
    nameVi: text().notNull(),
    nameEn: text().notNull().default(''),
    aliases: text().array().notNull().default(sql`'{}'`),
    categoryId: smallint()
      .notNull()
      .references(() => categories.id),
    unitVi: text().notNull(),
    netWeightG: integer().notNull().default(0),
    grossWeightG: integer().notNull().default(0),
    lengthCm: integer().notNull().default(0),
    widthCm: integer().notNull().default(0),
    heightCm: integer().notNull().default(0),
    storage: text({ enum: STORAGE }).notNull().default('ambient'),
    shelfLifeDays: integer(),
    /** The rate as it stands; a job turns it over with the law. What a sale bears is the rate of the class at that moment. */
    vatBps: integer().notNull(),
    vatClass: text({ enum: VAT_CLASSES }).notNull().default('standard'),
    gtin: text(),
    ingredientsVi: text().notNull().default(''),
    allergens: text().array().notNull().default(sql`'{}'`),
    descriptionVi: text().notNull().default(''),
    descriptionEn: text().notNull().default(''),
    tags: text().array().notNull().default(sql`'{}'`),
    seasonMonths: smallint().array().notNull().default(sql`'{}'`),
    status: text({ enum: PRODUCT_STATES }).notNull(),
    /** Set on a partner's listing, which is shown here and sold at home. */
    partnerKey: text(),
    originUri: text(),
    landingUrl: text(),
    /** What the partner says of stars; shown as its claim, never as a star of ours. */
    claimedStar: smallint(),
    /** The decision that it names for it, by which the claim is found in our own register (`starOf` of the certificates). */
    claimedDecision: text(),
    /** The first day, in Vietnam, on which the decision holds no longer, as the partner says. */
    claimedUntil: date(),
    priceAsOf: at(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('products_slug').on(table.slug),
    // Two households may both call something SP01. Case and spaces do not tell codes apart.
    // The code comes first, so that goods are found by it however many the business has.
    uniqueIndex('products_own_sku')
      .on(sql`lower(replace(${table.sku}, ' ', ''))`, table.businessId)
      .where(sql`${table.partnerKey} is null`),
    uniqueIndex('products_origin').on(table.partnerKey, table.originUri),
    index('products_business').on(table.businessId),
    index('products_category').on(table.categoryId),
    index('products_newest')
      .on(table.createdAt.desc().nullsFirst(), table.id.desc().nullsFirst())
      .where(sql`${table.status} = 'listed'`),
    check('products_status', sql`${table.status} in (${oneOf(PRODUCT_STATES)})`),
    check('products_storage', sql`${table.storage} in (${oneOf(STORAGE)})`),
    check('products_vat_class', sql`${table.vatClass} in (${oneOf(VAT_CLASSES)})`),
    check('products_partner_whole', sql`(${table.partnerKey} is null) = (${table.originUri} is null)`),
  ],
);

export const variants = pgTable(
  'variants',
  {
    id: idOf<'Variant'>().primaryKey(),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    sku: text().notNull(),
    label: text().notNull(),
    netWeightG: integer().notNull().default(0),
    minOrder: integer().notNull().default(1),
    maxOrder: integer().notNull().default(999),
    /** 0 is the default variant, shown first and priced on cards. */
    position: smallint().notNull(),
    active: boolean().notNull().default(true),
  },
  (table) => [
    uniqueIndex('variants_position').on(table.productId, table.position),
    uniqueIndex('variants_sku').on(table.productId, table.sku),
    // By which a sheet finds the size that it means.
    index('variants_code').on(sql`lower(replace(${table.sku}, ' ', ''))`),
    check('variants_limits', sql`${table.minOrder} >= 1 and ${table.maxOrder} >= ${table.minOrder}`),
  ],
);

/** The price that holds now. Its past is in `price_history`, written in the same transaction. */
export const prices = pgTable(
  'prices',
  {
    variantId: idOf<'Variant'>()
      .primaryKey()
      .references(() => variants.id),
    priceVnd: money().notNull(),
    compareAtVnd: money(),
    validFrom: at().notNull(),
  },
  (table) => [
    check(
      'prices_positive',
      sql`${table.priceVnd} > 0 and (${table.compareAtVnd} is null or ${table.compareAtVnd} > 0)`,
    ),
  ],
);

export const priceHistory = pgTable(
  'price_history',
  {
    id: idOf<'PriceChange'>().primaryKey(),
    variantId: idOf<'Variant'>()
      .notNull()
      .references(() => variants.id),
    priceVnd: money().notNull(),
    compareAtVnd: money(),
    validFrom: at().notNull(),
    actor: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
  },
  (table) => [index('price_history_variant').on(table.variantId, table.validFrom)],
);

/** One picture and the sizes that the image job has made of it so far. */
export const pictures = pgTable(
  'pictures',
  {
    id: idOf<'Picture'>().primaryKey(),
    productId: idOf<'Product'>()
      .notNull()
      .references(() => products.id),
    position: smallint().notNull(),
    altVi: text().notNull(),
    altEn: text().notNull().default(''),
    /** `drawing:<category>:<tint>` for an illustration, else the storage key of the original. */
    source: text().notNull(),
    /** Set on a photograph, whose sizes its file has; a drawing has its own. */
    fileId: idOf<'StoredFile'>().references(() => storedFiles.id),
    width: integer().notNull(),
    height: integer().notNull(),
    /** Shown until the picture has loaded: `#rrggbb`; null for a drawing. */
    colour: text(),
    renditions: jsonb().$type<readonly Rendition[]>().notNull().default([]),
    madeOn: date(),
  },
  (table) => [
    uniqueIndex('pictures_position').on(table.productId, table.position),
    index('pictures_file').on(table.fileId),
  ],
);

/** What a seller typed and has not sent: a product that is new, or edits of one that is for sale. Ids are those of products. */
export const productDrafts = pgTable(
  'product_drafts',
  {
    productId: idOf<'Product'>().primaryKey(),
    businessId: idOf<'Business'>()
      .notNull()
      .references(() => businesses.id),
    fields: jsonb().$type<ProductFields>().notNull(),
    /** What could not be read, by the name of its form field, so that it comes back as it was typed. */
    typed: jsonb().$type<Readonly<Record<string, string>>>().notNull().default({}),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [index('product_drafts_business').on(table.businessId, table.updatedAt)],
);

/** Prices of days to come. A job makes them hold at the beginning of their day, and writes the history then. */
export const nextPrices = pgTable(
  'next_prices',
  {
    variantId: idOf<'Variant'>()
      .primaryKey()
      .references(() => variants.id),
    priceVnd: money().notNull(),
    validFrom: at().notNull(),
    setAt: at().notNull(),
    setBy: text().notNull().default(sql`coalesce(current_setting('app.actor', true), 'unknown')`),
  },
  (table) => [index('next_prices_due').on(table.validFrom), check('next_prices_positive', sql`${table.priceVnd} > 0`)],
);
