import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createExchangeOrders } from '#features/exchange-orders/index.ts';
import type { LegId } from '#features/exchange-orders/types.ts';
import { listOurs } from '#features/payments/queries/clearing.ts';
import type { RefundId } from '#features/payments/types.ts';
import { createClient } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { home, recipient } from '#test/support/people.ts';
import { type Legs, openLegs } from './stage.ts';

/** Goods of another exchange as a program buys them, with each thing that it may be told. */
let stage: Legs;
let cartId: string;
beforeAll(async () => {
  stage = await openLegs();
  await stage.fresh();
  cartId = (await stage.node.services.carts.openCart()).cartId;
});
afterAll(() => stage.close());

const refused = async (status: number, method: string, path: string, body?: object): Promise<string> =>
  (await createClient(stage.node.url).expect<{ code: string }>(status, method, path, body ? { body } : {})).code;
const line = () => `/v1/carts/${cartId}/exchange-lines/${stage.variantId}`;
const leg = () => `/v1/carts/${cartId}/legs/can-tho`;
const where = { recipient, address: home };
const quoted = () =>
  createClient(stage.node.url).expect<{ legId: LegId; totalVnd: number }>(200, 'PUT', leg(), { body: where });
const accept = (legId: string, totalVnd: number) =>
  [`/v1/exchange-legs/${legId}/accept`, { shippingCode: 'standard', totalVnd }] as const;

test('a cart without goods of the exchange, an exchange that takes no orders, and too many pieces', async () => {
  const { partner } = stage;
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-empty');
  expect(await refused(422, 'PUT', line(), { quantity: 1_001 })).toBe('leg-limits');
  partner.set.isOrderable = false;
  expect(await refused(409, 'PUT', line(), { quantity: 1 })).toBe('not-orderable');
  partner.set.isOrderable = true;
  await createClient(stage.node.url).expect(200, 'PUT', line(), { body: { quantity: 2 } });
  partner.set.isOrderable = false;
  expect(await refused(409, 'PUT', leg(), where)).toBe('not-orderable');
  partner.set.isOrderable = true;
});

test('an exchange that is silent, has too little, or refuses', async () => {
  const { partner } = stage;
  partner.trouble('quote', 'silent');
  expect(await refused(503, 'PUT', leg(), where)).toBe('origin-silent');
  partner.set.refusal = { code: 'quantity-unavailable', extra: { lines: [{ uri: 'x', available: 1 }] } };
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-quantity-unavailable');
  partner.set.refusal = { code: 'destination-unserved', extra: {} };
  expect(await refused(409, 'PUT', leg(), where)).toBe('leg-refused');
  partner.set.refusal = undefined;
});

test('what was not seen is not accepted, nor by a minor, nor twice, nor where no card can be charged', async () => {
  const { partner, node, stripe } = stage;
  partner.set.needsAge = true;
  const shown = await quoted();
  expect(await refused(422, 'POST', ...accept(shown.legId, shown.totalVnd))).toBe('leg-age-not-confirmed');
  partner.set.needsAge = false;
  const { legId, totalVnd } = await quoted();
  expect(await refused(409, 'POST', ...accept(legId, totalVnd - 1))).toBe('leg-terms-changed');
  const closed = createExchangeOrders({ ...stage.deps, methods: [] });
  const yes = { legId, shippingCode: 'standard', totalVnd, ageConfirmed: false };
  await expect(closed.acceptLeg(yes)).rejects.toMatchObject({ code: 'leg-payment-closed' });
  const [path, body] = accept(legId, totalVnd);
  await createClient(node.url).expect(200, 'POST', path, { body });
  stripe.pay(await stage.sessionOf(legId));
  await stage.legs.refresh(legId);
  expect(await refused(409, 'POST', path, body)).toBe('leg-under-way');
  expect(await refused(404, 'GET', '/v1/exchange-legs/aaaaaaaaaaaaaaaaaaaaaa')).toBe('leg-not-found');
});

test('only what was bought leaves the cart', async () => {
  const { legs } = stage;
  const bought = await stage.quote(2);
  await legs.setLine(bought.cartId, stage.variantId, 5);
  const yes = { legId: bought.legId, shippingCode: 'standard', totalVnd: bought.totalVnd ?? 0, ageConfirmed: false };
  await legs.acceptLeg(yes);
  stage.stripe.pay(await stage.sessionOf(bought.legId));
  await legs.refresh(bought.legId);
  expect((await legs.listBaskets(bought.cartId))[0]?.lines.map(({ quantity }) => quantity)).toEqual([3]);
});

test('a new cart takes along what lies in an ordered one, with the legs of it', async () => {
  const { legs, node } = stage;
  const bought = await stage.quote();
  const next = await node.services.carts.openCart();
  await legs.carry(bought.cartId, next.cartId);
  expect(await legs.countPieces(bought.cartId)).toBe(0);
  expect(await legs.countPieces(next.cartId)).toBe(1);
  expect((await legs.listLegs(next.cartId)).map(({ legId }) => legId)).toEqual([bought.legId]);
});

