import { refusals } from '#core/problem.ts';
import { type GroupState, type OrderFacts, type OrderState, orderProblems } from './types.ts';

const refuse = refusals(orderProblems);

/** A household checks its phone in the evening: two days to confirm a paid order. */
export const confirmWindowMs = 48 * 3_600_000;
/** How long checkout holds stock for a shopper who is paying. */
export const holdMs = 30 * 60_000;

export function confirm(order: OrderFacts): Pick<OrderFacts, 'status'> {
  if (order.status !== 'placed') throw refuse('order-not-confirmable', { orderStatus: order.status });
  return { status: 'confirmed' };
}

export function pack(order: OrderFacts): Pick<OrderFacts, 'fulfilmentStatus'> {
  if (order.status !== 'confirmed' || order.fulfilmentStatus !== 'none')
    throw refuse('order-not-packable', { orderStatus: order.status, fulfilmentStatus: order.fulfilmentStatus });
  return { fulfilmentStatus: 'packed' };
}

export function ship(order: OrderFacts): Pick<OrderFacts, 'fulfilmentStatus'> {
  const ready = order.fulfilmentStatus === 'none' || order.fulfilmentStatus === 'packed';
  if (order.status !== 'confirmed' || !ready)
    throw refuse('order-not-shippable', { orderStatus: order.status, fulfilmentStatus: order.fulfilmentStatus });
  return { fulfilmentStatus: 'shipped' };
}

export function deliver(order: OrderFacts): Pick<OrderFacts, 'status' | 'fulfilmentStatus'> {
  if (order.fulfilmentStatus !== 'shipped')
    throw refuse('order-not-deliverable', { fulfilmentStatus: order.fulfilmentStatus });
  return { status: 'completed', fulfilmentStatus: 'delivered' };
}

/** Until it has left the seller's hands a paid order can be called off, and what was paid goes back. */
export function cancel(order: OrderFacts): Pick<OrderFacts, 'status'> {
  const open = order.status === 'placed' || order.status === 'confirmed';
  const atHome = order.fulfilmentStatus === 'none' || order.fulfilmentStatus === 'packed';
  if (!open || !atHome || order.paymentStatus !== 'paid') {
    throw refuse('order-not-cancellable', { orderStatus: order.status, fulfilmentStatus: order.fulfilmentStatus });
  }
  return { status: 'cancelled' };
}

/** What a paid group is once some of its orders are cancelled. */
export function groupStateOf(states: readonly OrderState[]): GroupState {
  const cancelled = states.filter((state) => state === 'cancelled').length;
  if (cancelled === states.length) return 'cancelled';
  return cancelled > 0 ? 'partly-cancelled' : 'paid';
}
