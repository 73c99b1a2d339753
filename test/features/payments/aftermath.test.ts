import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hours, minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import type { Dispute, StripeEvent } from '#test/support/providers/stripe.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const paid = async (quantity = 1) => {
  const { stripe, node } = market;
  const made = await market.awaitCard(market.variant(), quantity);
  await stripe.tell(node.url, stripe.pay(made.sessionId));
  return { ...made, order: made.group.orders[0]?.code ?? '' };
};
type Paid = Awaited<ReturnType<typeof paid>>;
const cancel = async ({ order }: Paid) => {
  await market.node.services.orders.cancelOrder(order, { actor: 'test' }, { reason: 'Hết hàng' });
  await market.node.runJobs();
};
const refunds = async ({ group }: Paid) => (await market.refundsOf(group)).map(({ status }) => status);
const refundIdOf = ({ sessionId }: Paid): string => market.stripe.refundsOf(sessionId).at(-1)?.id ?? '';
const balance = async (account: string): Promise<number> => {
  const { rows } = await market.node.db.execute<{ sum: string }>(
    sql`select coalesce(sum(amount_vnd), 0)::bigint as sum from entries where account = ${account}`,
  );
  return Number(rows[0]?.sum);
};

describe('a card refund that takes its time', () => {
  test('is on its way, and then with the shopper', async () => {
    const { stripe, node } = market;
    stripe.refundsAre('pending');
    const bought = await paid();
    await cancel(bought);
    expect(await refunds(bought)).toEqual(['sent']);
    await stripe.tell(node.url, stripe.arriveRefund(refundIdOf(bought)));
    expect(await refunds(bought)).toEqual(['confirmed']);
    stripe.refundsAre('succeeded');
  });

  test('comes back after days: owed again, and told in whatever order', async () => {
    const { stripe, node } = market;
    stripe.refundsAre('pending');
    const bought = await paid();
    await cancel(bought);
    const owed = await balance('refunds-due');
    const failed = stripe.failRefund(refundIdOf(bought));
    for (let time = 0; time < 2; time += 1) await stripe.tell(node.url, failed);
    expect(await refunds(bought)).toEqual(['failed']);
    expect(await balance('refunds-due')).toBe(owed - bought.group.totalVnd);
    stripe.refundsAre('succeeded');
  });

  test('is refused at once: failed, and nothing is booked as sent', async () => {
    const { stripe } = market;
    stripe.refundsAre('refused');
    const bought = await paid();
    await cancel(bought);
    expect(await refunds(bought)).toEqual(['failed']);
    stripe.refundsAre('succeeded');
  });

  test('nobody told its end: the provider is asked', async () => {
    const { stripe, node } = market;
    stripe.refundsAre('pending');
    const bought = await paid();
    await cancel(bought);
    stripe.refundsAre('succeeded');
    stripe.arriveRefund(refundIdOf(bought));
    node.clock.advance(minutes(61));
    await node.runScheduled('payments.follow-refunds');
    expect(await refunds(bought)).toEqual(['confirmed']);
  });

  test.each(['in-use', 'garbage'] as const)(
    'an answer that is %s says nothing: tried again, sent once',
    async (trouble) => {
      const { stripe, node } = market;
      const bought = await paid();
      const before = stripe.refundedVnd();
      stripe.trouble(trouble, trouble, trouble);
      await cancel(bought);
      await node.runJobs('soon');
      expect(await refunds(bought)).toEqual(['confirmed']);
      expect(stripe.refundedVnd() - before).toBe(bought.group.totalVnd);
    },
  );
});

