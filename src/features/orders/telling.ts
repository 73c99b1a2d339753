import { type Tx, transact } from '#db/client.ts';
import { buyerAt, type Notice, type Values } from '#features/notices/types.ts';
import type { Deps } from './deps.ts';
import type { Canceller, OrderEventType, OrderGroupId, OrderId } from './types.ts';
import { listGoodsOf, listWhomToTell, listWhomToTellOf, type ToTell } from './views/telling.ts';

type Detail = Readonly<Record<string, unknown>>;

const toShopper = (order: ToTell, kind: string, values: Values = {}): Notice => ({
  kind,
  to: buyerAt(order),
  values: { order: order.code, business: order.businessName, ...values },
  path: `/don-hang/${order.code}`,
  // A step that is taken twice, such as a parcel sent again, is told twice; each raises the version.
  key: `${kind}:${order.id}:${order.version}`,
});
const toBusiness = (order: ToTell, kind: string, values: Values = {}): Notice => ({
  ...toShopper(order, kind, values),
  to: { businessId: order.businessId, roles: ['owner', 'manager', 'packer'] },
  path: '/ban-hang/don-hang',
});

/** Whoever called something off knows it; the shopper has it in writing all the same. */
function ofCancel(order: ToTell, wholly: boolean, { reason, by }: Detail): readonly Notice[] {
  if ((by as Canceller) === 'deadline') return [toShopper(order, 'order.lapsed'), toBusiness(order, 'order.missed')];
  const words = { reason: typeof reason === 'string' && reason.trim() !== '' ? reason.trim().slice(0, 200) : '–' };
  const own = by === 'seller' ? [] : [toBusiness(order, wholly ? 'order.called-off' : 'order.part-called-off', words)];
  return [toShopper(order, wholly ? 'order.cancelled' : 'order.part-cancelled', words), ...own];
}

const noticesOf: Partial<Record<OrderEventType, (order: ToTell, detail: Detail) => readonly Notice[]>> = {
  confirmed: (order) => [toShopper(order, 'order.confirmed')],
  shipped: (order) => [toShopper(order, 'order.shipped')],
  cancelled: (order, detail) => ofCancel(order, true, detail),
  'part-cancelled': (order, detail) => ofCancel(order, false, detail),
};

/** Tells those whom a step of an order concerns, in the transaction that takes it. */
export async function tellPeople(
  { notices }: Pick<Deps, 'notices'>,
  tx: Tx,
  ids: readonly OrderId[],
  type: OrderEventType,
  detail: Detail,
): Promise<void> {
  const say = noticesOf[type];
  if (!say) return;
  // A shopper of a partner exchange is told by that exchange, to which the number was given.
  const told = (await listWhomToTell(tx, ids)).flatMap((order) =>
    say(order, detail).filter(({ to }) => order.partnerKey === null || !('phone' in to)),
  );
  // Whose number was forgotten is not to be found again.
  await notices.tell(tx, ...told.filter(({ to }) => !('phone' in to) || to.phone !== ''));
}

/** As many as a letter lists; the page has them all. */
const goodsListed = 10;

type Good = Awaited<ReturnType<typeof listGoodsOf>>[number];

/** The code is told to the buyer once for the whole group, whatever it was paid by: it is all that leads back to it. */
function ofPaid(groupId: OrderGroupId, orders: readonly ToTell[], goods: readonly Good[]): readonly Notice[] {
  const [first] = orders;
  // A shopper of a partner exchange is told by that exchange; whose number was forgotten is not to be found again.
  if (!first || first.partnerKey !== null || first.phone === '') return [];
  const listed = goods.slice(0, goodsListed).map(({ quantity, name, label }) => `${quantity} × ${name} (${label})`);
  const values = {
    order: first.groupCode,
    business: orders.map(({ businessName }) => businessName).join(', '),
    goods: listed.join('; ') + (goods.length > goodsListed ? '…' : ''),
    amount: `${first.groupVnd.toLocaleString('vi-VN')} ₫`,
  };
  const path = `/don-hang/${first.groupCode}`;
  return [{ kind: 'order.paid', to: buyerAt(first), values, path, key: `order.paid:${groupId}` }];
}

/** Tells each business of its new order, and the buyer the code. Run by a job when a group was paid, so that no payment waits for it. */
export const createTelling = ({ db, notices }: Deps) => ({
  tellPaid: (groupId: OrderGroupId): Promise<void> =>
    transact(db, 'system:orders', async (tx) => {
      const orders = await listWhomToTellOf(tx, groupId);
      const told = orders.map((order) => ({ ...toBusiness(order, 'order.placed'), key: `order.placed:${order.id}` }));
      const goods = await listGoodsOf(
        tx,
        orders.map(({ id }) => id),
      );
      await notices.tell(tx, ...told, ...ofPaid(groupId, orders, goods));
    }),
});
