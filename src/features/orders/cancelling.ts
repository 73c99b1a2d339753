import { readCode } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { PieceSums } from '#features/ledger/types.ts';
import type { Deps } from './deps.ts';
import { followPieces, tellOrders } from './moving.ts';
import { moveParcel, parcelsIn, readPieces } from './parcels.ts';
import type { Parcel } from './queries/shipments.ts';
import {
  addExtra,
  findOrderByCode,
  getOrder,
  type LineRow,
  listOrdersOf,
  lockGroup,
  type OrderRow,
  saveCancelled,
  saveGroup,
  sumRefunded,
} from './queries.ts';
import { refundableOf, sumParts } from './rules/line-parts.ts';
import { holdsPieces, spareAfter } from './rules/moves.ts';
import { readWanted, type WantedPieces } from './rules/pieces.ts';
import { checkCancellable, groupStateOf } from './rules.ts';
import { type Canceller, orderProblems } from './types.ts';

const refuse = refusals(orderProblems);

/** Who acts: a member for the businesses of the account, or the exchange itself for all. */
export type Seller = { readonly actor: string; readonly businessIds?: readonly BusinessId[] };
export type CancelRequest = {
  readonly reason: string;
  /** All that is left without it. */
  readonly lines?: WantedPieces | undefined;
  /** The version of the order that was looked at: a form that is sent twice cancels once. */
  readonly version?: number | undefined;
};
export type Cancelled = {
  readonly code: string;
  readonly status: OrderRow['status'];
  readonly paymentStatus: OrderRow['paymentStatus'];
  readonly refundVnd: Vnd;
};

/** The order, with its group locked before it. Another business's order does not exist for this seller. */
export async function lockOwn(tx: Tx, code: string, { businessIds }: Seller): Promise<OrderRow> {
  const order = await findOrderByCode(tx, readCode(code));
  if (!order || (businessIds && !businessIds.includes(order.businessId))) throw refuse('order-not-found');
  await lockGroup(tx, order.groupId);
  return getOrder(tx, order.id);
}

