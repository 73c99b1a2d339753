import { and, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader, Tx } from '#db/client.ts';
import { bankAccounts, businesses, businessInvitations, businessMembers, businessPapers } from '../tables.ts';

type Whom = { readonly accountId: Id<'Account'>; readonly phone: string | null; readonly email: string | null };

const invited = ({ phone, email }: Whom): SQL | undefined =>
  or(
    phone === null ? undefined : eq(businessInvitations.phone, phone),
    email === null ? undefined : eq(businessInvitations.email, email),
  );

/** The businesses that an account belongs to. Of those that it owns, what was said of them and of their owner. */
export async function listBusinessesOfPerson(reader: Reader, { accountId }: Whom) {
  const member = reader
    .select({ id: businessMembers.businessId })
    .from(businessMembers)
    .where(and(eq(businessMembers.accountId, accountId), eq(businessMembers.role, 'owner')));
  const own = await reader
    .select({
      businessId: businesses.id,
      name: businesses.name,
      type: businesses.type,
      status: businesses.status,
      representative: businesses.representative,
      taxCode: businesses.taxCode,
      personalNumberLast4: businesses.personalNumberLast4,
      phone: businesses.phone,
      email: businesses.email,
      wardCode: businesses.wardCode,
      addressLine: businesses.addressLine,
      storyVi: businesses.storyVi,
      storyEn: businesses.storyEn,
      foundedYear: businesses.foundedYear,
      createdAt: businesses.createdAt,
    })
    .from(businesses)
    .where(inArray(businesses.id, member))
    .limit(1_000);
  const papers = await reader
    .select({
      businessId: businessPapers.businessId,
      kind: businessPapers.kind,
      number: businessPapers.number,
      issuer: businessPapers.issuer,
      issuedOn: businessPapers.issuedOn,
      expiresOn: businessPapers.expiresOn,
      sentAt: businessPapers.sentAt,
    })
    .from(businessPapers)
    .where(inArray(businessPapers.businessId, member))
    .limit(1_000);
  const accounts = await reader
    .select({
      businessId: bankAccounts.businessId,
      bankBin: bankAccounts.bankBin,
      last4: bankAccounts.numberLast4,
      holderName: bankAccounts.holderName,
      setAt: bankAccounts.setAt,
    })
    .from(bankAccounts)
    .where(inArray(bankAccounts.businessId, member))
    .limit(1_000);
  return own.map((business) => {
    const ofIt = ({ businessId }: { readonly businessId: Id<'Business'> }) => businessId === business.businessId;
    return { ...business, papers: papers.filter(ofIt), bankAccounts: accounts.filter(ofIt) };
  });
}

export const listRolesOfPerson = (reader: Reader, { accountId }: Whom) =>
  reader
    .select({ business: businesses.name, role: businessMembers.role, since: businessMembers.since })
    .from(businessMembers)
    .innerJoin(businesses, eq(businesses.id, businessMembers.businessId))
    .where(eq(businessMembers.accountId, accountId))
    .limit(1_000);

export const listInvitationsOfPerson = (reader: Reader, whom: Whom) =>
  reader
    .select({
      business: businesses.name,
      role: businessInvitations.role,
      phone: businessInvitations.phone,
      email: businessInvitations.email,
      invitedAt: businessInvitations.invitedAt,
      acceptedAt: businessInvitations.acceptedAt,
    })
    .from(businessInvitations)
    .innerJoin(businesses, eq(businesses.id, businessInvitations.businessId))
    .where(or(eq(businessInvitations.acceptedBy, whom.accountId), invited(whom)))
    .orderBy(desc(businessInvitations.invitedAt))
    .limit(1_000);

/** Takes somebody out of every business, and the number or address that an invitation went to out of it. */
export async function forgetPerson(tx: Tx, whom: Whom, at: Date): Promise<void> {
  await tx.delete(businessMembers).where(eq(businessMembers.accountId, whom.accountId));
  const theirs = or(eq(businessInvitations.acceptedBy, whom.accountId), invited(whom));
  await tx
    .update(businessInvitations)
    .set({ withdrawnAt: at })
    .where(and(theirs, isNull(businessInvitations.acceptedAt), isNull(businessInvitations.withdrawnAt)));
  // The table wants one of the two to be there.
  const emptied = (column: typeof businessInvitations.phone | typeof businessInvitations.email) =>
    sql`case when ${column} is null then null else '' end`;
  await tx
    .update(businessInvitations)
    .set({ phone: emptied(businessInvitations.phone), email: emptied(businessInvitations.email) })
    .where(theirs);
}

/** Invitations that nobody can take any more forget whom they went to. */
export async function forgetInvitations(tx: Tx, expiredBefore: Date): Promise<void> {
  const { phone, email, expiresAt } = businessInvitations;
  await tx
    .update(businessInvitations)
    .set({
      phone: sql`case when ${phone} is null then null else '' end`,
      email: sql`case when ${email} is null then null else '' end`,
    })
    .where(
      and(sql`${expiresAt} < ${expiredBefore.toISOString()}::timestamptz`, sql`coalesce(${phone}, ${email}) <> ''`),
    );
}
