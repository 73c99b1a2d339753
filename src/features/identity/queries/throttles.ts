import { and, eq, lt, sql } from 'drizzle-orm';
import type { Db, Tx } from '#db/client.ts';
import { attempts, throttles } from '../tables.ts';

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

const never = new Date(0);

/** The wrong guesses under a key, locked; a fresh row, which blocks nobody, when there were none. */
export async function lockThrottle(tx: Tx, key: string, at: Date) {
  await tx.insert(throttles).values({ key, failures: 0, blockedUntil: never, updatedAt: at }).onConflictDoNothing();
  const [row] = await tx.select().from(throttles).where(eq(throttles.key, key)).for('update');
  return row ?? { key, failures: 0, blockedUntil: never, updatedAt: at };
}

export async function saveThrottle(tx: Tx, row: typeof throttles.$inferSelect): Promise<void> {
  await tx.update(throttles).set(row).where(eq(throttles.key, row.key));
}

export async function clearThrottle(db: Db, key: string): Promise<void> {
  await db.delete(throttles).where(eq(throttles.key, key));
}

export async function forgetAttempts(db: Db, before: Date): Promise<void> {
  await db.delete(attempts).where(lt(attempts.windowStart, before));
  await db.delete(throttles).where(lt(throttles.updatedAt, before));
}
