import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  eventOfStage,
  foldFacts,
  fulfilmentOf,
  LEGAL_MOVES,
  mayShipmentMove,
  openPieces,
} from '#features/orders/rules/moves.ts';
import { readWanted } from '#features/orders/rules/pieces.ts';
import {
  checkCancellable,
  checkConfirmable,
  checkDeliverable,
  checkPackable,
  checkShippable,
  groupStateOf,
} from '#features/orders/rules.ts';
import {
  EVENT_FACTS,
  FULFILMENT_STATES,
  ORDER_PAYMENT_STATES,
  ORDER_STATES,
  type OrderEventType,
  type OrderFacts,
  type OrderState,
  SHIPMENT_STATES,
  type ShipmentState,
} from '#features/orders/types.ts';

const all: readonly OrderFacts[] = ORDER_STATES.flatMap((status) =>
  ORDER_PAYMENT_STATES.flatMap((paymentStatus) =>
    FULFILMENT_STATES.map((fulfilmentStatus) => ({ status, paymentStatus, fulfilmentStatus })),
  ),
);

/** Every combination of the three facts: a step is taken from those that `may` allows and refused from all others. */
test.each<[string, (order: OrderFacts) => void, string, (order: OrderFacts) => boolean]>([
  ['confirm', checkConfirmable, 'order-not-confirmable', ({ status }) => status === 'placed'],
  [
    'pack',
    checkPackable,
    'order-not-packable',
    ({ status, fulfilmentStatus: at }) => status === 'confirmed' && at === 'none',
  ],
  [
    'ship',
    checkShippable,
    'order-not-shippable',
    ({ status, fulfilmentStatus: at }) => status === 'confirmed' && (at === 'none' || at === 'packed'),
  ],
  ['deliver', (order) => checkDeliverable(order, 1), 'order-not-deliverable', ({ status }) => status === 'confirmed'],
  ['deliver nothing', (order) => checkDeliverable(order, 0), 'order-not-deliverable', () => false],
  ...(['seller', 'shopper'] as const).map(
    (by): [string, (order: OrderFacts) => void, string, (order: OrderFacts) => boolean] => [
      `cancel by a ${by}`,
      (order: OrderFacts) => checkCancellable(order, { sent: 0, packed: 0 }, { by, wholly: true }),
      'order-not-cancellable',
      ({ status, paymentStatus }: OrderFacts) => ['placed', 'confirmed'].includes(status) && paymentStatus !== 'unpaid',
    ],
  ),
])('%s: from the states that allow it and from no other', (_name, check, code, may) => {
  for (const order of all) {
    if (may(order)) expect(() => check(order), JSON.stringify(order)).not.toThrow();
    else expect(() => check(order), JSON.stringify(order)).toThrow(expect.objectContaining({ code }));
  }
});

