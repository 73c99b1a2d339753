import type { Cursor } from '#core/cursor.ts';
import { type Id, readCode } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Reader, type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { readAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { readPhone } from '#features/identity/index.ts';
import { type Cancelled, type CancelRequest, cancelOrder, lockOwn } from './cancelling.ts';
import { createCheckout } from './checkout.ts';
import { codes } from './codes.ts';
import { complete, expire } from './completion.ts';
import { createConfirming } from './confirming.ts';
import type { Deps } from './deps.ts';
import { followPieces, tellOrders } from './moving.ts';
import { createCourierSide } from './parcels.ts';
import { createPartnerSide } from './partners.ts';
import {
  addReturned,
  findGroupByCode,
  findOrderByCode,
  type GroupRow,
  getOrder,
  listDueGroups,
  listLinesOf,
  listOrdersOf,
  lockGroup,
  type OrderRow,
} from './queries.ts';
import { createSelling } from './selling.ts';
import { createTelling } from './telling.ts';
import { type OrderEventType, type OrderId, type OrderState, orderProblems } from './types.ts';
import { listLabels, listPicking } from './views/packing.ts';
import { readReliability } from './views/reliability.ts';
import { findProvedPhone } from './views/telling.ts';
import { findGroup, findTracked, listOrders, summarise } from './views.ts';

const refuse = refusals(orderProblems);
export type Orders = ReturnType<typeof createOrders>;
export type OrderScope = {
  readonly businessIds?: readonly BusinessId[];
  readonly status?: OrderState;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};

const dueAtOnce = 200;

/** How somebody shows that an order is theirs: by its phone number, or by an account whose proved number that is. */
export type OwnerProof = { readonly phone?: string | undefined; readonly accountId?: Id<'Account'> | undefined };
async function numbersOf(reader: Reader, { phone, accountId }: OwnerProof): Promise<readonly string[]> {
  const typed = phone === undefined ? undefined : readPhone(phone);
  const proved = accountId && (await findProvedPhone(reader, accountId));
  return [typed, proved].flatMap((number) => (number ? [number] : []));
}

export const createOrders = (deps: Deps) => {
  const { db, now } = deps;
  return {
    ...createSelling(deps),
    ...createTelling(deps),
    checkout: createCheckout(deps),
    /** By the code of the group or of one of its orders. */
    getGroup: async (code: string) => {
      const group = await findGroup(db, readCode(code), now());
      if (!group) throw refuse('order-not-found');
      return group;
    },
    /** Everything, for whoever knows the code and the phone number of the order, or whose account has proved that number. */
    track: async (code: string, proof: OwnerProof) => {
      for (const number of await numbersOf(db, proof)) {
        const tracked = await findTracked(db, readCode(code), number, now());
        if (tracked) return tracked;
      }
      throw refuse('tracking-mismatch');
    },
    /** Calls an order of theirs off, or pieces of it, until it is packed. They show that it is theirs as for `track`. */
    cancelAsShopper: (
      { code, actor, ...proof }: OwnerProof & { readonly code: string; readonly actor: string },
      asked: CancelRequest,
      finish?: (tx: Tx, done: Cancelled) => Promise<void>,
    ): Promise<Cancelled> =>
      transact(db, actor, async (tx) => {
        const order = await lockOwn(tx, code, { actor });
        const { phone: placedWith } = await lockGroup(tx, order.groupId);
        if (!(await numbersOf(tx, proof)).includes(placedWith)) throw refuse('tracking-mismatch');
        const done = await cancelOrder(deps, tx, order, { ...asked, by: 'shopper' });
        await finish?.(tx, done);
        return done;
      }),
    ...createConfirming(deps),
    listPicking: (businessIds: readonly BusinessId[]) =>
      readAsSeller(db, businessIds, (reader) => listPicking(reader, businessIds)),
    listLabels: (businessIds: readonly BusinessId[], codes: readonly string[]) =>
      readAsSeller(db, businessIds, (reader) => listLabels(reader, businessIds, codes)),
    reliabilityOf: (businessId: BusinessId) => readReliability(db, businessId, now()),
    /** Of the given businesses, read as their member; of all for staff. */
    listOrders: (scope: OrderScope) =>
      scope.businessIds
        ? readAsSeller(db, scope.businessIds, (reader) => listOrders(reader, scope))
        : listOrders(db, scope),
    summarise: () => summarise(db),
    /** Ends every group whose time to pay is over; how many. Each in a transaction of its own, so that one cannot stop the rest. */
    expireDue: async (): Promise<number> =>
      oneByOne(await listDueGroups(db, now(), dueAtOnce), (id) =>
        transact(db, 'system:orders', (tx) => expire(deps, tx, id)),
      ),
    /** What carriers tell of parcels. */
    couriers: createCourierSide(deps),
    /** What other slices that change an order stand on; see `moving.ts`. Every one expects the group's lock. */
    forOthers: {
      /** The group that a code names: its own, or that of one of its orders. */
      findGroupId: async (tx: Tx, code: string) =>
        (await findGroupByCode(tx, readCode(code)))?.id ?? (await findOrderByCode(tx, readCode(code)))?.groupId,
      lockGroup,
      listLinesOf,
      addReturned,
      freightOf: async (tx: Tx, id: OrderId): Promise<Vnd> => (await getOrder(tx, id)).shippingVnd,
      tellOrders: (tx: Tx, own: readonly Pick<OrderRow, 'id'>[], type: OrderEventType, detail = {}) =>
        tellOrders(deps, tx, own, type, detail),
      followPieces: (tx: Tx, id: OrderId) => followPieces(deps, tx, id),
    },
    forPartners: createPartnerSide(deps),
    /** What the payments slice stands on. Every `tx` function below expects the group's lock, which `lockGroup` takes. */
    forPayments: {
      findGroup: (code: string) => findGroupByCode(db, readCode(code)),
      lockGroup,
      listOrdersOf,
      complete: (tx: Tx, group: GroupRow, beside: () => Promise<unknown>) => complete(deps, tx, group, beside),
      /** Part of what was paid for the order goes back: its payment status follows. */
      markRefunded: async (
        tx: Tx,
        orderId: OrderId,
        wholly: boolean,
        { amountVnd, reason }: { readonly amountVnd: Vnd; readonly reason: string },
      ): Promise<OrderRow> => {
        const paymentStatus = wholly ? 'refunded' : 'part-refunded';
        await tellOrders(deps, tx, [{ id: orderId }], paymentStatus, { amountVnd, reason });
        return getOrder(tx, orderId);
      },
      takeCode: async (tx: Tx): Promise<string> => (await codes.take(tx, 'payment', 1))[0] ?? '',
    },
  };
};
