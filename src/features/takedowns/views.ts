import { desc, eq, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { products } from '#features/products/tables.ts';
import { takedowns } from './tables.ts';
import type { TakedownId } from './types.ts';

const columns = {
  takedownId: takedowns.id,
  requestNumber: takedowns.requestNumber,
  authority: takedowns.authority,
  reason: takedowns.reason,
  receivedAt: takedowns.receivedAt,
  dueAt: takedowns.dueAt,
  status: takedowns.status,
  downAt: takedowns.downAt,
  endedAt: takedowns.endedAt,
  decision: takedowns.decision,
  recordedAt: takedowns.recordedAt,
  product: { productId: products.id, slug: products.slug, name: products.nameVi, status: products.status },
  business: { businessId: businesses.id, slug: businesses.slug, name: businesses.name },
};
const from = (reader: Reader) =>
  reader
    .select(columns)
    .from(takedowns)
    .innerJoin(products, eq(products.id, takedowns.productId))
    .innerJoin(businesses, eq(businesses.id, products.businessId));

export type TakedownView = NonNullable<Awaited<ReturnType<typeof findTakedown>>>;

export async function findTakedown(reader: Reader, id: TakedownId) {
  const [row] = await from(reader).where(eq(takedowns.id, id));
  return row;
}

/** Requests, newest first. */
export async function listTakedowns(reader: Reader, limit: number, cursor: Cursor | undefined) {
  const rows = await from(reader)
    .where(
      cursor
        ? sql`(${takedowns.recordedAt}, ${takedowns.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
        : undefined,
    )
    .orderBy(desc(takedowns.recordedAt), desc(takedowns.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last ? encodeCursor({ value: last.recordedAt.toISOString(), id: last.takedownId }) : null,
  };
}
