import { and, count, desc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import { apiKeys } from '../tables.ts';
import type { AccountId } from '../types.ts';

export type KeyRow = typeof apiKeys.$inferSelect;

/** Two who make keys for one business at once come one after the other. */
export async function lockBusinessKeys(tx: Tx, businessId: Id<'Business'>): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`api-keys:${businessId}`}, 0))`);
}

export async function insertKey(tx: Tx, row: typeof apiKeys.$inferInsert): Promise<void> {
  await tx.insert(apiKeys).values(row);
}

export const listKeys = (reader: Reader, businessIds: readonly Id<'Business'>[]): Promise<KeyRow[]> =>
  reader
    .select()
    .from(apiKeys)
    .where(inArray(apiKeys.businessId, [...businessIds]))
    .orderBy(desc(apiKeys.createdAt))
    .limit(200);

export async function countLiveKeys(reader: Reader, businessId: Id<'Business'>, now: Date): Promise<number> {
  const [row] = await reader
    .select({ count: count() })
    .from(apiKeys)
    .where(and(eq(apiKeys.businessId, businessId), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now)));
  return row?.count ?? 0;
}

/** A key that opens something now. Read anew for each request: revoked means revoked, on every replica. */
export async function findLiveKey(reader: Reader, keyHash: string, now: Date) {
  const [row] = await reader
    .select({ id: apiKeys.id, businessId: apiKeys.businessId, scopes: apiKeys.scopes, lastUsedAt: apiKeys.lastUsedAt })
    .from(apiKeys)
    .where(and(eq(apiKeys.keyHash, keyHash), isNull(apiKeys.revokedAt), gt(apiKeys.expiresAt, now)));
  return row;
}

export async function touchKey(db: Db, id: Id<'ApiKey'>, at: Date): Promise<void> {
  await db.update(apiKeys).set({ lastUsedAt: at }).where(eq(apiKeys.id, id));
}

export async function revokeKey(
  tx: Tx,
  businessIds: readonly Id<'Business'>[],
  id: Id<'ApiKey'>,
  at: Date,
): Promise<KeyRow | undefined> {
  const [row] = await tx
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.id, id), inArray(apiKeys.businessId, [...businessIds]), isNull(apiKeys.revokedAt)))
    .returning();
  return row;
}

export async function revokeKeysMadeBy(tx: Tx, accountId: AccountId, at: Date): Promise<void> {
  await tx
    .update(apiKeys)
    .set({ revokedAt: at })
    .where(and(eq(apiKeys.createdBy, accountId), isNull(apiKeys.revokedAt)));
}

export const listKeysMadeBy = (reader: Reader, accountId: AccountId) =>
  reader
    .select({
      name: apiKeys.name,
      businessId: apiKeys.businessId,
      scopes: apiKeys.scopes,
      createdAt: apiKeys.createdAt,
    })
    .from(apiKeys)
    .where(eq(apiKeys.createdBy, accountId))
    .limit(200);