describe('paid by a transfer while the goods are held', () => {
  const officers = ['account:01900000-0000-7000-8000-0000000000a1', 'account:01900000-0000-7000-8000-0000000000b2'];
  /** Accepted, and reserved at the other exchange. */
  const held = async () => {
    const { services } = stage.node;
    const { legId, totalVnd } = await stage.quote();
    await services.exchangeOrders.acceptLeg({
      ...{ legId, shippingCode: 'standard', totalVnd: totalVnd ?? 0, ageConfirmed: false, method: 'vietqr' },
    });
    await services.exchangeOrders.advance(legId);
    const { transfer } = await services.exchangeOrders.getLeg(legId);
    return { legId, memo: transfer?.memo ?? '', amountVnd: transfer?.amountVnd ?? 0 };
  };
  const send = (memo: string, amountVnd: number) => stage.market.bank.transfer(stage.node.url, { memo, amountVnd });
  const show = async (legId: LegId) => {
    await stage.node.services.exchangeOrders.advance(legId);
    return stage.node.services.exchangeOrders.getLeg(legId);
  };
  const backOf = async (legId: LegId) =>
    (await stage.node.db.execute(sql`select amount_vnd::int as amount from refunds where leg_id = ${legId}`)).rows;

  test('reserved, then paid, then confirmed; the code asks for what is still to come', async () => {
    const { legId, memo, amountVnd } = await held();
    expect(await stage.stateOf(legId)).toBe('awaiting-transfer');
    expect(amountVnd).toBe(70_000);
    await send(memo, 30_000);
    expect(await show(legId)).toMatchObject({ state: 'awaiting-transfer', transfer: { amountVnd: 40_000 } });
    await send(memo, 45_000);
    expect(await show(legId)).toMatchObject({ state: 'confirmed', captured: true, receivedVnd: 75_000 });
    expect(await backOf(legId)).toEqual([{ amount: 5_000 }]);
    await send(memo, 70_000);
    expect(await backOf(legId)).toEqual([{ amount: 5_000 }, { amount: 70_000 }]);
    await stage.expectBooks();
  });

  test('nothing, or not all of it, in time: the goods are let go and what came goes back', async () => {
    const { legId, memo } = await held();
    await send(memo, 20_000);
    stage.node.clock.advance(minutes(30));
    await stage.node.services.exchangeOrders.advanceDue();
    expect(await show(legId)).toMatchObject({ state: 'void', reason: 'not-paid' });
    await send(memo, 50_000);
    expect(await backOf(legId)).toEqual([{ amount: 20_000 }, { amount: 50_000 }]);
    expect(stage.partner.held()).toEqual([]);
    await stage.expectBooks();
  });

  test('called off by its exchange: two of finance transfer it back, and the leg says so', async () => {
    const { services } = stage.node;
    const { legId, memo, amountVnd } = await held();
    await send(memo, amountVnd);
    expect((await show(legId)).state).toBe('confirmed');
    const order = [...stage.partner.orders.values()].find(({ key }) => key === `leg:${legId}`);
    stage.node.clock.advance(minutes(1));
    stage.partner.callOff(order?.orderId ?? '');
    await services.exchangeOrders.followOrders();
    expect((await show(legId)).state).toBe('refund-owed');
    const { rows } = await stage.node.db.execute<{ id: RefundId }>(sql`select id from refunds where leg_id = ${legId}`);
    const refundId = rows[0]?.id ?? ('' as RefundId);
    const [first = '', second = ''] = officers;
    const payee = { bankBin: '970436', accountNumber: '0123456789', name: 'Nguyễn Thị Sen' };
    const draft = { refundId, payee, reason: 'Khách đọc số tài khoản' };
    const proposal = await services.payments.proposeAccount({ actor: first }, draft);
    await services.payments.approve({ actor: second }, proposal);
    await services.payments.markSent({ actor: first }, refundId, 'FT26331000001');
    expect((await show(legId)).state).toBe('refunded');
    await stage.expectBooks();
  });
});

test('a card that was charged for a leg: its claim and its line in the provider’s file are known', async () => {
  const { node, stripe } = stage;
  const won = await stage.authorise();
  await stage.legs.advance(won.legId);
  const dueBy = new Date(node.clock.now().getTime() + 7 * 86_400_000);
  const claim = stripe.dispute(won.sessionId, won.totalVnd, dueBy);
  await stripe.tell(node.url, claim);
  const read = async () =>
    (await node.db.execute<{ status: string }>(sql`select status from disputes where leg_id = ${won.legId}`)).rows;
  expect(await read()).toEqual([{ status: 'open' }]);
  await stage.expectBooks();
  const { rows } = await node.db.execute<{ id: string; reference: string }>(
    sql`select d.provider_dispute_id as id, l.payment_reference as reference from disputes d join exchange_legs l on l.id = d.leg_id where l.id = ${won.legId}`,
  );
  await stripe.tell(node.url, stripe.closeDispute(rows[0]?.id ?? '', 'lost'));
  expect(await read()).toEqual([{ status: 'lost' }]);
  await stage.expectBooks();
  expect(await listOurs(node.db, 'stripe', [rows[0]?.reference ?? ''])).toEqual([
    { kind: 'charge', reference: rows[0]?.reference, amountVnd: won.totalVnd },
  ]);
});
