import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { signIn } from '#test/support/people.ts';
import { createBank } from '#test/support/providers/bank.ts';
import {
  type Carrier,
  carrierToken,
  carrierWebhookToken,
  ghn,
  ghtk,
  startCarrier,
} from '#test/support/providers/carriers.ts';

let node: TestNode;
let seller: Client;
let staff: Client;
let fast: Carrier;
let thrifty: Carrier;
let variantId: string;
const bank = createBank();

beforeAll(async () => {
  [fast, thrifty] = await Promise.all([startCarrier(ghn), startCarrier(ghtk)]);
  node = await startNode({
    env: {
      GHN_TOKEN: carrierToken,
      GHN_SHOP_ID: '885',
      GHN_WEBHOOK_TOKEN: carrierWebhookToken,
      GHN_API_BASE: fast.url,
      GHTK_TOKEN: carrierToken,
      GHTK_WEBHOOK_TOKEN: carrierWebhookToken,
      GHTK_API_BASE: thrifty.url,
    },
  });
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  staff = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  variantId = (await node.guest.product('hanh-tim-de-chum-nguyen-tep')).variants[0]?.variantId ?? '';
  const item = { wardCode: '31507', province: '220', district: '1560', ward: '550113' };
  await staff.expect(204, 'PUT', '/v1/staff/couriers/ghn/places', { body: { items: [item] } });
}, 90_000);
afterAll(async () => {
  await node.runJobs();
  await expectSound(node.db, { bank });
  await node.close();
  await Promise.all([fast.close(), thrifty.close()]);
});

/** A paid order of one parcel, packed and not sent; the parcel's code. */
async function packed(): Promise<{ readonly order: string; readonly parcel: string }> {
  const group = await node.guest.order([variantId, 1]);
  const { qr } = await node.guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  const order = group.orders[0]?.code ?? '';
  await node.services.orders.confirmOrder(order, { actor: 'test' });
  return { order, parcel: await node.services.orders.packOrder(order, { actor: 'test' }) };
}
const book = (parcel: string, carrier = 'ghn') =>
  seller.send<{ state: string; code: string; reason?: string }>('PUT', `/v1/seller/parcels/${parcel}/booking`, {
    body: { carrier },
  });
const stateOf = async (parcel: string) => {
  const { rows } = await node.db.execute<{ state: string; number: string | null; booking: string; fee: number | null }>(
    sql`select s.state, s.tracking_number as number, b.state as booking, b.fee_vnd::int as fee from shipments s left join courier_bookings b on b.shipment_id = s.id where s.code = ${parcel}`,
  );
  return rows[0];
};
const messages = async () => Number((await node.countRows()).courier_messages ?? 0);

