import pLimit from 'p-limit';
import { newId } from '#core/ids.ts';
import { sumVnd, type Vnd, ZERO } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { type PricedBusiness, type ReadyCart, takenFor } from '#features/carts/index.ts';
import { feesOf, type LineFee } from '#features/fees/index.ts';
import type { FeeTable } from '#features/fees/types.ts';
import { priceBundle, type SoldBundle } from './bundle-pricing.ts';
import { codes } from './codes.ts';
import type { Deps } from './deps.ts';
import { eventsOf, insertGroup, type OrderRow } from './queries.ts';
import { holdMs } from './rules.ts';
import type { OrderGroupId, OrderId } from './types.ts';
import { type GroupView, viewOfGroup } from './views.ts';

type NewOrder = {
  readonly order: Omit<
    OrderRow,
    'commissionRuleId' | 'confirmBy' | 'sendBy' | 'carrier' | 'trackingNumber' | 'version'
  >;
  readonly business: PricedBusiness;
  readonly fees: readonly LineFee[];
};

/** One order a business, with the commission frozen as the rules of today make it. */
function orderOf(
  business: PricedBusiness,
  code: string,
  { id: groupId, settlement }: { readonly id: OrderGroupId; readonly settlement: OrderRow['settlement'] },
  table: FeeTable,
  at: Date,
): NewOrder {
  const { subtotalVnd, discountVnd, promotionVnd, vatVnd, shippingVnd, totalVnd } = business;
  const looked = business.lines.map((line) => ({ ...line.facts, takenVnd: takenFor(line) }));
  const fees = feesOf(looked, table);
  return {
    business,
    fees,
    order: {
      id: newId(),
      code,
      groupId,
      settlement,
      businessId: business.businessId,
      businessName: business.name,
      status: 'awaiting-payment',
      paymentStatus: 'unpaid',
      fulfilmentStatus: 'none',
      ...{ subtotalVnd, discountVnd, promotionVnd, vatVnd, shippingVnd, totalVnd },
      shippingRateId: business.freight.rateId,
      deliveryMethod: business.freight.method,
      pickupPoint: business.freight.point,
      commissionVnd: sumVnd(fees.map((fee) => fee.commissionVnd)),
      commissionVatVnd: sumVnd(fees.map((fee) => fee.commissionVatVnd)),
      createdAt: at,
      updatedAt: at,
    },
  };
}

const linesOf = ({ order, business, fees }: NewOrder) =>
  business.lines.map(({ variantId, quantity, facts, totalVnd, discountVnd, promotionVnd, vatVnd }, index) => ({
    id: newId<'OrderLine'>(),
    orderId: order.id,
    variantId,
    sku: facts.sku,
    name: facts.name,
    label: facts.label,
    quantity,
    priceVnd: facts.priceVnd,
    ...{ totalVnd, discountVnd, promotionVnd, vatVnd },
    vatBps: facts.vatBps,
    commissionRuleId: fees[index]?.ruleId ?? null,
    commissionVnd: fees[index]?.commissionVnd ?? ZERO,
    commissionVatVnd: fees[index]?.commissionVatVnd ?? ZERO,
  }));

/** Sold otherwise than from a shopper's cart at its own price: as gift boxes, or by a partner exchange. */
type Special = {
  readonly bundle?: SoldBundle | undefined;
  readonly partner?: { readonly key: string; readonly groupId: OrderGroupId } | undefined;
};

const sourceOf = ({ bundle, partner }: Special) => {
  if (partner) return 'partner';
  return bundle ? 'bundle' : 'checkout';
};

/**
 * Goods that a partner exchange sells to its shopper: the same group and orders, held as long as ours are, and paid by the
 * exchange. The caller has priced them and seen that they may be sold there.
 */
export const placeForPartner = (
  deps: Deps,
  tx: Tx,
  ready: Omit<ReadyCart, 'cartId'> & { readonly partner: { readonly key: string; readonly groupId: OrderGroupId } },
): Promise<GroupView> => place(deps, tx, { ...ready, cartId: `partner:${ready.partner.groupId}` }, undefined);

