import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { localDate } from '#core/clock.ts';
import { demoPassword } from '#test/support/node.ts';
import { openCounter } from '#test/support/payouts.ts';
import { recipient, signIn } from '#test/support/people.ts';
import { createVisitor, type Visitor } from '#test/web/visitor.ts';

type Wire = {
  readonly confirm: { readonly count: number; readonly items: readonly { readonly code: string }[] };
  readonly pack: { readonly orders: number; readonly pieces: number; readonly late: number };
  readonly handOver: { readonly parcels: number };
  readonly waiting: {
    readonly items: readonly { readonly kind: string; readonly id: string; readonly dueAt: string | null }[];
  };
  readonly stock: { readonly items: readonly { readonly variantId: string; readonly onHand: number }[] };
  readonly money: {
    readonly dueVnd: number;
    readonly comingVnd: number;
    readonly heldVnd: number;
    readonly nextDueAt: string | null;
  } | null;
  readonly papers: {
    readonly items: readonly { readonly kind: string; readonly within: number; readonly daysLeft: number }[];
  } | null;
};

const dayMs = 86_400_000;
let counter: Awaited<ReturnType<typeof openCounter>>;
let visitor: Visitor;
const read = (): Promise<Wire> => counter.seller.expect<Wire>(200, 'GET', '/v1/seller/today');
const codesOf = ({ confirm }: Wire): readonly string[] => confirm.items.map(({ code }) => code);
async function order(pieces = 1): Promise<string> {
  const { orders } = await counter.buy([counter.variants.own, pieces]);
  return orders[0]?.code ?? '';
}

beforeAll(async () => {
  counter = await openCounter();
  visitor = createVisitor(counter.node.url);
  await visitor.get('/dang-nhap');
  await visitor.post('/dang-nhap', { login: 'nguoiban@cho-noi.example', password: demoPassword });
  await visitor.get('/ban-hang');
});
afterAll(() => counter.close());

test('a morning: new orders are confirmed together, packed, handed over, and each goes from the page when it is done', async () => {
  const before = await read();
  const [first, second] = [await order(2), await order()];
  expect(codesOf(await read())).toEqual(expect.arrayContaining([first, second]));
  const page = await visitor.get('/ban-hang');
  expect(page.text).toContain(first);
  // What comes in while the page is open is confirmed by nobody who has not seen it.
  const unseen = await order();
  const done = await visitor.post('/ban-hang', { code: [first, second] });
  expect(done.location).toBe('/ban-hang?nhan=2&khong=0');
  expect((await visitor.get('/ban-hang?nhan=2')).text).toContain('Đã nhận 2 đơn');
  const after = await read();
  expect(codesOf(after)).toContain(unseen);
  expect(codesOf(after)).not.toContain(first);
  expect(after.pack).toMatchObject({ orders: before.pack.orders + 2, pieces: before.pack.pieces + 3, late: 0 });
  const { orders } = counter.node.services;
  await orders.packOrder(first, { actor: 'test' });
  expect((await read()).pack.orders).toBe(before.pack.orders + 1);
  expect((await read()).handOver.parcels).toBe(before.handOver.parcels + 1);
  await orders.shipOrder(first, { actor: 'test' });
  expect((await read()).handOver.parcels).toBe(before.handOver.parcels);
});

test('of several, one that cannot be confirmed any more stops none of the others; another’s is none', async () => {
  const [gone, open] = [await order(), await order()];
  await counter.node.services.orders.cancelOrder(gone, { actor: 'test' }, { reason: 'x' });
  expect((await visitor.post('/ban-hang', { code: [gone, open] })).location).toBe('/ban-hang?nhan=1&khong=1');
  expect((await visitor.get('/ban-hang?khong=1')).text).toContain('1 đơn không nhận được nữa');
  const stranger = createVisitor(counter.node.url);
  await stranger.get('/dang-nhap');
  await stranger.post('/dang-nhap', { login: 'nguoiban2@cho-noi.example', password: demoPassword });
  const own = await order();
  expect((await stranger.get('/ban-hang')).text).not.toContain(own);
  expect((await stranger.post('/ban-hang', { code: own })).status).toBe(404);
  expect(codesOf(await read())).toContain(own);
});

