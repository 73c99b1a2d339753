import { randomUUID } from 'node:crypto';
import { canonical, sha256 } from './canonical.ts';
import { Failure, Missing, must, same } from './check.ts';
import type { Made } from './goods.ts';
import type { Identity } from './keys.ts';
import { mustFit } from './schemas.ts';
import { jsonOf, mustRefuse, type Session } from './session.ts';
import type { Answer } from './wire.ts';

export type Money = { readonly amount: number; readonly currency: string; readonly taxIncluded: boolean };
type Line = {
  readonly uri: string;
  readonly rev: number;
  readonly quantity: number;
  readonly unit: Money;
  readonly total: Money;
};
type Option = { readonly code: string; readonly amount: Money };
export type Quote = {
  readonly quoteId: string;
  readonly lines: readonly Line[];
  readonly shipping: readonly Option[];
  readonly goods: Money;
  readonly expiresAt: string;
  readonly termsHash: string;
};
export type Order = {
  readonly orderId: string;
  readonly key: string;
  readonly rev: number;
  readonly state: string;
  readonly lines: readonly Line[];
  readonly shipping: Option;
  readonly total: Money;
  readonly confirmBy: string;
  readonly confirmedAt?: string;
  readonly refunds?: readonly { readonly amount: Money }[];
  readonly cancelReason?: string;
};
export type OrderPage = { readonly items: readonly Order[]; readonly next: string; readonly hasMore: boolean };

/** Cần Thơ by the list of 2025: where everything that is made here can be sent. */
const province = '92';
export const ordersPath = '/federation/v1/orders';
export const vnd = (amount: number): Money => ({ amount, currency: 'VND', taxIncluded: true });
/** Equal whatever the order of their members. */
export const alike = (actual: unknown, expected: unknown, what: string): void =>
  same(canonical(actual ?? null), canonical(expected ?? null), what);

/** A key that nobody has used. */
export const newKey = (): string => `kit-${randomUUID()}`;
const by = (who: Identity | undefined) => (who ? { by: who } : {});

/** The document of an answer that went well, as its schema says. */
function fitting<T>(answer: Answer, file: string, status = 200): T {
  must(answer.status === status, `status ${status}`, `${answer.status} ${answer.body.toString('utf8', 0, 500)}`);
  const document = jsonOf<T>(answer);
  mustFit(file, document);
  return document;
}
export const orderIn = (answer: Answer, status = 200): Order => fitting<Order>(answer, 'order.json', status);

type Wish = { readonly quantity?: number; readonly amount?: number; readonly who?: Identity };
export const askQuote = (t: Session, uri: string, { quantity = 1, amount, who }: Wish = {}): Promise<Answer> =>
  t.post(
    '/federation/v1/quotes',
    {
      lines: [{ uri, quantity, ...(amount === undefined ? {} : { expectedUnit: vnd(amount) }) }],
      destination: { province },
    },
    by(who),
  );
export const quoteIn = (answer: Answer): Quote => fitting<Quote>(answer, 'quote.json');
export const quoted = async (t: Session, uri: string, wish: Wish = {}): Promise<Quote> =>
  quoteIn(await askQuote(t, uri, wish));

export const requestBy = ({ quoteId, termsHash, shipping }: Quote) => ({
  quoteId,
  termsHash,
  shippingCode: shipping[0]?.code ?? '',
  recipient: { name: 'Người Thử', phone: '0912345678', line: '1 Đường Kiểm Định', ward: 'Ninh Kiều', province },
  buyer: { code: 'KIT-1' },
  payment: 'exchange',
});
export const askOrder = (t: Session, body: object, key: string, who?: Identity): Promise<Answer> =>
  t.post(ordersPath, body, by(who), { 'idempotency-key': key });
/** A fresh order of these goods. */
export const reserved = async (t: Session, { offer }: Made, wish: Wish = {}): Promise<Order> =>
  orderIn(await askOrder(t, requestBy(await quoted(t, offer, wish)), newKey(), wish.who), 201);

export const pathOf = ({ orderId }: Pick<Order, 'orderId'>, step = ''): string =>
  `${ordersPath}/${encodeURIComponent(orderId)}${step}`;
export const askConfirm = (t: Session, order: Order, amount = order.total.amount, who?: Identity): Promise<Answer> =>
  t.post(pathOf(order, '/confirm'), { total: vnd(amount) }, by(who));
export const askCancel = (t: Session, order: Order, who?: Identity): Promise<Answer> =>
  t.post(pathOf(order, '/cancel'), { reason: 'Bộ kiểm định thôi không mua' }, by(who));
export const confirmed = async (t: Session, order: Order): Promise<Order> => orderIn(await askConfirm(t, order));
export const cancelled = async (t: Session, order: Order): Promise<Order> => orderIn(await askCancel(t, order));
export const nowOf = async (t: Session, order: Order): Promise<Order> => orderIn(await t.get(pathOf(order)));

/** What of it can be sold, as a quote for too many tells; asked for by one more than there can be. */
export async function leftOf(t: Session, uri: string): Promise<unknown> {
  const { lines } = mustRefuse(await askQuote(t, uri, { quantity: 41 }), 409, 'quantity-unavailable');
  const [line] = Array.isArray(lines) ? lines : [];
  same(Object(line).uri, uri, 'the line that falls short');
  return Object(line).available;
}

export async function changesFrom(t: Session, cursor?: string, limit?: number, who?: Identity): Promise<OrderPage> {
  const query = new URLSearchParams({ ...(cursor && { cursor }), ...(limit && { limit: String(limit) }) });
  const answer = await t.get(`/federation/v1/order-changes?${query}`, by(who));
  return fitting<OrderPage>(answer, 'order-changes.json');
}
/** All that changed after a cursor, to the end. */
export async function allChanges(t: Session, from?: string, limit?: number, who?: Identity) {
  const items: Order[] = [];
  for (let cursor = from, pages = 0; ; pages += 1) {
    const page = await changesFrom(t, cursor, limit, who);
    items.push(...page.items);
    must(pages < 10_000 && !(page.hasMore && page.next === cursor), 'a feed that ends', 'the same page again');
    must(limit === undefined || page.items.length <= limit, `at most ${limit} orders a page`, page.items.length);
    if (!page.hasMore) return { items, next: page.next };
    cursor = page.next;
  }
}
/** The order in the feed as soon as it is so there. */
export const told = (t: Session, from: string, { orderId }: Order, isSo: (order: Order) => boolean): Promise<Order> =>
  t.until(`${orderId} in order-changes as it is now`, async () =>
    (await allChanges(t, from)).items.find((item) => item.orderId === orderId && isSo(item)),
  );

export const termsHashOf = ({ lines, shipping, goods, expiresAt }: Quote): string =>
  sha256(canonical({ lines, shipping, goods, expiresAt }));

/** Lets the target's own side do it; what it cannot do is missing. */
export async function act(t: Session, verb: 'lapse' | 'call-off', { orderId }: Order): Promise<void> {
  if (!t.driver) throw new Failure('a driver', 'none');
  const said = await t.driver.call(verb, { order: orderId });
  if (said.unsupported === true) throw new Missing('ageing');
}

/** The second exchange, which every check that calls it needs. */
export function otherOf(t: Session): Identity {
  if (!t.other) throw new Missing('second-key');
  return t.other;
}
