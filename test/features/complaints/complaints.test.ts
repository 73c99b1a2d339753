import { parse } from 'csv-parse/sync';
import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { localDate } from '#core/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { recipient } from '#test/support/people.ts';
import { photograph, withExif } from '#test/support/pictures.ts';
import {
  answer,
  counter,
  dayMs,
  decide,
  delivered,
  draft,
  events,
  file,
  hourMs,
  money,
  officer,
  openDesk,
  paid,
  phone,
  refundBeside,
  refusal,
  say,
  second,
  see,
  tick,
  trySay,
  words,
} from './stage.ts';

beforeAll(openDesk);
afterEach(async () => {
  await counter.node.runJobs();
  await expectSound(counter.node.db, counter);
});
afterAll(() => counter.close());

describe('a complaint', () => {
  test('that nobody answers comes to an officer, who gives the money back; then the rest is paid out', async () => {
    const order = await delivered(counter.variants.own, 3);
    const made = await file(order.code);
    expect(made).toMatchObject({ state: 'open', refundVnd: 0, messages: [{ author: 'shopper', text: words }] });
    await tick(47 * hourMs);
    expect((await see(made.code)).state).toBe('open');
    await tick(2 * hourMs);
    expect(await see(made.code)).toMatchObject({ state: 'escalated', answeredAt: null });
    // Once, however often the job runs.
    await counter.node.services.complaints.runClocks();
    expect(await events(made.code)).toEqual(['filed', 'no-answer']);
    await tick(7 * dayMs);
    expect(await money()).toMatchObject({ dueVnd: 0, comingVnd: 0, heldVnd: expect.any(Number) });
    const { heldVnd } = await money();
    expect(heldVnd).toBeGreaterThan(0);
    const half = Math.floor(order.totalVnd / 2);
    const decided = await decide(made.code, { verdict: 'refund', amountVnd: half, warn: true });
    expect(decided.body).toMatchObject({ state: 'decided', verdict: 'refund', refundVnd: half });
    expect(await see(made.code)).toMatchObject({ refundVnd: half, warned: true });
    const { rows } = await counter.node.db.execute(
      sql`select r.reason, r.amount_vnd::int as amount from refunds r join orders o on o.id = r.order_id where o.code = ${order.code}`,
    );
    expect(rows).toEqual([{ reason: 'complaint', amount: half }]);
    await tick(6 * dayMs);
    expect((await see(made.code)).state).toBe('final');
    const { dueVnd } = await money();
    expect(await money()).toMatchObject({ heldVnd: 0 });
    expect(dueVnd).toBeGreaterThan(0);
    expect(dueVnd).toBeLessThan(heldVnd);
    const run = await counter.run();
    expect(run.payouts).toMatchObject([{ businessId: counter.own, amountVnd: dueVnd }]);
  });

  test('that the business answers is settled by the shopper: what was offered goes back once', async () => {
    const order = await paid();
    const { code } = await file(order.code, { wish: 'refund-part', wishVnd: 5_000 });
    expect(await answer(code, 'offer', { kind: 'refund', amountVnd: order.totalVnd + 1, text: 'x' })).toMatchObject({
      body: { code: 'complaint-amount-invalid', leftVnd: order.totalVnd },
    });
    expect(await answer(code, 'offer', { kind: 'refund', text: 'x' })).toMatchObject({ status: 422 });
    expect((await answer(code, 'offer', { kind: 'refund', amountVnd: 5_000, text: 'Xin lỗi' })).status).toBe(204);
    expect(await see(code)).toMatchObject({ state: 'offered', offerVnd: 5_000, answeredAt: expect.any(String) });
    expect((await answer(code, 'offer', { kind: 'explanation', text: 'x' })).body?.code).toBe('complaint-not-movable');
    const accept = () => counter.guest.client.send('POST', `/v1/complaints/${code}/accept`, { body: { phone } });
    const statuses = (await Promise.all([accept(), accept(), accept()])).map(({ status }) => status);
    expect(statuses.sort()).toEqual([204, 409, 409]);
    expect(await see(code)).toMatchObject({ state: 'settled', refundVnd: 5_000 });
    const { rows } = await counter.node.db.execute(
      sql`select r.amount_vnd::int as amount from refunds r join orders o on o.id = r.order_id where o.code = ${order.code}`,
    );
    expect(rows).toEqual([{ amount: 5_000 }]);
  });

  test('whose offer asks for more than is left by then gives what is left', async () => {
    const order = await paid();
    const { code } = await file(order.code);
    await answer(code, 'offer', { kind: 'refund', amountVnd: order.totalVnd, text: 'Hoàn hết' });
    await refundBeside(order.code, order.totalVnd - 1_000);
    await say(code, 'accept');
    expect(await see(code)).toMatchObject({ state: 'settled', refundVnd: 1_000 });
  });

  test('whose offer is let lie lapses, and one that is not taken comes to an officer', async () => {
    const [first, other] = [await file((await paid()).code), await file((await paid()).code)];
    for (const { code } of [first, other]) await answer(code, 'offer', { kind: 'replacement', text: 'Gửi hũ khác' });
    await say(other.code, 'escalate', { text: 'Tôi muốn hoàn tiền' });
    expect(await see(other.code)).toMatchObject({ state: 'escalated' });
    await tick(72 * hourMs + hourMs);
    expect(await events(first.code)).toEqual(['filed', 'offered', 'lapsed']);
    expect(await trySay(first.code, 'accept')).toBe('complaint-not-movable');
    expect(await trySay(first.code, 'messages', { text: 'Khoan đã' })).toBe('complaint-over');
  });

  test('that a business refuses is an officer’s; each state is told to those whom it concerns', async () => {
    const { code } = await file((await paid()).code);
    expect((await answer(code, 'refuse', { text: '  ' })).body?.code).toBe('complaint-words-missing');
    await answer(code, 'refuse', { text: 'Hàng còn nguyên khi giao' });
    expect(await see(code)).toMatchObject({ state: 'escalated', answeredAt: expect.any(String) });
    const { rows } = await counter.node.db.execute<{ kind: string }>(
      sql`select distinct kind from notices where values ->> 'code' = ${code} order by 1`,
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['complaint.called', 'complaint.escalated', 'complaint.filed']);
    const { items } = await officer.expect<{ items: { title: string; facts: { code?: string } }[] }>(
      200,
      'GET',
      '/v1/staff/queues/complaints?limit=100',
    );
    expect(items.filter(({ facts }) => facts.code === code)).toHaveLength(1);
  });

  test('of unsafe food is an officer’s at once, with hours to decide and a product to take down', async () => {
    const order = await paid();
    const made = await file(order.code, { kind: 'unsafe' });
    expect(made).toMatchObject({ state: 'escalated', answerBy: null });
    const left = new Date(made.dueAt ?? '').getTime() - counter.node.clock.now().getTime();
    expect(left).toBeGreaterThan(23 * hourMs);
    expect(left).toBeLessThanOrEqual(24 * hourMs);
    const { rows } = await counter.node.db.execute<{ own: string; foreign: string }>(
      sql`select (select product_id from variants where id = ${counter.variants.own}) as own, (select product_id from variants where id = ${counter.variants.theirs}) as foreign`,
    );
    const [{ own = '', foreign = '' } = {}] = rows;
    expect((await decide(made.code, { verdict: 'apology', takeDown: foreign })).body.code).toBe(
      'complaint-product-foreign',
    );
    const decided = await decide(made.code, { verdict: 'apology', takeDown: own, reportTo: 'Chi cục ATTP' });
    expect(decided).toMatchObject({ status: 200, body: { state: 'decided' } });
    const { rows: asked } = await counter.node.db.execute(
      sql`select status, request_number as number from takedowns where product_id = ${own}`,
    );
    expect(asked).toEqual([{ status: 'open', number: made.code }]);
  });

  test('on which an officer is late is marked so once, and still decided', async () => {
    const { code } = await file((await paid()).code, { kind: 'unsafe' });
    await tick(25 * hourMs);
    await tick(hourMs);
    expect(await see(code)).toMatchObject({ state: 'escalated', overdue: true });
    expect(await events(code)).toEqual(['filed', 'unsafe', 'overdue']);
    expect((await decide(code, { verdict: 'dismiss' })).body).toMatchObject({ state: 'decided' });
  });

  test('that was decided is reviewed once, by another officer, who may give more back and lift a warning', async () => {
    const order = await paid();
    const { code } = await file(order.code);
    await say(code, 'escalate');
    expect((await decide(code, { verdict: 'uphold' })).body.code).toBe('complaint-verdict-refused');
    expect((await decide(code, { verdict: 'refund', amountVnd: order.totalVnd + 1 })).body.code).toBe(
      'complaint-amount-invalid',
    );
    await decide(code, { verdict: 'refund', amountVnd: 3_000, warn: true });
    await say(code, 'appeal', { text: 'Ít quá' });
    expect((await decide(code, { verdict: 'uphold' })).body.code).toBe('complaint-same-officer');
    expect((await decide(code, { verdict: 'refund', amountVnd: 4_000 }, second)).body).toMatchObject({
      state: 'final',
      refundVnd: 7_000,
    });
    expect(await see(code)).toMatchObject({ warned: false, verdict: 'refund' });
    expect(await trySay(code, 'appeal', { text: 'Nữa' })).toBe('complaint-not-movable');
    expect((await decide(code, { verdict: 'dismiss' }, second)).body.code).toBe('complaint-not-movable');
  });

  test('may be appealed by the business as well, and upheld', async () => {
    const { code } = await file((await paid()).code);
    await say(code, 'escalate');
    await decide(code, { verdict: 'apology', warn: true });
    expect((await answer(code, 'appeal', { text: 'Chúng tôi không sai' })).status).toBe(204);
    expect((await decide(code, { verdict: 'uphold' }, second)).body).toMatchObject({
      state: 'final',
      verdict: 'apology',
    });
    expect(await see(code)).toMatchObject({ warned: true });
  });

  test('that an officer holds is not decided by another, and one that is withdrawn leaves the queue', async () => {
    const { code } = await file((await paid()).code);
    await say(code, 'escalate');
    const inQueue = async () => {
      const { items } = await officer.expect<{ items: { itemId: string; facts: { code?: string } }[] }>(
        200,
        'GET',
        '/v1/staff/queues/complaints?limit=100',
      );
      return items.find(({ facts }) => facts.code === code);
    };
    const item = await inQueue();
    await second.expect(200, 'POST', `/v1/staff/review-items/${item?.itemId}/claim`);
    expect((await decide(code, { verdict: 'dismiss' })).body.code).toBe('item-claimed');
    await say(code, 'withdraw');
    expect(await inQueue()).toBeUndefined();
    expect(await see(code)).toMatchObject({ state: 'withdrawn' });
  });
});

