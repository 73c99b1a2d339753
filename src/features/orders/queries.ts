import { and, asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { prepared, preparedSql, type Reader, type Tx } from '#db/client.ts';
import { insertOf, insertTogether, rowsOf, valuesOf } from '#db/insert-rows.ts';
import { orderEvents, orderGroups, orderLines, orders } from './tables.ts';
import type { CodeKind, GroupState, OrderEventType, OrderGroupId, OrderId, OrderLineId, SellerStep } from './types.ts';

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

/**
 * Until when a seller has to take `step`, from `from` on: the shortest of the windows of an order's lines, each by the most
 * specific rule. Orders are named by an array, not by a join: of a table that has grown since it was last analyzed the planner
 * reads all lines to find one order's.
 */
const deadline = (step: SellerStep, from: SQL): SQL => sql`(
  select ${from} + min(own.hours) * interval '1 hour' from order_lines l join variants v on v.id = l.variant_id join products p on p.id = v.product_id
  cross join lateral (select w.hours from order_windows w where w.step = ${sql.raw(`'${step}'`)} and w.valid_from <= ${from}
    and (w.category_id is null or w.category_id = p.category_id) and (w.storage is null or w.storage = p.storage)
    order by w.category_id is null, w.storage is null, w.valid_from desc limit 1) own
  where l.order_id = o.id)`;

const paid = preparedSql(
  'order-group-paid',
  sql`with paid as (update order_groups set status = 'paid', paid_at = ${sql.placeholder('at')}::timestamptz, version = version + 1
      where id = ${sql.placeholder('groupId')}::uuid),
    placed as (update orders o set status = 'placed', payment_status = 'paid', confirm_by = ${deadline('confirm', sql`${sql.placeholder('at')}::timestamptz`)},
      updated_at = ${sql.placeholder('at')}::timestamptz, version = version + 1 where o.group_id = ${sql.placeholder('groupId')}::uuid)
    ${insertOf({ table: orderEvents, keys: ['id', 'orderId', 'type', 'detail', 'at'] }, 'happened')}`,
);

/** Marks the group and all its orders as paid, sets until when each is to be confirmed, and says so in the journal of each. */
export async function savePaid(
  tx: Tx,
  groupId: OrderGroupId,
  orderIds: readonly OrderId[],
  { type, at }: { readonly type: 'paid' | 'paid-late'; readonly at: Date },
): Promise<void> {
  const happened = valuesOf(rowsOf(orderEvents, eventsOf(orderIds, type, {}, at)), 'happened');
  await paid(tx, { groupId, at, ...happened });
}

const sendBy = preparedSql(
  'order-send-by',
  sql`update orders o set send_by = ${deadline('send', sql`${sql.placeholder('at')}::timestamptz`)} where o.id = ${sql.placeholder('id')}::uuid`,
);
/** Sets until when a confirmed order is to leave. */
export async function saveSendBy(tx: Tx, id: OrderId, at: Date): Promise<void> {
  await sendBy(tx, { id, at });
}

/** Calls pieces of lines off. */
export async function saveCancelled(
  tx: Tx,
  pieces: readonly { readonly lineId: LineRow['id']; readonly quantity: number }[],
): Promise<void> {
  for (const { lineId, quantity } of pieces)
    await tx
      .update(orderLines)
      .set({ cancelledQuantity: sql`${orderLines.cancelledQuantity} + ${quantity}` })
      .where(eq(orderLines.id, lineId));
}

/** More pieces of these lines left the shelf than were bought, or fewer: they went back to it. */
export async function addExtra(
  tx: Tx,
  pieces: readonly { readonly lineId: LineRow['id']; readonly quantity: number }[],
): Promise<void> {
  for (const { lineId, quantity } of pieces)
    await tx
      .update(orderLines)
      .set({ extraQuantity: sql`${orderLines.extraQuantity} + ${quantity}` })
      .where(eq(orderLines.id, lineId));
}

/** What of an order's price has gone back, or is on its way, as its events tell it. */
export async function sumRefunded(reader: Reader, id: OrderId): Promise<Vnd> {
  const [row] = await reader
    .select({ sum: sql<string>`coalesce(sum((${orderEvents.detail} ->> 'amountVnd')::bigint), 0)` })
    .from(orderEvents)
    .where(and(eq(orderEvents.orderId, id), inArray(orderEvents.type, ['part-refunded', 'refunded'])));
  return vnd(Number(row?.sum ?? 0));
}

export async function saveGroup(
  tx: Tx,
  id: OrderGroupId,
  change: { readonly status: GroupState; readonly paidAt?: Date; readonly expiresAt?: Date },
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

/** More pieces of these lines came back. Never more than there were: a constraint says so. */
export async function addReturned(
  tx: Tx,
  pieces: readonly { readonly lineId: OrderLineId; readonly quantity: number }[],
): Promise<void> {
  for (const { lineId, quantity } of pieces)
    await tx
      .update(orderLines)
      .set({ returnedQuantity: sql`${orderLines.returnedQuantity} + ${quantity}` })
      .where(eq(orderLines.id, lineId));
}

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
