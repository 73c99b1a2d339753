import { asc, desc, eq, inArray, or } from 'drizzle-orm';
import { isId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { bundleItems, bundles } from './tables.ts';
import type { BundleId, BundleItem } from './types.ts';

export type BundleRow = typeof bundles.$inferSelect & { readonly items: readonly BundleItem[] };

async function withItems(reader: Reader, rows: readonly (typeof bundles.$inferSelect)[]): Promise<BundleRow[]> {
  if (rows.length === 0) return [];
  const items = await reader
    .select()
    .from(bundleItems)
    .where(
      inArray(
        bundleItems.bundleId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(asc(bundleItems.position));
  return rows.map((row) => ({ ...row, items: items.filter(({ bundleId }) => bundleId === row.id) }));
}

export const listBundles = async (reader: Reader, listedOnly: boolean): Promise<BundleRow[]> =>
  withItems(
    reader,
    await reader
      .select()
      .from(bundles)
      .where(listedOnly ? eq(bundles.status, 'listed') : undefined)
      .orderBy(desc(bundles.createdAt))
      .limit(100),
  );

export async function findBundle(reader: Reader, idOrSlug: string): Promise<BundleRow | undefined> {
  const rows = await reader
    .select()
    .from(bundles)
    .where(or(eq(bundles.slug, idOrSlug), isId<'Bundle'>(idOrSlug) ? eq(bundles.id, idOrSlug) : undefined));
  return (await withItems(reader, rows))[0];
}

export async function insertBundle(
  tx: Tx,
  row: typeof bundles.$inferInsert,
  items: readonly BundleItem[],
): Promise<void> {
  await tx.insert(bundles).values(row);
  await tx.insert(bundleItems).values(items.map((item, position) => ({ bundleId: row.id, ...item, position })));
}

export async function saveStatus(tx: Tx, id: BundleId, status: BundleRow['status'], at: Date): Promise<void> {
  await tx.update(bundles).set({ status, updatedAt: at }).where(eq(bundles.id, id));
}
