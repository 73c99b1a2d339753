import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { observed } from '#test/federation/observed.ts';
import { minutes } from '#test/support/clock.ts';
import { dayOf } from './origin.ts';
import { type Legs, openLegs } from './stage.ts';

/** One shopper's goods at another exchange, with a partner that fails as it is told and a provider that keeps books. */
let stage: Legs;
beforeAll(async () => {
  stage = await openLegs();
});
afterAll(() => stage.close());

const finish = async (legId: Parameters<Legs['stateOf']>[0], turns = 6): Promise<string> => {
  for (let turn = 0; turn < turns; turn += 1) {
    await stage.legs.advance(legId);
    stage.node.clock.advance(minutes(1));
  }
  return stage.stateOf(legId);
};

test('bought: quoted, set aside, reserved, taken, confirmed, delivered; the books say whose the money is', async () => {
  const { legs, partner, node } = stage;
  const { legId, sessionId, totalVnd, cartId } = await stage.authorise(2);
  expect(totalVnd).toBe(120_000);
  expect(await legs.listBaskets(cartId)).toEqual([]);
  expect(stage.chargedOf(sessionId).charged).toBe(0);
  await legs.advance(legId);
  expect(await legs.getLeg(legId)).toMatchObject({
    state: 'confirmed',
    captured: true,
    orderCode: 'CT0',
    refundedVnd: 0,
  });
  expect(stage.chargedOf(sessionId)).toEqual({ charged: 120_000, back: 0 });
  partner.move('o0', 'shipped');
  node.clock.advance(minutes(1));
  await legs.followOrders();
  expect(await stage.stateOf(legId)).toBe('fulfilling');
  partner.move('o0', 'delivered');
  // Its nudge is followed at once, without the look of the next minute.
  await node.services.federation.nudged('can-tho', ['orders']);
  await node.runJobs();
  expect(await stage.pathOf(legId)).toEqual([
    ...['quoted', 'authorising', 'authorised', 'reserving', 'reserved', 'capturing', 'captured', 'confirming'],
    ...['confirmed', 'fulfilling', 'done'],
  ]);
  await stage.expectBooks();
});

test('before the order nobody is named, and what then goes out is written down first', async () => {
  const { legs, node } = stage;
  const leg = await stage.quote();
  const disclosed = async (id: string) =>
    (await node.db.execute(sql`select members from exchange_disclosures where leg_id = ${id}`)).rows;
  expect(await disclosed(leg.legId)).toEqual([]);
  const { legId } = await stage.authorise();
  expect(await disclosed(legId)).toEqual([]);
  await legs.advance(legId);
  expect(await disclosed(legId)).toEqual([{ members: ['name', 'phone', 'line', 'ward', 'province'] }]);
});

describe('the price changes between view and pay', () => {
  test('row 28: price changes between view and pay', async () => {
    const { legs, partner } = stage;
    const leg = await stage.quote();
    partner.set.unit = 60_000;
    const accept = (totalVnd: number) =>
      legs.acceptLeg({ legId: leg.legId, shippingCode: 'standard', totalVnd, ageConfirmed: false });
    await expect(accept(70_000)).rejects.toMatchObject({ code: 'leg-terms-changed' });
    const shown = await legs.getLeg(leg.legId);
    expect(shown).toMatchObject({ state: 'price-changed', totalVnd: 80_000, redirectUrl: null });
    await expect(accept(70_000)).rejects.toMatchObject({ code: 'leg-terms-changed' });
    const accepted = await accept(80_000);
    expect(accepted).toMatchObject({ state: 'authorising', totalVnd: 80_000 });
    expect(stage.stripe.session(await stage.sessionOf(leg.legId)).amount_total).toBe(80_000);
    partner.set.unit = 50_000;
    observed(
      28,
      'A dearer quote is shown and refused until it is accepted anew; the card is asked for the accepted sum.',
    );
  });

  test('a price that changes while the shopper stands at the payment page buys nothing', async () => {
    const { partner } = stage;
    const { legId, sessionId } = await stage.authorise(1, minutes(11));
    partner.set.unit = 55_000;
    expect(await finish(legId)).toBe('void');
    partner.set.unit = 50_000;
    expect(await stage.legs.getLeg(legId)).toMatchObject({ reason: 'price-changed' });
    expect(stage.chargedOf(sessionId).charged).toBe(0);
  });

  test('prices that lapsed and are the same still buy', async () => {
    const { legId } = await stage.authorise(1, minutes(11));
    expect(await finish(legId)).toBe('confirmed');
  });

  test('an order that comes back dearer than accepted is called off, and nothing is taken', async () => {
    const { partner } = stage;
    const { legId, sessionId } = await stage.authorise();
    const { reserve } = partner.origins;
    Object.assign(partner.origins, {
      reserve: async (...given: Parameters<typeof reserve>) => {
        const outcome = await reserve(...given);
        return 'ok' in outcome ? { ok: { ...outcome.ok, total: { ...outcome.ok.total, amount: 999_000 } } } : outcome;
      },
    });
    expect(await finish(legId)).toBe('void');
    Object.assign(partner.origins, { reserve });
    expect(stage.chargedOf(sessionId).charged).toBe(0);
    expect(partner.held()).toEqual([]);
  });
});

