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

/** The hold of a checkout lapses, with or without the job that notices. */
const lapse = () => market.node.clock.advance(minutes(31));
const expireByJob = async (): Promise<void> => {
  lapse();
  await market.node.runScheduled('orders.expire');
  await market.node.runJobs();
};

test('whoever says no to what another proposed says why; one’s own is taken back without a word', async () => {
  const { bank, node } = market;
  const [lan, binh] = ['account:lan', 'account:binh'].map((actor) => ({ actor, address: '127.0.0.1' }));
  if (!lan || !binh) throw new Error('Nobody is there');
  await bank.transfer(node.url, { memo: 'KHONG RO', amountVnd: 12_345 });
  const { rows } = await node.db.execute<{ id: never }>(
    sql`select id from bank_transfers where state = 'unmatched' and amount_vnd = 12345`,
  );
  const { payments } = node.services;
  const propose = () =>
    payments.proposeMatch(lan, { transferId: rows[0]?.id as never, allocations: [], reason: 'Không rõ của ai' });
  const first = await propose();
  await expect(payments.reject(binh, first, ' ')).rejects.toMatchObject({ code: 'money-reason-required' });
  await payments.reject(binh, first, 'Chờ khách gọi lại');
  await payments.reject(lan, await propose(), '');
  const { rows: kept } = await node.db.execute(sql`select outcome from money_proposals order by proposed_at, id`);
  expect(kept).toEqual([{ outcome: 'rejected' }, { outcome: 'withdrawn' }]);
});

describe('money in time', () => {
  test('the exact amount pays every order of the group once and books the sale', async () => {
    const { guest, bank, node } = market;
    const group = await guest.order([market.variant().variantId, 2], [market.variant().variantId, 1]);
    const { paymentId, qr } = await guest.pay(group.code, 'vietqr');
    expect(qr?.payload).toMatch(/^000201.*6304[0-9A-F]{4}$/);
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });

    const paid = await guest.group(group.code);
    expect(paid.status).toBe('paid');
    expect(paid.orders.map(({ status, paymentStatus }) => [status, paymentStatus])).toEqual([
      ['placed', 'paid'],
      ['placed', 'paid'],
    ]);
    expect(await guest.payment(paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
    expect(await market.transferStates(qr?.memo ?? '')).toEqual(['exact']);
  });

  test('too little is kept, the code then asks for the rest, and the rest completes it', async () => {
    const { guest, bank, node } = market;
    const { group, payment, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd - 10_000 });
    expect(await guest.payment(payment.paymentId)).toMatchObject({
      status: 'underpaid',
      receivedVnd: group.totalVnd - 10_000,
    });
    expect((await guest.group(group.code)).status).toBe('awaiting-payment');

    const again = await guest.pay(group.code, 'vietqr');
    expect(again.paymentId).toBe(payment.paymentId);
    expect(again.qr?.payload).toContain('540510000');
    await bank.transfer(node.url, { memo, amountVnd: 10_000 });
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'paid', receivedVnd: group.totalVnd });
    expect(await market.transferStates(memo)).toEqual(['short', 'completing']);
  });

  test('too much pays the order, and what is over is queued to go back', async () => {
    const { guest, bank, node } = market;
    const { group, payment, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd + 7_000 });
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'overpaid' });
    expect((await guest.group(group.code)).status).toBe('paid');
    expect(await market.refundsOf(group)).toEqual([{ reason: 'overpaid', amountVnd: 7_000, status: 'queued' }]);
  });

  test('money for an order that is paid goes back whole', async () => {
    const { bank, node } = market;
    const { group, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    expect(await market.transferStates(memo)).toEqual(['exact', 'duplicate']);
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'duplicate', amountVnd: group.totalVnd, status: 'queued' },
    ]);
  });
});

