import { expect, test } from 'vitest';
import { daysTo, isDone, withinOf } from '#features/today/rules.ts';
import type { Today } from '#features/today/types.ts';

test('days are counted as a calendar in Vietnam counts them', () => {
  // 23:30 in Vietnam: the next day begins in half an hour.
  const now = new Date('2026-11-27T16:30:00Z');
  expect([daysTo('2026-11-27', now), daysTo('2026-11-28', now), daysTo('2026-11-26', now)]).toEqual([0, 1, -1]);
});

test('a paper belongs to the narrowest distance that has begun', () => {
  expect([90, 61, 60, 31, 30, 8, 7, 0, -1].map(withinOf)).toEqual([90, 90, 60, 60, 30, 30, 7, 7, 0]);
});

test('money that comes by itself and messages are no work', () => {
  const none = { count: 0, items: [] };
  const today: Today = {
    ...{ confirm: none, waiting: none, stock: none, papers: null, unreadNotices: 4 },
    pack: { orders: 0, pieces: 0, late: 0, sendBy: null },
    handOver: { parcels: 0, booked: 0, collected: 0, late: 0 },
    money: { dueVnd: 9, dueOrders: 1, comingVnd: 0, comingOrders: 0, heldVnd: 0, nextDueAt: null, onTheWay: [] },
  };
  expect(isDone(today)).toBe(true);
  expect(isDone({ ...today, waiting: { count: 1, items: [] } })).toBe(false);
});