test('an order that should be gone by now is said to be late', async () => {
  const code = await order();
  await counter.node.services.orders.confirmOrder(code, { actor: 'test' });
  await counter.node.db.execute(sql`update orders set send_by = now() - interval '1 hour' where code = ${code}`);
  expect((await read()).pack.late).toBe(1);
  await counter.node.services.orders.shipOrder(code, { actor: 'test' });
  expect((await read()).pack.late).toBe(0);
});

test('money shows what is coming with its day, then what is due; a complaint holds it and waits with its clock', async () => {
  await counter.setAccount(counter.own);
  const code = await order();
  await counter.deliver(code);
  const coming = (await read()).money;
  expect(coming?.comingVnd).toBeGreaterThan(0);
  expect(Date.parse(coming?.nextDueAt ?? '')).toBeGreaterThan(counter.node.clock.now().getTime());
  const filed = await counter.guest.client.expect<{ code: string }>(201, 'POST', '/v1/complaints', {
    body: {
      ...{ phone: recipient.phone, subject: 'order', about: code, kind: 'damaged', wish: 'refund-whole' },
      text: 'Bị vỡ',
    },
  });
  const held = await read();
  expect(held.money?.heldVnd).toBeGreaterThan(0);
  const waiting = held.waiting.items.find(({ id }) => id === filed.code);
  expect(waiting).toMatchObject({ kind: 'complaint', dueAt: expect.any(String) });
  expect((await visitor.get('/ban-hang')).text).toContain('Trả lời trước');
  await counter.seller.expect(204, 'POST', `/v1/seller/complaints/${filed.code}/offer`, {
    body: { kind: 'refund', amountVnd: 1_000, text: 'Xin lỗi' },
  });
  expect((await read()).waiting.items.some(({ id }) => id === filed.code)).toBe(false);
});

test('papers and shelves show while something is to be done about them', async () => {
  const { node, own } = counter;
  const endsOn = localDate(new Date(node.clock.now().getTime() + 20 * dayMs));
  const paper = { kind: 'food-safety', number: '1', issuer: 'UBND', issuedOn: '2024-01-01' } as const;
  const send = (expiresOn: string) =>
    node.services.businesses.addPaper(
      { actor: 'test' },
      own,
      { ...paper, expiresOn },
      {
        bytes: Buffer.from(`%PDF-1.7\n${expiresOn}\n%%EOF`),
        name: 'giay.pdf',
      },
    );
  await send(endsOn);
  const foodSafety = async () =>
    (await read()).papers?.items.filter(({ kind, daysLeft }) => kind === 'food-safety' && daysLeft === 20);
  expect(await foodSafety()).toMatchObject([{ within: 30 }]);
  await send(localDate(new Date(node.clock.now().getTime() + 900 * dayMs)));
  expect(await foodSafety()).toEqual([]);
  const variantId = counter.variants.own;
  const isLow = async () => (await read()).stock.items.some((one) => one.variantId === variantId);
  expect(await isLow()).toBe(false);
  await node.db.execute(sql`update stock set low_at = on_hand where variant_id = ${variantId}`);
  expect(await isLow()).toBe(true);
  await node.db.execute(sql`update stock set low_at = null where variant_id = ${variantId}`);
  expect(await isLow()).toBe(false);
});

test('who packs is shown neither money nor papers', async () => {
  const packer = await signIn(counter.node.url, 'nguoiban2@cho-noi.example', demoPassword);
  const { rows } = await counter.node.db.execute<{ id: string }>(
    sql`select account_id as id from business_members m join businesses b on b.id = m.business_id where b.code = 'B002'`,
  );
  await counter.node.db.execute(
    sql`update business_members set role = 'packer' where account_id = any(${sql.param(rows.map(({ id }) => id))}::uuid[])`,
  );
  expect(await packer.expect<Wire>(200, 'GET', '/v1/seller/today')).toMatchObject({ money: null, papers: null });
});
