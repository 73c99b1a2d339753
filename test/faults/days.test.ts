import { afterAll, beforeAll, expect, test } from 'vitest';
import { hours, minutes } from '#test/support/clock.ts';
import { findFaults } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import type { Group, Payment, Variant } from '#test/support/people.ts';
import type { StripeEvent } from '#test/support/providers/stripe.ts';
import { limitMs, seeded, shared } from '#test/support/scale.ts';

/** Shoppers, sellers, a bank and a card provider do what people do, in an order that no test would think of. */
const random = seeded('market days');
const steps = shared(150, 6_000);

let market: Market;
let shelf: readonly Variant[];
beforeAll(async () => {
  market = await openMarket();
  shelf = [await market.scarce(6), await market.scarce(20), market.variant(), market.variant()];
});
afterAll(() => market.close());

type Deal = { group: Group; payments: Payment[] };
const deals: Deal[] = [];
const log: string[] = [];

/** One of the last few deals, if it can be one that has been given such a way to pay. */
const pickDeal = (method?: string): { group: Group; payment: Payment | undefined } => {
  const suited = deals.filter(({ payments }) => !method || payments.some((payment) => payment.method === method));
  const deal = random.pick((suited.length > 0 ? suited : deals).slice(-6));
  return { group: deal.group, payment: deal.payments.findLast((payment) => !method || payment.method === method) };
};

const order = async (): Promise<string> => {
  const lines = random.shuffle(shelf).slice(0, random.between(1, 3));
  const { guest } = market;
  const cart = await guest.fillCart(...lines.map(({ variantId }) => [variantId, random.between(1, 2)] as const));
  const answer = await guest.client.send<Group>('POST', `/v1/carts/${cart}/checkout`, {
    body: {},
    headers: { 'idempotency-key': `order-${log.length}` },
  });
  if (answer.status === 201) deals.push({ group: answer.body, payments: [] });
  return `order ${answer.status}`;
};

const choosePayment = async (): Promise<string> => {
  const deal = random.pick(deals.slice(-4));
  const method = random.pick(['vietqr', 'stripe']);
  const answer = await market.guest.client.send<Payment>('POST', `/v1/order-groups/${deal.group.code}/payments`, {
    body: { method },
    headers: { 'idempotency-key': `pay-${log.length}` },
  });
  if (answer.status === 201) deal.payments.push(answer.body);
  return `pay ${deal.group.code} ${method} ${answer.status}`;
};

const transfer = async (): Promise<string> => {
  const { group, payment } = pickDeal('vietqr');
  if (!payment) return 'nothing to transfer for';
  const amountVnd = random.pick([
    group.totalVnd,
    group.totalVnd,
    group.totalVnd - 3_000,
    3_000,
    group.totalVnd + 5_000,
  ]);
  const payload = market.bank.move({ memo: payment.qr?.memo ?? '', amountVnd });
  // A third of what the bank says is late; some is told twice.
  if (random.chance(0.33)) return `transfer ${group.code} ${amountVnd}, not told`;
  for (let time = 0; time < random.pick([1, 1, 2]); time += 1) await market.bank.tell(market.node.url, payload);
  return `transfer ${group.code} ${amountVnd}`;
};

const isPlayable = (sessionId: string): boolean => {
  const { status, payment_status: paid } = market.stripe.session(sessionId);
  return status === 'open' || (status === 'complete' && paid === 'unpaid');
};
const playCard = (sessionId: string): StripeEvent => {
  const { stripe } = market;
  const acts =
    stripe.session(sessionId).status === 'open'
      ? [stripe.pay, stripe.pay, stripe.promise, stripe.lapse]
      : [stripe.succeed, stripe.fail];
  return random.pick(acts)(sessionId);
};

const card = async (): Promise<string> => {
  const { stripe, node } = market;
  const sessions = deals.flatMap(({ payments }) => payments.map(({ redirectUrl }) => stripe.sessionOf(redirectUrl)));
  const playable = [...new Set(sessions)].filter((id) => id !== '' && isPlayable(id)).slice(-5);
  if (playable.length === 0) return 'no card to play';
  const event = playCard(random.pick(playable));
  const { id } = event.data.object;
  const code = 'client_reference_id' in event.data.object ? event.data.object.client_reference_id : '';
  if (random.chance(0.33)) return `${event.type} ${code} ${id}, not told`;
  for (let time = 0; time < random.pick([1, 1, 3]); time += 1) await stripe.tell(node.url, event);
  return `${event.type} ${code} ${id}`;
};

const tellLate = async (): Promise<string> => {
  const { bank, stripe, node } = market;
  for (const payload of random.shuffle(bank.untold()).slice(0, 2)) await bank.tell(node.url, payload);
  for (const event of random.shuffle(stripe.untold()).slice(0, 2)) await stripe.tell(node.url, event);
  return 'late messages';
};

const sell = async (): Promise<string> => {
  const { orders } = market.node.services;
  const { code } = random.pick(pickDeal().group.orders);
  const seller = { actor: 'test' };
  const [name, act] = random.pick<readonly [string, () => Promise<unknown>]>([
    ['confirm', () => orders.confirmOrder(code, seller)],
    ['confirm', () => orders.confirmOrder(code, seller)],
    ['ship', () => orders.shipOrder(code, seller)],
    ['deliver', () => orders.deliverOrder(code, seller)],
    ['cancel', () => orders.cancelOrder(code, seller, { reason: 'Hết hàng' })],
  ]);
  const done = await act().then(
    () => 'done',
    (error: Error) => error.message,
  );
  return `${name} ${code}: ${done}`;
};

const wait = async (): Promise<string> => {
  const { node } = market;
  node.clock.advance(random.pick([minutes(5), minutes(10), minutes(20), minutes(31), hours(49)]));
  return 'time passes';
};
const work = async (): Promise<string> => {
  const queue = random.pick(['orders.expire', 'orders.cancel-unconfirmed', 'payments.poll']);
  await market.node.runScheduled(queue);
  await market.node.runJobs();
  return queue;
};
const look = async (): Promise<string> => {
  const { group, payment } = pickDeal();
  await market.guest.client.send('GET', `/thanh-toan/${group.code}?payment=${payment?.paymentId ?? ''}`);
  return `look at ${group.code}`;
};

const deeds = [
  ...[order, order, choosePayment, choosePayment, choosePayment, transfer, transfer, transfer, card, card, card],
  ...[tellLate, sell, sell, wait, work, look],
];

test(`${steps} steps: the books, the shelves and both providers agree all the way`, { timeout: limitMs }, async () => {
  const { node, bank, stripe } = market;
  await order();
  for (let step = 1; step <= steps; step += 1) {
    log.push(await random.pick(deeds)());
    // Messages are under way: providers may know more than we do, never less.
    if (step % 25 > 0) continue;
    const faults = await findFaults(node.db, { bank }, false);
    expect(faults, `after step ${step}:\n${log.slice(-40).join('\n')}`).toEqual([]);
  }
  for (const payload of bank.untold()) await bank.tell(node.url, payload);
  for (const event of stripe.untold()) await stripe.tell(node.url, event);
  node.clock.advance(hours(49));
  for (const queue of ['orders.expire', 'orders.cancel-unconfirmed']) await node.runScheduled(queue);
  await node.runJobs();
  expect(await findFaults(node.db, market), log.slice(-40).join('\n')).toEqual([]);
  const tally: Record<string, number> = {};
  for (const [word = ''] of log.map((line) => line.split(' '))) tally[word] = (tally[word] ?? 0) + 1;
  console.log(`${deals.length} orders, ${JSON.stringify(tally)}`);
});
