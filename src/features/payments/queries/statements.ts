import { desc } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { bankStatements } from '../tables.ts';

/** False when this very file was read before. */
export async function insertStatement(tx: Tx, row: typeof bankStatements.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(bankStatements)
    .values(row)
    .onConflictDoNothing({ target: bankStatements.digest })
    .returning({ id: bankStatements.id });
  return rows.length === 1;
}

export const listStatements = (reader: Reader, limit: number) =>
  reader.select().from(bankStatements).orderBy(desc(bankStatements.importedAt)).limit(limit);
