import { and, asc, desc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { businesses } from '#features/businesses/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { wards } from '#features/places/tables.ts';
import { assistTeamMembers, assistTeams, consents } from './tables.ts';
import type { TeamId } from './types.ts';

const consent = {
  consentId: consents.id,
  businessId: consents.businessId,
  household: businesses.name,
  householdStatus: businesses.status,
  assistant: accounts.name,
  team: assistTeams.name,
  scopes: consents.scopes,
  askedAt: consents.askedAt,
  codeUntil: consents.codeUntil,
  wrongCodes: consents.wrongCodes,
  givenAt: consents.givenAt,
  expiresAt: consents.expiresAt,
  revokedAt: consents.revokedAt,
};
export type ConsentView = Awaited<ReturnType<typeof listConsents>>[number];

/** Consents of a household, or those that an assistant asked for: newest first. */
export const listConsents = (
  reader: Reader,
  of: { readonly businessId: Id<'Business'> } | { readonly assistantId: Id<'Account'> },
) =>
  reader
    .select(consent)
    .from(consents)
    .innerJoin(businesses, eq(businesses.id, consents.businessId))
    .innerJoin(assistTeams, eq(assistTeams.id, consents.teamId))
    .leftJoin(accounts, eq(accounts.id, consents.assistantId))
    .where('businessId' in of ? eq(consents.businessId, of.businessId) : eq(consents.assistantId, of.assistantId))
    .orderBy(desc(consents.askedAt))
    .limit(100);

/** Households of a phone in these wards; a household that has not said yet where it is may be helped by any team. */
export const findHouseholds = (reader: Reader, phone: string, wardCodes: readonly string[]) =>
  reader
    .select({ businessId: businesses.id, name: businesses.name, status: businesses.status })
    .from(businesses)
    .where(
      and(
        eq(businesses.phone, phone),
        sql`${businesses.partnerKey} is null and ${businesses.status} <> 'closed'`,
        or(inArray(businesses.wardCode, [...wardCodes]), sql`${businesses.wardCode} is null`),
      ),
    )
    .orderBy(asc(businesses.createdAt))
    .limit(10);

/** Teams with their ward and who is in them. */
export async function listTeams(reader: Reader, limit: number) {
  const rows = await reader
    .select({
      teamId: assistTeams.id,
      code: assistTeams.code,
      name: assistTeams.name,
      ward: { code: wards.code, name: wards.fullName },
    })
    .from(assistTeams)
    .innerJoin(wards, eq(wards.code, assistTeams.wardCode))
    .orderBy(asc(assistTeams.code))
    .limit(limit);
  const people = await listTeamMembers(
    reader,
    rows.map(({ teamId }) => teamId),
  );
  return rows.map((team) => ({ ...team, members: people.filter(({ teamId }) => teamId === team.teamId) }));
}

export type TeamView = Awaited<ReturnType<typeof listTeams>>[number];

const listTeamMembers = (reader: Reader, teamIds: readonly TeamId[]) =>
  reader
    .select({ teamId: assistTeamMembers.teamId, accountId: accounts.id, name: accounts.name })
    .from(assistTeamMembers)
    .innerJoin(accounts, eq(accounts.id, assistTeamMembers.accountId))
    .where(and(inArray(assistTeamMembers.teamId, [...teamIds]), isNotNull(accounts.name)))
    .orderBy(asc(accounts.name))
    .limit(5_000);

/** An account by the phone number or address that it signs in with. */
export async function findAccount(
  reader: Reader,
  login: { readonly phone: string | undefined; readonly email: string },
): Promise<{ readonly accountId: Id<'Account'>; readonly name: string } | undefined> {
  const [row] = await reader
    .select({ accountId: accounts.id, name: accounts.name })
    .from(accounts)
    .where(or(login.phone ? eq(accounts.phone, login.phone) : undefined, eq(accounts.email, login.email)));
  return row;
}
