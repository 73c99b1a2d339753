import type { Tx } from '#db/client.ts';
import { commissionRules } from './tables.ts';

export async function insertFee(tx: Tx, row: typeof commissionRules.$inferInsert): Promise<void> {
  await tx.insert(commissionRules).values(row);
}
