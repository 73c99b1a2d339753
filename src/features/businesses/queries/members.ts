import { and, eq, gt, isNull } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { MemberRole } from '#core/roles.ts';
import type { Reader, Tx } from '#db/client.ts';
import { businessInvitations, businessMembers } from '../tables.ts';
import type { BusinessId, InvitationId } from '../types.ts';

export type InvitationRow = typeof businessInvitations.$inferSelect;

export async function addMember(
  tx: Tx,
  businessId: BusinessId,
  accountId: Id<'Account'>,
  role: MemberRole,
  since: Date,
): Promise<void> {
  await tx.insert(businessMembers).values({ businessId, accountId, role, since }).onConflictDoNothing();
}

/** The members of a business, held: two owners who leave at one moment do so one after the other. */
export const lockMembers = (tx: Tx, businessId: BusinessId) =>
  tx
    .select({ accountId: businessMembers.accountId, role: businessMembers.role })
    .from(businessMembers)
    .where(eq(businessMembers.businessId, businessId))
    .orderBy(businessMembers.accountId)
    .for('update');

export async function setRole(
  tx: Tx,
  businessId: BusinessId,
  accountId: Id<'Account'>,
  role: MemberRole,
): Promise<void> {
  await tx
    .update(businessMembers)
    .set({ role })
    .where(and(eq(businessMembers.businessId, businessId), eq(businessMembers.accountId, accountId)));
}

export async function removeMember(tx: Tx, businessId: BusinessId, accountId: Id<'Account'>): Promise<void> {
  await tx
    .delete(businessMembers)
    .where(and(eq(businessMembers.businessId, businessId), eq(businessMembers.accountId, accountId)));
}

export async function insertInvitation(tx: Tx, row: typeof businessInvitations.$inferInsert): Promise<void> {
  await tx.insert(businessInvitations).values(row);
}

const isOpen = (now: Date) =>
  and(
    isNull(businessInvitations.acceptedAt),
    isNull(businessInvitations.withdrawnAt),
    gt(businessInvitations.expiresAt, now),
  );

export async function findInvitation(reader: Reader, tokenHash: string, now: Date): Promise<InvitationRow | undefined> {
  const [row] = await reader
    .select()
    .from(businessInvitations)
    .where(and(eq(businessInvitations.tokenHash, tokenHash), isOpen(now)));
  return row;
}

/** Takes the invitation, once: of two who hold its token the second finds it gone. */
export async function acceptInvitation(
  tx: Tx,
  tokenHash: string,
  acceptedBy: Id<'Account'>,
  now: Date,
): Promise<InvitationRow | undefined> {
  const [row] = await tx
    .update(businessInvitations)
    .set({ acceptedAt: now, acceptedBy })
    .where(and(eq(businessInvitations.tokenHash, tokenHash), isOpen(now)))
    .returning();
  return row;
}

export async function withdrawInvitation(
  tx: Tx,
  businessId: BusinessId,
  id: InvitationId,
  now: Date,
): Promise<boolean> {
  const rows = await tx
    .update(businessInvitations)
    .set({ withdrawnAt: now })
    .where(and(eq(businessInvitations.id, id), eq(businessInvitations.businessId, businessId), isOpen(now)))
    .returning({ id: businessInvitations.id });
  return rows.length > 0;
}

export const listInvitations = (reader: Reader, businessId: BusinessId, now: Date): Promise<InvitationRow[]> =>
  reader
    .select()
    .from(businessInvitations)
    .where(and(eq(businessInvitations.businessId, businessId), isOpen(now)))
    .orderBy(businessInvitations.invitedAt)
    .limit(100);
