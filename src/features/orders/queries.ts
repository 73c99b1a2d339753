import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { prepared, preparedSql, type Reader, type Tx } from '#db/client.ts';
import { insertOf, insertTogether, rowsOf, valuesOf } from '#db/insert-rows.ts';
import { orderEvents, orderGroups, orderLines, orders } from './tables.ts';
import type { CodeKind, GroupState, OrderEventType, OrderGroupId, OrderId } from './types.ts';

export type GroupRow = typeof orderGroups.$inferSelect;
export type OrderRow = typeof orders.$inferSelect;
export type LineRow = typeof orderLines.$inferSelect;

const freeCodes = preparedSql<{ code: string }>(
  'codes-take',
  sql`insert into codes (code, kind) select code, kind
    from unnest(${sql.placeholder('wanted')}::text[], ${sql.placeholder('kinds')}::text[]) as wanted (code, kind)
    on conflict do nothing returning code`,
);

/** Takes what is free of `wanted`. */
export async function insertCodes(
  tx: Tx,
  wanted: readonly { readonly code: string; readonly kind: CodeKind }[],
): Promise<string[]> {
  if (wanted.length === 0) return [];
  const columns = { wanted: wanted.map(({ code }) => code), kinds: wanted.map(({ kind }) => kind) };
  return (await freeCodes(tx, columns)).map((row) => row.code);
}

export const insertGroup = (
  tx: Tx,
  group: typeof orderGroups.$inferInsert,
  own: readonly (typeof orders.$inferInsert)[],
  lines: readonly (typeof orderLines.$inferInsert)[],
  happened: readonly (typeof orderEvents.$inferInsert)[],
): Promise<void> =>
  insertTogether(
    tx,
    rowsOf(orderGroups, [group]),
    rowsOf(orders, own),
    rowsOf(orderLines, lines),
    rowsOf(orderEvents, happened),
  );

const groupForUpdate = prepared('order-group-lock', (db) =>
  db
    .select()
    .from(orderGroups)
    .where(eq(orderGroups.id, sql.placeholder('id')))
    .for('update'),
);

/** The group, locked. Whoever changes anything of a group takes this lock first, then orders, payments, stock. */
export async function lockGroup(tx: Tx, id: OrderGroupId): Promise<GroupRow> {
  const [group] = await groupForUpdate(tx, { id });
  if (!group) throw new Error(`Order group ${id} is gone`);
  return group;
}

const groupByCode = prepared('order-group-by-code', (db) =>
  db
    .select()
    .from(orderGroups)
    .where(eq(orderGroups.code, sql.placeholder('code'))),
);
export const findGroupByCode = async (reader: Reader, code: string): Promise<GroupRow | undefined> =>
  (await groupByCode(reader, { code }))[0];

const ordersOfGroup = prepared('orders-of-group', (db) =>
  db
    .select()
    .from(orders)
    .where(eq(orders.groupId, sql.placeholder('groupId')))
    .orderBy(asc(orders.id)),
);
export const listOrdersOf = (reader: Reader, groupId: OrderGroupId): Promise<OrderRow[]> =>
  ordersOfGroup(reader, { groupId });

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

const linesOfGroup = prepared('order-lines-of-group', (db) =>
  db
    .select()
    .from(orderLines)
    // Not a join: of a table that has grown since it was last analyzed the planner reads all lines to find one order's.
    .where(
      sql`${orderLines.orderId} = any(array(select ${orders.id} from ${orders} where ${orders.groupId} = ${sql.placeholder('groupId')}))`,
    )
    .orderBy(asc(orderLines.id)),
);
export const listLinesOfGroup = (reader: Reader, groupId: OrderGroupId): Promise<LineRow[]> =>
  linesOfGroup(reader, { groupId });

const paid = preparedSql(
  'order-group-paid',
  sql`with paid as (update order_groups set status = 'paid', paid_at = ${sql.placeholder('at')}::timestamptz, version = version + 1
      where id = ${sql.placeholder('groupId')}::uuid),
    placed as (update orders set status = 'placed', payment_status = 'paid', confirm_by = ${sql.placeholder('confirmBy')}::timestamptz,
      updated_at = ${sql.placeholder('at')}::timestamptz, version = version + 1 where group_id = ${sql.placeholder('groupId')}::uuid)
    ${insertOf({ table: orderEvents, keys: ['id', 'orderId', 'type', 'detail', 'at'] }, 'happened')}`,
);

/** Marks the group and all its orders as paid, and says so in the journal of each. */
export async function savePaid(
  tx: Tx,
  groupId: OrderGroupId,
  orderIds: readonly OrderId[],
  { type, at, confirmBy }: { readonly type: 'paid' | 'paid-late'; readonly at: Date; readonly confirmBy: Date },
): Promise<void> {
  const happened = valuesOf(rowsOf(orderEvents, eventsOf(orderIds, type, {}, at)), 'happened');
  await paid(tx, { groupId, at, confirmBy, ...happened });
}

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

export const eventsOf = (
  ids: readonly OrderId[],
  type: OrderEventType,
  detail: Readonly<Record<string, unknown>>,
  at: Date,
): (typeof orderEvents.$inferInsert)[] =>
  ids.map((orderId) => ({ id: newId<'OrderEvent'>(), orderId, type, detail, at }));

export async function addOrderEvents(
  tx: Tx,
  ids: readonly OrderId[],
  type: OrderEventType,
  detail: Readonly<Record<string, unknown>>,
  at: Date,
): Promise<void> {
  await insertTogether(tx, rowsOf(orderEvents, eventsOf(ids, type, detail, at)));
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

/** Delivery without the person: the province stays, for statistics; house, name and numbers go. */
const withoutPerson = sql`jsonb_build_object('recipient', jsonb_build_object('name', '', 'phone', ''),
  'address', (${orderGroups.delivery} -> 'address') - 'wardCode' || jsonb_build_object('line', '', 'ward', ''))`;
const isOver = sql`not exists (select from ${orders} where ${orders.groupId} = ${orderGroups.id} and ${orders.status} in ('awaiting-payment', 'placed', 'confirmed'))`;

/** The code of an order that is still to be paid, sent or received. */
export async function findUnfinishedOf(reader: Reader, phone: string): Promise<string | undefined> {
  const [row] = await reader
    .select({ code: orderGroups.code })
    .from(orderGroups)
    .where(and(eq(orderGroups.phone, phone), sql`not ${isOver}`))
    .limit(1);
  return row?.code;
}

export async function forgetBuyersOf(tx: Tx, phone: string): Promise<void> {
  await tx
    .update(orderGroups)
    .set({ phone: '', delivery: withoutPerson })
    .where(and(eq(orderGroups.phone, phone), isOver));
}

export async function forgetBuyers(tx: Tx, placedBefore: Date): Promise<void> {
  await tx
    .update(orderGroups)
    .set({ phone: '', delivery: withoutPerson })
    .where(and(lte(orderGroups.createdAt, placedBefore), sql`${orderGroups.phone} <> ''`, isOver));
}
