import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import type { Access } from '#http/access.ts';
import { type Client, createClient } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Group, type Page, type Product, signIn } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import { businesses } from './access/businesses.ts';
import { carts } from './access/carts.ts';
import { certificates } from './access/certificates.ts';
import type { Expected } from './access/expected.ts';
import { federation } from './access/federation.ts';
import { ground } from './access/ground.ts';
import { identity } from './access/identity.ts';
import { orders } from './access/orders.ts';
import { payments } from './access/payments.ts';
import { places } from './access/places.ts';
import { products } from './access/products.ts';
import { queues } from './access/queues.ts';
import { search } from './access/search.ts';
import { stock } from './access/stock.ts';

const expected: Expected = {
  ...businesses,
  ...carts,
  ...certificates,
  ...federation,
  ...ground,
  ...identity,
  ...orders,
  ...payments,
  ...places,
  ...products,
  ...queues,
  ...search,
  ...stock,
};

type Who = 'nobody' | 'shopper' | 'seller' | 'staff';
const callers: readonly Who[] = ['nobody', 'shopper', 'seller', 'staff'];
/** The access levels that need an account, and who has it. Everything else is open to all at the door. */
const opensTo: Partial<Record<Access, readonly Who[]>> = {
  shopper: ['shopper', 'seller', 'staff'],
  seller: ['seller'],
  staff: ['staff'],
};

const accessOf = (route: string): Access => (expected[route]?.split(':')[0] ?? 'staff') as Access;
const withoutLocale = (path: string): string => path.replace(/^\/(en|km)(?=\/|$)/, '') || '/';
/** Of the right form, and of nothing that exists. */
const concrete = (path: string): string =>
  path
    .replace('records::batch', 'records:batch')
    .replace(':variantId', '01900000-0000-7000-8000-00000000dead')
    .replace(':pictureId', '01900000-0000-7000-8000-00000000dead')
    .replace(':width', '160')
    .replace('provinces/:code', 'provinces/92')
    .replace(':code', 'STZZZZZZZZZZ')
    .replace(/\/:\w+/g, '/khong-co');

/** What the door said, or `open` when the request went past it. */
const doorOf = (body: unknown): string => {
  const code = body !== null && typeof body === 'object' && 'code' in body ? String(body.code) : '';
  return ['sign-in-required', 'forbidden', 'partner-signature-required'].includes(code) ? code : 'open';
};

let node: TestNode;
let clients: Record<Who, Client>;
let otherSeller: Client;

beforeAll(async () => {
  node = await startNode({ env: { DEMO: '1' } });
  const { db, services } = node;
  await transact(db, 'test', (tx) =>
    services.identity.addAccount(tx, { name: 'Khách', login: 'khach@thu.example', password: demoPassword }),
  );
  clients = {
    nobody: createClient(node.url),
    shopper: await signIn(node.url, 'khach@thu.example', demoPassword),
    seller: await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword),
    staff: await signIn(node.url, 'quantri@cho-noi.example', demoPassword),
  };
  otherSeller = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
});
afterAll(() => node.close());

test('every route is expected here, with the access that it declares', () => {
  const declared = node.app.routeList.map(({ method, path, access, roles }) => [
    `${method} ${withoutLocale(path)}`,
    roles.length > 0 ? `${access}:${roles.join(',')}` : access,
  ]);
  expect(declared.length).toBeGreaterThan(100);
  expect(Object.fromEntries(declared)).toEqual(expected);
});

describe.each(callers)('as %s', (who) => {
  test('private routes open to those who may and to nobody else', async () => {
    const before = await node.countRows();
    const routes = node.app.routeList.filter(({ access }) => opensTo[access]);
    const wrong: string[] = [];
    for (const { method, path } of routes) {
      const mayEnter = opensTo[accessOf(`${method} ${withoutLocale(path)}`)]?.includes(who);
      const refusal = who === 'nobody' ? 'sign-in-required' : 'forbidden';
      const sent = method === 'GET' ? {} : { body: {}, headers: fresh() };
      const answer = await clients[who].send(method, concrete(path), sent);
      const door = doorOf(answer.body);
      if (answer.status >= 500 || door !== (mayEnter ? 'open' : refusal))
        wrong.push(`${method} ${path}: ${answer.status} ${door}`);
      if (method !== 'GET' || mayEnter) continue;
      const head = await clients[who].send('HEAD', concrete(path));
      if (head.status !== (who === 'nobody' ? 401 : 403)) wrong.push(`HEAD ${path}: ${head.status}`);
    }
    expect(wrong).toEqual([]);
    const { idempotency_keys: keysBefore, ...rowsBefore } = before;
    const { idempotency_keys: keysAfter, ...rowsAfter } = await node.countRows();
    expect(rowsAfter).toEqual(rowsBefore);
    if (who !== 'seller') expect(keysAfter).toBe(keysBefore);
  });

  test('open routes turn nobody away at the door, and none of them breaks', async () => {
    const routes = node.app.routeList.filter(
      ({ access, path }) => !opensTo[access] && !/sign-out|dang-xuat/.test(path),
    );
    const wrong: string[] = [];
    for (const { method, path, access } of routes) {
      const sent = method === 'GET' || method === 'DELETE' ? {} : { body: {}, headers: fresh() };
      const answer = await clients[who].send(method, concrete(path), sent);
      const partner = expected[`${method} ${withoutLocale(path)}`] === 'partner';
      const right = partner ? answer.status === 401 : doorOf(answer.body) === 'open';
      if (answer.status >= 500 || !right) wrong.push(`${method} ${path} (${access}): ${answer.status} ${answer.text}`);
    }
    expect(wrong).toEqual([]);
  });
});

