import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { type Figures, type Period, type PeriodKind, periodicReportProblems } from './types.ts';

const refuse = refusals(periodicReportProblems);
const months: Readonly<Record<PeriodKind, number>> = { month: 1, quarter: 3, year: 12 };

const periodFrom = (name: string, kind: PeriodKind, firstDay: string): Period => ({
  name,
  kind,
  startsAt: startOfLocalDay(firstDay),
  endsAt: startOfLocalDay(addMonths(firstDay, months[kind])),
});

/** `2026-11`, `2026-Q4` or `2026`; undefined for anything else. */
function readName(name: string): Period | undefined {
  const [, year, month, quarter] = /^(20\d\d)(?:-(?:(0[1-9]|1[0-2])|Q([1-4])))?$/.exec(name) ?? [];
  if (month) return periodFrom(name, 'month', `${year}-${month}-01`);
  if (quarter) return periodFrom(name, 'quarter', `${year}-${String(3 * Number(quarter) - 2).padStart(2, '0')}-01`);
  return year ? periodFrom(name, 'year', `${year}-01-01`) : undefined;
}

/** A period that has begun. */
export function periodOf(name: string, now: Date): Period {
  const period = readName(name);
  if (!period || period.startsAt > now) throw refuse('report-period-invalid');
  return period;
}

/** Nothing more can come into it. The instant at which the next one begins is the first at which it is over. */
export function checkOver({ endsAt }: Period, now: Date): void {
  if (now < endsAt) throw refuse('report-period-open', { endsAt: endsAt.toISOString() });
}

/** A period has one report that stands. Another is frozen only in its place, and says why. */
export function checkStanding(
  standing: string | undefined,
  { replaces, reason }: { readonly replaces?: string | undefined; readonly reason?: string | undefined },
): void {
  if (replaces === undefined && standing !== undefined) throw refuse('report-frozen', { number: standing });
  if (replaces === undefined) return;
  if (replaces !== standing) throw refuse('report-not-standing', { number: standing ?? null });
  const { length } = (reason ?? '').trim();
  if (length < 5 || length > 500) throw refuse('report-reason-missing');
}

export const numberOf = (year: number, seq: number): string => `BC-${year}-${String(seq).padStart(4, '0')}`;

const counts: Readonly<Record<PeriodKind, number>> = { month: 6, quarter: 4, year: 2 };

/** The periods that an officer is likely to want: the one that runs and those before it, newest first. */
export function recentPeriods(now: Date): readonly Period[] {
  const [year = '', month = ''] = localDate(now).split('-');
  const back = (kind: PeriodKind): Period[] => {
    const size = months[kind];
    const first = `${year}-${String(Math.floor((Number(month) - 1) / size) * size + 1).padStart(2, '0')}-01`;
    return Array.from({ length: counts[kind] }, (_, index) => {
      const day = addMonths(first, -index * size);
      const [ofYear = '', ofMonth = ''] = day.split('-');
      const name = {
        month: `${ofYear}-${ofMonth}`,
        quarter: `${ofYear}-Q${Math.ceil(Number(ofMonth) / 3)}`,
        year: ofYear,
      };
      return periodFrom(name[kind], kind, day);
    });
  };
  return [...back('month'), ...back('quarter'), ...back('year')];
}

/** Of what shoppers paid, how much came through a bank or a provider that says so itself, in basis points; null of nothing. */
export function cashlessBps({ payments }: Pick<Figures, 'payments'>): number | null {
  const sum = (rows: Figures['payments']): number => rows.reduce((total, { totalVnd }) => total + totalVnd, 0);
  const all = sum(payments);
  return all === 0 ? null : Math.round((10_000 * sum(payments.filter(({ way }) => way !== 'direct-told'))) / all);
}

/** Where our orders and refunds differ from the ledger, in đồng. Both are nothing, or somebody has to look. */
export const differences = ({ sales, books }: Pick<Figures, 'sales' | 'books'>) => ({
  saleVnd: sales.collectedVnd - books.saleVnd,
  refundVnd: sales.refundedVnd - books.refundVnd,
});
