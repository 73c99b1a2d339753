import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { asExchange } from '#db/seller.ts';
import { actAs, type Cancelled, type CancelRequest, cancelOrder, lockOwn, type Seller } from './cancelling.ts';
import type { Deps } from './deps.ts';
import { followPieces, tellOrders } from './moving.ts';
import { moveParcel, openParcel, type ParcelFacts, parcelsIn, readPieces } from './parcels.ts';
import { getOrder, listUnconfirmed, lockGroup, type OrderRow, saveSendBy } from './queries.ts';
import type { WantedPieces } from './rules/pieces.ts';
import { checkConfirmable, checkDeliverable, checkPackable, checkShippable } from './rules.ts';
import { type OrderId, orderProblems, type ShipmentState } from './types.ts';

const refuse = refusals(orderProblems);

export type Sending = ParcelFacts & { readonly lines?: WantedPieces | undefined };
/** States in which a parcel has left and is neither there nor lost. */
const away = ['picked_up', 'in_transit', 'out_for_delivery', 'failed_attempt'] as const;

/** Packs what is wanted of an order, or all that is open. */
async function pack(deps: Deps, tx: Tx, order: OrderRow, wanted: WantedPieces | undefined): Promise<string> {
  checkPackable(order);
  const { code } = await openParcel(deps, tx, order, await readPieces(tx, order.id), wanted);
  await followPieces(deps, tx, order.id);
  return code;
}

/** Sends what is packed; where nothing is, or pieces are named, those leave in a parcel of their own. */
async function ship(deps: Deps, tx: Tx, order: OrderRow, { lines, ...facts }: Sending): Promise<string> {
  checkShippable(order);
  const pieces = await readPieces(tx, order.id);
  const packed = lines ? [] : parcelsIn(pieces.parcels, 'created');
  const leaving = packed.length > 0 ? packed : [await openParcel(deps, tx, order, pieces, lines, facts)];
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
    actAs(deps.db, seller, async (tx) => work(tx, await lockOwn(tx, code, seller)));

  return {
    confirmOrder: (code: string, seller: Seller) =>
      step(code, seller, async (tx, order) => {
        checkConfirmable(order);
        await tellOrders(deps, tx, [order], 'confirmed');
        await saveSendBy(tx, order.id, deps.now());
      }),
    /** Each of these answers with the parcel's code. */
    packOrder: (code: string, seller: Seller, lines?: WantedPieces) =>
      step(code, seller, (tx, order) => pack(deps, tx, order, lines)),
    shipOrder: (code: string, seller: Seller, sending: Sending = {}) =>
      step(code, seller, (tx, order) => ship(deps, tx, order, sending)),
    deliverOrder: (code: string, seller: Seller) => step(code, seller, (tx, order) => deliver(deps, tx, order)),
    moveShipment: (code: string, seller: Seller, shipment: string, state: ShipmentState) =>
      step(code, seller, (tx, order) => moveOne(deps, tx, order, shipment, state)),
    /**
     * Calls a paid order off, or some of its pieces: stock comes back, and what was paid for them. `finish` runs last, in the
     * same transaction.
     */
    cancelOrder: (
      code: string,
      seller: Seller,
      asked: CancelRequest,
      finish?: (tx: Tx, done: Cancelled) => Promise<void>,
    ) =>
      step(code, seller, (tx, order) =>
        // The group's other orders, the books and the refund are the exchange's.
        asExchange(tx, async () => {
          const done = await cancelOrder(deps, tx, order, {
            ...asked,
            by: seller.businessIds ? 'seller' : 'exchange',
          });
          await finish?.(tx, done);
          return done;
        }),
      ),
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
    await cancelOrder(deps, tx, order, { reason: 'not confirmed in time', by: 'deadline' });
    return true;
  });
}
