import { expect, test } from 'vitest';
import { mayWork, paceOf, queuesOf } from '#features/queues/rules.ts';

const at = (hour: number): Date => new Date(Date.UTC(2026, 10, 23, hour));

test.each([
  [at(0), 'calm'],
  [at(17), 'calm'],
  [at(18), 'soon'],
  [at(23), 'soon'],
  [at(24), 'late'],
  [at(40), 'late'],
] as const)('an item of 24 hours is at %s %s', (now, pace) => {
  expect(paceOf(at(0), at(24), now)).toBe(pace);
});

test('an item without a limit has no pace, and one whose limit had passed when it came is late', () => {
  expect(paceOf(at(0), null, at(9))).toBe('none');
  expect(paceOf(at(5), at(3), at(5))).toBe('late');
});

test('a role works its own queues, an administrator all of them, nobody none', () => {
  expect(queuesOf('moderator')).toEqual([
    'businesses',
    'changes',
    'takedowns',
    'reviews',
    'questions',
    'field-reports',
  ]);
  expect(queuesOf('certifier')).toEqual(['certificates']);
  expect(queuesOf('finance')).toEqual(['money']);
  expect(queuesOf('admin')).toHaveLength(9);
  expect(queuesOf('auditor')).toEqual([]);
  expect(mayWork(null, 'businesses')).toBe(false);
});
