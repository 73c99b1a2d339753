import { expect, test } from 'vitest';
import {
  checkReturn,
  type DeliveredLine,
  dueAtOf,
  freightGoesBack,
  RETURN_MOVES,
  returnableOf,
} from '#features/care/rules/returns.ts';
import { type CarePolicy, RETURN_STATES } from '#features/care/types.ts';

const hourMs = 3_600_000;
const policy: CarePolicy = {
  validFrom: '2026-01-01',
  returnDays: 7,
  perishableHours: 24,
  perishableStorage: ['fresh'],
  sellerDays: 3,
  appealDays: 7,
  sendBackDays: 7,
  receiveDays: 7,
  inspectDays: 2,
  officerDays: 3,
  maxPhotos: 6,
};
const deliveredAt = new Date('2026-11-20T03:00:00Z');
const after = (hours: number): Date => new Date(deliveredAt.getTime() + hours * hourMs);
const line: DeliveredLine = { variantId: 'a', perishable: false, delivered: 3, deliveredAt, taken: 1 };
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'fine';
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
};
const ask = (own: DeliveredLine, quantity: number, hours: number, reason: 'damaged' | 'changed-mind' = 'damaged') =>
  codeOf(() => checkReturn([own], [{ variantId: 'a', quantity }], reason, policy, after(hours)));

test.each([
  ['at the last instant of the seventh day', line, 2, 168, 'damaged', 'fine'],
  ['an instant later', line, 2, 168.001, 'damaged', 'return-window-over'],
  ['more than is left', line, 3, 1, 'damaged', 'pieces-not-returnable'],
  ['nothing', line, 0, 1, 'damaged', 'pieces-not-returnable'],
  ['what never came', { ...line, delivered: 0, deliveredAt: null, taken: 0 }, 1, 1, 'damaged', 'pieces-not-returnable'],
  ['fresh goods within a day', { ...line, perishable: true }, 1, 24, 'damaged', 'fine'],
  ['fresh goods after it', { ...line, perishable: true }, 1, 24.001, 'damaged', 'return-window-over'],
  [
    'fresh goods for a change of mind',
    { ...line, perishable: true },
    1,
    1,
    'changed-mind',
    'perishable-not-returnable',
  ],
] as const)('%s', (_what, own, quantity, hours, reason, outcome) => {
  expect(ask(own, quantity, hours, reason)).toBe(outcome);
});

test('the same line named twice is one wish', () => {
  const wanted = [
    { variantId: 'a', quantity: 1 },
    { variantId: 'a', quantity: 1 },
  ];
  expect(checkReturn([line], wanted, 'damaged', policy, after(1))).toEqual([{ line, quantity: 2 }]);
  expect(codeOf(() => checkReturn([line], [...wanted, ...wanted], 'damaged', policy, after(1)))).toBe(
    'pieces-not-returnable',
  );
  expect(returnableOf({ ...line, taken: 9 })).toBe(0);
});

test('every state leads on or is an end, and every end can be reached', () => {
  const ends = RETURN_STATES.filter((state) => RETURN_MOVES[state].length === 0);
  expect(ends).toEqual(['refunded', 'rejected', 'withdrawn', 'lapsed']);
  const reached = new Set<string>(['requested']);
  for (const state of reached) for (const next of RETURN_MOVES[state as 'requested']) reached.add(next);
  expect([...reached].sort()).toEqual([...RETURN_STATES].sort());
});

test('who is silent has the days of the terms, and where nobody has to speak there is no clock', () => {
  expect(dueAtOf('requested', policy, deliveredAt)).toEqual(after(72));
  expect(dueAtOf('received', policy, deliveredAt)).toEqual(after(48));
  expect(dueAtOf('appealed', policy, deliveredAt)).toBeNull();
});

test('freight goes back with the last piece, and not when a mind changed', () => {
  expect([freightGoesBack('damaged', 0), freightGoesBack('damaged', 1), freightGoesBack('changed-mind', 0)]).toEqual([
    true,
    false,
    false,
  ]);
});
