import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

let node: TestNode;
let variantId: string;

beforeAll(async () => {
  node = await startNode();
  const product = await node.services.products.getProduct('hanh-tim-de-chum-nguyen-tep');
  variantId = product.variants[0]?.variantId ?? '';
});
afterAll(() => node.close());

const delivery = {
  name: 'Nguyễn Thị Sen',
  phone: '0912 345 678',
  email: '',
  provinceCode: '92',
  wardCode: '31507',
  ward: '',
  line: '12 Lê Lợi',
  method: 'vietqr',
  do: 'order',
} as const;

/** Somebody who has looked at a product, so that a form of theirs carries a token, and put it into the cart. */
async function shopper(quantity = '1'): Promise<Visitor> {
  const visitor = createVisitor(node.url);
  await visitor.get('/san-pham/hanh-tim-de-chum-nguyen-tep');
  await visitor.post('/gio-hang', { do: 'add', variantId, quantity });
  return visitor;
}

test('adding twice means two, and the basket in the header counts them', async () => {
  const visitor = await shopper();
  const { status, location } = await visitor.post('/gio-hang', { do: 'add', variantId, quantity: '1' });
  expect([status, location]).toEqual([303, '/gio-hang']);
  const cart = await visitor.get('/gio-hang');
  expect(cart.text).toContain('136.000');
  expect(cart.html).toMatch(/id="cart-count">2</);
});

test.each(['0', '-1', '1.5', '99999999', 'hai', ''])(
  'a quantity of "%s" is refused and changes nothing',
  async (quantity) => {
    const visitor = await shopper();
    expect((await visitor.post('/gio-hang', { do: 'set', variantId, quantity })).status).toBe(400);
    expect((await visitor.get('/gio-hang')).html).toMatch(/id="cart-count">1</);
  },
);

test('a form without our token is refused on a page, and changes nothing', async () => {
  const visitor = await shopper();
  const refused = await visitor.postBare('/gio-hang', { do: 'set', variantId, quantity: '9' });
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('Biểu mẫu đã hết hạn');
  expect((await visitor.get('/gio-hang')).html).toMatch(/id="cart-count">1</);
});

test('taking the last line out leaves an empty cart with a way on', async () => {
  const visitor = await shopper();
  await visitor.post('/gio-hang', { do: 'remove', variantId });
  expect((await visitor.get('/gio-hang')).text).toContain('Giỏ còn trống');
  expect((await visitor.get('/thanh-toan')).location).toBe('/gio-hang');
});

test('a form with faults comes back with all that was typed, and says what is wrong where', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const typed = { ...delivery, phone: '12', line: '"Cầu <Quay>' };
  const back = await visitor.post('/thanh-toan', typed);
  expect(back.status).toBe(422);
  expect(back.fieldValue('name')).toBe(typed.name);
  expect(back.fieldValue('phone')).toBe('12');
  expect(back.fieldValue('line')).toBe('"Cầu <Quay>');
  expect(back.html).toMatch(/id="phone"[^>]*aria-invalid="true"/);
  expect(back.text).toContain('Số điện thoại không hợp lệ');
});

test('without a script the wards of another province are asked for by a button, and nothing typed is lost', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const back = await visitor.post('/thanh-toan', { ...delivery, provinceCode: '79', wardCode: '', do: 'wards' });
  expect(back.status).toBe(200);
  expect(back.fieldValue('name')).toBe(delivery.name);
  expect(back.html).toMatch(/data-ward-list hidden/);
});

test('a ward of another province is refused at its field', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const back = await visitor.post('/thanh-toan', { ...delivery, provinceCode: '79' });
  expect([back.status, back.text.includes('Phường, xã không thuộc tỉnh đã chọn')]).toEqual([422, true]);
});

test('the name of a commune of before 2025 leads to the ward of today, or stays as it was typed', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const old = { ...delivery, wardCode: '', ward: 'Thạnh Thới Thuận' };
  const asked = await visitor.post('/thanh-toan', old);
  expect(asked.status).toBe(422);
  expect([asked.fieldValue('ward'), asked.fieldValue('line')]).toEqual([old.ward, old.line]);
  const code = /name="foundWard" value="(\d{5})"/.exec(asked.html)?.[1] ?? '';
  const ordered = await visitor.post('/thanh-toan', { ...old, foundWard: code });
  expect(ordered.location).toMatch(/^\/thanh-toan\/ST/);
  const wardOf = async (path = '') => {
    const { rows } = await node.db.execute<{ code: string | null; name: string }>(
      sql`select delivery -> 'address' ->> 'wardCode' as code, delivery -> 'address' ->> 'ward' as name
        from order_groups where code = ${path.split('/').at(-1)}`,
    );
    return rows[0];
  };
  expect((await wardOf(ordered.location))?.code).toBe(code);

  const other = await shopper();
  await other.get('/thanh-toan');
  expect((await other.post('/thanh-toan', old)).status).toBe(422);
  const kept = await other.post('/thanh-toan', { ...old, foundWard: 'typed' });
  expect(await wardOf(kept.location)).toEqual({ code: null, name: old.ward });
});

test('a ward of our own province that is not in the list is typed, and ordered to', async () => {
  const visitor = await shopper();
  expect((await visitor.get('/thanh-toan')).html).toMatch(/<input id="ward" name="ward"/);
  const ordered = await visitor.post('/thanh-toan', { ...delivery, wardCode: '', ward: 'Ninh Kiều' });
  expect(ordered.location).toMatch(/^\/thanh-toan\/ST/);
});

test('the same form sent twice is one order, whichever answer comes first', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  const before = await node.countRows();
  const [first, second] = await Promise.all([
    visitor.post('/thanh-toan', delivery),
    visitor.post('/thanh-toan', delivery),
  ]);
  expect(first.location).toMatch(/^\/thanh-toan\/ST/);
  expect(second.location).toBe(first.location);
  expect((await visitor.post('/thanh-toan', delivery)).location).toBe(first.location);
  const after = await node.countRows();
  expect((after.order_groups ?? 0) - (before.order_groups ?? 0)).toBe(1);
  expect((after.payments ?? 0) - (before.payments ?? 0)).toBe(1);
});

test('a price that moved is told before it is charged, and the second press accepts it', async () => {
  const visitor = await shopper();
  await visitor.get('/thanh-toan');
  await node.setPrice(variantId, 70_000);
  const told = await visitor.post('/thanh-toan', delivery);
  expect([told.status, told.text.includes('Giá vừa đổi')]).toEqual([409, true]);
  expect(told.text).toContain('70.000');
  expect((await visitor.post('/thanh-toan', delivery)).location).toMatch(/^\/thanh-toan\/ST/);
  await node.setPrice(variantId, 68_000);
});

test('goods that are gone are told on the form, and no order is made', async () => {
  const visitor = await shopper('40');
  await visitor.get('/thanh-toan');
  await node.setStock(variantId, 10);
  const told = await visitor.post('/thanh-toan', delivery);
  expect([told.status, told.text.includes('Không đủ hàng')]).toEqual([409, true]);
  expect((await visitor.get('/gio-hang')).text).toContain('Chỉ còn');
});