describe('what is not taken', () => {
  test('a second complaint of the same order while one is open, also at the same instant', async () => {
    const order = await paid();
    const sent = () =>
      counter.guest.client.send<{ code: string }>('POST', '/v1/complaints', { body: draft(order.code) });
    const answers = await Promise.all([sent(), sent(), sent()]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await refusal(order.code)).toBe('complaint-open-already');
    const made = answers.find(({ status }) => status === 201)?.body.code ?? '';
    await say(made, 'withdraw');
    await file(order.code);
  });

  test('an order that is not paid, too old, or another’s, and words that are none', async () => {
    const group = await counter.guest.order([counter.variants.own, 1]);
    expect(await refusal(group.orders[0]?.code ?? '')).toBe('complaint-order-unpaid');
    const { code } = await paid();
    expect(await refusal(code, { phone: '0987654321' })).toBe('complaint-not-proved');
    expect(await refusal(code, { text: ' \n ' })).toBe('complaint-words-missing');
    expect(await refusal(code, { kind: 'bad' })).toBe('invalid-request');
    expect(await refusal('khong-co-gi', { subject: 'business', wish: 'apology' })).toBe('complaint-subject-missing');
    await counter.node.db.execute(
      sql`update orders set created_at = created_at - interval '181 days' where code = ${code}`,
    );
    expect(await refusal(code)).toBe('complaint-too-late');
    await counter.node.db.execute(
      sql`update orders set created_at = created_at + interval '181 days' where code = ${code}`,
    );
  });

  test('a business without a number to answer to, and money where there is no order', async () => {
    const about = { subject: 'business', wish: 'apology' };
    const slug = 'htx-hanh-tim-bai-giong';
    expect(await refusal(slug, { ...about, phone: undefined })).toBe('complaint-phone-invalid');
    expect(await refusal(slug, { ...about, phone: '12' })).toBe('complaint-phone-invalid');
    expect(await refusal(slug, { ...about, wish: 'refund-whole' })).toBe('complaint-wish-refused');
    const { code } = await file(slug, { ...about, kind: 'behaviour' });
    expect((await answer(code, 'offer', { kind: 'refund', amountVnd: 1_000, text: 'x' })).body?.code).toBe(
      'complaint-amount-invalid',
    );
    await say(code, 'escalate');
    expect((await decide(code, { verdict: 'refund', amountVnd: 1_000 })).body.code).toBe('complaint-verdict-refused');
    expect((await decide(code, { verdict: 'apology', warn: true })).status).toBe(200);
  });

  test('more photos than five, and a place where one was made is never shown', async () => {
    const { code } = await file((await paid()).code);
    const photo = await withExif(await photograph(400, 300));
    const form = new FormData();
    for (const [name, value] of Object.entries({ phone, text: 'Đây là ảnh' })) form.set(name, value);
    form.set('photo', new Blob([new Uint8Array(photo)]), 'a.jpg');
    await counter.guest.client.expect(204, 'POST', `/v1/complaints/${code}/photos`, { body: form });
    expect((await see(code)).messages.at(-1)).toMatchObject({ author: 'shopper', photoCount: 1 });
    await counter.node.runJobs();
    const { text } = await counter.seller.send('GET', `/ban-hang/khieu-nai/${code}`);
    const src = /src="(\/ban-hang\/khieu-nai\/[^"]+\/320)"/.exec(text)?.[1] ?? '';
    const shown = await counter.seller.send('GET', src);
    expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(shown.text).not.toContain('MAY-ANH-BI-MAT');
    expect((await counter.other.send('GET', src)).status).toBe(404);
    const { services } = counter.node;
    const six = Array.from({ length: 6 }, () => ({ bytes: photo, name: 'a.jpg' }));
    await expect(services.complaints.sayAsShopper(code, { actor: 'guest', phone }, 'Sáu ảnh', six)).rejects.toThrow(
      'complaint-photos-full',
    );
  });
});

