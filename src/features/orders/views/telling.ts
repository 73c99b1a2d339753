import { and, asc, eq, inArray, isNotNull, type SQL } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { accounts } from '#features/identity/tables.ts';
import { orderGroups, orderLines, orders } from '../tables.ts';
import type { OrderGroupId, OrderId } from '../types.ts';

export type ToTell = Awaited<ReturnType<typeof listWhomToTell>>[number];

const toTell = (reader: Reader, which: SQL | undefined) =>
  reader
    .select({
      id: orders.id,
      code: orders.code,
      version: orders.version,
      businessId: orders.businessId,
      businessName: orders.businessName,
      /** Empty once the buyer asked to be forgotten. */
      phone: orderGroups.phone,
      delivery: orderGroups.delivery,
      groupCode: orderGroups.code,
      groupVnd: orderGroups.totalVnd,
      partnerKey: orderGroups.partnerKey,
    })
    .from(orders)
    .innerJoin(orderGroups, eq(orderGroups.id, orders.groupId))
    .where(which)
    .orderBy(asc(orders.id));

export const listWhomToTell = (reader: Reader, ids: readonly OrderId[]) => toTell(reader, inArray(orders.id, [...ids]));

/** The orders of a group that its sellers still have to do with. */
export const listWhomToTellOf = (reader: Reader, groupId: OrderGroupId) =>
  toTell(reader, and(eq(orders.groupId, groupId), inArray(orders.status, ['placed', 'confirmed'])));

/** What was bought in these orders, as it was called then. */
export const listGoodsOf = (reader: Reader, ids: readonly OrderId[]) =>
  reader
    .select({ name: orderLines.name, label: orderLines.label, quantity: orderLines.quantity })
    .from(orderLines)
    .where(inArray(orderLines.orderId, [...ids]))
    .orderBy(asc(orderLines.id));

/** The number that an account has proved to be its own; orders placed with it are its own too. */
export async function findProvedPhone(reader: Reader, accountId: Id<'Account'>): Promise<string | undefined> {
  const [row] = await reader
    .select({ phone: accounts.phone })
    .from(accounts)
    .where(and(eq(accounts.id, accountId), isNotNull(accounts.phoneProvedAt)));
  return row?.phone ?? undefined;
}
