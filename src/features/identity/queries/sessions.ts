import { and, count, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from '#db/client.ts';
import { accounts, devices, passkeys, sessions, totpFactors } from '../tables.ts';
import type { AccountId, SessionId } from '../types.ts';

export async function insertSession(tx: Tx, row: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(row);
}

const hasFactor = sql<boolean>`(exists (select from ${totpFactors} where ${totpFactors.accountId} = ${accounts.id} and ${totpFactors.confirmedAt} is not null)
  or exists (select from ${passkeys} where ${passkeys.accountId} = ${accounts.id}))`;

/** The account of a session. One indexed read, so that an ended session is dead everywhere at once. */
export async function findSession(reader: Reader, idHash: string, now: Date) {
  const [row] = await reader
    .select({
      id: sessions.id,
      accountId: accounts.id,
      name: accounts.name,
      staffRole: accounts.staffRole,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      provedAt: sessions.provedAt,
      factorAt: sessions.factorAt,
      hasFactor,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(and(eq(sessions.idHash, idHash), gt(sessions.expiresAt, now), isNull(accounts.disabledAt)));
  return row;
}

export async function touchSession(db: Db, idHash: string, at: Date): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.idHash, idHash));
}

/** Gives a session another secret and writes down what was proved; false when it has ended meanwhile. */
export async function renewSession(
  tx: Tx,
  id: SessionId,
  change: Pick<typeof sessions.$inferInsert, 'idHash' | 'lastSeenAt' | 'provedAt'> & { readonly factorAt?: Date },
): Promise<boolean> {
  const rows = await tx.update(sessions).set(change).where(eq(sessions.id, id)).returning({ id: sessions.id });
  return rows.length > 0;
}

export async function deleteSession(db: Db, idHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.idHash, idHash));
}

/** False when that account has no such session. */
export async function deleteOwnSession(tx: Tx, accountId: AccountId, id: SessionId): Promise<boolean> {
  const rows = await tx
    .delete(sessions)
    .where(and(eq(sessions.accountId, accountId), eq(sessions.id, id)))
    .returning({ id: sessions.id });
  return rows.length > 0;
}

/** All of an account's sessions but the one that is kept; how many there were. */
export async function deleteSessionsOf(tx: Tx, accountId: AccountId, kept?: SessionId): Promise<number> {
  const rows = await tx
    .delete(sessions)
    .where(and(eq(sessions.accountId, accountId), kept ? ne(sessions.id, kept) : undefined))
    .returning({ id: sessions.id });
  return rows.length;
}

export const listSessionsOf = (reader: Reader, accountId: AccountId) =>
  reader
    .select({
      sessionId: sessions.id,
      createdAt: sessions.createdAt,
      lastSeenAt: sessions.lastSeenAt,
      userAgent: sessions.userAgent,
      address: sessions.address,
      provedAt: sessions.provedAt,
      factorAt: sessions.factorAt,
    })
    .from(sessions)
    .where(eq(sessions.accountId, accountId))
    .orderBy(desc(sessions.lastSeenAt))
    .limit(200);

export async function isKnownDevice(reader: Reader, accountId: AccountId, tokenHash: string): Promise<boolean> {
  const rows = await reader
    .select({ accountId: devices.accountId })
    .from(devices)
    .where(and(eq(devices.tokenHash, tokenHash), eq(devices.accountId, accountId)));
  return rows.length > 0;
}

/** True when the account was used from other browsers before, and never from this one. */
export async function saveDevice(tx: Tx, accountId: AccountId, tokenHash: string, at: Date): Promise<boolean> {
  const [others] = await tx
    .select({ known: count() })
    .from(devices)
    .where(and(eq(devices.accountId, accountId), ne(devices.tokenHash, tokenHash)));
  const [row] = await tx
    .insert(devices)
    .values({ tokenHash, accountId, createdAt: at, lastUsedAt: at })
    .onConflictDoUpdate({ target: [devices.tokenHash, devices.accountId], set: { lastUsedAt: at } })
    .returning({ createdAt: devices.createdAt });
  return row?.createdAt.getTime() === at.getTime() && (others?.known ?? 0) > 0;
}

export async function deleteDevicesOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.delete(devices).where(eq(devices.accountId, accountId));
}

export async function forgetSessions(db: Db, now: Date, devicesUnusedSince: Date): Promise<void> {
  await db.delete(sessions).where(lt(sessions.expiresAt, now));
  await db.delete(devices).where(lt(devices.lastUsedAt, devicesUnusedSince));
}
