import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { asExchange, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Deps } from './deps.ts';
import { followPieces, tellOrders } from './moving.ts';
import { choosePieces, moveParcel, openParcel, type ParcelFacts, parcelsIn, readPieces } from './parcels.ts';
import {
  findOrderByCode,
  getOrder,
  listLinesOf,
  listOrdersOf,
  listUnconfirmed,
  lockGroup,
  type OrderRow,
  saveGroup,
} from './queries.ts';
import type { WantedPieces } from './rules/pieces.ts';
import {
  checkCancellable,
  checkConfirmable,
  checkDeliverable,
  checkPackable,
  checkShippable,
  groupStateOf,
} from './rules.ts';
import { type OrderId, orderProblems, type ShipmentState } from './types.ts';

const refuse = refusals(orderProblems);

/** Who acts: a member for the businesses of the account, or the exchange itself for all. */
export type Seller = { readonly actor: string; readonly businessIds?: readonly BusinessId[] };
export type Sending = ParcelFacts & { readonly lines?: WantedPieces | undefined };
/** States in which a parcel has left and is neither there nor lost. */
const away = ['picked_up', 'in_transit', 'out_for_delivery', 'failed_attempt'] as const;

/** The order, with its group locked before it. Another business's order does not exist for this seller. */
async function lockOwn(tx: Tx, code: string, { businessIds }: Seller): Promise<OrderRow> {
  const order = await findOrderByCode(tx, readCode(code));
  if (!order || (businessIds && !businessIds.includes(order.businessId))) throw refuse('order-not-found');
  await lockGroup(tx, order.groupId);
  return getOrder(tx, order.id);
}

async function cancelLocked(deps: Deps, tx: Tx, order: OrderRow, reason: string): Promise<void> {
  const { parcels } = await readPieces(tx, order.id);
  checkCancellable(order, parcels.filter(({ state }) => state !== 'created' && state !== 'cancelled').length);
  for (const parcel of parcelsIn(parcels, 'created')) await moveParcel(deps, tx, parcel, { state: 'cancelled' });
  await tellOrders(deps, tx, [order], 'cancelled', { reason });
  await saveGroup(tx, order.groupId, {
    status: groupStateOf((await listOrdersOf(tx, order.groupId)).map((one) => one.status)),
  });
  const lines = await listLinesOf(tx, [order.id]);
  await deps.stock.giveBack(tx, lines, order.id);
  const cause = `cancelled:${order.id}`;
  await deps.refundOrder(tx, { orderId: order.id, amountVnd: order.totalVnd, reason: 'cancelled', cause });
  const facts = await deps.products.listVariantFacts(
    lines.map((line) => line.variantId),
    tx,
  );
  await deps.events.add(tx, ...facts.map((one) => ({ type: 'product.changed' as const, productId: one.productId })));
}

const act = <T>(db: Db, { actor, businessIds }: Seller, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

/** Packs what is wanted of an order, or all that is open. */
async function pack(deps: Deps, tx: Tx, order: OrderRow, wanted: WantedPieces | undefined): Promise<string> {
  checkPackable(order);
  const { code } = await openParcel(deps, tx, order, choosePieces(await readPieces(tx, order.id), wanted));
  await followPieces(deps, tx, order.id);
  return code;
}

/** Sends what is packed; where nothing is, or pieces are named, those leave in a parcel of their own. */
async function ship(deps: Deps, tx: Tx, order: OrderRow, { lines, ...facts }: Sending): Promise<string> {
  checkShippable(order);
  const pieces = await readPieces(tx, order.id);
  const packed = lines ? [] : parcelsIn(pieces.parcels, 'created');
  const leaving = packed.length > 0 ? packed : [await openParcel(deps, tx, order, choosePieces(pieces, lines), facts)];
  for (const parcel of leaving) await moveParcel(deps, tx, parcel, { state: 'picked_up' }, facts);
  await followPieces(deps, tx, order.id);
  return leaving[0]?.code ?? '';
}

async function deliver(deps: Deps, tx: Tx, order: OrderRow): Promise<void> {
  const { parcels } = await readPieces(tx, order.id);
  const coming = parcelsIn(parcels, ...away);
  checkDeliverable(order, coming.length);
  for (const parcel of coming) await moveParcel(deps, tx, parcel, { state: 'delivered' });
  await followPieces(deps, tx, order.id);
}

/** What becomes of one parcel, as its seller saw it. */
async function moveOne(deps: Deps, tx: Tx, order: OrderRow, code: string, state: ShipmentState): Promise<void> {
  const { parcels } = await readPieces(tx, order.id);
  const parcel = parcels.find((one) => one.code === readCode(code));
  if (!parcel) throw refuse('shipment-not-found');
  await moveParcel(deps, tx, parcel, { state });
  await followPieces(deps, tx, order.id);
}

export const createSelling = (deps: Deps & { readonly db: Db }) => {
  const step = <T>(code: string, seller: Seller, work: (tx: Tx, order: OrderRow) => Promise<T>): Promise<T> =>
    act(deps.db, seller, async (tx) => work(tx, await lockOwn(tx, code, seller)));

  return {
    confirmOrder: (code: string, seller: Seller) =>
      step(code, seller, async (tx, order) => {
        checkConfirmable(order);
        await tellOrders(deps, tx, [order], 'confirmed');
      }),
    /** Each of these answers with the parcel's code. */
    packOrder: (code: string, seller: Seller, lines?: WantedPieces) =>
      step(code, seller, (tx, order) => pack(deps, tx, order, lines)),
    shipOrder: (code: string, seller: Seller, sending: Sending = {}) =>
      step(code, seller, (tx, order) => ship(deps, tx, order, sending)),
    deliverOrder: (code: string, seller: Seller) => step(code, seller, (tx, order) => deliver(deps, tx, order)),
    moveShipment: (code: string, seller: Seller, shipment: string, state: ShipmentState) =>
      step(code, seller, (tx, order) => moveOne(deps, tx, order, shipment, state)),
    /** Calls a paid order off: stock comes back, the sale is reversed in the books, the refund is queued. `finish` runs last, in the same transaction. */
    cancelOrder: (code: string, seller: Seller, reason: string, finish?: (tx: Tx) => Promise<void>) =>
      act(deps.db, seller, async (tx) => {
        const order = await lockOwn(tx, code, seller);
        // The group's other orders, the books and the refund are the exchange's.
        await asExchange(tx, async () => {
          await cancelLocked(deps, tx, order, reason);
          await finish?.(tx);
        });
      }),
    /** Cancels what no seller confirmed in time. Run by a job; an order that was confirmed meanwhile stays. */
    cancelUnconfirmed: async (limit = 100): Promise<number> =>
      oneByOne(await listUnconfirmed(deps.db, deps.now(), limit), (id) => cancelIfStill(deps, id)),
  };
};

async function cancelIfStill(deps: Deps, id: OrderId): Promise<boolean> {
  return transact(deps.db, 'system:orders', async (tx) => {
    const { groupId } = await getOrder(tx, id);
    await lockGroup(tx, groupId);
    const order = await getOrder(tx, id);
    if (order.status !== 'placed') return false;
    await cancelLocked(deps, tx, order, 'not confirmed in time');
    return true;
  });
}
