import { createHmac } from 'node:crypto';
import { canonical, sha256 } from '#conformance/kit/canonical.ts';
import type { Has } from './defects.ts';
import type { Asked, Reply } from './feed.ts';
import type { Goods, Store } from './store.ts';
import type { Refusal } from './verify.ts';

type Line = {
  readonly uri: string;
  readonly rev: number;
  readonly quantity: number;
  readonly unit: object;
  readonly total: object;
};
type Quote = {
  readonly partner: string;
  readonly lines: readonly Line[];
  readonly goods: number;
  readonly termsHash: string;
};
type Order = {
  readonly partner: string;
  readonly key: string;
  readonly words: string;
  readonly orderId: string;
  readonly lines: readonly Line[];
  readonly total: number;
  state: string;
  rev: number;
  seq: number;
  at: string;
  lapsed: boolean;
  confirmedAt?: string;
  cancelReason?: string;
  refunds: readonly object[];
};

const vnd = (amount: number) => ({ amount, currency: 'VND', taxIncluded: true });
const freight = 30_000;
const shipping = { code: 'standard', title: { vi: 'Giao tận nơi', en: 'Delivery' }, amount: vnd(freight) };
const json = (body: unknown, status = 200): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});
const refuse = (status: number, code: string, extra: object = {}): Refusal => ({ status, code, extra });
const invalid = refuse(400, 'invalid-request');
const dayMs = 86_400_000;
const localDay = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 10);

export type Orders = ReturnType<typeof createOrders>;

