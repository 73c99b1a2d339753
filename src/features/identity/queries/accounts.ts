import { and, asc, desc, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { StaffRole } from '#core/roles.ts';
import type { Reader, Tx } from '#db/client.ts';
import { accounts, externalIdentities } from '../tables.ts';
import type { AccountId } from '../types.ts';

export type AccountRow = typeof accounts.$inferSelect;
export type Login = { readonly phone: string | undefined; readonly email: string };

export async function insertAccount(tx: Tx, row: typeof accounts.$inferInsert): Promise<void> {
  await tx.insert(accounts).values(row);
}

export async function findAccountByLogin(reader: Reader, login: Login): Promise<AccountRow | undefined> {
  const [row] = await reader
    .select()
    .from(accounts)
    .where(or(login.phone ? eq(accounts.phone, login.phone) : undefined, eq(accounts.email, login.email)));
  return row;
}

export async function findAccount(reader: Reader, id: AccountId): Promise<AccountRow | undefined> {
  const [row] = await reader.select().from(accounts).where(eq(accounts.id, id));
  return row;
}

export async function lockAccount(tx: Tx, id: AccountId): Promise<AccountRow | undefined> {
  const [row] = await tx.select().from(accounts).where(eq(accounts.id, id)).for('update');
  return row;
}

export async function updateAccount(tx: Tx, id: AccountId, change: Partial<AccountRow>): Promise<void> {
  await tx.update(accounts).set(change).where(eq(accounts.id, id));
}

/** Rehashing after a sign-in: not if the password was changed meanwhile. */
export async function replaceHash(tx: Tx, id: AccountId, before: string, after: string): Promise<void> {
  await tx
    .update(accounts)
    .set({ passwordHash: after })
    .where(and(eq(accounts.id, id), eq(accounts.passwordHash, before)));
}

/** The exchange's own people, those who were shut out last. */
export const listStaff = (reader: Reader) =>
  reader
    .select({
      accountId: accounts.id,
      name: accounts.name,
      phone: accounts.phone,
      email: accounts.email,
      staffRole: accounts.staffRole,
      disabledAt: accounts.disabledAt,
      hasPassword: sql<boolean>`${accounts.passwordHash} is not null`,
      createdAt: accounts.createdAt,
    })
    .from(accounts)
    .where(and(isNotNull(accounts.staffRole), isNull(accounts.erasedAt)))
    .orderBy(sql`${accounts.disabledAt} is not null`, asc(accounts.name), desc(accounts.createdAt))
    .limit(1_000);

/** Locks the administrators who may still act, in key order, so that two of them cannot take each other's role away at once. */
export const lockAdmins = (tx: Tx) =>
  tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.staffRole, 'admin' satisfies StaffRole), isNull(accounts.disabledAt)))
    .orderBy(asc(accounts.id))
    .for('update');

export async function findExternal(reader: Reader, issuer: string, subject: string) {
  const [row] = await reader
    .select({ accountId: externalIdentities.accountId, disabledAt: accounts.disabledAt })
    .from(externalIdentities)
    .innerJoin(accounts, eq(accounts.id, externalIdentities.accountId))
    .where(and(eq(externalIdentities.issuer, issuer), eq(externalIdentities.subject, subject)));
  return row;
}

/** False when somebody has that identity already. */
export async function insertExternal(tx: Tx, row: typeof externalIdentities.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(externalIdentities)
    .values(row)
    .onConflictDoNothing()
    .returning({ accountId: externalIdentities.accountId });
  return rows.length > 0;
}
