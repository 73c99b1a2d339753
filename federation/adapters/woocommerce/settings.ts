import { type Static, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { shopSettings } from '../shop-settings.ts';

const { productPage: _unused, ...common } = shopSettings;

const WooSettings = Type.Object(
  {
    ...common,
    /** Whether the shop enters its prices with the tax (its setting "prices entered with tax"). */
    taxIncluded: Type.Boolean(),
    /** Of the shop's wall clock, for instants that it tells without one. */
    utcOffset: Type.Optional(Type.String({ pattern: '^[+-]\\d{2}:\\d{2}$' })),
    /** Old shops do not know `dates_are_gmt` and read every date by their wall clock. */
    datesAreGmt: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type WooSettings = Static<typeof WooSettings>;
export const checkSettings = Compile(WooSettings);
