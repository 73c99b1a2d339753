import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { at, idOf, money } from '#db/columns.ts';

/** Dated rates: the newest row that has begun holds. A flat fee a business until zones and weights come. */
export const shippingRates = pgTable(
  'shipping_rates',
  {
    id: idOf<'ShippingRate'>().primaryKey(),
    /** `flat` is the only scheme so far; `pickup` goods (tourism vouchers) ship for nothing. */
    scheme: text({ enum: ['flat', 'voucher'] }).notNull(),
    feeVnd: money().notNull(),
    validFrom: at().notNull(),
    note: text().notNull(),
  },
  (table) => [index('shipping_rates_from').on(table.scheme, table.validFrom)],
);
