import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

const MedusaSettings = Type.Object(
  {
    ...shopSettings,
    /** Id of the region whose prices are shown; it sells in đồng. */
    region: Type.String({ pattern: '^[\\w-]{1,100}$' }),
    /** Of that region: without a country Medusa adds no tax to what it says. */
    country: Type.String({ pattern: '^[a-z]{2}$' }),
  },
  { additionalProperties: false },
);
export type MedusaSettings = Static<typeof MedusaSettings>;
export const checkSettings = Compile(MedusaSettings);
