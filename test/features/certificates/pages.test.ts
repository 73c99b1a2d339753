import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
let code: string;

beforeAll(async () => {
  node = await startNode();
  const product = await node.services.products.getProduct('hanh-tim-vinh-chau-tui-luoi');
  code = product.certificates[0]?.code ?? '';
});
afterAll(() => node.close());

test('a code is found however it is typed', async () => {
  const typed = encodeURIComponent(` ${code.toLowerCase().replace(/(.{4})/g, '$1 ')} `);
  expect((await createVisitor(node.url).get(`/chung-nhan?code=${typed}`)).location).toBe(`/chung-nhan/${code}`);
});

test('shows its history, and a QR code that leads to itself', async () => {
  const answer = await createVisitor(node.url).get(`/chung-nhan/${code}`);
  expect(answer.text).toMatch(/15\/09\/2026 Cơ quan cấp ký.*Cán bộ thẩm tra của sàn xác nhận/);
  expect(answer.html).toContain('<svg role="img" aria-label="Mã QR');
  const file = await fetch(`${node.url}/chung-nhan/${code}/ma-qr.svg`);
  expect([file.headers.get('content-type'), (await file.text()).slice(0, 5)]).toEqual(['image/svg+xml', '<svg ']);
});

test('of a revoked one it says by which decision and why', async () => {
  const { rows } = await node.db.execute<{ code: string }>(sql`select code from certificates where status = 'revoked'`);
  const answer = await createVisitor(node.url).get(`/chung-nhan/${rows[0]?.code}`);
  expect(answer.text).toContain('Đã bị thu hồi. Không còn đáp ứng tiêu chí');
  expect(answer.text).toContain('theo quyết định số 9168/QĐ-UBND ngày 30/10/2026');
});

test('kinds without stars stamp the card and the page, and lists and search filter by them', async () => {
  const visitor = createVisitor(node.url);
  expect((await visitor.get('/san-pham/hanh-tim-vinh-chau-tui-luoi')).text).toContain('Chỉ dẫn địa lý Số 00901');
  expect((await visitor.get('/tim-kiem?certificate=organic')).text).toContain('gạo ST25');
  type Found = { readonly slug: string; readonly certifiedAs: readonly string[] };
  const list = await node.guest.client.expect<{ items: Found[] }>(
    200,
    'GET',
    '/v1/products?certificate=organic&limit=100',
  );
  const found = await node.guest.client.expect<{ hits: Found[]; total: number; facets: { certificate: object } }>(
    200,
    'GET',
    '/v1/search?certificate=organic&limit=100',
  );
  expect(list.items.map(({ certifiedAs }) => certifiedAs)).toEqual([['organic'], ['organic']]);
  expect(found).toMatchObject({
    total: 2,
    facets: { certificate: { organic: 2, gi: 3, vietgap: 5, 'food-safety': 3 } },
  });
  expect((await node.guest.client.send('GET', '/v1/products?certificate=ocop')).status).toBe(400);
});

test('an unknown code keeps what was typed and says so', async () => {
  const answer = await createVisitor(node.url).get('/chung-nhan?code=ST0000000000');
  expect([answer.status, answer.fieldValue('code')]).toEqual([404, 'ST0000000000']);
  expect(answer.text).toContain('Không có chứng nhận mang mã này');
});

test('a certificate in force says until when; lapsed, it says that there is no star any more', async () => {
  const visitor = createVisitor(node.url);
  expect((await visitor.get(`/chung-nhan/${code}`)).text).toContain('Đang có hiệu lực');
  expect((await visitor.get('/san-pham/hanh-tim-vinh-chau-tui-luoi')).html).toContain('OCOP 3 sao');
  node.clock.advance(4 * 365 * 86_400_000);
  expect((await visitor.get(`/chung-nhan/${code}`)).text).toContain('Đã hết hiệu lực');
  const product = await visitor.get('/san-pham/hanh-tim-vinh-chau-tui-luoi');
  expect(product.html).not.toContain('aria-label="OCOP 3 sao"');
  expect(product.text).toContain('Đã hết hạn công nhận OCOP ngày 15/09/2029');
});
