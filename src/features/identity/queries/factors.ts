import { and, asc, count, eq, gt, lt, sql } from 'drizzle-orm';
import type { Db, Reader, Tx } from '#db/client.ts';
import { accountTokens, challenges, passkeys, recoveryCodes, totpFactors } from '../tables.ts';
import type { AccountId, Ceremony, TokenKind } from '../types.ts';

export type PasskeyRow = typeof passkeys.$inferSelect;

export async function insertToken(tx: Tx, row: typeof accountTokens.$inferInsert): Promise<void> {
  await tx.insert(accountTokens).values(row).onConflictDoNothing();
}

/** Whoever takes a token has it alone: of two at once one finds it. */
export async function takeToken(tx: Tx, kind: TokenKind, tokenHash: string, now: Date) {
  const [row] = await tx
    .delete(accountTokens)
    .where(and(eq(accountTokens.tokenHash, tokenHash), eq(accountTokens.kind, kind), gt(accountTokens.expiresAt, now)))
    .returning();
  return row;
}

export async function findToken(reader: Reader, kind: TokenKind, tokenHash: string, now: Date) {
  const [row] = await reader
    .select()
    .from(accountTokens)
    .where(and(eq(accountTokens.tokenHash, tokenHash), eq(accountTokens.kind, kind), gt(accountTokens.expiresAt, now)));
  return row;
}

export async function deleteTokensOf(tx: Tx, accountId: AccountId, kind?: TokenKind): Promise<void> {
  await tx
    .delete(accountTokens)
    .where(and(eq(accountTokens.accountId, accountId), kind ? eq(accountTokens.kind, kind) : undefined));
}

/** An app that was begun and not confirmed makes room for a new beginning; a confirmed one stays. */
export async function beginTotp(tx: Tx, row: typeof totpFactors.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(totpFactors)
    .values(row)
    .onConflictDoUpdate({
      target: totpFactors.accountId,
      set: { seedSealed: row.seedSealed, createdAt: row.createdAt, lastStep: 0 },
      setWhere: sql`${totpFactors.confirmedAt} is null`,
    })
    .returning({ accountId: totpFactors.accountId });
  return rows.length > 0;
}

/** Locked, so that of two who send the same code at once one is right. */
export async function lockTotp(tx: Tx, accountId: AccountId) {
  const [row] = await tx.select().from(totpFactors).where(eq(totpFactors.accountId, accountId)).for('update');
  return row;
}

export async function saveTotp(
  tx: Tx,
  accountId: AccountId,
  change: { readonly lastStep: number; readonly confirmedAt?: Date },
): Promise<void> {
  await tx.update(totpFactors).set(change).where(eq(totpFactors.accountId, accountId));
}

export async function deleteTotp(tx: Tx, accountId: AccountId): Promise<boolean> {
  const rows = await tx
    .delete(totpFactors)
    .where(eq(totpFactors.accountId, accountId))
    .returning({ confirmedAt: totpFactors.confirmedAt });
  return rows.some(({ confirmedAt }) => confirmedAt !== null);
}

export async function replaceRecoveryCodes(tx: Tx, accountId: AccountId, hashes: readonly string[]): Promise<void> {
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
  if (hashes.length > 0) await tx.insert(recoveryCodes).values(hashes.map((codeHash) => ({ codeHash, accountId })));
}

export async function takeRecoveryCode(tx: Tx, accountId: AccountId, codeHash: string): Promise<boolean> {
  const rows = await tx
    .delete(recoveryCodes)
    .where(and(eq(recoveryCodes.accountId, accountId), eq(recoveryCodes.codeHash, codeHash)))
    .returning({ codeHash: recoveryCodes.codeHash });
  return rows.length > 0;
}

export async function listFactors(reader: Reader, accountId: AccountId) {
  const [[totp], keys, [codes]] = await Promise.all([
    reader
      .select({ confirmedAt: totpFactors.confirmedAt })
      .from(totpFactors)
      .where(eq(totpFactors.accountId, accountId)),
    listPasskeysOf(reader, accountId),
    reader.select({ count: count() }).from(recoveryCodes).where(eq(recoveryCodes.accountId, accountId)),
  ]);
  return { totpSince: totp?.confirmedAt ?? null, passkeys: keys, recoveryCodesLeft: codes?.count ?? 0 };
}

export const listPasskeysOf = (reader: Reader, accountId: AccountId): Promise<PasskeyRow[]> =>
  reader.select().from(passkeys).where(eq(passkeys.accountId, accountId)).orderBy(asc(passkeys.createdAt)).limit(50);

export async function insertPasskey(tx: Tx, row: PasskeyRow): Promise<boolean> {
  const rows = await tx.insert(passkeys).values(row).onConflictDoNothing().returning({ id: passkeys.id });
  return rows.length > 0;
}

export async function lockPasskey(tx: Tx, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await tx.select().from(passkeys).where(eq(passkeys.credentialId, credentialId)).for('update');
  return row;
}

export async function findPasskey(reader: Reader, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await reader.select().from(passkeys).where(eq(passkeys.credentialId, credentialId));
  return row;
}

export async function savePasskey(tx: Tx, credentialId: string, counter: number, at: Date): Promise<void> {
  await tx.update(passkeys).set({ counter, lastUsedAt: at }).where(eq(passkeys.credentialId, credentialId));
}

export async function deletePasskey(tx: Tx, accountId: AccountId, id: PasskeyRow['id']): Promise<boolean> {
  const rows = await tx
    .delete(passkeys)
    .where(and(eq(passkeys.accountId, accountId), eq(passkeys.id, id)))
    .returning({ id: passkeys.id });
  return rows.length > 0;
}

export async function deleteFactorsOf(tx: Tx, accountId: AccountId): Promise<void> {
  await tx.delete(totpFactors).where(eq(totpFactors.accountId, accountId));
  await tx.delete(passkeys).where(eq(passkeys.accountId, accountId));
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.accountId, accountId));
}

export async function insertChallenge(tx: Tx, row: typeof challenges.$inferInsert): Promise<void> {
  await tx.insert(challenges).values(row);
}

/** Once: whatever comes of it, the same challenge is not answered again. */
export async function takeChallenge(db: Db, ceremony: Ceremony, browserHash: string, now: Date) {
  const [row] = await db.delete(challenges).where(eq(challenges.browserHash, browserHash)).returning();
  return row && row.ceremony === ceremony && row.expiresAt > now ? row : undefined;
}

export async function forgetTokens(db: Db, now: Date): Promise<void> {
  await db.delete(accountTokens).where(lt(accountTokens.expiresAt, now));
  await db.delete(challenges).where(lt(challenges.expiresAt, now));
}
