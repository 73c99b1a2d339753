import { parse } from 'csv-parse';
import { PullFailure } from '../../engine/failure.ts';
import { FIELDS, type Field, type Goods, maxFieldLength } from '../goods/goods.ts';
import type { GoodsSettings } from '../goods/settings.ts';
import { decodeTable } from './decode.ts';

const maxColumns = 200;
/** A longer record is a quotation mark that was never closed. */
const maxRecordBytes = 4 * 1_048_576;
const workbook = Buffer.from('PK\u0003\u0004', 'latin1');
const delimiters = [',', ';', '\t'] as const;

/** Rows of a table file as goods. Throws PullFailure for what is no table, or one whose text cannot be told. */
export async function* readTable(bytes: Buffer, settings: GoodsSettings): AsyncGenerator<Goods> {
  const text = textOf(bytes, settings);
  const parser = parse(text.replace(/^sep=.\r?\n/, ''), {
    bom: true,
    delimiter: settings.delimiter ?? findDelimiter(text),
    max_record_size: maxRecordBytes,
    skip_empty_lines: true,
  });
  let columns: readonly (Field | undefined)[] | undefined;
  try {
    for await (const cells of parser as AsyncIterable<readonly string[]>) {
      if (columns) yield goodsOf(columns, cells);
      else columns = columnsOf(cells, settings.columns ?? {});
    }
  } catch (cause) {
    if (cause instanceof PullFailure) throw cause;
    const reason = cause instanceof Error ? cause.message : '';
    throw new PullFailure('malformed', `no table: ${reason.slice(0, 200)}`, { cause });
  }
}

function textOf(bytes: Buffer, { encoding }: GoodsSettings): string {
  if (bytes.subarray(0, 4).equals(workbook)) {
    throw new PullFailure('malformed', 'a workbook: the partner must publish it as CSV');
  }
  const text = decodeTable(bytes, encoding);
  if (text === undefined) {
    throw new PullFailure('malformed', 'the text table is not certain: settings must name `encoding`');
  }
  if (text.slice(0, 4_000).includes('\0')) throw new PullFailure('malformed', 'the file holds no text');
  return text;
}

/** What most of the first lines have, and have alike. */
function findDelimiter(text: string): string {
  const said = /^sep=(.)\r?\n/.exec(text)?.[1];
  if (said) return said;
  const lines = text
    .slice(0, 50_000)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split(/\r?\n/)
    .slice(0, 20);
  const score = (delimiter: string): number => {
    const counts = lines.map((line) => line.split(delimiter).length - 1).filter((count) => count > 0);
    const most = Math.max(0, ...counts);
    return counts.filter((count) => count === most).length * most;
  };
  return [...delimiters].sort((a, b) => score(b) - score(a))[0] ?? ',';
}

const plain = (heading: string): string => heading.normalize('NFC').trim().toLowerCase();

/** Which field each column fills: by the partner's settings, else by Google's names, written with `_`, ` ` or `g:`. */
function columnsOf(
  headings: readonly string[],
  mapping: Readonly<Record<string, string>>,
): readonly (Field | undefined)[] {
  if (headings.length > maxColumns) throw new PullFailure('malformed', `${headings.length} columns`);
  const mapped = new Map(FIELDS.flatMap((field) => (mapping[field] ? [[plain(mapping[field]), field] as const] : [])));
  const own = new Map<string, Field>(FIELDS.filter((field) => !mapping[field]).map((field) => [field, field]));
  const columns = headings.map((heading) => {
    const name = plain(heading);
    return mapped.get(name) ?? own.get(name.replace(/^g:/, '').replace(/ /g, '_'));
  });
  const missing = (['id', 'price'] as const).filter((field) => !columns.includes(field));
  if (missing.length > 0) throw new PullFailure('malformed', `no column for ${missing.join(', ')}`);
  return columns;
}

/** An apostrophe before what looks like a formula is how tables say that it is text; it is no part of it. */
const textOfCell = (cell: string): string => cell.slice(0, maxFieldLength).replace(/^'(?=[=+\-@\t\r])/, '');

function goodsOf(columns: readonly (Field | undefined)[], cells: readonly string[]): Goods {
  const goods: Partial<Record<Field, string>> = {};
  for (const [index, field] of columns.entries()) {
    const cell = textOfCell(cells[index] ?? '');
    if (field && cell && !goods[field])
      goods[field] = field === 'additional_image_link' ? cell.replaceAll(',', '\n') : cell;
  }
  return goods;
}
