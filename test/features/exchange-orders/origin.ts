import type { Origins } from '#features/exchange-orders/types.ts';
import type { Outcome } from '#federation/adapters/adapter.ts';
import {
  moneyOf,
  type OrderRequest,
  type Quote,
  type QuoteRequest,
  type RemoteOrder,
  settlementRoot,
  termsHashOf,
} from '#federation/protocol/ordering.ts';

/** What happens to the next question of a kind. `lost`: done, but the answer never comes. `silent`: nothing is done. */
type Trouble = 'lost' | 'silent';
type Verb = 'quote' | 'reserve' | 'confirm' | 'cancel' | 'orderState';

/** In Vietnam. */
export const dayOf = (instant: string): string =>
  new Date(Date.parse(instant) + 7 * 3_600_000).toISOString().slice(0, 10);

/** A partner exchange that keeps books of its own and answers as a test likes. Holds lapse by its clock. */
export function createOrigin(now: () => Date) {
  const quotes = new Map<string, { quote: Quote; asked: QuoteRequest }>();
  const orders = new Map<string, RemoteOrder>();
  let made = 0;
  const troubles: { readonly verb: Verb; readonly trouble: Trouble }[] = [];
  const calls: { readonly verb: Verb; readonly key?: string }[] = [];
  const set = {
    unit: 50_000,
    freight: 20_000,
    stock: 1_000,
    holdMs: 30 * 60_000,
    isUp: true,
    isOrderable: true,
    needsAge: false,
    /** What the next quote is refused with. */
    refusal: undefined as { readonly code: string; readonly extra: Readonly<Record<string, unknown>> } | undefined,
    bodies: new Set<string>(),
  };
  const refuse = (code: string, status = 409): Outcome<never> => ({ refused: { code, status, extra: {} } });
  const save = (order: RemoteOrder, members: Partial<RemoteOrder>): RemoteOrder => {
    const next = { ...order, ...members, rev: order.rev + 1, at: now().toISOString() };
    orders.set(order.orderId, next);
    return next;
  };
  const lapse = (): void => {
    for (const order of orders.values())
      if (order.state === 'reserved' && new Date(order.confirmBy) <= now()) save(order, { state: 'expired' });
  };
  const faced = async <T>(verb: Verb, key: string | undefined, work: () => Outcome<T>): Promise<Outcome<T>> => {
    calls.push({ verb, ...(key === undefined ? {} : { key }) });
    lapse();
    const index = troubles.findIndex((one) => one.verb === verb);
    const trouble = index < 0 ? undefined : troubles.splice(index, 1)[0]?.trouble;
    if (!set.isUp || trouble === 'silent') return { unknown: 'unreachable' };
    const done = work();
    return trouble === 'lost' ? { unknown: 'timed-out' } : done;
  };
  const quote = (asked: QuoteRequest): Outcome<Quote> => {
    if (set.refusal) return { refused: { status: 409, ...set.refusal } };
    const lines = asked.lines.map(({ uri, quantity }) => ({
      uri,
      rev: 1,
      quantity,
      unit: moneyOf(set.unit),
      total: moneyOf(set.unit * quantity),
    }));
    const goods = moneyOf(lines.reduce((sum, { total }) => sum + total.amount, 0));
    const shipping = [
      { code: 'standard', title: { vi: 'Giao tận nơi', en: 'To the door' }, amount: moneyOf(set.freight) },
    ];
    const terms = { lines, shipping, goods, expiresAt: new Date(now().getTime() + 10 * 60_000).toISOString() };
    const made: Quote = {
      quoteId: `q${quotes.size}`,
      ...terms,
      termsHash: termsHashOf(terms),
      hold: 'none',
      needsAge: set.needsAge,
    };
    quotes.set(made.quoteId, { quote: made, asked });
    return { ok: made };
  };
  const reserve = (asked: OrderRequest, key: string): Outcome<RemoteOrder> => {
    const known = [...orders.values()].find((order) => order.key === key);
    set.bodies.add(`${key} ${JSON.stringify(asked)}`);
    if (known) return { ok: known };
    const quoted = quotes.get(asked.quoteId)?.quote;
    if (!quoted || new Date(quoted.expiresAt) <= now()) return refuse('quote-expired');
    const pieces = quoted.lines.reduce((sum, { quantity }) => sum + quantity, 0);
    if (pieces > set.stock) return refuse('quantity-unavailable');
    const [shipping] = quoted.shipping;
    if (!shipping) return refuse('quote-expired');
    set.stock -= pieces;
    const order: RemoteOrder = {
      orderId: `o${made}`,
      code: `CT${made}`,
      key,
      rev: 1,
      state: 'reserved',
      lines: quoted.lines,
      shipping,
      total: moneyOf(quoted.goods.amount + shipping.amount.amount),
      confirmBy: new Date(now().getTime() + set.holdMs).toISOString(),
      at: now().toISOString(),
    };
    orders.set(order.orderId, order);
    made += 1;
    return { ok: order };
  };
  const confirm = (orderId: string, total: number): Outcome<RemoteOrder> => {
    const order = orders.get(orderId);
    if (!order) return refuse('unknown-order', 404);
    if (order.state === 'expired') return refuse('order-expired');
    if (order.state === 'cancelled') return refuse('order-cancelled');
    if (order.total.amount !== total) return refuse('total-mismatch');
    return {
      ok: order.state === 'reserved' ? save(order, { state: 'confirmed', confirmedAt: now().toISOString() }) : order,
    };
  };
  /** Given back where it was sold, as an origin does that calls an order off. */
  const callOff = (order: RemoteOrder, cancelReason: string): RemoteOrder =>
    save(order, {
      state: 'cancelled',
      cancelReason,
      ...(order.confirmedAt ? { refunds: [{ amount: order.total, at: now().toISOString() }] } : {}),
    });
  const cancel = (orderId: string, reason: string): Outcome<RemoteOrder> => {
    const order = orders.get(orderId);
    if (!order) return refuse('unknown-order', 404);
    if (order.state === 'shipped' || order.state === 'delivered') return refuse('order-under-way');
    return { ok: order.state === 'cancelled' || order.state === 'expired' ? order : callOff(order, reason) };
  };
  const origins: Origins = {
    isOrderable: async () => set.isOrderable,
    quote: (_key, asked) => faced('quote', undefined, () => quote(asked)),
    reserve: (_key, asked, key) => faced('reserve', key, () => reserve(asked, key)),
    confirm: (_key, { orderId, total }) => faced('confirm', orderId, () => confirm(orderId, total.amount)),
    cancel: (_key, orderId, reason) => faced('cancel', orderId, () => cancel(orderId, reason)),
    orderState: (_key, by) =>
      faced<RemoteOrder>('orderState', 'key' in by ? by.key : by.orderId, () => {
        const order = 'key' in by ? [...orders.values()].find(({ key }) => key === by.key) : orders.get(by.orderId);
        return order ? { ok: order } : refuse('key' in by ? 'unknown-idempotency-key' : 'unknown-order', 404);
      }),
    orderChanges: async (_key, cursor) => {
      lapse();
      const all = [...orders.values()].filter(({ at }) => at > (cursor ?? ''));
      const last =
        all
          .map(({ at }) => at)
          .sort()
          .at(-1) ??
        cursor ??
        '0';
      return { ok: { items: all, next: last, hasMore: false } };
    },
    settlement: async (_key, day) => {
      const on = (instant: string | undefined) => instant !== undefined && dayOf(instant) === day;
      const rows = [...orders.values()].flatMap(({ orderId, state, total, shipping, confirmedAt, refunds = [] }) => {
        const refunded = refunds.filter(({ at }) => on(at)).reduce((sum, { amount }) => sum + amount.amount, 0);
        if (!on(confirmedAt) && refunded === 0) return [];
        const goods = on(confirmedAt) ? total.amount - shipping.amount.amount : 0;
        const freight = on(confirmedAt) ? shipping.amount.amount : 0;
        return [{ orderId, state, goods: moneyOf(goods), shipping: moneyOf(freight), refunded: moneyOf(refunded) }];
      });
      const due = rows.reduce((sum, row) => sum + row.goods.amount + row.shipping.amount - row.refunded.amount, 0);
      const document = { day, currency: 'VND' as const, orders: rows, due: moneyOf(due), root: settlementRoot(rows) };
      return { ok: { document, body: JSON.stringify(document), signature: { signature: 'test' } } };
    },
  };
  return {
    origins,
    orders,
    calls,
    set,
    trouble: (verb: Verb, ...next: readonly Trouble[]): void =>
      void troubles.push(...next.map((trouble) => ({ verb, trouble }))),
    /** What the origin does by itself. */
    move: (orderId: string, state: RemoteOrder['state']): void => {
      const order = orders.get(orderId);
      if (order) save(order, { state });
    },
    callOff: (orderId: string): void => {
      const order = orders.get(orderId);
      if (order) callOff(order, 'Hết hàng');
    },
    held: (): readonly RemoteOrder[] => {
      lapse();
      return [...orders.values()].filter(({ state }) => state === 'reserved');
    },
  };
}
