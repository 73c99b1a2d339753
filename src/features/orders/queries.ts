import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { codes, orderEvents, orderGroups, orderLines, orders } from './tables.ts';
import type { CodeKind, GroupState, OrderGroupId, OrderId } from './types.ts';

export type GroupRow = typeof orderGroups.$inferSelect;
export type OrderRow = typeof orders.$inferSelect;
export type LineRow = typeof orderLines.$inferSelect;

/** Takes what is free of `wanted`. */
export async function insertCodes(tx: Tx, kind: CodeKind, wanted: readonly string[]): Promise<string[]> {
  if (wanted.length === 0) return [];
  const rows = await tx
    .insert(codes)
    .values(wanted.map((code) => ({ code, kind })))
    .onConflictDoNothing()
    .returning({ code: codes.code });
  return rows.map((row) => row.code);
}

export async function insertGroup(
  tx: Tx,
  group: typeof orderGroups.$inferInsert,
  own: readonly (typeof orders.$inferInsert)[],
  lines: readonly (typeof orderLines.$inferInsert)[],
): Promise<void> {
  await tx.insert(orderGroups).values(group);
  await tx.insert(orders).values([...own]);
  await tx.insert(orderLines).values([...lines]);
}

/** The group, locked. Whoever changes anything of a group takes this lock first, then orders, payments, stock. */
export async function lockGroup(tx: Tx, id: OrderGroupId): Promise<GroupRow> {
  const [group] = await tx.select().from(orderGroups).where(eq(orderGroups.id, id)).for('update');
  if (!group) throw new Error(`Order group ${id} is gone`);
  return group;
}

export async function findGroupByCode(reader: Reader, code: string): Promise<GroupRow | undefined> {
  const [group] = await reader.select().from(orderGroups).where(eq(orderGroups.code, code));
  return group;
}

export const listOrdersOf = (reader: Reader, groupId: OrderGroupId): Promise<OrderRow[]> =>
  reader.select().from(orders).where(eq(orders.groupId, groupId)).orderBy(asc(orders.id));

export async function findOrderByCode(reader: Reader, code: string): Promise<OrderRow | undefined> {
  const [order] = await reader.select().from(orders).where(eq(orders.code, code));
  return order;
}

export const listLinesOf = (reader: Reader, orderIds: readonly OrderId[]): Promise<LineRow[]> =>
  reader
    .select()
    .from(orderLines)
    .where(inArray(orderLines.orderId, [...orderIds]))
    .orderBy(asc(orderLines.id));

export async function saveGroup(
  tx: Tx,
  id: OrderGroupId,
  change: { readonly status: GroupState; readonly paidAt?: Date },
): Promise<void> {
  await tx
    .update(orderGroups)
    .set({ ...change, version: sql`${orderGroups.version} + 1` })
    .where(eq(orderGroups.id, id));
}

export async function saveOrders(tx: Tx, ids: readonly OrderId[], change: Partial<OrderRow>, at: Date): Promise<void> {
  await tx
    .update(orders)
    .set({ ...change, updatedAt: at, version: sql`${orders.version} + 1` })
    .where(inArray(orders.id, [...ids]));
}

export async function addOrderEvents(
  tx: Tx,
  ids: readonly OrderId[],
  type: string,
  detail: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.insert(orderEvents).values(ids.map((orderId) => ({ id: newId<'OrderEvent'>(), orderId, type, detail, at })));
}

/** Groups whose time to pay is over, oldest first. */
export const listDueGroups = async (reader: Reader, now: Date, limit: number): Promise<OrderGroupId[]> =>
  (
    await reader
      .select({ id: orderGroups.id })
      .from(orderGroups)
      .where(and(eq(orderGroups.status, 'awaiting-payment'), lte(orderGroups.expiresAt, now)))
      .orderBy(asc(orderGroups.expiresAt))
      .limit(limit)
  ).map((row) => row.id);

export const listUnconfirmed = async (reader: Reader, now: Date, limit: number): Promise<OrderId[]> =>
  (
    await reader
      .select({ id: orders.id })
      .from(orders)
      .where(and(eq(orders.status, 'placed'), lte(orders.confirmBy, now)))
      .orderBy(asc(orders.confirmBy))
      .limit(limit)
  ).map((row) => row.id);

export async function getOrder(reader: Reader, id: OrderId): Promise<OrderRow> {
  const [order] = await reader.select().from(orders).where(eq(orders.id, id));
  if (!order) throw new Error(`Order ${id} is gone`);
  return order;
}
