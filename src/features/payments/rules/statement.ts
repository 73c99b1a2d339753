import { type Vnd, vnd } from '#core/money.ts';
import { readAmount } from '#core/spreadsheet.ts';
import { clean, fold } from '#core/vietnamese.ts';

/** A line as a bank's statement has it. Day and time are the bank's clock, in Vietnam. */
export type StatementLine = {
  readonly day: string;
  /** Empty where the statement gives days only. */
  readonly time: string;
  readonly direction: 'in' | 'out';
  readonly amountVnd: Vnd;
  readonly reference: string;
  readonly content: string;
};

/** What Vietnamese banks call their columns. The first that fits is taken. */
const headings = {
  day: /^(ngay( giao dich| gd| hieu luc| hach toan)?|thoi gian( giao dich)?|transaction date|date|posting date)/,
  reference:
    /^(so tham chieu|ma (giao dich|gd|tham chieu)|so (gd|but toan|ct)|reference|ref|transaction (id|no)|but toan)/,
  credit: /^(ghi co|so tien ghi co|phat sinh co|tien vao|credit)/,
  debit: /^(ghi no|so tien ghi no|phat sinh no|tien ra|debit)/,
  amount: /^(so tien|gia tri|amount)/,
  content: /^(noi dung|dien giai|mo ta|chi tiet|description|content|remark)/,
} as const;
type Column = keyof typeof headings;
type Columns = Partial<Readonly<Record<Column, number>>>;

const columnsOf = (row: readonly string[]): Columns => {
  const names = row.map((cell) =>
    fold(clean(cell))
      .replace(/[^a-z ]/g, ' ')
      .trim(),
  );
  const found = Object.entries(headings).map(([column, pattern]) => [
    column,
    names.findIndex((name) => pattern.test(name)),
  ]);
  return Object.fromEntries(found.filter(([, at]) => Number(at) >= 0)) as Columns;
};

const isHeading = (columns: Columns): boolean =>
  columns.day !== undefined &&
  columns.content !== undefined &&
  (columns.amount !== undefined || columns.credit !== undefined);

/** Day and time in the forms of banks: `23/11/2026 14:02:37`, `23-11-2026`, `2026-11-23T14:02`. */
export function readMoment(text: string): { readonly day: string; readonly time: string } | undefined {
  const turned = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})/.exec(text);
  const plain = /^(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})/.exec(text);
  const [year, month, date] = turned ? [turned[3], turned[2], turned[1]] : plain ? plain.slice(1) : [];
  const day = [year, month?.padStart(2, '0'), date?.padStart(2, '0')].join('-');
  if (!/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day) || Number.isNaN(Date.parse(day))) return undefined;
  const [, hours, minutes, seconds = '00'] = /(\d{2}):(\d{2})(?::(\d{2}))?/.exec(text) ?? [];
  return { day, time: hours === undefined ? '' : `${hours}:${minutes}:${seconds}` };
}

function lineOf(row: readonly string[], columns: Columns): StatementLine | undefined {
  const cell = (column: Column): string => clean(row[columns[column] ?? -1] ?? '');
  const moment = readMoment(cell('day'));
  const [credit, debit] = [Math.abs(readAmount(cell('credit'))), Math.abs(readAmount(cell('debit')))];
  const signed = columns.credit === undefined ? readAmount(cell('amount')) : credit - debit;
  // Totals and balances between the lines have no date or no amount.
  if (!moment || signed === 0) return undefined;
  return {
    ...moment,
    direction: signed > 0 ? 'in' : 'out',
    amountVnd: vnd(Math.abs(signed)),
    reference: cell('reference').slice(0, 200),
    content: cell('content').slice(0, 2_000),
  };
}

/** The lines of a statement, whatever stands above and below its table; none when there is no table in it. */
export function readStatement(rows: readonly (readonly string[])[]): readonly StatementLine[] {
  const at = rows.slice(0, 60).findIndex((row) => isHeading(columnsOf(row)));
  if (at < 0) return [];
  const columns = columnsOf(rows[at] ?? []);
  return rows.slice(at + 1).flatMap((row) => lineOf(row, columns) ?? []);
}
