import { randomUUID } from 'node:crypto';
import type { FulfilmentState, GroupState, OrderPaymentState, OrderState } from '#features/orders/types.ts';
import type { Method, PaymentState } from '#features/payments/types.ts';
import { type Client, createClient } from './client.ts';

export type Variant = {
  readonly variantId: string;
  readonly sku: string;
  readonly priceVnd: number;
  readonly available: number;
  readonly minOrder: number;
  readonly maxOrder: number;
};
export type Product = {
  readonly productId: string;
  readonly slug: string;
  readonly name: string;
  readonly star: number | null;
  readonly business: { readonly businessId: string; readonly name: string };
  readonly category: { readonly slug: string };
  readonly variants: readonly Variant[];
};
export type Cart = {
  readonly cartId: string;
  readonly version: number;
  readonly status: string;
  readonly lines: readonly { readonly variantId: string; readonly quantity: number; readonly priceVnd: number }[];
  readonly businesses: readonly { readonly businessId: string; readonly shippingVnd: number }[];
  readonly totalVnd: number;
};
export type Group = {
  readonly code: string;
  readonly status: GroupState;
  readonly totalVnd: number;
  readonly expiresAt: string;
  readonly orders: readonly {
    readonly code: string;
    readonly business: { readonly businessId: string; readonly name: string };
    readonly totalVnd: number;
    readonly status: OrderState;
    readonly paymentStatus: OrderPaymentState;
    readonly fulfilmentStatus: FulfilmentState;
  }[];
};
export type Payment = {
  readonly paymentId: string;
  readonly status: PaymentState;
  readonly method: Method;
  readonly amountVnd: number;
  readonly receivedVnd: number;
  readonly qr?: { readonly memo: string; readonly accountNumber: string; readonly payload: string };
  readonly redirectUrl?: string;
};
export type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

export const recipient = { name: 'Nguyễn Thị Bé', phone: '0912345678' } as const;
export const home = { line: '12 Đường Hai Bà Trưng', provinceCode: '92', wardCode: '31507' } as const;
export const fresh = (): { readonly 'idempotency-key': string } => ({ 'idempotency-key': randomUUID() });

export type Line = readonly [variantId: string, quantity: number];
export type Shopper = ReturnType<typeof createShopper>;

/** A guest with a telephone: every step of the main job over HTTP, each throwing when it is refused. */
export function createShopper(base: string | Client) {
  const client = typeof base === 'string' ? createClient(base) : base;
  const { expect } = client;
  const openCart = () => expect<Cart>(201, 'POST', '/v1/carts', { body: {} });
  const put = (cartId: string, [variantId, quantity]: Line) =>
    expect<Cart>(200, 'PUT', `/v1/carts/${cartId}/lines/${variantId}`, { body: { quantity } });
  const deliver = (cartId: string, phone: string = recipient.phone) =>
    expect<Cart>(200, 'PUT', `/v1/carts/${cartId}/delivery`, {
      body: { recipient: { ...recipient, phone }, address: home },
    });
  const fillCart = async (...lines: readonly Line[]): Promise<string> => {
    const { cartId } = await openCart();
    for (const line of lines) await put(cartId, line);
    await deliver(cartId);
    return cartId;
  };
  const checkout = (cartId: string, headers: Readonly<Record<string, string>> = fresh()) =>
    expect<Group>(201, 'POST', `/v1/carts/${cartId}/checkout`, { body: {}, headers });
  return {
    client,
    openCart,
    put,
    deliver,
    /** A cart that is ready to be checked out. */
    fillCart,
    checkout,
    order: async (...lines: readonly Line[]): Promise<Group> => checkout(await fillCart(...lines)),
    pay: (code: string, method: Method, headers: Readonly<Record<string, string>> = fresh()) =>
      expect<Payment>(201, 'POST', `/v1/order-groups/${code}/payments`, { body: { method }, headers }),
    payment: (paymentId: string) => expect<Payment>(200, 'GET', `/v1/payments/${paymentId}`),
    group: (code: string) => expect<Group>(200, 'GET', `/v1/order-groups/${code}`),
    product: (idOrSlug: string) => expect<Product>(200, 'GET', `/v1/products/${idOrSlug}`),
    products: (query = 'limit=100&inStock=true') => expect<Page<Product>>(200, 'GET', `/v1/products?${query}`),
  };
}

const cookieOf = async (base: string, login: string, password: string): Promise<string> => {
  const answer = await createClient(base).send('POST', '/v1/auth/sign-in', { body: { login, password } });
  if (answer.status !== 204) throw new Error(`${login} could not sign in: ${answer.status} ${answer.text}`);
  return (answer.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
};

/** Signs in and gives the client that carries this one session, until it ends. */
export const holdSession = async (base: string, login: string, password: string): Promise<Client> =>
  createClient(base, { cookie: await cookieOf(base, login, password) });

/**
 * A person who is signed in, and stays so as people do: whose session has ended (staff's after half an hour, and tests
 * move the clock) signs in again, and who is asked for a fresh proof gives the password.
 */
export async function signIn(base: string, login: string, password: string): Promise<Client> {
  let client = await holdSession(base, login, password);
  let coming: Promise<Client> | undefined;
  const comeAgain = async (): Promise<Client> => {
    coming ??= holdSession(base, login, password);
    client = await coming;
    coming = undefined;
    return client;
  };
  const codeOf = (body: unknown): unknown => body !== null && typeof body === 'object' && Reflect.get(body, 'code');
  const send: Client['send'] = async (method, path, sent) => {
    const answer = await client.send<never>(method, path, sent);
    if (!['sign-in-required', 'reauthentication-required'].includes(String(codeOf(answer.body)))) return answer;
    return (await comeAgain()).send(method, path, sent);
  };
  const expect: Client['expect'] = async (status, method, path, sent) => {
    const answer = await send<never>(method, path, sent);
    if (answer.status !== status)
      throw new Error(`${method} ${path} answered ${answer.status} instead of ${status}: ${answer.text}`);
    return answer.body;
  };
  return {
    base,
    get always() {
      return client.always;
    },
    send,
    expect,
    fetch: (path) => client.fetch(path),
  };
}

/** Tickets and stays: nothing is sent, so no freight is charged. */
const sendsNothing = (product: Product): boolean => product.category.slug === 'du-lich';
/** Sold to adults only: a checkout of it asks one question more. */
const asksForAge = (product: Product): boolean =>
  product.category.slug.startsWith('ruou') || product.category.slug.startsWith('do-uong-co-con');

/** One variant each of `count` businesses, a parcel each, with plenty of it and no least quantity. */
export function pickVariants(products: readonly Product[], count: number): readonly Variant[] {
  const chosen = new Map<string, Variant>();
  for (const product of products) {
    const { business, variants } = product;
    const [variant] = variants;
    if (variant && !sendsNothing(product) && !asksForAge(product) && variant.available > 20 && variant.minOrder === 1)
      chosen.set(business.businessId, variant);
    if (chosen.size === count) break;
  }
  if (chosen.size < count) throw new Error(`Only ${chosen.size} businesses have something to sell`);
  return [...chosen.values()];
}
