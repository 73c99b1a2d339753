import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import type { VariantId } from '#features/products/types.ts';
import { hours, minutes } from '#test/support/clock.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import { fresh, type Group, type Product } from '#test/support/people.ts';

/** What went wrong in other marketplaces, each with the test that would have seen it. */
let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

const seller = { actor: 'test' };
const pay = async (group: Group): Promise<void> => {
  const { qr } = await market.guest.pay(group.code, 'vietqr');
  await market.bank.transfer(market.node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
};
const idsOf = async (code: string) => {
  const { rows } = await market.node.db.execute<{ orderId: OrderId; groupId: OrderGroupId; businessId: string }>(
    sql`select id as "orderId", group_id as "groupId", business_id as "businessId" from orders where code = ${code}`,
  );
  const [row] = rows;
  if (!row) throw new Error('There is no such order');
  return row;
};
const refund = async (code: string, amountVnd: number, cause: string) => {
  const { orderId, groupId } = await idsOf(code);
  const { db, services } = market.node;
  return transact(db, 'test', async (tx) => {
    await services.orders.forPayments.lockGroup(tx, groupId);
    return services.payments.refundOrder(tx, { orderId, amountVnd: vnd(amountVnd), reason: 'complaint', cause });
  });
};
const payableOf = async (businessId: string): Promise<number> => {
  const { rows } = await market.node.db.execute<{ due: string }>(
    sql`select coalesce(-sum(amount_vnd), 0) as due from entries where account = 'payable' and business_id = ${businessId}`,
  );
  return Number(rows[0]?.due);
};

describe('stock', () => {
  test('two lines that share one shelf are each enough and together too much', async () => {
    const { variantId } = await market.scarce(5);
    const demand = { variantId: variantId as VariantId, quantity: 3 };
    const { db, services, clock } = market.node;
    const hold = transact(db, 'test', (tx) =>
      services.stock.hold(tx, [demand, demand], 'twice', new Date(clock.now().getTime() + minutes(5))),
    );
    await expect(hold).rejects.toMatchObject({ code: 'stock-short' });
  });

  test('two shoppers, the last piece, ten times: one order, and the shelf never below nothing', async () => {
    const variant = await market.scarce(1);
    for (let round = 0; round < 10; round += 1) {
      const carts = await Promise.all([1, 2].map(() => market.guest.fillCart([variant.variantId, 1])));
      const answers = await Promise.all(
        carts.map((cart) =>
          market.guest.client.send('POST', `/v1/carts/${cart}/checkout`, { body: {}, headers: fresh() }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
      market.node.clock.advance(minutes(31));
    }
    await market.node.runScheduled('orders.expire');
  });

  test('who loses the race leaves no order behind, nor a code, an event or a job', async () => {
    const variant = await market.scarce(1);
    const own = await market.guest.fillCart([variant.variantId, 1]);
    await market.guest.order([variant.variantId, 1]);
    await market.node.runJobs();
    const before = await market.node.countRows();
    const { status } = await market.guest.client.send('POST', `/v1/carts/${own}/checkout`, {
      body: {},
      headers: fresh(),
    });
    expect(status).toBe(409);
    const after = await market.node.countRows();
    expect({ ...after, idempotency_keys: 0 }).toEqual({ ...before, idempotency_keys: 0 });
  });

  test('what is held is given back once, whoever ends it: the job twice and the lapsed money', async () => {
    const variant = await market.scarce(3);
    const { memo, group } = await market.awaitTransfer(variant, 2);
    market.node.clock.advance(minutes(31));
    const { node, bank } = market;
    const half = bank.move({ memo, amountVnd: group.totalVnd - 1 });
    await Promise.all([
      node.runScheduled('orders.expire'),
      node.runScheduled('orders.expire'),
      bank.tell(node.url, half),
    ]);
    expect(await market.available(variant)).toBe(3);
  });

  test('what is held for others is not shown as there, at once and in every list', async () => {
    const { items } = await market.guest.products();
    const chosen = items.find(({ variants }) => variants.length === 1 && (variants[0]?.minOrder ?? 2) === 1);
    const variantId = chosen?.variants[0]?.variantId ?? '';
    await market.node.setStock(variantId, 1);
    await market.guest.order([variantId, 1]);
    const product: Product = await market.guest.product(chosen?.productId ?? '');
    expect(product.variants[0]?.available).toBe(0);
    await market.node.runJobs();
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const listed = await market.guest.products(`limit=100&inStock=true&business=${chosen?.business.businessId}`);
    expect(listed.items.map(({ productId }) => productId)).not.toContain(chosen?.productId);
    market.node.clock.advance(minutes(31));
    await market.node.runScheduled('orders.expire');
  });

  test('a shelf is looked at again when the money comes, not only when payment began', async () => {
    const variant = await market.scarce(1);
    const { group, memo } = await market.awaitTransfer(variant);
    market.node.clock.advance(minutes(31));
    const { group: faster } = await market.awaitTransfer(variant);
    await market.bank.transfer(market.node.url, { memo, amountVnd: group.totalVnd });
    expect((await market.guest.group(faster.code)).status).toBe('awaiting-payment');
    // Paid and nothing to send: the money goes back by itself, and the order says how it stands.
    expect(await market.refundsOf(group)).toMatchObject([{ amountVnd: group.totalVnd, reason: 'late' }]);
    await market.node.runScheduled('orders.expire');
    expect((await market.guest.group(group.code)).status).toBe('expired');
  });
});

describe('money that comes', () => {
  test('one message three times at once is one payment', async () => {
    const { group, sessionId } = await market.awaitCard();
    const event = market.stripe.pay(sessionId);
    const told = () => market.stripe.tell(market.node.url, event);
    expect(await Promise.all([told(), told(), told()])).toEqual([200, 200, 200]);
    expect((await market.guest.group(group.code)).status).toBe('paid');
    expect(market.stripe.calls('POST /v1/refunds')).toBe(0);
  });

  test('a paid card that is told of again under another name is not charged, nor refunded, again', async () => {
    const { group, sessionId } = await market.awaitCard();
    const event = market.stripe.pay(sessionId);
    await market.stripe.tell(market.node.url, event);
    await market.stripe.tell(market.node.url, { ...event, id: `${event.id}_again` });
    expect(await market.refundsOf(group)).toEqual([]);
  });

  test('an answer that was lost does not open a second page at the provider', async () => {
    const group = await market.guest.order([market.variant().variantId, 1]);
    const before = market.stripe.sessionCount();
    market.stripe.trouble('lost', 'lost', 'lost');
    const body = { method: 'stripe' };
    const path = `/v1/order-groups/${group.code}/payments`;
    for (let tries = 0; tries < 3; tries += 1) await market.guest.client.send('POST', path, { body, headers: fresh() });
    const { status } = await market.guest.client.send('POST', path, { body, headers: fresh() });
    expect([status, market.stripe.sessionCount() - before]).toEqual([201, 1]);
  });

  test('one payment with three carts in three tabs pays one order, and the others wait', async () => {
    const variant = market.variant();
    const groups = await Promise.all([1, 2, 3].map(() => market.guest.order([variant.variantId, 1])));
    const [first] = groups;
    await pay(first as Group);
    const states = await Promise.all(groups.map(async ({ code }) => (await market.guest.group(code)).status));
    expect(states.sort()).toEqual(['awaiting-payment', 'awaiting-payment', 'paid']);
  });

  test('a transfer pays the order that it names and no other of the same amount', async () => {
    const variant = market.variant();
    const [one, two] = [await market.awaitTransfer(variant), await market.awaitTransfer(variant)];
    await market.bank.transfer(market.node.url, { memo: two.memo, amountVnd: two.group.totalVnd });
    expect((await market.guest.group(one.group.code)).status).toBe('awaiting-payment');
    expect((await market.guest.group(two.group.code)).status).toBe('paid');
  });

  test('no message is answered with an error of ours because two came at once for many orders', async () => {
    const variant = market.variant();
    const groups = await Promise.all(Array.from({ length: 8 }, () => market.awaitTransfer(variant)));
    const payloads = groups.map(({ memo, group }) => market.bank.move({ memo, amountVnd: group.totalVnd }));
    const told = await Promise.all(
      [...payloads, ...payloads].map((payload) => market.bank.tell(market.node.url, payload)),
    );
    expect(told).toEqual(told.map(() => 200));
  });
});

describe('orders of several businesses', () => {
  test('each is paid, and shows what was paid for it', async () => {
    const group = await market.guest.order(...[1, 2, 3].map(() => [market.variant().variantId, 1] as const));
    await pay(group);
    const { orders } = await market.guest.group(group.code);
    expect(orders.map(({ paymentStatus }) => paymentStatus)).toEqual(['paid', 'paid', 'paid']);
    const { rows } = await market.node.db.execute<{ sum: number; count: number }>(
      sql`select sum(s.amount_vnd)::int as sum, count(*)::int as count from payment_shares s join orders o on o.id = s.order_id join order_groups g on g.id = o.group_id where g.code = ${group.code}`,
    );
    expect(rows).toEqual([{ sum: group.totalVnd, count: 3 }]);
  });

  test('each is confirmed, sent and delivered by itself', async () => {
    const group = await market.guest.order([market.variant().variantId, 1], [market.variant().variantId, 1]);
    await pay(group);
    const { orders } = market.node.services;
    const [, second] = group.orders;
    await orders.confirmOrder(second?.code ?? '', seller);
    await orders.shipOrder(second?.code ?? '', seller);
    await orders.deliverOrder(second?.code ?? '', seller);
    const after = (await market.guest.group(group.code)).orders;
    expect(after.map(({ status }) => status).sort()).toEqual(['completed', 'placed']);
  });

  test('two parcels of one order cost no second freight', async () => {
    const variant = market.variant();
    const group = await market.guest.order([variant.variantId, 3]);
    await pay(group);
    const { orders } = market.node.services;
    const code = group.orders[0]?.code ?? '';
    await orders.confirmOrder(code, seller);
    for (const quantity of [1, 2])
      await orders.shipOrder(code, seller, { lines: [{ variantId: variant.variantId, quantity }] });
    const after = await market.guest.group(group.code);
    expect([after.totalVnd, after.orders[0]?.fulfilmentStatus]).toEqual([group.totalVnd, 'shipped']);
    expect(await market.refundsOf(group)).toEqual([]);
  });

  test('a sale owes its own business, less the fee', async () => {
    const group = await market.guest.order([market.variant().variantId, 2]);
    const code = group.orders[0]?.code ?? '';
    const { businessId, orderId } = await idsOf(code);
    const before = await payableOf(businessId);
    await pay(group);
    const { rows } = await market.node.db.execute<{ due: number }>(
      sql`select (total_vnd - commission_vnd - commission_vat_vnd)::int as due from orders where id = ${orderId}`,
    );
    expect((await payableOf(businessId)) - before).toBe(rows[0]?.due);
    // And a refund takes back what the business was owed for it.
    await refund(code, group.totalVnd, `whole:${code}`);
    expect(await payableOf(businessId)).toBe(before);
  });
});

describe('money that goes back', () => {
  test('an order whose price went back whole is not read as paid', async () => {
    const group = await market.guest.order([market.variant().variantId, 1]);
    await pay(group);
    const code = group.orders[0]?.code ?? '';
    await refund(code, 1_000, `a:${code}`);
    expect((await market.guest.group(group.code)).orders[0]?.paymentStatus).toBe('part-refunded');
    await refund(code, group.totalVnd - 1_000, `b:${code}`);
    expect((await market.guest.group(group.code)).orders[0]?.paymentStatus).toBe('refunded');
  });

  test('a cancellation and a complaint at once do not give back more than was paid', async () => {
    const group = await market.guest.order([market.variant().variantId, 1], [market.variant().variantId, 1]);
    await pay(group);
    const [order] = group.orders;
    const code = order?.code ?? '';
    await Promise.allSettled([
      refund(code, order?.totalVnd ?? 0, `complaint:${code}`),
      market.node.services.orders.cancelOrder(code, seller, { reason: 'Hết hàng' }),
      refund(code, 5_000, `other:${code}`),
    ]);
    const back = (await market.refundsOf(group)).reduce((sum, { amountVnd }) => sum + amountVnd, 0);
    expect(back).toBe(order?.totalVnd);
  });

  test('nobody gives back the money of another business, nor sees that there is any', async () => {
    const group = await market.guest.order([market.variant().variantId, 1], [market.variant().variantId, 1]);
    await pay(group);
    const [one, two] = group.orders;
    const other = { actor: 'test', businessIds: [two?.business.businessId as never] };
    const cancel = market.node.services.orders.cancelOrder(one?.code ?? '', other, { reason: 'x' });
    await expect(cancel).rejects.toMatchObject({ code: 'order-not-found' });
    expect(await market.refundsOf(group)).toEqual([]);
  });

  test('an order whose price went back whole, and that no seller looks at, gives its pieces back at its deadline', async () => {
    const variant = await market.scarce(4);
    const group = await market.guest.order([variant.variantId, 3]);
    await pay(group);
    const code = group.orders[0]?.code ?? '';
    await refund(code, group.totalVnd, `whole:${code}`);
    market.node.clock.advance(hours(49));
    await market.node.runScheduled('orders.cancel-unconfirmed');
    expect((await market.guest.group(group.code)).status).toBe('cancelled');
    expect(await market.available(variant)).toBe(4);
    expect(await market.refundsOf(group)).toHaveLength(1);
  });

  test('a paid order that no seller looks at is called off in time, and paid back', async () => {
    const group = await market.guest.order([market.variant().variantId, 1]);
    await pay(group);
    market.node.clock.advance(hours(49));
    await market.node.runScheduled('orders.cancel-unconfirmed');
    expect((await market.guest.group(group.code)).status).toBe('cancelled');
    expect(await market.refundsOf(group)).toMatchObject([{ amountVnd: group.totalVnd }]);
  });
});

describe('what is shown and what is charged', () => {
  test('a price that rose after it was seen is not charged before it is seen again, nor is the old one', async () => {
    const variant = market.variant();
    const cart = await market.guest.fillCart([variant.variantId, 1]);
    await market.node.setPrice(variant.variantId, variant.priceVnd + 10_000);
    const ask = () =>
      market.guest.client.send<Group & { code: string }>('POST', `/v1/carts/${cart}/checkout`, {
        body: {},
        headers: fresh(),
      });
    const first = await ask();
    expect([first.status, first.body.code]).toEqual([409, 'price-changed']);
    const { status, body } = await ask();
    const { rows } = await market.node.db.execute<{ price: number }>(
      sql`select l.price_vnd::int as price from order_lines l join orders o on o.id = l.order_id join order_groups g on g.id = o.group_id where g.code = ${body.code}`,
    );
    expect([status, rows]).toEqual([201, [{ price: variant.priceVnd + 10_000 }]]);
  });

  test('who knows an order by its code alone learns no name, telephone or address', async () => {
    const group = await market.guest.order([market.variant().variantId, 1]);
    for (const path of [`/v1/order-groups/${group.code}`, `/v1/orders/${group.orders[0]?.code}`]) {
      const { text } = await market.guest.client.send('GET', path);
      expect(text).not.toMatch(/0912345678|\+84912345678|Nguyễn Thị Bé|Hai Bà Trưng/);
    }
  });
});
