import { sql } from 'drizzle-orm';
import {
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { MEMBER_ROLES } from '#core/roles.ts';
import { at, idOf, oneOf } from '#db/columns.ts';
import { sealed } from '#db/sealed.ts';
import { storedFiles } from '#features/files/tables.ts';
import {
  BUSINESS_STATES,
  BUSINESS_TYPES,
  INVITED_ROLES,
  MEASURE_GROUNDS,
  MEASURE_KINDS,
  PAPER_KINDS,
  PAPER_NEEDS,
  PAPER_VERDICTS,
  type PaymentMethod,
  REVIEW_VERDICTS,
  type Remarks,
  WITHHOLDING_MODES,
} from './types.ts';

export const businesses = pgTable(
  'businesses',
  {
    id: idOf<'Business'>().primaryKey(),
    /** Our own register number (B001), given at approval; null for an application and for a partner's producer. */
    code: text(),
    slug: text().notNull(),
    name: text().notNull(),
    type: text({ enum: BUSINESS_TYPES }).notNull(),
    /** Of an organisation, 10 or 13 digits: public. A person's number is sealed instead. */
    taxCode: text(),
    personalNumberSealed: sealed(),
    personalNumberLast4: text(),
    /** Who answers for the business before the law. */
    representative: text(),
    wardCode: text(),
    addressLine: text(),
    phone: text(),
    email: text(),
    storyVi: text().notNull().default(''),
    storyEn: text().notNull().default(''),
    foundedYear: integer(),
    latitude: doublePrecision(),
    longitude: doublePrecision(),
    supports: text().array().$type<PaymentMethod[]>().notNull().default(sql`'{}'`),
    status: text({ enum: BUSINESS_STATES }).notNull(),
    submittedAt: at(),
    approvedAt: at(),
    /** Days on which the business sends nothing, both included. */
    holidayFrom: date(),
    holidayTo: date(),
    /** The partner exchange whose producer this is; null for a business of our own. */
    partnerKey: text(),
    /** The partner's own address of this producer, by which a later record finds it again. */
    originUri: text(),
    createdAt: at().notNull(),
    updatedAt: at().notNull(),
    version: integer().notNull().default(1),
  },
  (table) => [
    uniqueIndex('businesses_code').on(table.code),
    uniqueIndex('businesses_slug').on(table.slug),
    uniqueIndex('businesses_tax_code')
      .on(table.taxCode)
      .where(sql`${table.partnerKey} is null and ${table.status} not in ('rejected', 'closed')`),
    uniqueIndex('businesses_origin').on(table.partnerKey, table.originUri),
    index('businesses_ward').on(table.wardCode),
    index('businesses_waiting').on(table.submittedAt).where(sql`${table.status} = 'submitted'`),
    check('businesses_type', sql`${table.type} in (${oneOf(BUSINESS_TYPES)})`),
    check('businesses_status', sql`${table.status} in (${oneOf(BUSINESS_STATES)})`),
    check('businesses_own_or_partner', sql`${table.partnerKey} is null or ${table.code} is null`),
    check(
      'businesses_registered',
      sql`${table.partnerKey} is not null or ${table.code} is not null or ${table.status} in ('draft', 'submitted', 'rejected')`,
    ),
    check('businesses_no_person_in_clear', sql`length(${table.taxCode}) <> 12 or ${table.partnerKey} is not null`),
    check(
      'businesses_holiday',
      sql`(${table.holidayFrom} is null) = (${table.holidayTo} is null) and ${table.holidayFrom} <= ${table.holidayTo}`,
    ),
  ],
);

const ofBusiness = () =>
  idOf<'Business'>()
    .notNull()
    .references(() => businesses.id);

export const businessMembers = pgTable(
  'business_members',
  {
    businessId: ofBusiness(),
    accountId: idOf<'Account'>().notNull(),
    role: text({ enum: MEMBER_ROLES }).notNull(),
    since: at().notNull().default(sql`now()`),
  },
  (table) => [
    primaryKey({ columns: [table.businessId, table.accountId] }),
    index('business_members_account').on(table.accountId),
    check('business_members_role', sql`${table.role} in (${oneOf(INVITED_ROLES)})`),
  ],
);

/** A way into a business, sent to one phone or address, good once and for a week. Only the hash of its token is kept. */
export const businessInvitations = pgTable(
  'business_invitations',
  {
    id: idOf<'Invitation'>().primaryKey(),
    businessId: ofBusiness(),
    role: text({ enum: INVITED_ROLES }).notNull(),
    phone: text(),
    email: text(),
    tokenHash: text().notNull(),
    invitedBy: text().notNull(),
    invitedAt: at().notNull(),
    expiresAt: at().notNull(),
    acceptedBy: idOf<'Account'>(),
    acceptedAt: at(),
    withdrawnAt: at(),
  },
  (table) => [
    uniqueIndex('business_invitations_token').on(table.tokenHash),
    index('business_invitations_business').on(table.businessId),
    check('business_invitations_role', sql`${table.role} in (${oneOf(INVITED_ROLES)})`),
    check('business_invitations_to', sql`(${table.phone} is null) <> (${table.email} is null)`),
  ],
);

/** Which papers are asked of whom, since when and on what ground: a dated row each, newer ones take over. */
export const paperRules = pgTable(
  'paper_rules',
  {
    businessType: text({ enum: BUSINESS_TYPES }).notNull(),
    kind: text({ enum: PAPER_KINDS }).notNull(),
    need: text({ enum: PAPER_NEEDS }).notNull(),
    validFrom: date().notNull(),
    ground: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.businessType, table.kind, table.validFrom] })],
);

