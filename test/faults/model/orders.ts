import type { Return } from './returns.ts';

type Parcel = { readonly pieces: number; state: 'packed' | 'away' | 'delivered' };
type Fulfilment = 'none' | 'packed' | 'shipped' | 'delivered' | 'returned';
export type Order = {
  readonly bought: number;
  readonly totalVnd: number;
  status: 'awaiting-payment' | 'placed' | 'confirmed' | 'completed' | 'cancelled';
  fulfilment: Fulfilment;
  cancelled: number;
  returned: number;
  refundedVnd: number;
  parcels: Parcel[];
  readonly returns: Return[];
  readonly causes: Record<number, number>;
};
export const inParcels = (one: Order, ...states: Parcel['state'][]): number =>
  one.parcels.filter(({ state }) => states.includes(state)).reduce((sum, { pieces }) => sum + pieces, 0);
/**
 * What the parcels are, whichever came first. Two that acted at once may leave all else alike: a parcel sent before the
 * others arrived has arrived with them, one sent after it is still away.
 */
export const parcelsOf = ({ parcels }: Order): readonly string[] =>
  parcels.map(({ pieces, state }) => `${state}:${pieces}`).sort();
const held = (one: Order): number => inParcels(one, 'packed', 'away', 'delivered');
export const openPieces = (one: Order): number => one.bought - one.cancelled - held(one);
export const arrived = (one: Order): number => inParcels(one, 'delivered');

/** The least advanced piece speaks; a piece that the shopper gave back was the most advanced. */
function reached(one: Order): Fulfilment {
  const wanted = one.bought - one.cancelled;
  if (one.returned >= wanted) return 'returned';
  if (held(one) < wanted) return 'none';
  if (inParcels(one, 'packed') > 0) return 'packed';
  return inParcels(one, 'away') > 0 ? 'shipped' : 'delivered';
}

/** The order is over when all that is left of it has arrived. */
export function follow(one: Order): void {
  if (one.status === 'cancelled' || one.fulfilment === reached(one)) return;
  one.fulfilment = reached(one);
  // What went back had arrived.
  if (one.fulfilment === 'delivered' || one.fulfilment === 'returned') one.status = 'completed';
}

export function pack(one: Order, asked: number): string {
  if (one.status !== 'confirmed' || one.fulfilment !== 'none') return 'order-not-packable';
  const pieces = asked === 0 ? openPieces(one) : asked;
  if (pieces > openPieces(one) || pieces === 0) return 'pieces-not-open';
  one.parcels.push({ pieces, state: 'packed' });
  follow(one);
  return 'done';
}

export function ship(one: Order, asked: number): string {
  if (one.status !== 'confirmed' || !['none', 'packed'].includes(one.fulfilment)) return 'order-not-shippable';
  const packed = asked === 0 ? one.parcels.filter(({ state }) => state === 'packed') : [];
  const pieces = asked === 0 ? openPieces(one) : asked;
  if (packed.length === 0 && (pieces > openPieces(one) || pieces === 0)) return 'pieces-not-open';
  for (const parcel of packed) parcel.state = 'away';
  if (packed.length === 0) one.parcels.push({ pieces, state: 'away' });
  follow(one);
  return 'done';
}

export function deliver(one: Order): string {
  const coming = one.parcels.filter(({ state }) => state === 'away');
  if (one.status !== 'confirmed' || coming.length === 0) return 'order-not-deliverable';
  for (const parcel of coming) parcel.state = 'delivered';
  follow(one);
  return 'done';
}
