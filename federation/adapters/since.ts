import { parseBoundedJson } from '../engine/bounded-json.ts';
import { PullFailure } from '../engine/failure.ts';
import type { Checkpoint, Page, SourceRecord } from './adapter.ts';

/** Which rows to read: those changed after an instant, oldest change first, or all in a fixed order. */
export type Window = { readonly after: string | undefined; readonly skip: number; readonly take: number };
export type Rows = {
  /** One a row, in the order of the rows. */
  readonly keys: readonly string[];
  /** When each row was last changed; empty where that is not asked. */
  readonly changedAt: readonly string[];
  /** May be more or fewer than the rows: a product has several offers. */
  readonly records: readonly SourceRecord[];
  /** Of all rows that the window is cut from. */
  readonly total: number;
  /** The system's own clock; NaN when it does not tell. */
  readonly serverNow: number;
};
export type Reading = (window: Window) => Promise<Rows>;

/** `fullAt`: when a reading of everything last began. */
type Position = { readonly after: string | undefined; readonly skip: number; readonly fullAt: string };

/**
 * What a shop takes up again (a product put into a channel, a draft published) can keep its old date and so never
 * comes after the checkpoint: once a day everything is read.
 */
const fullEveryMs = 86_400_000;

/** The position that a checkpoint names; the beginning when it names none that can be read, or the day is over. */
export function positionOf(from: Checkpoint | undefined, now: Date): Position {
  const start = { after: undefined, skip: 0, fullAt: now.toISOString() };
  if (from === undefined) return start;
  const { after, skip, fullAt } = Object(parseQuietly(from));
  const age = now.getTime() - Date.parse(fullAt);
  const isValid = Number.isSafeInteger(skip) && skip >= 0 && (after === undefined || isInstant(after));
  return isValid && age >= 0 && age < fullEveryMs ? { after, skip, fullAt } : start;
}

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const checkpointOf = (position: Position): Checkpoint => JSON.stringify(position);

function parseQuietly(text: string): unknown {
  try {
    return parseBoundedJson(Buffer.from(text));
  } catch {
    return undefined;
  }
}

type SinceOptions = {
  readonly maxPage: number;
  readonly overlapMs: number;
  readonly now: () => Date;
};

/**
 * Pages of what changed since, oldest first. The window moves on by the instant of its last row instead of a number of
 * rows: a row that is edited meanwhile moves to the end, and by numbers the next page would leave one out. Rows that
 * share an instant beyond a whole page are counted.
 */
export async function* readSince(start: Position, options: SinceOptions, read: Reading): AsyncGenerator<Page> {
  let position = start;
  let before: ReadonlySet<string> = new Set();
  for (;;) {
    const rows = await read({ after: position.after, skip: position.skip, take: options.maxPage });
    const names = rows.keys.map((key, i) => `${key} ${rows.changedAt[i]}`);
    // One row is one record here. What the page before gave already would look like a feed that repeats itself.
    const known = before;
    const records = rows.records.filter((_, i) => !known.has(names[i] ?? ''));
    before = new Set(names);
    const complete = isLast(rows, position.skip);
    position = complete ? afterLast(position, rows, options) : afterPage(position, rows);
    yield { records, next: checkpointOf(position), complete };
    if (complete) return;
  }
}

const isLast = ({ keys, total }: Rows, skip: number): boolean => keys.length === 0 || skip + keys.length >= total;

/** A millisecond earlier, since some filters leave the very instant out and some databases keep more digits than they say. */
const before = (ms: number): string => new Date(ms - 1).toISOString();

function afterPage({ after, skip, fullAt }: Position, { keys, changedAt }: Rows): Position {
  const last = Date.parse(changedAt.at(-1) ?? '');
  if (Number.isNaN(last)) throw new PullFailure('malformed', 'a row does not say when it was changed');
  const isFurther = after === undefined || last - 1 > Date.parse(after);
  return isFurther ? { after: before(last), skip: 0, fullAt } : { after, skip: skip + keys.length, fullAt };
}

/** Not beyond the overlap: what began earlier there may be committed, and so seen, later. */
function afterLast({ after, fullAt }: Position, { changedAt, serverNow }: Rows, options: SinceOptions): Position {
  const last = Date.parse(changedAt.at(-1) ?? '');
  if (Number.isNaN(last)) return { after, skip: 0, fullAt };
  const clock = Number.isNaN(serverNow) ? options.now().getTime() : serverNow;
  return { after: before(Math.min(last, clock - options.overlapMs)), skip: 0, fullAt };
}

/**
 * Pages of all there is, for lanes whose changes no date tells. What slips between two pages while rows vanish comes with
 * the next reading; a reading that was interrupted goes on where it stood.
 */
export async function* readByOffset(start: Position, take: number, read: Reading): AsyncGenerator<Page> {
  let { skip } = start;
  for (;;) {
    const rows = await read({ after: undefined, skip, take });
    const complete = isLast(rows, skip);
    skip = complete ? 0 : skip + rows.keys.length;
    yield { records: rows.records, next: checkpointOf({ after: undefined, skip, fullAt: start.fullAt }), complete };
    if (complete) return;
  }
}

/**
 * All rows, or none: throws PullFailure `snapshot-mismatch` when something moved meanwhile, since who sweeps takes for
 * gone what is not named here. Every page begins with the last row of the one before, which shows that nothing slipped.
 */
export async function* readAll(take: number, read: Reading): AsyncGenerator<Rows> {
  let [seen, total, last]: [number, number | undefined, string | undefined] = [0, undefined, undefined];
  for (;;) {
    const rows = await read({ after: undefined, skip: Math.max(0, seen - 1), take });
    const [first] = rows.keys;
    total ??= rows.total;
    if (rows.total !== total || (last !== undefined && first !== last)) {
      throw new PullFailure('snapshot-mismatch', 'rows came or went while they were counted');
    }
    yield rows;
    seen = Math.max(0, seen - 1) + rows.keys.length;
    if (seen >= total) return;
    if (rows.keys.length < 2) throw new PullFailure('snapshot-mismatch', `${seen} rows of ${total}`);
    last = rows.keys.at(-1);
  }
}
