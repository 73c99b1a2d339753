import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { asExchange, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Deps } from './deps.ts';
import {
  addOrderEvents,
  findOrderByCode,
  getOrder,
  listLinesOf,
  listOrdersOf,
  listUnconfirmed,
  lockGroup,
  type OrderRow,
  saveGroup,
  saveOrders,
} from './queries.ts';
import { cancel, confirm, deliver, groupStateOf, pack, ship } from './rules.ts';
import { type OrderId, orderProblems } from './types.ts';

const refuse = refusals(orderProblems);

/** Who acts: a member for the businesses of the account, or the exchange itself for all. */
export type Seller = { readonly actor: string; readonly businessIds?: readonly BusinessId[] };
export type Parcel = { readonly carrier?: string; readonly trackingNumber?: string };

/** The order, with its group locked before it. Another business's order does not exist for this seller. */
async function lockOwn(tx: Tx, code: string, { businessIds }: Seller): Promise<OrderRow> {
  const order = await findOrderByCode(tx, readCode(code));
  if (!order || (businessIds && !businessIds.includes(order.businessId))) throw refuse('order-not-found');
  await lockGroup(tx, order.groupId);
  return getOrder(tx, order.id);
}

async function cancelLocked(deps: Deps, tx: Tx, order: OrderRow, reason: string): Promise<void> {
  const at = deps.now();
  const change = cancel(order);
  await saveOrders(tx, [order.id], change, at);
  await addOrderEvents(tx, [order.id], 'cancelled', { reason }, at);
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
  await deps.events.add(
    tx,
    { type: 'order.changed', orderId: order.id },
    ...facts.map((one) => ({ type: 'product.changed' as const, productId: one.productId })),
  );
}

const act = <T>(db: Db, { actor, businessIds }: Seller, work: (tx: Tx) => Promise<T>): Promise<T> =>
  businessIds ? transactAsSeller(db, { actor, businessIds }, work) : transact(db, actor, work);

export const createSelling = (deps: Deps & { readonly db: Db }) => {
  const step = (
    code: string,
    seller: Seller,
    type: string,
    decide: (order: OrderRow) => Partial<OrderRow>,
    detail: Readonly<Record<string, unknown>> = {},
  ) =>
    act(deps.db, seller, async (tx) => {
      const order = await lockOwn(tx, code, seller);
      const change = decide(order);
      await saveOrders(tx, [order.id], change, deps.now());
      await addOrderEvents(tx, [order.id], type, detail, deps.now());
      await deps.events.add(tx, { type: 'order.changed', orderId: order.id });
    });

  return {
    confirmOrder: (code: string, seller: Seller) => step(code, seller, 'confirmed', confirm),
    packOrder: (code: string, seller: Seller) => step(code, seller, 'packed', pack),
    shipOrder: (code: string, seller: Seller, parcel: Parcel = {}) =>
      step(
        code,
        seller,
        'shipped',
        (order) => ({ ...ship(order), carrier: parcel.carrier ?? null, trackingNumber: parcel.trackingNumber ?? null }),
        parcel,
      ),
    deliverOrder: (code: string, seller: Seller) => step(code, seller, 'delivered', deliver),
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
