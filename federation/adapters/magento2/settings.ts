import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

/** From general knowledge, not looked up, on 2026-11-27: verify on a shop. */
export const UNVERIFIED = {
  asOf: '2026-11-27',
  /** Code of the store view that the paths name. */
  storeView: 'default',
  /** Behind a product's `url_key`; a setting of the shop. */
  urlSuffix: '.html',
  /** Where the paths of pictures begin. */
  mediaPath: 'media/catalog/product',
} as const;

const Magento2Settings = Type.Object(
  {
    ...shopSettings,
    /** Whether catalogue prices are entered with the tax. */
    taxIncluded: Type.Boolean(),
    /** Stock sources that sell online; all of them when left out. */
    sources: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 100 }), { minItems: 1, maxItems: 50 })),
    /** Each of these stands for the default of the same name in `UNVERIFIED`. */
    storeView: Type.Optional(Type.String({ pattern: '^[a-z0-9_]{1,40}$' })),
    urlSuffix: Type.Optional(Type.String({ pattern: '^[\\w./-]{0,20}$' })),
    mediaPath: Type.Optional(Type.String({ pattern: '^[\\w./-]{1,100}$' })),
  },
  { additionalProperties: false },
);
export type Magento2Settings = Static<typeof Magento2Settings>;
export const checkSettings = Compile(Magento2Settings);
