import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { createVisitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

const seller = { login: 'nguoiban@cho-noi.example', password: demoPassword } as const;

test('a seller comes in at the desk, and signing out ends the session at once', async () => {
  const visitor = createVisitor(node.url);
  await visitor.get('/dang-nhap');
  expect((await visitor.post('/dang-nhap', seller)).location).toBe('/ban-hang');
  const desk = await visitor.get('/ban-hang');
  expect([desk.status, desk.text.includes('Chủ HTX Hành tím Bãi Giồng')]).toEqual([200, true]);
  const held = visitor.cookies.get('session') ?? '';
  await visitor.post('/dang-xuat', {});
  const answer = await fetch(`${node.url}/ban-hang`, { headers: { accept: 'text/html', cookie: `session=${held}` } });
  expect(answer.status).toBe(401);
});

test('a wrong password is told without saying which of the two was wrong, and is not sent back', async () => {
  const visitor = createVisitor(node.url);
  await visitor.get('/dang-nhap');
  const refused = await visitor.post('/dang-nhap', { ...seller, password: 'khong-phai-mat-khau' });
  expect(refused.status).toBe(401);
  expect(refused.text).toContain('Sai tên đăng nhập hoặc mật khẩu');
  expect(refused.fieldValue('login')).toBe(seller.login);
  expect(refused.html).not.toContain('khong-phai-mat-khau');
});

test.each(['https://ke-xau.example/', '//ke-xau.example', '/\\ke-xau.example', 'javascript:alert(1)'])(
  'signing in never leads to %s',
  async (next) => {
    const visitor = createVisitor(node.url);
    await visitor.get(`/dang-nhap?next=${encodeURIComponent(next)}`);
    expect((await visitor.post('/dang-nhap', { ...seller, next })).location).toBe('/ban-hang');
  },
);

test('whoever was sent to sign in goes on to where they wanted', async () => {
  const visitor = createVisitor(node.url);
  const closed = await visitor.get('/ban-hang/kho');
  expect([closed.status, closed.html.includes('/dang-nhap?next=%2Fban-hang%2Fkho')]).toEqual([401, true]);
  const form = await visitor.get('/dang-nhap?next=%2Fban-hang%2Fkho');
  const next = form.fieldValue('next') ?? '';
  expect((await visitor.post('/dang-nhap', { ...seller, next })).location).toBe('/ban-hang/kho');
});

test('sample accounts are offered in the demonstration only', async () => {
  expect((await createVisitor(node.url).get('/dang-nhap')).html).not.toContain(demoPassword);
});
