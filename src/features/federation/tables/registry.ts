import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { at, idOf, oneOf } from '#db/columns.ts';
import type { FedRecord } from '#federation/protocol/record.ts';
import { partners } from '../tables.ts';
import {
  CONFORMANCE_LEVELS,
  PARTNER_STATES,
  PROMOTION_OUTCOMES,
  REVIEW_VERDICTS,
  type SignedResult,
  VERBS,
} from '../types.ts';

/** The steps that a partner may take. What is not here cannot be written, by whomever. */
export const partnerMoves = pgTable(
  'partner_moves',
  {
    fromState: text({ enum: PARTNER_STATES }).notNull(),
    toState: text({ enum: PARTNER_STATES }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.fromState, table.toState] })],
);

/** Each step that was taken, written by a trigger on `partners`; the foreign key refuses what `partner_moves` does not list. */
export const partnerTransitions = pgTable(
  'partner_transitions',
  {
    seq: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    fromState: text({ enum: PARTNER_STATES }).notNull(),
    toState: text({ enum: PARTNER_STATES }).notNull(),
    actor: text().notNull(),
    reason: text(),
    at: at().notNull(),
  },
  (table) => [
    index('partner_transitions_partner').on(table.partnerKey, table.seq),
    foreignKey({
      name: 'partner_transitions_legal',
      columns: [table.fromState, table.toState],
      foreignColumns: [partnerMoves.fromState, partnerMoves.toState],
    }),
  ],
);

/** What a partner may ask and be asked. Without a row it may not. */
export const partnerGrants = pgTable(
  'partner_grants',
  {
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    verb: text({ enum: VERBS }).notNull(),
    grantedBy: text().notNull(),
    grantedAt: at().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.partnerKey, table.verb] }),
    check('partner_grants_verb', sql`${table.verb} in (${oneOf(VERBS)})`),
  ],
);

/** Invitations to prove the key of an agreement. The code is told once; only its hash is kept. */
export const partnerInvitations = pgTable(
  'partner_invitations',
  {
    id: idOf<'Invitation'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    codeHash: text().notNull(),
    /** As the signed agreement names them. */
    domain: text().notNull(),
    legalEntity: text().notNull(),
    taxCode: text().notNull(),
    fingerprint: text().notNull(),
    createdBy: text().notNull(),
    createdAt: at().notNull(),
    expiresAt: at().notNull(),
    redeemedAt: at(),
    /** Another one took its place. */
    withdrawnAt: at(),
  },
  (table) => [
    uniqueIndex('partner_invitations_code').on(table.codeHash),
    index('partner_invitations_partner').on(table.partnerKey),
    uniqueIndex('partner_invitations_one_open')
      .on(table.partnerKey)
      .where(sql`${table.redeemedAt} is null and ${table.withdrawnAt} is null`),
    check('partner_invitations_ended', sql`${table.redeemedAt} is null or ${table.withdrawnAt} is null`),
  ],
);

/** Keys that count no more, whatever a profile says. None of them is ever pinned again. */
export const partnerRevokedKeys = pgTable('partner_revoked_keys', {
  keyid: text().primaryKey(),
  partnerKey: text()
    .notNull()
    .references(() => partners.key),
  revokedBy: text().notNull(),
  revokedAt: at().notNull(),
  reason: text().notNull(),
});

/** Results of the conformance kit, signed by the partner that ran it: who found what, provable without asking anybody. */
export const partnerConformance = pgTable(
  'partner_conformance',
  {
    id: idOf<'ConformanceResult'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    level: text({ enum: CONFORMANCE_LEVELS }).notNull(),
    profile: text().notNull(),
    keyid: text().notNull(),
    ranAt: at().notNull(),
    receivedAt: at().notNull(),
    receivedFrom: text().notNull(),
    /** The signed result as it came, and the JUnit file whose hash it names, if that came too. */
    signed: jsonb().$type<SignedResult>().notNull(),
    junit: text(),
  },
  (table) => [
    index('partner_conformance_partner').on(table.partnerKey, table.receivedAt),
    check('partner_conformance_level', sql`${table.level} in (${oneOf(CONFORMANCE_LEVELS)})`),
  ],
);

/** A sample of what a partner sends, judged by a person before anything of it is shown. */
export const partnerReviews = pgTable(
  'partner_reviews',
  {
    id: idOf<'MappingReview'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    openedBy: text().notNull(),
    openedAt: at().notNull(),
  },
  (table) => [index('partner_reviews_partner').on(table.partnerKey, table.openedAt)],
);

export const partnerReviewItems = pgTable(
  'partner_review_items',
  {
    reviewId: idOf<'MappingReview'>()
      .notNull()
      .references(() => partnerReviews.id),
    position: integer().notNull(),
    uri: text().notNull(),
    /** The listing and its offer as they were when the sample was drawn. */
    listing: jsonb().$type<FedRecord>().notNull(),
    offer: jsonb().$type<FedRecord>(),
    verdict: text({ enum: REVIEW_VERDICTS }),
    note: text(),
    judgedBy: text(),
    judgedAt: at(),
  },
  (table) => [
    primaryKey({ columns: [table.reviewId, table.position] }),
    check('partner_review_items_verdict', sql`${table.verdict} in (${oneOf(REVIEW_VERDICTS)})`),
    check(
      'partner_review_items_judged',
      sql`(${table.verdict} is null) = (${table.judgedBy} is null) and (${table.verdict} is null) = (${table.judgedAt} is null)`,
    ),
  ],
);

/** What one officer proposes and another decides: that a partner on probation is let in, and what it may do. */
export const partnerPromotions = pgTable(
  'partner_promotions',
  {
    id: idOf<'Promotion'>().primaryKey(),
    partnerKey: text()
      .notNull()
      .references(() => partners.key),
    verbs: text({ enum: VERBS }).array().notNull(),
    reason: text().notNull(),
    proposedBy: text().notNull(),
    proposedAt: at().notNull(),
    outcome: text({ enum: PROMOTION_OUTCOMES }),
    decidedBy: text(),
    decidedAt: at(),
  },
  (table) => [
    index('partner_promotions_partner').on(table.partnerKey, table.proposedAt),
    uniqueIndex('partner_promotions_one_open').on(table.partnerKey).where(sql`${table.outcome} is null`),
    check('partner_promotions_outcome', sql`${table.outcome} in (${oneOf(PROMOTION_OUTCOMES)})`),
    check(
      'partner_promotions_four_eyes',
      sql`${table.outcome} <> 'approved' or ${table.decidedBy} <> ${table.proposedBy}`,
    ),
    check(
      'partner_promotions_decided',
      sql`(${table.outcome} is null) = (${table.decidedBy} is null) and (${table.outcome} is null) = (${table.decidedAt} is null)`,
    ),
  ],
);