describe('whose it is', () => {
  test('neither another number, nor another business, nor the code alone opens what was said', async () => {
    const { code } = await file((await paid()).code);
    const stranger = { code, phone: '0987654321' };
    expect((await counter.guest.client.send('POST', '/v1/complaints/track', { body: stranger })).status).toBe(404);
    expect((await counter.guest.client.send('POST', '/v1/complaints/track', { body: { code } })).status).toBe(404);
    expect((await counter.other.send('GET', `/v1/seller/complaints/${code}`)).status).toBe(404);
    expect((await answer(code, 'refuse', { text: 'x' }, counter.other)).status).toBe(404);
    const { text } = await counter.guest.client.send('GET', `/khieu-nai/${code}`);
    expect(text).not.toContain(words);
    for (const who of [counter.seller, officer]) {
      const desk = who === officer ? 'staff' : 'seller';
      const { text: seen } = await who.send('GET', `/v1/${desk}/complaints/${code}`);
      expect(seen).toContain(words);
      expect(seen).not.toContain(phone.slice(1));
    }
  });

  test('a clock that ran out before anybody looked has its effect first', async () => {
    const { code } = await file((await paid()).code);
    counter.node.clock.advance(49 * hourMs);
    expect((await answer(code, 'offer', { kind: 'explanation', text: 'Muộn' })).body?.code).toBe(
      'complaint-not-movable',
    );
    expect(await events(code)).toEqual(['filed', 'no-answer']);
  });

  test('SQL refuses a step that is none, a state that is left twice, and a history that is rewritten', async () => {
    const { code } = await file((await paid()).code);
    const { rows } = await counter.node.db.execute<{ id: string }>(sql`select id from complaints where code = ${code}`);
    const id = rows[0]?.id ?? '';
    const step = (from: string, to: string) =>
      counter.node.db.execute(
        sql`insert into complaint_events (id, complaint_id, type, from_state, to_state, at) values (gen_random_uuid(), ${id}, 'final', ${from}, ${to}, now())`,
      );
    await expect(step('open', 'final')).rejects.toMatchObject({ cause: { constraint: 'complaint_events_legal' } });
    await expect(step('none', 'open')).rejects.toMatchObject({ cause: { constraint: 'complaint_events_once' } });
    await expect(counter.node.db.execute(sql`delete from complaint_events`)).rejects.toThrow();
  });
});

