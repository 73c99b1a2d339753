import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Client } from '#test/support/client.ts';
import { minutes } from '#test/support/clock.ts';
import { type Door, type Fault, startDoor } from '#test/support/door.ts';
import { demoPassword } from '#test/support/exchange-env.ts';
import { expectSound } from '#test/support/invariants.ts';
import { createSearch } from '#test/support/meilisearch.ts';
import { startNode, type TestNode } from '#test/support/node.ts';
import { fresh, type Group, type Payment, signIn } from '#test/support/people.ts';
import { inDatabase } from '#test/support/postgres.ts';
import { createBank } from '#test/support/providers/bank.ts';
import {
  type Carrier,
  carrierToken,
  carrierWebhookToken,
  ghn,
  startCarrier,
} from '#test/support/providers/carriers.ts';
import { type StripeSimulator, startStripe } from '#test/support/providers/stripe.ts';
import { startVnpay, type VnpaySimulator } from '#test/support/providers/vnpay.ts';
import { counted, many } from '#test/support/scale.ts';

/** No page and no answer takes longer, whatever is down (`reliability`: 8 s for a provider and something for ourselves). */
const longestMs = 10_000;
const search = createSearch();
const bank = createBank();
/** Goods of one seller who packs and sends. */
const slug = 'hanh-tim-de-chum-nguyen-tep';

let stripe: StripeSimulator;
let vnpay: VnpaySimulator;
let carrier: Carrier;
let doors: Readonly<Record<'stripe' | 'vnpay' | 'ghn' | 'meili', Door>>;
let node: TestNode;
let seller: Client;
let variantId: string;

beforeAll(async () => {
  [stripe, vnpay, carrier] = await Promise.all([startStripe(), startVnpay(), startCarrier(ghn)]);
  const [forStripe, forVnpay, forCarrier, forSearch] = await Promise.all(
    [stripe.url, vnpay.env.VNPAY_URL, carrier.url, search?.url ?? stripe.url].map(startDoor),
  );
  if (!forStripe || !forVnpay || !forCarrier || !forSearch) throw new Error('A door is missing');
  doors = { stripe: forStripe, vnpay: forVnpay, ghn: forCarrier, meili: forSearch };
  node = await startNode({
    env: {
      ...stripe.env,
      STRIPE_API_BASE: doors.stripe.url,
      ...vnpay.env,
      VNPAY_URL: `${doors.vnpay.url}/paymentv2/vpcpay.html`,
      ...bank.env,
      GHN_TOKEN: carrierToken,
      GHN_SHOP_ID: '885',
      GHN_WEBHOOK_TOKEN: carrierWebhookToken,
      GHN_API_BASE: doors.ghn.url,
      ...(search && { MEILI_URL: doors.meili.url, MEILI_KEY: search.key, MEILI_INDEX_PREFIX: search.indexPrefix }),
    },
  });
  if (search) await node.services.indexing.prepare();
  seller = await signIn(node.url, 'nguoiban@cho-noi.example', demoPassword);
  const staff = await signIn(node.url, 'quantri@cho-noi.example', demoPassword);
  const item = { wardCode: '31507', province: '220', district: '1560', ward: '550113' };
  await staff.expect(204, 'PUT', '/v1/staff/couriers/ghn/places', { body: { items: [item] } });
  variantId = (await node.guest.product(slug)).variants[0]?.variantId ?? '';
  await node.setStock(variantId, 10_000);
}, 120_000);
afterEach(async () => {
  await Promise.all(Object.values(doors).map((door) => door.set('none')));
  await node.runJobs();
  await expectSound(node.db, { bank, stripe, vnpay });
});
afterAll(async () => {
  await node?.close();
  await Promise.all(Object.values(doors).map((door) => door.close()));
  await Promise.all([stripe.close(), vnpay.close(), carrier.close(), search?.drop()]);
});

