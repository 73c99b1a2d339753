import { addMonths, dayMs, hourMs, localDate, startOfLocalDay } from '#core/clock.ts';
import { type Vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import {
  COMPLAINT_MOVES,
  type ComplaintKind,
  type ComplaintRule,
  type ComplaintState,
  type ComplaintSubject,
  type ComplaintVerdict,
  type ComplaintWish,
  complaintProblems,
} from '../types.ts';

export const refuse = refusals(complaintProblems);

export function checkMove(from: ComplaintState, to: ComplaintState): void {
  if (!COMPLAINT_MOVES[from].includes(to)) throw refuse('complaint-not-movable', { state: from });
}

/** Whoever has nothing to lose by it any more may still be heard until then. */
export const isOver = (state: ComplaintState): boolean => COMPLAINT_MOVES[state].length === 0;

/** The same hour `days` working days later, by the calendar of offices. */
export function addWorkingDays(from: Date, days: number, holidays: ReadonlySet<string>): Date {
  let at = from;
  for (let left = days; left > 0; ) {
    at = new Date(at.getTime() + dayMs);
    const day = localDate(at);
    // Noon in Vietnam has the same weekday in UTC.
    const weekday = new Date(startOfLocalDay(day).getTime() + dayMs / 2).getUTCDay();
    if (weekday !== 0 && weekday !== 6 && !holidays.has(day)) left -= 1;
  }
  return at;
}

type Clocked = { readonly kind: ComplaintKind; readonly state: ComplaintState };

/** When the clock of a state runs out; null where nothing happens by itself. */
export function dueAtOf(
  { kind, state }: Clocked,
  rule: ComplaintRule,
  holidays: ReadonlySet<string>,
  now: Date,
): Date | null {
  const after = (ms: number): Date => new Date(now.getTime() + ms);
  if (state === 'open') return after(rule.answerHours * hourMs);
  if (state === 'offered') return after(rule.choiceHours * hourMs);
  if (state === 'decided') return after(rule.appealDays * dayMs);
  if (state === 'escalated' && kind === 'unsafe') return after(rule.unsafeHours * hourMs);
  return state === 'escalated' || state === 'appealed' ? addWorkingDays(now, rule.officerDays, holidays) : null;
}

/** What a state turns into when its clock has run out; an officer who is late is only marked so. */
export const afterSilence: Partial<Readonly<Record<ComplaintState, 'escalated' | 'lapsed' | 'final' | 'overdue'>>> = {
  open: 'escalated',
  offered: 'lapsed',
  escalated: 'overdue',
  decided: 'final',
  appealed: 'overdue',
};

export function checkWords(typed: string, pointer: string): string {
  const text = clean(typed).slice(0, 4_000);
  if (text === '') throw refuse('complaint-words-missing', { pointer, errors: [{ pointer }] });
  return text;
}

const isMoney = (wish: ComplaintWish): boolean => wish === 'refund-whole' || wish === 'refund-part';

/** What is wished, with an amount only where part of the money is wished back. */
export function checkWish(subject: ComplaintSubject, wish: ComplaintWish, amountVnd: Vnd | undefined): Vnd | null {
  if (subject !== 'order' && isMoney(wish)) throw refuse('complaint-wish-refused', { pointer: '/wish' });
  return wish === 'refund-part' && amountVnd !== undefined && amountVnd > ZERO ? amountVnd : null;
}

/** An amount that can go back of an order of which so much is left. */
export function checkAmount(amountVnd: Vnd | undefined, leftVnd: Vnd | null): Vnd {
  if (amountVnd === undefined || amountVnd <= ZERO || leftVnd === null || amountVnd > leftVnd)
    throw refuse('complaint-amount-invalid', { leftVnd: leftVnd ?? 0, pointer: '/amountVnd' });
  return amountVnd;
}

export function checkInTime(orderedAt: Date, { fileDays }: ComplaintRule, now: Date): void {
  const until = new Date(orderedAt.getTime() + fileDays * dayMs);
  if (now > until) throw refuse('complaint-too-late', { until: until.toISOString() });
}

type Decidable = {
  readonly state: ComplaintState;
  readonly subject: ComplaintSubject;
  readonly decidedBy: string | null;
};

/** Whether this officer may decide so here; what the complaint then becomes. */
export function checkVerdict(complaint: Decidable, verdict: ComplaintVerdict, officer: string): 'decided' | 'final' {
  const { state, subject, decidedBy } = complaint;
  if (state !== 'escalated' && state !== 'appealed') throw refuse('complaint-not-movable', { state });
  if (state === 'appealed' && decidedBy === officer) throw refuse('complaint-same-officer');
  const isFitting = verdict === 'uphold' ? state === 'appealed' : verdict !== 'refund' || subject === 'order';
  if (!isFitting) throw refuse('complaint-verdict-refused', { pointer: '/verdict' });
  return state === 'escalated' ? 'decided' : 'final';
}

export type Period = { readonly name: string; readonly start: Date; readonly end: Date };

/** `2026-11` or `2026-Q4`, as the calendar of Vietnam has it. One that has not begun is refused. */
export function readPeriod(text: string, now: Date): Period {
  const [, year = '', month, quarter] = /^(20\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))$/.exec(text) ?? [];
  const first = month === undefined ? Number(quarter) * 3 - 2 : Number(month);
  const startOf = (nth: number): Date =>
    startOfLocalDay(`${Number(year) + (nth > 12 ? 1 : 0)}-${String(((nth - 1) % 12) + 1).padStart(2, '0')}-01`);
  if (year === '' || startOf(first) > now)
    throw refuse('complaint-period-invalid', { period: text.slice(0, 20), pointer: '/period' });
  return { name: text, start: startOf(first), end: startOf(first + (month === undefined ? 3 : 1)) };
}

const recentMonths = 6;
const recentQuarters = 4;

/** The periods that a report is usually asked for, this month first. */
export function recentPeriods(now: Date): readonly string[] {
  const first = `${localDate(now).slice(0, 7)}-01`;
  const back = (months: number): string => addMonths(first, -months);
  const months = Array.from({ length: recentMonths }, (_none, nth) => back(nth).slice(0, 7));
  const quarters = Array.from({ length: recentQuarters }, (_none, nth) => {
    const [year = '', month = ''] = back(nth * 3).split('-');
    return `${year}-Q${Math.ceil(Number(month) / 3)}`;
  });
  return [...months, ...quarters];
}
