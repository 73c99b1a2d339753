import { eq, sql } from 'drizzle-orm';
import type { Db, Reader } from '#db/client.ts';
import { failuresToOpen, openForMs } from '../rules/money.ts';
import { providerHealth } from '../tables.ts';
import type { Method } from '../types.ts';

export type Health = typeof providerHealth.$inferSelect;

export const listHealth = (reader: Reader): Promise<Health[]> => reader.select().from(providerHealth).limit(20);

/**
 * One more failure in a row. A statement of its own and no transaction: what is known of a provider must not wait for the
 * order that found it out.
 */
export async function noteFailure(db: Db, provider: Method, at: Date): Promise<Health | undefined> {
  const failures = sql`${providerHealth.failures} + 1`;
  const opened = sql`case when ${failures} >= ${failuresToOpen} then ${at.toISOString()}::timestamptz
    + least(${openForMs.most}, ${openForMs.first} * 2 ^ least(${failures} - ${failuresToOpen}, 10)) * interval '1 millisecond' end`;
  const [row] = await db
    .insert(providerHealth)
    .values({ provider, failures: 1, openUntil: null, updatedAt: at })
    .onConflictDoUpdate({ target: providerHealth.provider, set: { failures, openUntil: opened, updatedAt: at } })
    .returning();
  return row;
}

export async function clearHealth(db: Db, provider: Method): Promise<void> {
  await db.delete(providerHealth).where(eq(providerHealth.provider, provider));
}
