import { and, eq, lt, sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Db, Tx } from './client.ts';
import { at } from './columns.ts';

const lifeMs = 24 * 3_600_000;
/** A holder that has not finished by then is dead: the next request with the key takes over. */
const leaseMs = 60_000;

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text().notNull(),
    key: text().notNull(),
    fingerprint: text().notNull(),
    state: text({ enum: ['running', 'done'] }).notNull(),
    status: integer(),
    body: text(),
    lockedUntil: at().notNull(),
    expiresAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scope, table.key] }),
    check(
      'idempotency_done_has_answer',
      sql`${table.state} = 'running' or (${table.status} is not null and ${table.body} is not null)`,
    ),
  ],
);

export type Answer = { readonly status: number; readonly body: string };
export type Claim =
  | { readonly kind: 'mine' }
  | { readonly kind: 'done'; readonly answer: Answer }
  | { readonly kind: 'running' }
  | { readonly kind: 'other-body' };
export type Key = { readonly scope: string; readonly key: string };

const same = ({ scope, key }: Key) => and(eq(idempotencyKeys.scope, scope), eq(idempotencyKeys.key, key));

/** Insert first: of two equal requests at once exactly one holds the key, the other learns what became of it. */
export async function claimKey(db: Db, key: Key, fingerprint: string, now: Date): Promise<Claim> {
  const fresh = {
    fingerprint,
    state: 'running' as const,
    lockedUntil: new Date(now.getTime() + leaseMs),
    expiresAt: new Date(now.getTime() + lifeMs),
  };
  const [row] = await db
    .insert(idempotencyKeys)
    .values({ ...key, ...fresh })
    .onConflictDoUpdate({
      target: [idempotencyKeys.scope, idempotencyKeys.key],
      set: { ...fresh, status: null, body: null },
      // Taken over when it has expired, or when its holder died with the same request in hand.
      setWhere: sql`${idempotencyKeys.expiresAt} < ${now} or (${idempotencyKeys.state} = 'running' and ${idempotencyKeys.lockedUntil} < ${now} and ${idempotencyKeys.fingerprint} = ${fingerprint})`,
    })
    .returning({ key: idempotencyKeys.key });
  if (row) return { kind: 'mine' };
  const [held] = await db.select().from(idempotencyKeys).where(same(key));
  if (!held || held.state === 'running')
    return held && held.fingerprint !== fingerprint ? { kind: 'other-body' } : { kind: 'running' };
  if (held.fingerprint !== fingerprint) return { kind: 'other-body' };
  return { kind: 'done', answer: { status: held.status ?? 500, body: held.body ?? '' } };
}

/**
 * Stores the answer, best in the transaction that made it true: then neither exists without the other. The first answer
 * stands: whoever took the key over from a holder that was only slow does not replace what that one did.
 */
export async function finishKey(tx: Db | Tx, key: Key, { status, body }: Answer): Promise<void> {
  await tx
    .update(idempotencyKeys)
    .set({ state: 'done', status, body })
    .where(and(same(key), eq(idempotencyKeys.state, 'running')));
}

/** Gives the key back when nothing happened, so that the client may try again with it. */
export async function releaseKey(db: Db, key: Key): Promise<void> {
  await db.delete(idempotencyKeys).where(and(same(key), eq(idempotencyKeys.state, 'running')));
}

export async function forgetExpiredKeys(db: Db, now: Date): Promise<void> {
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.expiresAt, now));
}