describe.each([
  ['ghn', () => fast, ['picked', 'transporting', 'delivering', 'delivered'], 'return_fail-2030', 'delivering'],
  ['ghtk', () => thrifty, ['3', '4', '5', '6'], '77', '4'],
] as const)('a parcel by %s', (carrier, of, way, strange, late) => {
  test('is quoted, fetched, followed to the door, and its order is delivered', async () => {
    const { order, parcel } = await packed();
    const quoted = await seller.expect<{ feeVnd: number }>(
      200,
      'GET',
      `/v1/seller/parcels/${parcel}/quote?carrier=${carrier}`,
    );
    expect(quoted.feeVnd).toBe(21_500);
    expect(await book(parcel, carrier)).toMatchObject({ status: 200, body: { state: 'booked' } });
    const number = of().parcels.find(({ code }) => code === parcel)?.number;
    expect(await stateOf(parcel)).toEqual({ state: 'created', number, booking: 'booked', fee: 21_500 });
    for (const status of way) expect(await of().tell(node.url, of().move(parcel, status))).toBe(200);
    expect((await stateOf(parcel))?.state).toBe(carrier === 'ghtk' ? 'cod_settled' : 'delivered');
    const { fulfilmentStatus } = (await node.guest.group(order)).orders.find(({ code }) => code === order) ?? {};
    expect(fulfilmentStatus).toBe('delivered');
  });

  test('told of late, twice and shuffled never goes back, and each message is kept once', async () => {
    const { parcel } = await packed();
    await book(parcel, carrier);
    const told = way.map((status) => of().move(parcel, status));
    const before = await messages();
    for (const message of of().shuffle([...told, ...told, ...told]))
      expect(await of().tell(node.url, message)).toBe(200);
    expect(await messages()).toBe(before + told.length);
    expect((await stateOf(parcel))?.state).toBe(carrier === 'ghtk' ? 'cod_settled' : 'delivered');
    await of().tell(node.url, of().move(parcel, late));
    expect((await stateOf(parcel))?.state).toBe(carrier === 'ghtk' ? 'cod_settled' : 'delivered');
  });

  test('stays where it is at a word that nobody knows, and support is told once', async () => {
    const { parcel } = await packed();
    await book(parcel, carrier);
    const message = of().move(parcel, strange);
    const notices = async () =>
      (await node.db.execute(sql`select 1 from notices where kind = 'courier.unread'`)).rows.length;
    const before = await notices();
    const at = carrier === 'ghn' ? { ...message, Status: 'quantum' } : message;
    for (const _again of [1, 2]) expect(await of().tell(node.url, at)).toBe(200);
    expect([(await stateOf(parcel))?.state, (await notices()) - before]).toEqual(['created', 1]);
  });

  test('whose answer was lost is found by its code, and there is one', async () => {
    const { parcel } = await packed();
    of().trouble('lost');
    expect(await book(parcel, carrier)).toMatchObject({ status: 200, body: { state: 'asked' } });
    expect(await book(parcel, carrier)).toMatchObject({ status: 409, body: { code: 'parcel-booked' } });
    node.clock.advance(2 * 60_000);
    await node.runScheduled('couriers.look');
    const own = of().parcels.filter(({ code }) => code === parcel);
    expect(own).toHaveLength(1);
    expect(await stateOf(parcel)).toMatchObject({ booking: 'booked', number: own[0]?.number });
  });

  test('that a forged message speaks of does not move', async () => {
    const { parcel } = await packed();
    await book(parcel, carrier);
    const before = await messages();
    expect(await of().tell(node.url, of().move(parcel, way[0]), 'another-secret')).toBe(401);
    expect([(await stateOf(parcel))?.state, await messages()]).toEqual(['created', before]);
  });

  test('without news for hours is asked about, and a fee that changed is seen', async () => {
    const { parcel } = await packed();
    await book(parcel, carrier);
    of().move(parcel, way[0], 33_000);
    node.clock.advance(7 * 3_600_000);
    await node.runScheduled('couriers.look');
    expect((await stateOf(parcel))?.state).toBe('picked_up');
    await of().tell(node.url, of().move(parcel, way[1], 35_000));
    expect((await stateOf(parcel))?.fee).toBe(35_000);
  });
});

describe('a carrier', () => {
  test('that is dead lets parcels be sent by hand, and is spared after five failures', async () => {
    const { order, parcel } = await packed();
    fast.trouble(...Array.from({ length: 5 }, () => 'unavailable' as const));
    for (let tries = 0; tries < 5; tries += 1)
      expect((await seller.send('GET', `/v1/seller/parcels/${parcel}/quote?carrier=ghn`)).status).toBe(503);
    const asked = fast.calls;
    expect(await book(parcel)).toMatchObject({ body: { state: 'asked' } });
    expect(fast.calls).toBe(asked);
    await seller.expect(204, 'POST', `/v1/seller/orders/${order}/ship`, {
      body: { carrier: 'Xe khách', trackingNumber: 'tự gửi' },
      headers: { 'idempotency-key': 'by-hand' },
    });
    expect((await stateOf(parcel))?.state).toBe('picked_up');
    node.clock.advance(2 * 60_000);
    await node.runScheduled('couriers.look');
    expect(await stateOf(parcel)).toMatchObject({ number: 'tự gửi', booking: 'refused' });
  });

  test('that does not know the ward is not asked', async () => {
    await node.db.execute(sql`delete from courier_places`);
    const { parcel } = await packed();
    const asked = fast.calls;
    expect(await book(parcel)).toMatchObject({ status: 422, body: { code: 'carrier-place-unknown' } });
    expect(fast.calls).toBe(asked);
  });

  test('is told not to come, and the parcel may go another way', async () => {
    const { parcel } = await packed();
    await book(parcel, 'ghtk');
    await seller.expect(204, 'DELETE', `/v1/seller/parcels/${parcel}/booking`);
    expect(thrifty.parcels.find(({ code }) => code === parcel)?.status).toBe('-1');
    expect((await stateOf(parcel))?.booking).toBe('cancelled');
  });

  test.each(['{', '[]', '{"OrderCode":5}', '{}'])('is refused news that are none: %s', async (body) => {
    const headers = { 'content-type': 'application/json', 'x-webhook-token': carrierWebhookToken };
    const { status } = await fetch(`${node.url}/v1/webhooks/couriers/ghn`, { method: 'POST', headers, body });
    expect(status).toBe(400);
  });

  test('loses a parcel, and its order is as before it was sent', async () => {
    const { parcel } = await packed();
    await book(parcel, 'ghtk');
    await thrifty.tell(node.url, thrifty.move(parcel, '3'));
    await thrifty.tell(node.url, thrifty.move(parcel, '13'));
    expect((await stateOf(parcel))?.state).toBe('lost_damaged');
  });
});
