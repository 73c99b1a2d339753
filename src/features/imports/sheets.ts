import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { parse } from 'csv-parse';
import { refusals } from '#core/problem.ts';
import { checkArchive, checkWorkbook, workbookLimits } from '#features/files/index.ts';
import { decodeText, findDelimiter, isBinary, isZip } from './rules/encoding.ts';
import { cellText, findHeadings } from './rules/headings.ts';
import { type Cell, importProblems, type SheetFacts, type SheetKind } from './types.ts';

const refuse = refusals(importProblems);

/** Enough for every business of the province at once; twice what the largest of them sells. */
const maxRows = 50_000;
const maxColumns = 200;
/** Of a CSV; a workbook is measured as it is inflated. */
export const maxSheetBytes = 20 * 1_048_576;
/** A record longer than this is a quotation mark that was never closed. */
const maxRecordBytes = 4 * 1_048_576;
const headingRows = 20;

/** How a file was read, and its records in order. */
export type Sheet = { readonly facts: SheetFacts; readonly records: () => AsyncIterable<readonly Cell[]> };

const checkSize = (row: number, width: number): void => {
  if (row > maxRows) throw refuse('sheet-too-long', { maxRows });
  if (width > maxColumns) throw refuse('sheet-too-wide', { maxColumns, columns: width });
};

async function* csvRecords(text: string, delimiter: string): AsyncIterable<readonly Cell[]> {
  const parser = parse(text, {
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: false,
    max_record_size: maxRecordBytes,
  });
  let row = 0;
  try {
    for await (const record of parser as AsyncIterable<readonly string[]>) {
      row += 1;
      checkSize(row, record.length);
      yield record;
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw code.startsWith('CSV_') ? refuse('sheet-damaged', { line: row + 1 }) : error;
  }
}

/** A file with that many lines is counted before any of it is worked off. A quoted cell may hold several of them. */
async function checkLength(text: string, delimiter: string): Promise<void> {
  let lines = 0;
  for (let at = text.indexOf('\n'); at !== -1 && lines <= maxRows; at = text.indexOf('\n', at + 1)) lines += 1;
  if (lines <= maxRows) return;
  for await (const _record of csvRecords(text, delimiter));
}

async function* rowsOf(rows: readonly (readonly Cell[])[]): AsyncIterable<readonly Cell[]> {
  yield* rows;
}

const widthOf = (record: readonly Cell[]): number => record.findLastIndex((cell) => cellText(cell) !== '') + 1;

/** Rows of the longest sheet, counted as it is unpacked: the parser would first build all of them. */
async function countRows(bytes: Buffer): Promise<void> {
  for (const { name, start, end, deflated } of checkArchive(bytes, workbookLimits)) {
    if (!/^xl\/worksheets\/[^/]+\.xml$/i.test(name)) continue;
    let rows = 0;
    let rest = '';
    const counter = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        const text = rest + chunk.toString('latin1');
        rows += text.split('<row').length - 1;
        // A tag may be cut in two between chunks.
        rest = text.slice(-3);
        done(rows > maxRows ? refuse('sheet-too-long', { maxRows }) : null);
      },
    });
    const packed = Readable.from([bytes.subarray(start, end)]);
    await (deflated ? pipeline(packed, createInflateRaw(), counter) : pipeline(packed, counter));
  }
}

async function readWorkbook(bytes: Buffer): Promise<readonly (readonly Cell[])[]> {
  // Loaded when the first workbook comes: a process that reads none starts without it.
  const { default: readSheets } = await import('read-excel-file/node');
  const sheets = await readSheets(bytes).catch((error: unknown) => {
    throw refuse('sheet-damaged', { cause: error instanceof Error ? error.name : 'unknown' });
  });
  const all = sheets.map(({ data }) => data as readonly (readonly Cell[])[]);
  const chosen = all.find((rows) => findHeadings(rows) !== undefined) ?? all.find((rows) => rows.length > 0) ?? [];
  checkSize(chosen.length, Math.max(0, ...chosen.slice(0, headingRows).map(widthOf)));
  return chosen;
}

async function firstOf(records: AsyncIterable<readonly Cell[]>): Promise<readonly (readonly Cell[])[]> {
  const first: (readonly Cell[])[] = [];
  for await (const record of records) {
    first.push(record);
    if (first.length === headingRows) break;
  }
  return first;
}

async function describe(
  records: () => AsyncIterable<readonly Cell[]>,
  how: { readonly kind: SheetKind; readonly encoding: string | null; readonly delimiter: string | null },
): Promise<Sheet> {
  const first = await firstOf(records());
  if (first.length === 0) throw refuse('sheet-empty');
  const at = findHeadings(first);
  const width = Math.max(...first.map(widthOf));
  const named = first[at ?? 0] ?? [];
  const headings = Array.from({ length: width }, (_, column) => cellText(named[column]).trim().slice(0, 200));
  return { facts: { ...how, headerRow: at === undefined ? null : at + 1, headings }, records };
}

/** Opens what somebody sent as a sheet, by its bytes and not by its name; 413, 415 or 422 when it is none that can be read. */
export async function openSheet(bytes: Buffer): Promise<Sheet> {
  if (isZip(bytes)) {
    await checkWorkbook(bytes);
    await countRows(bytes);
    const rows = await readWorkbook(bytes);
    return describe(() => rowsOf(rows), { kind: 'xlsx', encoding: null, delimiter: null });
  }
  const decoded = decodeText(bytes);
  if (!decoded) throw refuse(isBinary(bytes) ? 'sheet-type-refused' : 'sheet-encoding-unknown');
  if (isBinary(Buffer.from(decoded.text.slice(0, 4_000), 'utf8'))) throw refuse('sheet-type-refused');
  if (decoded.text.trim() === '') throw refuse('sheet-empty');
  const delimiter = findDelimiter(decoded.text);
  const text = decoded.text.replace(/^sep=.\r?\n/, '');
  await checkLength(text, delimiter);
  return describe(() => csvRecords(text, delimiter), { kind: 'csv', encoding: decoded.encoding, delimiter });
}
