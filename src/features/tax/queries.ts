import { asc, desc, eq, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { OrderId } from '#features/orders/types.ts';
import { taxEntries, taxFiles, taxRules } from './tables.ts';

export const listRules = (reader: Reader, now: Date) =>
  reader
    .selectDistinctOn([taxRules.kind])
    .from(taxRules)
    .where(sql`${taxRules.validFrom} <= ${now.toISOString()}::timestamptz`)
    .orderBy(taxRules.kind, desc(taxRules.validFrom));

export const listEntriesOf = (reader: Reader, orderId: OrderId) =>
  reader.select().from(taxEntries).where(eq(taxEntries.orderId, orderId)).orderBy(asc(taxEntries.step));

export async function insertEntry(tx: Tx, row: typeof taxEntries.$inferInsert): Promise<void> {
  await tx.insert(taxEntries).values(row);
}

/** Writes the file, once a month; false when it was frozen before. */
export async function insertFile(tx: Tx, row: typeof taxFiles.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(taxFiles).values(row).onConflictDoNothing().returning({ month: taxFiles.month });
  return rows.length === 1;
}

export const findFile = async (reader: Reader, month: string) =>
  (await reader.select().from(taxFiles).where(eq(taxFiles.month, month)))[0];

export const listFiles = (reader: Reader) =>
  reader
    .select({ month: taxFiles.month, number: taxFiles.number, sha256: taxFiles.sha256, frozenAt: taxFiles.frozenAt })
    .from(taxFiles)
    .orderBy(desc(taxFiles.month))
    .limit(120);
