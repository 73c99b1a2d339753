import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from '#db/client.ts';
import type { PartnerRow } from '../queries.ts';
import { SPEAKING_STATES } from '../rules/states.ts';
import { partnerRevokedKeys } from '../tables/registry.ts';
import { partners } from '../tables.ts';

const isSpeaking = inArray(partners.state, [...SPEAKING_STATES]);
const askedPauseSeconds = 60;

/** The partner whose key this is, now or next, if its signature is looked at. A revoked key is nobody's. */
export async function findByKeyid(reader: Reader, keyid: string): Promise<PartnerRow | undefined> {
  const [row] = await reader
    .select()
    .from(partners)
    .where(
      and(
        or(eq(partners.keyid, keyid), eq(partners.nextKeyid, keyid)),
        isSpeaking,
        sql`not exists (select from ${partnerRevokedKeys} r where r.keyid = ${keyid})`,
      ),
    );
  return row;
}

export async function isRevoked(reader: Reader, keyid: string): Promise<boolean> {
  const rows = await reader
    .select({ keyid: partnerRevokedKeys.keyid })
    .from(partnerRevokedKeys)
    .where(eq(partnerRevokedKeys.keyid, keyid));
  return rows.length > 0;
}

export async function insertRevoked(tx: Tx, row: typeof partnerRevokedKeys.$inferInsert): Promise<void> {
  await tx.insert(partnerRevokedKeys).values(row).onConflictDoNothing();
}

export const listRevoked = (reader: Reader, partnerKey: string) =>
  reader
    .select()
    .from(partnerRevokedKeys)
    .where(eq(partnerRevokedKeys.partnerKey, partnerKey))
    .orderBy(partnerRevokedKeys.revokedAt);

type Keys = Pick<PartnerRow, 'keyid' | 'jwk' | 'keyUntil' | 'nextKeyid' | 'nextJwk' | 'nextKeyFrom'>;

export async function saveKeys(tx: Tx, key: string, set: Partial<Keys>, now: Date): Promise<void> {
  await tx
    .update(partners)
    .set({ ...set, updatedAt: now })
    .where(eq(partners.key, key));
}

const isRested = (now: Date) =>
  or(
    isNull(partners.profileAskedAt),
    lt(partners.profileAskedAt, sql`${now.toISOString()}::timestamptz - make_interval(secs => ${askedPauseSeconds})`),
  );

/**
 * Takes the turn to ask native partners for their profiles, all or one of them, and gives those that nobody asked within the
 * last minute: however many strangers knock at once, each partner is asked once.
 */
export async function claimProfiles(db: Db, now: Date, key?: string): Promise<readonly string[]> {
  const mine = key === undefined ? isSpeaking : eq(partners.key, key);
  const rows = await db
    .update(partners)
    .set({ profileAskedAt: now })
    .where(and(eq(partners.adapter, 'native'), mine, isRested(now)))
    .returning({ key: partners.key });
  return rows.map((row) => row.key);
}
