import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import { type Breaking, breakAt } from '#test/support/broken-connections.ts';
import { minutes } from '#test/support/clock.ts';
import { always, expectSound, findBroken } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { businessOf, newestRun, runPayouts, settleAtOnce } from '#test/support/paying-out.ts';
import { fresh, type Line, recipient, type Variant } from '#test/support/people.ts';
import { counted, limitMs, many, seeded } from '#test/support/scale.ts';

/**
 * Every statement of a use case, one after the other, is the one at which the connection breaks: once before it arrives,
 * once when its answer is lost, the answer to `commit` among them. Whoever asked asks again, as providers, jobs and
 * clients with a key do, until it is done; then nothing is half and nothing is twice.
 */
const random = seeded('a fault at every statement');
/** Every statement in the long form, one of so many in the short one. */
const stride = many(4, 1);
let market: Market;
let variant: Variant;
let other: Variant;
/** Of the one business that has a bank account, and so is paid out. */
let settled: Variant;
beforeAll(async () => {
  market = await openMarket();
  const { node } = market;
  [variant, other, settled] = [
    await market.scarce(100_000),
    await market.scarce(100_000),
    await market.scarce(100_000),
  ];
  await settleAtOnce(node, await businessOf(node, settled));
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
const decider = { actor: 'test', address: '' };

const idOf = async <Row extends object>(query: ReturnType<typeof sql>): Promise<Row> => (await rowOf(query)) as Row;
const onHand = async ({ variantId }: Variant): Promise<number> =>
  (await idOf<{ n: number }>(sql`select on_hand as n from stock where variant_id = ${variantId}`)).n;

const payFor = async (...lines: readonly Line[]) => {
  const { guest, bank, node } = market;
  const group = await guest.order(...lines);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return { group, code: group.orders[0]?.code ?? '' };
};
const paidByTransfer = () => payFor([variant.variantId, 2], [other.variantId, 1]);
const received = async (one: Variant, pieces: number) => {
  const { orders } = market.node.services;
  const paid = await payFor([one.variantId, pieces]);
  await orders.confirmOrder(paid.code, seller);
  await orders.shipOrder(paid.code, seller);
  await orders.deliverOrder(paid.code, seller);
  return paid;
};
/** What goes back of an order, as a complaint has it. */
const refundPart = async (code: string, amountVnd: number): Promise<void> => {
  const { db, services } = market.node;
  const { orderId, groupId } = await idOf<{ orderId: OrderId; groupId: OrderGroupId }>(
    sql`select id as "orderId", group_id as "groupId" from orders where code = ${code}`,
  );
  await transact(db, 'test', async (tx) => {
    await services.orders.forPayments.lockGroup(tx, groupId);
    const cause = `points:${code}`;
    await services.payments.refundOrder(tx, { orderId, amountVnd: vnd(amountVnd), reason: 'complaint', cause });
  });
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
  'VNPAY tells of a payment': async () => {
    const { group, txnRef } = await market.awaitVnpay(variant);
    market.vnpay.decide(txnRef);
    // 99: not stored, so that VNPAY tells again.
    const ask = () =>
      market.vnpay.tell(market.node.url, txnRef).then(
        (code) => ['00', '02'].includes(code),
        () => false,
      );
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
  'one piece of two is called off': async () => {
    const { group, code } = await payFor([variant.variantId, 2]);
    const before = await onHand(variant);
    const { version } = await idOf<{ version: number }>(sql`select version from orders where code = ${code}`);
    const lines = [{ variantId: variant.variantId, quantity: 1 }];
    const ask = () =>
      stepped(market.node.services.orders.cancelOrder(code, seller, { reason: 'Hết hàng', lines, version }));
    const end = async () => [
      (await market.refundsOf(group)).map(({ amountVnd }) => amountVnd),
      (await onHand(variant)) - before,
      ...(await orderState(group.code, code)()),
    ];
    return { ask, end, ended: [[variant.priceVnd], 1, 'placed', 'none'] };
  },
  'part of a price goes back': async () => {
    const { group, code } = await paidByTransfer();
    const end = async () => (await market.refundsOf(group)).map(({ amountVnd }) => amountVnd);
    return { ask: () => worked(refundPart(code, 4_000)), end, ended: [4_000] };
  },
  'what came back is looked at, put on the shelf and refunded': async () => {
    const { care } = market.node.services;
    const { group, code } = await received(variant, 2);
    const shopper = { actor: 'test', phone: recipient.phone };
    const lines = [{ variantId: variant.variantId, quantity: 2 }];
    const { code: back } = await care.requestReturn(code, shopper, { lines, reason: 'damaged' });
    await care.accept(back, decider, { keepGoods: false });
    await care.sendBack(back, shopper, { carrier: 'Bưu điện', trackingNumber: 'EB1' });
    const before = await onHand(variant);
    const ask = async () =>
      (await stepped(care.receive(back, decider, { restock: true }))) && (await stepped(care.refund(back, decider)));
    const end = async () => [
      (await market.refundsOf(group)).map(({ amountVnd }) => amountVnd),
      (await onHand(variant)) - before,
      ...(await orderState(group.code, code)()),
    ];
    return { ask, end, ended: [[group.totalVnd], 2, 'completed', 'returned'] };
  },
  'a payout run is drafted, proposed, approved and paid': async () => {
    const { settlement } = market.node.services;
    const businessId = await businessOf(market.node, settled);
    await received(settled, 1);
    const { dueVnd } = await settlement.sumEarnings(businessId);
    const known = await newestRun(market.node);
    const end = () =>
      rowOf(
        sql`select r.status, r.total_vnd::int as total, count(p.id)::int as payouts, sum(p.amount_vnd) filter (where p.status = 'paid')::int as paid,
          (select -coalesce(sum(amount_vnd), 0)::int from entries where account = 'payable' and business_id = ${businessId}) as owed
          from payout_runs r join payouts p on p.run_id = r.id group by r.id order by r.drafted_at desc, r.id desc limit 1`,
      );
    const ended = { status: 'closed', total: dueVnd, payouts: 1, paid: dueVnd, owed: 0 };
    return { ask: () => worked(runPayouts(market.node, known)), end, ended };
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

const longest = 250;

test.each(Object.entries(useCases))('%s', { timeout: limitMs }, async (name, prepare) => {
  const database = new URL(market.node.database.url).pathname.slice(1);
  /** How many faults were in the way until nothing was met any more. In the short form some statements are left out. */
  const walk = async (how: () => Breaking): Promise<number> => {
    let met = 0;
    for (let nth = random.between(1, stride); nth <= longest; nth += random.between(1, 2 * stride - 1)) {
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
      if (answered) return met;
      met += 1;
    }
    throw new Error(`${name} has more than ${longest} statements`);
  };
  const points =
    stride > 1
      ? [await walk(() => random.pick(['before', 'after']))]
      : [await walk(() => 'before'), await walk(() => 'after')];
  await market.node.runJobs('soon');
  await expectSound(market.node.db, { ...market, interrupted: true });
  counted('T7', { 'points in use cases': points.reduce((sum, one) => sum + one, 0), 'use cases': 1 });
  console.log(`${name}: ${points.join(' + ')} points`);
  expect(Math.min(...points)).toBeGreaterThan(0);
});
