import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Problem } from '#core/problem.ts';
import { type Breaking, breakAt } from '#test/support/broken-connections.ts';
import { minutes } from '#test/support/clock.ts';
import { always, expectSound, findBroken } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Variant } from '#test/support/people.ts';
import { counted, limitMs, many, seeded } from '#test/support/scale.ts';

/**
 * Every statement of a use case, one after the other, is the one at which the connection breaks: once before it arrives,
 * once when its answer is lost, the answer to `commit` among them. Whoever asked asks again, as providers, jobs and
 * clients with a key do, until it is done; then nothing is half and nothing is twice.
 */
const random = seeded('a fault at every statement');
let market: Market;
let variant: Variant;
let other: Variant;
beforeAll(async () => {
  market = await openMarket();
  variant = await market.scarce(100_000);
  other = await market.scarce(100_000);
});
afterAll(() => market.close());

/** What was prepared, what is asked, and what must be true when it has been answered. */
type Attempt = {
  /** True when it was answered; false when it is to be asked again. */
  readonly ask: () => Promise<boolean>;
  readonly end: () => Promise<unknown>;
  readonly ended: unknown;
};

/** Busy, or a connection that broke: nothing else may be the answer to a fault of ours. */
const passing = [409, 503];
const overHttp = async (method: string, path: string, body: unknown, headers = {}): Promise<boolean> => {
  const { status } = await market.guest.client.send(method, path, { ...(body ? { body } : {}), headers });
  if (status < 400) return true;
  expect(passing).toContain(status);
  // The key of a request that died is free again when its lease is over.
  market.node.clock.advance(minutes(1.1));
  return false;
};
const told = (status: number): boolean => {
  expect([200, 503]).toContain(status);
  return status === 200;
};
/** A step of a seller: done, or refused since it was done before its answer was lost. */
const stepped = async (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    (error: unknown) => error instanceof Problem,
  );
const worked = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );
const rowOf = async (query: ReturnType<typeof sql>): Promise<unknown> => (await market.node.db.execute(query)).rows[0];
const seller = { actor: 'test' };

