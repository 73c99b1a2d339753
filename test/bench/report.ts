import { cpus, totalmem } from 'node:os';
import type { Compared } from './rounds.ts';

/** One line of the table. `value` and `target` are said in `unit`; a ratio is ours over the limit of the same run. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 's' | 'ms' | 'MB' | 'kB' | 'records/s' | 'entries/s';
  readonly target: { readonly atLeast: number } | { readonly atMost: number } | undefined;
  /** What else was seen, for information. */
  readonly note: string;
};

const perSecond = (rate: number): string => `${rate < 100 ? rate.toFixed(1) : Math.round(rate)}/s`;
const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

export const ratioOf = (name: string, { ours, limit, ratio }: Compared, atLeast: number): Figure => ({
  name,
  value: ratio,
  unit: 'ratio',
  target: { atLeast },
  note: `${perSecond(ours.rate)} of ${perSecond(limit.rate)}; p50 ${ms(ours.p50Ms)}, p99 ${ms(ours.p99Ms)} (limit ${ms(limit.p50Ms)}, ${ms(limit.p99Ms)})`,
});

export const isReached = ({ value, target }: Figure): boolean =>
  target === undefined || ('atLeast' in target ? value >= target.atLeast : value <= target.atMost);

const shown = ({ value, unit }: Figure): string =>
  unit === 'ratio' ? value.toFixed(2) : `${value < 10 ? value.toFixed(2) : Math.round(value)} ${unit}`;
const wanted = ({ target }: Figure): string => {
  if (target === undefined) return '';
  return 'atLeast' in target ? `≥ ${target.atLeast}` : `≤ ${target.atMost}`;
};

export const machine = () => ({
  node: process.version,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? '',
  memoryMb: Math.round(totalmem() / 1_048_576),
});

/** A table for a terminal. */
export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    shown(figure),
    wanted(figure),
    figure.target === undefined ? '' : isReached(figure) ? 'reached' : 'short',
    figure.note,
  ]);
  const head = ['Figure', 'Value', 'Target', '', 'Seen'];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...rows.map(line)].join('\n');
}
