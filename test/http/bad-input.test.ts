import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { account, sepayKey } from '#test/support/exchange-env.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { startNode } from '#test/support/node.ts';
import { fresh, home, recipient, type Variant } from '#test/support/people.ts';

/** What the cases need, made once: nothing here is changed by a request that is refused. */
type Facts = {
  readonly variant: Variant;
  readonly cart: string;
  readonly empty: string;
  readonly homeless: string;
  readonly ordered: string;
  readonly group: string;
  readonly lapsed: string;
  readonly greedy: string;
  readonly short: string;
  readonly stale: string;
};
type Case = {
  readonly name: string;
  readonly method?: string;
  readonly path: string | ((facts: Facts) => string);
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
};

let market: Market;
let facts: Facts;

const someone = '01900000-0000-7000-8000-00000000dead';
const nobodysCart = 'AAAAAAAAAAAAAAAAAAAAAA';
const unknownCode = 'STZZZZZZZZZZ';
const delivery = { recipient, address: home };
const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const line = ({ cart, variant }: Facts): string => `/v1/carts/${cart}/lines/${variant.variantId}`;
const deliveryPath = ({ cart }: Facts): string => `/v1/carts/${cart}/delivery`;
const sepay = (over: object = {}) => ({
  id: 7_000_001,
  gateway: 'VietinBank',
  transactionDate: '2026-11-23 14:02:37',
  accountNumber: account.accountNumber,
  code: null,
  content: 'khong co ma',
  transferType: 'in',
  transferAmount: 10_000,
  accumulated: 0,
  subAccount: null,
  referenceCode: 'FT7',
  description: '',
  ...over,
});
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const unknownIds: readonly Case[] = [
  { name: 'a product', path: '/v1/products/khong-co', status: 404, code: 'product-not-found' },
  { name: 'a business', path: `/v1/businesses/${someone}`, status: 404, code: 'business-not-found' },
  { name: 'a certificate', path: `/v1/certificates/${unknownCode}`, status: 404, code: 'certificate-not-found' },
  { name: 'a province', path: '/v1/places/provinces/99/wards', status: 404, code: 'province-not-found' },
  {
    name: "a cart, which somebody else's is as well",
    path: `/v1/carts/${nobodysCart}`,
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a cart to check out',
    method: 'POST',
    path: `/v1/carts/${nobodysCart}/checkout`,
    headers: fresh(),
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a cart to deliver',
    method: 'PUT',
    path: `/v1/carts/${nobodysCart}/delivery`,
    body: delivery,
    status: 404,
    code: 'cart-not-found',
  },
  {
    name: 'a variant',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/lines/${someone}`,
    body: { quantity: 1 },
    status: 404,
    code: 'variant-not-found',
  },
  {
    name: 'a variant that is no id',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/lines/12`,
    body: { quantity: 1 },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a line',
    method: 'DELETE',
    path: ({ cart }) => `/v1/carts/${cart}/lines/${someone}`,
    status: 404,
    code: 'line-not-found',
  },
  { name: 'an order group', path: `/v1/order-groups/${unknownCode}`, status: 404, code: 'order-not-found' },
  { name: 'an order', path: '/v1/orders/khong', status: 404, code: 'order-not-found' },
  {
    name: 'an order group to pay',
    method: 'POST',
    path: `/v1/order-groups/${unknownCode}/payments`,
    body: { method: 'vietqr' },
    headers: fresh(),
    status: 404,
    code: 'order-not-found',
  },
  { name: 'a payment', path: `/v1/payments/${nobodysCart}`, status: 404, code: 'payment-not-found' },
  { name: 'a payment to watch', path: `/v1/payments/${nobodysCart}/events`, status: 404, code: 'payment-not-found' },
  { name: 'an address', path: '/v1/khong-co', status: 404, code: 'not-found' },
];

const quantities: readonly Case[] = [-1, 0, 1.5, 100_001, 1e15, '2', null, true].map((quantity) => ({
  name: `quantity ${JSON.stringify(quantity)}`,
  method: 'PUT',
  path: line,
  body: { quantity },
  status: 400,
  code: 'invalid-request',
}));

