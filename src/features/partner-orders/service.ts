import { dayMs, startOfLocalDay } from '#core/clock.ts';
import { Problem } from '#core/problem.ts';
import { type Reader, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import { openCursor, sealCursor } from '#federation/protocol/cursor.ts';
import {
  MAX_ORDER_CHANGES,
  type Money,
  ORDER_LANE,
  type OrderChanges,
  type QuoteRequest,
  type RemoteOrder,
  type Settlement,
} from '#federation/protocol/ordering.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import { actorOf, type Deps } from './deps.ts';
import { follow } from './following.ts';
import { findByKey, findOrder, forgetQuotes, listTold, saveCancelReason } from './queries.ts';
import { quote, tellPrices } from './quoting.ts';
import { createReserving } from './reserving.ts';
import { isId, quoteKeptMs, settlementOf } from './terms.ts';
import { listGroupsOf, listSettled, readEpoch } from './views.ts';

export type PartnerOrders = ReturnType<typeof createPartnerOrders>;

const atOnce = 100;

/** The order with its group locked. Another partner's order does not exist. */
async function lockOwn({ orders }: Deps, tx: Tx, partnerKey: string, orderId: string) {
  const row = isId<'OrderGroup'>(orderId) ? await findOrder(tx, orderId) : undefined;
  if (row?.partnerKey !== partnerKey) throw new PeerRefusal('unknown-order');
  const group = await orders.forPartners.lockGroup(tx, row.groupId);
  // Read again: what another did meanwhile is visible only now.
  return { group, row: (await findOrder(tx, row.groupId)) ?? row };
}

/** What a partner does with an order that it has reserved. */
const createSteps = (deps: Deps) => {
  const { db, orders, payments } = deps;
  const act = (
    partnerKey: string,
    orderId: string,
    work: (tx: Tx, own: Awaited<ReturnType<typeof lockOwn>>) => Promise<void>,
  ): Promise<RemoteOrder> =>
    transact(db, actorOf(partnerKey), async (tx) => {
      const own = await lockOwn(deps, tx, partnerKey, orderId);
      await work(tx, own);
      return follow(deps, tx, (await findOrder(tx, own.row.groupId)) ?? own.row);
    });

  return {
    getOrder: (partnerKey: string, orderId: string): Promise<RemoteOrder> => act(partnerKey, orderId, async () => {}),
    getByKey: async (partnerKey: string, key: string): Promise<RemoteOrder> => {
      const row = await findByKey(db, partnerKey, key);
      if (!row) throw new PeerRefusal('unknown-idempotency-key');
      return act(partnerKey, row.groupId, async () => {});
    },
    /** The goods are bought; again it changes nothing. Later than `confirmBy` nobody has them in hand any more. */
    confirm: (partnerKey: string, orderId: string, total: Money): Promise<RemoteOrder> =>
      act(partnerKey, orderId, async (tx, { row, group }) => {
        const order = await follow(deps, tx, row);
        if (order.state === 'cancelled') throw new PeerRefusal('order-cancelled', { order });
        if (order.state === 'expired') throw new PeerRefusal('order-expired', { order });
        if (total.amount !== order.total.amount) throw new PeerRefusal('total-mismatch', { order });
        if (order.state === 'reserved') await payments.payByPartner(tx, group.id, partnerKey);
      }),
    cancel: (partnerKey: string, orderId: string, reason: string): Promise<RemoteOrder> =>
      act(partnerKey, orderId, async (tx, { row, group }) => {
        const order = await follow(deps, tx, row);
        if (order.state === 'cancelled' || order.state === 'expired') return;
        await saveCancelReason(tx, group.id, reason);
        if (order.state === 'reserved') await orders.forPartners.letGo(tx, group.id);
        else await callOff(deps, tx, group.id, reason, order);
      }),
  };
};

async function callOff({ orders }: Deps, tx: Tx, groupId: OrderGroupId, reason: string, order: RemoteOrder) {
  try {
    await orders.forPartners.cancel(tx, groupId, reason);
  } catch (error) {
    if (error instanceof Problem && error.code === 'order-not-cancellable')
      throw new PeerRefusal('order-under-way', { order });
    throw error;
  }
}

const beginning = { tx: '0', seq: '0' } as const;

/** What of a partner's orders changed, in pages. */
async function listChanges(
  { db, federation }: Deps,
  partnerKey: string,
  cursor: string | undefined,
  limit = MAX_ORDER_CHANGES,
): Promise<OrderChanges> {
  const seal = federation.cursorSeal;
  const place = { partner: partnerKey, lane: ORDER_LANE, epoch: await readEpoch(db) } as const;
  const from = cursor === undefined ? beginning : openCursor(seal, cursor, place);
  const told = await listTold(db, partnerKey, from, limit + 1);
  const page = told.slice(0, limit);
  const { tx, seq } = page.at(-1) ?? from;
  return {
    items: page.map(({ document }) => document),
    next: sealCursor(seal, { ...place, tx, seq, since: beginning }),
    hasMore: told.length > page.length,
  };
}

/** The statement of a day for one partner, from the books alone. */
const settle = async (reader: Reader, partnerKey: string, day: string): Promise<Settlement> => {
  const from = startOfLocalDay(day);
  return settlementOf(day, await listSettled(reader, partnerKey, from, new Date(from.getTime() + dayMs)));
};

export const createPartnerOrders = (deps: Deps) => {
  const { db, now, orders, federation } = deps;
  return {
    quote: (partnerKey: string, asked: QuoteRequest) => tellPrices(deps, () => quote(deps, partnerKey, asked)),
    ...createReserving(deps),
    ...createSteps(deps),
    listChanges: (partnerKey: string, cursor?: string, limit?: number) => listChanges(deps, partnerKey, cursor, limit),
    /** A day that is over, for the partner that asks. */
    readSettlement: async (partnerKey: string, day: string): Promise<Settlement> => {
      if (startOfLocalDay(day).getTime() + dayMs > now().getTime()) throw new PeerRefusal('settlement-not-closed');
      return settle(db, partnerKey, day);
    },
    /** The same for finance, also of a day that is not over. */
    settlementOf: (partnerKey: string, day: string): Promise<Settlement> => settle(db, partnerKey, day),
    /** Has partners told of orders that moved; how many of these were theirs. */
    followOrders: async (ids: readonly OrderId[]): Promise<number> =>
      oneByOne(await listGroupsOf(db, ids.slice(0, atOnce * 10)), (groupId) =>
        transact(db, 'system:partner-orders', async (tx) => {
          await orders.forPartners.lockGroup(tx, groupId);
          const row = await findOrder(tx, groupId);
          if (!row) return false;
          // What the partner did itself it was told in the answer, and nothing is left to be found here.
          const told = await follow(deps, tx, row);
          if (told !== row.document) await federation.tellOrders(tx, row.partnerKey);
          return true;
        }),
      ),
    /** What time or a seller does to an order, without either: for a sandbox alone. */
    rehearse: (groupId: OrderGroupId, what: 'lapse' | 'call-off'): Promise<object> =>
      transact(db, 'system:partner-orders', async (tx) => {
        await orders.forPartners.lockGroup(tx, groupId);
        if (what === 'lapse') await orders.forPartners.lapse(tx, groupId);
        else await orders.forPartners.cancel(tx, groupId, 'Người bán hết hàng', 'seller');
        const row = await findOrder(tx, groupId);
        if (row) await follow(deps, tx, row);
        return {};
      }),
    tidy: (): Promise<void> =>
      transact(db, 'system:partner-orders', (tx) => forgetQuotes(tx, new Date(now().getTime() - quoteKeptMs))),
  };
};