describe("another business's ids", () => {
  let group: Group;
  let ours: Product;
  let theirs: Product;
  const codeOf = (): string => group.orders[0]?.code ?? '';
  const orders = (client: Client) => client.expect<Page<{ code: string }>>(200, 'GET', '/v1/seller/orders?limit=100');

  beforeAll(async () => {
    const { guest } = node;
    const { items } = await guest.products('limit=100&inStock=true&business=htx-hanh-tim-bai-giong');
    const others = await guest.products('limit=100&inStock=true');
    [ours, theirs] = [
      items[0],
      others.items.find((product) => product.business.businessId !== items[0]?.business.businessId),
    ].map((product) => {
      if (!product) throw new Error('The demonstration has changed');
      return product;
    }) as [Product, Product];
    group = await guest.order([ours.variants[0]?.variantId ?? '', ours.variants[0]?.minOrder ?? 1]);
    const { qr } = await guest.pay(group.code, 'vietqr');
    await createBank().transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  });

  test.each(['confirm', 'pack', 'ship', 'deliver', 'cancel'])('an order of theirs is no order to %s', async (verb) => {
    const body = verb === 'cancel' ? { reason: 'x' } : {};
    const path = `/v1/seller/orders/${codeOf()}/${verb}`;
    const answer = await otherSeller.send('POST', path, { body, headers: fresh() });
    expect(answer).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    const unknown = await otherSeller.send('POST', `/v1/seller/orders/STZZZZZZZZZZ/${verb}`, {
      body,
      headers: fresh(),
    });
    expect({ ...(unknown.body as object), instance: '' }).toEqual({ ...(answer.body as object), instance: '' });
  });

  test('nor by the page of the desk, in any language', async () => {
    for (const path of ['/ban-hang', '/en/ban-hang', '/km/ban-hang']) {
      const answer = await otherSeller.send('POST', path, { body: { do: 'confirm', code: codeOf() } });
      expect(answer).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    }
  });

  test('their stock is not to be counted, by the API or by the page', async () => {
    const { seller } = clients;
    const variantId = theirs.variants[0]?.variantId ?? '';
    const refused = { status: 404, body: { code: 'variant-not-found' } };
    expect(await seller.send('PUT', `/v1/seller/stock/${variantId}`, { body: { onHand: 9_999 } })).toMatchObject(
      refused,
    );
    expect(await seller.send('POST', '/ban-hang/kho', { body: { variantId, onHand: '9999' } })).toMatchObject(refused);
    const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
    expect(items.map((item) => item.variantId)).not.toContain(variantId);
    expect((await node.guest.product(theirs.productId)).variants[0]?.available).toBe(theirs.variants[0]?.available);
  });

  test('lists begin with the caller: the other seller sees nothing of it, its own seller and staff do', async () => {
    const seen = async (client: Client) => (await orders(client)).items.some(({ code }) => code === codeOf());
    expect(await seen(otherSeller)).toBe(false);
    expect(await seen(clients.seller)).toBe(true);
    const staff = await clients.staff.expect<Page<{ code: string }>>(200, 'GET', '/v1/staff/orders?limit=100');
    expect(staff.items.map(({ code }) => code)).toContain(codeOf());
  });

  test('its own seller may do what the other could not', async () => {
    expect((await clients.seller.send('POST', `/v1/seller/orders/${codeOf()}/confirm`)).status).toBe(204);
    expect((await node.guest.group(group.code)).orders[0]?.status).toBe('confirmed');
  });
});
