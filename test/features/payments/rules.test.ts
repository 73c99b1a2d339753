import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newCode } from '#core/ids.ts';
import { vnd } from '#core/money.ts';
import { GROUP_STATES, type GroupState } from '#features/orders/types.ts';
import { type Arrival, codesIn, decide, refundedState, settledState } from '#features/payments/rules/money.ts';

const arrival = (
  over: Partial<Record<'amount' | 'arrived' | 'credit', number>> & { group?: GroupState; lapsed?: boolean } = {},
): Arrival => ({
  amountVnd: vnd(over.amount ?? 100_000),
  arrivedVnd: vnd(over.arrived ?? 100_000),
  creditVnd: vnd(over.credit ?? 0),
  group: over.group ?? 'awaiting-payment',
  lapsed: over.lapsed ?? false,
});

describe('what becomes of money', () => {
  test('the exact amount in time completes the group', () => {
    expect(decide(arrival())).toEqual({ kind: 'complete', transfer: 'exact', excessVnd: 0 });
  });

  test.each<[string, Parameters<typeof arrival>[0], ReturnType<typeof decide>]>([
    ['too little waits', { arrived: 99_999 }, { kind: 'wait', transfer: 'short' }],
    [
      'the rest completes',
      { arrived: 40_000, credit: 60_000 },
      { kind: 'complete', transfer: 'completing', excessVnd: vnd(0) },
    ],
    [
      'more than the rest completes, and the excess is known',
      { arrived: 50_000, credit: 60_000 },
      { kind: 'complete', transfer: 'over', excessVnd: vnd(10_000) },
    ],
    ['too much completes', { arrived: 100_001 }, { kind: 'complete', transfer: 'over', excessVnd: vnd(1) }],
    ['late and whole: tried again', { group: 'expired' }, { kind: 'complete', transfer: 'late', excessVnd: vnd(0) }],
    ['late, though no job has noticed', { lapsed: true }, { kind: 'complete', transfer: 'late', excessVnd: vnd(0) }],
    ['late and too little goes back', { arrived: 1, group: 'expired' }, { kind: 'give-back', transfer: 'late-refund' }],
    [
      'late and too little goes back, though no job has noticed',
      { arrived: 1, lapsed: true },
      { kind: 'give-back', transfer: 'late-refund' },
    ],
    [
      'the late rest of a part that was kept completes',
      { arrived: 40_000, credit: 60_000, lapsed: true },
      { kind: 'complete', transfer: 'late', excessVnd: vnd(0) },
    ],
    ['for a paid group it goes back', { group: 'paid' }, { kind: 'give-back', transfer: 'duplicate' }],
    [
      'for a partly cancelled group it goes back',
      { group: 'partly-cancelled' },
      { kind: 'give-back', transfer: 'duplicate' },
    ],
    ['for a cancelled group it goes back', { group: 'cancelled' }, { kind: 'give-back', transfer: 'duplicate' }],
  ])('%s', (_name, facts, decision) => expect(decide(arrival(facts))).toEqual(decision));

  test('no đồng is without an owner: it completes with its excess known, waits for the rest, or goes back', () => {
    const money = fc.integer({ min: 0, max: 10_000_000 });
    const facts = fc.record({
      amount: money.map((one) => one + 1),
      arrived: money.map((one) => one + 1),
      credit: money,
      group: fc.constantFrom(...GROUP_STATES),
      lapsed: fc.boolean(),
    });
    fc.assert(
      fc.property(facts, (one) => {
        const decision = decide(arrival(one));
        if (decision.kind === 'complete')
          return decision.excessVnd === one.credit + one.arrived - one.amount && decision.excessVnd >= 0;
        if (decision.kind === 'wait')
          return one.credit + one.arrived < one.amount && one.group === 'awaiting-payment' && !one.lapsed;
        return one.group !== 'awaiting-payment' || one.lapsed;
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    [0, 'paid'],
    [1, 'overpaid'],
  ])('an excess of %i is %s', (excess, state) => expect(settledState(vnd(excess))).toBe(state));
  test.each([
    [100, 'refunded'],
    [99, 'part-refunded'],
  ])('%i of 100 sent back is %s', (sent, state) => expect(refundedState(vnd(100), vnd(sent))).toBe(state));
});

describe('the code in what a bank writes', () => {
  const code = 'ST7K3M9Q2XAB';
  test.each([
    code,
    code.toLowerCase(),
    `MBVCB.12345.${code}.CT tu 0123 toi 0456`,
    `IBFT ${code} chuyen tien`,
    `${code}FT26327123456`,
    `0123456789${code}`,
    `ST ${code.slice(2)}`,
    'S T 7 K 3 M 9 Q 2 X A B',
    `QR-${code}-970415`,
    `ST${code}`,
    `chuyển tiền ${code} cảm ơn`,
  ])('%s', (content) => expect(codesIn(content)).toContain(code));

  test.each(['', 'chuyen tien mua hang', 'ST7K3M9Q2XA', 'STUUUUUUUUUU'])('%s holds none', (content) => {
    expect(codesIn(content)).toEqual([]);
  });

  test('O is read as 0, I and L as 1, because people copy codes by hand', () => {
    expect(codesIn('STO1IL9Q2XAB')).toEqual(['ST01119Q2XAB']);
  });

  test.each([
    ['STIL0O9Q2XAB', 'ST11009Q2XAB'],
    ['st7k3m9q2xal', 'ST7K3M9Q2XA1'],
  ])('%s was copied by hand from %s', (typed, meant) => expect(codesIn(typed)).toContain(meant));

  test('whatever stands before and after, if it holds no code itself', () => {
    const noise = fc.string({ maxLength: 30 }).filter((text) => !/[st]/i.test(text));
    fc.assert(
      fc.property(noise, noise, (before, after) => {
        const mine = newCode();
        return codesIn(`${before}${mine}${after}`).includes(mine);
      }),
      { numRuns: 500 },
    );
  });

  test('a text as long as a bank may send is read in no time', () => {
    const startedAt = performance.now();
    codesIn('ST'.repeat(25_000));
    expect(performance.now() - startedAt).toBeLessThan(250);
  });
});
