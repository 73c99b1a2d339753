import type { Tx } from '#db/client.ts';
import { auditEntries } from './tables.ts';

export async function insertEntries(tx: Tx, rows: readonly (typeof auditEntries.$inferInsert)[]): Promise<void> {
  if (rows.length > 0) await tx.insert(auditEntries).values([...rows]);
}
