import { Readable } from 'node:stream';
import { csvOf } from '#core/spreadsheet.ts';
import type { ExportFormat } from './types.ts';
import type { LogEntry } from './views.ts';

const columns = [
  'happenedAt',
  'actor',
  'actorName',
  'onBehalfOf',
  'businessName',
  'action',
  'subjectKind',
  'subjectId',
  'before',
  'after',
  'reason',
  'address',
  'entryId',
] as const;

const cellOf = (value: LogEntry[(typeof columns)[number]]): string => {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'string' ? value : JSON.stringify(value);
};
const bomBytes = 3;
const mediaTypes = { csv: 'text/csv; charset=utf-8', json: 'application/json; charset=utf-8' } as const;

async function* asCsv(pages: AsyncIterable<readonly LogEntry[]>): AsyncGenerator<Buffer> {
  yield csvOf([columns]);
  for await (const page of pages)
    yield csvOf(page.map((entry) => columns.map((column) => cellOf(entry[column])))).subarray(bomBytes);
}

async function* asJson(pages: AsyncIterable<readonly LogEntry[]>): AsyncGenerator<string> {
  yield '[';
  let separator = '\n';
  for await (const page of pages)
    for (const entry of page) {
      yield separator + JSON.stringify(entry);
      separator = ',\n';
    }
  yield '\n]\n';
}

/** The log as a file, made while it is being sent: however long it is, a few hundred acts are held at once. */
export const fileOf = (pages: AsyncIterable<readonly LogEntry[]>, format: ExportFormat) => ({
  stream: Readable.from(format === 'csv' ? asCsv(pages) : asJson(pages)),
  headers: {
    'content-type': mediaTypes[format],
    'content-disposition': `attachment; filename="nhat-ky.${format}"`,
    'cache-control': 'no-store',
  },
});
