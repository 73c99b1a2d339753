import { csvOf, guardCell } from '#core/spreadsheet.ts';
import type { Db } from '#db/client.ts';
import type { FileStore } from '#features/files/types.ts';
import { type ImportRow, listRows, type StoredRow } from './queries.ts';
import { cellText } from './rules/headings.ts';
import { openSheet } from './sheets.ts';
import { type Field, isRejection, type Mapping, type Reason, type SheetKind, saidOf } from './types.ts';

type Deps = { readonly db: Db; readonly store: FileStore };

const outcomes = {
  error: ['Bị từ chối', 'Rejected'],
  new: ['Thêm mới', 'New'],
  changed: ['Cập nhật', 'Changed'],
  unchanged: ['Không đổi', 'Unchanged'],
} as const;

const waits = 'Chờ duyệt / Waits for an officer';
const wordOf = ({ verdict, outcome }: StoredRow): string =>
  outcome === 'waiting' ? waits : outcomes[outcome === 'rejected' ? 'error' : verdict].join(' / ');
const reasonText = ({ code }: Reason): string => `${saidOf(code).join(' / ')} [${code}]`;

async function allRows(db: Db, { id }: ImportRow): Promise<ReadonlyMap<number, StoredRow>> {
  const found = new Map<number, StoredRow>();
  for (let after = 0; ; ) {
    const rows = await listRows(db, id, undefined, after, 5_000);
    for (const row of rows) found.set(row.row, row);
    const last = rows.at(-1);
    if (!last) return found;
    after = last.row;
  }
}

/** Columns of which some cell was refused or put right, in the order of the sheet. */
function toldColumns(rows: Iterable<StoredRow>, mapping: Mapping): ReadonlyMap<number, Field> {
  const told = new Map<number, Field>();
  for (const { reasons } of rows) {
    for (const { field } of reasons) {
      const column = field === null ? undefined : mapping[field];
      if (field !== null && column !== undefined) told.set(column, field);
    }
  }
  return told;
}

type Cell = { readonly text: string; readonly bad: boolean };
type Told = { readonly columns: ReadonlyMap<number, Field>; readonly mapping: Mapping };

/** What is said of the whole row, or of a content that has no column. */
const said = (reasons: readonly Reason[], { mapping }: Told): string =>
  reasons
    .filter(({ field }) => field === null || mapping[field] === undefined)
    .map(reasonText)
    .join('; ');

/** A record as it was sent, with what is said of a cell to the right of it. */
function besides(record: readonly string[], reasons: readonly Reason[], { columns }: Told): readonly Cell[] {
  return record.flatMap((text, column) => {
    const field = columns.get(column);
    if (field === undefined) return [{ text, bad: false }];
    const own = reasons.filter((reason) => reason.field === field);
    return [
      { text, bad: own.some(({ code }) => isRejection(code)) },
      { text: own.map(reasonText).join('; '), bad: false },
    ];
  });
}

async function tableOf({ db, store }: Deps, found: ImportRow): Promise<readonly (readonly Cell[])[]> {
  const { facts, mapping } = found;
  const bytes = await store.read(found.key);
  if (!facts || !mapping || !bytes) return [];
  const rows = await allRows(db, found);
  const told: Told = { columns: toldColumns(rows.values(), mapping), mapping };
  const plain = (text: string): Cell => ({ text, bad: false });
  const headings = facts.headings.flatMap((heading, column) =>
    told.columns.has(column) ? [plain(heading), plain(`${heading} – lý do / reason`)] : [plain(heading)],
  );
  const table: (readonly Cell[])[] = [[plain('Kết quả / Result'), plain('Lý do / Reason'), ...headings]];
  let number = 0;
  for await (const record of (await openSheet(bytes)).records()) {
    number += 1;
    const row = rows.get(number);
    if (!row) continue;
    const cells = facts.headings.map((_, column) => cellText(record[column]));
    table.push([plain(wordOf(row)), plain(said(row.reasons, told)), ...besides(cells, row.reasons, told)]);
  }
  return table;
}

/** The sheet as it was sent, with what became of each row and a reason beside each cell that was refused or put right. */
export async function createResult(deps: Deps, found: ImportRow, kind: SheetKind): Promise<Buffer> {
  const table = await tableOf(deps, found);
  if (kind === 'csv') return csvOf(table.map((row) => row.map(({ text }) => text)));
  const { default: writeWorkbook } = await import('write-excel-file/node');
  const sheet = table.map((row, index) =>
    row.map(({ text, bad }) => ({
      value: guardCell(text.slice(0, 32_000)),
      type: String,
      ...(bad ? { backgroundColor: '#ffd9d4' } : {}),
      ...(index === 0 ? { fontWeight: 'bold' as const } : {}),
    })),
  );
  return writeWorkbook(sheet, { stickyRowsCount: 1 }).toBuffer();
}
