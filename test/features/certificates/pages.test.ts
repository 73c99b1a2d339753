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
  expect(product.text).toContain('đã hết hiệu lực, không còn sao');
});
