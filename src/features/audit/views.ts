import { and, desc, eq, gte, ilike, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import { type Id, isId } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { auditEntries } from './tables.ts';
import type { LogFilter } from './types.ts';

const likeOf = (text: string): string => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
const accountOf = (actor: string): Id<'Account'> | undefined => {
  const [, id = ''] = /^account:(.+)$/.exec(actor) ?? [];
  return isId<'Account'>(id) ? id : undefined;
};

/** People are looked for by name as well as by what the log calls them. */
async function actorIs(reader: Reader, text: string): Promise<SQL | undefined> {
  const named = await reader
    .select({ id: accounts.id })
    .from(accounts)
    .where(ilike(accounts.name, likeOf(text)))
    .limit(200);
  const ids = named.map(({ id }) => `account:${id}`);
  return or(eq(auditEntries.actor, text), ids.length > 0 ? inArray(auditEntries.actor, ids) : undefined);
}

async function narrowed(reader: Reader, filter: LogFilter): Promise<(SQL | undefined)[]> {
  const { actor, action, subjectKind, subjectId, from, until } = filter;
  return [
    actor ? await actorIs(reader, actor) : undefined,
    // `business` finds `business.approved` and the others of the noun.
    action ? or(eq(auditEntries.action, action), ilike(auditEntries.action, `${likeOf(action).slice(1)}`)) : undefined,
    subjectKind ? eq(auditEntries.subjectKind, subjectKind) : undefined,
    subjectId ? eq(auditEntries.subjectId, subjectId) : undefined,
    from ? gte(auditEntries.happenedAt, from) : undefined,
    until ? lt(auditEntries.happenedAt, until) : undefined,
  ];
}

async function namesOf(reader: Reader, actors: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(actors.flatMap((actor) => accountOf(actor) ?? []))];
  if (ids.length === 0) return new Map();
  const rows = await reader
    .select({ id: accounts.id, name: accounts.name })
    .from(accounts)
    .where(inArray(accounts.id, ids));
  return new Map(rows.map(({ id, name }) => [`account:${id}`, name]));
}

export type LogEntry = Awaited<ReturnType<typeof listEntries>>['items'][number];

/** Acts, newest first, with the names of those who did them and of the business for which they did. */
export async function listEntries(
  reader: Reader,
  { filter, limit, cursor }: { filter: LogFilter; limit: number; cursor?: Cursor | undefined },
) {
  const rows = await reader
    .select({
      entryId: auditEntries.id,
      happenedAt: auditEntries.happenedAt,
      actor: auditEntries.actor,
      onBehalfOf: auditEntries.onBehalfOf,
      businessName: businesses.name,
      action: auditEntries.action,
      subjectKind: auditEntries.subjectKind,
      subjectId: auditEntries.subjectId,
      before: auditEntries.before,
      after: auditEntries.after,
      reason: auditEntries.reason,
      address: auditEntries.address,
    })
    .from(auditEntries)
    .leftJoin(businesses, eq(businesses.id, auditEntries.onBehalfOf))
    .where(
      and(
        ...(await narrowed(reader, filter)),
        cursor
          ? sql`(${auditEntries.happenedAt}, ${auditEntries.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(auditEntries.happenedAt), desc(auditEntries.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  const names = await namesOf(
    reader,
    page.map(({ actor }) => actor),
  );
  const last = page.at(-1);
  return {
    items: page.map((row) => ({ ...row, actorName: names.get(row.actor) ?? null })),
    nextCursor:
      rows.length > limit && last ? encodeCursor({ value: last.happenedAt.toISOString(), id: last.entryId }) : null,
  };
}

/** What an account did, the newest first: for its own export. */
export const listActsOf = (reader: Reader, accountId: Id<'Account'>) =>
  reader
    .select({
      happenedAt: auditEntries.happenedAt,
      action: auditEntries.action,
      subjectKind: auditEntries.subjectKind,
      subjectId: auditEntries.subjectId,
      address: auditEntries.address,
    })
    .from(auditEntries)
    .where(eq(auditEntries.actor, `account:${accountId}`))
    .orderBy(desc(auditEntries.happenedAt))
    .limit(10_000);
