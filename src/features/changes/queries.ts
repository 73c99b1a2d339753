import { and, eq, inArray, sql } from 'drizzle-orm';
import { newId } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import { changeItems, changeSets } from './tables.ts';
import type { ChangeItem, ChangeSetId } from './types.ts';

export type ChangeSetRow = typeof changeSets.$inferSelect;
export type NewChangeSet = typeof changeSets.$inferInsert;
const open = ['proposed', 'changes-requested'] as const;

const isOpen = inArray(changeSets.status, [...open]);

/** The open set of a product, locked: two edits of it come one after the other. */
export async function lockOpenSet(tx: Tx, productId: ProductId): Promise<ChangeSetRow | undefined> {
  const [row] = await tx
    .select()
    .from(changeSets)
    .where(and(eq(changeSets.productId, productId), isOpen))
    .for('update');
  return row;
}

export async function lockSet(tx: Tx, id: ChangeSetId): Promise<ChangeSetRow | undefined> {
  const [row] = await tx.select().from(changeSets).where(eq(changeSets.id, id)).for('update');
  return row;
}

export async function insertSet(tx: Tx, row: NewChangeSet): Promise<void> {
  await tx.insert(changeSets).values(row);
}

export async function updateSet(tx: Tx, id: ChangeSetId, change: Partial<ChangeSetRow>): Promise<void> {
  await tx
    .update(changeSets)
    .set({ ...change, version: sql`${changeSets.version} + 1` })
    .where(eq(changeSets.id, id));
}

/** The items of a set are what its seller wants now. */
export async function replaceItems(tx: Tx, setId: ChangeSetId, items: readonly ChangeItem[]): Promise<void> {
  await tx.delete(changeItems).where(eq(changeItems.setId, setId));
  if (items.length === 0) return;
  await tx.insert(changeItems).values(items.map((item) => ({ ...item, id: newId<'ChangeItem'>(), setId })));
}

export const listItems = (reader: Reader, setIds: readonly ChangeSetId[]) =>
  reader
    .select()
    .from(changeItems)
    .where(inArray(changeItems.setId, [...setIds]))
    .orderBy(changeItems.id);

export const listOpenSets = (reader: Reader, productIds: readonly ProductId[]): Promise<ChangeSetRow[]> =>
  reader
    .select()
    .from(changeSets)
    .where(and(inArray(changeSets.productId, [...productIds]), isOpen));

/** What was last decided of each product by a person, if its seller has not asked anew. */
export const listLastVerdicts = (reader: Reader, productIds: readonly ProductId[]): Promise<ChangeSetRow[]> =>
  reader
    .selectDistinctOn([changeSets.productId])
    .from(changeSets)
    .where(and(inArray(changeSets.productId, [...productIds]), eq(changeSets.automatic, false)))
    .orderBy(changeSets.productId, sql`${changeSets.proposedAt} desc`);
