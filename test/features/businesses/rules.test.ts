import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checklistOn, checkTaxCode, checkTransition, reminderDue, withholdingOf } from '#features/businesses/rules.ts';
import { BUSINESS_STATES } from '#features/businesses/types.ts';

/** Public tax codes of large companies, the first of them with a branch and as people write it. */
test.each([
  ['0100107370', '0100107370'],
  ['0100107370-001', '0100107370001'],
  ['0100 107 370', '0100107370'],
  ['0300588569', '0300588569'],
  ['0100112437', '0100112437'],
  ['079203001234', '079203001234'],
])('%s', (given, taken) => expect(checkTaxCode(given)).toBe(taken));

test.each(['', '0100107371', '010010737', '01001073700', 'MST0100107370', '0100107370-01'])('not %s', (given) => {
  expect(() => checkTaxCode(given)).toThrow(expect.objectContaining({ code: 'tax-code-invalid' }));
});

test('one wrong digit is always noticed', () => {
  const right = '0300588569';
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }), (position, shift) => {
      const digit = (Number(right[position]) + shift) % 10;
      const wrong = right.slice(0, position) + digit + right.slice(position + 1);
      expect(() => checkTaxCode(wrong)).toThrow();
    }),
  );
});

describe('the life of a business', () => {
  const allowed = new Set([
    'draft>submitted',
    'submitted>draft',
    'submitted>approved',
    'submitted>rejected',
    'rejected>draft',
    'approved>suspended',
    'approved>closed',
    'suspended>approved',
    'suspended>closed',
  ]);
  test.each(BUSINESS_STATES.flatMap((from) => BUSINESS_STATES.map((to) => [from, to] as const)))(
    '%s → %s',
    (from, to) => {
      const change = () => checkTransition(from, to);
      if (allowed.has(`${from}>${to}`)) expect(change).not.toThrow();
      else expect(change).toThrow(expect.objectContaining({ code: 'business-state-forbids' }));
    },
  );
});

describe('papers', () => {
  const now = new Date('2026-11-27T03:00:00Z');
  const rule = (need: 'required' | 'optional', validFrom: string) =>
    ({ kind: 'registration', need, validFrom, ground: 'x' }) as const;
  test('the newest rule that is in force is asked for', () => {
    const rules = [rule('optional', '2027-01-01'), rule('required', '2026-01-01'), rule('optional', '2025-01-01')];
    expect(checklistOn(rules, '2026-11-27')).toEqual([rule('required', '2026-01-01')]);
    expect(checklistOn(rules, '2027-01-01')).toEqual([rule('optional', '2027-01-01')]);
  });
  test.each([
    ['2026-11-27', 7],
    ['2026-12-04', 7],
    ['2026-12-05', 30],
    ['2027-02-25', 90],
    ['2027-06-01', undefined],
    ['2026-11-26', undefined],
  ])('one that ends on %s is told of at %s days', (expiresOn, days) => {
    expect(reminderDue(expiresOn, now)).toBe(days);
  });
});

describe('who withholds tax', () => {
  test.each([
    ['household', 'exchange'],
    ['farm', 'exchange'],
    ['enterprise', 'none'],
    ['cooperative', 'none'],
  ] as const)('%s: %s', (type, mode) => {
    expect(withholdingOf(type)).toBe(mode);
  });
});
