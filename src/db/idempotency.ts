import { and, eq, lt, sql } from 'drizzle-orm';
import { check, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { type Db, prepared, type Tx } from './client.ts';
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

const claim = prepared('idempotency-claim', (db) =>
  db
    .insert(idempotencyKeys)
    .values({
      scope: sql.placeholder('scope'),
      key: sql.placeholder('key'),
      fingerprint: sql.placeholder('fingerprint'),
      state: 'running',
      lockedUntil: sql.placeholder('lockedUntil'),
      expiresAt: sql.placeholder('expiresAt'),
    })
    .onConflictDoUpdate({
      target: [idempotencyKeys.scope, idempotencyKeys.key],
      set: {
        fingerprint: sql`excluded.fingerprint`,
        state: 'running',
        lockedUntil: sql`excluded.locked_until`,
        expiresAt: sql`excluded.expires_at`,
        status: null,
        body: null,
      },
      // Taken over when it has expired, or when its holder died with the same request in hand.
      setWhere: sql`${idempotencyKeys.expiresAt} < ${sql.placeholder('now')} or (${idempotencyKeys.state} = 'running'
        and ${idempotencyKeys.lockedUntil} < ${sql.placeholder('now')} and ${idempotencyKeys.fingerprint} = excluded.fingerprint)`,
    })
    .returning({ key: idempotencyKeys.key }),
);

/** Insert first: of two equal requests at once exactly one holds the key, the other learns what became of it. */
export async function claimKey(db: Db, key: Key, fingerprint: string, now: Date): Promise<Claim> {
  const [row] = await claim(db, {
    ...key,
    fingerprint,
    now,
    lockedUntil: new Date(now.getTime() + leaseMs),
    expiresAt: new Date(now.getTime() + lifeMs),
  });
  if (row) return { kind: 'mine' };
  const [held] = await db.select().from(idempotencyKeys).where(same(key));
  if (!held || held.state === 'running')
    return held && held.fingerprint !== fingerprint ? { kind: 'other-body' } : { kind: 'running' };
  if (held.fingerprint !== fingerprint) return { kind: 'other-body' };
  return { kind: 'done', answer: { status: held.status ?? 500, body: held.body ?? '' } };
}

const finish = prepared('idempotency-finish', (db) =>
  db
    .update(idempotencyKeys)
    .set({
      state: 'done',
      status: sql`${sql.placeholder('status')}::integer`,
      body: sql`${sql.placeholder('body')}::text`,
    })
    .where(
      and(
        eq(idempotencyKeys.scope, sql.placeholder('scope')),
        eq(idempotencyKeys.key, sql.placeholder('key')),
        eq(idempotencyKeys.state, 'running'),
      ),
    ),
);

/**
 * Stores the answer, best in the transaction that made it true: then neither exists without the other. The first answer
 * stands: false for whoever was slow or paused past the lease and comes after it, whose own change must not be kept.
 */
export async function finishKey(tx: Db | Tx, key: Key, { status, body }: Answer): Promise<boolean> {
  const { rowCount } = await finish(tx, { ...key, status, body });
  return rowCount === 1;
}

/** Gives the key back when nothing happened, so that the client may try again with it. */
export async function releaseKey(db: Db, key: Key): Promise<void> {
  await db.delete(idempotencyKeys).where(and(same(key), eq(idempotencyKeys.state, 'running')));
}

export async function forgetExpiredKeys(db: Db, now: Date): Promise<void> {
  await db.delete(idempotencyKeys).where(lt(idempotencyKeys.expiresAt, now));
}
