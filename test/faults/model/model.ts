import { deliver, follow, inParcels, type Order, openPieces, pack, parcelsOf, ship } from './orders.ts';
import { type ReturnAction, stepReturn, wordOf } from './returns.ts';

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
  /** A page of the card provider is opened, and the card charged there. */
  | { readonly kind: 'card'; readonly deal: number }
  | { readonly kind: 'charge'; readonly deal: number }
  /** The price of the whole group and so much more or less. */
  | { readonly kind: 'transfer'; readonly deal: number; readonly much: number }
  | { readonly kind: 'confirm'; readonly deal: number; readonly index: number }
  | { readonly kind: 'deliver'; readonly deal: number; readonly index: number }
  /** No pieces named is all of them that are open; to a parcel that is sent, all that is packed. */
  | { readonly kind: 'pack'; readonly deal: number; readonly index: number; readonly pieces: number }
  | { readonly kind: 'ship'; readonly deal: number; readonly index: number; readonly pieces: number }
  | { readonly kind: 'cancel'; readonly deal: number; readonly index: number; readonly pieces: number }
  | {
      readonly kind: 'refund';
      readonly deal: number;
      readonly index: number;
      readonly id: number;
      readonly amountVnd: number;
    }
  | ReturnAction
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'expire' };

type Deal = {
  readonly totalVnd: number;
  readonly lapsesAt: number;
  status: 'awaiting-payment' | 'paid' | 'expired';
  way: 'transfer' | 'card' | undefined;
  /** The card was opened so late that its money is set aside first, and taken only while the goods are held. */
  setAside: boolean;
  charged: boolean;
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
          fulfilment: 'none',
          cancelled: 0,
          returned: 0,
          refundedVnd: 0,
          parcels: [],
          returns: [],
          causes: {},
        },
  );
  const totalVnd = orders.reduce((sum, one) => sum + (one?.totalVnd ?? 0), 0);
  const lapsesAt = model.minute + holdMinutes;
  model.deals.set(id, {
    totalVnd,
    lapsesAt,
    status: 'awaiting-payment',
    way: undefined,
    setAside: false,
    charged: false,
    creditVnd: 0,
    spareVnd: 0,
    orders,
  });
  return 'done';
}

const shelveAt = (model: Model, index: number, pieces: number): void => {
  model.onHand[index] = (model.onHand[index] ?? 0) + pieces;
};

/** Bought pieces leave the shelf, and what is too much goes back. */
function complete(model: Model, deal: Deal): void {
  deal.status = 'paid';
  deal.spareVnd += deal.creditVnd - deal.totalVnd;
  deal.creditVnd = 0;
  for (const [index, one] of deal.orders.entries()) {
    if (!one) continue;
    one.status = 'placed';
    shelveAt(model, index, -one.bought);
  }
}

function transfer(model: Model, { deal: id, much }: { readonly deal: number; readonly much: number }): string {
  const deal = model.deals.get(id);
  if (deal?.way !== 'transfer' || deal.totalVnd + much <= 0) return 'nothing';
  return receive(model, deal, deal.totalVnd + much);
}

/** Money of a group that came, in whatever state the group is. */
function receive(model: Model, deal: Deal, amountVnd: number): string {
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

/** Less than ten minutes before the hold ends the card's money is only set aside. */
const captureLaterMinutes = 10;

function open(model: Model, deal: Deal, way: 'transfer' | 'card'): string {
  if (deal.way !== undefined && (deal.way !== way || way === 'card')) return 'nothing';
  if (!waits(deal) || lapsed(model, deal)) return 'order-not-payable';
  deal.way = way;
  deal.setAside = deal.lapsesAt - model.minute <= captureLaterMinutes;
  return 'done';
}

function charge(model: Model, deal: Deal): string {
  if (deal.way !== 'card' || deal.charged) return 'nothing';
  deal.charged = true;
  // Let go again, since nobody holds the goods any more.
  if (deal.setAside && (!waits(deal) || lapsed(model, deal))) return 'done';
  return receive(model, deal, deal.totalVnd);
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

function cancel(model: Model, index: number, one: Order, asked: number): string {
  const isOpen = one.status === 'placed' || one.status === 'confirmed';
  if (!isOpen || (asked === 0 && inParcels(one, 'away', 'delivered') > 0)) return 'order-not-cancellable';
  const home = openPieces(one) + inParcels(one, 'packed');
  const pieces = asked === 0 ? home : asked;
  if (pieces > home || pieces === 0) return 'pieces-not-open';
  // What lies open is not enough: all that is packed is unpacked.
  if (pieces > openPieces(one)) one.parcels = one.parcels.filter(({ state }) => state !== 'packed');
  const leftVnd = one.totalVnd - one.refundedVnd;
  const isLast = one.cancelled + pieces === one.bought;
  one.refundedVnd += isLast ? leftVnd : Math.min(leftVnd, pieces * (model.prices[index] ?? 0));
  one.cancelled += pieces;
  shelveAt(model, index, pieces);
  if (!isLast) follow(one);
  else {
    one.status = 'cancelled';
    if (one.fulfilment === 'packed') one.fulfilment = 'none';
  }
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
  if (action.kind === 'open') return open(model, deal, 'transfer');
  if (action.kind === 'card') return open(model, deal, 'card');
  if (action.kind === 'charge') return charge(model, deal);
  const one = deal.orders[action.index];
  if (!one) return 'nothing';
  if (action.kind === 'ask' || action.kind === 'answer') {
    const shelve = (pieces: number): void => shelveAt(model, action.index, pieces);
    return stepReturn(one, action, { priceVnd: model.prices[action.index] ?? 0, shelve });
  }
  if (action.kind === 'pack') return pack(one, action.pieces);
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
            ? [
                ...[groupStatus(deal), one.status, paymentStatus(deal, one), one.fulfilment],
                ...[one.cancelled, one.returned, one.refundedVnd, ...parcelsOf(one), ...one.returns.map(wordOf)],
              ].join(' ')
            : '',
        ),
      },
    ]),
  ),
});
