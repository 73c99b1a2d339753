import { expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import {
  addWorkingDays,
  checkAmount,
  checkVerdict,
  checkWish,
  dueAtOf,
  isOver,
  readPeriod,
  recentPeriods,
} from '#features/complaints/rules/complaints.ts';
import { COMPLAINT_MOVES, COMPLAINT_STATES, type ComplaintRule, OPEN_STATES } from '#features/complaints/types.ts';

const rule: ComplaintRule = {
  validFrom: '2026-01-01',
  answerHours: 48,
  choiceHours: 72,
  officerDays: 7,
  unsafeHours: 24,
  appealDays: 5,
  fileDays: 180,
  maxPhotos: 5,
  figureDays: 180,
  figureMinimum: 5,
};
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'taken';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test('working days leave out weekends and days off, by the calendar of Vietnam', () => {
  const none = new Set<string>();
  // Friday at 23:30 in Vietnam, which is still Friday afternoon in UTC.
  const friday = new Date('2026-11-27T16:30:00Z');
  expect(addWorkingDays(friday, 1, none)).toEqual(new Date('2026-11-30T16:30:00Z'));
  expect(addWorkingDays(friday, 7, none)).toEqual(new Date('2026-12-08T16:30:00Z'));
  // 00:30 on Saturday in Vietnam.
  expect(addWorkingDays(new Date('2026-11-27T17:30:00Z'), 1, none)).toEqual(new Date('2026-11-29T17:30:00Z'));
  expect(addWorkingDays(friday, 1, new Set(['2026-11-30', '2026-12-01']))).toEqual(new Date('2026-12-02T16:30:00Z'));
});

test('each state that waits for somebody has a clock, and no other', () => {
  const now = new Date('2026-11-27T03:00:00Z');
  const clocked = COMPLAINT_STATES.filter((state) => dueAtOf({ kind: 'late', state }, rule, new Set(), now) !== null);
  expect(clocked).toEqual([...OPEN_STATES]);
  expect(COMPLAINT_STATES.filter((state) => !isOver(state))).toEqual([...OPEN_STATES]);
  const due = dueAtOf({ kind: 'unsafe', state: 'escalated' }, rule, new Set(), now);
  expect(due).toEqual(new Date('2026-11-28T03:00:00Z'));
});

test('no state is come back to, so that each is left once', () => {
  const reach = (state: keyof typeof COMPLAINT_MOVES, seen: readonly string[] = []): boolean =>
    COMPLAINT_MOVES[state].some((next) => seen.includes(next) || reach(next, [...seen, next]));
  expect(reach('none')).toBe(false);
});

test('money needs an order, and is bounded by what is left of it', () => {
  expect(codeOf(() => checkWish('product', 'refund-whole', undefined))).toBe('complaint-wish-refused');
  expect(checkWish('order', 'refund-part', vnd(5))).toBe(5);
  expect(checkWish('order', 'refund-whole', vnd(5))).toBeNull();
  for (const [amount, left] of [
    [undefined, 10],
    [0, 10],
    [11, 10],
    [1, null],
  ] as const)
    expect(
      codeOf(() => checkAmount(amount === undefined ? amount : vnd(amount), left === null ? left : vnd(left))),
    ).toBe('complaint-amount-invalid');
  expect(checkAmount(vnd(10), vnd(10))).toBe(10);
});

test('whoever decided does not review it, and only a review upholds', () => {
  const first = { state: 'escalated', subject: 'order', decidedBy: null } as const;
  const review = { state: 'appealed', subject: 'order', decidedBy: 'account:a' } as const;
  expect(checkVerdict(first, 'refund', 'account:a')).toBe('decided');
  expect(checkVerdict(review, 'uphold', 'account:b')).toBe('final');
  expect(codeOf(() => checkVerdict(review, 'uphold', 'account:a'))).toBe('complaint-same-officer');
  expect(codeOf(() => checkVerdict(first, 'uphold', 'account:a'))).toBe('complaint-verdict-refused');
  expect(codeOf(() => checkVerdict({ ...first, subject: 'business' }, 'refund', 'a'))).toBe(
    'complaint-verdict-refused',
  );
  expect(codeOf(() => checkVerdict({ ...first, state: 'open' }, 'dismiss', 'a'))).toBe('complaint-not-movable');
});

test('a period is a month or a quarter of Vietnam’s calendar that has begun', () => {
  const now = new Date('2026-11-27T03:00:00Z');
  expect(readPeriod('2026-11', now)).toEqual({
    name: '2026-11',
    start: new Date('2026-10-31T17:00:00Z'),
    end: new Date('2026-11-30T17:00:00Z'),
  });
  expect(readPeriod('2026-Q4', now).end).toEqual(new Date('2026-12-31T17:00:00Z'));
  expect(readPeriod('2025-12', now).end).toEqual(new Date('2025-12-31T17:00:00Z'));
  for (const text of ['2026-12', '2026-13', '2026-Q5', '2027-Q1', '', '2026', "2026-11' or 1=1"])
    expect(
      codeOf(() => readPeriod(text, now)),
      text,
    ).toBe('complaint-period-invalid');
  expect(recentPeriods(now)).toEqual([
    '2026-11',
    '2026-10',
    '2026-09',
    '2026-08',
    '2026-07',
    '2026-06',
    '2026-Q4',
    '2026-Q3',
    '2026-Q2',
    '2026-Q1',
  ]);
});