/** One paper as it was sent, with what a reviewer made of it. A newer one of the kind replaces it; the old one stays. */
export const businessPapers = pgTable(
  'business_papers',
  {
    id: idOf<'Paper'>().primaryKey(),
    businessId: ofBusiness(),
    kind: text({ enum: PAPER_KINDS }).notNull(),
    fileId: idOf<'StoredFile'>()
      .notNull()
      .references(() => storedFiles.id),
    number: text().notNull(),
    issuer: text().notNull(),
    issuedOn: date().notNull(),
    expiresOn: date(),
    sentBy: text().notNull(),
    sentAt: at().notNull(),
    replacedAt: at(),
    verdict: text({ enum: PAPER_VERDICTS }).notNull().default('waiting'),
    verdictReason: text(),
    reviewedBy: text(),
    reviewedAt: at(),
  },
  (table) => [
    uniqueIndex('business_papers_current').on(table.businessId, table.kind).where(sql`${table.replacedAt} is null`),
    index('business_papers_expiry').on(table.expiresOn).where(sql`${table.replacedAt} is null`),
    check('business_papers_kind', sql`${table.kind} in (${oneOf(PAPER_KINDS)})`),
    check('business_papers_dates', sql`${table.expiresOn} is null or ${table.issuedOn} <= ${table.expiresOn}`),
    check(
      'business_papers_verdict',
      sql`(${table.verdict} = 'waiting') = (${table.reviewedBy} is null) and (${table.verdict} <> 'refused' or ${table.verdictReason} is not null)`,
    ),
  ],
);

/** What officers decided on an application; the last one's remarks stand beside the fields. */
export const businessReviews = pgTable(
  'business_reviews',
  {
    id: idOf<'Review'>().primaryKey(),
    businessId: ofBusiness(),
    verdict: text({ enum: REVIEW_VERDICTS }).notNull(),
    reason: text(),
    remarks: jsonb().$type<Remarks>().notNull(),
    reviewedBy: text().notNull(),
    reviewedAt: at().notNull(),
  },
  (table) => [
    index('business_reviews_business').on(table.businessId, table.reviewedAt),
    check('business_reviews_reason', sql`${table.verdict} = 'approved' or length(${table.reason}) > 0`),
  ],
);

/**
 * Suspensions and closures with their clocks: within 24 hours on an authority's request, otherwise after five days'
 * notice with the reason (Decree 248/2026 art. 18.2).
 */
export const businessMeasures = pgTable(
  'business_measures',
  {
    id: idOf<'Measure'>().primaryKey(),
    businessId: ofBusiness(),
    kind: text({ enum: MEASURE_KINDS }).notNull(),
    ground: text({ enum: MEASURE_GROUNDS }).notNull(),
    reason: text().notNull(),
    authority: text(),
    requestNumber: text(),
    requestedAt: at(),
    /** Where the law or the exchange's own rule says so. */
    basis: text(),
    noticeAt: at().notNull(),
    effectiveAt: at().notNull(),
    appliedAt: at(),
    liftedAt: at(),
    liftReason: text(),
    decidedBy: text().notNull(),
    liftedBy: text(),
  },
  (table) => [
    index('business_measures_business').on(table.businessId, table.noticeAt),
    index('business_measures_due')
      .on(table.effectiveAt)
      .where(sql`${table.appliedAt} is null and ${table.liftedAt} is null`),
    uniqueIndex('business_measures_open').on(table.businessId, table.kind).where(sql`${table.liftedAt} is null`),
    check(
      'business_measures_authority',
      sql`(${table.ground} = 'authority') = (${table.requestNumber} is not null and ${table.requestedAt} is not null and ${table.authority} is not null)`,
    ),
    check(
      'business_measures_notice',
      sql`${table.ground} <> 'notice' or ${table.effectiveAt} >= ${table.noticeAt} + interval '5 days'`,
    ),
    check('business_measures_applied', sql`${table.appliedAt} is null or ${table.appliedAt} >= ${table.effectiveAt}`),
  ],
);

/** Where a business is paid. Each row is a change; the newest is the account of today. */
export const bankAccounts = pgTable(
  'bank_accounts',
  {
    id: idOf<'BankAccount'>().primaryKey(),
    businessId: ofBusiness(),
    bankBin: text().notNull(),
    numberSealed: sealed().notNull(),
    numberLast4: text().notNull(),
    holderName: text().notNull(),
    setBy: text().notNull(),
    setAt: at().notNull(),
  },
  (table) => [index('bank_accounts_business').on(table.businessId, table.setAt)],
);

/** Who withholds tax on the sales of a business, from which day on. */
export const withholdingModes = pgTable(
  'withholding_modes',
  {
    id: idOf<'Withholding'>().primaryKey(),
    businessId: ofBusiness(),
    mode: text({ enum: WITHHOLDING_MODES }).notNull(),
    validFrom: date().notNull(),
    reason: text().notNull(),
    setBy: text().notNull(),
    setAt: at().notNull(),
  },
  (table) => [
    index('withholding_modes_business').on(table.businessId, table.validFrom),
    check('withholding_modes_mode', sql`${table.mode} in (${oneOf(WITHHOLDING_MODES)})`),
  ],
);
