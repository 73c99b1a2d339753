import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh } from '#test/support/people.ts';

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
const effectOf = async (eventId: string) => {
  const { rows } = await market.node.db.execute<{ effect: string }>(
    sql`select effect from payment_events where provider_event_id = ${eventId}`,
  );
  return rows.map(({ effect }) => effect);
};

describe('whoever brings the news first', () => {
  test('the webhook: amount as it is in đồng, paid once', async () => {
    const { guest, stripe, node } = market;
    const { group, payment, sessionId } = await market.awaitCard(market.variant(), 2);
    expect(stripe.session(sessionId)).toMatchObject({ amount_total: group.totalVnd, currency: 'vnd' });
    expect(await stripe.tell(node.url, stripe.pay(sessionId))).toBe(200);
    expect(await statusOf(group.code)).toBe('paid');
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
  });

  test("the shopper's browser: the provider is asked, the address is not believed", async () => {
    const { guest, stripe, node } = market;
    const { group, payment, sessionId } = await market.awaitCard();
    const back = `/thanh-toan/${group.code}?payment=${payment.paymentId}`;
    await guest.client.send('GET', back);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    const event = stripe.pay(sessionId);
    await guest.client.send('GET', back);
    expect(await statusOf(group.code)).toBe('paid');
    expect(await stripe.tell(node.url, event)).toBe(200);
    expect(await effectOf(event.id)).toEqual(['known']);
  });

  test('the poller, when the webhook never comes', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    stripe.pay(sessionId);
    await node.runScheduled('payments.poll');
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    node.clock.advance(minutes(3));
    await node.runScheduled('payments.poll');
    expect(await statusOf(group.code)).toBe('paid');
  });

  test('the poller finds an old one among many that were given up', async () => {
    const { guest, stripe, node } = market;
    const variant = market.variant();
    const { group, sessionId } = await market.awaitCard(variant);
    for (let abandoned = 0; abandoned < 8; abandoned += 1) await market.awaitCard(variant);
    node.clock.advance(minutes(60));
    await node.runScheduled('orders.expire');
    await node.runJobs();
    stripe.pay(sessionId);
    for (let minute = 0; minute < 30; minute += 1) {
      await node.runScheduled('payments.poll');
      node.clock.advance(minutes(1));
    }
    expect((await guest.group(group.code)).status).toBe('paid');
  });
});

describe('events as they really come', () => {
  test('the same event again changes nothing, and is answered 200', async () => {
    const { stripe, node } = market;
    const { sessionId } = await market.awaitCard();
    const event = stripe.pay(sessionId);
    for (let time = 0; time < 3; time += 1) expect(await stripe.tell(node.url, event)).toBe(200);
    expect(await effectOf(event.id)).toEqual(['exact']);
  });

  test('in the wrong order: that it lapsed is told after that it was paid', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const lapsed = stripe.lapse(sessionId);
    const paid = stripe.payOddly(sessionId, {});
    await stripe.tell(node.url, paid);
    await stripe.tell(node.url, lapsed);
    expect(await statusOf(group.code)).toBe('paid');
    expect(await effectOf(lapsed.id)).toEqual(['ignored']);
  });

  test('declined, then paid by another attempt', async () => {
    const { guest, stripe, node } = market;
    const { group, payment, sessionId } = await market.awaitCard();
    await stripe.tell(node.url, stripe.promise(sessionId));
    expect(await statusOf(group.code)).toBe('awaiting-payment');
    await stripe.tell(node.url, stripe.fail(sessionId));
    expect((await guest.payment(payment.paymentId)).status).toBe('failed');
    const again = await guest.pay(group.code, 'stripe');
    expect(again.paymentId).not.toBe(payment.paymentId);
    await stripe.tell(node.url, stripe.pay(stripe.sessionOf(again.redirectUrl)));
    expect(await statusOf(group.code)).toBe('paid');
  });

  test('a slow method succeeds after it was finished', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    await stripe.tell(node.url, stripe.promise(sessionId));
    await stripe.tell(node.url, stripe.succeed(sessionId));
    expect(await statusOf(group.code)).toBe('paid');
  });

  test('a session that is not ours is stored and changes nothing', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const event = stripe.promise(sessionId);
    const foreign = { ...event, id: 'evt_foreign', data: { object: { ...event.data.object, id: 'cs_test_foreign' } } };
    expect(await stripe.tell(node.url, foreign)).toBe(200);
    expect(await effectOf('evt_foreign')).toEqual(['unknown-session']);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
  });

  test.each(['forged', 'stale', 'none'] as const)('a %s signature is refused and stores nothing', async (signature) => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const before = await node.countRows();
    const event = stripe.promise(sessionId);
    const paid = { ...event, data: { object: { ...event.data.object, payment_status: 'paid' as const } } };
    expect(await stripe.tell(node.url, paid, { signature })).toBe(401);
    expect(await node.countRows()).toEqual(before);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
  });

  test('another currency than đồng pays nothing', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const event = stripe.payOddly(sessionId, { currency: 'usd' });
    await stripe.tell(node.url, event);
    expect(await effectOf(event.id)).toEqual(['currency-mismatch']);
    expect(await statusOf(group.code)).toBe('awaiting-payment');
  });

  test('less than was asked does not pay the order; it goes back when the time is over', async () => {
    const { guest, stripe, node } = market;
    const { group, payment, sessionId } = await market.awaitCard();
    await stripe.tell(node.url, stripe.payOddly(sessionId, { amount_total: group.totalVnd - 1 }));
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'underpaid' });
    node.clock.advance(minutes(31));
    await node.runScheduled('orders.expire');
    await node.runJobs();
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'partial-expired', amountVnd: group.totalVnd - 1, status: 'confirmed' },
    ]);
  });
});