/** The answer, which came in time whatever it says. */
async function inTime<T>(answer: Promise<T>): Promise<T> {
  const started = performance.now();
  const given = await answer;
  expect(performance.now() - started).toBeLessThan(longestMs);
  return given;
}
const order = (): Promise<Group> => node.guest.order([variantId, 1]);
const ask = async (method: string, { code }: Group) =>
  inTime(
    node.guest.client.send<Payment & { readonly code?: string }>('POST', `/v1/order-groups/${code}/payments`, {
      body: { method },
      headers: fresh(),
    }),
  );
const open = (path: string) =>
  inTime(node.guest.client.send<string>('GET', path, { headers: { accept: 'text/html' } }));
/** What the page of an unpaid order offers, once the process has looked at what is known. */
const offered = async (): Promise<readonly string[]> => {
  const { code } = await order();
  await open(`/thanh-toan/${code}`);
  await node.db.execute(sql`select 1`);
  const { text } = await open(`/thanh-toan/${code}`);
  return [...text.matchAll(/name="method" value="(\w+)"/g)].map(([, method = '']) => method);
};
/** Bought to the end by a method that is not down. */
async function buy(method: 'vietqr' | 'stripe'): Promise<Group> {
  const group = await order();
  const { body } = await ask(method, group);
  if (method === 'vietqr') await bank.transfer(node.url, { memo: body.qr?.memo ?? '', amountVnd: group.totalVnd });
  else expect(await stripe.tell(node.url, stripe.pay(stripe.sessionOf(body.redirectUrl)))).toBe(200);
  expect((await node.guest.group(group.code)).status).toBe('paid');
  return group;
}
/** Sessions that hold a transaction and wait for something else than the server. Asked as the owner, who sees them. */
const idleInTransaction = (): Promise<number> =>
  inDatabase(node.database.url, async (client) => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'
       and state_change < now() - interval '1 second'`,
    );
    return rowCount ?? 0;
  });
const three = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all([work(), work(), work()]);

/** Cuts a provider and looks at what people see; what it gives looks at the same when the provider is back. */
type Cut = (fault: Fault) => Promise<() => Promise<void>>;

/** Cards: three who wanted to pay are told, then the method hides and the others are used. */
const cutStripe: Cut = async (fault) => {
  const early = await order();
  const { body: waiting } = await ask('stripe', early);
  stripe.pay(stripe.sessionOf(waiting.redirectUrl));
  await doors.stripe.set(fault);
  const [refused, back] = await Promise.all([
    three(async () => ask('stripe', await order())),
    // Whoever paid and comes back finds a page that waits with them.
    open(`/thanh-toan/${early.code}?payment=${waiting.paymentId}`),
  ]);
  // With the page that asked as well the breaker may have opened before the last of them.
  const said = refused.map(({ status, body }) => `${status} ${body.code}`);
  expect(said.filter((one) => one === '503 provider-unavailable').length, said.join()).toBeGreaterThanOrEqual(2);
  expect(said.every((one) => /^(503 provider-unavailable|409 payment-method-unavailable)$/.test(one))).toBe(true);
  expect([back.status, /đang chờ/i.test(back.text)]).toEqual([200, true]);
  const methods = await offered();
  expect([methods.includes('vietqr'), methods.includes('stripe')]).toEqual([true, false]);
  // Known to be away, it is not waited for any more; the refusal says what else there is.
  expect(await ask('stripe', await order())).toMatchObject({
    status: 409,
    body: { code: 'payment-method-unavailable', methods },
  });
  await buy('vietqr');
  return async () => {
    expect((await node.guest.group(early.code)).status).toBe('paid');
    expect(await offered()).toContain('stripe');
    await buy('stripe');
  };
};

/** VNPAY: its page is an address that we sign; what is asked after is what became of the money. */
const cutVnpay: Cut = async (fault) => {
  const started = await three(async () => {
    const group = await order();
    const { body } = await ask('vnpay', group);
    vnpay.decide(vnpay.open(body.redirectUrl));
    return { group, paymentId: body.paymentId };
  });
  await doors.vnpay.set(fault);
  const pages = await Promise.all(
    started.map(({ group, paymentId }) => open(`/thanh-toan/${group.code}?payment=${paymentId}`)),
  );
  for (const { status } of pages) expect(status).toBe(200);
  const methods = await offered();
  expect([methods.includes('vietqr'), methods.includes('vnpay')]).toEqual([true, false]);
  return async () => {
    for (const { group } of started) expect((await node.guest.group(group.code)).status).toBe('paid');
    expect(await offered()).toContain('vnpay');
  };
};

/** A carrier: the parcel is asked for, is found out about later, and can be sent by hand meanwhile. */
const cutCarrier: Cut = async (fault) => {
  const packed = async () => {
    const { orders } = await buy('vietqr');
    const code = orders[0]?.code ?? '';
    await node.services.orders.confirmOrder(code, { actor: 'test' });
    return { code, parcel: await node.services.orders.packOrder(code, { actor: 'test' }) };
  };
  const [asked, byHand] = [await packed(), await packed()];
  const book = ({ parcel }: { readonly parcel: string }) =>
    inTime(
      seller.send<{ readonly state: string }>('PUT', `/v1/seller/parcels/${parcel}/booking`, {
        body: { carrier: 'ghn' },
      }),
    );
  await doors.ghn.set(fault);
  const said = await Promise.all([book(asked), book(byHand)]);
  for (const { status, body } of said) expect([status, body.state]).toEqual([200, 'asked']);
  const { text } = await inTime(
    seller.send<string>('GET', '/ban-hang/van-chuyen', { headers: { accept: 'text/html' } }),
  );
  expect(text).toContain(asked.parcel);
  return async () => {
    for (let look = 0; look < 3; look += 1) {
      node.clock.advance(minutes(5));
      await node.runScheduled('couriers.look');
    }
    const { rows } = await node.db.execute<{ state: string }>(
      sql`select state from courier_bookings where code in (${asked.parcel}, ${byHand.parcel})`,
    );
    // Found out: it has the parcel, or it has not and the seller may ask again.
    for (const { state } of rows) expect(['booked', 'refused']).toContain(state);
    expect(rows.length).toBe(2);
  };
};

const cutSearch: Cut = async (fault) => {
  await doors.meili.set(fault);
  const found = async () =>
    inTime(node.guest.client.expect<{ engine: string; total: number }>(200, 'GET', '/v1/search?q=banh+pia&limit=5'));
  await found();
  const { engine, total } = await found();
  expect([engine, total > 0]).toEqual(['postgres', true]);
  expect((await open('/tim-kiem?q=banh+pia')).status).toBe(200);
  return async () => {
    if (search)
      await expect.poll(async () => (await found()).engine, { timeout: 30_000, interval: 250 }).toBe('meilisearch');
  };
};

const cuts: readonly Cut[] = [cutStripe, cutVnpay, cutCarrier, cutSearch];

/** The providers answer again, the time of the breakers is over, and the poller has asked. */
async function restore(): Promise<void> {
  await Promise.all(Object.values(doors).map((door) => door.set('none')));
  node.clock.advance(minutes(6));
  await node.runScheduled('payments.poll');
}

const faults: readonly (readonly [string, Fault])[] = [
  ['refuses connections', 'refused'],
  ['answers with 500', 'failing'],
  ['answers with a page for people', 'garbage'],
  ['takes the connection and says nothing', 'silent'],
  ['needs half a minute for an answer', { slowMs: 30_000 }],
];

test.each(faults.slice(0, many(4, 5)))(
  'a provider %s: its way hides, the others go on, nothing hangs, all is found out when it is back',
  async (_name, fault) => {
    const isSlow = fault === 'silent' || typeof fault === 'object';
    let worst = 0;
    const watching = setInterval(() => {
      idleInTransaction().then(
        (count) => {
          worst = Math.max(worst, count);
        },
        () => {},
      );
    }, 400);
    try {
      // One after the other; those for whom one waits together, as when our own way out is cut.
      for (const together of isSlow ? [cuts] : cuts.map((cut) => [cut])) {
        const backs = await Promise.all(together.map((cut) => cut(fault)));
        await restore();
        for (const back of backs) await back();
      }
    } finally {
      clearInterval(watching);
    }
    expect(worst).toBe(0);
    counted('T16', { 'providers cut': cuts.length });
  },
  180_000,
);
