import { and, asc, desc, eq, gt, isNotNull, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { assistTeamMembers, assistTeams, consents } from './tables.ts';
import type { ConsentId, TeamId } from './types.ts';

export type ConsentRow = typeof consents.$inferSelect;
export type TeamRow = typeof assistTeams.$inferSelect;
type AccountId = Id<'Account'>;
type BusinessId = Id<'Business'>;

export async function insertTeams(tx: Tx, rows: readonly TeamRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const saved = await tx
    .insert(assistTeams)
    .values([...rows])
    .onConflictDoNothing()
    .returning({ id: assistTeams.id });
  return saved.length;
}

export async function findTeam(reader: Reader, id: TeamId): Promise<TeamRow | undefined> {
  const [row] = await reader.select().from(assistTeams).where(eq(assistTeams.id, id));
  return row;
}

/** The teams of an account, and so the wards in which it may help. */
export const listTeamsOf = (reader: Reader, accountId: AccountId): Promise<TeamRow[]> =>
  reader
    .select({
      id: assistTeams.id,
      code: assistTeams.code,
      name: assistTeams.name,
      wardCode: assistTeams.wardCode,
      createdAt: assistTeams.createdAt,
    })
    .from(assistTeams)
    .innerJoin(assistTeamMembers, eq(assistTeamMembers.teamId, assistTeams.id))
    .where(eq(assistTeamMembers.accountId, accountId))
    .orderBy(asc(assistTeams.code))
    .limit(100);

export async function addTeamMember(
  tx: Tx,
  teamId: TeamId,
  accountId: AccountId,
  addedBy: string,
  addedAt: Date,
): Promise<void> {
  await tx.insert(assistTeamMembers).values({ teamId, accountId, addedBy, addedAt }).onConflictDoNothing();
}

export async function removeTeamMember(tx: Tx, teamId: TeamId, accountId: AccountId): Promise<boolean> {
  const rows = await tx
    .delete(assistTeamMembers)
    .where(and(eq(assistTeamMembers.teamId, teamId), eq(assistTeamMembers.accountId, accountId)))
    .returning({ accountId: assistTeamMembers.accountId });
  return rows.length > 0;
}

/** Codes sent to one phone since then. Asked for under a lock of the phone, so that a burst cannot pass together. */
export async function countAsked(tx: Tx, phone: string, since: Date): Promise<number> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`consents.phone:${phone}`}))`);
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(consents)
    .where(and(eq(consents.phone, phone), gt(consents.askedAt, since)));
  return row?.count ?? 0;
}

export async function insertConsent(tx: Tx, row: typeof consents.$inferInsert): Promise<void> {
  await tx.insert(consents).values(row);
}

export async function lockConsent(tx: Tx, id: ConsentId): Promise<ConsentRow | undefined> {
  const [row] = await tx.select().from(consents).where(eq(consents.id, id)).for('update');
  return row;
}

export async function findConsentByLink(reader: Reader, linkHash: string): Promise<ConsentRow | undefined> {
  const [row] = await reader.select().from(consents).where(eq(consents.linkHash, linkHash));
  return row;
}

export async function updateConsent(
  tx: Tx,
  id: ConsentId,
  change: Partial<Pick<ConsentRow, 'givenAt' | 'revokedAt' | 'revokedBy' | 'wrongCodes'>>,
): Promise<void> {
  await tx.update(consents).set(change).where(eq(consents.id, id));
}

/** What one assistant was given before by this household is over when it is given anew, or taken back. */
export const revokeGiven = (
  tx: Tx,
  which: { readonly businessId?: BusinessId; readonly teamId?: TeamId; readonly assistantId: AccountId },
  revokedBy: string,
  at: Date,
) =>
  tx
    .update(consents)
    .set({ revokedAt: at, revokedBy })
    .where(
      and(
        eq(consents.assistantId, which.assistantId),
        which.businessId ? eq(consents.businessId, which.businessId) : undefined,
        which.teamId ? eq(consents.teamId, which.teamId) : undefined,
        isNotNull(consents.givenAt),
        isNull(consents.revokedAt),
      ),
    )
    .returning({ id: consents.id, businessId: consents.businessId });

type Whom = { readonly accountId: AccountId; readonly phone: string | null };

/** Consents that a person asked for as an assistant, or gave by their telephone. */
const concerns = ({ accountId, phone }: Whom) =>
  or(eq(consents.assistantId, accountId), phone === null ? undefined : eq(consents.phone, phone));

export const listConsentsOfPerson = (reader: Reader, whom: Whom) =>
  reader
    .select({
      businessId: consents.businessId,
      isAssistant: sql<boolean>`${consents.assistantId} = ${whom.accountId}`,
      scopes: consents.scopes,
      wording: consents.wording,
      askedAt: consents.askedAt,
      givenAt: consents.givenAt,
      expiresAt: consents.expiresAt,
      revokedAt: consents.revokedAt,
    })
    .from(consents)
    .where(concerns(whom))
    .orderBy(desc(consents.askedAt))
    .limit(1_000);

/** Ends what the person let others do and what they were let do, and takes the number out; that there was a consent stays. */
export async function forgetConsentsOf(tx: Tx, whom: Whom, at: Date): Promise<void> {
  await tx
    .update(consents)
    .set({ revokedAt: at, revokedBy: `account:${whom.accountId}` })
    .where(and(concerns(whom), isNull(consents.revokedAt)));
  if (whom.phone !== null) await tx.update(consents).set({ phone: '' }).where(eq(consents.phone, whom.phone));
  await tx.delete(assistTeamMembers).where(eq(assistTeamMembers.accountId, whom.accountId));
}

/** The number is a proof for as long as somebody may dispute what was done by the consent. */
export async function forgetConsents(tx: Tx, endedBefore: Date): Promise<void> {
  await tx
    .update(consents)
    .set({ phone: '' })
    .where(and(ne(consents.phone, ''), lt(sql`coalesce(${consents.revokedAt}, ${consents.expiresAt})`, endedBefore)));
}
