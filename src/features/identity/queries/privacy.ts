import { desc, eq } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { accountConsents, erasures, externalIdentities, personalDataReadings } from '../tables.ts';
import type { AccountId } from '../types.ts';

export type ConsentRow = typeof accountConsents.$inferSelect;

export async function insertConsents(tx: Tx, rows: readonly ConsentRow[]): Promise<void> {
  if (rows.length > 0) await tx.insert(accountConsents).values([...rows]);
}

/** All that was agreed to and taken back, newest first. */
export const listConsents = (reader: Reader, accountId: AccountId): Promise<ConsentRow[]> =>
  reader
    .select()
    .from(accountConsents)
    .where(eq(accountConsents.accountId, accountId))
    .orderBy(desc(accountConsents.happenedAt), desc(accountConsents.id))
    .limit(500);

export async function insertReading(tx: Tx, row: typeof personalDataReadings.$inferInsert): Promise<void> {
  await tx.insert(personalDataReadings).values(row);
}

/** False when it stands there already. */
export async function insertErasure(tx: Tx, accountId: AccountId, erasedAt: Date): Promise<boolean> {
  const rows = await tx
    .insert(erasures)
    .values({ accountId, erasedAt })
    .onConflictDoNothing()
    .returning({ accountId: erasures.accountId });
  return rows.length > 0;
}

export const listExternalOf = (reader: Reader, accountId: AccountId) =>
  reader
    .select({
      issuer: externalIdentities.issuer,
      subject: externalIdentities.subject,
      createdAt: externalIdentities.createdAt,
    })
    .from(externalIdentities)
    .where(eq(externalIdentities.accountId, accountId))
    .limit(50);

export async function deleteExternalOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.delete(externalIdentities).where(eq(externalIdentities.accountId, accountId));
}
