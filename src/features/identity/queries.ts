import { and, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from '#db/client.ts';
import { accounts, attempts, sessions } from './tables.ts';
import type { AccountId } from './types.ts';

export type AccountRow = typeof accounts.$inferSelect;

export async function insertAccount(tx: Tx, row: AccountRow): Promise<void> {
  await tx.insert(accounts).values(row);
}

export async function findAccountByLogin(
  reader: Reader,
  login: { readonly phone: string | undefined; readonly email: string },
): Promise<AccountRow | undefined> {
  const [row] = await reader
    .select()
    .from(accounts)
    .where(or(login.phone ? eq(accounts.phone, login.phone) : undefined, eq(accounts.email, login.email)));
  return row;
}

export async function insertSession(tx: Tx, row: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(row);
}

/** The account of a live session. One indexed read, so that an ended session is dead everywhere at once. */
export async function findSession(reader: Reader, idHash: string, now: Date, idleSince: Date) {
  const [row] = await reader
    .select({
      accountId: accounts.id,
      name: accounts.name,
      staffRole: accounts.staffRole,
      lastSeenAt: sessions.lastSeenAt,
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(
      and(
        eq(sessions.idHash, idHash),
        gt(sessions.expiresAt, now),
        gt(sessions.lastSeenAt, idleSince),
        isNull(accounts.disabledAt),
      ),
    );
  return row;
}

export async function touchSession(db: Db, idHash: string, at: Date): Promise<void> {
  await db.update(sessions).set({ lastSeenAt: at }).where(eq(sessions.idHash, idHash));
}

export async function deleteSession(db: Db, idHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.idHash, idHash));
}

export async function getAccount(reader: Reader, id: AccountId) {
  const [row] = await reader
    .select({
      accountId: accounts.id,
      name: accounts.name,
      phone: accounts.phone,
      email: accounts.email,
      staffRole: accounts.staffRole,
    })
    .from(accounts)
    .where(eq(accounts.id, id));
  if (!row) throw new Error(`Account ${id} is gone`);
  return row;
}

/** Counts one attempt in the window and returns how many there are now. */
export async function countAttempt(db: Db, key: string, windowStart: Date): Promise<number> {
  const [row] = await db
    .insert(attempts)
    .values({ key, windowStart, count: 1 })
    .onConflictDoUpdate({ target: [attempts.key, attempts.windowStart], set: { count: sql`${attempts.count} + 1` } })
    .returning({ count: attempts.count });
  return row?.count ?? 0;
}

/** Takes an attempt back: it was right. */
export async function uncountAttempt(db: Db, key: string, windowStart: Date): Promise<void> {
  await db
    .update(attempts)
    .set({ count: sql`greatest(${attempts.count} - 1, 0)` })
    .where(and(eq(attempts.key, key), eq(attempts.windowStart, windowStart)));
}

export async function forgetOld(db: Db, now: Date, windowsBefore: Date): Promise<void> {
  await db.delete(sessions).where(lt(sessions.expiresAt, now));
  await db.delete(attempts).where(lt(attempts.windowStart, windowsBefore));
}
