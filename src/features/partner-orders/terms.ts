import type { Id } from '#core/ids.ts';
import type { PricedBusiness, PricedCart } from '#features/carts/index.ts';
import {
  MAX_HOLD_MS,
  moneyOf,
  type Quote,
  type QuoteRequest,
  type REMOTE_ORDER_STATES,
  type Settlement,
  settlementRoot,
} from '#federation/protocol/ordering.ts';
import { PeerRefusal } from '#federation/protocol/problems.ts';
import type { Offer } from '#federation/protocol/record.ts';
import { parseUri } from '#federation/protocol/uri.ts';
import type { Agreed, Content, Terms } from './types.ts';
import type { GroupFacts, Part, Settled } from './views.ts';

type State = (typeof REMOTE_ORDER_STATES)[number];
type Line = Quote['lines'][number];
type Option = Quote['shipping'][number];
type Wanted = QuoteRequest['lines'][number];
type Sold = PricedCart['lines'][number];
type Offers = ReadonlyMap<string, Offer | 'withdrawn'>;

/** How long a quote holds. Longer than the protocol asks for, shorter than prices usually stay. */
export const quoteLifeMs = 15 * 60_000;
/** What is said of quotes that lapsed long ago is of no use to anybody. */
export const quoteKeptMs = 2 * MAX_HOLD_MS;

/** What an offer's address names, of ours or not. */
export const variantOf = (uri: string): string => parseUri(uri)?.id ?? '';
export const isId = <Kind extends string>(text: string): text is Id<Kind> =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Each address once, an offer of ours, in the feed, and not withdrawn. */
export function checkOffers(lines: readonly Wanted[], origin: string, offers: Offers): void {
  const seen = new Set<string>();
  for (const { uri } of lines) {
    const named = parseUri(uri);
    const known = offers.get(uri);
    const isOurs = named?.kind === 'offer' && named.origin === origin && isId(named.id);
    if (!isOurs || known === undefined || seen.has(uri)) throw new PeerRefusal('unknown-record', { uri });
    if (known === 'withdrawn') throw new PeerRefusal('record-withdrawn', { uri });
    seen.add(uri);
  }
}

const byUri = (lines: readonly Wanted[], sold: readonly Sold[]): readonly (readonly [Wanted, Sold | undefined])[] => {
  const known = new Map(sold.map((one) => [one.variantId as string, one]));
  return lines.map((line) => [line, known.get(variantOf(line.uri))] as const);
};

/** What the catalogue says now of goods that the feed still offers: it may be some seconds behind. */
export function checkSale(lines: readonly Wanted[], { lines: sold }: Pick<PricedCart, 'lines'>): void {
  const pairs = byUri(lines, sold);
  const gone = pairs.find(([, line]) => !line?.facts.forSale || line.facts.partnerKey !== null);
  if (gone) throw new PeerRefusal('record-withdrawn', { uri: gone[0].uri });
  const outside = pairs.flatMap(([{ uri, quantity }, line]) => {
    const { minOrder = 1, maxOrder = 1 } = line?.facts ?? {};
    return quantity < minOrder || quantity > maxOrder ? [{ uri, minQty: minOrder, maxQty: maxOrder }] : [];
  });
  if (outside.length > 0) throw new PeerRefusal('quantity-outside-limits', { lines: outside });
}

/** The offers whose price is not what was counted on. */
export const repriced = (
  lines: readonly (Pick<Wanted, 'uri'> & { readonly expectedUnit?: Wanted['expectedUnit'] })[],
  sold: readonly Sold[],
): readonly string[] =>
  byUri(lines as readonly Wanted[], sold).flatMap(([{ uri, expectedUnit }, line]) =>
    expectedUnit !== undefined && expectedUnit.amount !== line?.facts.priceVnd ? [uri] : [],
  );

export function checkStock(lines: readonly Wanted[], sold: readonly Sold[]): void {
  const short = byUri(lines, sold).flatMap(([{ uri, quantity }, line]) => {
    const available = Math.max(0, line?.facts.available ?? 0);
    return quantity > available ? [{ uri, available }] : [];
  });
  if (short.length > 0) throw new PeerRefusal('quantity-unavailable', { lines: short });
}

const optionOf = (code: string, vi: string, en: string, amount: number): Option => ({
  code,
  title: { vi, en },
  amount: moneyOf(amount),
});

const costOf = (business: PricedBusiness, method: string): number | undefined => {
  const way = business.freight.options.find((one) => one.method === method);
  if (business.freight.options.length === 0) return business.freight.feeVnd;
  return way && way.spoiling.length === 0 ? way.feeVnd : undefined;
};

