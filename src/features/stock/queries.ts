import { and, asc, eq, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { prepared, preparedSql, type Reader, type Tx } from '#db/client.ts';
import { insertOf, insertRows, valuesOf } from '#db/insert-rows.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { VariantId } from '#features/products/types.ts';
import { holds, stock, stockMovements, tableEdits } from './tables.ts';
import type { HoldId, TableEditId } from './types.ts';

export type StockRow = typeof stock.$inferInsert;
export type MovementRow = typeof stockMovements.$inferInsert;
export type HoldRow = typeof holds.$inferSelect;

export async function insertStock(tx: Tx, rows: readonly StockRow[], movements: readonly MovementRow[]): Promise<void> {
  await insertRows(tx, stock, rows);
  await insertMovements(tx, movements);
}

export const insertMovements = (tx: Tx, rows: readonly MovementRow[]): Promise<void> =>
  insertRows(tx, stockMovements, rows);

const asHolds = sql`json_populate_recordset(null::holds, ${sql.placeholder('holds')}::json)`;

/** An array of which the planner expects ten, whatever it holds; of one that it sees it plans each length anew. */
const anyOf = (name: string): SQL => sql`any(array(select unnest(${sql.placeholder(name)}::uuid[])))`;

/** One statement for all lines: rows are locked in the order of their ids, so that no two checkouts wait for each other. */
const holdAll = preparedSql<{ variantId: VariantId }>(
  'stock-hold',
  sql`with locked as (select variant_id from stock where variant_id = ${anyOf('variantIds')} order by variant_id for update),
    held as (update stock s set held = s.held + h.quantity, updated_at = h.created_at from locked l, ${asHolds} h
      where s.variant_id = l.variant_id and h.variant_id = l.variant_id and s.variant_id = ${anyOf('variantIds')}
        and s.on_hand - s.held >= h.quantity returning s.variant_id),
    kept as (insert into holds select h.* from ${asHolds} h join held using (variant_id))
    select variant_id as "variantId" from held`,
);

/**
 * Holds what is free of each demand, guarded in the statement that writes: two shoppers cannot both pass a check and then
 * write. The variants that were held; where one is missing there was not enough of it.
 */
export const tryHold = async (tx: Tx, rows: readonly HoldRow[]): Promise<VariantId[]> => {
  const variantIds = rows.map((row) => row.variantId);
  return (await holdAll(tx, { variantIds, holds: JSON.stringify(rows.map(toColumns)) })).map((row) => row.variantId);
};

const toColumns = ({ variantId, expiresAt, createdAt, endedAt, ...rest }: HoldRow) => ({
  ...rest,
  variant_id: variantId,
  expires_at: expiresAt,
  created_at: createdAt,
  ended_at: endedAt,
});

const holdsForUpdate = prepared('holds-lock', (db) =>
  db
    .select()
    .from(holds)
    .where(eq(holds.reference, sql.placeholder('reference')))
    .orderBy(asc(holds.variantId))
    .for('update'),
);

/** The holds of a reference, locked, in variant order. */
export const lockHolds = (tx: Tx, reference: string): Promise<HoldRow[]> => holdsForUpdate(tx, { reference });

/** Holds that are past their time, of the given variants or of any, locked; a hold that another process is ending is passed over. */
export const lockDueHolds = (tx: Tx, now: Date, limit: number, variantIds?: readonly VariantId[]): Promise<HoldRow[]> =>
  tx
    .select()
    .from(holds)
    .where(
      and(
        eq(holds.status, 'held'),
        lte(holds.expiresAt, now),
        variantIds ? inArray(holds.variantId, [...variantIds]) : undefined,
      ),
    )
    .orderBy(asc(holds.variantId))
    .limit(limit)
    .for('update', { skipLocked: true });

const ending = (name: string, beside: SQL) =>
  preparedSql<{ id: HoldId }>(
    name,
    sql`with ended as (update holds set status = ${sql.placeholder('status')}, ended_at = ${sql.placeholder('at')}::timestamptz
      where id = ${anyOf('ids')} and status = 'held' returning id, variant_id, quantity),
    sums as (select variant_id, sum(quantity)::integer as quantity from ended group by variant_id),
    locked as (select variant_id from stock where variant_id = ${anyOf('variantIds')} order by variant_id for update),
    settled as (update stock s set held = s.held - x.quantity, updated_at = ${sql.placeholder('at')}::timestamptz,
        on_hand = s.on_hand - case when ${sql.placeholder('status')} = 'claimed' then x.quantity else 0 end
      from sums x join locked l using (variant_id)
      where s.variant_id = x.variant_id and s.variant_id = ${anyOf('variantIds')})
    ${beside}
    select id from ended`,
  );
const releaseAll = ending('holds-release', sql``);
const movementKeys = ['id', 'variantId', 'change', 'reason', 'reference', 'at'];
const claimAll = ending(
  'holds-claim',
  sql`, moved as (${insertOf({ table: stockMovements, keys: movementKeys }, 'moved')})`,
);

const namesOf = (rows: readonly HoldRow[]) => ({
  ids: rows.map((row) => row.id),
  variantIds: rows.map((row) => row.variantId),
});

/** Ends holds once and gives their pieces back. Only those still `held` change, and only those are returned. */
export async function releaseHolds(tx: Tx, rows: readonly HoldRow[], at: Date): Promise<HoldRow[]> {
  if (rows.length === 0) return [];
  const ended = await releaseAll(tx, { ...namesOf(rows), status: 'released', at });
  const done = new Set(ended.map((row) => row.id));
  return rows.filter((row) => done.has(row.id));
}

/** Ends holds, which the caller has locked, as sold: their pieces leave the shelf and the journal says so. */
export async function claimHolds(tx: Tx, rows: readonly HoldRow[], sales: readonly MovementRow[], at: Date) {
  const moved = valuesOf({ table: stockMovements, keys: movementKeys, rows: sales }, 'moved');
  const ended = await claimAll(tx, { ...namesOf(rows), status: 'claimed', at, ...moved });
  if (ended.length !== rows.length) throw new Error('A hold ended although it was locked');
}

/** Locks the stock of these variants in id order, for a transaction that will change several of them back and forth. */
export async function lockShelves(tx: Tx, variantIds: readonly VariantId[]): Promise<void> {
  await tx
    .select({ id: stock.variantId })
    .from(stock)
    .where(inArray(stock.variantId, [...variantIds]))
    .orderBy(asc(stock.variantId))
    .for('update');
}

/** The same, with what is there and what of it is held. */
export const lockCounts = (tx: Tx, variantIds: readonly VariantId[]) =>
  tx
    .select({ variantId: stock.variantId, onHand: stock.onHand, held: stock.held })
    .from(stock)
    .where(sql`${stock.variantId} = any(${sql.param([...variantIds])}::uuid[])`)
    .orderBy(asc(stock.variantId))
    .for('update');

/** Writes counts of shelves that the caller has locked. */
export async function saveCounts(
  tx: Tx,
  rows: readonly { readonly variantId: VariantId; readonly onHand: number }[],
  now: Date,
): Promise<void> {
  await tx.execute(sql`update stock s set on_hand = c.on_hand, updated_at = ${now.toISOString()}::timestamptz
    from unnest(${sql.param(rows.map((row) => row.variantId))}::uuid[], ${sql.param(rows.map((row) => row.onHand))}::int[]) as c (variant_id, on_hand)
    where s.variant_id = c.variant_id`);
}

export async function lockStock(tx: Tx, variantId: VariantId) {
  const [row] = await tx.select().from(stock).where(eq(stock.variantId, variantId)).for('update');
  return row;
}

export async function saveOnHand(tx: Tx, variantId: VariantId, onHand: number, now: Date): Promise<void> {
  await tx.update(stock).set({ onHand, updatedAt: now }).where(eq(stock.variantId, variantId));
}

export async function addOnHand(tx: Tx, variantId: VariantId, change: number, now: Date): Promise<void> {
  await tx
    .update(stock)
    .set({ onHand: sql`${stock.onHand} + ${change}`, updatedAt: now })
    .where(eq(stock.variantId, variantId));
}

/** Takes what is free of a shelf, guarded in the statement that writes; false where there is not enough. */
export async function takeFree(tx: Tx, variantId: VariantId, quantity: number, now: Date): Promise<boolean> {
  const rows = await tx
    .update(stock)
    .set({ onHand: sql`${stock.onHand} - ${quantity}`, updatedAt: now })
    .where(and(eq(stock.variantId, variantId), sql`${stock.onHand} - ${stock.held} >= ${quantity}`))
    .returning({ id: stock.variantId });
  return rows.length === 1;
}

export const readAvailable = async (
  reader: Reader,
  variantIds: readonly VariantId[],
): Promise<Map<VariantId, number>> => {
  const rows = await reader
    .select({ id: stock.variantId, available: sql<number>`${stock.onHand} - ${stock.held}` })
    .from(stock)
    .where(inArray(stock.variantId, [...variantIds]));
  return new Map(rows.map((row) => [row.id, row.available]));
};

const freeOn = preparedSql<{ variantId: VariantId; free: number }>(
  'stock-free',
  sql`select variant_id as "variantId", on_hand - held + coalesce((select sum(h.quantity)::integer from holds h
      where h.status = 'held' and h.expires_at <= ${sql.placeholder('at')}::timestamptz and h.variant_id = s.variant_id), 0) as free
    from stock s where variant_id = ${anyOf('variantIds')}`,
);
/** What could be held of these shelves: what nobody holds, or held and let lapse. Read and not locked, so already past. */
export const readFree = async (
  reader: Reader,
  variantIds: readonly VariantId[],
  at: Date,
): Promise<ReadonlyMap<VariantId, number>> =>
  new Map((await freeOn(reader, { variantIds, at })).map(({ variantId, free }) => [variantId, free]));

export async function saveLowAt(tx: Tx, variantId: VariantId, lowAt: number | null): Promise<void> {
  await tx.update(stock).set({ lowAt, lowToldAt: null }).where(eq(stock.variantId, variantId));
}

/** What has been filled up since it was told of may be told of again. */
export async function forgetAlerts(tx: Tx): Promise<void> {
  await tx
    .update(stock)
    .set({ lowToldAt: null })
    .where(and(isNotNull(stock.lowToldAt), or(isNull(stock.lowAt), sql`${stock.onHand} > ${stock.lowAt}`)));
}

/** Shelves at or below their level of which nobody has been told yet, locked; one that is being sold from waits its turn. */
export const lockLow = (tx: Tx, limit: number) =>
  tx
    .select({ variantId: stock.variantId, onHand: stock.onHand })
    .from(stock)
    .where(and(isNotNull(stock.lowAt), isNull(stock.lowToldAt), sql`${stock.onHand} <= ${stock.lowAt}`))
    .orderBy(asc(stock.variantId))
    .limit(limit)
    .for('update', { skipLocked: true });

export async function markTold(tx: Tx, variantIds: readonly VariantId[], at: Date): Promise<void> {
  if (variantIds.length === 0) return;
  await tx
    .update(stock)
    .set({ lowToldAt: at })
    .where(inArray(stock.variantId, [...variantIds]));
}

export async function insertTableEdits(tx: Tx, rows: readonly (typeof tableEdits.$inferInsert)[]): Promise<void> {
  await tx.insert(tableEdits).values([...rows]);
}

export const findTableEdits = (reader: Reader, editId: TableEditId, businessIds: readonly BusinessId[]) =>
  reader
    .select()
    .from(tableEdits)
    .where(and(eq(tableEdits.editId, editId), inArray(tableEdits.businessId, [...businessIds])));

export async function markUndone(tx: Tx, editId: TableEditId, at: Date): Promise<boolean> {
  const rows = await tx
    .update(tableEdits)
    .set({ undoneAt: at })
    .where(and(eq(tableEdits.editId, editId), isNull(tableEdits.undoneAt)))
    .returning({ id: tableEdits.id });
  return rows.length > 0;
}

/** What nobody can take back any more. */
export async function deleteOldEdits(tx: Tx, before: Date): Promise<void> {
  await tx.delete(tableEdits).where(lte(tableEdits.savedAt, before));
}
