import { and, desc, eq, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import type { ProductId } from '#features/products/types.ts';
import { changeSets } from './tables.ts';
import type { ChangeSetId, ChangeState } from './types.ts';

const columns = {
  setId: changeSets.id,
  productId: changeSets.productId,
  productName: changeSets.productName,
  businessId: changeSets.businessId,
  businessName: businesses.name,
  kind: changeSets.kind,
  status: changeSets.status,
  automatic: changeSets.automatic,
  flagCount: changeSets.flagCount,
  proposedAt: changeSets.proposedAt,
  decidedAt: changeSets.decidedAt,
  reason: changeSets.reason,
  reasonText: changeSets.reasonText,
  version: changeSets.version,
};
export type SetSummary = Awaited<ReturnType<typeof listSets>>['items'][number];

/** Change sets, newest first. */
export async function listSets(
  reader: Reader,
  {
    status,
    productId,
    limit,
    cursor,
  }: {
    readonly status?: ChangeState | undefined;
    readonly productId?: ProductId | undefined;
    readonly limit: number;
    readonly cursor?: Cursor | undefined;
  },
) {
  const rows = await reader
    .select(columns)
    .from(changeSets)
    .innerJoin(businesses, eq(businesses.id, changeSets.businessId))
    .where(
      and(
        status && eq(changeSets.status, status),
        productId && eq(changeSets.productId, productId),
        cursor
          ? sql`(${changeSets.proposedAt}, ${changeSets.id}) < (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(changeSets.proposedAt), desc(changeSets.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor:
      rows.length > limit && last ? encodeCursor({ value: last.proposedAt.toISOString(), id: last.setId }) : null,
  };
}

export async function findSet(reader: Reader, id: ChangeSetId): Promise<SetSummary | undefined> {
  const [row] = await reader
    .select(columns)
    .from(changeSets)
    .innerJoin(businesses, eq(businesses.id, changeSets.businessId))
    .where(eq(changeSets.id, id));
  return row;
}
