import { createHash } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { days } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Counter, openCounter } from '#test/support/payouts.ts';
import { inDatabase } from '#test/support/postgres.ts';

type Line = Record<string, number> & { kind: string; orderCode: string | null; at: string };
type Statement = {
  month: string;
  number: string | null;
  openingVnd: number;
  closingVnd: number;
  lineCount: number;
  totals: Record<string, number>;
  items: Line[];
  nextCursor: string | null;
};

let counter: Counter;
let code = '';
let month = '';
beforeAll(async () => {
  counter = await openCounter();
  // Into the first days of a month, so that a fortnight stays in it.
  const today = counter.node.clock.now();
  const next = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 2));
  counter.node.clock.advance(next.getTime() - today.getTime());
  month = next.toISOString().slice(0, 7);
  await counter.setAccount(counter.own);
  const group = await counter.buy([counter.variants.own, 2]);
  code = group.orders[0]?.code ?? '';
  await counter.deliver(code);
});
afterAll(async () => {
  await counter.node.runJobs();
  await expectSound(counter.node.db, counter);
  await counter.close();
});

const read = (query = '') => counter.seller.expect<Statement>(200, 'GET', `/v1/seller/statement${query}`);
const orderRow = async () => {
  const { rows } = await counter.node.db.execute<Record<string, number> & { id: OrderId }>(
    sql`select id, subtotal_vnd::int as goods, shipping_vnd::int as shipping, commission_vnd::int as fee, commission_vat_vnd::int as vat from orders where code = ${code}`,
  );
  return rows[0] ?? ({} as never);
};

test('each đồng of a sale and its refund, by what it is, with its order', async () => {
  const { id, goods = 0, shipping = 0, fee = 0, vat = 0 } = await orderRow();
  const { payments } = counter.node.services;
  await transact(counter.node.db, 'test', (tx) =>
    payments.refundOrder(tx, { orderId: id, amountVnd: vnd(20_000), reason: 'returned', cause: 'returned:one' }),
  );
  const { items, totals, openingVnd, closingVnd, number } = await read();
  expect([openingVnd, number]).toEqual([0, null]);
  expect(items).toMatchObject([
    {
      kind: 'sale',
      orderCode: code,
      goodsVnd: goods,
      shippingVnd: shipping,
      feeVnd: -fee,
      feeVatVnd: -vat,
      discountVnd: 0,
    },
    { kind: 'refund-due', orderCode: code, refundVnd: -20_000, goodsVnd: 0 },
  ]);
  expect(items.every((line) => line.otherVnd === 0)).toBe(true);
  expect(items[1]?.feeVnd).toBeGreaterThan(0);
  expect(closingVnd).toBe(totals.netVnd);
  expect(closingVnd).toBe(-(await counter.balance('payable', counter.own)));
});

test('what was paid out is a line, and the rest is what is owed', async () => {
  counter.node.clock.advance(days(9));
  const run = await counter.run();
  await counter.end(run.payouts[0]?.code ?? '', 'paid');
  const { items, closingVnd } = await read();
  expect(items.at(-1)).toMatchObject({
    kind: 'payout',
    orderCode: null,
    reference: run.payouts[0]?.code,
    paidOutVnd: -run.totalVnd,
  });
  expect(closingVnd).toBe(0);
});

test('pages follow each other, and the file holds all of them', async () => {
  const first = await read('?limit=2');
  expect(first.items).toHaveLength(2);
  const second = await read(`?limit=2&cursor=${first.nextCursor}`);
  expect(second.nextCursor).toBeNull();
  expect([...first.items, ...second.items]).toEqual((await read()).items);
  const csv = await counter.seller.send('GET', '/v1/seller/statement/file');
  const rows = csv.text.replace('\ufeff', '').trim().split('\r\n');
  expect(rows).toHaveLength(1 + first.lineCount);
  expect(rows[0]).toMatch(/^at,kind,order,reference,goodsVnd,/);
  const json = await counter.seller.expect<Statement>(200, 'GET', '/v1/seller/statement/file?format=json');
  expect(json.items).toEqual((await read()).items);
});

describe('a month that is over is closed', () => {
  test('by the job, once, numbered, and never changed', async () => {
    await counter.node.runScheduled('settlement.freeze');
    expect((await read(`?month=${month}`)).number).toBeNull();
    const open = await read(`?month=${month}`);
    counter.node.clock.advance(days(31));
    await counter.node.runScheduled('settlement.freeze');
    await counter.node.runScheduled('settlement.freeze');
    const closed = await read(`?month=${month}`);
    expect(closed).toMatchObject({ number: `BK-${month.replace('-', '')}-B001`, openingVnd: 0, closingVnd: 0 });
    expect(closed.items).toEqual(open.items);
    const { items } = await counter.seller.expect<{ items: { number: string; sha256: string }[] }>(
      200,
      'GET',
      '/v1/seller/statements',
    );
    expect(items.map(({ number }) => number)).toEqual([closed.number]);
    const csv = await counter.seller.send('GET', `/v1/seller/statement/file?month=${month}`);
    expect(
      createHash('sha256')
        .update(`\ufeff${csv.text.replace('\ufeff', '')}`)
        .digest('hex'),
    ).toBe(items[0]?.sha256);
    const change = (statement: string) => inDatabase(counter.node.database.url, (client) => client.query(statement));
    await expect(change('update statements set closing_vnd = 1')).rejects.toThrow(/append-only/);
    await expect(change('delete from statement_lines')).rejects.toThrow(/append-only/);
  });

  test('what is booked into it later stands in the next, whose opening goes on from it', async () => {
    const late = await counter.buy([counter.variants.own, 1]);
    const inside = new Date(`${month}-20T00:00:00Z`).toISOString();
    await inDatabase(counter.node.database.url, async (client) => {
      await client.query('set session_replication_role = replica');
      await client.query(`update journals set at = $1 where key = 'sale:' || (select id from orders where code = $2)`, [
        inside,
        late.orders[0]?.code,
      ]);
    });
    expect((await read(`?month=${month}`)).closingVnd).toBe(0);
    const now = await read();
    expect(now).toMatchObject({ openingVnd: 0, items: [{ kind: 'sale', orderCode: late.orders[0]?.code }] });
    expect(now.closingVnd).toBe(-(await counter.balance('payable', counter.own)));
  });
});

test.each([
  ['?month=2099-01', 422, 'statement-month-invalid'],
  ['?month=2026-13', 400, 'invalid-request'],
  ['?month=abc', 400, 'invalid-request'],
  ['?cursor=abc', 400, 'invalid-cursor'],
  ['?businessId=0199d3a0-7c1e-7d4a-9a53-5b2f6f0c1a2b', 404, 'business-not-found'],
])('%s is refused', async (query, status, problem) => {
  expect(await counter.seller.send('GET', `/v1/seller/statement${query}`)).toMatchObject({
    status,
    body: { code: problem },
  });
});

test('another business has no part in it', async () => {
  expect(await counter.other.send('GET', `/v1/seller/statement?businessId=${counter.own}`)).toMatchObject({
    status: 404,
    body: { code: 'business-not-found' },
  });
});
