/**
 * How an order moves. Whoever changes one holds the lock of its group (`lockGroup`) and says what happened by one of these:
 *
 * - `tellOrders(deps, tx, orders, type, detail)` for an event of `EVENT_FACTS`: it writes the facts that the event makes, and
 *   the event. A step that `order_moves` does not list is refused by the database, whatever the caller thought.
 * - `followPieces(deps, tx, order)` after parcels, cancelled or returned pieces changed: the order's fulfilment follows.
 *
 * Other slices reach both, and the courier's side, by `orders.forOthers` of the service.
 */
import type { Tx } from '#db/client.ts';
import type { Deps } from './deps.ts';
import { listParcelsOf } from './queries/shipments.ts';
import { addOrderEvents, getOrder, listLinesOf, type OrderRow, saveOrders } from './queries.ts';
import { eventOfStage, factsOf, fulfilmentOf } from './rules/moves.ts';
import { tellPeople } from './telling.ts';
import type { OrderEventType, OrderId, ShipmentState } from './types.ts';

type Moving = Pick<Deps, 'now' | 'events' | 'notices'>;
type Detail = Readonly<Record<string, unknown>>;

/** Writes what happened to orders of one group, and what it makes of them. */
export async function tellOrders(
  { now, events, notices }: Moving,
  tx: Tx,
  orders: readonly Pick<OrderRow, 'id'>[],
  type: OrderEventType,
  detail: Detail = {},
): Promise<void> {
  const ids = orders.map(({ id }) => id);
  const at = now();
  await saveOrders(tx, ids, factsOf(type), at);
  await addOrderEvents(tx, ids, type, detail, at);
  await events.add(tx, ...ids.map((orderId) => ({ type: 'order.changed' as const, orderId })));
  await tellPeople({ notices }, tx, ids, type, detail);
}

const isReceived = ({ state }: { readonly state: ShipmentState }): boolean =>
  state === 'delivered' || state === 'cod_settled';

/** Has the order's fulfilment follow its pieces: the least advanced one speaks. The order as it is then. */
export async function followPieces(deps: Moving, tx: Tx, id: OrderId): Promise<OrderRow> {
  const [order, lines, parcels] = await Promise.all([getOrder(tx, id), listLinesOf(tx, [id]), listParcelsOf(tx, [id])]);
  const reached = fulfilmentOf(lines, parcels);
  if (reached === undefined || reached === order.fulfilmentStatus || order.status === 'cancelled') return order;
  // Pieces that went back had been received, and nothing else is to come: the order is complete before it is returned.
  const wasReceived = reached === 'returned' && order.status === 'confirmed' && parcels.some(isReceived);
  if (wasReceived) await tellOrders(deps, tx, [order], eventOfStage.delivered);
  await tellOrders(deps, tx, [order], eventOfStage[reached]);
  // What is owed once the goods are received, tax and earnings, hears of it.
  if (reached === 'delivered' || wasReceived) await deps.events.add(tx, { type: 'order.received', orderId: id });
  return getOrder(tx, id);
}
