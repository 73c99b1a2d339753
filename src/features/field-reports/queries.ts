import { eq, inArray, or } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Tx } from '#db/client.ts';
import type { FileId } from '#features/files/types.ts';
import { fieldReporters, fieldReportPhotos, fieldReports } from './tables.ts';
import type { FieldReportId } from './types.ts';

export type ReportRow = typeof fieldReports.$inferSelect;
export type ReporterRow = typeof fieldReporters.$inferSelect;

export async function insertReport(tx: Tx, report: ReportRow, reporter: ReporterRow): Promise<void> {
  await tx.insert(fieldReports).values(report);
  await tx.insert(fieldReporters).values(reporter);
}

export async function lockReport(tx: Tx, code: string): Promise<ReportRow | undefined> {
  const [row] = await tx.select().from(fieldReports).where(eq(fieldReports.code, code)).for('update');
  return row;
}

export async function saveReport(tx: Tx, id: FieldReportId, change: Partial<ReportRow>): Promise<void> {
  await tx.update(fieldReports).set(change).where(eq(fieldReports.id, id));
}

/** How many there are now; the caller holds the report's lock. */
export async function addPhotos(tx: Tx, reportId: FieldReportId, fileIds: readonly FileId[]): Promise<number> {
  const before = await tx
    .select({ place: fieldReportPhotos.place })
    .from(fieldReportPhotos)
    .where(eq(fieldReportPhotos.reportId, reportId));
  const rows = fileIds.map((fileId, index) => ({ reportId, fileId, place: before.length + index }));
  if (rows.length > 0) await tx.insert(fieldReportPhotos).values(rows);
  return before.length + rows.length;
}

/** Who reported is forgotten, with where they stood and what they photographed; what is wrong with the goods is not theirs alone. */
export async function forgetReporter(
  tx: Tx,
  { phone, accountId }: { readonly phone: string | null; readonly accountId: Id<'Account'> },
): Promise<void> {
  const own = or(eq(fieldReporters.accountId, accountId), phone === null ? undefined : eq(fieldReporters.phone, phone));
  const gone = { phone: null, accountId: null, wardCode: null, latitude: null, longitude: null };
  const rows = await tx.update(fieldReporters).set(gone).where(own).returning({ id: fieldReporters.reportId });
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await tx.delete(fieldReportPhotos).where(inArray(fieldReportPhotos.reportId, ids));
}
