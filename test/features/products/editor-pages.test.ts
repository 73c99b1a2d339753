import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

let node: TestNode;
let seller: Visitor;
const root = '/ban-hang/san-pham';
beforeAll(async () => {
  node = await startNode();
  seller = createVisitor(node.url);
  await seller.get('/dang-nhap');
  await seller.post('/dang-nhap', { login: 'nguoiban@cho-noi.example', password: demoPassword });
});
afterAll(() => node.close());

const begin = async (fields: Readonly<Record<string, string>>) => {
  const businessId = (await seller.get(`${root}/moi`)).fieldValue('businessId') ?? '';
  const answer = await seller.post(`${root}/moi`, { businessId, 'v0-min': '1', 'v0-max': '50', ...fields });
  return { answer, path: answer.location.split('?')[0] ?? '' };
};

test('a name, a price as it is said and a unit are enough to hand a product in', async () => {
  const { path, answer } = await begin({ nameVi: 'Bánh ống', 'v0-price': '45k', unitVi: 'hộp', do: 'send' });
  expect(answer.location).toMatch(/luu=gui$/);
  const page = await seller.get(path);
  expect(page.text).toContain('Chờ duyệt');
  expect(page.fieldValue('v0-price')).toBe('45.000');
});

test('what cannot be read is kept as it was typed, in the draft and on the page', async () => {
  const { path } = await begin({ nameVi: 'Bánh ống', 'v0-price': '40k-50k', unitVi: '', do: 'send' });
  expect((await seller.get(path)).fieldValue('v0-price')).toBe('40k-50k');
  const again = await seller.post(path, {
    nameVi: 'Bánh ống',
    'v0-price': 'rẻ lắm',
    unitVi: '',
    'v0-min': '1',
    'v0-max': '9',
    do: 'send',
  });
  expect([again.status, again.fieldValue('v0-price'), again.fieldValue('nameVi')]).toEqual([422, 'rẻ lắm', 'Bánh ống']);
  expect(again.text).toContain('Không đọc được');
  const missing = await seller.post(path, {
    nameVi: 'Bánh ống',
    'v0-price': '40k',
    unitVi: '',
    'v0-min': '1',
    'v0-max': '9',
    do: 'send',
  });
  expect([missing.status, missing.text.includes('Chưa điền')]).toEqual([422, true]);
});

test('the script keeps a draft and gets no page', async () => {
  const { path } = await begin({ nameVi: 'Nháp', do: 'keep' });
  expect((await seller.post(path, { nameVi: 'Nháp hai', do: 'autosave' })).status).toBe(204);
  expect((await seller.get(path)).fieldValue('nameVi')).toBe('Nháp hai');
});

test.each([
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '<b>đậm</b>',
  "'; drop table products; --",
  '{{constructor}}',
  '</textarea><script>1</script>',
])('%s is text, wherever it is shown', async (text) => {
  const { path } = await begin({
    nameVi: text,
    descriptionVi: text,
    ingredientsVi: text,
    'v0-price': '45k',
    unitVi: text,
    do: 'send',
  });
  const page = await seller.get(path);
  expect(page.status).toBe(200);
  expect(page.html).not.toContain(text.includes('<') ? text : '<script>alert');
  expect(page.fieldValue('nameVi')).toBe(text);
  const { rows } = await node.db.execute<{ after: string }>(
    sql`select i.after #>> '{}' as after from change_items i join change_sets s on s.id = i.set_id where s.product_id = ${path.split('/').at(-1)} and i.field = 'nameVi'`,
  );
  // Stored as it was typed.
  expect(rows[0]?.after).toBe(text);
});

test('somebody else’s edit in the meantime is said, and nothing typed is lost', async () => {
  const { rows } = await node.db.execute<{ id: string }>(
    sql`select id from products where slug = 'hanh-tim-say-lat-gion'`,
  );
  const path = `${root}/${rows[0]?.id}`;
  const { html, fieldValue } = await seller.get(path);
  const fields = Object.fromEntries(
    [...html.matchAll(/name="(v0-[\w]+|nameVi|unitVi|version|storage)"/g)].map(([, name = '']) => [
      name,
      fieldValue(name) ?? '',
    ]),
  );
  await node.db.execute(sql`update products set version = version + 1 where id = ${rows[0]?.id}`);
  const answer = await seller.post(path, { ...fields, nameVi: 'Hành sấy của tôi', do: 'send' });
  expect([answer.status, answer.fieldValue('nameVi')]).toEqual([409, 'Hành sấy của tôi']);
  expect(answer.text).toContain('Có người khác vừa sửa');
});
