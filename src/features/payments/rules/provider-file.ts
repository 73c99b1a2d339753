import { sumVnd, type Vnd, vnd } from '#core/money.ts';
import { readAmount } from '#core/spreadsheet.ts';
import { clean, fold } from '#core/vietnamese.ts';
import type { PassedKind } from '../types.ts';

/** A line of what a provider says it passed on. `line` is its place in the file, from 1; money that went back is negative. */
export type PassedLine = {
  readonly line: number;
  readonly kind: PassedKind;
  readonly reference: string;
  readonly grossVnd: Vnd;
  readonly feeVnd: Vnd;
};
export type PassedFile = {
  readonly lines: readonly PassedLine[];
  readonly grossVnd: Vnd;
  readonly feeVnd: Vnd;
};

/**
 * What providers call their columns: Stripe's itemised payout reconciliation, VNPAY's and others' reports in Vietnamese.
 * A charge is named by the payment, what followed it by the movement itself.
 */
const headings = {
  kind: /^(reporting category|type|loai( giao dich| gd)?$)/,
  payment: /^(payment intent id|vnp transactionno|ma (gd|giao dich)( vnpay| cong)?$|reference$)/,
  source: /^(source id|ma (gd|giao dich) hoan|ma hoan( tien)?$)/,
  gross: /^(gross|amount|so tien( giao dich| gd)?$|gia tri)/,
  fee: /^(fee|phi|tong phi)/,
  net: /^(net|thuc nhan|so tien thuc)/,
  currency: /^(currency|tien te|loai tien)/,
} as const;
type Column = keyof typeof headings;
type Columns = Partial<Readonly<Record<Column, number>>>;

const kinds: readonly (readonly [RegExp, PassedKind])[] = [
  [/^(dispute reversal|hoan tra tranh chap)/, 'dispute-won'],
  [/^(dispute|chargeback|tranh chap|khieu nai)/, 'dispute'],
  [/^(refund|hoan)/, 'refund'],
  [/^(charge|payment|thanh toan)/, 'charge'],
  [/^(fee|network cost|phi|tax)/, 'fee'],
];

const plain = (text: string): string =>
  fold(clean(text))
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

function columnsOf(row: readonly string[]): Columns {
  const names = row.map(plain);
  const found = Object.entries(headings).map(([column, pattern]) => [
    column,
    names.findIndex((name) => pattern.test(name)),
  ]);
  return Object.fromEntries(found.filter(([, at]) => Number(at) >= 0)) as Columns;
}

/** What is wrong in which line of the file. */
export type FileFault = {
  readonly line: number;
  readonly why: 'heading' | 'kind' | 'reference' | 'amount' | 'currency';
};

type Cells = (column: Column) => string;

/** Why the amounts of a line cannot be right. */
function amountsOf(cell: Cells, columns: Columns): { readonly gross: number; readonly fee: number } | FileFault['why'] {
  if (columns.currency !== undefined && cell('currency').toLowerCase() !== 'vnd') return 'currency';
  const [gross, fee] = [readAmount(cell('gross')), readAmount(cell('fee'))];
  if (columns.net !== undefined && readAmount(cell('net')) !== gross - fee) return 'amount';
  return { gross, fee };
}

function lineOf(row: readonly string[], columns: Columns, line: number): PassedLine | FileFault {
  const cell: Cells = (column) => clean(row[columns[column] ?? -1] ?? '');
  const kind = kinds.find(([pattern]) => pattern.test(plain(cell('kind'))))?.[1];
  if (!kind) return { line, why: 'kind' };
  const amounts = amountsOf(cell, columns);
  if (typeof amounts === 'string') return { line, why: amounts };
  const { gross, fee } = amounts;
  // A fee of its own stands in the column of amounts, as money that leaves.
  if (kind === 'fee') return { line, kind, reference: `fee:${line}`, grossVnd: vnd(0), feeVnd: vnd(fee - gross) };
  const reference = (kind === 'charge' ? cell('payment') : cell('source') || cell('payment')).slice(0, 200);
  if (reference === '') return { line, why: 'reference' };
  const comesIn = kind === 'charge' || kind === 'dispute-won';
  if (gross === 0 || (comesIn && gross < 0)) return { line, why: 'amount' };
  // Some write what went back without a sign.
  return { line, kind, reference, grossVnd: vnd(comesIn ? gross : -Math.abs(gross)), feeVnd: vnd(fee) };
}

/** Reads a provider's file, whatever stands above its table; the first fault when a line cannot be understood. */
export function readProviderFile(rows: readonly (readonly string[])[]): PassedFile | FileFault {
  const at = rows.slice(0, 60).findIndex((row) => {
    const { kind, gross, payment, source } = columnsOf(row);
    return kind !== undefined && gross !== undefined && (payment ?? source) !== undefined;
  });
  if (at < 0) return { line: 1, why: 'heading' };
  const columns = columnsOf(rows[at] ?? []);
  const lines: PassedLine[] = [];
  for (const [offset, row] of rows.slice(at + 1).entries()) {
    // Sums below the table have no kind.
    if (clean(row[columns.kind ?? -1] ?? '') === '') continue;
    const read = lineOf(row, columns, at + offset + 2);
    if ('why' in read) return read;
    lines.push(read);
  }
  if (lines.length === 0) return { line: at + 1, why: 'heading' };
  return {
    lines,
    grossVnd: sumVnd(lines.map(({ grossVnd }) => grossVnd)),
    feeVnd: sumVnd(lines.map(({ feeVnd }) => feeVnd)),
  };
}

/** What the books of the exchange say of a line. */
export type OurLine = { readonly kind: PassedKind; readonly reference: string; readonly amountVnd: Vnd };
export type Difference = {
  readonly line: number;
  readonly reference: string;
  readonly theirsVnd: Vnd;
  /** Null: nothing of this name is known here. */
  readonly oursVnd: Vnd | null;
};

const nameOf = ({ kind, reference }: Pick<OurLine, 'kind' | 'reference'>): string => `${kind} ${reference}`;

/** Lines that are unknown here, of another amount, or told twice. What the provider keeps is its own to say. */
export function differencesOf(lines: readonly PassedLine[], ours: readonly OurLine[]): readonly Difference[] {
  const known = new Map(ours.map((line) => [nameOf(line), line.amountVnd]));
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    if (line.kind === 'fee') return [];
    const name = nameOf(line);
    const oursVnd = known.get(name) ?? null;
    const isRepeated = seen.has(name);
    seen.add(name);
    const { reference, grossVnd: theirsVnd } = line;
    return oursVnd === theirsVnd && !isRepeated ? [] : [{ line: line.line, reference, theirsVnd, oursVnd }];
  });
}
