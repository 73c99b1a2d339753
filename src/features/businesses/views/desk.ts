import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { type Cursor, encodeCursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Reader } from '#db/client.ts';
import { auditEntries } from '#features/audit/tables.ts';
import { storedFiles } from '#features/files/tables.ts';
import { accounts } from '#features/identity/tables.ts';
import { wards } from '#features/places/tables.ts';
import {
  bankAccounts,
  businesses,
  businessMeasures,
  businessMembers,
  businessPapers,
  businessReviews,
  withholdingModes,
} from '../tables.ts';
import type { BusinessId, BusinessState } from '../types.ts';

const own = {
  businessId: businesses.id,
  code: businesses.code,
  slug: businesses.slug,
  name: businesses.name,
  type: businesses.type,
  status: businesses.status,
  taxCode: businesses.taxCode,
  personalNumberLast4: businesses.personalNumberLast4,
  representative: businesses.representative,
  ward: { code: wards.code, name: wards.fullName, provinceCode: wards.provinceCode },
  addressLine: businesses.addressLine,
  phone: businesses.phone,
  email: businesses.email,
  storyVi: businesses.storyVi,
  storyEn: businesses.storyEn,
  foundedYear: businesses.foundedYear,
  holidayFrom: businesses.holidayFrom,
  holidayTo: businesses.holidayTo,
  submittedAt: businesses.submittedAt,
  approvedAt: businesses.approvedAt,
  updatedAt: businesses.updatedAt,
  version: businesses.version,
};
export type OwnBusiness = Awaited<ReturnType<typeof listOwn>>[number];

const selectOwn = (reader: Reader) =>
  reader.select(own).from(businesses).leftJoin(wards, eq(wards.code, businesses.wardCode));

/** Businesses by id, in the order of their names, whatever their state: what members and officers see of them. */
export const listOwn = (reader: Reader, ids: readonly BusinessId[]) =>
  selectOwn(reader)
    .where(inArray(businesses.id, [...ids]))
    .orderBy(asc(businesses.name))
    .limit(1_000);

export async function findOwn(reader: Reader, id: BusinessId): Promise<OwnBusiness | undefined> {
  const [row] = await selectOwn(reader).where(and(eq(businesses.id, id), sql`${businesses.partnerKey} is null`));
  return row;
}

/** Businesses of one state, those that have waited longest first. */
export async function listByState(
  reader: Reader,
  states: readonly BusinessState[],
  limit: number,
  cursor: Cursor | undefined,
) {
  const waitingSince = sql<string>`coalesce(${businesses.submittedAt}, ${businesses.createdAt})`;
  const rows = await reader
    .select({ ...own, waitingSince: sql<string>`(${waitingSince})::text` })
    .from(businesses)
    .leftJoin(wards, eq(wards.code, businesses.wardCode))
    .where(
      and(
        sql`${businesses.partnerKey} is null`,
        inArray(businesses.status, [...states]),
        cursor
          ? sql`(${waitingSince}, ${businesses.id}) > (${cursor.value}::timestamptz, ${cursor.id}::uuid)`
          : undefined,
      ),
    )
    .orderBy(waitingSince, asc(businesses.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > limit && last ? encodeCursor({ value: last.waitingSince, id: last.businessId }) : null,
  };
}

/** Papers of today with the files that they are. */
export const listPaperViews = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      paperId: businessPapers.id,
      fileId: businessPapers.fileId,
      kind: businessPapers.kind,
      number: businessPapers.number,
      issuer: businessPapers.issuer,
      issuedOn: businessPapers.issuedOn,
      expiresOn: businessPapers.expiresOn,
      sentAt: businessPapers.sentAt,
      verdict: businessPapers.verdict,
      verdictReason: businessPapers.verdictReason,
      reviewedAt: businessPapers.reviewedAt,
      file: { name: storedFiles.name, mediaType: storedFiles.mediaType, byteLength: storedFiles.byteLength },
    })
    .from(businessPapers)
    .innerJoin(storedFiles, eq(storedFiles.id, businessPapers.fileId))
    .where(and(eq(businessPapers.businessId, businessId), sql`${businessPapers.replacedAt} is null`))
    .orderBy(asc(businessPapers.kind))
    .limit(50);

export const listReviews = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      verdict: businessReviews.verdict,
      reason: businessReviews.reason,
      remarks: businessReviews.remarks,
      reviewedAt: businessReviews.reviewedAt,
    })
    .from(businessReviews)
    .where(eq(businessReviews.businessId, businessId))
    .orderBy(desc(businessReviews.reviewedAt))
    .limit(50);

export const listMeasures = (reader: Reader, businessId: BusinessId) =>
  reader
    .select()
    .from(businessMeasures)
    .where(eq(businessMeasures.businessId, businessId))
    .orderBy(desc(businessMeasures.noticeAt))
    .limit(50);

export const listMembers = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      accountId: businessMembers.accountId,
      name: accounts.name,
      role: businessMembers.role,
      since: businessMembers.since,
    })
    .from(businessMembers)
    .innerJoin(accounts, eq(accounts.id, businessMembers.accountId))
    .where(eq(businessMembers.businessId, businessId))
    .orderBy(asc(businessMembers.since), asc(accounts.name))
    .limit(200);

export type MemberView = Awaited<ReturnType<typeof listMembers>>[number];

/** The account of today first, then those of before: the log of changes, never a whole number. */
export const listBankAccounts = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      bankBin: bankAccounts.bankBin,
      last4: bankAccounts.numberLast4,
      holderName: bankAccounts.holderName,
      setAt: bankAccounts.setAt,
    })
    .from(bankAccounts)
    .where(eq(bankAccounts.businessId, businessId))
    .orderBy(desc(bankAccounts.setAt))
    .limit(50);

export type BankAccountView = Awaited<ReturnType<typeof listBankAccounts>>[number];

export const listWithholding = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      mode: withholdingModes.mode,
      validFrom: withholdingModes.validFrom,
      reason: withholdingModes.reason,
      setAt: withholdingModes.setAt,
    })
    .from(withholdingModes)
    .where(eq(withholdingModes.businessId, businessId))
    .orderBy(desc(withholdingModes.validFrom), desc(withholdingModes.setAt))
    .limit(50);

/** What assistants did in a household's name, newest first, with both names. */
export const listActsFor = (reader: Reader, businessId: BusinessId) =>
  reader
    .select({
      happenedAt: auditEntries.happenedAt,
      action: auditEntries.action,
      assistant: accounts.name,
      household: businesses.name,
    })
    .from(auditEntries)
    .innerJoin(businesses, eq(businesses.id, auditEntries.onBehalfOf))
    .leftJoin(accounts, eq(sql`'account:' || ${accounts.id}::text`, auditEntries.actor))
    .where(eq(auditEntries.onBehalfOf, businessId))
    .orderBy(desc(auditEntries.happenedAt))
    .limit(50);

export type AssistedAct = Awaited<ReturnType<typeof listActsFor>>[number];

export async function listProductIds(reader: Reader, businessId: BusinessId): Promise<readonly Id<'Product'>[]> {
  const { rows } = await reader.execute<{ id: Id<'Product'> }>(
    sql`select id from products where business_id = ${businessId} and status <> 'draft'`,
  );
  return rows.map(({ id }) => id);
}
