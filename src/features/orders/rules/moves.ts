import {
  EVENT_FACTS,
  type FulfilmentState,
  type MovingFact,
  type OrderEventType,
  type OrderFacts,
  SHIPMENT_STATES,
  type ShipmentState,
} from '../types.ts';

type Move = readonly [from: string, to: string];

const afterLoss: readonly Move[] = [
  // A parcel that was lost or came back leaves its pieces to be sent again.
  ['shipped', 'none'],
  ['shipped', 'packed'],
  ['returned', 'none'],
  ['returned', 'packed'],
  ['returned', 'shipped'],
];

const settled: readonly ShipmentState[] = ['delivered', 'cod_settled', 'returned', 'lost_damaged', 'cancelled'];
const order = (state: ShipmentState): number => SHIPMENT_STATES.indexOf(state);

/** Whether a parcel may come from one state into another. Carriers leave states out; none goes back to before. */
export function mayShipmentMove(from: ShipmentState, to: ShipmentState): boolean {
  if (from === to) return false;
  if (to === 'cod_settled') return from === 'delivered';
  if (settled.includes(from)) return false;
  if (to === 'cancelled') return from === 'created';
  if (to === 'lost_damaged') return true;
  if (from === 'returning') return to === 'returned';
  // After an attempt that failed the parcel is carried out again, or lies at the depot.
  if (from === 'failed_attempt') return to !== 'picked_up' && to !== 'created';
  return order(to) > order(from);
}

const shipmentMoves: readonly Move[] = SHIPMENT_STATES.flatMap((from) =>
  SHIPMENT_STATES.filter((to) => mayShipmentMove(from, to)).map((to): Move => [from, to]),
);

/** The legal steps of each fact: the rows of `order_moves`, compared with them by a test. */
export const LEGAL_MOVES: Readonly<Record<MovingFact, readonly Move[]>> = {
  status: [
    ['awaiting-payment', 'placed'],
    ['awaiting-payment', 'cancelled'],
    // Money that came after the time was over, while the goods were still there.
    ['cancelled', 'placed'],
    ['placed', 'confirmed'],
    ['placed', 'cancelled'],
    ['confirmed', 'completed'],
    ['confirmed', 'cancelled'],
  ],
  payment: [
    ['unpaid', 'paid'],
    ['paid', 'part-refunded'],
    ['paid', 'refunded'],
    ['part-refunded', 'refunded'],
  ],
  fulfilment: [
    ['none', 'packed'],
    ['none', 'shipped'],
    ['none', 'delivered'],
    ['none', 'returned'],
    ['packed', 'none'],
    ['packed', 'shipped'],
    ['packed', 'delivered'],
    ['packed', 'returned'],
    ['shipped', 'delivered'],
    ['shipped', 'returned'],
    ['delivered', 'returned'],
    ...afterLoss,
  ],
  shipment: shipmentMoves,
};

export const factsOf = (type: OrderEventType): Partial<OrderFacts> => EVENT_FACTS[type];

/** The facts that these events, oldest first, make of an order. */
export const foldFacts = (events: readonly OrderEventType[]): Partial<OrderFacts> =>
  Object.assign({}, ...events.map(factsOf));

const stages: readonly FulfilmentState[] = ['none', 'packed', 'shipped', 'delivered', 'returned'];
const stageOf: Readonly<Record<ShipmentState, FulfilmentState>> = {
  created: 'packed',
  picked_up: 'shipped',
  in_transit: 'shipped',
  out_for_delivery: 'shipped',
  failed_attempt: 'shipped',
  returning: 'shipped',
  delivered: 'delivered',
  cod_settled: 'delivered',
  returned: 'returned',
  lost_damaged: 'none',
  cancelled: 'none',
};

/** Whether what is in the parcel is spoken for: neither unpacked nor lost nor back home. */
export const holdsPieces = (state: ShipmentState): boolean =>
  !['lost_damaged', 'cancelled', 'returned'].includes(state);

export type LinePieces = {
  readonly id: string;
  readonly quantity: number;
  readonly cancelledQuantity: number;
  readonly returnedQuantity: number;
};
/** `extraQuantity`: taken from the shelf beyond what was bought, to send lost pieces again, less what went back to it. */
export type ShelfPieces = LinePieces & { readonly extraQuantity: number };
export type ParcelPieces = {
  readonly state: ShipmentState;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
};

const inParcels = (line: LinePieces, parcels: readonly ParcelPieces[], counts: (state: ShipmentState) => boolean) =>
  parcels
    .filter(({ state }) => counts(state))
    .flatMap(({ lines }) => lines.filter(({ lineId }) => lineId === line.id))
    .reduce((sum, { quantity }) => sum + quantity, 0);

/** Pieces of a line that are in no parcel and not called off: they can be packed, sent or cancelled. */
export const openPieces = (line: LinePieces, parcels: readonly ParcelPieces[]): number =>
  Math.max(0, line.quantity - line.cancelledQuantity - inParcels(line, parcels, holdsPieces));

const lostOf = (line: LinePieces, parcels: readonly ParcelPieces[]): number =>
  inParcels(line, parcels, (state) => state === 'lost_damaged');

/** How many of these pieces of a line are no longer at the seller's, since a carrier lost them: they come from the shelf anew. */
export function missingFor(line: ShelfPieces, parcels: readonly ParcelPieces[], quantity: number): number {
  const left = line.quantity + line.extraQuantity - lostOf(line, parcels) - inParcels(line, parcels, holdsPieces);
  return Math.max(0, quantity - left);
}

/**
 * How many pieces of a line are at the seller's beyond what is still to be sent, once so many more are called off: these
 * go back to the shelf. Lost ones are called off first, whatever the steps.
 */
export const spareAfter = (line: ShelfPieces, parcels: readonly ParcelPieces[], quantity: number): number =>
  Math.max(0, line.cancelledQuantity + quantity + line.extraQuantity - lostOf(line, parcels));

function lineStages(line: LinePieces, parcels: readonly ParcelPieces[]): readonly FulfilmentState[] {
  const wanted = line.quantity - line.cancelledQuantity;
  if (wanted <= 0) return [];
  if (line.returnedQuantity >= wanted) return ['returned'];
  const held = inParcels(line, parcels, holdsPieces);
  const own = parcels.filter((parcel) => parcel.lines.some(({ lineId }) => lineId === line.id));
  const reached = own.filter(({ state }) => holdsPieces(state)).map(({ state }) => stageOf[state]);
  if (held >= wanted) return reached;
  // What came back and was not sent anew speaks as returned; what was never sent, or was lost, as nothing.
  const back = inParcels(line, parcels, (state) => state === 'returned');
  return [...reached, held + back >= wanted ? 'returned' : 'none'];
}

/** How far an order has come: its least advanced piece that was not called off speaks. Undefined when none is left. */
export function fulfilmentOf(
  lines: readonly LinePieces[],
  parcels: readonly ParcelPieces[],
): FulfilmentState | undefined {
  const reached = new Set(lines.flatMap((line) => lineStages(line, parcels)));
  return stages.find((stage) => reached.has(stage));
}

/** The event that tells an order's new fulfilment. */
export const eventOfStage: Readonly<Record<FulfilmentState, OrderEventType>> = {
  none: 'unpacked',
  packed: 'packed',
  shipped: 'shipped',
  delivered: 'delivered',
  returned: 'returned',
};
