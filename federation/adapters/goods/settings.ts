import type { Static } from 'typebox';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { PartnerEndpoint } from '../adapter.ts';
import { needSettings, readSettings, shopSettings } from '../shop-settings.ts';

/** What the readers of files and pages must be told of a partner. All of it may be left out. */
const GoodsSettings = Type.Object(
  {
    /** Address of the feed, or of the sitemap. Below the base address when it is a path. */
    url: Type.Optional(Type.String({ minLength: 1, maxLength: 2000 })),
    /** In whose name all goods are sold; without it each brand is a producer. */
    producer: Type.Optional(shopSettings.producer),
    /** The partner's own category to the code of the OCOP product set. */
    categories: shopSettings.categories,
    /** Of goods that `categories` does not name; without it the partner's category is taken for the code. */
    defaultCategory: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** Mark before the fraction of a price. */
    decimal: Type.Optional(Type.Union([Type.Literal(','), Type.Literal('.')])),
    /** Of prices that name no currency. */
    currency: Type.Optional(Type.Literal('VND')),
    /** Table files: our name of a field to the heading of its column. */
    columns: Type.Optional(Type.Record(Type.String(), Type.String({ minLength: 1, maxLength: 200 }))),
    delimiter: Type.Optional(Type.Union([Type.Literal(','), Type.Literal(';'), Type.Literal('\t')])),
    encoding: Type.Optional(
      Type.Union([
        Type.Literal('utf-8'),
        Type.Literal('windows-1258'),
        Type.Literal('tcvn3'),
        Type.Literal('utf-16le'),
      ]),
    ),
    /** Crawls: pages that are read at most, one a second. */
    maxPages: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_000 })),
  },
  { additionalProperties: false },
);
export type GoodsSettings = Static<typeof GoodsSettings>;
export const checkGoodsSettings = Compile(GoodsSettings);

export const readGoodsSettings = (partner: PartnerEndpoint): GoodsSettings | undefined =>
  readSettings(checkGoodsSettings, partner);
/** Throws PullFailure that names the member. */
export const needGoodsSettings = (partner: PartnerEndpoint): GoodsSettings => needSettings(checkGoodsSettings, partner);
