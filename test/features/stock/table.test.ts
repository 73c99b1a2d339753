import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';

type Size = {
  readonly variantId: string;
  readonly sku: string;
  readonly name: string;
  readonly onHand: number;
  readonly held: number;
};
type Saved = {
  readonly editId: string | null;
  readonly items: readonly {
    readonly variantId: string;
    readonly outcome: string;
    readonly priceVnd: number;
    readonly onHand: number;
  }[];
};

let node: TestNode;
let seller: Client;
let other: Client;
let one: Size;
let two: Size;

beforeAll(async () => {
  node = await startNode();
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  other = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  const { items } = await seller.expect<{ items: Size[] }>(200, 'GET', '/v1/seller/stock');
  [one, two] = items as [Size, Size];
});
afterAll(() => node.close());

const now = async (id: string) => {
  const { rows } = await node.db.execute<{ price: string; stock: number }>(
    sql`select p.price_vnd as price, s.on_hand as stock from prices p join stock s using (variant_id) where variant_id = ${id}`,
  );
  return { price: Number(rows[0]?.price), stock: rows[0]?.stock ?? -1 };
};
const put = (what: 'stock' | 'prices', items: readonly object[], more: object = {}) =>
  seller.expect<Saved>(200, 'PUT', `/v1/seller/${what}`, { body: { items, ...more } });
const undo = (editId: string | null, client = seller) =>
  client.send<{ code?: string }>('POST', `/v1/seller/table-edits/${editId}/undo`);
const minutes = (count: number): number => count * 60_000;

describe('many at once', () => {
  test('what was changed by somebody else is left alone and shown; the rest is saved', async () => {
    const before = await now(two.variantId);
    const saved = await put('stock', [
      { variantId: one.variantId, onHand: 321, seenOnHand: one.onHand },
      { variantId: two.variantId, onHand: 654, seenOnHand: before.stock + 1 },
    ]);
    expect(saved.items.map(({ outcome, onHand }) => [outcome, onHand])).toEqual([
      ['saved', 321],
      ['changed-by-another', before.stock],
    ]);
    expect([(await now(one.variantId)).stock, (await now(two.variantId)).stock]).toEqual([321, before.stock]);
  });

  test('stock does not go below what shoppers hold, and says so', async () => {
    await node.guest.order([one.variantId, 4]);
    const saved = await put('stock', [{ variantId: one.variantId, onHand: 3 }]);
    expect(saved.items[0]?.outcome).toBe('below-held');
    expect(saved.editId).toBeNull();
  });

  test("another's goods are not there", async () => {
    const before = await now(one.variantId);
    const body = { items: [{ variantId: one.variantId, priceVnd: 1_000 }] };
    expect(await other.send('PUT', '/v1/seller/prices', { body })).toMatchObject({
      body: { items: [{ outcome: 'not-found' }] },
    });
    expect(await now(one.variantId)).toEqual(before);
  });

  test.each([
    [{ items: [] }],
    [{ items: [{ variantId: 'x', priceVnd: 5 }] }],
    [{ items: [{ variantId: '01900000-0000-7000-8000-00000000dead', priceVnd: '5' }] }],
    [{ items: [{ variantId: '01900000-0000-7000-8000-00000000dead', priceVnd: 0 }] }],
    [{ items: [{ variantId: '01900000-0000-7000-8000-00000000dead', priceVnd: 5, businessId: 'x' }] }],
  ])('refuses %j', async (body) => {
    expect((await seller.send('PUT', '/v1/seller/prices', { body })).status).toBe(400);
  });
});

describe('a price', () => {
  test('within bounds holds at once, with its history; far beyond them it waits for an officer', async () => {
    const { price } = await now(one.variantId);
    const near = price + 1_000;
    expect(
      (await put('prices', [{ variantId: one.variantId, priceVnd: near, seenPriceVnd: price }])).items[0],
    ).toMatchObject({
      outcome: 'saved',
      priceVnd: near,
    });
    const { rows } = await node.db.execute(
      sql`select price_vnd::int as price from price_history where variant_id = ${one.variantId} order by valid_from desc, id desc limit 1`,
    );
    expect(rows).toEqual([{ price: near }]);
    const far = await put('prices', [{ variantId: one.variantId, priceVnd: price * 3 }]);
    expect(far.items[0]?.outcome).toBe('waits');
    expect((await now(one.variantId)).price).toBe(near);
    const { rows: waiting } = await node.db.execute(
      sql`select count(*)::int as count from change_sets where status = 'proposed'`,
    );
    expect(waiting).toEqual([{ count: 1 }]);
  });
});

