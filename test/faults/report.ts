import type { Counted } from '#test/support/scale.ts';

/** For each target what is counted towards it, and how many of it there must be. */
export type Targets = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** What one run of all fault tests with one seed came to. */
export type SeedRun = {
  readonly seed: number;
  readonly counted: readonly Counted[];
  readonly files: readonly {
    readonly file: string;
    readonly ms: number;
    /** Names of the tests that failed, or of the file when it could not be run at all. */
    readonly red: readonly string[];
  }[];
  /** What is wrong with the run as a whole: an error that no test caught, or no result at all. */
  readonly broken: string | undefined;
};

export type Row = {
  readonly target: string;
  readonly what: string;
  readonly perSeed: readonly string[];
  readonly whole: string;
  readonly wanted: string;
  readonly end: 'reached' | 'short' | 'red' | '';
  readonly minutes: string;
};

const number = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 10 ? 2 : 0 });
const unique = (items: readonly string[]): string[] => [...new Set(items)];
const order = (target: string): number => Number(target.slice(1));
const ofTarget = ({ counted }: SeedRun, target: string): readonly Counted[] =>
  counted.filter((one) => one.target === target);
const sumOf = (counted: readonly Counted[], what: string): number | undefined => {
  const found = counted.flatMap(({ counts }) => counts[what] ?? []);
  return found.length > 0 ? found.reduce((sum, one) => sum + one, 0) : undefined;
};

/** The files in which this target is counted; a file that fails before it counts is red by itself. */
const filesOf = (runs: readonly SeedRun[], target: string): readonly string[] =>
  unique(runs.flatMap((run) => ofTarget(run, target).map(({ file }) => file)));

function rowsOf(runs: readonly SeedRun[], target: string, wants: Readonly<Record<string, number>>): Row[] {
  const all = runs.flatMap((run) => ofTarget(run, target));
  const own = filesOf(runs, target);
  const files = runs.flatMap((run) => run.files.filter(({ file }) => own.includes(file)));
  const isRed = files.some(({ red }) => red.length > 0);
  const minutes = number(files.reduce((sum, { ms }) => sum + ms, 0) / 60_000);
  const counts = unique([...Object.keys(wants), ...all.flatMap((one) => Object.keys(one.counts))]).map((what): Row => {
    const sum = sumOf(all, what);
    const wanted = wants[what];
    const reached = (sum ?? 0) >= (wanted ?? 0);
    return {
      target,
      what,
      perSeed: runs.map((run) => number(sumOf(ofTarget(run, target), what) ?? 0)),
      whole: number(sum ?? 0),
      wanted: wanted === undefined ? '' : `≥ ${number(wanted)}`,
      end: wanted === undefined ? '' : isRed ? 'red' : reached ? 'reached' : 'short',
      minutes,
    };
  });
  const span = (counted: readonly Counted[], what: string): string => {
    const found = counted.flatMap(({ measured }) => measured[what] ?? []);
    return unique([Math.min(...found), Math.max(...found)].filter(Number.isFinite).map(number)).join(' to ');
  };
  const measures = unique(all.flatMap((one) => Object.keys(one.measured))).map(
    (what): Row => ({
      target,
      what,
      perSeed: runs.map((run) => span(ofTarget(run, target), what)),
      whole: span(all, what),
      wanted: '',
      end: '',
      minutes,
    }),
  );
  return [...counts, ...measures];
}

/** A row for everything that was counted. `isWhole` says that all files ran, so that no target may be missing. */
export function reportOf(runs: readonly SeedRun[], isWhole: boolean, targets: Targets): readonly Row[] {
  const seen = unique([
    ...(isWhole ? Object.keys(targets) : []),
    ...runs.flatMap((run) => run.counted.map(({ target }) => target)),
  ]);
  return seen.toSorted((a, b) => order(a) - order(b)).flatMap((target) => rowsOf(runs, target, targets[target] ?? {}));
}

/** Sentences on everything that went wrong; none when all is green. */
export const redOf = (runs: readonly SeedRun[]): readonly string[] =>
  runs.flatMap(({ seed, files, broken }) => [
    ...files.flatMap(({ file, red }) => red.map((name) => `seed ${seed}, ${file}: ${name}`)),
    ...(broken ? [`seed ${seed}: ${broken}`] : []),
  ]);

/** A table for a terminal; a target is named in its first row. */
export function tableOf(rows: readonly Row[], seeds: readonly number[]): string {
  const head = ['', 'counted', ...seeds.map((seed) => `seed ${seed}`), 'whole', 'wanted', '', 'minutes'];
  const isFirst = (row: Row, nth: number): boolean => rows[nth - 1]?.target !== row.target;
  const cells = rows.map((row, nth) => [
    isFirst(row, nth) ? row.target : '',
    row.what,
    ...row.perSeed,
    row.whole,
    row.wanted,
    row.end,
    isFirst(row, nth) ? row.minutes : '',
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const isText = (column: number): boolean => column < 2 || column === head.length - 2;
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), ...cells.map(line)].join('\n');
}
