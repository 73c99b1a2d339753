import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

export const VendureSettings = Type.Object(
  {
    ...shopSettings,
    /** Token of the channel that sells in đồng; the default channel when left out. */
    channel: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
    /** Path of the admin API under the base address. */
    api: Type.Optional(Type.String({ pattern: '^[\\w/-]{1,100}$' })),
    /**
     * Digits behind the point in its integers. 0: 45000 is forty-five thousand đồng. 2: a shop whose money strategy has
     * two digits keeps that as 4500000; nothing in the answer tells which it is.
     */
    moneyDigits: Type.Optional(Type.Union([Type.Literal(0), Type.Literal(2)])),
    /** Signs in with the secret `password` instead of an API key, for shops older than 3.6. */
    username: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type VendureSettings = Static<typeof VendureSettings>;
export const checkSettings = Compile(VendureSettings);
