import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

/** Taken from likeness to other systems and public client code, not from the vendor, on 2026-11-27: verify on a shop. */
export const UNVERIFIED = {
  asOf: '2026-11-27',
  sinceParameter: 'updated_at_min',
  pageSize: 50,
} as const;

const HaravanSettings = Type.Object(
  {
    ...shopSettings,
    /** Whether the shop's prices have the tax in them. */
    taxIncluded: Type.Boolean(),
    /** Each of these stands for the default of the same name in `UNVERIFIED`. */
    sinceParameter: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })),
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 250 })),
  },
  { additionalProperties: false },
);
export type HaravanSettings = Static<typeof HaravanSettings>;
export const checkSettings = Compile(HaravanSettings);