describe('taking a save back', () => {
  test('brings back what was there, but for pieces that were sold meanwhile; once', async () => {
    const before = await now(two.variantId);
    const { editId } = await put('stock', [{ variantId: two.variantId, onHand: before.stock + 50 }]);
    await node.setStock(two.variantId, before.stock + 47);
    expect((await undo(editId, other)).body.code).toBe('table-edit-not-found');
    expect((await undo(editId)).status).toBe(200);
    expect((await now(two.variantId)).stock).toBe(before.stock - 3);
    expect((await undo(editId)).body.code).toBe('undo-too-late');
  });

  test('a price that somebody changed again stays', async () => {
    const before = await now(two.variantId);
    const { editId } = await put('prices', [{ variantId: two.variantId, priceVnd: before.price + 500 }]);
    await put('prices', [{ variantId: two.variantId, priceVnd: before.price + 1_000 }]);
    await undo(editId);
    expect((await now(two.variantId)).price).toBe(before.price + 1_000);
  });

  test('not after ten minutes', async () => {
    const before = await now(two.variantId);
    const { editId } = await put('stock', [{ variantId: two.variantId, onHand: before.stock + 1 }]);
    node.clock.advance(minutes(11));
    expect(await undo(editId)).toMatchObject({ status: 409, body: { code: 'undo-too-late' } });
  });
});

describe('the journal of a shelf', () => {
  const move = (reason: string, quantity: number) =>
    seller.send<{ onHand?: number; code?: string }>('POST', `/v1/seller/stock/${two.variantId}/movements`, {
      body: { reason, quantity },
    });
  test('says why stock is what it is, and who said so', async () => {
    const { stock } = await now(two.variantId);
    expect((await move('received', 30)).body.onHand).toBe(stock + 30);
    expect((await move('sold-elsewhere', 5)).body.onHand).toBe(stock + 25);
    expect((await move('damaged', 2)).body.onHand).toBe(stock + 23);
    expect((await move('count', 99)).body.onHand).toBe(99);
    expect((await move('damaged', 100)).body.code).toBe('stock-below-held');
    expect((await move('sale', 1)).status).toBe(400);
    const { items } = await seller.expect<{ items: { reason: string; change: number; by: string }[] }>(
      200,
      'GET',
      `/v1/seller/stock/${two.variantId}/movements?limit=4`,
    );
    expect(items.map(({ reason, change }) => [reason, change])).toEqual([
      ['count', 99 - stock - 23],
      ['damaged', -2],
      ['sold-elsewhere', -5],
      ['received', 30],
    ]);
    expect(items[0]?.by).toBe('Chủ HTX Hành tím Bãi Giồng');
  });

  test('little left is told once each time it comes to that', async () => {
    const told = async (): Promise<number> => {
      await node.runScheduled('stock.tell-low');
      const { rows } = await node.db.execute<{ count: number }>(
        sql`select count(distinct key)::int as count from notices where kind = 'stock.low'`,
      );
      return rows[0]?.count ?? 0;
    };
    await seller.expect(204, 'PUT', `/v1/seller/stock/${two.variantId}/alert`, { body: { lowAt: 10 } });
    expect(await told()).toBe(0);
    await move('count', 10);
    expect([await told(), await told()]).toEqual([1, 1]);
    await move('sold-elsewhere', 3);
    expect(await told()).toBe(1);
    await move('received', 40);
    expect(await told()).toBe(1);
    node.clock.advance(minutes(1));
    await move('count', 2);
    expect(await told()).toBe(2);
  });
});

describe('the page', () => {
  const post = (body: Record<string, string>) =>
    seller.send<string>('POST', '/ban-hang/bang-gia', { body, headers: { accept: 'text/html' } });
  const row = (size: Size, seen: { price: number; stock: number }, price: string, stock: string) => ({
    [`seen-${size.variantId}`]: `${seen.price}:${seen.stock}`,
    [`price-${size.variantId}`]: price,
    [`stock-${size.variantId}`]: stock,
  });

  test.each(['=1+1', '<b>5</b>', '<script>alert(1)</script>', '-5', '1.5', 'liên hệ', '9'.repeat(30)])(
    'keeps %s as it was typed, and saves the other rows',
    async (typed) => {
      const [first, second] = [await now(one.variantId), await now(two.variantId)];
      const answer = await post({
        ...row(one, first, typed, String(first.stock)),
        ...row(two, second, String(second.price), String(second.stock + 1)),
      });
      expect(answer.status).toBe(422);
      expect(answer.text).not.toContain('<script>alert');
      expect(answer.text).toContain(typed.replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
      expect(await now(one.variantId)).toEqual(first);
      expect((await now(two.variantId)).stock).toBe(second.stock + 1);
    },
  );

  test('shows a change by percent before it is saved', async () => {
    const { price } = await now(one.variantId);
    const { text } = await seller.send<string>('GET', '/ban-hang/bang-gia?phan-tram=10');
    expect(text).toContain(`value="${Math.round((price * 1.1) / 500) * 500}"`);
    expect((await now(one.variantId)).price).toBe(price);
  });

  test('saves nothing when nothing was changed', async () => {
    const first = await now(one.variantId);
    const answer = await post(row(one, first, String(first.price), String(first.stock)));
    expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringContaining('luu=0')]);
  });
});
