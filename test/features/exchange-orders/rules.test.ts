import { describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { arrive, follow, LEG_MOVES, planOf, type Saga } from '#features/exchange-orders/rules.ts';
import { ENDED } from '#features/exchange-orders/types.ts';
import { runSagas } from './random-sagas.ts';

const now = new Date('2026-11-27T10:00:00Z');
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000);
const saga = (members: Partial<Saga>): Saga => ({
  state: 'authorised',
  method: 'stripe',
  step: null,
  acceptedVnd: vnd(70_000),
  quoteExpiresAt: later(10),
  authorisedAt: now,
  confirmBy: null,
  orderId: null,
  captured: false,
  ...members,
});
const told = (state: 'reserved' | 'confirmed' | 'cancelled', totalVnd = 70_000) =>
  ({ kind: 'order', order: { orderId: 'o1', state, totalVnd: vnd(totalVnd), confirmBy: later(30) } }) as const;

describe('what is asked next', () => {
  test('prices that have lapsed are asked for anew before anything is reserved', () => {
    expect(planOf(saga({}), later(1))).toMatchObject({ ask: 'reserve', during: 'reserving' });
    expect(planOf(saga({ quoteExpiresAt: later(1) }), later(2))).toMatchObject({ ask: 'requote' });
  });

  test('nothing is taken in the last minute before the deadline', () => {
    const reserved = saga({ state: 'reserved', orderId: 'o1', confirmBy: later(30) });
    expect(planOf(reserved, later(28))).toMatchObject({ ask: 'capture' });
    expect(planOf(reserved, later(29.5))).toMatchObject({ ask: 'cancel', during: 'cancelling' });
  });

  test('a process that died while it captured looks first, once it is late', () => {
    const capturing = saga({ state: 'capturing', orderId: 'o1', confirmBy: later(30) });
    expect(planOf(capturing, later(31))).toMatchObject({ ask: 'find-payment', during: 'resolving' });
  });

  test('who has ended is asked nothing', () => {
    for (const state of ENDED) expect(planOf(saga({ state }), now)).toBeUndefined();
  });
});

describe('what an answer means', () => {
  test('no answer is no refusal', () => {
    for (const ask of ['reserve', 'capture', 'confirm'] as const)
      expect(follow(saga({ state: 'reserving' }), ask, { kind: 'unknown' }, now).state).toBe('resolving');
  });

  test('another total than the accepted one is called off before anything is taken', () => {
    expect(follow(saga({ state: 'reserving' }), 'reserve', told('reserved', 70_001), now).state).toBe('cancelling');
    expect(follow(saga({ state: 'reserving' }), 'reserve', told('reserved'), now).state).toBe('reserved');
  });

  test('an order that is sold already goes on, whatever the clock says; one that our key made is looked up', () => {
    const reserving = saga({ state: 'reserving' });
    expect(follow(reserving, 'reserve', told('confirmed'), later(60))).toMatchObject({
      state: 'reserved',
      isSold: true,
    });
    const sold = saga({ state: 'reserved', orderId: 'o1', confirmBy: later(30), isSold: true });
    expect(planOf(sold, later(60))).toMatchObject({ ask: 'capture' });
    const reused = { kind: 'refused', code: 'idempotency-key-reused' } as const;
    expect(follow(reserving, 'reserve', reused, now)).toEqual({ state: 'resolving', step: 'reserving' });
  });

  test('a capture that is refused is looked up, for it may have been done before', () => {
    const capturing = saga({ state: 'capturing', confirmBy: later(30) });
    expect(follow(capturing, 'capture', { kind: 'declined' }, now)).toEqual({ state: 'resolving', step: 'capturing' });
    expect(follow(capturing, 'find-payment', { kind: 'declined' }, now).state).toBe('cancelling');
  });

  test('money that was taken goes back only when the origin holds nothing for us', () => {
    const cancelling = saga({ state: 'cancelling', captured: true });
    expect(follow(cancelling, 'cancel', { kind: 'unknown' }, now).state).toBe('cancelling');
    expect(follow(cancelling, 'cancel', told('cancelled'), now).state).toBe('refunding');
    expect(follow(cancelling, 'cancel', { kind: 'refused', code: 'order-under-way' }, now).state).toBe('confirmed');
  });
});

test('10,000 sagas with a fault at every edge: all end, nobody is charged twice, no hold outlives its deadline', () => {
  const seen = runSagas({ count: 10_000, seed: 7 });
  expect(seen.faults).toEqual([]);
  expect(Object.values(seen.ends).reduce((sum, count) => sum + count, 0)).toBe(10_000);
  // The faults are there: else nothing would be proved.
  expect(seen.ends['refund-owed']).toBeGreaterThan(50);
  expect(seen.ends.void).toBeGreaterThan(1_000);
  expect(seen.ends.refunded).toBeGreaterThan(100);
  expect(seen.ends.confirmed).toBeGreaterThan(3_000);
});

describe('a transfer for goods that are held', () => {
  const waits = saga({ state: 'awaiting-transfer', method: 'vietqr', orderId: 'o1', confirmBy: later(30) });
  const none = { creditVnd: vnd(0) };

  test('whole, in parts, or too much', () => {
    expect(planOf(waits, later(10))).toBeUndefined();
    expect(arrive(waits, { ...none, amountVnd: vnd(70_000) }, later(5))).toEqual({ kind: 'paid', backVnd: 0 });
    expect(arrive(waits, { ...none, amountVnd: vnd(69_999) }, later(5))).toEqual({ kind: 'short' });
    expect(arrive(waits, { creditVnd: vnd(69_999), amountVnd: vnd(8) }, later(5))).toEqual({
      kind: 'paid',
      backVnd: 7,
    });
  });

  test('late, with what waited for the rest; or twice', () => {
    const late = { creditVnd: vnd(10_000), amountVnd: vnd(60_000) };
    expect(arrive(waits, late, later(29.5))).toEqual({ kind: 'late', backVnd: 70_000 });
    expect(planOf(waits, later(29.5))).toMatchObject({ ask: 'cancel', reason: 'not-paid' });
    const sold = { ...waits, state: 'confirmed', captured: true } as const;
    expect(arrive(sold, { ...none, amountVnd: vnd(70_000) }, later(5))).toEqual({ kind: 'double', backVnd: 70_000 });
  });

  test('the goods are held before anything is asked of the shopper', () => {
    const reserving = saga({ state: 'reserving', method: 'vietqr' });
    expect(follow(reserving, 'reserve', told('reserved'), now).state).toBe('awaiting-transfer');
    expect(follow(reserving, 'reserve', { kind: 'refused', code: 'quantity-unavailable' }, now).state).toBe('voiding');
  });
});

test('every step that is taken is one that the database allows', () => {
  const allowed = new Set(LEG_MOVES.map(([from, to]) => `${from} ${to}`));
  expect([...runSagas({ count: 3_000, seed: 11 }).steps].filter((step) => !allowed.has(step))).toEqual([]);
});
