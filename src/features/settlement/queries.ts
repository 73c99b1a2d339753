import { and, desc, eq, inArray, lte, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { SettlementRule } from './rules.ts';
import {
  accountConfirmations,
  bookDays,
  payoutItems,
  payoutRuns,
  payouts,
  settlementRules,
  statementLines,
  statements,
} from './tables.ts';
import type { PayoutId, PayoutState, RunId } from './types.ts';

export type RunRow = typeof payoutRuns.$inferSelect;
export type PayoutRow = typeof payouts.$inferSelect;
export type ItemRow = typeof payoutItems.$inferSelect;
export type StatementRow = typeof statements.$inferSelect;

export async function getRule(reader: Reader, now: Date): Promise<SettlementRule> {
  const [rule] = await reader
    .select()
    .from(settlementRules)
    .where(lte(settlementRules.validFrom, now))
    .orderBy(desc(settlementRules.validFrom), desc(settlementRules.id))
    .limit(1);
  if (!rule) throw new Error('No settlement rule is in force: run the migrations');
  return rule;
}

/** Runs are drafted, approved and abandoned one after the other: what one plans, the next must see. */
export async function lockRuns(tx: Tx): Promise<void> {
  // The letters "runs" read as a number; any fixed one would do.
  await tx.execute(sql`select pg_advisory_xact_lock(1920298867)`);
}

export async function countRunsOf(tx: Tx, year: string): Promise<number> {
  const { rows } = await tx.execute<{ count: number }>(
    sql`select count(*)::int as count from payout_runs where number like ${`CT-${year}-%`}`,
  );
  return rows[0]?.count ?? 0;
}

export async function insertRun(tx: Tx, row: typeof payoutRuns.$inferInsert): Promise<void> {
  await tx.insert(payoutRuns).values(row);
}

export async function updateRun(tx: Tx, id: RunId, change: Partial<Omit<RunRow, 'id' | 'number'>>): Promise<void> {
  await tx.update(payoutRuns).set(change).where(eq(payoutRuns.id, id));
}

export async function findRun(reader: Reader, id: RunId): Promise<RunRow | undefined> {
  const [row] = await reader.select().from(payoutRuns).where(eq(payoutRuns.id, id));
  return row;
}

export async function lockRun(tx: Tx, id: RunId): Promise<RunRow | undefined> {
  const [row] = await tx.select().from(payoutRuns).where(eq(payoutRuns.id, id)).for('update');
  return row;
}

export const listRuns = (reader: Reader, limit: number): Promise<RunRow[]> =>
  reader.select().from(payoutRuns).orderBy(desc(payoutRuns.draftedAt), desc(payoutRuns.id)).limit(limit);

export const insertPayouts = (
  tx: Tx,
  rows: readonly (typeof payouts.$inferInsert)[],
  items: readonly (typeof payoutItems.$inferInsert)[],
): Promise<void> => insertRows(tx, payouts, rows).then(() => insertRows(tx, payoutItems, items));

/** A draft is made anew: what it had planned is let go. */
export async function deletePlanned(tx: Tx, runId: RunId): Promise<void> {
  await tx.delete(payouts).where(and(eq(payouts.runId, runId), eq(payouts.status, 'planned')));
}

export const listPayoutsOf = (reader: Reader, runId: RunId): Promise<PayoutRow[]> =>
  reader.select().from(payouts).where(eq(payouts.runId, runId)).orderBy(payouts.id);

export const listItemsOf = (reader: Reader, payoutIds: readonly PayoutId[]): Promise<ItemRow[]> =>
  reader
    .select()
    .from(payoutItems)
    .where(inArray(payoutItems.payoutId, [...payoutIds]))
    .orderBy(payoutItems.reference);

export async function savePayouts(tx: Tx, runId: RunId, from: PayoutState, to: PayoutState): Promise<void> {
  await tx
    .update(payouts)
    .set({ status: to })
    .where(and(eq(payouts.runId, runId), eq(payouts.status, from)));
}

export async function lockPayout(tx: Tx, code: string): Promise<PayoutRow | undefined> {
  const [row] = await tx.select().from(payouts).where(eq(payouts.code, code)).for('update');
  return row;
}

export async function savePayout(tx: Tx, id: PayoutId, change: Partial<PayoutRow>): Promise<void> {
  await tx.update(payouts).set(change).where(eq(payouts.id, id));
}

export async function insertConfirmation(tx: Tx, row: typeof accountConfirmations.$inferInsert): Promise<void> {
  await tx.insert(accountConfirmations).values(row).onConflictDoNothing();
}

export const insertStatement = async (tx: Tx, row: typeof statements.$inferInsert): Promise<boolean> => {
  const made = await tx.insert(statements).values(row).onConflictDoNothing().returning({ id: statements.id });
  return made.length === 1;
};

export const insertStatementLines = (tx: Tx, rows: readonly (typeof statementLines.$inferInsert)[]): Promise<void> =>
  insertRows(tx, statementLines, rows);

export async function findStatement(
  reader: Reader,
  businessId: BusinessId,
  first: string,
): Promise<StatementRow | undefined> {
  const [row] = await reader
    .select()
    .from(statements)
    .where(and(eq(statements.businessId, businessId), eq(statements.month, first)));
  return row;
}

/** The last month that was closed before `first`. */
export async function findStatementBefore(
  reader: Reader,
  businessId: BusinessId,
  first: string,
): Promise<StatementRow | undefined> {
  const [row] = await reader
    .select()
    .from(statements)
    .where(and(eq(statements.businessId, businessId), sql`${statements.month} < ${first}`))
    .orderBy(desc(statements.month))
    .limit(1);
  return row;
}

export const listStatements = (reader: Reader, businessId: BusinessId): Promise<StatementRow[]> =>
  reader
    .select()
    .from(statements)
    .where(eq(statements.businessId, businessId))
    .orderBy(desc(statements.month))
    .limit(60);

export async function saveBookDay(tx: Tx, row: typeof bookDays.$inferInsert): Promise<void> {
  await tx.insert(bookDays).values(row).onConflictDoUpdate({ target: bookDays.day, set: row });
}

export const listBookDays = (reader: Reader, limit: number): Promise<(typeof bookDays.$inferSelect)[]> =>
  reader.select().from(bookDays).orderBy(desc(bookDays.day)).limit(limit);
