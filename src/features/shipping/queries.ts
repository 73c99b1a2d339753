import { and, desc, eq, lte } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { shippingRates } from './tables.ts';

export type ShippingRate = typeof shippingRates.$inferSelect;

/** The newest rate of the scheme that has begun. */
export async function findRate(
  reader: Reader,
  scheme: ShippingRate['scheme'],
  now: Date,
): Promise<ShippingRate | undefined> {
  const [rate] = await reader
    .select()
    .from(shippingRates)
    .where(and(eq(shippingRates.scheme, scheme), lte(shippingRates.validFrom, now)))
    .orderBy(desc(shippingRates.validFrom), desc(shippingRates.id))
    .limit(1);
  return rate;
}

export async function insertRates(tx: Tx, rows: readonly ShippingRate[]): Promise<void> {
  await tx.insert(shippingRates).values([...rows]);
}