describe('answers that never come', () => {
  test('row 29: Reserve/confirm times out', async () => {
    const { partner, stripe } = stage;
    partner.trouble('reserve', 'lost');
    partner.trouble('orderState', 'silent');
    partner.trouble('confirm', 'lost');
    const { legId, sessionId, totalVnd } = await stage.authorise();
    expect(await finish(legId)).toBe('confirmed');
    const path = await stage.pathOf(legId);
    expect(path.filter((state) => state === 'resolving')).toHaveLength(2);
    expect([...partner.orders.values()].filter(({ key }) => key === `leg:${legId}`)).toHaveLength(1);
    expect(stage.chargedOf(sessionId)).toEqual({ charged: totalVnd, back: 0 });
    expect(
      new Set(partner.calls.filter(({ verb, key }) => verb === 'reserve' && key?.includes(legId)).map(({ key }) => key))
        .size,
    ).toBe(1);
    expect(stripe.chargedVnd()).toBeGreaterThanOrEqual(totalVnd);
    await stage.expectBooks();
    observed(29, 'Resolved by the same key; one order at the origin, one capture.');
  });

  test('a reservation that never arrived is sent again, word for word, by the same key', async () => {
    const { partner } = stage;
    partner.trouble('reserve', 'silent');
    const { legId } = await stage.authorise();
    expect(await finish(legId)).toBe('confirmed');
    expect(partner.calls.filter(({ key }) => key === `leg:${legId}`).map(({ verb }) => verb)).toEqual([
      'reserve',
      'orderState',
      'reserve',
    ]);
    expect([...partner.set.bodies].filter((body) => body.startsWith(`leg:${legId}`))).toHaveLength(1);
  });

  test('a capture whose answer is lost is looked up and counted once', async () => {
    const { stripe } = stage;
    const { legId, sessionId, totalVnd } = await stage.authorise();
    stripe.trouble('lost', 'lost', 'lost');
    expect(await finish(legId)).toBe('confirmed');
    expect(stage.chargedOf(sessionId)).toEqual({ charged: totalVnd, back: 0 });
    await stage.expectBooks();
  });

  test('an exchange that stays silent is given up after ten minutes, and the money let go', async () => {
    const { partner } = stage;
    const { legId, sessionId } = await stage.authorise();
    partner.set.isUp = false;
    expect(await finish(legId, 14)).toBe('void');
    partner.set.isUp = true;
    expect(stage.chargedOf(sessionId).charged).toBe(0);
  });

  test('an exchange that is silent when it is to call off is asked until it answers; a person hears of it after half an hour', async () => {
    const { partner, node } = stage;
    const { legId } = await stage.authorise();
    partner.trouble('confirm', 'silent');
    partner.set.holdMs = minutes(3);
    await stage.legs.advance(legId);
    partner.set.holdMs = minutes(30);
    partner.set.isUp = false;
    node.clock.advance(minutes(5));
    for (let turn = 0; turn < 8; turn += 1) {
      await stage.legs.advance(legId);
      node.clock.advance(minutes(6));
    }
    const { rows } = await node.db.execute(sql`select 1 from notices where kind = 'exchange-order.stuck'`);
    expect(rows.length).toBeGreaterThan(0);
    partner.set.isUp = true;
    expect(await finish(legId)).toBe('refunded');
    await stage.expectBooks();
  });
});