/** The cart becomes a group and its orders, and the stock is held, in the caller's transaction. */
async function place(
  { stock, carts, vouchers, fees, events, now, directOf }: Deps,
  tx: Tx,
  { cartId, delivery, priced, needsAge, bundle, partner }: ReadyCart & Special,
  finish: CheckoutRequest['finish'],
): Promise<GroupView> {
  const at = now();
  const groupId: OrderGroupId = partner?.groupId ?? newId();
  const sellers = priced.businesses.map(({ businessId }) => businessId);
  // A partner exchange collects the whole: nothing of it is paid to a business itself.
  const direct = partner ? new Map<BusinessId, { holdMs: number }>() : await directOf(tx, sellers);
  // Whoever pays a business itself waits for its word: the longest of their times is the group's.
  const longestMs = Math.max(holdMs, ...[...direct.values()].map((one) => one.holdMs));
  const expiresAt = new Date(at.getTime() + longestMs);
  const used = { groupId, phone: delivery.recipient.phone, applied: priced.applied };
  const [[groupCode = '', ...orderCodes], table] = await Promise.all([
    codes.takeAll(tx, ['order-group', ...priced.businesses.map(() => 'order' as const)]),
    fees.inForce(tx),
    vouchers.take(tx, used),
    stock.hold(tx, priced.lines, groupId, expiresAt, sourceOf({ bundle, partner })),
  ]);
  const made = priced.businesses.map((business, index) =>
    orderOf(
      business,
      orderCodes[index] ?? '',
      { id: groupId, settlement: direct.has(business.businessId) ? 'direct' : 'collected' },
      table,
      at,
    ),
  );
  const orders = made.map((one) => one.order);
  const group = {
    id: groupId,
    code: groupCode,
    cartId,
    status: 'awaiting-payment' as const,
    totalVnd: priced.totalVnd,
    delivery,
    phone: delivery.recipient.phone,
    expiresAt,
    createdAt: at,
    direct: direct.size > 0,
    partnerKey: partner?.key ?? null,
    bundleId: bundle?.id ?? null,
    bundleName: bundle?.name ?? null,
    bundleQuantity: bundle?.boxes ?? null,
    // Without the answer the cart would not have come this far.
    ageConfirmedAt: needsAge ? at : null,
  };
  const view = viewOfGroup(group, orders, at);
  await Promise.all([
    insertGroup(tx, group, orders, made.flatMap(linesOf), eventsOf(idsOf(orders), 'placed', { groupCode }, at)),
    vouchers.recordUses(tx, { ...used, orders }),
    partner ? undefined : carts.markOrdered(tx, cartId, groupCode),
    // What is held is no longer available: lists, search and partners hear of it.
    events.add(
      tx,
      { type: 'order-group.placed', groupId },
      ...priced.lines.map((line) => ({ type: 'product.changed' as const, productId: line.facts.productId })),
    ),
    finish?.(tx, view),
  ]);
  return view;
}

const idsOf = (orders: readonly NewOrder['order'][]): OrderId[] => orders.map((order) => order.id);

export type CheckoutRequest = {
  readonly cartId: string;
  readonly expectedTotalVnd?: Vnd;
  /** The buyer has said to be 18 or older. */
  readonly ageConfirmed?: boolean;
  readonly actor: string;
  /** The cart holds the goods of gift boxes, which are sold at the price of the boxes. */
  readonly bundle?: SoldBundle;
  /** Stores the answer beside the order, so that neither exists without the other. */
  readonly finish?: (tx: Tx, group: GroupView) => Promise<void>;
};

/**
 * Checks a cart out: price, limits, availability and delivery are looked at again under lock, stock is held for half an
 * hour, and one order a business is made, all or nothing. 409 `price-changed` counts the new price as seen.
 */
async function checkout(deps: Deps, { cartId, actor, bundle, finish, ...asked }: CheckoutRequest): Promise<GroupView> {
  try {
    return await transact(deps.db, actor, async (tx) => {
      const ready = await deps.carts.takeForCheckout(tx, cartId, asked);
      const sold = bundle ? { ...ready, priced: priceBundle(ready.priced, bundle), bundle } : ready;
      return await place(deps, tx, sold, finish);
    });
  } catch (error) {
    if (error instanceof Problem && error.code === 'price-changed')
      await deps.carts.acceptPrices(cartId, error.extra.lines);
    throw error;
  }
}

/**
 * Checkouts of one process that stand in a transaction at the same time. More of them would wait for the same rows and
 * for the pool and be done no sooner.
 */
const atOnce = 6;

/** A look without locks. A cart that became an order between its two readings took the goods itself: it is told so. */
async function expectGoods({ db, stock, carts }: Deps, cartId: string): Promise<void> {
  try {
    await stock.expectFree(db, await carts.listWanted(cartId));
  } catch (error) {
    if ((await carts.listWanted(cartId)).length > 0) throw error;
  }
}

/**
 * Checkouts in the order in which they came. Whoever had to wait is told at once when the goods went meanwhile: of a crowd
 * for the last of something most are refused, and a look without locks costs a fraction of a transaction.
 */
export function createCheckout(deps: Deps): (request: CheckoutRequest) => Promise<GroupView> {
  const inTurn = pLimit(atOnce);
  return (request) => {
    const waits = inTurn.activeCount >= atOnce;
    return inTurn(async () => {
      if (waits) await expectGoods(deps, request.cartId);
      return checkout(deps, request);
    });
  };
}