test('no refusal takes the place of a standard member of its document', () => {
  const checks = [checkConfirmable, checkPackable, checkShippable];
  for (const order of all) {
    for (const check of checks) {
      try {
        check(order);
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

const confirmed: OrderFacts = { status: 'confirmed', paymentStatus: 'paid', fulfilmentStatus: 'none' };
test.each([
  ['seller', true, { sent: 1, packed: 0 }, false],
  ['seller', false, { sent: 1, packed: 1 }, true],
  ['seller', true, { sent: 0, packed: 2 }, true],
  ['shopper', true, { sent: 0, packed: 1 }, false],
  ['shopper', false, { sent: 1, packed: 0 }, false],
  ['exchange', true, { sent: 0, packed: 1 }, true],
] as const)('a %s, wholly: %s, with %j: %s', (by, wholly, pieces, may) => {
  const check = () => checkCancellable(confirmed, pieces, { by, wholly });
  if (may) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: 'order-not-cancellable' }));
});

describe('facts are folded from events', () => {
  test.each<[string, readonly OrderEventType[], OrderFacts]>([
    [
      'bought and sent',
      ['placed', 'paid', 'confirmed', 'packed', 'shipped', 'delivered'],
      { status: 'completed', paymentStatus: 'paid', fulfilmentStatus: 'delivered' },
    ],
    [
      'lapsed and paid too late',
      ['placed', 'expired', 'paid-late'],
      { status: 'placed', paymentStatus: 'paid', fulfilmentStatus: 'none' },
    ],
    [
      'called off',
      ['placed', 'paid', 'cancelled', 'refunded'],
      { status: 'cancelled', paymentStatus: 'refunded', fulfilmentStatus: 'none' },
    ],
    [
      'some of it called off',
      ['placed', 'paid', 'part-cancelled', 'part-refunded'],
      { status: 'placed', paymentStatus: 'part-refunded', fulfilmentStatus: 'none' },
    ],
  ])('%s', (_name, events, facts) => expect(foldFacts(events)).toEqual(facts));

  test('every stage of fulfilment has the event that makes it', () => {
    for (const stage of FULFILMENT_STATES)
      expect(EVENT_FACTS[eventOfStage[stage]]).toMatchObject({ fulfilmentStatus: stage });
  });

  test('no step leads out of a state that is final, and none stays where it is', () => {
    const from = (fact: keyof typeof LEGAL_MOVES) => new Set(LEGAL_MOVES[fact].map(([state]) => state));
    expect(from('status')).not.toContain('completed');
    expect(from('payment')).not.toContain('refunded');
    for (const state of ['cod_settled', 'lost_damaged', 'cancelled', 'returned'])
      expect(from('shipment')).not.toContain(state);
    for (const [here, there] of Object.values(LEGAL_MOVES).flat()) expect(here).not.toBe(there);
  });
});

const line = { id: 'a', quantity: 3, cancelledQuantity: 0, returnedQuantity: 0 };
const other = { ...line, id: 'b', quantity: 1 };
const parcel = (state: ShipmentState, ...lines: readonly (readonly [string, number])[]) => ({
  state,
  lines: lines.map(([lineId, quantity]) => ({ lineId, quantity })),
});

describe('the least advanced piece speaks', () => {
  test.each<[string, Parameters<typeof fulfilmentOf>, string | undefined]>([
    ['nothing packed', [[line], []], 'none'],
    ['two of three sent', [[line], [parcel('in_transit', ['a', 2])]], 'none'],
    [
      'two sent, the third called off',
      [[{ ...line, cancelledQuantity: 1 }], [parcel('in_transit', ['a', 2])]],
      'shipped',
    ],
    [
      'two there, one on its way',
      [[line], [parcel('delivered', ['a', 2]), parcel('out_for_delivery', ['a', 1])]],
      'shipped',
    ],
    [
      'one line there, one packed',
      [
        [line, other],
        [parcel('delivered', ['a', 3]), parcel('created', ['b', 1])],
      ],
      'packed',
    ],
    [
      'all there',
      [
        [line, other],
        [parcel('delivered', ['a', 3]), parcel('cod_settled', ['b', 1])],
      ],
      'delivered',
    ],
    ['lost', [[other], [parcel('lost_damaged', ['b', 1])]], 'none'],
    ['lost and sent again', [[other], [parcel('lost_damaged', ['b', 1]), parcel('picked_up', ['b', 1])]], 'shipped'],
    ['came back', [[other], [parcel('returned', ['b', 1])]], 'returned'],
    ['came back and sent again', [[other], [parcel('returned', ['b', 1]), parcel('picked_up', ['b', 1])]], 'shipped'],
    [
      'one came back, two are there',
      [[line], [parcel('delivered', ['a', 2]), parcel('returned', ['a', 1])]],
      'delivered',
    ],
    ['the buyer sent all back', [[{ ...other, returnedQuantity: 1 }], [parcel('delivered', ['b', 1])]], 'returned'],
    ['all called off', [[{ ...other, cancelledQuantity: 1 }], []], undefined],
  ])('%s', (_name, given, stage) => expect(fulfilmentOf(...given)).toBe(stage));

  test('never more pieces are open than were bought and not called off, and packing all leaves none', () => {
    const states = fc.constantFrom(...SHIPMENT_STATES);
    const sent = fc.array(fc.tuple(states, fc.integer({ min: 1, max: 3 })), { maxLength: 4 });
    fc.assert(
      fc.property(sent, fc.integer({ min: 0, max: 3 }), (parcels, cancelledQuantity) => {
        const bought = { ...line, cancelledQuantity };
        const there = parcels.map(([state, quantity]) => parcel(state, ['a', quantity]));
        const open = openPieces(bought, there);
        expect(open).toBeGreaterThanOrEqual(0);
        expect(open).toBeLessThanOrEqual(3 - cancelledQuantity);
        expect(openPieces(bought, [...there, parcel('created', ['a', open])])).toBe(0);
      }),
    );
  });
});

test.each<[ShipmentState, ShipmentState, boolean]>([
  ['created', 'picked_up', true],
  ['created', 'delivered', true],
  ['in_transit', 'picked_up', false],
  ['delivered', 'in_transit', false],
  ['delivered', 'cod_settled', true],
  ['in_transit', 'cod_settled', false],
  ['failed_attempt', 'in_transit', true],
  ['failed_attempt', 'delivered', true],
  ['failed_attempt', 'created', false],
  ['returning', 'delivered', false],
  ['returning', 'returned', true],
  ['in_transit', 'lost_damaged', true],
  ['picked_up', 'cancelled', false],
  ['created', 'cancelled', true],
  ['lost_damaged', 'delivered', false],
])('a parcel goes from %s to %s: %s', (from, to, may) => expect(mayShipmentMove(from, to)).toBe(may));

describe('pieces that are asked for', () => {
  const lines = [
    { variantId: 'x', open: 2 },
    { variantId: 'y', open: 0 },
  ];
  test('are all that is open where none are named', () =>
    expect(readWanted(lines, undefined)).toEqual([{ line: lines[0], quantity: 2 }]));
  test.each<[string, Parameters<typeof readWanted>[1], string]>([
    ['more than are open', [{ variantId: 'x', quantity: 3 }], 'pieces-not-open'],
    ['of a line that is done', [{ variantId: 'y', quantity: 1 }], 'pieces-not-open'],
    ['of another order', [{ variantId: 'z', quantity: 1 }], 'line-not-of-order'],
    [
      'twice',
      [
        { variantId: 'x', quantity: 1 },
        { variantId: 'x', quantity: 1 },
      ],
      'line-not-of-order',
    ],
    ['none', [], 'pieces-not-open'],
  ])('%s are refused', (_name, wanted, code) =>
    expect(() => readWanted(lines, wanted)).toThrow(expect.objectContaining({ code })),
  );
});
