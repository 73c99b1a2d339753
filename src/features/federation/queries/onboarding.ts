import { and, desc, eq, isNull, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import type { FedRecord } from '#federation/protocol/record.ts';
import {
  partnerConformance,
  partnerInvitations,
  partnerPromotions,
  partnerReviewItems,
  partnerReviews,
} from '../tables/registry.ts';
import type { InvitationId, MappingReviewId, PromotionId, PromotionOutcome, ReviewVerdict } from '../types.ts';

export type InvitationRow = typeof partnerInvitations.$inferSelect;
export type PromotionRow = typeof partnerPromotions.$inferSelect;

/** A new code takes the place of the one that was open. */
export async function insertInvitation(tx: Tx, row: typeof partnerInvitations.$inferInsert): Promise<void> {
  await tx
    .update(partnerInvitations)
    .set({ withdrawnAt: row.createdAt })
    .where(
      and(
        eq(partnerInvitations.partnerKey, row.partnerKey),
        isNull(partnerInvitations.redeemedAt),
        isNull(partnerInvitations.withdrawnAt),
      ),
    );
  await tx.insert(partnerInvitations).values(row);
}

/** By the hash of its code, of this partner alone: another's code tells nothing. */
export async function findInvitation(
  reader: Reader,
  partnerKey: string,
  codeHash: string,
): Promise<InvitationRow | undefined> {
  const [row] = await reader
    .select()
    .from(partnerInvitations)
    .where(and(eq(partnerInvitations.partnerKey, partnerKey), eq(partnerInvitations.codeHash, codeHash)));
  return row;
}

/** Uses the invitation up; false when somebody else did. */
export async function redeemInvitation(tx: Tx, id: InvitationId, redeemedAt: Date): Promise<boolean> {
  const rows = await tx
    .update(partnerInvitations)
    .set({ redeemedAt })
    .where(
      and(eq(partnerInvitations.id, id), isNull(partnerInvitations.redeemedAt), isNull(partnerInvitations.withdrawnAt)),
    )
    .returning({ id: partnerInvitations.id });
  return rows.length > 0;
}

export async function findLatestInvitation(reader: Reader, partnerKey: string): Promise<InvitationRow | undefined> {
  const [row] = await reader
    .select()
    .from(partnerInvitations)
    .where(eq(partnerInvitations.partnerKey, partnerKey))
    .orderBy(desc(partnerInvitations.createdAt), desc(partnerInvitations.id))
    .limit(1);
  return row;
}

export async function insertConformance(tx: Tx, row: typeof partnerConformance.$inferInsert): Promise<void> {
  await tx.insert(partnerConformance).values(row);
}

/** The latest result, without the payload. */
export async function findConformance(reader: Reader, partnerKey: string) {
  const { signed: _signed, junit: _junit, ...columns } = conformanceColumns;
  const [row] = await reader
    .select(columns)
    .from(partnerConformance)
    .where(eq(partnerConformance.partnerKey, partnerKey))
    .orderBy(desc(partnerConformance.receivedAt), desc(partnerConformance.id))
    .limit(1);
  return row;
}
const conformanceColumns = {
  id: partnerConformance.id,
  level: partnerConformance.level,
  profile: partnerConformance.profile,
  keyid: partnerConformance.keyid,
  ranAt: partnerConformance.ranAt,
  receivedAt: partnerConformance.receivedAt,
  receivedFrom: partnerConformance.receivedFrom,
  signed: partnerConformance.signed,
  junit: partnerConformance.junit,
};

type Sampled = { readonly uri: string; readonly listing: FedRecord; readonly offer: FedRecord | null };

/** The sample that anybody draws again from the same listings: the first by the hash of partner and uri. */
export async function drawSample(reader: Reader, partnerKey: string, size: number): Promise<readonly Sampled[]> {
  const { rows } = await reader.execute<Sampled>(sql`
    select l.uri, l.record as listing,
      (select o.record from federation_mirrors o where o.partner_key = l.partner_key and o.listing_uri = l.uri
        and o.record ->> 'kind' = 'offer' order by (o.record ->> 'position')::int nulls first, o.uri limit 1) as offer
    from federation_mirrors l
    where l.partner_key = ${partnerKey} and l.lane = 'catalogue' and l.record ->> 'kind' = 'listing'
    order by sha256(convert_to(l.partner_key || ' ' || l.uri, 'UTF8')) limit ${size}`);
  return rows;
}

export async function insertReview(
  tx: Tx,
  review: typeof partnerReviews.$inferInsert,
  sample: readonly Sampled[],
): Promise<void> {
  await tx.insert(partnerReviews).values(review);
  await tx
    .insert(partnerReviewItems)
    .values(sample.map((item, index) => ({ reviewId: review.id, position: index + 1, ...item })));
}

/** The latest review with its items. */
export async function findReview(reader: Reader, partnerKey: string) {
  const [review] = await reader
    .select()
    .from(partnerReviews)
    .where(eq(partnerReviews.partnerKey, partnerKey))
    .orderBy(desc(partnerReviews.openedAt), desc(partnerReviews.id))
    .limit(1);
  if (!review) return undefined;
  const items = await reader
    .select()
    .from(partnerReviewItems)
    .where(eq(partnerReviewItems.reviewId, review.id))
    .orderBy(partnerReviewItems.position);
  return { ...review, items };
}

/** False when there is no such item. */
export async function saveVerdict(
  tx: Tx,
  reviewId: MappingReviewId,
  position: number,
  set: {
    readonly verdict: ReviewVerdict;
    readonly note: string | null;
    readonly judgedBy: string;
    readonly judgedAt: Date;
  },
): Promise<boolean> {
  const rows = await tx
    .update(partnerReviewItems)
    .set(set)
    .where(and(eq(partnerReviewItems.reviewId, reviewId), eq(partnerReviewItems.position, position)))
    .returning({ position: partnerReviewItems.position });
  return rows.length > 0;
}

/** False when one is open already. */
export async function insertPromotion(tx: Tx, row: typeof partnerPromotions.$inferInsert): Promise<boolean> {
  const rows = await tx
    .insert(partnerPromotions)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: partnerPromotions.id });
  return rows.length > 0;
}

export async function lockOpenPromotion(tx: Tx, partnerKey: string): Promise<PromotionRow | undefined> {
  const [row] = await tx
    .select()
    .from(partnerPromotions)
    .where(and(eq(partnerPromotions.partnerKey, partnerKey), isNull(partnerPromotions.outcome)))
    .for('update');
  return row;
}

export async function decidePromotion(
  tx: Tx,
  id: PromotionId,
  set: { readonly outcome: PromotionOutcome; readonly decidedBy: string; readonly decidedAt: Date },
): Promise<void> {
  await tx.update(partnerPromotions).set(set).where(eq(partnerPromotions.id, id));
}

export const listPromotions = (reader: Reader, partnerKey: string): Promise<PromotionRow[]> =>
  reader
    .select()
    .from(partnerPromotions)
    .where(eq(partnerPromotions.partnerKey, partnerKey))
    .orderBy(desc(partnerPromotions.proposedAt), desc(partnerPromotions.id))
    .limit(20);
