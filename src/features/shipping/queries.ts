import { desc, lte, sql } from 'drizzle-orm';
import { prepared, type Reader, type Tx } from '#db/client.ts';
import { shippingRates } from './tables.ts';

export type ShippingRate = typeof shippingRates.$inferSelect;

const newestRates = prepared('shipping-rates', (db) =>
  db
    .selectDistinctOn([shippingRates.scheme])
    .from(shippingRates)
    .where(lte(shippingRates.validFrom, sql.placeholder('now')))
    .orderBy(shippingRates.scheme, desc(shippingRates.validFrom), desc(shippingRates.id)),
);

/** Of each scheme the newest rate that has begun. */
export const listRates = (reader: Reader, now: Date): Promise<ShippingRate[]> => newestRates(reader, { now });

export async function insertRates(tx: Tx, rows: readonly ShippingRate[]): Promise<void> {
  await tx.insert(shippingRates).values([...rows]);
}
