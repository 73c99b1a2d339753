import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { claimKey, finishKey } from '#db/idempotency.ts';
import type { Client } from '#test/support/client.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { home, recipient, signIn } from '#test/support/people.ts';
import { createVisitor, type Seen, type Visitor } from '#test/web/visitor.ts';

const slug = 'hanh-tim-say-lat-gion';
const { line, provinceCode, wardCode } = home;
const typed = { ...recipient, line, provinceCode, wardCode, do: 'order' } as const;

let market: Market;
let seller: Client;
let variantId: string;
beforeAll(async () => {
  market = await openMarket();
  seller = await signIn(market.node.url, 'nguoiban@cho-noi.example', demoPassword);
  variantId = (await market.node.services.products.getProduct(slug)).variants[0]?.variantId ?? '';
  await market.node.setStock(variantId, 500);
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const answers = (seen: readonly Seen[]) => seen.map(({ status, location }) => [status, location]);
const keyOf = (page: Seen): { readonly idempotencyKey: string } => ({
  idempotencyKey: page.fieldValue('idempotencyKey') ?? '',
});
const count = async (table: 'order_groups' | 'payments' | 'refunds' | 'returns'): Promise<number> =>
  (await market.node.db.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(table)}`)).rows[0]
    ?.n ?? 0;
const made = async (table: Parameters<typeof count>[0], work: () => Promise<unknown>): Promise<number> => {
  const before = await count(table);
  await work();
  return (await count(table)) - before;
};

/** Somebody with three pieces in the cart. */
async function shopper(): Promise<Visitor> {
  const visitor = createVisitor(market.node.url);
  await visitor.get(`/san-pham/${slug}`);
  await visitor.post('/gio-hang', { do: 'add', variantId, quantity: '3' });
  return visitor;
}

async function paid(): Promise<{ readonly code: string; readonly order: string; readonly visitor: Visitor }> {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const { location } = await visitor.post('/thanh-toan', { ...typed, method: 'vietqr' });
  const code = /ST\w{10}/.exec(location)?.[0] ?? '';
  const { totalVnd, orders } = await market.guest.group(code);
  const { qr } = await market.guest.pay(code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: totalVnd });
  return { code, order: orders[0]?.code ?? '', visitor };
}

test.each(['vietqr', 'stripe', 'vnpay'])(
  'an order by %s: double click, back and send again, two tabs are one order, and all lead to the same place',
  async (method) => {
    const visitor = await shopper();
    const [tab, otherTab] = [await visitor.get('/thanh-toan'), await visitor.get('/thanh-toan')];
    expect(keyOf(tab)).not.toEqual(keyOf(otherTab));
    const send = (from: Seen) => visitor.post('/thanh-toan', { ...typed, method, ...keyOf(from) });
    const seen: Seen[] = [];
    const groups = await made('order_groups', async () => {
      seen.push(...(await Promise.all([send(tab), send(tab), send(tab)])));
      seen.push(await send(tab), await send(otherTab));
    });
    expect(groups).toBe(1);
    expect(new Set(answers(seen).map(String)).size, JSON.stringify(answers(seen))).toBe(1);
    expect(seen[0]?.status).toBe(303);
  },
);

test('a provider that is away when the order is placed takes nothing back: the page says so and offers the others', async () => {
  market.stripe.trouble('unavailable', 'unavailable', 'unavailable');
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const { location } = await visitor.post('/thanh-toan', { ...typed, method: 'stripe' });
  const page = await visitor.get(location);
  expect(page.text).toContain('Cổng thanh toán');
  expect(page.text).toContain('Chưa có khoản tiền nào bị trừ và đơn vẫn được giữ');
  expect(page.html).toContain('value="vietqr"');
  expect((await visitor.post(location.replace(/\?.*/, ''), { method: 'vietqr', ...keyOf(page) })).status).toBe(303);
});

test('a gift box that is ordered by a double click and once more after is one order', async () => {
  const { items } = await market.guest.client.expect<{ items: { slug: string; available: number }[] }>(
    200,
    'GET',
    '/v1/bundles',
  );
  const box = items.find(({ available }) => available > 2)?.slug ?? '';
  const visitor = createVisitor(market.node.url);
  const page = await visitor.get(`/hop-qua/${box}`);
  const fields = { ...recipient, line, provinceCode, ward: 'Phường Phú Lợi', boxes: '1', age: 'yes', ...keyOf(page) };
  const send = () => visitor.post(`/hop-qua/${box}`, fields);
  const seen: Seen[] = [];
  expect(
    await made('order_groups', async () => {
      seen.push(...(await Promise.all([send(), send()])), await send());
    }),
  ).toBe(1);
  expect(new Set(answers(seen).map(String)).size).toBe(1);
  expect(seen[0]?.location).toMatch(/^\/thanh-toan\/ST/);
  // Shown anew it is another wish.
  const again = keyOf(await visitor.get(`/hop-qua/${box}`));
  expect((await visitor.post(`/hop-qua/${box}`, { ...fields, ...again })).location).not.toBe(seen[0]?.location);
});

test('a way to pay that is chosen twice is one payment and one page of the provider; the way back to another one stays open', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const { location } = await visitor.post('/thanh-toan', { ...typed, method: 'vietqr' });
  const form = await visitor.get(`${location}?doi=1`);
  const choose = (method: string) => visitor.post(location, { method, ...keyOf(form) });
  const seen: Seen[] = [];
  expect(
    await made('payments', async () => {
      seen.push(...(await Promise.all([choose('stripe'), choose('stripe')])), await choose('stripe'));
    }),
  ).toBe(1);
  expect(new Set(answers(seen).map(String)).size).toBe(1);
  expect(seen[0]?.location).toContain(market.stripe.env.STRIPE_API_BASE);
  // The same page, as browsers keep it for the way back, with another choice is another wish.
  expect(answers([await choose('vietqr')])).toEqual([[303, location]]);
  // And the first choice sent again does not lead to a page that takes no money any more.
  expect(answers([await choose('stripe')])).toEqual([[303, location]]);
});

test('pieces that are called off by a double click, and the answer reloaded, go once and say so each time', async () => {
  const { order, visitor } = await paid();
  const page = await visitor.post('/tra-cuu', { code: order, phone: recipient.phone });
  const other = await visitor.post('/tra-cuu', { code: order, phone: recipient.phone });
  const version = page.fieldValue('version') ?? '';
  const fields = { code: order, phone: recipient.phone, version, do: 'cancel', [`so-${variantId}`]: '1' };
  const send = (from: Seen) => visitor.post('/tra-cuu/huy', { ...fields, ...keyOf(from) });
  const seen: Seen[] = [];
  expect(
    await made('refunds', async () => {
      seen.push(...(await Promise.all([send(page), send(page)])), await send(page));
    }),
  ).toBe(1);
  for (const { status, text } of seen) expect([status, /Đã hủy. Số tiền hoàn lại/.test(text)]).toEqual([200, true]);
  // The other tab shows the order as it was before: nothing of it is done unseen.
  expect([(await send(other)).status, await count('refunds')]).toEqual([409, await count('refunds')]);
  const { rows } = await market.node.db.execute<{ n: number }>(
    sql`select cancelled_quantity as n from order_lines l join orders o on o.id = l.order_id where o.code = ${order}`,
  );
  expect(rows[0]?.n).toBe(1);
});

test('a return that is asked for and one that is withdrawn twice are one each', async () => {
  const { order, visitor } = await paid();
  for (const verb of ['confirm', 'ship', 'deliver'])
    await seller.expect(204, 'POST', `/v1/seller/orders/${order}/${verb}`, { body: {} });
  const page = await visitor.post('/doi-tra', { code: order, phone: recipient.phone });
  const ask = () => {
    const form = new FormData();
    const fields = { code: order, phone: recipient.phone, reason: 'damaged', note: 'Vỡ', [`q-${variantId}`]: '1' };
    for (const [name, value] of Object.entries({ ...fields, ...keyOf(page) })) form.set(name, value);
    return visitor.post('/doi-tra/gui', form);
  };
  const asked: Seen[] = [];
  expect(
    await made('returns', async () => {
      asked.push(...(await Promise.all([ask(), ask()])), await ask());
    }),
  ).toBe(1);
  expect(new Set(answers(asked).map(String)).size, JSON.stringify(answers(asked))).toBe(1);
  const at = asked[0]?.location ?? '';
  const shown = await visitor.get(at);
  const withdraw = () => visitor.post(at, { do: 'withdraw', phone: recipient.phone, ...keyOf(shown) });
  const withdrawn = [...(await Promise.all([withdraw(), withdraw()])), await withdraw()];
  expect(answers(withdrawn)).toEqual([
    [303, at],
    [303, at],
    [303, at],
  ]);
});

test('after a refusal the same form may be sent again, and a form without the key is taken as it comes', async () => {
  const visitor = await shopper();
  const page = await visitor.get('/thanh-toan');
  const { rows } = await market.node.db.execute<{ held: number }>(
    sql`select held from stock where variant_id = ${variantId}`,
  );
  await market.node.setStock(variantId, (rows[0]?.held ?? 0) + 2);
  const send = () => visitor.post('/thanh-toan', { ...typed, method: 'vietqr', ...keyOf(page) });
  expect((await send()).status).toBe(409);
  await market.node.setStock(variantId, 500);
  expect((await send()).status).toBe(303);
  const without = await shopper();
  await without.get('/thanh-toan');
  expect((await without.post('/thanh-toan', { ...typed, method: 'vietqr' })).status).toBe(303);
});

test('whoever wakes up after its lease, when another has answered, keeps nothing of its own', async () => {
  const { db, clock } = market.node;
  const key = { scope: 'test', key: 'a sleeper' };
  await claimKey(db, key, 'print', clock.now());
  // A minute passes in which the first is stopped.
  const later = new Date(clock.now().getTime() + 61_000);
  expect(await claimKey(db, key, 'print', later)).toEqual({ kind: 'mine' });
  expect(await finishKey(db, key, { status: 200, body: '{}' })).toBe(true);
  expect(await transact(db, 'test', (tx) => finishKey(tx, key, { status: 200, body: '{}' }))).toBe(false);
});
