import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
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

type Refused = { readonly code: string; readonly methods?: readonly string[] };
const ask = async (method: string) => {
  const { guest } = market;
  const group = await guest.order([market.variant().variantId, 1]);
  const sent = { body: { method }, headers: fresh() };
  return guest.client.send<Refused>('POST', `/v1/order-groups/${group.code}/payments`, sent);
};
/** What the page of an unpaid order offers, once the process has looked at what is known. */
const offered = async (): Promise<readonly string[]> => {
  const { guest } = market;
  const group = await guest.order([market.variant().variantId, 1]);
  for (;;) {
    const { text } = await guest.client.send('GET', `/thanh-toan/${group.code}`);
    const methods = [...text.matchAll(/name="method" value="(\w+)"/g)].map(([, method = '']) => method);
    if (methods.length > 0) return methods;
  }
};

test('a provider that does not answer hides its method, the others go on, and it comes back', async () => {
  const { stripe, node } = market;
  expect(await offered()).toEqual(['vietqr', 'stripe', 'vnpay']);
  // The SDK asks three times each time.
  stripe.trouble(...Array.from({ length: 9 }, () => 'unavailable' as const));
  for (let time = 0; time < 3; time += 1)
    expect(await ask('stripe')).toMatchObject({ status: 503, body: { code: 'provider-unavailable' } });
  expect(await offered()).toEqual(['vietqr', 'vnpay']);
  const calls = stripe.calls('POST /v1/checkout/sessions');
  expect(await ask('stripe')).toMatchObject({
    status: 409,
    body: { code: 'payment-method-unavailable', methods: ['vietqr', 'vnpay'] },
  });
  // Nobody waits eight seconds for a provider that is known to be away.
  expect(stripe.calls('POST /v1/checkout/sessions')).toBe(calls);
  for (const method of ['vietqr', 'vnpay']) expect((await ask(method)).status).toBe(201);

  node.clock.advance(minutes(1));
  stripe.trouble('unavailable', 'unavailable', 'unavailable');
  expect((await ask('stripe')).status).toBe(503);
  expect(await offered()).toEqual(['vietqr', 'vnpay']);
  node.clock.advance(minutes(2));
  expect((await ask('stripe')).status).toBe(201);
  expect(await offered()).toEqual(['vietqr', 'stripe', 'vnpay']);
});

test('a silent provider is asked after once a minute, not once a payment, and its answer opens the method again', async () => {
  const { vnpay, node } = market;
  const made = [await market.awaitVnpay(), await market.awaitVnpay(), await market.awaitVnpay()];
  for (const { txnRef } of made) vnpay.decide(txnRef);
  for (let minute = 0; minute < 4; minute += 1) {
    node.clock.advance(minutes(3));
    vnpay.trouble('unavailable');
    await node.runScheduled('payments.poll');
  }
  expect(await offered()).not.toContain('vnpay');
  node.clock.advance(minutes(3));
  await node.runScheduled('payments.poll');
  for (const { group } of made) expect((await market.guest.group(group.code)).status).toBe('paid');
  expect(await offered()).toContain('vnpay');
});
