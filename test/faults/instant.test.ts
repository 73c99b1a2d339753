import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RefundId } from '#features/payments/types.ts';
import { minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, recipient, type Variant } from '#test/support/people.ts';
import { counted, limitMs, seeded, shared } from '#test/support/scale.ts';

const random = seeded('the same instant');
let market: Market;
/** A second process of the same exchange, in this one. */
let second: TestNode;

beforeAll(async () => {
  market = await openMarket();
  second = await startNode({ database: market.node.database, env: { ...market.stripe.env, ...market.vnpay.env } });
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(async () => {
  await second.close();
  await market.close();
});

/** Does the same so often, and says how often that was. */
const repeat = async (what: string, [short, long]: readonly [number, number], round: () => Promise<void>) => {
  const rounds = shared(short, long);
  for (let nth = 0; nth < rounds; nth += 1) await round();
  counted('T4', { [what]: rounds });
};
const eventsOf = async (code: string): Promise<readonly string[]> => {
  const { rows } = await market.node.db.execute<{ type: string }>(
    sql`select e.type from order_events e join orders o on o.id = e.order_id join order_groups g on g.id = o.group_id where g.code = ${code} order by e.at, e.id`,
  );
  return rows.map(({ type }) => type);
};
const payByCard = async (variant: Variant) => {
  const awaited = await market.awaitCard(variant);
  await market.stripe.tell(market.node.url, market.stripe.pay(awaited.sessionId));
  return awaited;
};
const payByVnpay = async (variant: Variant) => {
  const awaited = await market.awaitVnpay(variant);
  market.vnpay.decide(awaited.txnRef);
  await market.vnpay.tell(market.node.url, awaited.txnRef);
  return awaited;
};
const refused = (answer: { status: number }): boolean => answer.status >= 400 && answer.status < 500;

test('browser, webhook and poller bring the same news at once: one order is paid, once', {
  timeout: limitMs,
}, async () => {
  const { stripe, node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('instants of Stripe', [12, 1_000], async () => {
    const { group, payment, sessionId } = await market.awaitCard(variant);
    for (const one of [node, second]) one.clock.advance(minutes(3));
    const event = stripe.pay(sessionId);
    await Promise.all(
      random
        .shuffle([
          () => stripe.tell(node.url, event),
          () => stripe.tell(second.url, event),
          () => guest.client.send('GET', `/thanh-toan/${group.code}?payment=${payment.paymentId}`),
          () => second.guest.client.send('GET', `/thanh-toan/${group.code}?payment=${payment.paymentId}`),
          () => second.runScheduled('payments.poll'),
        ])
        .map((bring) => bring()),
    );
    expect(await eventsOf(group.code)).toEqual(['placed', 'paid']);
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
  });
});

test('the page of VNPAY, its IPN and the poller bring the same news at once: one order is paid, once', {
  timeout: limitMs,
}, async () => {
  const { vnpay, node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('instants of VNPAY', [8, 1_000], async () => {
    const { group, payment, txnRef } = await market.awaitVnpay(variant);
    for (const one of [node, second]) one.clock.advance(minutes(3));
    const code = random.chance(0.9) ? '00' : '24';
    vnpay.decide(txnRef, code);
    const { pathname, search } = new URL(vnpay.returnUrl(txnRef));
    await Promise.all(
      random
        .shuffle([
          async () => expect(['00', '02']).toContain(await vnpay.tell(node.url, txnRef)),
          async () => expect(['00', '02']).toContain(await vnpay.tell(second.url, txnRef)),
          () => guest.client.send('GET', `${pathname}${search}`),
          () => second.guest.client.send('GET', `${pathname}${search}`),
          () => second.runScheduled('payments.poll'),
        ])
        .map((bring) => bring()),
    );
    const isPaid = code === '00';
    expect(await eventsOf(group.code)).toEqual(isPaid ? ['placed', 'paid'] : ['placed']);
    expect(await guest.payment(payment.paymentId)).toMatchObject({
      status: isPaid ? 'paid' : 'failed',
      receivedVnd: isPaid ? group.totalVnd : 0,
    });
  });
});

test('a card is charged by one process and let go by another, for which the time is over: never both, never neither', {
  timeout: limitMs,
}, async () => {
  const { stripe, node, guest } = market;
  const variant = await market.scarce(100_000);
  const outcomes: Record<string, number> = {};
  await repeat('captures and voids', [8, 200], async () => {
    const group = await guest.order([variant.variantId, 1]);
    // With less than ten minutes left a card is charged only once it is sure that the goods are there.
    for (const one of [node, second]) one.clock.advance(minutes(22));
    const payment = await guest.pay(group.code, 'stripe');
    const event = stripe.pay(stripe.sessionOf(payment.redirectUrl));
    const before = stripe.chargedVnd() - stripe.refundedVnd();
    node.clock.advance(minutes(7));
    second.clock.advance(minutes(9));
    const page = `/thanh-toan/${group.code}?payment=${payment.paymentId}`;
    await Promise.all(
      random
        .shuffle([
          () => stripe.tell(node.url, event),
          () => stripe.tell(second.url, event),
          () => guest.client.send('GET', page),
          () => second.guest.client.send('GET', page),
          () => second.runScheduled('orders.expire'),
          () => second.runScheduled('payments.poll'),
        ])
        .map((bring) => bring()),
    );
    node.clock.advance(minutes(2));
    await node.runScheduled('orders.expire');
    await node.runScheduled('payments.poll');
    await node.runJobs();
    const { status } = await guest.group(group.code);
    outcomes[status] = (outcomes[status] ?? 0) + 1;
    const chargedVnd = stripe.chargedVnd() - stripe.refundedVnd() - before;
    expect([status, chargedVnd]).toEqual(status === 'paid' ? ['paid', group.totalVnd] : ['expired', 0]);
  });
  console.log(JSON.stringify(outcomes));
});

test.each(['stripe', 'vnpay'] as const)(
  'an order paid by %s is called off by buyer and seller, and its refund sent by two workers: the money goes back once',
  { timeout: limitMs },
  async (method) => {
    const { node, guest } = market;
    const provider = market[method];
    const variant = await market.scarce(100_000);
    await repeat(`refunds by ${method}`, [5, 150], async () => {
      const { group } = method === 'stripe' ? await payByCard(variant) : await payByVnpay(variant);
      const code = group.orders[0]?.code ?? '';
      const before = provider.refundedVnd();
      await Promise.allSettled([
        node.services.orders.cancelOrder(code, { actor: 'test' }, { reason: 'Hết hàng' }),
        second.services.orders.cancelAsShopper({ code, phone: recipient.phone, actor: 'test' }, { reason: 'Đổi ý' }),
        guest.client.send('POST', `/v1/orders/${code}/cancel`, { body: { phone: recipient.phone, reason: 'Đổi ý' } }),
      ]);
      const { rows } = await node.db.execute<{ id: RefundId }>(
        sql`select r.id from refunds r join payments p on p.id = r.payment_id join order_groups g on g.id = p.group_id where g.code = ${group.code}`,
      );
      expect(rows).toHaveLength(1);
      const id = rows[0]?.id as RefundId;
      const sends = [node, second, node].map((one) => one.services.payments.sendRefund(id));
      // Whoever is told that the other is at it tries again, as the queue has it.
      await Promise.allSettled([...sends, second.services.payments.followRefunds()]);
      await node.services.payments.sendRefund(id);
      expect(provider.refundedVnd() - before).toBe(group.totalVnd);
      expect(await market.refundsOf(group)).toMatchObject([{ amountVnd: group.totalVnd, status: 'confirmed' }]);
    });
  },
);

test('one event of Stripe 20 times at once: one effect', async () => {
  const { stripe, node } = market;
  const { group, sessionId } = await market.awaitCard();
  const event = stripe.pay(sessionId);
  const statuses = await Promise.all(
    Array.from({ length: 20 }, (_, index) => stripe.tell(index % 2 === 0 ? node.url : second.url, event)),
  );
  expect(statuses).toEqual(statuses.map(() => 200));
  const { rows } = await node.db.execute(sql`select effect from payment_events where provider_event_id = ${event.id}`);
  expect(rows).toEqual([{ effect: 'exact' }]);
  expect(await eventsOf(group.code)).toEqual(['placed', 'paid']);
});

test('the parts of one payment arrive in the same instant: none is counted twice, none is forgotten', {
  timeout: limitMs,
}, async () => {
  const { bank, node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('parts of a payment', [5, 200], async () => {
    const { group, payment, memo } = await market.awaitTransfer(variant, 2);
    const half = Math.floor(group.totalVnd / 2);
    const parts = [half, group.totalVnd - half, 7_000].map((amountVnd) => bank.move({ memo, amountVnd }));
    await Promise.all(
      random.shuffle(parts).map((part, index) => bank.tell(index % 2 === 0 ? node.url : second.url, part)),
    );
    expect((await guest.group(group.code)).status).toBe('paid');
    expect((await guest.payment(payment.paymentId)).receivedVnd).toBe(group.totalVnd + 7_000);
    expect(await market.refundsOf(group)).toMatchObject([{ amountVnd: 7_000 }]);
  });
});

test('the hold lapses while the job, another shopper and the money all reach for it', {
  timeout: limitMs,
}, async () => {
  const { bank, node, guest } = market;
  const variant = await market.scarce(1);
  const outcomes = new Set<string>();
  await repeat('lapsing holds', [8, 200], async () => {
    await node.setStock(variant.variantId, 1);
    const { group, memo } = await market.awaitTransfer(variant);
    const cart = await guest.fillCart([variant.variantId, 1]);
    const payload = bank.move({ memo, amountVnd: group.totalVnd });
    for (const one of [node, second]) one.clock.advance(minutes(31));
    const [, , answer] = await Promise.all([
      second.runScheduled('orders.expire'),
      bank.tell(node.url, payload),
      second.guest.client.send('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: fresh() }),
    ]);
    const { status } = await guest.group(group.code);
    outcomes.add(`${status}, the other ${answer.status}`);
    // Either the late money had it, or the other shopper: never both, never neither.
    expect([
      ['paid', 409],
      ['expired', 201],
    ]).toContainEqual([status, answer.status]);
    await node.runScheduled('orders.expire');
    await node.runJobs();
    await expectSound(node.db, market);
    // Whoever has it gives it back, so that the next round begins with one.
    node.clock.advance(minutes(31));
    second.clock.advance(minutes(31));
    await node.runScheduled('orders.expire');
  });
  console.log([...outcomes].join('; '));
});

test('the seller confirms and calls off in the same instant: one of the two', { timeout: limitMs }, async () => {
  const { bank, node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('sellers in two minds', [5, 100], async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    const code = group.orders[0]?.code ?? '';
    const seller = { actor: 'test' };
    await Promise.allSettled([
      node.services.orders.confirmOrder(code, seller),
      second.services.orders.cancelOrder(code, seller, { reason: 'Hết hàng' }),
      node.services.orders.cancelOrder(code, seller, { reason: 'Hết hàng' }),
    ]);
    const [order] = (await guest.group(group.code)).orders;
    const refunds = await market.refundsOf(group);
    // A confirmed order may still be called off; a cancelled one cannot be confirmed, and its money goes back once.
    expect([['cancelled', 1]]).toContainEqual([order?.status, refunds.length]);
  });
});

test('two ways to pay are opened in the same instant: one waits, and none is lost', { timeout: limitMs }, async () => {
  const { node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('two ways at once', [5, 100], async () => {
    const group = await guest.order([variant.variantId, 1]);
    const open = (one: TestNode, method: string) =>
      one.guest.client.send('POST', `/v1/order-groups/${group.code}/payments`, { body: { method }, headers: fresh() });
    const answers = await Promise.all([open(node, 'vietqr'), open(second, 'stripe'), open(second, 'vietqr')]);
    expect(answers.filter(({ status }) => status !== 201 && !refused({ status }))).toEqual([]);
    const { rows } = await node.db.execute<{ count: number }>(
      sql`select count(*)::int as count from payments p join order_groups g on g.id = p.group_id where g.code = ${group.code} and p.status in ('pending', 'underpaid')`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });
});

test('the shopper switches to a card while the transfer arrives: every đồng is sold or goes back', {
  timeout: limitMs,
}, async () => {
  const { bank, node, guest } = market;
  const variant = await market.scarce(100_000);
  await repeat('switches', [6, 100], async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    const amountVnd = random.chance(0.5) ? group.totalVnd : group.totalVnd - 1_000;
    const payload = bank.move({ memo, amountVnd });
    await Promise.all([
      bank.tell(node.url, payload),
      second.guest.client.send('POST', `/v1/order-groups/${group.code}/payments`, {
        body: { method: 'stripe' },
        headers: fresh(),
      }),
    ]);
    const { status } = await guest.group(group.code);
    expect(status).toBe(amountVnd === group.totalVnd ? 'paid' : 'awaiting-payment');
  });
});