const addresses: readonly Case[] = [
  {
    name: 'a ward outside its province',
    body: { recipient, address: { ...home, provinceCode: '01' } },
    status: 422,
    code: 'ward-outside-province',
  },
  {
    name: 'a ward that is not',
    body: { recipient, address: { ...home, wardCode: '00000' } },
    status: 422,
    code: 'ward-unknown',
  },
  {
    name: 'a province that is not',
    body: { recipient, address: { ...home, provinceCode: '99' } },
    status: 422,
    code: 'province-unknown',
  },
  {
    name: 'no ward',
    body: { recipient, address: { line: 'x', provinceCode: '01' } },
    status: 422,
    code: 'ward-missing',
  },
  {
    name: 'a phone that is none',
    body: { recipient: { ...recipient, phone: '12345' }, address: home },
    status: 422,
    code: 'phone-invalid',
  },
  {
    name: 'a foreign phone',
    body: { recipient: { ...recipient, phone: '+12125550123' }, address: home },
    status: 422,
    code: 'phone-invalid',
  },
  {
    name: 'a blank name',
    body: { recipient: { ...recipient, name: ' ' }, address: home },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a name as long as a book',
    body: { recipient: { ...recipient, name: 'x'.repeat(201) }, address: home },
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an e-mail that is none',
    body: { recipient: { ...recipient, email: 'x' }, address: home },
    status: 400,
    code: 'invalid-request',
  },
].map((one) => ({ method: 'PUT', path: deliveryPath, ...one }));

const bodies: readonly Case[] = [
  { name: 'JSON that ends too soon', body: '{"quantity":', status: 400, code: 'malformed-json' },
  { name: 'a number beyond numbers', body: '{"quantity":1e400}', status: 400, code: 'invalid-request' },
  { name: 'a list instead of an object', body: '[]', status: 400, code: 'invalid-request' },
  { name: 'nothing', body: '', status: 400, code: 'invalid-request' },
  { name: 'null', body: 'null', status: 400, code: 'invalid-request' },
  { name: 'a member that nobody asked for', body: { quantity: 1, priceVnd: 1 }, status: 400, code: 'invalid-request' },
  { name: '__proto__', body: '{"quantity":1,"__proto__":{"x":1}}', status: 400, code: 'invalid-request' },
  { name: 'ten thousand levels', body: nested(10_000), status: 400, code: 'malformed-json' },
  { name: 'a hundred thousand levels', body: nested(100_000), status: 400, code: 'malformed-json' },
  {
    name: 'more than a megabyte',
    body: { quantity: 1, note: 'x'.repeat(1_100_000) },
    status: 413,
    code: 'body-too-large',
  },
].map((one) => ({ method: 'PUT', path: line, ...one }));

/** The parsers of content types that were fooled before (CVE-2026-25223 and its kin): none may let `-1` pass. */
const contentTypes: readonly Case[] = [
  ['application/json\t;x', 415],
  ['text/plain', 415],
  ['text/plain;application/json', 415],
  ['application/xml', 415],
  ['multipart/form-data; boundary=x', 415],
  ['application/jsonx', 415],
  ['application/json, text/plain', 415],
  ['APPLICATION/JSON ;', 400],
  ['application/json; charset=utf-8', 400],
].map(([type, status]) => ({
  name: JSON.stringify(type),
  method: 'PUT',
  path: line,
  body: '{"quantity":-1}',
  headers: { 'content-type': String(type) },
  status: Number(status),
  code: status === 415 ? 'unsupported-media-type' : 'invalid-request',
}));

