import { and, asc, desc, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from '#db/client.ts';
import { insertRows } from '#db/insert-rows.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { importMappings, importRows, imports } from './tables.ts';
import type { ImportId, ImportState, Mapping, Outcome, Reason, Verdict } from './types.ts';

export type ImportRow = typeof imports.$inferSelect;
export type StoredRow = typeof importRows.$inferSelect;

/** False when the same bytes are open already. */
export async function insertImport(tx: Tx, row: typeof imports.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(imports).values(row).onConflictDoNothing().returning({ id: imports.id });
  return inserted.length === 1;
}

export async function findOpenImport(reader: Reader, businessId: BusinessId, sha256: string) {
  const [row] = await reader
    .select()
    .from(imports)
    .where(
      and(
        eq(imports.businessId, businessId),
        eq(imports.sha256, sha256),
        inArray(imports.state, ['reading', 'mapping', 'ready', 'applying']),
      ),
    );
  return row;
}

export async function findImport(reader: Reader, id: ImportId): Promise<ImportRow | undefined> {
  const [row] = await reader.select().from(imports).where(eq(imports.id, id));
  return row;
}

export async function lockImport(tx: Tx, id: ImportId): Promise<ImportRow | undefined> {
  const [row] = await tx.select().from(imports).where(eq(imports.id, id)).for('update');
  return row;
}

export const listImports = (reader: Reader, businessIds: readonly BusinessId[], limit: number): Promise<ImportRow[]> =>
  reader
    .select()
    .from(imports)
    .where(inArray(imports.businessId, [...businessIds]))
    .orderBy(desc(imports.createdAt), desc(imports.id))
    .limit(limit);

/** Changes an import that is at one of these steps, and at this version where one is named; false when it has moved on. */
export async function updateImport(
  tx: Tx,
  id: ImportId,
  from: readonly ImportState[],
  change: Partial<typeof imports.$inferInsert>,
  version?: number,
): Promise<boolean> {
  const rows = await tx
    .update(imports)
    .set(change)
    .where(
      and(
        eq(imports.id, id),
        inArray(imports.state, [...from]),
        version === undefined ? undefined : eq(imports.version, version),
      ),
    )
    .returning({ id: imports.id });
  return rows.length === 1;
}

/**
 * How far the writing has come, told while its transaction is still open: hence beside it and not in it. Nothing but
 * what people watch depends on the number.
 */
export async function noteDone(db: Db, id: ImportId, done: number): Promise<void> {
  await db.update(imports).set({ done }).where(eq(imports.id, id));
}

/** One import of a business is written at a time; false when another process is at it. The lock ends with the transaction. */
export async function tryLockBusiness(tx: Tx, businessId: BusinessId): Promise<boolean> {
  const { rows } = await tx.execute<{ got: boolean }>(
    sql`select pg_try_advisory_xact_lock(hashtextextended(${`imports:${businessId}`}, 0)) as got`,
  );
  return rows[0]?.got === true;
}

export const insertImportRows = (tx: Tx, rows: readonly (typeof importRows.$inferInsert)[]): Promise<void> =>
  insertRows(tx, importRows, rows);

export async function deleteImportRows(tx: Tx, id: ImportId): Promise<void> {
  await tx.delete(importRows).where(eq(importRows.importId, id));
}

export const listRows = (
  reader: Reader,
  id: ImportId,
  verdict: Verdict | undefined,
  afterRow: number,
  limit: number,
): Promise<StoredRow[]> =>
  reader
    .select()
    .from(importRows)
    .where(
      and(
        eq(importRows.importId, id),
        verdict && eq(importRows.verdict, verdict),
        sql`${importRows.row} > ${afterRow}`,
      ),
    )
    .orderBy(asc(importRows.row))
    .limit(limit);

/** Rows that are still to be written, those of one product together. */
export const listWaiting = (reader: Reader, id: ImportId, limit: number): Promise<StoredRow[]> =>
  reader
    .select()
    .from(importRows)
    .where(
      and(eq(importRows.importId, id), isNull(importRows.outcome), inArray(importRows.verdict, ['new', 'changed'])),
    )
    .orderBy(asc(importRows.productKey), asc(importRows.row))
    .limit(limit);

export async function saveOutcomes(tx: Tx, id: ImportId, rows: readonly number[], outcome: Outcome): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .update(importRows)
    .set({ outcome })
    .where(and(eq(importRows.importId, id), sql`${importRows.row} = any(${sql.param([...rows])}::int[])`));
}

export async function rejectRow(tx: Tx, { importId, row }: StoredRow, reasons: readonly Reason[]): Promise<void> {
  await tx
    .update(importRows)
    .set({ outcome: 'rejected', reasons })
    .where(and(eq(importRows.importId, importId), eq(importRows.row, row)));
}

/** A row that looked right and is not: an error of the preview from now on. */
export async function markError(tx: Tx, { importId, row }: StoredRow, reasons: readonly Reason[]): Promise<void> {
  await tx
    .update(importRows)
    .set({ verdict: 'error', reasons })
    .where(and(eq(importRows.importId, importId), eq(importRows.row, row)));
}

export async function countOutcomes(reader: Reader, id: ImportId): Promise<Readonly<Record<string, number>>> {
  const rows = await reader
    .select({ outcome: importRows.outcome, verdict: importRows.verdict, count: sql<number>`count(*)::int` })
    .from(importRows)
    .where(and(eq(importRows.importId, id), sql`${importRows.outcome} is not null`))
    .groupBy(importRows.outcome, importRows.verdict);
  return Object.fromEntries(rows.map(({ outcome, verdict, count }) => [`${outcome}-${verdict}`, count]));
}

export async function findMapping(
  reader: Reader,
  businessId: BusinessId,
  fingerprint: string,
): Promise<Mapping | undefined> {
  const [row] = await reader
    .select({ mapping: importMappings.mapping })
    .from(importMappings)
    .where(and(eq(importMappings.businessId, businessId), eq(importMappings.fingerprint, fingerprint)));
  return row?.mapping;
}

export async function saveMapping(tx: Tx, row: typeof importMappings.$inferInsert): Promise<void> {
  const { mapping, savedAt } = row;
  await tx
    .insert(importMappings)
    .values(row)
    .onConflictDoUpdate({
      target: [importMappings.businessId, importMappings.fingerprint],
      set: { mapping, savedAt },
    });
}

/** Ends of long ago, oldest first, for forgetting. */
export const listForgettable = (reader: Reader, before: Date, limit: number): Promise<ImportRow[]> =>
  reader
    .select()
    .from(imports)
    .where(
      and(lt(imports.createdAt, before), inArray(imports.state, ['done', 'failed', 'cancelled', 'mapping', 'ready'])),
    )
    .orderBy(asc(imports.createdAt))
    .limit(limit);

export async function deleteImport(tx: Tx, id: ImportId): Promise<void> {
  await deleteImportRows(tx, id);
  await tx.delete(imports).where(eq(imports.id, id));
}

export const listSheetsSentBy = (reader: Reader, sentBy: string) =>
  reader
    .select({
      businessId: imports.businessId,
      fileName: imports.fileName,
      byteLength: imports.byteLength,
      state: imports.state,
      sentAt: imports.createdAt,
    })
    .from(imports)
    .where(eq(imports.sentBy, sentBy))
    .limit(10_000);
