import type { Clock } from '#core/clock.ts';
import { growFreely } from '#core/heap.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import {
  findImport,
  type ImportRow,
  listWaiting,
  markError,
  noteDone,
  rejectRow,
  type StoredRow,
  saveOutcomes,
  tryLockBusiness,
  updateImport,
} from './queries.ts';
import { type Finding, findHeld, type OnProgress } from './reading.ts';
import type { ImportId, Reason } from './types.ts';
import { type Found, type Goods, isOutdated, type Written } from './writing.ts';

export type ApplyingDeps = Finding & {
  readonly db: Db;
  readonly goods: Goods;
  readonly now: Clock;
  /** Adds the job that makes a new preview. */
  readonly readAgain: (tx: Tx, id: ImportId) => Promise<void>;
};

const chunkRows = 500;
const changedSince: Reason = { field: null, code: 'CHANGED_SINCE_PREVIEW' };

/** The goods are not as the preview showed them, and all or nothing was asked for. */
class OutdatedError extends Error {
  override readonly name = 'OutdatedError';
}
/** The products' own rules refused a row, and all or nothing was asked for. */
class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly rows: readonly Refused[];
  constructor(rows: readonly Refused[]) {
    super(`${rows.length} rows were refused`);
    this.rows = rows;
  }
}
/** Somebody called it off while it was written. */
class CalledOffError extends Error {
  override readonly name = 'CalledOffError';
}

type Refused = Extract<Written, { readonly refused: Reason }>;
const isRefused = (one: Written): one is Refused => 'refused' in one;

/** Whole products only: rows of one are written together or not at all. */
function wholeProducts(rows: readonly StoredRow[]): readonly StoredRow[] {
  const last = rows.at(-1)?.productKey;
  const whole = rows.filter(({ productKey }) => productKey !== last);
  return rows.length <= chunkRows || whole.length === 0 ? rows : whole;
}

async function keepOutcomes(tx: Tx, id: ImportId, done: readonly Written[]): Promise<void> {
  for (const { row, refused } of done.filter(isRefused)) await rejectRow(tx, row, [...row.reasons, refused]);
  for (const outcome of ['written', 'waiting'] as const) {
    const rows = done.filter((one) => !isRefused(one) && one.outcome === outcome);
    await saveOutcomes(
      tx,
      id,
      rows.map(({ row }) => row.row),
      outcome,
    );
  }
}

/** Writes the next rows; how many of them are behind now, 0 when none was left. */
async function applyChunk(deps: ApplyingDeps, tx: Tx, found: ImportRow): Promise<number> {
  const { id } = found;
  const rows = wholeProducts(await listWaiting(tx, id, chunkRows + 1));
  if (rows.length === 0) return 0;
  growFreely();
  const find = await findHeld(
    deps,
    tx,
    found.businessId,
    rows.map(({ values }) => values),
  );
  const all = rows.map((row): Found => ({ row, size: find(row.values).size }));
  const outdated = all.filter(isOutdated);
  if (outdated.length > 0 && found.mode === 'all') throw new OutdatedError();
  const done = await deps.goods.write(
    tx,
    found,
    all.filter((one) => !outdated.includes(one)),
  );
  const refused = done.filter(isRefused);
  if (refused.length > 0 && found.mode === 'all') throw new RefusedError(refused);
  await keepOutcomes(tx, id, [...done, ...outdated.map(({ row }) => ({ row, refused: changedSince }))]);
  return rows.length;
}

/** Whoever wrote it: what an officer or a seller confirmed is theirs, in every log. */
const actorOf = ({ sentBy }: ImportRow): string => sentBy;

/** A second run of the same job finds the first at work, or finds it done. */
async function lock(tx: Tx, { id, businessId }: ImportRow): Promise<void> {
  if (!(await tryLockBusiness(tx, businessId))) throw new Error('Another import of this business is being written');
  if ((await findImport(tx, id))?.state !== 'applying') throw new CalledOffError();
}

const finished = (now: Clock) => ({ state: 'done' as const, finishedAt: now() });

/** One transaction: every row or none. */
async function applyAll(deps: ApplyingDeps, found: ImportRow, onProgress: OnProgress): Promise<void> {
  const { db, now } = deps;
  await transact(db, actorOf(found), async (tx) => {
    await lock(tx, found);
    let done = 0;
    for (;;) {
      const rows = await applyChunk(deps, tx, found);
      if (rows === 0) break;
      done += rows;
      await noteDone(db, found.id, done);
      onProgress(done);
      if ((await findImport(db, found.id))?.state !== 'applying') throw new CalledOffError();
    }
    if (!(await updateImport(tx, found.id, ['applying'], finished(now)))) throw new CalledOffError();
  });
}

/** A transaction a piece, each with the outcome of its rows: a run that was killed is taken up where it ended. */
async function applyValid(deps: ApplyingDeps, found: ImportRow, onProgress: OnProgress): Promise<void> {
  const { db, now } = deps;
  for (let done = found.done; ; ) {
    const rows = await transact(db, actorOf(found), async (tx) => {
      await lock(tx, found);
      const count = await applyChunk(deps, tx, found);
      const change = count === 0 ? finished(now) : { done: done + count };
      if (!(await updateImport(tx, found.id, ['applying'], change))) throw new CalledOffError();
      return count;
    });
    if (rows === 0) return;
    done += rows;
    onProgress(done);
  }
}

/** Nothing was written: the rows that were refused are shown as errors of a new preview. */
const showRefused = ({ db }: ApplyingDeps, found: ImportRow, rows: readonly Refused[]): Promise<void> =>
  transact(db, actorOf(found), async (tx) => {
    for (const { row, refused } of rows) await markError(tx, row, [...row.reasons, refused]);
    const { counts, version } = found;
    const of = (verdict: string): number => rows.filter(({ row }) => row.verdict === verdict).length;
    const change = counts && {
      ...counts,
      error: counts.error + rows.length,
      blocking: counts.blocking + rows.length,
      new: counts.new - of('new'),
      changed: counts.changed - of('changed'),
    };
    await updateImport(tx, found.id, ['applying'], {
      state: 'ready',
      mode: null,
      done: 0,
      version: version + 1,
      counts: change,
    });
  });

/** The goods had changed: another preview is made of the same sheet. */
const readAnew = ({ db, readAgain }: ApplyingDeps, found: ImportRow): Promise<void> =>
  transact(db, actorOf(found), async (tx) => {
    await updateImport(tx, found.id, ['applying'], { state: 'reading', outdated: true, done: 0, mode: null });
    await readAgain(tx, found.id);
  });

/** Writes what was confirmed. Delivered twice, it is written once. */
export async function applyImport(deps: ApplyingDeps, id: ImportId, onProgress: OnProgress = () => {}): Promise<void> {
  const found = await findImport(deps.db, id);
  if (found?.state !== 'applying') return;
  try {
    await (found.mode === 'all' ? applyAll : applyValid)(deps, found, onProgress);
  } catch (error) {
    if (error instanceof CalledOffError) return;
    if (error instanceof RefusedError) return showRefused(deps, found, error.rows);
    if (!(error instanceof OutdatedError)) throw error;
    await readAnew(deps, found);
  }
}
