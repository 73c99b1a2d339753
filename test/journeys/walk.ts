import { type Client, createClient } from '#test/support/client.ts';
import {
  createShopper,
  type Group,
  type Page,
  type Payment,
  type Product,
  recipient,
  signIn,
} from '#test/support/people.ts';

/** The exchange that is walked through, by its address alone. */
export type Exchange = {
  readonly base: string;
  /** Logins of sellers, each with the business codes it may act for; together they sell what is bought. */
  readonly sellers: readonly {
    readonly login: string;
    readonly password: string;
    readonly businesses: readonly string[];
  }[];
  /** Plays the payer: makes the money arrive, and returns when the provider has told of it. */
  readonly pay: Readonly<Record<'vietqr' | 'stripe', (payment: Payment) => Promise<void>>>;
};
type Business = { readonly businessId: string; readonly code: string };
type Tracked = Group & {
  readonly delivery: { readonly recipient: { readonly name: string } };
  readonly orders: readonly {
    readonly carrier: string | null;
    readonly trackingNumber: string | null;
    readonly lines: readonly { readonly quantity: number; readonly priceVnd: number; readonly totalVnd: number }[];
    readonly events: readonly { readonly type: string }[];
  }[];
};

function must(holds: boolean, what: string, seen?: unknown): asserts holds {
  if (!holds) throw new Error(`${what}${seen === undefined ? '' : `: ${JSON.stringify(seen).slice(0, 500)}`}`);
}
const sum = (amounts: readonly number[]): number => amounts.reduce((total, amount) => total + amount, 0);

async function findGoods(client: Client, { sellers }: Exchange): Promise<readonly Product[]> {
  const { items: businesses } = await client.expect<Page<Business>>(200, 'GET', '/v1/businesses?limit=100');
  const wanted = sellers.flatMap((seller) => seller.businesses);
  const goods: Product[] = [];
  for (const code of wanted) {
    const business = businesses.find((one) => one.code === code);
    must(business !== undefined, `There is a business ${code}`);
    const { items } = await client.expect<Page<Product>>(
      200,
      'GET',
      `/v1/products?inStock=true&limit=10&business=${business.businessId}`,
    );
    const [product] = items;
    must(product !== undefined, `${code} has something to sell`);
    goods.push(product);
  }
  return goods;
}

/** What people type finds it: each product by its own name, accents left out. */
async function searchFor(client: Client, { name, productId }: Product): Promise<Product> {
  const typed = name.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D');
  const path = `/v1/search?limit=24&q=${encodeURIComponent(typed)}`;
  const { hits } = await client.expect<{ hits: readonly Product[] }>(200, 'GET', path);
  const found = hits.find((hit) => hit.productId === productId);
  must(
    found !== undefined,
    `A search for “${typed}” finds ${name}`,
    hits.map((hit) => hit.name),
  );
  return found;
}

async function sellAll({ base, sellers }: Exchange, group: Group): Promise<void> {
  for (const { login, password } of sellers) {
    const seller = await signIn(base, login, password);
    const { items } = await seller.expect<Page<{ code: string; groupCode: string; status: string }>>(
      200,
      'GET',
      '/v1/seller/orders?status=placed&limit=100',
    );
    for (const { code } of items.filter(({ groupCode }) => groupCode === group.code)) {
      await seller.expect(204, 'POST', `/v1/seller/orders/${code}/confirm`);
      await seller.expect(204, 'POST', `/v1/seller/orders/${code}/pack`);
      const parcel = { carrier: 'GHN', trackingNumber: `GHN-${code}` };
      await seller.expect(204, 'POST', `/v1/seller/orders/${code}/ship`, { body: parcel });
    }
  }
}

/**
 * The main job from end to end over HTTP only: find, a cart of three businesses, checkout, payment, the sellers confirm
 * and ship, the shopper tracks. Throws at the first thing that is not as it should be.
 */
export async function walk(exchange: Exchange, method: 'vietqr' | 'stripe'): Promise<Group> {
  const client = createClient(exchange.base);
  const guest = createShopper(client);
  const goods = await findGoods(client, exchange);
  const found = [];
  for (const product of goods) found.push(await searchFor(client, product));

  const { cartId } = await guest.openCart();
  let cart = await guest.deliver(cartId);
  for (const { variants } of found) {
    const [variant] = variants;
    must(variant !== undefined, 'A product has a variant');
    cart = await guest.put(cartId, [variant.variantId, Math.max(1, variant.minOrder)]);
  }
  must(cart.businesses.length === goods.length, 'The cart is one part a business', cart.businesses);

  const group = await guest.checkout(cartId);
  must(group.totalVnd === cart.totalVnd, 'What was shown is what is asked', [group.totalVnd, cart.totalVnd]);
  must(sum(group.orders.map((order) => order.totalVnd)) === group.totalVnd, 'The orders sum to the group', group);
  const payment = await guest.pay(group.code, method);
  must(payment.amountVnd === group.totalVnd, 'The payment is for the whole group', payment);
  await exchange.pay[method](payment);
  must((await guest.payment(payment.paymentId)).status === 'paid', 'The payment is paid');
  const paid = await guest.group(group.code);
  must(
    paid.orders.every(({ status, paymentStatus }) => status === 'placed' && paymentStatus === 'paid'),
    'Every order is paid',
    paid,
  );

  await sellAll(exchange, group);
  const body = { code: group.code, phone: '0912 345 678' };
  const tracked = await client.expect<Tracked>(200, 'POST', '/v1/orders/track', { body });
  must(tracked.delivery.recipient.name === recipient.name, 'The parcel goes to who ordered it', tracked.delivery);
  for (const order of tracked.orders) {
    must(order.status === 'confirmed' && order.fulfilmentStatus === 'shipped', 'Every order is on its way', order);
    must(order.carrier === 'GHN' && order.trackingNumber === `GHN-${order.code}`, 'Its parcel can be followed', order);
    must(
      order.events.map(({ type }) => type).join() === 'placed,paid,confirmed,packed,shipped',
      'Its story is told in order',
      order.events,
    );
    must(
      order.lines.every((line) => line.totalVnd === line.priceVnd * line.quantity),
      'Its lines add up',
      order.lines,
    );
  }
  return group;
}