describe('a provider in trouble', () => {
  test('the answer is lost after the session was made: asked again it is the same session', async () => {
    const { guest, stripe } = market;
    const group = await guest.order([market.variant().variantId, 1]);
    const before = stripe.sessionCount();
    stripe.trouble('lost');
    const payment = await guest.pay(group.code, 'stripe');
    expect(payment.redirectUrl).toContain('/c/pay/cs_test_');
    expect(stripe.sessionCount()).toBe(before + 1);
  });

  test('429 and 5xx: the shopper is told, nothing is charged, and the same key works a moment later', async () => {
    const { guest, stripe } = market;
    const group = await guest.order([market.variant().variantId, 1]);
    const headers = fresh();
    const ask = () =>
      guest.client.send('POST', `/v1/order-groups/${group.code}/payments`, { body: { method: 'stripe' }, headers });
    stripe.trouble('too-many');
    expect(await ask()).toMatchObject({ status: 503, body: { code: 'provider-unavailable' } });
    stripe.trouble('unavailable', 'unavailable', 'unavailable');
    const refused = await ask();
    expect(refused).toMatchObject({ status: 503, body: { code: 'provider-unavailable' } });
    expect(refused.headers.get('retry-after')).toBeTruthy();
    expect((await ask()).status).toBe(201);
  });

  test('the answer to a refund is lost: it is sent once', async () => {
    const { stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    await stripe.tell(node.url, stripe.pay(sessionId));
    const [order] = group.orders;
    await node.services.orders.cancelOrder(order?.code ?? '', { actor: 'test' }, { reason: 'Hết hàng' });
    const before = stripe.refundedVnd();
    // Twice the SDK asks again by itself; the third time the job gives up, and its next try finds the refund made.
    stripe.trouble('lost', 'lost', 'lost');
    const { errors } = await node.runJobs();
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('is unknown; it is tried again')]);
    expect(await market.refundsOf(group)).toMatchObject([{ status: 'queued' }]);
    await node.runJobs('soon');
    expect(stripe.refundedVnd() - before).toBe(group.totalVnd);
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'cancelled', amountVnd: group.totalVnd, status: 'confirmed' },
    ]);
  });

  test('card money for goods that are gone is sent back by the job', async () => {
    const { guest, stripe, node } = market;
    const variant = await market.scarce(1);
    const { group, payment, sessionId } = await market.awaitCard(variant);
    node.clock.advance(minutes(31));
    await market.awaitCard(variant);
    await stripe.tell(node.url, stripe.pay(sessionId));
    await node.runJobs();
    expect(await market.refundsOf(group)).toEqual([{ reason: 'late', amountVnd: group.totalVnd, status: 'confirmed' }]);
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'refunded' });
    await node.runScheduled('orders.expire');
  });
});

test('watching a payment: its state now, and paid the moment that it is', async () => {
  const { stripe, node } = market;
  const { payment, sessionId } = await market.awaitCard();
  const response = await fetch(`${node.url}/v1/payments/${payment.paymentId}/events`);
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let seen = '';
  const until = async (text: string): Promise<void> => {
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      seen += part.value;
      if (seen.includes(text)) return;
    }
    throw new Error(`The stream ended without ${text}: ${seen}`);
  };
  await until('"status":"pending"');
  await stripe.tell(node.url, stripe.pay(sessionId));
  await until('"status":"paid"');
  expect((await reader?.read())?.done).toBe(true);
});
