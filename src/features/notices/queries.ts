import type { Tx } from '#db/client.ts';
import { notices } from './tables.ts';

/** A notice whose key was told before is left out. */
export async function insertNotices(tx: Tx, rows: readonly (typeof notices.$inferInsert)[]): Promise<void> {
  if (rows.length > 0)
    await tx
      .insert(notices)
      .values([...rows])
      .onConflictDoNothing();
}
