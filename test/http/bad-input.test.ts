import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { startNode } from '#test/support/node.ts';
import { fresh } from '#test/support/people.ts';
import { accounts, checkouts, keys, payments, right, webhooks } from './bad-input.buying.ts';
import { type Case, type Facts, nobodysCart, sepay } from './bad-input.facts.ts';
import {
  addresses,
  bodies,
  characters,
  contentTypes,
  quantities,
  queries,
  searches,
  unknownIds,
} from './bad-input.reading.ts';

let market: Market;
let facts: Facts;

/** Everything that a refused request could have spoilt, as one text. */
async function stateOf({ node }: Market): Promise<unknown> {
  const { idempotency_keys: _keys, attempts: _attempts, throttles: _throttles, ...rows } = await node.countRows();
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
    for (const method of ['vietqr', 'stripe', 'vnpay']) {
      const path = `/v1/order-groups/${facts.group}/payments`;
      const refused = await client.send('POST', path, { body: { method }, headers: fresh() });
      expect(refused).toMatchObject({ status: 409, body: { code: 'payment-method-unavailable', methods: [] } });
    }
  } finally {
    await node.close();
  }
});
