import { and, desc, eq, lt, notExists, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Reader, Tx } from '#db/client.ts';
import { periodicReports } from './tables.ts';

/** One officer freezes at a time: numbers follow each other, and the second one sees what the first one froze. */
export async function lockRegister(tx: Tx): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('periodic_reports'))`);
}

const later = alias(periodicReports, 'later');
const stands = (reader: Reader) =>
  notExists(reader.select({ one: sql`1` }).from(later).where(eq(later.replaces, periodicReports.number)));

/** The number of the report that stands for a period. */
export async function findStanding(reader: Reader, period: string): Promise<string | undefined> {
  const [row] = await reader
    .select({ number: periodicReports.number })
    .from(periodicReports)
    .where(and(eq(periodicReports.period, period), stands(reader)));
  return row?.number;
}

export async function nextSeq(tx: Tx, year: number): Promise<number> {
  const [row] = await tx
    .select({ seq: sql<number>`coalesce(max(${periodicReports.seq}), 0) + 1` })
    .from(periodicReports)
    .where(eq(periodicReports.year, year));
  return row?.seq ?? 1;
}

export async function insertReport(tx: Tx, row: typeof periodicReports.$inferInsert): Promise<void> {
  await tx.insert(periodicReports).values(row);
}

/** Newest first, without their figures. `before`: the place of the last one shown. */
export const listReports = (
  reader: Reader,
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
) =>
  reader
    .select({
      id: periodicReports.id,
      number: periodicReports.number,
      period: periodicReports.period,
      kind: periodicReports.kind,
      startsAt: periodicReports.startsAt,
      replaces: periodicReports.replaces,
      replacedBy: later.number,
      sha256: periodicReports.sha256,
      frozenAt: periodicReports.frozenAt,
    })
    .from(periodicReports)
    .leftJoin(later, eq(later.replaces, periodicReports.number))
    .where(before === undefined ? undefined : lt(periodicReports.number, before))
    .orderBy(desc(periodicReports.number))
    .limit(limit);