describe('orders that the origin does not keep', () => {
  test('row 30: Partner confirms after `confirmBy`, or cancels after confirm', async () => {
    const { partner, node, legs } = stage;
    // Late: the origin let the hold go before our word came.
    partner.set.holdMs = minutes(2);
    partner.trouble('confirm', 'silent');
    const late = await stage.authorise();
    await legs.advance(late.legId);
    node.clock.advance(minutes(3));
    expect(await finish(late.legId)).toBe('refunded');
    expect(stage.chargedOf(late.sessionId)).toEqual({ charged: late.totalVnd, back: late.totalVnd });
    partner.set.holdMs = minutes(30);
    // Cancelled after it was confirmed.
    const sold = await stage.authorise();
    await legs.advance(sold.legId);
    const order = [...partner.orders.values()].find(({ key }) => key === `leg:${sold.legId}`);
    node.clock.advance(minutes(1));
    partner.callOff(order?.orderId ?? '');
    await legs.followOrders();
    await legs.advanceDue();
    expect(await legs.getLeg(sold.legId)).toMatchObject({ state: 'refunded', refundedVnd: sold.totalVnd });
    expect(stage.chargedOf(sold.sessionId)).toEqual({ charged: sold.totalVnd, back: sold.totalVnd });
    const { rows } = await node.db.execute(
      sql`select 1 from notices where kind = 'exchange-order.refunded' and key = ${`exchange-order.refunded:${sold.legId}`}`,
    );
    expect(rows).toHaveLength(1);
    await stage.expectBooks();
    observed(
      30,
      'A late confirmation is refused and refunded; an order called off afterwards is refunded and told within a minute.',
    );
  });

  test('no stock: nothing is taken, and the shopper is told', async () => {
    const { partner } = stage;
    const { stock } = partner.set;
    partner.set.stock = 0;
    const { legId, sessionId } = await stage.authorise();
    expect(await finish(legId)).toBe('void');
    partner.set.stock = stock;
    expect(await stage.legs.getLeg(legId)).toMatchObject({ reason: 'quantity-unavailable' });
    expect(stage.chargedOf(sessionId).charged).toBe(0);
  });
});

test('nobody who leaves the payment page is charged later', async () => {
  const { legs, node } = stage;
  const leg = await stage.quote();
  await legs.acceptLeg({
    legId: leg.legId,
    shippingCode: 'standard',
    totalVnd: leg.totalVnd ?? 0,
    ageConfirmed: false,
  });
  const sessionId = await stage.sessionOf(leg.legId);
  node.clock.advance(minutes(31));
  await legs.advanceDue();
  expect(await stage.stateOf(leg.legId)).toBe('lapsed');
  expect(() => stage.stripe.pay(sessionId)).toThrow('not open');
});

test('a day is settled by both sides; what differs is kept, with their signature, until it agrees', async () => {
  const { legs, node, partner } = stage;
  const { legId } = await stage.authorise();
  await finish(legId);
  await legs.followOrders();
  const order = [...partner.orders.values()].find(({ key }) => key === `leg:${legId}`);
  if (!order?.confirmedAt) throw new Error('It is not sold');
  const day = dayOf(order.confirmedAt);
  const read = async () =>
    (await node.db.execute(sql`select agrees, their_signature from exchange_settlements where day = ${day}`)).rows;
  partner.orders.set(order.orderId, { ...order, total: { ...order.total, amount: order.total.amount + 1 } });
  await legs.settleDay('can-tho', day);
  expect(await read()).toEqual([{ agrees: false, their_signature: { signature: 'test' } }]);
  partner.orders.set(order.orderId, order);
  await legs.settleDay('can-tho', day);
  expect(await read()).toMatchObject([{ agrees: true }]);
});

test('the steps of a leg are written by nobody but the trigger, and no other step is taken', async () => {
  const { node } = stage;
  const { legId } = await stage.authorise();
  const refused = (query: string) => expect(node.db.execute(sql.raw(query))).rejects.toThrow();
  await refused(`update exchange_legs set state = 'confirmed', captured_at = now() where id = '${legId}'`);
  await refused(`update exchange_legs set accepted_vnd = accepted_vnd + 1 where id = '${legId}'`);
  await refused(`delete from exchange_leg_steps where leg_id = '${legId}'`);
  await refused(`delete from exchange_legs where id = '${legId}'`);
});