export const actAs = <T>(db: Db, { actor, businessIds }: Seller, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

const count = (parcels: readonly Parcel[]): number =>
  parcels.flatMap(({ lines }) => lines).reduce((sum, { quantity }) => sum + quantity, 0);
const of = (parcels: readonly Parcel[], line: LineRow): number =>
  parcels
    .flatMap(({ lines }) => lines)
    .filter(({ lineId }) => lineId === line.id)
    .reduce((sum, { quantity }) => sum + quantity, 0);

/** What goes back for the pieces; with the last of them the freight, and whatever else is left of the price. */
async function refundOf(
  tx: Tx,
  order: OrderRow,
  pieces: readonly { readonly line: LineRow; readonly quantity: number }[],
  isLast: boolean,
): Promise<{ readonly refundVnd: Vnd; readonly pieces: PieceSums }> {
  const leftVnd = vnd(order.totalVnd - (await sumRefunded(tx, order.id)));
  const { paidVnd, ...sums } = sumParts(pieces.map(({ line, quantity }) => refundableOf(line, quantity)));
  return { refundVnd: isLast ? leftVnd : vnd(Math.min(paidVnd, leftVnd)), pieces: sums };
}

/** Whoever is shown these goods sees that they are there again. */
async function tellProducts({ products, events }: Deps, tx: Tx, lines: readonly LineRow[]): Promise<void> {
  const facts = await products.listVariantFacts(
    lines.map((line) => line.variantId),
    tx,
  );
  await events.add(tx, ...facts.map(({ productId }) => ({ type: 'product.changed' as const, productId })));
}

/** What is called off comes back to the shelf, as far as it is at the seller's: what a carrier lost does not. */
async function shelve(
  { stock }: Deps,
  tx: Tx,
  order: OrderRow,
  chosen: readonly { readonly line: LineRow; readonly quantity: number }[],
  parcels: readonly Parcel[],
): Promise<void> {
  const spare = chosen.map(({ line, quantity }) => ({ line, quantity: spareAfter(line, parcels, quantity) }));
  const back = spare.filter(({ quantity }) => quantity > 0);
  await addExtra(
    tx,
    back.map(({ line, quantity }) => ({ lineId: line.id, quantity: -quantity })),
  );
  await stock.giveBack(
    tx,
    back.map(({ line, quantity }) => ({ variantId: line.variantId, quantity })),
    order.id,
  );
}

/**
 * Calls off what is named of an order, or all of it. Parcels that have not left are unpacked where their pieces are needed.
 * Stock comes back, lost pieces apart, the refund goes through the one way there is, and the group's state follows. The
 * caller holds the group's lock.
 */
async function cancelPieces(
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  { reason, lines: wanted, version, by }: CancelRequest & { readonly by: Canceller },
): Promise<Cancelled> {
  if (version !== undefined && version !== order.version) throw refuse('order-moved-on');
  const { lines, parcels, open } = await readPieces(tx, order.id);
  const packed = parcelsIn(parcels, 'created');
  const sent = parcels.filter(({ state }) => holdsPieces(state) && state !== 'created');
  checkCancellable(order, { sent: count(sent), packed: count(packed) }, { by, wholly: wanted === undefined });
  const openOf = (line: LineRow): number => open.get(line.id) ?? 0;
  const chosen = readWanted(
    lines.map((line) => ({ ...line, open: openOf(line) + of(packed, line) })),
    wanted,
  );
  const short = new Set(chosen.filter(({ line, quantity }) => quantity > openOf(line)).map(({ line }) => line.id));
  for (const parcel of packed)
    if (parcel.lines.some(({ lineId }) => short.has(lineId)))
      await moveParcel(deps, tx, parcel, { state: 'cancelled' });

  const left = lines.reduce((sum, line) => sum + line.quantity - line.cancelledQuantity, 0);
  const called = chosen.reduce((sum, { quantity }) => sum + quantity, 0);
  const isLast = called === left;
  const { refundVnd, pieces } = await refundOf(tx, order, chosen, isLast);
  await saveCancelled(
    tx,
    chosen.map(({ line, quantity }) => ({ lineId: line.id, quantity })),
  );
  const detail = { reason, by, lines: chosen.map(({ line, quantity }) => ({ variantId: line.variantId, quantity })) };
  if (isLast) await end(deps, tx, order, detail);
  else {
    await tellOrders(deps, tx, [order], 'part-cancelled', detail);
    await followPieces(deps, tx, order.id);
  }

  if (isLast) await deps.vouchers.release(tx, [order.id]);
  await shelve(deps, tx, order, chosen, parcels);
  // Named by how many pieces are gone with it: each step has its own, and the same step the same.
  const gone = lines.reduce((sum, line) => sum + line.cancelledQuantity, called);
  const cause = isLast && gone === called ? `cancelled:${order.id}` : `cancelled:${order.id}:${gone}`;
  if (refundVnd > ZERO)
    await deps.refundOrder(tx, { orderId: order.id, amountVnd: refundVnd, reason: 'cancelled', cause, pieces });
  await tellProducts(deps, tx, lines);
  const { code, status, paymentStatus } = await getOrder(tx, order.id);
  return { code, status, paymentStatus, refundVnd };
}

/** Of which nothing is left: nothing of it is packed, and once it is cancelled no fact of it moves any more. */
async function end(deps: Deps, tx: Tx, order: OrderRow, detail: Readonly<Record<string, unknown>>): Promise<void> {
  if (order.fulfilmentStatus === 'packed') await tellOrders(deps, tx, [order], 'unpacked');
  await tellOrders(deps, tx, [order], 'cancelled', detail);
  await followGroup(tx, order);
}

const isOpen = ({ status }: OrderRow): boolean => status === 'placed' || status === 'confirmed';

/** Whether anything of these orders has left, or arrived. */
async function hasLeft(tx: Tx, orders: readonly OrderRow[]): Promise<boolean> {
  for (const { id } of orders) {
    const { parcels } = await readPieces(tx, id);
    if (parcels.some(({ state }) => holdsPieces(state) && state !== 'created')) return true;
  }
  return false;
}

/** Whether the pieces named are all that is left at home. */
async function isAll(tx: Tx, order: OrderRow, wanted: WantedPieces): Promise<boolean> {
  const { lines, parcels, open } = await readPieces(tx, order.id);
  const packed = parcelsIn(parcels, 'created');
  return lines.every((line) => {
    const left = (open.get(line.id) ?? 0) + of(packed, line);
    return left === (wanted.find(({ variantId }) => variantId === line.variantId)?.quantity ?? 0);
  });
}

/**
 * Calls an order off, or pieces of it. A gift box goes as a whole, with its other orders, whoever of its sellers has run out;
 * only where a part of it has left already does the rest stay with the buyer, who asked for a box and is not asked again.
 */
export async function cancelOrder(
  deps: Deps,
  tx: Tx,
  order: OrderRow,
  asked: CancelRequest & { readonly by: Canceller },
): Promise<Cancelled> {
  const { bundleId } = await lockGroup(tx, order.groupId);
  if (!bundleId) return cancelPieces(deps, tx, order, asked);
  const { lines: wanted, ...whole } = asked;
  if (wanted && !(await isAll(tx, order, wanted))) throw refuse('bundle-whole');
  const others = (await listOrdersOf(tx, order.groupId)).filter(({ id }) => id !== order.id);
  const left = await hasLeft(tx, others);
  if (left && asked.by === 'shopper') throw refuse('order-not-cancellable');
  const done = await cancelPieces(deps, tx, order, whole);
  const by = asked.by === 'shopper' ? 'shopper' : 'exchange';
  for (const other of left ? [] : others.filter(isOpen))
    await cancelPieces(deps, tx, other, { reason: asked.reason, by });
  return done;
}

async function followGroup(tx: Tx, { groupId }: OrderRow): Promise<void> {
  await saveGroup(tx, groupId, { status: groupStateOf((await listOrdersOf(tx, groupId)).map((one) => one.status)) });
}
