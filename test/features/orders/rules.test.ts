import { expect, test } from 'vitest';
import { cancel, confirm, deliver, groupStateOf, pack, ship } from '#features/orders/rules.ts';
import {
  FULFILMENT_STATES,
  ORDER_PAYMENT_STATES,
  ORDER_STATES,
  type OrderFacts,
  type OrderState,
} from '#features/orders/types.ts';

const all: readonly OrderFacts[] = ORDER_STATES.flatMap((status) =>
  ORDER_PAYMENT_STATES.flatMap((paymentStatus) =>
    FULFILMENT_STATES.map((fulfilmentStatus) => ({ status, paymentStatus, fulfilmentStatus })),
  ),
);
const placed: OrderFacts = { status: 'placed', paymentStatus: 'paid', fulfilmentStatus: 'none' };

test('a paid order is confirmed, packed, shipped and delivered', () => {
  let end = placed;
  for (const step of [confirm, pack, ship, deliver]) end = { ...end, ...step(end) };
  expect(end).toEqual({ status: 'completed', paymentStatus: 'paid', fulfilmentStatus: 'delivered' });
});

test('packing may be left out', () => {
  expect(ship({ ...placed, status: 'confirmed' })).toEqual({ fulfilmentStatus: 'shipped' });
});

/** Every combination of the three facts: a step is taken from those that `may` allows and refused from all others. */
test.each<[string, (order: OrderFacts) => unknown, string, (order: OrderFacts) => boolean]>([
  ['confirm', confirm, 'order-not-confirmable', ({ status }) => status === 'placed'],
  ['pack', pack, 'order-not-packable', ({ status, fulfilmentStatus: at }) => status === 'confirmed' && at === 'none'],
  [
    'ship',
    ship,
    'order-not-shippable',
    ({ status, fulfilmentStatus: at }) => status === 'confirmed' && (at === 'none' || at === 'packed'),
  ],
  ['deliver', deliver, 'order-not-deliverable', ({ fulfilmentStatus: at }) => at === 'shipped'],
  [
    'cancel',
    cancel,
    'order-not-cancellable',
    ({ status, paymentStatus, fulfilmentStatus: at }) =>
      (status === 'placed' || status === 'confirmed') && paymentStatus === 'paid' && (at === 'none' || at === 'packed'),
  ],
])('%s: from the states that allow it and from no other', (_name, step, code, may) => {
  for (const order of all) {
    if (may(order)) expect(() => step(order), JSON.stringify(order)).not.toThrow();
    else expect(() => step(order), JSON.stringify(order)).toThrow(expect.objectContaining({ code }));
  }
});

test('no refusal takes the place of a standard member of its document', () => {
  for (const order of all) {
    for (const step of [confirm, pack, ship, deliver, cancel]) {
      try {
        step(order);
      } catch (error) {
        expect(Object.keys((error as { extra: object }).extra)).not.toContain('status');
      }
    }
  }
});

test.each<[readonly OrderState[], string]>([
  [['placed', 'confirmed', 'completed'], 'paid'],
  [['placed', 'cancelled'], 'partly-cancelled'],
  [['cancelled', 'cancelled'], 'cancelled'],
])('orders %j make a group that is %s', (states, group) => expect(groupStateOf(states)).toBe(group));
