import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoPassword, startNode, type TestNode } from '#test/support/node.ts';
import { home, recipient } from '#test/support/people.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

let node: TestNode;
beforeAll(async () => {
  node = await startNode();
});
afterAll(() => node.close());

/** An unpaid order of one product of B001, placed on the pages. */
async function placeOrder(): Promise<{ readonly visitor: Visitor; readonly code: string }> {
  const visitor = createVisitor(node.url);
  const product = await node.services.products.getProduct('hanh-tim-say-lat-gion');
  await visitor.get('/san-pham/hanh-tim-say-lat-gion');
  const variantId = product.variants[0]?.variantId ?? '';
  await visitor.post('/gio-hang', { do: 'add', variantId, quantity: '2' });
  const { line, provinceCode, wardCode } = home;
  const { location } = await visitor.post('/thanh-toan', {
    ...recipient,
    line,
    provinceCode,
    wardCode,
    method: 'vietqr',
    do: 'order',
  });
  return { visitor, code: /ST\w{10}/.exec(location)?.[0] ?? '' };
}

async function pay(code: string): Promise<void> {
  const [payment] = await node.services.payments.listPaymentsOf(code);
  if (!payment?.qr) throw new Error('The order waits for no transfer');
  await node.services.payments.recordTransfer({
    provider: 'test',
    providerTxId: code,
    direction: 'in',
    accountNumber: payment.qr.accountNumber,
    amountVnd: payment.amountVnd,
    content: payment.qr.memo,
    bankReference: code,
    happenedAt: node.clock.now(),
    raw: {},
  });
}

async function signIn(login: string): Promise<Visitor> {
  const visitor = createVisitor(node.url);
  await visitor.get('/dang-nhap');
  await visitor.post('/dang-nhap', { login, password: demoPassword });
  await visitor.get('/ban-hang');
  return visitor;
}

test('a code alone shows states and amounts, and nobody’s name, phone or address', async () => {
  const { code } = await placeOrder();
  const stranger = await createVisitor(node.url).get(`/don-hang/${code}`);
  expect(stranger.text).toContain('Chờ thanh toán');
  for (const secret of [recipient.name, recipient.phone.slice(1), home.line])
    expect(stranger.text).not.toContain(secret);
});

test('code and phone open all of it, whatever the spelling; a wrong phone opens nothing', async () => {
  const { code } = await placeOrder();
  const visitor = createVisitor(node.url);
  await visitor.get('/tra-cuu');
  const wrong = await visitor.post('/tra-cuu', { code, phone: '0987654321' });
  expect([wrong.status, wrong.text.includes(recipient.name)]).toEqual([404, false]);
  const right = await visitor.post('/tra-cuu', { code: ` ${code.toLowerCase()} `, phone: '+84 912 345 678' });
  expect([right.status, right.text.includes(recipient.name)]).toEqual([200, true]);
});

test('the payment screen moves on once the money is there, and says so when the time is over', async () => {
  const paid = await placeOrder();
  expect((await paid.visitor.get(`/thanh-toan/${paid.code}`)).html).toContain('role="img" aria-label="Mã VietQR');
  await pay(paid.code);
  expect((await paid.visitor.get(`/thanh-toan/${paid.code}`)).location).toBe(`/don-hang/${paid.code}`);
  const late = await placeOrder();
  node.clock.advance(31 * 60_000);
  expect((await late.visitor.get(`/thanh-toan/${late.code}`)).text).toContain('Đã quá hạn thanh toán');
});

test('a seller confirms and sends; another seller neither sees the order nor moves it', async () => {
  const { code } = await placeOrder();
  await pay(code);
  const [order] = (await node.services.orders.getGroup(code)).orders;
  const own = order?.code ?? '';
  const stranger = await signIn('nguoiban2@cho-noi.example');
  expect((await stranger.get('/ban-hang/don-hang')).text).not.toContain(own);
  expect((await stranger.post('/ban-hang/don-hang', { do: 'confirm', code: own })).status).toBe(404);
  const seller = await signIn('nguoiban@cho-noi.example');
  expect((await seller.get('/ban-hang/don-hang')).text).toContain(own);
  expect((await seller.post('/ban-hang/don-hang', { do: 'confirm', code: own })).status).toBe(303);
  expect(
    (await seller.post('/ban-hang/don-hang', { do: 'ship', code: own, carrier: 'GHN', trackingNumber: 'G1' })).status,
  ).toBe(303);
  expect((await seller.post('/ban-hang/don-hang', { do: 'fly', code: own })).status).toBe(400);
  expect((await createVisitor(node.url).get(`/don-hang/${code}`)).text).toContain('Đã gửi đi');
});

test('a seller is no staff', async () => {
  const seller = await signIn('nguoiban@cho-noi.example');
  const closed = await seller.get('/quan-tri');
  expect([closed.status, closed.text.includes('Tài khoản này không được phép')]).toEqual([403, true]);
});