const paidByTransfer = async () => {
  const { guest, bank, node } = market;
  const group = await guest.order([variant.variantId, 2], [other.variantId, 1]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return { group, code: group.orders[0]?.code ?? '' };
};
const groupState = (code: string) => async () => (await market.guest.group(code)).status;
const orderState = (groupCode: string, code: string) => async () => {
  const order = (await market.guest.group(groupCode)).orders.find((one) => one.code === code);
  return [order?.status, order?.fulfilmentStatus];
};

const useCases: Readonly<Record<string, () => Promise<Attempt>>> = {
  'a checkout': async () => {
    const cart = await market.guest.fillCart([variant.variantId, 1], [other.variantId, 2]);
    const key = fresh();
    return {
      ask: () => overHttp('POST', `/v1/carts/${cart}/checkout`, {}, key),
      end: () => rowOf(sql`select count(*)::int as groups from order_groups where cart_id = ${cart}`),
      ended: { groups: 1 },
    };
  },
  'a way to pay is opened': async () => {
    const group = await market.guest.order([variant.variantId, 1]);
    const key = fresh();
    return {
      ask: () => overHttp('POST', `/v1/order-groups/${group.code}/payments`, { method: 'vietqr' }, key),
      end: () =>
        rowOf(
          sql`select count(*)::int as open from payments p join order_groups g on g.id = p.group_id where g.code = ${group.code}`,
        ),
      ended: { open: 1 },
    };
  },
  'a page for a card is opened': async () => {
    const group = await market.guest.order([variant.variantId, 1]);
    const key = fresh();
    const before = market.stripe.sessionCount();
    return {
      ask: () => overHttp('POST', `/v1/order-groups/${group.code}/payments`, { method: 'stripe' }, key),
      end: async () => market.stripe.sessionCount() - before,
      ended: 1,
    };
  },
  'a transfer is told': async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    const payload = market.bank.move({ memo, amountVnd: group.totalVnd });
    const ask = async () => told(await market.bank.tell(market.node.url, payload));
    return { ask, end: groupState(group.code), ended: 'paid' };
  },
  'too much money, in two parts': async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    await market.bank.transfer(market.node.url, { memo, amountVnd: 5_000 });
    const payload = market.bank.move({ memo, amountVnd: group.totalVnd });
    const ask = async () => told(await market.bank.tell(market.node.url, payload));
    const end = async () => (await market.refundsOf(group)).map(({ amountVnd }) => amountVnd);
    return { ask, end, ended: [5_000] };
  },
  'a card was charged': async () => {
    const { group, sessionId } = await market.awaitCard(variant);
    const event = market.stripe.pay(sessionId);
    const ask = async () => told(await market.stripe.tell(market.node.url, event));
    return { ask, end: groupState(group.code), ended: 'paid' };
  },
  'money that comes when its time is over': async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    const payload = market.bank.move({ memo, amountVnd: group.totalVnd });
    market.node.clock.advance(minutes(31));
    await market.node.runScheduled('orders.expire');
    const ask = async () => told(await market.bank.tell(market.node.url, payload));
    return { ask, end: groupState(group.code), ended: 'paid' };
  },
  'a group whose time is over': async () => {
    const { group, memo } = await market.awaitTransfer(variant);
    await market.bank.transfer(market.node.url, { memo, amountVnd: 7_000 });
    market.node.clock.advance(minutes(31));
    const ask = () => worked(market.node.runScheduled('orders.expire'));
    return { ask, end: groupState(group.code), ended: 'expired' };
  },
  'a seller confirms and sends': async () => {
    const { group, code } = await paidByTransfer();
    const { orders } = market.node.services;
    const ask = async () =>
      (await stepped(orders.confirmOrder(code, seller))) &&
      (await stepped(orders.shipOrder(code, seller))) &&
      (await stepped(orders.deliverOrder(code, seller)));
    return { ask, end: orderState(group.code, code), ended: ['completed', 'delivered'] };
  },
  'an order is called off and its money goes back': async () => {
    const { group, code } = await paidByTransfer();
    const ask = () => stepped(market.node.services.orders.cancelOrder(code, seller, { reason: 'Hết hàng' }));
    const end = async () => [(await market.refundsOf(group)).length, ...(await orderState(group.code, code)())];
    return { ask, end, ended: [1, 'cancelled', 'none'] };
  },
  'a refund is sent by the provider': async () => {
    const { group, sessionId } = await market.awaitCard(variant);
    await market.stripe.tell(market.node.url, market.stripe.pay(sessionId));
    await market.node.services.orders.cancelOrder(group.orders[0]?.code ?? '', seller, { reason: 'Hết hàng' });
    const before = market.stripe.refundedVnd();
    const { rows } = await market.node.db.execute<{ id: never }>(
      sql`select r.id from refunds r join payments p on p.id = r.payment_id join order_groups g on g.id = p.group_id where g.code = ${group.code}`,
    );
    const id = rows[0]?.id as never;
    const ask = () => worked(market.node.services.payments.sendRefund(id));
    return { ask, end: async () => market.stripe.refundedVnd() - before, ended: group.totalVnd };
  },
};

const longest = 80;

test.each(Object.entries(useCases))('%s', { timeout: limitMs }, async (name, prepare) => {
  const database = new URL(market.node.database.url).pathname.slice(1);
  const tried: string[] = [];
  /** The number of faults in the way at which nothing was met any more: every statement had its turn. */
  const walk = async (how: () => Breaking): Promise<number> => {
    for (let nth = 1; nth <= longest; nth += 1) {
      const { ask, end, ended } = await prepare();
      const breaking = how();
      const { statement } = await breakAt(database, nth, breaking, async () => {
        await ask();
      });
      let answered = statement === undefined;
      for (let again = 0; again < 6 && !(await ask()); again += 1) answered = false;
      const where = `${name}: ${breaking} statement ${nth}, ${statement}`;
      expect(await end(), where).toEqual(ended);
      expect(await findBroken(market.node.db, always), where).toEqual([]);
      if (answered) return nth - 1;
      tried.push(`${breaking} ${statement}`);
    }
    throw new Error(`${name} has more than ${longest} statements`);
  };
  const points =
    many(0, 1) === 0
      ? [await walk(() => random.pick(['before', 'after']))]
      : [await walk(() => 'before'), await walk(() => 'after')];
  expect(Math.min(...points)).toBeGreaterThan(2);
  await market.node.runJobs('soon');
  await expectSound(market.node.db, { ...market, interrupted: true });
  console.log(`${name}: ${points.join(' + ')} points`);
  counted('T7', { 'points in use cases': points.reduce((sum, one) => sum + one, 0), 'use cases': 1 });
});
