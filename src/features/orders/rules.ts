import { refusals } from '#core/problem.ts';
import { type Canceller, type GroupState, type OrderFacts, type OrderState, orderProblems } from './types.ts';

const refuse = refusals(orderProblems);

/** How long checkout holds stock for a shopper who is paying. */
export const holdMs = 30 * 60_000;

const states = ({ status, fulfilmentStatus }: OrderFacts) => ({ orderStatus: status, fulfilmentStatus });

export function checkConfirmable(order: OrderFacts): void {
  if (order.status !== 'placed') throw refuse('order-not-confirmable', { orderStatus: order.status });
}

/** Where a piece is in no parcel yet, nothing more advanced speaks for the order. */
export function checkPackable(order: OrderFacts): void {
  if (order.status !== 'confirmed' || order.fulfilmentStatus !== 'none')
    throw refuse('order-not-packable', states(order));
}

export function checkShippable(order: OrderFacts): void {
  const isHome = order.fulfilmentStatus === 'none' || order.fulfilmentStatus === 'packed';
  if (order.status !== 'confirmed' || !isHome) throw refuse('order-not-shippable', states(order));
}

/** `onTheWay` counts parcels that have left and not arrived: of a partly sent order some have, whatever it says as a whole. */
export function checkDeliverable(order: OrderFacts, onTheWay: number): void {
  if (order.status !== 'confirmed' || onTheWay === 0) throw refuse('order-not-deliverable', states(order));
}

/**
 * A paid order can be called off while pieces of it are at the seller's. `sent` counts pieces in parcels that have left,
 * `packed` those in parcels that have not: a seller unpacks them, a shopper asks before they are packed.
 */
export function checkCancellable(
  order: OrderFacts,
  pieces: { readonly sent: number; readonly packed: number },
  { by, wholly }: { readonly by: Canceller; readonly wholly: boolean },
): void {
  const open = order.status === 'placed' || order.status === 'confirmed';
  // Also one whose price has gone back whole: its pieces would never come back to the shelf otherwise.
  const paid = order.paymentStatus !== 'unpaid';
  const left = pieces.sent > 0 && (wholly || by === 'shopper');
  if (!open || !paid || left || (by === 'shopper' && pieces.packed > 0))
    throw refuse('order-not-cancellable', states(order));
}

/** What a paid group is once some of its orders are cancelled. */
export function groupStateOf(states: readonly OrderState[]): GroupState {
  const cancelled = states.filter((state) => state === 'cancelled').length;
  if (cancelled === states.length) return 'cancelled';
  return cancelled > 0 ? 'partly-cancelled' : 'paid';
}
