import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { type Clock, localDate, TIME_ZONE } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import { findStanding, insertReport, listReports, lockRegister, nextSeq } from './queries.ts';
import { checkOver, checkStanding, numberOf, periodOf, recentPeriods } from './rules.ts';
import { periodicReportProblems, type ReportContent } from './types.ts';
import { findReport, readFigures } from './views.ts';

const refuse = refusals(periodicReportProblems);
type Deps = { readonly db: Db; readonly now: Clock; readonly audit: Audit };
export type Reports = ReturnType<typeof createReports>;
export type Clerk = { readonly actor: string; readonly address: string };
export type Freezing = {
  readonly period: string;
  /** The number of the report that this one takes the place of, and why. */
  readonly replaces?: string | undefined;
  readonly reason?: string | undefined;
};
export type FrozenReport = Awaited<ReturnType<Reports['get']>>;
export type Draft = Awaited<ReturnType<Reports['draft']>>;

async function contentOf(
  tx: Tx,
  { actor }: Clerk,
  { period: name, replaces, reason }: Freezing,
  { at, number }: { readonly at: Date; readonly number: string },
): Promise<ReportContent> {
  const period = periodOf(name, at);
  return {
    format: 'cho-noi/report/1',
    number,
    period: period.name,
    startsAt: period.startsAt.toISOString(),
    endsAt: period.endsAt.toISOString(),
    timeZone: TIME_ZONE,
    frozenAt: at.toISOString(),
    frozenBy: actor,
    replaces: replaces ?? null,
    reason: replaces === undefined ? null : (reason ?? '').trim(),
    figures: await readFigures(tx, period, at),
  };
}

/** Whoever waits for the register sees what was frozen meanwhile: two officers at once make one report. */
async function freeze({ db, now, audit }: Deps, clerk: Clerk, wish: Freezing, finish: Finish): Promise<Frozen> {
  const { kind, startsAt, endsAt } = periodOf(wish.period, now());
  checkOver({ name: wish.period, kind, startsAt, endsAt }, now());
  return transact(db, clerk.actor, async (tx) => {
    await lockRegister(tx);
    checkStanding(await findStanding(tx, wish.period), wish);
    const at = now();
    const year = Number(localDate(at).slice(0, 4));
    const seq = await nextSeq(tx, year);
    const number = numberOf(year, seq);
    const content = await contentOf(tx, clerk, wish, { at, number });
    const text = canonicalize(content) ?? '';
    const sha256 = createHash('sha256').update(text).digest('hex');
    const { replaces, reason } = content;
    await insertReport(tx, {
      ...{ id: newId<'Report'>(), number, year, seq, period: wish.period, kind, startsAt, endsAt, replaces, reason },
      ...{ content: text, sha256, frozenBy: clerk.actor, frozenAt: at },
    });
    const after = { number, period: wish.period, sha256, ...(replaces !== null && { replaces, reason }) };
    await audit.record(tx, {
      action: 'report.frozen',
      subject: { kind: 'report', id: number },
      after,
      address: clerk.address,
    });
    const frozen = { number, sha256, frozenAt: at.toISOString() };
    await finish(tx, frozen);
    return frozen;
  });
}
export type Frozen = { readonly number: string; readonly sha256: string; readonly frozenAt: string };
type Finish = (tx: Tx, frozen: Frozen) => Promise<void>;

export const createReports = (deps: Deps) => {
  const { db, now } = deps;
  return {
    recentPeriods: () => recentPeriods(now()),
    /** Worked out anew each time, until somebody freezes it. */
    draft: async (name: string) => {
      const at = now();
      const period = periodOf(name, at);
      const [figures, standing] = await Promise.all([readFigures(db, period, at), findStanding(db, period.name)]);
      return { ...period, at, figures, standing: standing ?? null, isOver: at >= period.endsAt };
    },
    freeze: (clerk: Clerk, wish: Freezing, finish: Finish = async () => {}) => freeze(deps, clerk, wish, finish),
    list: (limit: number, before?: string) => listReports(db, { limit, before }),
    get: async (number: string) => {
      const row = await findReport(db, number);
      if (!row) throw refuse('periodic-report-not-found');
      const { figures } = JSON.parse(row.content) as ReportContent;
      return { ...row, figures };
    },
  };
};
