import { eq } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { storedFiles } from './tables.ts';
import type { FileId } from './types.ts';

export type StoredFileRow = typeof storedFiles.$inferSelect;

export async function insertFile(tx: Tx, row: StoredFileRow): Promise<void> {
  await tx.insert(storedFiles).values(row);
}

export async function findFile(reader: Reader, id: FileId): Promise<StoredFileRow | undefined> {
  const [row] = await reader.select().from(storedFiles).where(eq(storedFiles.id, id));
  return row;
}