describe('money that comes late', () => {
  test('takes the goods again when they are still there', async () => {
    const { guest, bank, node } = market;
    const variant = market.variant();
    const { group, payment, memo } = await market.awaitTransfer(variant);
    const before = await market.available(variant);
    await expireByJob();
    expect(await market.available(variant)).toBe(before + 1);
    expect(await guest.payment(payment.paymentId)).toMatchObject({ status: 'expired' });

    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    expect(await guest.group(group.code)).toMatchObject({ status: 'paid', orders: [{ status: 'placed' }] });
    expect(await market.available(variant)).toBe(before);
    expect(await market.transferStates(memo)).toEqual(['late']);
  });

  test('goes back when somebody else has them', async () => {
    const { guest, bank, node } = market;
    const variant = await market.scarce(1);
    const { group, memo } = await market.awaitTransfer(variant);
    await expireByJob();
    const faster = await market.awaitTransfer(variant);
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    expect((await guest.group(group.code)).status).toBe('expired');
    expect(await market.transferStates(memo)).toEqual(['late-refund']);
    expect(await market.refundsOf(group)).toEqual([{ reason: 'late', amountVnd: group.totalVnd, status: 'queued' }]);
    await bank.transfer(node.url, { memo: faster.memo, amountVnd: faster.group.totalVnd });
    expect((await guest.group(faster.group.code)).status).toBe('paid');
  });

  test('a lapsed hold is free at once for the next shopper, before any job has run', async () => {
    const { guest, bank, node } = market;
    const variant = await market.scarce(1);
    const { group, memo } = await market.awaitTransfer(variant);
    lapse();
    expect((await guest.group(group.code)).status).toBe('expired');
    const faster = await market.awaitTransfer(variant);
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    expect(await market.transferStates(memo)).toEqual(['late-refund']);
    await bank.transfer(node.url, { memo: faster.memo, amountVnd: faster.group.totalVnd });
    expect((await guest.group(faster.group.code)).status).toBe('paid');
    await node.runScheduled('orders.expire');
  });

  test('one order of two lost its goods: nothing is taken, all of the money goes back', async () => {
    const { guest, bank, node } = market;
    const [scarce, plenty] = [await market.scarce(1), market.variant()];
    const group = await guest.order([scarce.variantId, 1], [plenty.variantId, 3]);
    const { qr } = await guest.pay(group.code, 'vietqr');
    const free = await market.available(plenty);
    lapse();
    await market.awaitTransfer(scarce);
    await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
    expect(await market.refundsOf(group)).toEqual([{ reason: 'late', amountVnd: group.totalVnd, status: 'queued' }]);
    await node.runScheduled('orders.expire');
    expect(await market.available(plenty)).toBe(free + 3);
  });

  test('a hold that has itself lapsed does not keep goods from late money', async () => {
    const { guest, bank, node } = market;
    const variant = await market.scarce(1);
    const { group, memo } = await market.awaitTransfer(variant);
    lapse();
    await market.awaitTransfer(variant);
    lapse();
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd });
    expect(await market.transferStates(memo)).toEqual(['late']);
    expect((await guest.group(group.code)).status).toBe('paid');
    await node.runScheduled('orders.expire');
  });

  test('a part that waited for the rest goes back when the time is over', async () => {
    const { guest, bank, node } = market;
    const { group, payment, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: 5_000 });
    await expireByJob();
    expect((await guest.payment(payment.paymentId)).status).toBe('expired');
    expect(await market.refundsOf(group)).toEqual([{ reason: 'partial-expired', amountVnd: 5_000, status: 'queued' }]);
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd - 5_000 });
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'partial-expired', amountVnd: 5_000, status: 'queued' },
      { reason: 'late', amountVnd: group.totalVnd - 5_000, status: 'queued' },
    ]);
  });
});

