import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { csvOf, guardCell, type TableCell } from '#core/spreadsheet.ts';
import type { Db } from '#db/client.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { EXPORT_TABLES, type ExportFormat, type ExportTable, exportProblems, type Table } from './types.ts';
import { listBusinesses, readTable } from './views.ts';

const refuse = refusals(exportProblems);
export type Exports = ReturnType<typeof createExports>;
export type ExportRequest = {
  readonly businessId: BusinessId;
  readonly format: ExportFormat;
  readonly table?: ExportTable | undefined;
};
type Named = readonly [ExportTable, Table];

/** Both languages in one heading would be recognised by nothing; the Vietnamese one is what sellers know. */
const headingsOf = ({ columns }: Table): readonly string[] => columns.map(([, vi]) => vi);
const cellsOf = ({ columns, rows }: Table): readonly (readonly TableCell[])[] =>
  rows.map((row) => columns.map(([key]) => row[key] ?? null));
const csv = (table: Table): Buffer => csvOf([headingsOf(table), ...cellsOf(table)]);

async function zip(tables: readonly Named[]): Promise<Buffer> {
  const { zipSync } = await import('fflate');
  const files = tables.map(([name, table]) => [`${name}.csv`, new Uint8Array(csv(table))] as const);
  return Buffer.from(zipSync(Object.fromEntries(files), { level: 6 }));
}

/** What a cell of a workbook can hold. */
const maxCell = 32_000;

async function xlsx(tables: readonly Named[]): Promise<Buffer> {
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const sheets = tables.map(([name, table]) => ({
    sheet: name,
    stickyRowsCount: 1,
    data: [
      headingsOf(table).map((value) => ({ value, type: String, fontWeight: 'bold' as const })),
      ...cellsOf(table).map((row) =>
        row.map((cell) =>
          typeof cell === 'string' ? { value: guardCell(cell.slice(0, maxCell)), type: String } : cell,
        ),
      ),
    ],
  }));
  return writeWorkbook(sheets).toBuffer();
}

const json = (at: Date, businessId: BusinessId, tables: readonly Named[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      businessId,
      exportedAt: at.toISOString(),
      tables: Object.fromEntries(tables.map(([name, { rows }]) => [name, rows])),
    }),
  );

/** In one transaction, so that the tables are of one moment. */
const readAll = (db: Db, businessId: BusinessId, names: readonly ExportTable[]): Promise<readonly Named[]> =>
  readAsSeller(db, [businessId], async (reader) => {
    const read: Named[] = [];
    for (const name of names) read.push([name, await readTable(reader, name, businessId)]);
    return read;
  });

async function write(
  format: ExportFormat,
  tables: readonly Named[],
  at: Date,
  businessId: BusinessId,
): Promise<Buffer> {
  const [first] = tables;
  if (format === 'csv' && first) return csv(first[1]);
  if (format === 'zip') return zip(tables);
  return format === 'xlsx' ? xlsx(tables) : json(at, businessId, tables);
}

export const createExports = ({ db, now }: { readonly db: Db; readonly now: Clock }) => ({
  listBusinesses: (businessIds: readonly BusinessId[]) =>
    readAsSeller(db, businessIds, (reader) => listBusinesses(reader, businessIds)),
  /** Everything that is a business's own, or one table of it, as a file. 422 for a business that is none of these. */
  file: async (businessIds: readonly BusinessId[], { businessId, format, table }: ExportRequest): Promise<Buffer> => {
    if (!businessIds.includes(businessId)) throw refuse('export-business-unclear');
    if (format === 'csv' && !table) throw refuse('export-table-missing');
    return write(format, await readAll(db, businessId, table ? [table] : EXPORT_TABLES), now(), businessId);
  },
});
