import { and, asc, eq, inArray, lt, ne } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { storedFiles } from './tables.ts';
import type { FileId } from './types.ts';

export type StoredFileRow = typeof storedFiles.$inferSelect;

/** Keeps the file from being swept away until the transaction that names it is over. */
export async function lockFile(tx: Tx, id: FileId): Promise<StoredFileRow | undefined> {
  const [row] = await tx
    .select()
    .from(storedFiles)
    .where(and(eq(storedFiles.id, id), eq(storedFiles.state, 'kept')))
    .for('share');
  return row;
}

/** Locks those of these files that nobody is naming at this moment. */
export const lockFree = (tx: Tx, ids: readonly FileId[]) =>
  tx
    .select({ id: storedFiles.id })
    .from(storedFiles)
    .where(inArray(storedFiles.id, [...ids]))
    .orderBy(asc(storedFiles.id))
    .for('update', { skipLocked: true });

export async function insertFile(tx: Tx, row: StoredFileRow): Promise<void> {
  await tx.insert(storedFiles).values(row);
}

export async function findFile(reader: Reader, id: FileId): Promise<StoredFileRow | undefined> {
  const [row] = await reader
    .select()
    .from(storedFiles)
    .where(and(eq(storedFiles.id, id), eq(storedFiles.state, 'kept')));
  return row;
}

/** True when the file was still there to be changed. */
export async function updateFile(tx: Tx, id: FileId, change: Partial<StoredFileRow>): Promise<boolean> {
  const rows = await tx.update(storedFiles).set(change).where(eq(storedFiles.id, id)).returning({ id: storedFiles.id });
  return rows.length === 1;
}

export async function deleteFile(tx: Tx, id: FileId): Promise<void> {
  await tx.delete(storedFiles).where(eq(storedFiles.id, id));
}

export async function markRemoved(tx: Tx, ids: readonly FileId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .update(storedFiles)
    .set({ state: 'removed' })
    .where(inArray(storedFiles.id, [...ids]));
}

/** Files whose sending ended halfway, and files that were given up, sent before then. */
export const listUnsettled = (reader: Reader, before: Date, limit: number): Promise<StoredFileRow[]> =>
  reader
    .select()
    .from(storedFiles)
    .where(and(ne(storedFiles.state, 'kept'), lt(storedFiles.sentAt, before)))
    .orderBy(asc(storedFiles.sentAt))
    .limit(limit);

export const listFilesSentBy = (reader: Reader, sentBy: string) =>
  reader
    .select({
      fileId: storedFiles.id,
      kind: storedFiles.kind,
      name: storedFiles.name,
      mediaType: storedFiles.mediaType,
      byteLength: storedFiles.byteLength,
      sentAt: storedFiles.sentAt,
    })
    .from(storedFiles)
    .where(eq(storedFiles.sentBy, sentBy))
    .limit(10_000);