describe('a claim of the card’s bank', () => {
  const claim = ({ sessionId, group }: Paid, amountVnd = group.totalVnd) =>
    market.stripe.dispute(sessionId, amountVnd, new Date(market.node.clock.now().getTime() + hours(7 * 24)));
  const idOf = (event: StripeEvent): string => (event.data.object as Dispute).id;
  const tell = (event: StripeEvent) => market.stripe.tell(market.node.url, event);
  const disputeOf = async (event: StripeEvent) => {
    const { rows } = await market.node.db.execute<{ status: string }>(
      sql`select status from disputes where provider_dispute_id = ${idOf(event)}`,
    );
    return rows.map(({ status }) => status);
  };
  const waiting = async () => {
    const { rows } = await market.node.db.execute<{ due: Date | null }>(
      sql`select due_at as due from review_items where subject_kind = 'dispute' and settled_at is null`,
    );
    return rows;
  };

  test('opened: the money has left, finance has it in its queue with the limit of the evidence; won: it is back', async () => {
    const bought = await paid();
    const opened = claim(bought);
    await tell(opened);
    expect(await disputeOf(opened)).toEqual(['open']);
    expect(await balance('disputed')).toBe(bought.group.totalVnd);
    expect(await waiting()).toHaveLength(1);
    await tell(market.stripe.answerDispute(idOf(opened)));
    await tell(market.stripe.closeDispute(idOf(opened), 'won'));
    expect(await disputeOf(opened)).toEqual(['won']);
    expect(await balance('disputed')).toBe(0);
    expect(await waiting()).toEqual([]);
    expect(await refunds(bought)).toEqual([]);
  });

  test('lost: the order pays for it, by the one way in which a price goes back', async () => {
    const bought = await paid(2);
    const opened = claim(bought);
    await tell(opened);
    await tell(market.stripe.closeDispute(idOf(opened), 'lost'));
    expect(await market.refundsOf(bought.group)).toEqual([
      { reason: 'disputed', amountVnd: bought.group.totalVnd, status: 'confirmed' },
    ]);
    expect((await market.guest.group(bought.group.code)).orders[0]?.paymentStatus).toBe('refunded');
    expect(await balance('disputed')).toBe(0);
  });

  test('lost after the order was refunded in part: the rest of the claim is the exchange’s loss', async () => {
    const bought = await paid();
    await cancel(bought);
    const opened = claim(bought, 5_000);
    const before = await balance('losses');
    await tell(opened);
    await tell(market.stripe.closeDispute(idOf(opened), 'lost'));
    expect((await balance('losses')) - before).toBe(5_000);
  });

  test('told backwards and twice: closed stays closed, and the money moves once', async () => {
    const bought = await paid();
    const opened = claim(bought);
    const closed = market.stripe.closeDispute(idOf(opened), 'won');
    for (const event of [closed, opened, closed, opened]) expect(await tell(event)).toBe(200);
    expect(await disputeOf(opened)).toEqual(['won']);
    expect(await balance('disputed')).toBe(0);
  });

  test('of a payment that is not ours: stored, and nothing moves', async () => {
    const bought = await paid();
    const opened = claim(bought);
    const foreign = { ...opened, data: { object: { ...opened.data.object, payment_intent: 'pi_foreign' } } };
    expect(await tell(foreign as StripeEvent)).toBe(200);
    expect(await disputeOf(opened)).toEqual([]);
    await tell({ ...opened, id: 'evt_again' });
    await tell(market.stripe.closeDispute(idOf(opened), 'won'));
  });
});

describe('a card near the end of the hold', () => {
  test('is set aside first and taken when the goods are there', async () => {
    const { stripe, node, guest } = market;
    const group = await guest.order([market.variant().variantId, 1]);
    node.clock.advance(minutes(25));
    const payment = await guest.pay(group.code, 'stripe');
    await stripe.tell(node.url, stripe.pay(stripe.sessionOf(payment.redirectUrl)));
    expect((await guest.group(group.code)).status).toBe('paid');
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
  });

  test('is let go when the hold has lapsed: nobody is charged', async () => {
    const { stripe, node, guest } = market;
    const group = await guest.order([market.variant().variantId, 1]);
    node.clock.advance(minutes(25));
    const payment = await guest.pay(group.code, 'stripe');
    const charged = stripe.chargedVnd();
    const event = stripe.pay(stripe.sessionOf(payment.redirectUrl));
    node.clock.advance(minutes(6));
    await stripe.tell(node.url, event);
    expect(stripe.chargedVnd()).toBe(charged);
    expect((await guest.payment(payment.paymentId)).status).toBe('failed');
    expect(await market.refundsOf(group)).toEqual([]);
    await node.runScheduled('orders.expire');
  });
});
