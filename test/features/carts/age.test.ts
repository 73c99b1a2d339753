import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh } from '#test/support/people.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const wine = async () => {
  const { items } = await node.guest.products('category=ruou-trang&inStock=true&limit=1');
  const [variant] = items[0]?.variants ?? [];
  if (!items[0] || !variant) throw new Error('The demonstration sells no spirits');
  return { slug: items[0].slug, variantId: variant.variantId };
};

test('alcohol is asked about on its page and at checkout, and the order keeps the answer', async () => {
  const { slug, variantId } = await wine();
  const page = await createVisitor(node.url).get(`/san-pham/${slug}`);
  expect(page.html).toMatch(/name="age"[^>]*required/);
  const cartId = await node.guest.fillCart([variantId, 1]);
  const { client } = node.guest;
  expect(await client.expect(200, 'GET', `/v1/carts/${cartId}`)).toMatchObject({ needsAge: true });
  const checkout = (body: object) => client.send('POST', `/v1/carts/${cartId}/checkout`, { body, headers: fresh() });
  expect(await checkout({})).toMatchObject({ status: 422, body: { code: 'age-not-confirmed' } });
  expect(await checkout({ ageConfirmed: false })).toMatchObject({ status: 422 });
  const answer = await checkout({ ageConfirmed: true });
  expect(answer.status).toBe(201);
  const { rows } = await node.db.execute<{ at: Date | null }>(
    sql`select age_confirmed_at as at from order_groups where code = ${(answer.body as { code: string }).code}`,
  );
  expect(rows[0]?.at).not.toBeNull();
});

test('nobody is asked who buys none, and nothing is written of them', async () => {
  const { items } = await node.guest.products('category=rau-cu-qua-tuoi&inStock=true&limit=1');
  const { variantId = '', minOrder = 1 } = items[0]?.variants[0] ?? {};
  const { code } = await node.guest.order([variantId, minOrder]);
  const { rows } = await node.db.execute<{ at: Date | null }>(
    sql`select age_confirmed_at as at from order_groups where code = ${code}`,
  );
  expect(rows[0]?.at).toBeNull();
});

test('the checkout page asks with a box that nobody ticked before', async () => {
  const { variantId, slug } = await wine();
  const visitor = createVisitor(node.url);
  await visitor.get(`/san-pham/${slug}`);
  await visitor.post('/gio-hang', { do: 'add', variantId, quantity: '1', age: '1' });
  const page = await visitor.get('/thanh-toan');
  expect(page.html).toMatch(/<input id="age"[^>]*name="age"[^>]*>/);
  expect(page.html).not.toMatch(/<input id="age"[^>]*checked/);
  const form = {
    name: 'Nguyễn Thị Bé',
    phone: '0912345678',
    provinceCode: '92',
    wardCode: '31507',
    line: '12 Lê Lợi',
    method: 'vietqr',
    do: 'order',
    total: page.fieldValue('total') ?? '',
  };
  const refused = await visitor.post('/thanh-toan', form);
  expect([refused.status, refused.text.includes('đủ 18 tuổi để mua')]).toEqual([422, true]);
  expect((await visitor.post('/thanh-toan', { ...form, age: '1' })).status).toBe(303);
});