/** What partners buy for their shoppers. */
export function createOrders(store: Store, has: Has) {
  const { rows, find, state } = store;
  const quotes = new Map<string, Quote>();
  const orders: Order[] = [];
  let seq = 0;
  let made = 0;

  const left = (one: Goods): number => one.quantity;
  const goodsOf = (uri: string): Goods => find(uri);
  const touch = (order: Order): Order => {
    seq += 1;
    Object.assign(order, { seq, at: new Date().toISOString() });
    if (!has('order-rev-same')) order.rev += 1;
    return order;
  };

  const documentOf = (order: Order) => ({
    orderId: order.orderId,
    code: `MAU${order.orderId}`,
    key: has('order-key-other') ? 'another' : order.key,
    rev: order.rev,
    state: order.state,
    lines: order.lines,
    shipping: has('order-free-freight') ? { ...shipping, amount: vnd(0) } : shipping,
    total: vnd(order.total),
    confirmBy: new Date(Date.parse(order.at) + (has('hold-for-days') ? 3 * dayMs : 1_800_000)).toISOString(),
    ...(order.confirmedAt && !has('confirm-undated') && { confirmedAt: order.confirmedAt }),
    ...(order.refunds.length > 0 && { refunds: order.refunds }),
    ...(order.cancelReason && !has('call-off-unreasoned') && { cancelReason: order.cancelReason }),
    at: order.at,
  });

  const offerFault = (uri: string): Refusal | undefined => {
    const row = rows.get(uri);
    if (row?.lane !== 'offer') return has('quote-unknown-400') ? invalid : refuse(404, 'unknown-record');
    if (row.op === 'delete')
      return has('quote-gone-404') ? refuse(404, 'unknown-record') : refuse(410, 'record-withdrawn');
    return undefined;
  };

  const lineOf = ({ uri, quantity }: { uri: string; quantity: number }): Line => {
    const { amount } = goodsOf(uri);
    const unit = has('quote-price-off') ? amount + 1 : amount;
    const rev = (rows.get(uri)?.record.rev ?? 0) + (has('quote-rev-off') ? 1 : 0);
    return { uri, rev, quantity, unit: vnd(unit), total: vnd(has('quote-sum-off') ? unit : unit * quantity) };
  };

  const quote = ({ partner }: Asked, parsed: unknown): Reply | Refusal => {
    const wanted = (Object(parsed).lines ?? []) as {
      uri: string;
      quantity: number;
      expectedUnit?: { amount: number };
    }[];
    for (const { uri, quantity, expectedUnit } of wanted) {
      const fault = offerFault(uri);
      if (fault) return fault;
      const one = goodsOf(uri);
      if (expectedUnit && expectedUnit.amount !== one.amount && !has('quote-any-price'))
        return refuse(409, 'price-changed', has('price-changed-bare') ? {} : { offers: [rows.get(uri)?.record] });
      if (quantity > left(one) && !has('quote-any-quantity'))
        return refuse(409, 'quantity-unavailable', {
          lines: [{ uri, available: left(one) + (has('quantity-told-wrong') ? 1 : 0) }],
        });
    }
    made += 1;
    const lines = wanted.map(lineOf);
    const sum = lines.reduce((total, line) => total + Object(line.total).amount, 0);
    if (has('quote-holds')) for (const { uri, quantity } of lines) goodsOf(uri).quantity -= quantity;
    const expiresAt = new Date(Date.now() + (has('quote-short') ? 60_000 : 900_000)).toISOString();
    const terms = { lines, shipping: [shipping], goods: vnd(sum), expiresAt };
    const termsHash = sha256(has('terms-unsorted') ? JSON.stringify(terms) : canonical(terms));
    const quoteId = `q${made}`;
    quotes.set(quoteId, { partner, lines, goods: sum, termsHash });
    return json({ quoteId, ...terms, termsHash, hold: 'none' });
  };

  const take = (lines: readonly Line[]): Refusal | undefined => {
    if (has('hold-none')) return undefined;
    const short = lines.filter(({ uri, quantity }) => left(goodsOf(uri)) < quantity);
    if (short.length > 0 && !has('oversells'))
      return refuse(409, 'quantity-unavailable', {
        lines: short.map(({ uri }) => ({ uri, available: left(goodsOf(uri)) })),
      });
    for (const { uri, quantity } of lines) goodsOf(uri).quantity -= quantity;
    return undefined;
  };

  const quoteFault = (
    known: Quote | undefined,
    partner: string,
    asked: Record<string, unknown>,
  ): Refusal | undefined => {
    if (!known || (known.partner !== partner && !has('quote-of-anybody'))) return refuse(409, 'quote-expired');
    const isOther = known.termsHash !== asked.termsHash && !has('terms-unchecked');
    if (isOther || (asked.shippingCode !== 'standard' && !has('shipping-unchecked')))
      return refuse(409, 'terms-mismatch');
    const moved = known.lines.find(({ uri, unit }) => goodsOf(uri).amount !== Object(unit).amount);
    if (moved && !has('sells-at-other-price') && !has('quote-price-off'))
      return refuse(409, 'price-changed', { offers: [rows.get(moved.uri)?.record] });
    return undefined;
  };

  const reserve = async ({ partner, headers }: Asked, parsed: unknown): Promise<Reply | Refusal> => {
    const key = headers['idempotency-key'] ?? '';
    if (key === '' && !has('key-optional')) return refuse(400, 'idempotency-key-missing');
    const asked = Object(parsed) as Record<string, unknown>;
    const words = canonical(asked);
    const known = orders.find((order) => order.key === key && order.partner === partner);
    if (known && !has('key-ignored')) {
      if (known.words !== words && !has('key-any-words')) return refuse(422, 'idempotency-key-reused');
      return json(documentOf(known), 201);
    }
    const by = quotes.get(String(asked.quoteId)) ?? (has('quote-unneeded') ? [...quotes.values()].at(-1) : undefined);
    const fault = quoteFault(by, partner, asked);
    if (fault || !by) return fault ?? invalid;
    // Between the look and the writing another one with the same key may come.
    if (has('key-race')) await new Promise((resolve) => setTimeout(resolve, 5));
    const short = take(by.lines);
    if (short) return short;
    made += 1;
    const amount = has('sells-at-other-price') ? goodsOf(by.lines[0]?.uri ?? '').amount : undefined;
    const lines = amount === undefined ? by.lines : by.lines.map((line) => ({ ...line, unit: vnd(amount) }));
    const total = by.goods + (has('total-without-freight') ? 0 : freight);
    const order: Order = {
      ...{ partner, key, words, lines, total, orderId: `o${made}`, state: 'reserved', rev: 0, seq: 0, at: '' },
      lapsed: false,
      refunds: [],
    };
    orders.push(touch(order));
    return json(documentOf(order), has('reserve-200') ? 200 : 201);
  };

  const giveBack = ({ lines }: Order): void => {
    if (!has('stock-stays-away')) for (const { uri, quantity } of lines) goodsOf(uri).quantity += quantity;
  };
  /** What time does to a reservation, at the latest when somebody asks. */
  const settleTime = (order: Order): void => {
    if (!order.lapsed || order.state !== 'reserved') return;
    order.state = 'expired';
    if (!has('lapse-keeps-stock')) giveBack(order);
    touch(order);
  };

  const confirm = (order: Order, parsed: unknown): Reply | Refusal => {
    if (!has('confirm-late')) settleTime(order);
    const told = { order: documentOf(order) };
    if (order.state === 'expired') return refuse(409, 'order-expired', told);
    if (order.state === 'cancelled' && !has('confirm-cancelled')) return refuse(409, 'order-cancelled', told);
    const amount = Object(Object(parsed).total).amount;
    const isLess = amount < order.total && !has('total-unchecked');
    const isMore = amount > order.total && !has('total-at-least') && !has('total-unchecked');
    if (isLess || isMore) return refuse(409, 'total-mismatch', told);
    if (order.state !== 'confirmed' || has('confirm-again-moves')) {
      if (order.state === 'confirmed' && has('confirm-again-takes')) take(order.lines);
      Object.assign(order, { state: 'confirmed', confirmedAt: new Date().toISOString() });
      touch(order);
    } else if (has('confirm-again-takes')) take(order.lines);
    return json(documentOf(order));
  };

  const end = (order: Order, reason: string): void => {
    const back = has('refund-without-freight') ? order.total - freight : order.total;
    if (order.state === 'confirmed' && !has('refund-untold'))
      order.refunds = [...order.refunds, { amount: vnd(back), at: new Date().toISOString() }];
    if (!(order.state === 'reserved' && has('cancel-keeps-hold'))) giveBack(order);
    Object.assign(order, { state: 'cancelled', cancelReason: reason });
    touch(order);
  };
  const cancel = (order: Order, parsed: unknown): Reply | Refusal => {
    settleTime(order);
    const isOver = order.state === 'cancelled' || order.state === 'expired';
    if (isOver && has('cancel-again-refuses')) return refuse(409, 'order-under-way');
    if (isOver && has('cancel-again-gives')) giveBack(order);
    if (!isOver) end(order, String(Object(parsed).reason));
    return json(documentOf(order));
  };

  const ownOf = (partner: string, id: string): Order | undefined =>
    orders.find((order) => order.orderId === id && (order.partner === partner || has('order-of-anybody')));

  const one = ({ partner, path }: Asked, method: string, parsed: unknown): Reply | Refusal => {
    const [id = '', step] = path.slice('/federation/v1/orders/'.length).split('/');
    const order = ownOf(partner, decodeURIComponent(id));
    if (!order) return has('order-missing-403') ? refuse(403, 'unknown-order') : refuse(404, 'unknown-order');
    if (method === 'POST' && step === 'confirm') return confirm(order, parsed);
    if (method === 'POST' && step === 'cancel') return cancel(order, parsed);
    settleTime(order);
    return json(documentOf(order));
  };

  const byKey = ({ partner, query }: Asked): Reply | Refusal => {
    const key = query.get('key');
    const order = orders.find((known) => known.key === key && (known.partner === partner || has('key-of-anybody')));
    if (order) return json(documentOf(order));
    return has('key-unknown-200') ? json({}) : refuse(404, 'unknown-idempotency-key');
  };

  const mac = (text: string): string => createHmac('sha256', 'orders').update(text).digest('base64url').slice(0, 20);
  const seal = (partner: string, position: number): string => {
    const text = Buffer.from(JSON.stringify([partner, 'orders', state.epoch, position])).toString('base64url');
    return `${text}.${mac(text)}`;
  };
  const open = (cursor: string, partner: string): number | Refusal => {
    const [text = '', sealed] = cursor.split('.');
    if (mac(text) !== sealed) {
      if (has('order-cursor-restarts')) return 0;
      const isForeign = Buffer.from(text, 'base64url').toString('utf8').startsWith('["kit-');
      return isForeign ? refuse(403, 'foreign-cursor') : refuse(400, 'invalid-cursor');
    }
    const [by, , , position] = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as [
      string,
      string,
      string,
      number,
    ];
    return by === partner || has('order-cursor-anybody') ? position : refuse(403, 'foreign-cursor');
  };
  const changes = ({ partner, query }: Asked): Reply | Refusal => {
    const limit = Number(query.get('limit') ?? 200);
    if (!Number.isInteger(limit) || limit < 1) return invalid;
    const cursor = query.get('cursor');
    const from = cursor ? open(cursor, partner) : 0;
    if (typeof from !== 'number') return from;
    const own = orders.filter((order) => order.partner === partner || has('changes-of-all'));
    const all = own
      .filter((order) => order.seq > from && !(has('changes-reserved-only') && order.state !== 'reserved'))
      .sort((a, b) => a.seq - b.seq);
    const page = has('changes-unbounded') ? all : all.slice(0, limit);
    const last = (page.at(-1)?.seq ?? from) + (has('changes-skip') && page.length > 0 ? 1 : 0);
    const twice = has('changes-repeat') ? [...page, ...page.slice(0, 1)] : page;
    return json({
      items: twice.map((order) =>
        has('changes-thin')
          ? { ...documentOf(order), lines: order.lines.slice(0, 1), at: state.epoch }
          : documentOf(order),
      ),
      next: seal(partner, last),
      hasMore: all.length > page.length && !has('changes-never-more'),
    });
  };

  const settlement = ({ path }: Asked): Reply | Refusal => {
    const day = path.split('/').at(-1) ?? '';
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return invalid;
    if (day >= localDay(Date.now()) && !has('settles-today')) return refuse(409, 'settlement-not-closed');
    const sample = {
      orderId: 'o0',
      state: 'delivered',
      goods: vnd(130_000),
      shipping: vnd(freight),
      refunded: vnd(65_000),
    };
    const lines = `o0 130000 ${freight} 65000\n`;
    const due = 130_000 + freight - (has('settlement-due-off') ? 0 : 65_000);
    const root = sha256(has('settlement-root-off') ? lines.trim() : lines);
    return json({
      day: has('settlement-other-day') ? '2020-01-01' : day,
      currency: 'VND',
      orders: [sample],
      due: vnd(due),
      root,
    });
  };

  const get = (asked: Asked): Reply | Refusal | undefined => {
    if (asked.path === '/federation/v1/orders') return byKey(asked);
    if (asked.path === '/federation/v1/order-changes') return changes(asked);
    if (asked.path.startsWith('/federation/v1/settlements/')) return settlement(asked);
    return asked.path.startsWith('/federation/v1/orders/') ? one(asked, 'GET', undefined) : undefined;
  };
  const post = async (asked: Asked, parsed: unknown): Promise<Reply | Refusal | undefined> => {
    if (asked.path === '/federation/v1/quotes') return quote(asked, parsed);
    if (asked.path === '/federation/v1/orders') return reserve(asked, parsed);
    return /^\/federation\/v1\/orders\/[^/]+\/(?:confirm|cancel)$/.test(asked.path)
      ? one(asked, 'POST', parsed)
      : undefined;
  };
  const byId = (id: unknown): Order => {
    const order = orders.find(({ orderId }) => orderId === id);
    if (!order) throw new Error(`The reference has no order ${id}`);
    return order;
  };
  return {
    get,
    post,
    lapse: (id: unknown): object => {
      byId(id).lapsed = true;
      return {};
    },
    callOff: (id: unknown): object => {
      const order = byId(id);
      const { seq: before, rev } = order;
      end(order, 'Hết hàng');
      if (has('call-off-silent')) Object.assign(order, { seq: before, rev });
      return {};
    },
  };
}
