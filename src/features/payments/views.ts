import { eq, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { orderGroups, orders } from '#features/orders/tables.ts';
import { payments, refunds } from './tables.ts';
import type { RefundId } from './types.ts';

/** Whom a refund is for, and by which code they know what it is of; undefined for money that paid for nothing. */
export async function findRefundOwner(reader: Reader, id: RefundId) {
  const [row] = await reader
    .select({
      phone: orderGroups.phone,
      delivery: orderGroups.delivery,
      code: sql<string>`coalesce(${orders.code}, ${orderGroups.code})`,
    })
    .from(refunds)
    .innerJoin(payments, eq(payments.id, refunds.paymentId))
    .innerJoin(orderGroups, eq(orderGroups.id, payments.groupId))
    .leftJoin(orders, eq(orders.id, refunds.orderId))
    .where(eq(refunds.id, id));
  return row;
}
