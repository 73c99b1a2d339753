import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { demoPassword } from '#test/support/node.ts';
import { fresh, recipient, signIn } from '#test/support/people.ts';
import { photograph, withExif } from '#test/support/pictures.ts';

type Return = {
  readonly code: string;
  readonly state: string;
  readonly expectedVnd: number;
  readonly refundVnd: number | null;
  readonly photoCount: number;
  readonly dueAt: string | null;
  readonly escalatedAt: string | null;
  readonly events: readonly { readonly type: string }[];
};
const { phone } = recipient;
const dayMs = 86_400_000;

let market: Market;
let seller: Client;
let other: Client;
let officer: Client;
let one: string;
let two: string;
let cold: string;
beforeAll(async () => {
  market = await openMarket();
  const { node } = market;
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  other = await signIn(node.url, 'nguoiban2@cho-noi.example', demoPassword);
  officer = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  // One size each of three products of the seller's.
  const { rows } = await node.db.execute<{
    id: string;
  }>(sql`select min(v.id::text) as id from variants v join products p on p.id = v.product_id
    join businesses b on b.id = p.business_id where b.slug = 'htx-hanh-tim-bai-giong' and p.status = 'listed' group by p.id order by 1 limit 3`);
  [one = '', two = '', cold = ''] = rows.map(({ id }) => id);
  for (const variantId of [one, two, cold]) await node.setStock(variantId, 500);
  await node.db.execute(
    sql`update products set storage = 'ambient' where id in (select product_id from variants where id in (${one}, ${two}))`,
  );
  await node.db.execute(
    sql`update products set storage = 'fresh' where id = (select product_id from variants where id = ${cold})`,
  );
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

/** An order of these lines that was delivered a moment ago. */
async function delivered(
  ...lines: readonly (readonly [string, number])[]
): Promise<{ code: string; totalVnd: number }> {
  const group = await market.guest.order(...lines);
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const [order] = group.orders;
  const code = order?.code ?? '';
  for (const verb of ['confirm', 'ship', 'deliver'])
    await seller.expect(204, 'POST', `/v1/seller/orders/${code}/${verb}`, { body: {} });
  return { code, totalVnd: order?.totalVnd ?? 0 };
}
const pieces = (variantId: string, quantity: number) => ({ variantId, quantity });
const request = (code: string, body: object) =>
  market.guest.client.expect<Return>(201, 'POST', `/v1/orders/${code}/returns`, { body: { phone, ...body } });
const refusal = async (code: string, body: object) => {
  const sent = { body: { phone, ...body } };
  return (await market.guest.client.send<{ code: string }>('POST', `/v1/orders/${code}/returns`, sent)).body.code;
};
const say = (code: string, verb: string, body: object = {}) =>
  market.guest.client.expect(204, 'POST', `/v1/returns/${code}/${verb}`, { body: { phone, ...body } });
const see = (code: string) =>
  market.guest.client.expect<Return>(200, 'POST', '/v1/returns/track', { body: { code, phone } });
const accept = (code: string, body: object = {}) =>
  seller.expect<{ state: string; refundVnd: number | null }>(200, 'POST', `/v1/seller/returns/${code}/accept`, {
    body,
    headers: fresh(),
  });
const refund = (code: string) =>
  seller.expect<{ refundVnd: number }>(200, 'POST', `/v1/seller/returns/${code}/refund`, { headers: fresh() });
/** Whether an officer is called for a return of this order. */
const isCalled = async (code: string): Promise<boolean> => {
  type Items = { readonly items: readonly { readonly title: string }[] };
  const { items } = await officer.expect<Items>(200, 'GET', '/v1/staff/queues/complaints?limit=100');
  return items.some(({ title }) => title.endsWith(code));
};

describe('a return', () => {
  test('goes back whole, with its money by the way it came, its pieces on the shelf and the order returned', async () => {
    const { code, totalVnd } = await delivered([one, 2]);
    const shelf = async () =>
      (await market.node.db.execute<{ n: number }>(sql`select on_hand as n from stock where variant_id = ${one}`))
        .rows[0]?.n ?? 0;
    const before = await shelf();
    const made = await request(code, { reason: 'damaged', note: 'Vỡ hai hũ', lines: [pieces(one, 2)] });
    expect(made).toMatchObject({ state: 'requested', refundVnd: null, photoCount: 0 });
    expect(await accept(made.code)).toMatchObject({ state: 'accepted', refundVnd: null });
    await say(made.code, 'send-back', { carrier: 'Bưu điện', trackingNumber: 'EB1' });
    await seller.expect(204, 'POST', `/v1/seller/returns/${made.code}/receive`, { body: { restock: true } });
    // The seller was at fault and all of the order went back: so did the freight.
    expect(await refund(made.code)).toMatchObject({ refundVnd: totalVnd });
    expect(await shelf()).toBe(before + 2);
    const { rows } =
      await market.node.db.execute(sql`select o.payment_status, o.fulfilment_status, r.amount_vnd::int as amount, r.reason
      from orders o join refunds r on r.order_id = o.id where o.code = ${code}`);
    expect(rows).toEqual([
      { payment_status: 'refunded', fulfilment_status: 'returned', amount: totalVnd, reason: 'returned' },
    ]);
    expect((await see(made.code)).events.map(({ type }) => type)).toEqual([
      'requested',
      'accepted',
      'sent-back',
      'received',
      'refunded',
    ]);
  });

  test('of what had come, with the rest called off afterwards, ends an order that was received: its freight is earned', async () => {
    const group = await market.guest.order([one, 3]);
    const { qr } = await market.guest.pay(group.code, 'vietqr');
    await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    const code = group.orders[0]?.code ?? '';
    const act = (verb: string, body: object = {}, status = 204) =>
      seller.expect(status, 'POST', `/v1/seller/orders/${code}/${verb}`, { body, headers: fresh() });
    await act('confirm');
    await act('ship', { lines: [pieces(one, 1)] });
    await act('deliver');
    const made = await request(code, { reason: 'changed-mind', lines: [pieces(one, 1)] });
    await accept(made.code, { keepGoods: true });
    await act('cancel', { reason: 'Hết hàng', lines: [pieces(one, 2)] }, 200);
    const { rows } = await market.node.db.execute(
      sql`select o.status, o.fulfilment_status as fulfilment, (select count(*)::int from order_events e where e.order_id = o.id and e.type = 'delivered') as received from orders o where o.code = ${code}`,
    );
    expect(rows).toEqual([{ status: 'completed', fulfilment: 'returned', received: 1 }]);
  });

  test('of some pieces gives their part back, in steps that sum to the whole, and the freight stays when a mind changed', async () => {
    const { code, totalVnd } = await delivered([one, 3], [two, 1]);
    const paid = (await market.guest.group(code)).orders[0] as unknown as { shippingVnd: number };
    const sums = [];
    for (const lines of [[pieces(one, 1)], [pieces(one, 2)], [pieces(two, 1)]]) {
      const made = await request(code, { reason: 'changed-mind', lines });
      sums.push((await accept(made.code, { keepGoods: true })).refundVnd ?? 0);
    }
    expect(sums.reduce((sum, part) => sum + part, 0)).toBe(totalVnd - paid.shippingVnd);
    expect(await refusal(code, { reason: 'damaged', lines: [pieces(one, 1)] })).toBe('pieces-not-returnable');
  });

  test('is refunded once, however often it is asked for', async () => {
    const { code } = await delivered([one, 1]);
    const made = await request(code, { reason: 'poor-quality', lines: [pieces(one, 1)] });
    await accept(made.code);
    await say(made.code, 'send-back');
    await seller.expect(204, 'POST', `/v1/seller/returns/${made.code}/receive`, { body: { restock: false } });
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        seller.send('POST', `/v1/seller/returns/${made.code}/refund`, { headers: fresh() }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    const { rows } = await market.node.db.execute(
      sql`select count(*)::int as n from refunds r join orders o on o.id = r.order_id where o.code = ${code}`,
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  test('keeps the same piece from being asked back twice at the same instant', async () => {
    const { code } = await delivered([one, 1]);
    const body = { phone, reason: 'damaged', lines: [pieces(one, 1)] };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => market.guest.client.send('POST', `/v1/orders/${code}/returns`, { body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });
});

describe('the published terms', () => {
  test('are kept to the instant: seven days, and for fresh goods a day and only when they came damaged', async () => {
    const { clock } = market.node;
    const { code } = await delivered([one, 1], [cold, 1]);
    expect(await refusal(code, { reason: 'changed-mind', lines: [pieces(cold, 1)] })).toBe('perishable-not-returnable');
    clock.advance(dayMs + 1_000);
    expect(await refusal(code, { reason: 'damaged', lines: [pieces(cold, 1)] })).toBe('return-window-over');
    clock.advance(6 * dayMs - 60_000);
    const made = await request(code, { reason: 'changed-mind', lines: [pieces(one, 1)] });
    await say(made.code, 'withdraw');
    clock.advance(2 * 60_000);
    expect(await refusal(code, { reason: 'damaged', lines: [pieces(one, 1)] })).toBe('return-window-over');
  });

  test('stand on a page, with the days of the row by which returns are judged', async () => {
    const { text } = await market.guest.client.send('GET', '/chinh-sach-doi-tra');
    expect(text).toContain('Trong 7 ngày kể từ khi nhận hàng');
    expect(text).toContain('báo trong 24 giờ');
  });

  test('cannot be changed by the application', async () => {
    await expect(market.node.db.execute(sql`update care_policies set return_days = 1`)).rejects.toThrow();
    await expect(market.node.db.execute(sql`delete from return_events`)).rejects.toThrow();
  });
});

describe('where seller and shopper do not agree, or one is silent', () => {
  test('a silent seller is replaced by an officer after three days', async () => {
    const { code } = await delivered([one, 1]);
    const made = await request(code, { reason: 'damaged', lines: [pieces(one, 1)] });
    market.node.clock.advance(3 * dayMs - 60_000);
    await market.node.runScheduled('care.clocks');
    expect(await isCalled(code)).toBe(false);
    market.node.clock.advance(2 * 60_000);
    await market.node.runScheduled('care.clocks');
    expect(await isCalled(code)).toBe(true);
    const verdict = { verdict: 'refund', note: 'Người bán không trả lời' };
    const path = `/v1/staff/returns/${made.code}/verdict`;
    expect(await officer.expect(200, 'POST', path, { body: verdict, headers: fresh() })).toMatchObject({
      state: 'refunded',
    });
    expect(await isCalled(code)).toBe(false);
  });

  test('a refusal needs its reason, can be taken to an officer, and ends the return when nobody does', async () => {
    const { code } = await delivered([one, 2]);
    const lines = [pieces(one, 1)];
    const [first, second] = [
      await request(code, { reason: 'damaged', lines }),
      await request(code, { reason: 'damaged', lines }),
    ];
    const refuse = (which: Return, note: string) =>
      seller.send<{ code: string }>('POST', `/v1/seller/returns/${which.code}/refuse`, { body: { note } });
    expect((await refuse(first, '  ')).body.code).toBe('return-words-missing');
    for (const which of [first, second]) expect((await refuse(which, 'Hũ đã mở')).status).toBe(204);
    await say(first.code, 'appeal', { note: 'Vỡ sẵn' });
    const reject = { verdict: 'reject', note: 'Ảnh cho thấy đã dùng' };
    await officer.expect(200, 'POST', `/v1/staff/returns/${first.code}/verdict`, { body: reject, headers: fresh() });
    market.node.clock.advance(8 * dayMs);
    await market.node.runScheduled('care.clocks');
    expect((await see(second.code)).state).toBe('rejected');
    expect(await see(first.code)).toMatchObject({ state: 'rejected', escalatedAt: null });
  });

  test('goods that were received go back in money by themselves, and those never sent end the return', async () => {
    const { code } = await delivered([one, 2]);
    const lines = [pieces(one, 1)];
    const [first, second] = [
      await request(code, { reason: 'damaged', lines }),
      await request(code, { reason: 'damaged', lines }),
    ];
    for (const { code: own } of [first, second]) await accept(own);
    await say(first.code, 'send-back');
    await seller.expect(204, 'POST', `/v1/seller/returns/${first.code}/receive`, { body: { restock: false } });
    market.node.clock.advance(8 * dayMs);
    await market.node.runScheduled('care.clocks');
    expect(await see(first.code)).toMatchObject({ state: 'refunded', refundVnd: first.expectedVnd });
    expect((await see(second.code)).state).toBe('lapsed');
  });

  test('a step that is not the next one changes nothing', async () => {
    const { code } = await delivered([one, 1]);
    const made = await request(code, { reason: 'damaged', lines: [pieces(one, 1)] });
    const tries = [
      ['receive', { restock: true }],
      ['contest', { note: 'Sai' }],
      ['refund', {}],
    ] as const;
    for (const [verb, body] of tries) {
      const answer = await seller.send<{ code: string }>('POST', `/v1/seller/returns/${made.code}/${verb}`, {
        body,
        headers: fresh(),
      });
      expect(answer.body.code, verb).toBe('return-not-movable');
    }
    expect((await see(made.code)).events).toHaveLength(1);
  });
});

describe('whose it is', () => {
  test('neither another number, nor another seller, nor a code of nothing opens a return', async () => {
    const { code } = await delivered([one, 1]);
    const made = await request(code, { reason: 'damaged', lines: [pieces(one, 1)] });
    const stranger = { code: made.code, phone: '0987654321' };
    expect((await market.guest.client.send('POST', '/v1/returns/track', { body: stranger })).status).toBe(404);
    expect((await market.guest.client.send('POST', '/v1/returns/track', { body: { code: made.code } })).status).toBe(
      404,
    );
    expect((await other.send('GET', `/v1/seller/returns/${made.code}`)).status).toBe(404);
    expect((await other.send('POST', `/v1/seller/returns/${made.code}/refuse`, { body: { note: 'x' } })).status).toBe(
      404,
    );
    const { text } = await market.guest.client.send('GET', `/doi-tra/${made.code}`);
    expect(text).not.toContain(phone);
    expect((await see(made.code)).state).toBe('requested');
  });

  test('lines of no order, and nothing at all, are refused', async () => {
    const { code } = await delivered([one, 1]);
    const stranger = '01900000-0000-7000-8000-00000000dead';
    expect(await refusal(code, { reason: 'damaged', lines: [pieces(stranger, 1)] })).toBe('line-not-of-order');
    expect(await refusal(code, { reason: 'damaged', lines: [pieces(one, 2)] })).toBe('pieces-not-returnable');
    expect(await refusal(code, { reason: 'because', lines: [pieces(one, 1)] })).toBe('invalid-request');
  });

  test('photos are taken up to six, and shown without the place where they were made', async () => {
    const { code } = await delivered([one, 1]);
    const made = await request(code, { reason: 'damaged', lines: [pieces(one, 1)] });
    const photo = await withExif(await photograph(400, 300));
    const add = async () => {
      const form = new FormData();
      form.set('phone', phone);
      form.set('photo', new Blob([new Uint8Array(photo)]), 'a.jpg');
      return (await market.guest.client.send('POST', `/v1/returns/${made.code}/photos`, { body: form })).status;
    };
    const statuses = [];
    for (let sent = 0; sent < 7; sent += 1) statuses.push(await add());
    expect(statuses).toEqual([204, 204, 204, 204, 204, 204, 409]);
    await market.node.runJobs();
    const { text } = await seller.send('GET', `/ban-hang/doi-tra/${made.code}`);
    const src = /src="(\/ban-hang\/doi-tra\/[^"]+\/320)"/.exec(text)?.[1] ?? '';
    const shown = await seller.send('GET', src);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(shown.text).not.toContain('MAY-ANH-BI-MAT');
    expect((await other.send('GET', src)).status).toBe(404);
  });
});
