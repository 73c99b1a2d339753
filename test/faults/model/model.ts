/** What can be asked of the shop. `deal` is the number of an order group, `index` the shelf, and so the order in it. */
export type Action =
  /** `totals` is what each order costs with its freight, as the shop said. */
  | {
      readonly kind: 'order';
      readonly id: number;
      readonly wanted: readonly number[];
      readonly totals?: readonly number[];
    }
  | { readonly kind: 'open'; readonly deal: number }
  /** The price of the whole group and so much more or less. */
  | { readonly kind: 'transfer'; readonly deal: number; readonly much: number }
  | { readonly kind: 'confirm'; readonly deal: number; readonly index: number }
  | { readonly kind: 'deliver'; readonly deal: number; readonly index: number }
  /** No pieces named to a cancellation is all of them. */
  | { readonly kind: 'ship'; readonly deal: number; readonly index: number; readonly pieces: number }
  | { readonly kind: 'cancel'; readonly deal: number; readonly index: number; readonly pieces: number }
  | {
      readonly kind: 'refund';
      readonly deal: number;
      readonly index: number;
      readonly id: number;
      readonly amountVnd: number;
    }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'expire' };

type Parcel = { readonly pieces: number; delivered: boolean };
type Order = {
  readonly bought: number;
  readonly totalVnd: number;
  status: 'awaiting-payment' | 'placed' | 'confirmed' | 'completed' | 'cancelled';
  cancelled: number;
  refundedVnd: number;
  readonly parcels: Parcel[];
  readonly causes: Record<number, number>;
};
type Deal = {
  readonly totalVnd: number;
  readonly lapsesAt: number;
  status: 'awaiting-payment' | 'paid' | 'expired';
  opened: boolean;
  /** Money that came and neither paid nor went back yet. */
  creditVnd: number;
  /** Money that paid for nothing and goes back. */
  spareVnd: number;
  readonly orders: (Order | undefined)[];
};
export type Model = {
  readonly prices: readonly number[];
  readonly onHand: number[];
  minute: number;
  readonly deals: Map<number, Deal>;
};

const holdMinutes = 30;

export const emptyModel = (prices: readonly number[], onHand: number): Model => ({
  prices,
  onHand: prices.map(() => onHand),
  minute: 0,
  deals: new Map(),
});

const waits = (deal: Deal): boolean => deal.status === 'awaiting-payment';
const lapsed = (model: Model, deal: Deal): boolean => deal.lapsesAt <= model.minute;

/** Pieces that nobody else's living hold keeps. */
const freeFor = (model: Model, index: number, own?: Deal): number =>
  [...model.deals.values()]
    .filter((deal) => deal !== own && waits(deal) && !lapsed(model, deal))
    .reduce((free, deal) => free - (deal.orders[index]?.bought ?? 0), model.onHand[index] ?? 0);

function order(model: Model, { id, wanted, totals }: Extract<Action, { readonly kind: 'order' }>): string {
  if (wanted.every((pieces) => pieces === 0)) return 'cart-empty';
  if (wanted.some((pieces, index) => pieces > freeFor(model, index))) return 'stock-short';
  const orders = wanted.map((bought, index): Order | undefined =>
    bought === 0
      ? undefined
      : {
          bought,
          totalVnd: totals?.[index] ?? 0,
          status: 'awaiting-payment',
          cancelled: 0,
          refundedVnd: 0,
          parcels: [],
          causes: {},
        },
  );
  const totalVnd = orders.reduce((sum, one) => sum + (one?.totalVnd ?? 0), 0);
  const lapsesAt = model.minute + holdMinutes;
  model.deals.set(id, {
    totalVnd,
    lapsesAt,
    status: 'awaiting-payment',
    opened: false,
    creditVnd: 0,
    spareVnd: 0,
    orders,
  });
  return 'done';
}

/** Bought pieces leave the shelf, and what is too much goes back. */
function complete(model: Model, deal: Deal): void {
  deal.status = 'paid';
  deal.spareVnd += deal.creditVnd - deal.totalVnd;
  deal.creditVnd = 0;
  for (const [index, one] of deal.orders.entries()) {
    if (!one) continue;
    one.status = 'placed';
    model.onHand[index] = (model.onHand[index] ?? 0) - one.bought;
  }
}

function transfer(model: Model, { deal: id, much }: { readonly deal: number; readonly much: number }): string {
  const deal = model.deals.get(id);
  if (!deal?.opened || deal.totalVnd + much <= 0) return 'nothing';
  const amountVnd = deal.totalVnd + much;
  if (deal.status === 'paid') {
    deal.spareVnd += amountVnd;
    return 'done';
  }
  const late = deal.status === 'expired' || lapsed(model, deal);
  deal.creditVnd += amountVnd;
  const isThere = deal.orders.every((one, index) => !one || one.bought <= freeFor(model, index, deal));
  if (deal.creditVnd >= deal.totalVnd && isThere) complete(model, deal);
  else if (late || deal.creditVnd >= deal.totalVnd) {
    deal.spareVnd += deal.creditVnd;
    deal.creditVnd = 0;
  }
  return 'done';
}

