import { describe, expect, test } from 'vitest';
import {
  cashlessBps,
  checkOver,
  checkStanding,
  differences,
  numberOf,
  periodOf,
  recentPeriods,
} from '#features/reports/rules.ts';

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
    return 'went through';
  } catch (error) {
    return (error as { code?: string }).code;
  }
};
const later = new Date('2027-06-01T00:00:00Z');

describe('a period', () => {
  test.each([
    ['2026-11', 'month', '2026-10-31T17:00:00.000Z', '2026-11-30T17:00:00.000Z'],
    ['2026-02', 'month', '2026-01-31T17:00:00.000Z', '2026-02-28T17:00:00.000Z'],
    ['2026-12', 'month', '2026-11-30T17:00:00.000Z', '2026-12-31T17:00:00.000Z'],
    ['2026-Q1', 'quarter', '2025-12-31T17:00:00.000Z', '2026-03-31T17:00:00.000Z'],
    ['2026-Q4', 'quarter', '2026-09-30T17:00:00.000Z', '2026-12-31T17:00:00.000Z'],
    ['2026', 'year', '2025-12-31T17:00:00.000Z', '2026-12-31T17:00:00.000Z'],
  ])('%s is a %s that begins and ends at midnight in Vietnam', (name, kind, startsAt, endsAt) => {
    const period = periodOf(name, later);
    expect([period.kind, period.startsAt.toISOString(), period.endsAt.toISOString()]).toEqual([kind, startsAt, endsAt]);
  });

  test.each([
    '',
    '2026-00',
    '2026-13',
    '2026-Q0',
    '2026-Q5',
    '2026-1',
    '26',
    '1999',
    '2026-11-01',
    "2026' or 1",
    '2027-07',
    '2028',
  ])('%s is refused: no period, or none that has begun', (name) => {
    expect(codeOf(() => periodOf(name, later))).toBe('report-period-invalid');
  });

  test('is over at the first instant of the next one, and not a millisecond sooner', () => {
    const begun = new Date('2026-11-30T00:00:00Z');
    const period = periodOf('2026-11', begun);
    expect(codeOf(() => checkOver(period, new Date('2026-11-30T16:59:59.999Z')))).toBe('report-period-open');
    expect(codeOf(() => checkOver(period, new Date('2026-11-30T17:00:00.000Z')))).toBe('went through');
  });

  test('the recent ones begin with the one that runs', () => {
    // Already 2027 in Vietnam.
    const names = recentPeriods(new Date('2026-12-31T17:00:00Z')).map(({ name }) => name);
    expect(names).toEqual([
      '2027-01',
      '2026-12',
      '2026-11',
      '2026-10',
      '2026-09',
      '2026-08',
      '2027-Q1',
      '2026-Q4',
      '2026-Q3',
      '2026-Q2',
      '2027',
      '2026',
    ]);
  });
});

describe('the report that stands for a period', () => {
  test.each([
    ['none, and a first one', undefined, {}, 'went through'],
    ['one, and a first one again', 'BC-2026-0001', {}, 'report-frozen'],
    ['none, and one to replace', undefined, { replaces: 'BC-2026-0001', reason: 'số liệu sai' }, 'report-not-standing'],
    [
      'another than is to be replaced',
      'BC-2026-0002',
      { replaces: 'BC-2026-0001', reason: 'số liệu sai' },
      'report-not-standing',
    ],
    ['one to replace without a reason', 'BC-2026-0001', { replaces: 'BC-2026-0001' }, 'report-reason-missing'],
    [
      'one to replace for blanks',
      'BC-2026-0001',
      { replaces: 'BC-2026-0001', reason: '       ' },
      'report-reason-missing',
    ],
    [
      'one to replace at too great length',
      'BC-2026-0001',
      { replaces: 'BC-2026-0001', reason: 'x'.repeat(501) },
      'report-reason-missing',
    ],
    ['one to replace', 'BC-2026-0001', { replaces: 'BC-2026-0001', reason: 'số liệu sai' }, 'went through'],
  ])('%s', (_name, standing, wish, outcome) => {
    expect(codeOf(() => checkStanding(standing, wish))).toBe(outcome);
  });
});

test('the number, the share without cash, and what differs from the ledger', () => {
  expect(numberOf(2026, 7)).toBe('BC-2026-0007');
  const paid = (way: 'vietqr' | 'direct-told' | 'direct-feed', totalVnd: number) => ({ way, totalVnd, orders: 1 });
  expect(cashlessBps({ payments: [] })).toBeNull();
  expect(cashlessBps({ payments: [paid('vietqr', 200), paid('direct-feed', 100), paid('direct-told', 100)] })).toBe(
    7_500,
  );
  const sales = { collectedVnd: 10, refundedVnd: 3 } as never;
  expect(differences({ sales, books: { saleVnd: 10, refundVnd: 4 } as never })).toEqual({ saleVnd: 0, refundVnd: -1 });
});
