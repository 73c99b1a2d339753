import type { Tx } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Deps } from './deps.ts';
import { tellOrders } from './moving.ts';
import {
  type GroupRow,
  listLinesOfGroup,
  listOrdersOf,
  lockGroup,
  type OrderRow,
  saveGroup,
  savePaid,
} from './queries.ts';
import type { OrderGroupId } from './types.ts';

const idsOf = (orders: readonly OrderRow[]) => orders.map((order) => order.id);

async function tellProducts(
  { events, products }: Deps,
  tx: Tx,
  lines: readonly { readonly variantId: Parameters<typeof products.listVariantFacts>[0][number] }[],
): Promise<void> {
  const facts = await products.listVariantFacts(
    lines.map((line) => line.variantId),
    tx,
  );
  await events.add(
    tx,
    ...facts.map((one) => ({ type: 'product.changed' as const, productId: one.productId as ProductId })),
  );
}

const retakeVouchers = async ({ vouchers }: Deps, tx: Tx, { id }: GroupRow): Promise<boolean> =>
  vouchers.retake(tx, id, idsOf(await listOrdersOf(tx, id)));

/**
 * The one way an order group becomes paid, whoever brings the news. The caller holds the group's lock. `taken`: paid
 * before. `gone`: it had lapsed and the goods are no longer there, so the money goes back. What the caller writes
 * `beside` a completed order travels with it.
 */
export async function complete(
  deps: Deps,
  tx: Tx,
  group: GroupRow,
  beside: () => Promise<unknown>,
): Promise<'completed' | 'taken' | 'gone'> {
  if (group.status !== 'awaiting-payment' && group.status !== 'expired') return 'taken';
  const at = deps.now();
  const late = group.status === 'expired';
  // Where a part was to be paid to a business itself, nothing is complete before that; what lapsed with it stays lapsed.
  if (group.direct && !(await deps.directReady(tx, group.id))) return 'gone';
  // What it was to cost counts on its vouchers: if they are used up since, the price is another one.
  if (late && !(await retakeVouchers(deps, tx, group))) return 'gone';
  const reading = listLinesOfGroup(tx, group.id);
  const [orders, lines, claimed] = await Promise.all([
    listOrdersOf(tx, group.id),
    reading,
    deps.stock.claim(tx, group.id, reading),
  ]);
  if (!claimed) {
    if (late) await deps.vouchers.release(tx, idsOf(orders));
    return 'gone';
  }
  const type = late ? 'paid-late' : 'paid';
  const sold = orders.map((order) => ({ ...order, orderId: order.id }));
  await Promise.all([
    savePaid(tx, group.id, idsOf(orders), { type, at }),
    deps.ledger.bookSales(tx, sold),
    deps.events.add(tx, { type: 'order-group.paid', groupId: group.id }),
    beside(),
  ]);
  if (late) await tellProducts(deps, tx, lines);
  return 'completed';
}

/** Ends a group whose time to pay is over and frees its stock. False when it was paid or ended meanwhile. */
export async function expire(deps: Deps, tx: Tx, groupId: OrderGroupId): Promise<boolean> {
  const { expiresAt } = await lockGroup(tx, groupId);
  return expiresAt <= deps.now() && (await letGo(deps, tx, groupId));
}

/** The same before its time, for whoever will not pay it. */
export async function letGo(deps: Deps, tx: Tx, groupId: OrderGroupId): Promise<boolean> {
  const group = await lockGroup(tx, groupId);
  if (group.status !== 'awaiting-payment') return false;
  const [orders, lines] = await Promise.all([listOrdersOf(tx, groupId), listLinesOfGroup(tx, groupId)]);
  await deps.vouchers.release(tx, idsOf(orders));
  await deps.stock.release(tx, groupId);
  await saveGroup(tx, groupId, { status: 'expired' });
  await tellOrders(deps, tx, orders, 'expired');
  await deps.events.add(tx, { type: 'order-group.expired', groupId });
  await tellProducts(deps, tx, lines);
  return true;
}