/** How all of it can be sent there. Where several businesses would have to be visited, nothing is picked up. */
export function shippingOf(businesses: readonly PricedBusiness[]): Option[] {
  const sent = businesses.map((one) => costOf(one, 'standard'));
  const amounts = sent.filter((one) => one !== undefined);
  const standard =
    amounts.length === sent.length
      ? [
          optionOf(
            'standard',
            'Giao tận nơi',
            'Delivery',
            amounts.reduce((sum, one) => sum + one, 0),
          ),
        ]
      : [];
  const [only, ...others] = businesses;
  const point = only?.freight.options.find(({ method }) => method === 'pickup');
  const pickup =
    point?.point && others.length === 0
      ? [
          optionOf(
            'pickup',
            `Đến lấy tại ${point.point.name}, ${point.point.line}`.slice(0, 200),
            `Pick-up at ${point.point.name}, ${point.point.line}`.slice(0, 200),
            point.feeVnd,
          ),
        ]
      : [];
  const options = [...standard, ...pickup];
  if (options.length === 0)
    throw new PeerRefusal('destination-unserved', {
      products: businesses.flatMap(({ freight }) => freight.spoiling.map(({ name }) => name)),
    });
  return options;
}

/** What is quoted, line by line in the order in which it was asked. */
export function linesOf(wanted: readonly Wanted[], sold: readonly Sold[], offers: Offers): Line[] {
  return byUri(wanted, sold).map(([{ uri, quantity }, line]) => {
    const offer = offers.get(uri);
    return {
      uri,
      rev: typeof offer === 'object' ? offer.rev : 1,
      quantity,
      unit: moneyOf(line?.facts.priceVnd ?? 0),
      total: moneyOf(line?.totalVnd ?? 0),
    };
  });
}

export const goodsOf = (lines: readonly Line[]): Terms['goods'] =>
  moneyOf(lines.reduce((sum, { total }) => sum + total.amount, 0));

/** The least advanced part that is not called off speaks for the whole, as it does among the parcels of one order. */
const stages = ['none', 'packed', 'shipped', 'delivered'] as const;
const said = { none: 'confirmed', packed: 'packed', shipped: 'shipped', delivered: 'delivered' } as const;
function stageOf(parts: readonly Part[]): State {
  const reached = parts.map(({ fulfilmentStatus: one }) => stages.indexOf(one === 'returned' ? 'delivered' : one));
  return said[stages[Math.min(...reached)] ?? 'none'];
}

export function stateOf({ status, expiresAt, parts }: GroupFacts, calledOff: boolean, now: Date): State {
  if (status === 'expired') return calledOff ? 'cancelled' : 'expired';
  // The job ends it within a minute; the answer is right at once.
  if (status === 'awaiting-payment') return expiresAt <= now ? 'expired' : 'reserved';
  const live = parts.filter((part) => part.status !== 'cancelled');
  return live.length === 0 ? 'cancelled' : stageOf(live);
}

type Named = {
  readonly groupId: string;
  readonly key: string;
  readonly agreed: Agreed;
  readonly cancelReason: string | null;
};

/** An order as its partner is told of it. */
export function contentOf({ groupId, key, agreed, cancelReason }: Named, group: GroupFacts, now: Date): Content {
  const state = stateOf(group, cancelReason !== null, now);
  const confirmed = group.booked.find(({ kind }) => kind === 'confirmed');
  const refunds = group.booked.filter(({ kind }) => kind === 'refunded');
  const reason = state === 'cancelled' ? (cancelReason ?? group.cancelReason) : null;
  return {
    orderId: groupId,
    code: group.code,
    key,
    state,
    lines: agreed.lines.map((line) => {
      const cancelled = group.cancelled.get(variantOf(line.uri)) ?? 0;
      return cancelled > 0 ? { ...line, cancelled } : line;
    }),
    shipping: agreed.shipping,
    total: moneyOf(group.totalVnd),
    confirmBy: group.expiresAt.toISOString(),
    ...(confirmed && { confirmedAt: confirmed.at.toISOString() }),
    ...(refunds.length > 0 && {
      refunds: refunds.map(({ amountVnd, at }) => ({ amount: moneyOf(amountVnd), at: at.toISOString() })),
    }),
    ...(reason && { cancelReason: reason.slice(0, 500) }),
    ...(group.trackingNumbers.length > 0 && { trackingNumber: group.trackingNumbers.join(', ').slice(0, 200) }),
  };
}

/** The statement of a day. What was confirmed of an order is all of it, at once: its goods, and its freight. */
export function settlementOf(day: string, settled: readonly Settled[]): Settlement {
  const orders = settled.map(({ document, confirmedVnd, refundedVnd }) => {
    const shippingVnd = confirmedVnd === 0 ? 0 : document.shipping.amount.amount;
    return {
      orderId: document.orderId,
      state: document.state,
      goods: moneyOf(confirmedVnd - shippingVnd),
      shipping: moneyOf(shippingVnd),
      refunded: moneyOf(refundedVnd),
    };
  });
  const due = settled.reduce((sum, { confirmedVnd, refundedVnd }) => sum + confirmedVnd - refundedVnd, 0);
  return { day, currency: 'VND', orders, due: moneyOf(due), root: settlementRoot(orders) };
}
