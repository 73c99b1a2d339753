import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const statusOf = async (code: string) => (await market.guest.group(code)).status;
const cancel = (code: string) =>
  market.node.services.orders.cancelOrder(code, { actor: 'test' }, { reason: 'Hết hàng' });

describe('the page and its IPN', () => {
  test('paid: 00 once, 02 when it is told again, and one sale', async () => {
    const { vnpay, node, guest } = market;
    const { group, payment, txnRef } = await market.awaitVnpay(market.variant(), 2);
    vnpay.decide(txnRef);
    expect(await vnpay.tell(node.url, txnRef)).toBe('00');
    expect(await vnpay.tell(node.url, txnRef)).toBe('02');
    expect(await statusOf(group.code)).toBe('paid');
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
  });

  test('given up: stored and answered 00, and the order can be paid otherwise', async () => {
    const { vnpay, node, guest } = market;
    const { group, payment, txnRef } = await market.awaitVnpay();
    vnpay.decide(txnRef, '24');
    expect(await vnpay.tell(node.url, txnRef)).toBe('00');
    expect((await guest.payment(payment.paymentId)).status).toBe('failed');
    expect(await vnpay.tell(node.url, txnRef)).toBe('02');
    expect((await guest.pay(group.code, 'vietqr')).paymentId).not.toBe(payment.paymentId);
  });

  test.each(['forged', 'none'] as const)('97: a signature that is %s changes nothing', async (signature) => {
    const { vnpay, node } = market;
    const { group, txnRef } = await market.awaitVnpay();
    vnpay.decide(txnRef);
    const before = await node.countRows();
    expect(await vnpay.tell(node.url, txnRef, { signature })).toBe('97');
    expect(await node.countRows()).toEqual(before);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    expect(await vnpay.tell(node.url, txnRef)).toBe('00');
  });

  test('04: another amount than the one that we signed', async () => {
    const { vnpay, node } = market;
    const { group, txnRef } = await market.awaitVnpay();
    vnpay.decide(txnRef);
    expect(await vnpay.tell(node.url, txnRef, { amountVnd: group.totalVnd - 1 })).toBe('04');
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    node.clock.advance(minutes(3));
    await node.runScheduled('payments.poll');
    expect(await statusOf(group.code)).toBe('paid');
  });

  test('01: a payment that is not ours', async () => {
    const { vnpay, node } = market;
    const { payment } = await market.awaitVnpay();
    const url = new URL(payment.redirectUrl ?? '');
    const foreign = vnpay.foreign(url, 'ST0000000000');
    vnpay.decide(foreign);
    expect(await vnpay.tell(node.url, foreign)).toBe('01');
    vnpay.forget(foreign);
  });

  test('99: not stored, so that VNPAY tells again', async () => {
    const { vnpay, node } = market;
    const { group, txnRef } = await market.awaitVnpay();
    vnpay.decide(txnRef);
    const spoil = (value: string) =>
      node.db.execute(
        sql`update orders set version = ${sql.raw(value)} where group_id = (select id from order_groups where code = ${group.code})`,
      );
    await spoil('2147483647');
    expect(await vnpay.tell(node.url, txnRef)).toBe('99');
    await spoil('1');
    expect(await vnpay.tell(node.url, txnRef)).toBe('00');
    expect(await statusOf(group.code)).toBe('paid');
  });

  test('the return page is for the eyes: VNPAY is asked, what the address says is not believed', async () => {
    const { vnpay, guest } = market;
    const { group, txnRef } = await market.awaitVnpay();
    const returned = vnpay.returnUrl(txnRef).replace('vnp_ResponseCode=', 'vnp_ResponseCode=00');
    await guest.client.send('GET', new URL(returned).pathname + new URL(returned).search);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    vnpay.decide(txnRef);
    await guest.client.send('GET', new URL(returned).pathname + new URL(returned).search);
    expect(await statusOf(group.code)).toBe('paid');
  });

  test.each(['lost', 'unavailable', 'garbage', 'forged'] as const)(
    'the poller goes on asking when an answer is %s',
    async (trouble) => {
      const { vnpay, node } = market;
      const { group, txnRef } = await market.awaitVnpay();
      vnpay.decide(txnRef);
      node.clock.advance(minutes(3));
      vnpay.trouble(trouble);
      await node.runScheduled('payments.poll');
      expect(await statusOf(group.code)).toBe('awaiting-payment');
      await node.runScheduled('payments.poll');
      expect(await statusOf(group.code)).toBe('paid');
    },
  );
});

describe('what goes back', () => {
  const paid = async () => {
    const made = await market.awaitVnpay();
    market.vnpay.decide(made.txnRef);
    await market.vnpay.tell(market.node.url, made.txnRef);
    return { ...made, order: made.group.orders[0]?.code ?? '' };
  };
  const statuses = async (group: Awaited<ReturnType<typeof paid>>['group']) =>
    (await market.refundsOf(group)).map(({ status }) => status);

  test('whole, by VNPAY', async () => {
    const { node, guest } = market;
    const { group, order, payment } = await paid();
    await cancel(order);
    await node.runJobs();
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'cancelled', amountVnd: group.totalVnd, status: 'confirmed' },
    ]);
    expect((await guest.payment(payment.paymentId)).status).toBe('refunded');
  });

  test('on its way first, then with the shopper', async () => {
    const { node, vnpay } = market;
    const { group, order, txnRef } = await paid();
    vnpay.refundsAre('05');
    await cancel(order);
    await node.runJobs();
    expect(await statuses(group)).toEqual(['sent']);
    vnpay.refundsAre('00');
    vnpay.endRefunds(txnRef, '00');
    node.clock.advance(minutes(61));
    await node.runScheduled('payments.follow-refunds');
    expect(await statuses(group)).toEqual(['confirmed']);
  });

  test('the answer is lost: asked again by the same name it is sent once', async () => {
    const { node, vnpay } = market;
    const { group, order } = await paid();
    await cancel(order);
    const before = vnpay.refundedVnd();
    vnpay.trouble('lost');
    const { errors } = await node.runJobs();
    expect(errors).toHaveLength(1);
    await node.runJobs('soon');
    expect(vnpay.refundedVnd() - before).toBe(group.totalVnd);
    expect(await statuses(group)).toEqual(['sent']);
    node.clock.advance(minutes(61));
    await node.runScheduled('payments.follow-refunds');
    expect(await statuses(group)).toEqual(['confirmed']);
  });

  test('refused, at once or after days: owed again, and a person chooses another way', async () => {
    const { node, vnpay } = market;
    const [atOnce, later] = [await paid(), await paid()];
    vnpay.refundsAre('refused');
    await cancel(atOnce.order);
    await node.runJobs();
    vnpay.refundsAre('05');
    await cancel(later.order);
    await node.runJobs();
    vnpay.endRefunds(later.txnRef, '09');
    node.clock.advance(minutes(61));
    await node.runScheduled('payments.follow-refunds');
    for (const { group } of [atOnce, later]) expect(await statuses(group)).toEqual(['failed']);
    vnpay.refundsAre('00');
    const { rows } = await node.db.execute<{ count: number }>(
      sql`select count(*)::int as count from review_items where queue = 'money' and settled_at is null`,
    );
    expect(rows[0]?.count).toBe(2);
  });
});
