import { asc, eq, inArray, sql } from 'drizzle-orm';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { payments } from '#features/payments/tables.ts';
import { wards } from '#features/places/tables.ts';
import type { ConfirmedOrder } from '../rules/confirmation.ts';
import { orderConfirmations, orderGroups, orderLines, orders } from '../tables.ts';
import type { OrderGroupId } from '../types.ts';

const seller = {
  addressLine: businesses.addressLine,
  ward: wards.fullName,
  taxCode: businesses.taxCode,
  phone: businesses.phone,
};

/** What a confirmation is made of, as it is at this moment. Undefined while nothing was paid. */
export async function readConfirmed(reader: Reader, groupId: OrderGroupId) {
  const [group] = await reader.select().from(orderGroups).where(eq(orderGroups.id, groupId));
  if (!group?.paidAt) return undefined;
  const rows = await reader
    .select({ order: orders, seller })
    .from(orders)
    .innerJoin(businesses, eq(businesses.id, orders.businessId))
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(eq(orders.groupId, groupId))
    .orderBy(asc(orders.id));
  const ids = rows.map(({ order }) => order.id);
  const lines = await reader
    .select({
      orderId: orderLines.orderId,
      line: {
        sku: orderLines.sku,
        name: orderLines.name,
        label: orderLines.label,
        quantity: orderLines.quantity,
        priceVnd: orderLines.priceVnd,
        totalVnd: orderLines.totalVnd,
        discountVnd: orderLines.discountVnd,
        vatBps: orderLines.vatBps,
        vatVnd: orderLines.vatVnd,
      },
    })
    .from(orderLines)
    .where(inArray(orderLines.orderId, ids))
    .orderBy(asc(orderLines.id));
  const [payment] = await reader
    .select({ method: payments.method })
    .from(payments)
    .where(sql`${payments.groupId} = ${groupId} and ${payments.completedAt} is not null`);
  const confirmed = rows.map(({ order, seller: { addressLine, ward, taxCode, phone } }): ConfirmedOrder => {
    const { code, subtotalVnd, discountVnd, shippingVnd, totalVnd, vatVnd, confirmBy } = order;
    return {
      code,
      seller: { name: order.businessName, address: [addressLine, ward].filter(Boolean).join(', '), taxCode, phone },
      lines: lines.filter(({ orderId }) => orderId === order.id).map(({ line }) => line),
      ...{ subtotalVnd, discountVnd, shippingVnd, totalVnd, vatVnd },
      confirmBy: confirmBy?.toISOString() ?? null,
    };
  });
  return { group, paidAt: group.paidAt, orders: confirmed, method: payment?.method ?? null };
}

/** Groups that were paid since then and have no confirmation yet, oldest first. */
export async function listWithoutConfirmation(reader: Reader, since: Date, limit: number): Promise<OrderGroupId[]> {
  const { rows } = await reader.execute<{ id: OrderGroupId }>(
    sql`select g.id from order_groups g where g.paid_at > ${since.toISOString()}::timestamptz
      and not exists (select from ${orderConfirmations} c where c.group_id = g.id) order by g.paid_at limit ${limit}`,
  );
  return rows.map(({ id }) => id);
}
