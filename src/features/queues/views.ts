import { and, asc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { reviewItems } from './tables.ts';
import type { ItemFilter, Queue, Reviewed, ReviewItemId } from './types.ts';

export type ItemScope = {
  readonly queue: Queue;
  readonly filter: ItemFilter;
  /** Whose queue it is seen as: for `holder: 'mine'`. */
  readonly officer: Id<'Account'>;
  readonly now: Date;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

const instant = (at: Date) => sql`${at.toISOString()}::timestamptz`;
const likeOf = (folded: string): string => `%${folded.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
const soonFrom = sql`${reviewItems.dueAt} - (${reviewItems.dueAt} - ${reviewItems.openedAt}) / 4`;

/** `q` is folded by the caller. */
function narrowed({ filter: { q, pace, holder }, officer, now }: ItemScope): (SQL | undefined)[] {
  const held = sql`${reviewItems.claimedUntil} > ${instant(now)}`;
  return [
    q ? sql`${reviewItems.searched} like ${likeOf(q)}` : undefined,
    pace === 'late' ? sql`${reviewItems.dueAt} <= ${instant(now)}` : undefined,
    pace === 'soon' ? sql`${reviewItems.dueAt} > ${instant(now)} and ${soonFrom} <= ${instant(now)}` : undefined,
    holder === 'mine' ? and(eq(reviewItems.claimedBy, officer), held) : undefined,
    holder === 'free' ? sql`(${held}) is not true` : undefined,
  ];
}

export type ItemView = Awaited<ReturnType<typeof listItems>>['items'][number];

/** Open items of one queue, oldest first. */
export async function listItems(reader: Reader, scope: ItemScope) {
  const { queue, limit, cursor, now } = scope;
  const rows = await reader
    .select({
      itemId: reviewItems.id,
      queue: reviewItems.queue,
      subjectKind: reviewItems.subjectKind,
      subjectId: reviewItems.subjectId,
      title: reviewItems.title,
      path: reviewItems.path,
      businessId: reviewItems.businessId,
      businessName: businesses.name,
      facts: reviewItems.facts,
      openedAt: reviewItems.openedAt,
      dueAt: reviewItems.dueAt,
      claimedBy: reviewItems.claimedBy,
      claimedUntil: reviewItems.claimedUntil,
      claimedByName: accounts.name,
    })
    .from(reviewItems)
    .leftJoin(businesses, eq(businesses.id, reviewItems.businessId))
    .leftJoin(accounts, eq(accounts.id, reviewItems.claimedBy))
    .where(
      and(
        eq(reviewItems.queue, queue),
        isNull(reviewItems.settledAt),
        ...narrowed(scope),
        cursor
          ? sql`(${reviewItems.openedAt}, ${reviewItems.id}) > (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(asc(reviewItems.openedAt), asc(reviewItems.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(({ claimedBy, claimedUntil, claimedByName, ...item }) => {
    const claim =
      claimedBy && claimedUntil && claimedUntil > now
        ? { accountId: claimedBy, name: claimedByName ?? '', until: claimedUntil }
        : null;
    return { ...item, claim };
  });
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last ? encodeCursor({ value: last.openedAt.toISOString(), id: last.itemId }) : null,
  };
}

/** What waits in each of the queues, how much of it is late, and since when the oldest does. Empty queues are left out. */
export async function summariseQueues(reader: Reader, queues: readonly Queue[], now: Date) {
  const { rows } = await reader.execute<{ queue: Queue; waiting: number; late: number; oldest: Date | string }>(
    sql`select queue, count(*)::int as waiting, (count(*) filter (where due_at <= ${instant(now)}))::int as late,
      min(opened_at) as oldest from review_items
      where settled_at is null and queue = any(${sql.param([...queues])}::text[]) group by queue`,
  );
  return rows.map(({ oldest, ...row }) => ({ ...row, oldestAt: new Date(oldest) }));
}

export type Claim = {
  readonly itemId: ReviewItemId;
  readonly heldBy: Id<'Account'> | null;
  readonly holder: string;
  readonly until: Date | null;
};

/** The place of a subject in its queue and who holds it now; undefined when it does not wait. */
export async function findClaim(reader: Reader, { kind, id }: Reviewed, now: Date): Promise<Claim | undefined> {
  const [row] = await reader
    .select({
      itemId: reviewItems.id,
      claimedBy: reviewItems.claimedBy,
      until: reviewItems.claimedUntil,
      name: accounts.name,
    })
    .from(reviewItems)
    .leftJoin(accounts, eq(accounts.id, reviewItems.claimedBy))
    .where(and(eq(reviewItems.subjectKind, kind), eq(reviewItems.subjectId, id), isNull(reviewItems.settledAt)));
  if (!row) return undefined;
  const live = row.until !== null && row.until > now;
  return {
    itemId: row.itemId,
    heldBy: live ? row.claimedBy : null,
    holder: live ? (row.name ?? '') : '',
    until: row.until,
  };
}
