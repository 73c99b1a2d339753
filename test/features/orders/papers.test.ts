import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { transact } from '#db/client.ts';
import { orderPersonalData } from '#features/orders/index.ts';
import type { Client } from '#test/support/client.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { type Group, home, recipient, signIn } from '#test/support/people.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

type Confirmation = {
  readonly content: {
    readonly group: string;
    readonly totalVnd: number;
    readonly method: string;
    readonly orders: readonly {
      readonly code: string;
      readonly seller: { readonly name: string };
      readonly totalVnd: number;
      readonly lines: readonly { readonly name: string; readonly priceVnd: number; readonly vatVnd: number }[];
    }[];
  };
  readonly sha256: string;
  readonly delivery: { readonly recipient: { readonly name: string } } | null;
};

let market: Market;
let seller: Client;
let visitor: Visitor;
let one: string;
beforeAll(async () => {
  market = await openMarket();
  const { url } = market.node;
  seller = await signIn(url, 'nguoiban@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: { variantId: string }[] }>(200, 'GET', '/v1/seller/stock');
  one = items[0]?.variantId ?? '';
  await market.node.setStock(one, 500);
  visitor = createVisitor(url);
  await visitor.get('/dang-nhap');
  await visitor.post('/dang-nhap', { login: 'nguoiban@cho-noi.example', password: demoPassword });
  await visitor.get('/ban-hang');
});
afterAll(() => market.close());

async function paid(phone: string = recipient.phone): Promise<Group> {
  const { guest, bank, node } = market;
  const { cartId } = await guest.openCart();
  for (const line of [
    [one, 2],
    [market.variant().variantId, 1],
  ] as const)
    await guest.put(cartId, line);
  await guest.deliver(cartId, phone);
  const group = await guest.checkout(cartId);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return group;
}
const read = (code: string, phone: string = recipient.phone) =>
  market.guest.client.send<Confirmation & { code: string }>('POST', '/v1/orders/confirmation', {
    body: { code, phone },
  });
const ownCode = (group: Group): string =>
  group.orders.find(({ business }) => business.name.includes('Bãi Giồng'))?.code ?? '';

describe('the confirmation of what was agreed', () => {
  test('is made once by the job, or at once when asked for, and says all that a contract needs', async () => {
    const group = await paid();
    await market.node.runScheduled('orders.confirm-paid');
    const { body, status } = await read(group.code);
    expect(status).toBe(200);
    expect(body.content).toMatchObject({ group: group.code, totalVnd: group.totalVnd, method: 'vietqr' });
    expect(body.content.orders).toHaveLength(2);
    expect(body.content.orders.flatMap(({ lines }) => lines).every(({ vatVnd }) => vatVnd >= 0)).toBe(true);
    expect(
      createHash('sha256')
        .update(canonicalize(body.content) ?? '')
        .digest('hex'),
    ).toBe(body.sha256);
    expect(body.delivery?.recipient.name).toBe(recipient.name);
    const fresh = await paid();
    expect((await read(ownCode(fresh))).body.content.group).toBe(fresh.code);
  });

  test('does not change when names, prices or the order do, and cannot be changed', async () => {
    const group = await paid();
    const before = await read(group.code);
    await market.node.setPrice(one, 99_000);
    await market.node.db.execute(
      sql`update businesses set name = name || ' (mới)' where id = ${group.orders[0]?.business.businessId}`,
    );
    await seller.expect(200, 'POST', `/v1/seller/orders/${ownCode(group)}/cancel`, {
      body: { reason: 'Hết hàng' },
      headers: { 'idempotency-key': group.code },
    });
    expect((await read(group.code)).text).toBe(before.text);
    const spoil = market.node.db.execute(sql`update order_confirmations set content = content || ' '`);
    await expect(spoil).rejects.toMatchObject({ cause: { code: '42501' } });
  });

  test('is for whoever knows the phone number, and of what was paid', async () => {
    const group = await paid();
    expect(await read(group.code, '0987654321')).toMatchObject({ status: 404, body: { code: 'tracking-mismatch' } });
    const unpaid = await market.guest.order([one, 1]);
    expect(await read(unpaid.code)).toMatchObject({ status: 409, body: { code: 'confirmation-not-yet' } });
  });

  test('names nobody: whoever asks to be forgotten is, and it stays', async () => {
    const phone = '0911222333';
    const group = await paid(phone);
    await read(group.code, phone);
    const { rows: kept } = await market.node.db.execute<{ content: string }>(
      sql`select content from order_confirmations c join order_groups g on g.id = c.group_id where g.code = ${group.code}`,
    );
    for (const secret of [recipient.name, '911222333', home.line]) expect(kept[0]?.content).not.toContain(secret);
    for (const { code } of group.orders)
      await market.node.services.orders.cancelOrder(code, { actor: 'test' }, { reason: 'x' });
    await transact(
      market.node.db,
      'test',
      (tx) =>
        orderPersonalData.erase?.(tx, { accountId: 'x', phone: '+84911222333', email: null } as never, new Date()) ??
        Promise.resolve(),
    );
    const { rows } = await market.node.db.execute(
      sql`select content from order_confirmations c join order_groups g on g.id = c.group_id where g.code = ${group.code}`,
    );
    expect(rows).toEqual(kept);
  });

  test('is a page and a PDF, the same one each time, without a number in an address', async () => {
    const group = await paid();
    const buyer = createVisitor(market.node.url);
    await buyer.get('/tra-cuu');
    const form = { code: group.code, phone: recipient.phone };
    expect((await buyer.post('/tra-cuu', form)).text).toContain('Xem xác nhận đơn hàng');
    const shown = await buyer.post('/tra-cuu/xac-nhan', form);
    expect(shown.text).toContain(`Xác nhận đơn hàng ${group.code}`);
    expect(shown.text).toContain(recipient.name);
    const files = [await buyer.post('/tra-cuu/xac-nhan.pdf', form), await buyer.post('/tra-cuu/xac-nhan.pdf', form)];
    expect(files[0]?.html.startsWith('%PDF-')).toBe(true);
    expect(files[0]?.html).toBe(files[1]?.html);
    expect((await buyer.post('/km/tra-cuu/xac-nhan.pdf', form)).status).toBe(200);
  });
});

describe('what a seller prints', () => {
  const act = (code: string, verb: string, body: object = {}) =>
    seller.expect<unknown>(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body });

  test('the picking list has the pieces of confirmed orders that are in no parcel, and of nobody else', async () => {
    const [first, second] = [await paid(), await paid()];
    for (const group of [first, second]) await act(ownCode(group), 'confirm');
    const listed = await visitor.get('/ban-hang/nhat-hang');
    for (const group of [first, second]) expect(listed.text).toContain(ownCode(group));
    expect(listed.text).toMatch(/\b4\b/);
    await act(ownCode(first), 'pack');
    const after = await visitor.get('/ban-hang/nhat-hang');
    expect(after.text).not.toContain(ownCode(first));
    expect((await visitor.get('/ban-hang/nhat-hang.pdf')).html.startsWith('%PDF-')).toBe(true);
  });

  test('labels are of packed parcels, one page each, or of those asked for; another seller gets none', async () => {
    const group = await paid();
    await act(ownCode(group), 'confirm');
    await act(ownCode(group), 'pack', { lines: [{ variantId: one, quantity: 1 }] });
    await act(ownCode(group), 'pack');
    const page = await visitor.get('/ban-hang/nhan-kien');
    expect(page.text).toContain(recipient.name);
    // A courier of another province must know which Phường Sóc Trăng it is.
    expect(page.text).toContain('Thành phố Cần Thơ');
    const { rows } = await market.node.db.execute<{ code: string }>(
      sql`select s.code from shipments s join orders o on o.id = s.order_id where o.code = ${ownCode(group)} order by s.code`,
    );
    const [code = ''] = rows.map((row) => row.code);
    const pages = (text: string) => text.match(/\/Type \/Page\b/g)?.length ?? 0;
    expect(pages((await visitor.get(`/ban-hang/nhan-kien.pdf?ma=${rows.map((row) => row.code).join(',')}`)).html)).toBe(
      2,
    );
    expect(pages((await visitor.get(`/ban-hang/nhan-kien.pdf?ma=${code.toLowerCase()}`)).html)).toBe(1);
    const other = createVisitor(market.node.url);
    await other.get('/dang-nhap');
    await other.post('/dang-nhap', { login: 'nguoiban2@cho-noi.example', password: demoPassword });
    expect((await other.get(`/ban-hang/nhan-kien?ma=${code}`)).text).not.toContain(recipient.name);
    // No sheet without anything on it: the page says what to do.
    const none = await other.get(`/ban-hang/nhan-kien.pdf?ma=${code}`);
    expect(none.html.startsWith('%PDF-')).toBe(false);
    expect(none).toMatchObject({ status: 303, location: '/ban-hang/nhan-kien' });
  });
});
