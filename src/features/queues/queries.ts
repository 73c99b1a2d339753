import { and, count, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { queueFilters, reviewItems } from './tables.ts';
import type { Outcome, Queue, Reviewed, ReviewItemId } from './types.ts';

export type ItemRow = typeof reviewItems.$inferSelect;
type NewRow = typeof reviewItems.$inferInsert;

const openOf = ({ kind, id }: Reviewed) =>
  and(eq(reviewItems.subjectKind, kind), eq(reviewItems.subjectId, id), isNull(reviewItems.settledAt));

/** Opens an item, or renews what is said of the one that is open; its place and its holder stay. */
export async function upsertItem(tx: Tx, row: NewRow): Promise<ReviewItemId> {
  const { queue, title, searched, path, businessId, facts, dueAt } = row;
  const [saved] = await tx
    .insert(reviewItems)
    .values(row)
    .onConflictDoUpdate({
      target: [reviewItems.subjectKind, reviewItems.subjectId],
      targetWhere: isNull(reviewItems.settledAt),
      set: { queue, title, searched, path, businessId: businessId ?? null, facts, dueAt: dueAt ?? null },
    })
    .returning({ id: reviewItems.id });
  if (!saved) throw new Error('A review item was neither inserted nor updated');
  return saved.id;
}

/** Takes what nobody holds, what was held too long, and what the same officer holds already. */
export async function claimItem(
  tx: Tx,
  id: ReviewItemId,
  officer: Id<'Account'>,
  now: Date,
  until: Date,
): Promise<ItemRow | undefined> {
  const [row] = await tx
    .update(reviewItems)
    .set({ claimedBy: officer, claimedUntil: until })
    .where(
      and(
        eq(reviewItems.id, id),
        isNull(reviewItems.settledAt),
        or(isNull(reviewItems.claimedBy), eq(reviewItems.claimedBy, officer), lte(reviewItems.claimedUntil, now)),
      ),
    )
    .returning();
  return row;
}

/** Takes the oldest of a queue that nobody else holds; two officers who ask at once get two. */
export async function claimNext(
  tx: Tx,
  queue: Queue,
  officer: Id<'Account'>,
  now: Date,
  until: Date,
): Promise<ItemRow | undefined> {
  const [next] = await tx
    .select({ id: reviewItems.id })
    .from(reviewItems)
    .where(
      and(
        eq(reviewItems.queue, queue),
        isNull(reviewItems.settledAt),
        or(isNull(reviewItems.claimedBy), eq(reviewItems.claimedBy, officer), lte(reviewItems.claimedUntil, now)),
      ),
    )
    .orderBy(reviewItems.openedAt, reviewItems.id)
    .limit(1)
    .for('update', { skipLocked: true });
  return next && claimItem(tx, next.id, officer, now, until);
}

export async function releaseItem(tx: Tx, id: ReviewItemId, officer: Id<'Account'>): Promise<boolean> {
  const released = await tx
    .update(reviewItems)
    .set({ claimedBy: null, claimedUntil: null })
    .where(and(eq(reviewItems.id, id), isNull(reviewItems.settledAt), eq(reviewItems.claimedBy, officer)))
    .returning({ id: reviewItems.id });
  return released.length > 0;
}

const actor = sql`coalesce(current_setting('app.actor', true), 'unknown')`;
/** A person may not settle what another holds; a job and whoever withdraws may. */
const heldByAnother = (outcome: Outcome, now: Date) =>
  sql`${outcome} <> 'withdrawn' and ${actor} like 'account:%' and ${reviewItems.claimedUntil} > ${now.toISOString()}::timestamptz
    and 'account:' || ${reviewItems.claimedBy} <> ${actor}`;

export async function settleItem(tx: Tx, subject: Reviewed, outcome: Outcome, now: Date): Promise<boolean> {
  const settled = await tx
    .update(reviewItems)
    .set({ settledAt: now, settledBy: actor, outcome })
    .where(and(openOf(subject), sql`(${heldByAnother(outcome, now)}) is not true`))
    .returning({ id: reviewItems.id });
  return settled.length > 0;
}

export async function findItem(reader: Reader, id: ReviewItemId): Promise<ItemRow | undefined> {
  const [row] = await reader.select().from(reviewItems).where(eq(reviewItems.id, id));
  return row;
}

export async function findOpenItem(reader: Reader, subject: Reviewed): Promise<ItemRow | undefined> {
  const [row] = await reader.select().from(reviewItems).where(openOf(subject));
  return row;
}

export const listFilters = (reader: Reader, accountId: Id<'Account'>, queue: Queue) =>
  reader
    .select({ id: queueFilters.id, name: queueFilters.name, query: queueFilters.query })
    .from(queueFilters)
    .where(and(eq(queueFilters.accountId, accountId), eq(queueFilters.queue, queue)))
    .orderBy(queueFilters.name)
    .limit(100);

export async function countFilters(tx: Tx, accountId: Id<'Account'>, queue: Queue): Promise<number> {
  const [row] = await tx
    .select({ count: count() })
    .from(queueFilters)
    .where(and(eq(queueFilters.accountId, accountId), eq(queueFilters.queue, queue)));
  return row?.count ?? 0;
}

/** A filter of the same name is replaced. */
export async function saveFilter(tx: Tx, row: typeof queueFilters.$inferInsert): Promise<void> {
  await tx
    .insert(queueFilters)
    .values(row)
    .onConflictDoUpdate({
      target: [queueFilters.accountId, queueFilters.queue, queueFilters.name],
      set: { query: row.query },
    });
}

export async function deleteFilter(tx: Tx, accountId: Id<'Account'>, id: Id<'QueueFilter'>): Promise<void> {
  await tx.delete(queueFilters).where(and(eq(queueFilters.accountId, accountId), eq(queueFilters.id, id)));
}