function expire(model: Model): string {
  for (const deal of model.deals.values()) {
    if (!waits(deal) || !lapsed(model, deal)) continue;
    deal.status = 'expired';
    deal.spareVnd += deal.creditVnd;
    deal.creditVnd = 0;
    for (const one of deal.orders) if (one) one.status = 'cancelled';
  }
  return 'done';
}

const inParcels = (one: Order): number => one.parcels.reduce((sum, { pieces }) => sum + pieces, 0);
const openPieces = (one: Order): number => one.bought - one.cancelled - inParcels(one);

function fulfilment(one: Order): 'none' | 'shipped' | 'delivered' {
  if (one.parcels.length === 0 || openPieces(one) > 0) return 'none';
  return one.parcels.every(({ delivered }) => delivered) ? 'delivered' : 'shipped';
}

/** The order is over when all that is left of it has arrived. */
function follow(one: Order): void {
  if (one.status === 'confirmed' && fulfilment(one) === 'delivered') one.status = 'completed';
}

function ship(one: Order, pieces: number): string {
  if (one.status !== 'confirmed' || fulfilment(one) !== 'none') return 'order-not-shippable';
  if (pieces > openPieces(one)) return 'pieces-not-open';
  one.parcels.push({ pieces, delivered: false });
  follow(one);
  return 'done';
}

function deliver(one: Order): string {
  const coming = one.parcels.filter(({ delivered }) => !delivered);
  if (one.status !== 'confirmed' || coming.length === 0) return 'order-not-deliverable';
  for (const parcel of coming) parcel.delivered = true;
  follow(one);
  return 'done';
}

function cancel(model: Model, index: number, one: Order, asked: number): string {
  const isOpen = one.status === 'placed' || one.status === 'confirmed';
  if (!isOpen || (asked === 0 && inParcels(one) > 0)) return 'order-not-cancellable';
  const pieces = asked === 0 ? openPieces(one) : asked;
  if (pieces > openPieces(one) || pieces === 0) return 'pieces-not-open';
  const leftVnd = one.totalVnd - one.refundedVnd;
  const isLast = one.cancelled + pieces === one.bought;
  one.refundedVnd += isLast ? leftVnd : Math.min(leftVnd, pieces * (model.prices[index] ?? 0));
  one.cancelled += pieces;
  model.onHand[index] = (model.onHand[index] ?? 0) + pieces;
  if (isLast) one.status = 'cancelled';
  else follow(one);
  return 'done';
}

function refund(one: Order, id: number, amountVnd: number): string {
  const isPaid = one.status !== 'awaiting-payment' && one.status !== 'cancelled';
  const wasPaid = isPaid || one.refundedVnd > 0;
  if (one.causes[id] === amountVnd) return 'done';
  if (one.causes[id] !== undefined) return 'fault';
  if (!wasPaid || amountVnd > one.totalVnd - one.refundedVnd) return 'refund-exceeds-payment';
  one.refundedVnd += amountVnd;
  one.causes[id] = amountVnd;
  return 'done';
}

/** Does on paper what the action says; the answer in one word. */
export function step(model: Model, action: Action): string {
  if (action.kind === 'wait') {
    model.minute += action.minutes;
    return 'done';
  }
  if (action.kind === 'expire') return expire(model);
  if (action.kind === 'order') return order(model, action);
  const deal = model.deals.get(action.deal);
  if (!deal) return 'nothing';
  if (action.kind === 'transfer') return transfer(model, action);
  if (action.kind === 'open') {
    if (!waits(deal) || lapsed(model, deal)) return 'order-not-payable';
    deal.opened = true;
    return 'done';
  }
  const one = deal.orders[action.index];
  if (!one) return 'nothing';
  if (action.kind === 'ship') return ship(one, action.pieces);
  if (action.kind === 'deliver') return deliver(one);
  if (action.kind === 'cancel') return cancel(model, action.index, one, action.pieces);
  if (action.kind === 'refund') return refund(one, action.id, action.amountVnd);
  if (one.status !== 'placed') return 'order-not-confirmable';
  one.status = 'confirmed';
  return 'done';
}

function paymentStatus(deal: Deal, one: Order): string {
  if (deal.status !== 'paid') return 'unpaid';
  if (one.refundedVnd === 0) return 'paid';
  return one.refundedVnd >= one.totalVnd ? 'refunded' : 'part-refunded';
}

function groupStatus(deal: Deal): string {
  if (deal.status !== 'paid') return deal.status;
  const all = deal.orders.filter((one) => one !== undefined);
  const gone = all.filter((one) => one.status === 'cancelled').length;
  if (gone === all.length) return 'cancelled';
  return gone > 0 ? 'partly-cancelled' : 'paid';
}

/** The whole state in the words in which the real shop is read. */
export const facts = (model: Model): unknown => ({
  onHand: model.onHand,
  deals: Object.fromEntries(
    [...model.deals].map(([id, deal]) => [
      id,
      {
        spareVnd: deal.spareVnd,
        orders: deal.orders.map((one) =>
          one
            ? `${groupStatus(deal)} ${one.status} ${paymentStatus(deal, one)} ${fulfilment(one)} ${one.cancelled} ${one.refundedVnd}`
            : '',
        ),
      },
    ]),
  ),
});
