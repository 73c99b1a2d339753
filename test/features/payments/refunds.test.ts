import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { vnd } from '#core/money.ts';
import { transact } from '#db/client.ts';
import type { OrderGroupId, OrderId } from '#features/orders/types.ts';
import { expectSound } from '#test/support/invariants.ts';
import { type Market, openMarket } from '#test/support/market.ts';
import type { Group } from '#test/support/people.ts';

let market: Market;
beforeAll(async () => {
  market = await openMarket();
});
afterEach(async () => {
  await market.node.runJobs();
  await expectSound(market.node.db, market);
});
afterAll(() => market.close());

type Known = {
  readonly orderId: OrderId;
  readonly groupId: OrderGroupId;
  readonly group: Group;
  readonly totalVnd: number;
};

const known = async (group: Group, index = 0): Promise<Known> => {
  const order = group.orders[index];
  const { rows } = await market.node.db.execute<{ orderId: OrderId; groupId: OrderGroupId }>(
    sql`select id as "orderId", group_id as "groupId" from orders where code = ${order?.code}`,
  );
  const [row] = rows;
  if (!row || !order) throw new Error('There is no such order');
  return { ...row, group, totalVnd: order.totalVnd };
};

/** An order of two businesses, paid by transfer. */
async function paid(): Promise<Known> {
  const { guest, bank, node } = market;
  const group = await guest.order([market.variant().variantId, 2], [market.variant().variantId, 1]);
  const { qr } = await guest.pay(group.code, 'vietqr');
  await bank.transfer(node.url, { memo: qr?.memo ?? '', amountVnd: group.totalVnd });
  return known(group);
}

const refund = ({ orderId, groupId }: Known, amountVnd: number, cause: string) => {
  const { db, services } = market.node;
  return transact(db, 'test', async (tx) => {
    await services.orders.forPayments.lockGroup(tx, groupId);
    return services.payments.refundOrder(tx, { orderId, amountVnd: vnd(amountVnd), reason: 'returned', cause });
  });
};
const paymentStatus = async ({ group }: Known) => (await market.guest.group(group.code)).orders[0]?.paymentStatus;

describe('part of the price of an order goes back', () => {
  test('in parts, until all of it has, and the payment status follows', async () => {
    const order = await paid();
    expect(await refund(order, 1_000, `r1:${order.orderId}`)).toMatchObject({
      refundedVnd: 1_000,
      leftVnd: order.totalVnd - 1_000,
    });
    expect(await paymentStatus(order)).toBe('part-refunded');
    await refund(order, order.totalVnd - 1_000, `r2:${order.orderId}`);
    expect(await paymentStatus(order)).toBe('refunded');
    expect(await market.refundsOf(order.group)).toEqual([
      { reason: 'returned', amountVnd: 1_000, status: 'queued' },
      { reason: 'returned', amountVnd: order.totalVnd - 1_000, status: 'queued' },
    ]);
  });

  test('never more than was paid for it, and then nothing is written', async () => {
    const order = await paid();
    await refund(order, 1_000, `r1:${order.orderId}`);
    const before = await market.node.countRows();
    await expect(refund(order, order.totalVnd - 999, `r2:${order.orderId}`)).rejects.toMatchObject({
      code: 'refund-exceeds-payment',
      extra: { leftVnd: order.totalVnd - 1_000 },
    });
    expect(await market.node.countRows()).toEqual(before);
  });

  test('the same cause refunds once, and not another amount by the same name', async () => {
    const order = await paid();
    const cause = `r1:${order.orderId}`;
    const first = await refund(order, 1_000, cause);
    expect(await refund(order, 1_000, cause)).toEqual(first);
    await expect(refund(order, 2_000, cause)).rejects.toThrow(/another refund/);
    expect(await market.refundsOf(order.group)).toHaveLength(1);
  });

  test('nothing of an order that nobody has paid', async () => {
    const order = await known(await market.guest.order([market.variant().variantId, 1]));
    await expect(refund(order, 1, `r1:${order.orderId}`)).rejects.toMatchObject({
      code: 'refund-exceeds-payment',
      extra: { leftVnd: 0 },
    });
    await expect(refund(order, 0, `r2:${order.orderId}`)).rejects.toThrow(RangeError);
  });

  test('twenty at once that together are too much: those that fit, and no đồng more', async () => {
    const order = await paid();
    const part = Math.floor(order.totalVnd / 5);
    const asked = Array.from({ length: 20 }, (_, index) => refund(order, part, `r${index}:${order.orderId}`));
    const results = await Promise.allSettled(asked);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  test('the database refuses what no code should ask for', async () => {
    const order = await paid();
    const spoil = market.node.db.execute(
      sql`update payment_shares set refunded_vnd = amount_vnd + 1 where order_id = ${order.orderId}`,
    );
    await expect(spoil).rejects.toMatchObject({ cause: { constraint: 'payment_shares_refunded' } });
  });
});