const characters: readonly Case[] = [
  {
    name: 'NUL in a name',
    method: 'PUT',
    path: deliveryPath,
    body: { ...delivery, recipient: { ...recipient, name: 'a\0b' } },
    status: 400,
    code: 'invalid-characters',
  },
  {
    name: 'half a surrogate pair in a name',
    method: 'PUT',
    path: deliveryPath,
    body: '{"recipient":{"name":"\\ud800","phone":"0912345678"},"address":{"line":"x","provinceCode":"01","ward":"y"}}',
    status: 400,
    code: 'invalid-characters',
  },
  { name: 'NUL in a path', path: '/v1/products/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a cart', path: '/v1/carts/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a payment', path: '/v1/payments/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'NUL in a code', path: '/v1/order-groups/a%00b', status: 400, code: 'invalid-characters' },
  { name: 'a path that is not percent-encoded', path: '/v1/products/%zz', status: 400, code: 'invalid-request' },
];

const queries: readonly Case[] = [
  ['limit=0', 'invalid-request'],
  ['limit=101', 'invalid-request'],
  ['limit=viele', 'invalid-request'],
  ['limit=5&limit=6', 'invalid-request'],
  ['sort=id;drop', 'invalid-request'],
  ['stars=9', 'invalid-request'],
  ['priceMin=-1', 'invalid-request'],
  ['cursor=***', 'invalid-cursor'],
  [`cursor=${cursorOf({ value: 'x' })}`, 'invalid-cursor'],
  [`cursor=${cursorOf(['gestern', someone])}`, 'invalid-cursor'],
  [`cursor=${cursorOf(['2026-01-01', 'keine-id'])}`, 'invalid-cursor'],
  [`sort=price&cursor=${cursorOf(['99999999999999999999', someone])}`, 'invalid-cursor'],
].map(([query, code]) => ({
  name: `products?${query}`.slice(0, 60),
  path: `/v1/products?${query}`,
  status: 400,
  code: String(code),
}));
const searches: readonly Case[] = [
  'cursor=***',
  `cursor=${cursorOf(['x', 'y'])}`,
  `cursor=${cursorOf(['1', someone])}`,
  `sort=price&cursor=${cursorOf(['x', someone])}`,
  `cursor=${cursorOf(['99999999999999999999', someone])}`,
].map((query) => ({
  name: `search?${query}`.slice(0, 60),
  path: `/v1/search?q=banh&${query}`,
  status: 400,
  code: query === 'cursor=***' ? 'invalid-cursor' : 'search-cursor-of-another-query',
}));

const checkouts: readonly Case[] = [
  { name: 'an empty cart', path: ({ empty }: Facts) => empty, status: 409, code: 'cart-empty' },
  { name: 'no delivery', path: ({ homeless }: Facts) => homeless, status: 409, code: 'delivery-missing' },
  { name: 'a cart that was ordered', path: ({ ordered }: Facts) => ordered, status: 409, code: 'cart-already-ordered' },
  { name: 'more than one may buy', path: ({ greedy }: Facts) => greedy, status: 422, code: 'quantity-outside-limits' },
  { name: 'more than there is', path: ({ short }: Facts) => short, status: 409, code: 'stock-short' },
  {
    name: 'another total than was shown',
    path: ({ cart }: Facts) => cart,
    body: { expectedTotalVnd: 1 },
    status: 409,
    code: 'price-changed',
  },
  {
    name: 'a total below nothing',
    path: ({ cart }: Facts) => cart,
    body: { expectedTotalVnd: -1 },
    status: 400,
    code: 'invalid-request',
  },
].map(({ path, ...one }) => ({
  body: {},
  headers: fresh(),
  ...one,
  method: 'POST',
  path: (known: Facts) => `/v1/carts/${path(known)}/checkout`,
}));

const payments: readonly Case[] = [
  {
    name: 'a way to pay that is closed',
    method: 'POST',
    path: ({ group }) => `/v1/order-groups/${group}/payments`,
    body: { method: 'vnpay' },
    headers: fresh(),
    status: 409,
    code: 'payment-method-unavailable',
  },
  {
    name: 'a way to pay that is none',
    method: 'POST',
    path: ({ group }) => `/v1/order-groups/${group}/payments`,
    body: { method: 'cash' },
    headers: fresh(),
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'a hold that has lapsed',
    method: 'POST',
    path: ({ lapsed }) => `/v1/order-groups/${lapsed}/payments`,
    body: { method: 'vietqr' },
    headers: fresh(),
    status: 409,
    code: 'order-not-payable',
  },
  {
    name: 'a line for a cart that was ordered',
    method: 'PUT',
    path: ({ ordered, variant }) => `/v1/carts/${ordered}/lines/${variant.variantId}`,
    body: { quantity: 2 },
    status: 409,
    code: 'cart-already-ordered',
  },
  {
    name: 'a voucher',
    method: 'PUT',
    path: ({ cart }) => `/v1/carts/${cart}/voucher`,
    body: { code: 'TET2027' },
    status: 422,
    code: 'voucher-unknown',
  },
  {
    name: 'an If-Match of yesterday',
    method: 'PUT',
    path: line,
    body: { quantity: 2 },
    headers: { 'if-match': '"v99"' },
    status: 412,
    code: 'precondition-failed',
  },
  {
    name: 'somebody else tracking',
    method: 'POST',
    path: '/v1/orders/track',
    body: { code: unknownCode, phone: '0912345678' },
    status: 404,
    code: 'tracking-mismatch',
  },
];

const keys: readonly Case[] = [
  { name: 'no key', headers: {}, status: 400, code: 'idempotency-key-missing' },
  { name: 'an empty key', headers: { 'idempotency-key': '' }, status: 400, code: 'idempotency-key-missing' },
  { name: 'a key with spaces', headers: { 'idempotency-key': 'a b' }, status: 400, code: 'idempotency-key-invalid' },
  {
    name: 'a key as long as a page',
    headers: { 'idempotency-key': 'x'.repeat(201) },
    status: 400,
    code: 'idempotency-key-invalid',
  },
].map((one) => ({ method: 'POST', path: ({ cart }: Facts) => `/v1/carts/${cart}/checkout`, body: {}, ...one }));

const right = { authorization: `Apikey ${sepayKey}` };
const webhooks: readonly Case[] = [
  {
    name: 'a wrong key',
    body: sepay(),
    headers: { authorization: 'Apikey wrong-key-0123456789' },
    status: 401,
    code: 'webhook-signature-invalid',
  },
  { name: 'no key', body: sepay(), status: 401, code: 'webhook-signature-invalid' },
  {
    name: 'a key in another scheme',
    body: sepay(),
    headers: { authorization: `Bearer ${sepayKey}` },
    status: 401,
    code: 'webhook-signature-invalid',
  },
  {
    name: 'a negative amount',
    body: sepay({ transferAmount: -5 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an amount with a fraction',
    body: sepay({ transferAmount: 0.5 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'an amount beyond counting',
    body: sepay({ transferAmount: 2 ** 60 }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'no amount',
    body: sepay({ transferAmount: undefined }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
  {
    name: 'another direction',
    body: sepay({ transferType: 'sideways' }),
    headers: right,
    status: 400,
    code: 'invalid-request',
  },
].map((one) => ({ method: 'POST', path: '/v1/webhooks/bank/sepay', ...one }));

const accounts: readonly Case[] = [
  {
    name: 'a wrong password',
    method: 'POST',
    path: '/v1/auth/sign-in',
    body: { login: 'nguoiban@cho-noi.example', password: 'falsch' },
    status: 401,
    code: 'wrong-credentials',
  },
  { name: 'nobody signed in', path: '/v1/seller/orders', status: 401, code: 'sign-in-required' },
  {
    name: 'a session that never was',
    path: '/v1/me',
    headers: { cookie: 'session=xyz' },
    status: 401,
    code: 'sign-in-required',
  },
  {
    name: "another site's form",
    method: 'POST',
    path: '/v1/carts',
    body: {},
    headers: { cookie: 'session=xyz', origin: 'https://evil.example' },
    status: 403,
    code: 'cross-site-request',
  },
  {
    name: 'a form without its token',
    method: 'POST',
    path: '/v1/carts',
    body: 'a=1',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 400,
    code: 'invalid-request',
  },
];

/** Everything that a refused request could have spoilt, as one text. */
async function stateOf({ node }: Market): Promise<unknown> {
  const { idempotency_keys: _keys, attempts: _attempts, ...rows } = await node.countRows();
  const tables = ['carts', 'cart_lines', 'order_groups', 'orders', 'payments', 'holds', 'stock', 'sessions'];
  const digests = sql.join(
    tables.map(
      (name) =>
        sql`select ${name} as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as digest from ${sql.identifier(name)} t`,
    ),
    sql` union all `,
  );
  return { rows, digests: (await node.db.execute(digests)).rows };
}

beforeAll(async () => {
  market = await openMarket();
  const { node, guest } = market;
  const variant = market.variant();
  const ordered = await guest.fillCart([variant.variantId, 1]);
  const { code: lapsed } = await guest.checkout(ordered);
  node.clock.advance(minutes(31));
  const { code: group } = await guest.order([variant.variantId, 1]);
  const homeless = (await guest.openCart()).cartId;
  await guest.put(homeless, [variant.variantId, 1]);
  const few = await market.scarce(2);
  const empty = (await guest.openCart()).cartId;
  await guest.deliver(empty);
  facts = {
    variant,
    cart: await guest.fillCart([variant.variantId, 1]),
    empty,
    homeless,
    ordered,
    group,
    lapsed,
    greedy: await guest.fillCart([variant.variantId, variant.maxOrder + 1]),
    short: await guest.fillCart([few.variantId, 3]),
    stale: await guest.fillCart([variant.variantId, 1]),
  };
});
afterAll(() => market.close());

describe.each<[string, readonly Case[]]>([
  ['unknown', unknownIds],
  ['quantities', quantities],
  ['addresses', addresses],
  ['bodies', bodies],
  ['content types', contentTypes],
  ['characters', characters],
  ['queries', queries],
  ['searches', searches],
  ['checkout', checkouts],
  ['paying and the rest', payments],
  ['idempotency keys', keys],
  ['bank webhook', webhooks],
  ['accounts', accounts],
])('%s', (_area, cases) => {
  test.each(cases)('$name: $status $code', async ({ method = 'GET', path, body, headers, status, code }) => {
    const { node } = market;
    const before = await stateOf(market);
    const where = typeof path === 'string' ? path : path(facts);
    const ask = (language: string) =>
      createClient(node.url).send<Record<string, unknown>>(method, where, {
        body,
        headers: { ...headers, 'accept-language': language },
      });
    const vietnamese = await ask('vi');
    expect({ status: vietnamese.status, code: vietnamese.body.code }).toEqual({ status, code });
    expect(vietnamese.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(vietnamese.body).toMatchObject({
      type: `${node.url}/problems/${code}`,
      status,
      instance: expect.stringMatching(/^urn:request:/),
      messages: { vi: expect.stringMatching(/[à-ỹ]/i), en: expect.stringMatching(/^[\x20-\x7eđ{}]+$/) },
    });
    expect(await stateOf(market)).toEqual(before);
    expect((await createClient(node.url).send('GET', `/problems/${code}`)).status).toBe(200);
  });
});

test('the sentence comes in the language that was asked for', async () => {
  const { client } = market.guest;
  const title = async (language: string) => {
    const path = `/v1/carts/${nobodysCart}`;
    return (await client.send<{ title: string }>('GET', path, { headers: { 'accept-language': language } })).body.title;
  };
  expect(await title('vi-VN,vi;q=0.9,en;q=0.8')).toBe('Không tìm thấy giỏ hàng');
  expect(await title('en-GB,en;q=0.9')).toBe('There is no such cart');
  expect(await title('km')).toBe('Không tìm thấy giỏ hàng');
});

describe('the idempotency key', () => {
  const checkout = (cart: string, key: string, body: object = {}) =>
    market.guest.client.send<{ code: string }>('POST', `/v1/carts/${cart}/checkout`, {
      body,
      headers: { 'idempotency-key': key },
    });

  test('repeats the first answer, bare or quoted, and takes no other body', async () => {
    const { guest, variant } = market;
    const cart = await guest.fillCart([variant().variantId, 1]);
    const first = await checkout(cart, 'once-only');
    expect(first.status).toBe(201);
    const again = await checkout(cart, '"once-only"');
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect([again.status, again.text]).toEqual([first.status, first.text]);
    const other = await checkout(cart, 'once-only', { expectedTotalVnd: 5 });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await checkout(cart, 'a-new-one')).toMatchObject({ status: 409, body: { code: 'cart-already-ordered' } });
  });

  test('twenty at once are one order: the rest wait or hear the same answer', async () => {
    const { guest, variant, node } = market;
    const cart = await guest.fillCart([variant().variantId, 1]);
    const before = (await node.countRows()).order_groups ?? 0;
    const answers = await Promise.all(Array.from({ length: 20 }, () => checkout(cart, 'all-at-once')));
    const codes = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.code));
    expect(codes.size).toBe(1);
    expect(answers.filter(({ status }) => status !== 201).map(({ status, body }) => [status, body.code])).toEqual(
      answers.filter(({ status }) => status !== 201).map(() => [409, 'idempotency-key-in-use']),
    );
    expect((await node.countRows()).order_groups).toBe(before + 1);
  });

  test("another guest's key of the same name is another key", async () => {
    const { guest, variant } = market;
    const carts = [await guest.fillCart([variant().variantId, 1]), await guest.fillCart([variant().variantId, 1])];
    const [one, two] = await Promise.all(carts.map((cart) => checkout(cart, 'same-name')));
    expect([one?.status, two?.status]).toEqual([201, 201]);
    expect(one?.body.code).not.toBe(two?.body.code);
  });
});

test('a price that moved is refused, told, and taken at the second try', async () => {
  const { guest, node } = market;
  const variant = market.variant();
  const cart = await guest.fillCart([variant.variantId, 2]);
  await node.setPrice(variant.variantId, variant.priceVnd + 1_000);
  const refused = await guest.client.send('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: fresh() });
  expect(refused).toMatchObject({
    status: 409,
    body: {
      code: 'price-changed',
      lines: [{ variantId: variant.variantId, seenPriceVnd: variant.priceVnd, priceVnd: variant.priceVnd + 1_000 }],
    },
  });
  const group = await guest.checkout(cart);
  expect(group.totalVnd).toBe(2 * (variant.priceVnd + 1_000) + 25_000);
});

test('a body may be left out where nothing needs to be said', async () => {
  const { guest } = market;
  const cart = await guest.client.expect<{ cartId: string }>(201, 'POST', '/v1/carts');
  await guest.put(cart.cartId, [market.variant().variantId, 1]);
  await guest.deliver(cart.cartId);
  await guest.client.expect(201, 'POST', `/v1/carts/${cart.cartId}/checkout`, { headers: fresh() });
});

test('a closed webhook and a closed way to pay say so', async () => {
  const node = await startNode({
    database: market.node.database,
    env: { SEPAY_API_KEY: '', VIETQR_BANK_BIN: '', VIETQR_ACCOUNT_NUMBER: '', VIETQR_ACCOUNT_NAME: '' },
  });
  try {
    const client = createClient(node.url);
    const bank = await client.send('POST', '/v1/webhooks/bank/sepay', { body: sepay(), headers: right });
    expect(bank).toMatchObject({ status: 404, body: { code: 'webhook-closed' } });
    expect(await client.send('POST', '/v1/webhooks/stripe', { body: {} })).toMatchObject({ status: 404 });
    for (const method of ['vietqr', 'stripe']) {
      const path = `/v1/order-groups/${facts.group}/payments`;
      const refused = await client.send('POST', path, { body: { method }, headers: fresh() });
      expect(refused).toMatchObject({ status: 409, body: { code: 'payment-method-unavailable', methods: [] } });
    }
  } finally {
    await node.close();
  }
});
