import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

/** Taken from likeness to other systems and public client code, not from the vendor, on 2026-11-27: verify on a shop. */
export const UNVERIFIED = {
  asOf: '2026-11-27',
  sinceParameter: 'modified_on_min',
  tokenHeader: 'x-sapo-access-token',
  /** Of Shopify, half of it. */
  limits: { rps: 2, burst: 40 },
  pageSize: 50,
} as const;

const SapoSettings = Type.Object(
  {
    ...shopSettings,
    /** Whether the shop's prices have the tax in them. */
    taxIncluded: Type.Boolean(),
    /** Each of these stands for the default of the same name in `UNVERIFIED`. */
    sinceParameter: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })),
    tokenHeader: Type.Optional(Type.String({ pattern: '^[a-z-]{1,60}$' })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 250 })),
  },
  { additionalProperties: false },
);
export type SapoSettings = Static<typeof SapoSettings>;
export const checkSettings = Compile(SapoSettings);