test('a return that is open, or refused and may still be appealed, holds what its order earned', async () => {
  const order = await delivered();
  const lines = [{ variantId: counter.variants.own, quantity: 1 }];
  const body = { phone, reason: 'damaged', lines };
  const path = `/v1/orders/${order.code}/returns`;
  const made = await counter.guest.client.expect<{ code: string }>(201, 'POST', path, { body });
  await counter.seller.expect(204, 'POST', `/v1/seller/returns/${made.code}/refuse`, { body: { note: 'Còn tốt' } });
  const { heldVnd } = await money();
  counter.node.clock.advance(8 * dayMs);
  expect((await money()).heldVnd).toBeGreaterThanOrEqual(heldVnd);
  const { dueVnd } = await money();
  await counter.node.services.care.runClocks();
  // Nobody appealed: it has ended, and what it held is due.
  expect((await money()).dueVnd).toBeGreaterThan(dueVnd);
});

describe('what is told of all', () => {
  test('the report counts what was filed, guards its cells, names no shopper, and refuses periods that are none', async () => {
    const period = localDate(counter.node.clock.now()).slice(0, 7);
    const { db } = counter.node;
    await db.execute(sql`update businesses set name = '=HYPERLINK("x")' where id = ${counter.own}`);
    const csv = await officer.send('GET', `/v1/staff/complaint-report?period=${period}`);
    expect([csv.status, csv.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
    expect(csv.text).toContain(`'=HYPERLINK`);
    expect(csv.text).not.toMatch(new RegExp(`${phone.slice(1)}|${recipient.name}`));
    const [, ...lines] = parse(csv.text, { bom: true }) as string[][];
    const filed = lines.map((line) => Number(line[3]));
    const { rows } = await db.execute<{ n: number }>(
      sql`select count(*)::int as n from complaints where to_char(created_at at time zone 'Asia/Ho_Chi_Minh', 'YYYY-MM') = ${period}`,
    );
    expect(filed.reduce((sum, count) => sum + count, 0)).toBe(rows[0]?.n);
    const xlsx = await officer.send('GET', `/v1/staff/complaint-report?period=${period}&format=xlsx`);
    expect([xlsx.status, xlsx.text.slice(0, 2)]).toEqual([200, 'PK']);
    const page = await officer.send('GET', `/quan-tri/khieu-nai/bao-cao?ky=${period}`);
    expect([page.status, page.text.includes(phone.slice(1))]).toEqual([200, false]);
    expect(await officer.send('GET', '/v1/staff/complaint-report?period=2026-13')).toMatchObject({
      status: 422,
      body: { code: 'complaint-period-invalid' },
    });
    await db.execute(sql`update businesses set name = 'HTX Hành tím Bãi Giồng' where id = ${counter.own}`);
  });

  test('a business shows how many it answered in time, once there are enough', async () => {
    const figure = async (id: string) =>
      (await counter.guest.client.expect<{ complaints: unknown }>(200, 'GET', `/v1/businesses/${id}`)).complaints;
    expect(await figure(counter.theirs)).toBeNull();
    const own = await figure(counter.own);
    const { rows } = await counter.node.db.execute<{ answered: number }>(
      sql`select count(*)::int as answered from complaints where business_id = ${counter.own} and answered_at is not null`,
    );
    expect(own).toMatchObject({ days: 180, count: rows[0]?.answered });
    expect((own as { of: number }).of).toBeGreaterThan(rows[0]?.answered ?? 0);
    const { text } = await counter.guest.client.send('GET', '/co-so/htx-hanh-tim-bai-giong');
    expect(text).toContain('Trả lời khiếu nại đúng hạn');
  });

  test('who is forgotten leaves no words and no number, and what was decided stays', async () => {
    const { db, clock, services } = counter.node;
    const { code } = await file((await paid()).code);
    await say(code, 'withdraw');
    await db.execute(sql`update complaints set updated_at = updated_at - interval '4 years' where code = ${code}`);
    await services.identity.privacy.retain();
    const { rows } = await db.execute(
      sql`select c.phone, c.state, m.text from complaints c join complaint_messages m on m.complaint_id = c.id where c.code = ${code}`,
    );
    expect([rows, clock.now() > new Date(0)]).toEqual([[{ phone: '', state: 'withdrawn', text: '' }], true]);
  });
});