describe('money that names nobody', () => {
  test.each([
    ['no code at all', () => 'chuyen tien mua hang'],
    ['a code of ours that is no payment', (group: string) => group],
  ])('%s: kept in suspense for a person', async (_name, memo) => {
    const { bank, node } = market;
    const { group } = await market.awaitTransfer();
    const { id } = await bank.transfer(node.url, { memo: memo(group.code), amountVnd: 99_000 });
    const { rows } = await node.db.execute(
      sql`select state, payment_id from bank_transfers where provider_tx_id = ${String(id)}`,
    );
    expect(rows).toEqual([{ state: 'unmatched', payment_id: null }]);
  });

  test('two payments in one text: a person decides, neither is paid', async () => {
    const { guest, bank, node } = market;
    const [one, two] = [await market.awaitTransfer(), await market.awaitTransfer()];
    const payload = bank.move({ memo: one.memo, amountVnd: one.group.totalVnd });
    expect(await bank.tell(node.url, { ...payload, content: `${one.memo} ${two.memo}` })).toBe(200);
    for (const { group } of [one, two]) expect((await guest.group(group.code)).status).toBe('awaiting-payment');
  });

  test("another account's transfer and outgoing money are stored and touch nothing", async () => {
    const { guest, bank, node } = market;
    const { group, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd, accountNumber: '999888777666' });
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd, direction: 'out' });
    expect((await guest.group(group.code)).status).toBe('awaiting-payment');
    const { rows } = await node.db.execute<{ state: string; count: number }>(
      sql`select state, count(*)::int as count from bank_transfers where state in ('foreign-account', 'outgoing') group by 1 order by 1`,
    );
    expect(rows).toEqual([
      { state: 'foreign-account', count: 1 },
      { state: 'outgoing', count: 1 },
    ]);
  });
});

describe('two ways to pay one order', () => {
  test('a transfer that came in part cannot be left for a card', async () => {
    const { guest, bank, node } = market;
    const { group, memo } = await market.awaitTransfer();
    await bank.transfer(node.url, { memo, amountVnd: 5_000 });
    const refused = await guest.client.send('POST', `/v1/order-groups/${group.code}/payments`, {
      body: { method: 'stripe' },
      headers: { 'idempotency-key': 'switch-half-way' },
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'payment-part-received' } });
    await expireByJob();
  });

  test('a card session that was left pays after all: the waiting transfer ends, its part goes back', async () => {
    const { guest, bank, stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const transfer = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: transfer.qr?.memo ?? '', amountVnd: 5_000 });
    expect(await stripe.tell(node.url, stripe.pay(sessionId))).toBe(200);

    expect((await guest.group(group.code)).status).toBe('paid');
    expect((await guest.payment(transfer.paymentId)).status).toBe('expired');
    expect(await market.refundsOf(group)).toEqual([{ reason: 'duplicate', amountVnd: 5_000, status: 'queued' }]);
  });

  test('both ways pay in full: one sale, the second goes back, and a cancellation refunds the first', async () => {
    const { guest, bank, stripe, node } = market;
    const { group, sessionId } = await market.awaitCard();
    const transfer = await guest.pay(group.code, 'vietqr');
    await bank.transfer(node.url, { memo: transfer.qr?.memo ?? '', amountVnd: group.totalVnd });
    expect(await stripe.tell(node.url, stripe.pay(sessionId))).toBe(200);
    await node.runJobs();
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'duplicate', amountVnd: group.totalVnd, status: 'confirmed' },
    ]);

    const { services } = node;
    await services.orders.cancelOrder(group.orders[0]?.code ?? '', { actor: 'test' }, { reason: 'Hết hàng' });
    await node.runJobs();
    expect(await market.refundsOf(group)).toEqual([
      { reason: 'duplicate', amountVnd: group.totalVnd, status: 'confirmed' },
      { reason: 'cancelled', amountVnd: group.totalVnd, status: 'queued' },
    ]);
    expect((await guest.payment(transfer.paymentId)).status).toBe('paid');
  });

  test('money for codes that were replaced: the part of each that does not count goes back', async () => {
    const { guest, bank, node } = market;
    const { group, payment: first, memo } = await market.awaitTransfer();
    await guest.pay(group.code, 'stripe');
    const second = await guest.pay(group.code, 'vietqr');
    expect(second.paymentId).not.toBe(first.paymentId);
    await bank.transfer(node.url, { memo: second.qr?.memo ?? '', amountVnd: 6_000 });
    await bank.transfer(node.url, { memo, amountVnd: 5_000 });
    expect(await guest.payment(first.paymentId)).toMatchObject({ status: 'underpaid', receivedVnd: 5_000 });
    expect(await guest.payment(second.paymentId)).toMatchObject({ status: 'expired' });
    expect(await market.refundsOf(group)).toEqual([{ reason: 'duplicate', amountVnd: 6_000, status: 'queued' }]);
    await bank.transfer(node.url, { memo, amountVnd: group.totalVnd - 5_000 });
    expect((await guest.group(group.code)).status).toBe('paid');
  });
});
