import { dayMs, localDate } from '#core/clock.ts';
import type { LaneOutcome } from '#federation/engine/store.ts';
import { LANES, type Lane } from '#federation/protocol/record.ts';

/** Upper ends, in seconds, of the ages by which readings are counted: exact enough for a median, small enough to keep. */
export const AGES = [60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 21_600, 86_400, 604_800] as const;
export const SCORED_DAYS = 7;

/** A lane of a partner on one day in Vietnam. */
export type Day = {
  readonly lane: Lane;
  readonly visits: number;
  readonly good: number;
  readonly records: number;
  readonly quarantined: number;
  readonly drifted: number;
  readonly downSeconds: number;
  /** How many good readings came within each of `AGES` after the one before. */
  readonly ages: readonly number[];
};
/** The lane as the reading found it. */
export type Before =
  | {
      readonly outcome: Pick<LaneOutcome, 'failure'> | null;
      readonly attemptedAt: Date | null;
      readonly succeededAt: Date | null;
    }
  | undefined;

const seconds = (from: Date, to: Date): number => Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));

/** What one reading adds to its day. */
export function dayOf(lane: Lane, before: Before, { state, counts, at }: LaneOutcome): Day {
  const { pages: _pages, withdrawn: _withdrawn, drifted, ...records } = counts;
  const failed = before?.outcome?.failure?.code;
  const isDown = failed === 'unreachable' || failed === 'timed-out';
  const ages: number[] = AGES.map(() => 0);
  if (state === 'ok' && before?.succeededAt) {
    const age = seconds(before.succeededAt, at);
    const found = AGES.findIndex((most) => age <= most);
    ages[found === -1 ? AGES.length - 1 : found] = 1;
  }
  return {
    lane,
    visits: 1,
    good: state === 'ok' ? 1 : 0,
    records: Object.values(records).reduce((all, count) => all + count, 0),
    quarantined: counts.quarantined,
    drifted,
    downSeconds: isDown && before?.attemptedAt ? seconds(before.attemptedAt, at) : 0,
    ages,
  };
}

/** The first day, in Vietnam, that still counts. */
export const firstScored = (now: Date): string => localDate(new Date(now.getTime() - (SCORED_DAYS - 1) * dayMs));

/** The age within which a `share` of the readings came; null when there was none. */
function quantile(ages: readonly number[], share: number): number | null {
  const all = ages.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let seen = 0;
  const at = ages.findIndex((count) => {
    seen += count;
    return seen >= all * share;
  });
  return AGES[at] ?? null;
}

const share = (part: number, whole: number, of: number): number | null =>
  whole === 0 ? null : Math.min(of, Math.round((part * of * 10) / whole) / 10);

/** The last week of a partner in figures; null where nothing was counted. */
export function scoreOf(days: readonly Day[], listings: number, keySince: Date | null, now: Date) {
  const sum = (name: Exclude<keyof Day, 'lane' | 'ages'>, of = days): number =>
    of.reduce((all, day) => all + day[name], 0);
  const lanes = LANES.map((lane) => days.filter((day) => day.lane === lane));
  const visits = sum('visits');
  return {
    days: SCORED_DAYS,
    visits,
    successPercent: share(sum('good'), visits, 100),
    quarantinePercent: share(sum('quarantined'), sum('records'), 100),
    driftPerThousand: visits === 0 ? null : share(sum('drifted'), listings, 1_000),
    // Both lanes are down together: the longer one is told, not both.
    downMinutes: Math.round(Math.max(...lanes.map((of) => sum('downSeconds', of))) / 60),
    freshness: lanes.map((of, index) => {
      const ages = AGES.map((_, at) => of.reduce((all, day) => all + (day.ages[at] ?? 0), 0));
      return { lane: LANES[index] as Lane, p50Seconds: quantile(ages, 0.5), p95Seconds: quantile(ages, 0.95) };
    }),
    keyAgeDays: keySince && Math.floor(Math.max(0, now.getTime() - keySince.getTime()) / dayMs),
  };
}
