import { and, eq, gte, isNull, lte } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { businessPapers, businessReviews } from '../tables.ts';
import type { BusinessId, PaperId, PaperKind } from '../types.ts';

export type PaperRow = typeof businessPapers.$inferSelect;

/** The papers of today: those that no newer one has replaced. */
export const listPapers = (reader: Reader, businessId: BusinessId): Promise<PaperRow[]> =>
  reader
    .select()
    .from(businessPapers)
    .where(and(eq(businessPapers.businessId, businessId), isNull(businessPapers.replacedAt)))
    .orderBy(businessPapers.kind)
    .limit(50);

export async function findPaper(reader: Reader, id: PaperId): Promise<PaperRow | undefined> {
  const [row] = await reader.select().from(businessPapers).where(eq(businessPapers.id, id));
  return row;
}

/** The one before of its kind is kept, and is no longer the paper of today. */
export async function replacePaper(tx: Tx, row: typeof businessPapers.$inferInsert): Promise<void> {
  const ofKind = and(
    eq(businessPapers.businessId, row.businessId),
    eq(businessPapers.kind, row.kind as PaperKind),
    isNull(businessPapers.replacedAt),
  );
  await tx.update(businessPapers).set({ replacedAt: row.sentAt }).where(ofKind);
  await tx.insert(businessPapers).values(row);
}

export async function saveVerdict(
  tx: Tx,
  id: PaperId,
  verdict: Pick<PaperRow, 'verdict' | 'verdictReason' | 'reviewedBy' | 'reviewedAt'>,
): Promise<void> {
  await tx.update(businessPapers).set(verdict).where(eq(businessPapers.id, id));
}

/** Accepted papers that end between two days, both included. */
export const listExpiring = (reader: Reader, from: string, to: string): Promise<PaperRow[]> =>
  reader
    .select()
    .from(businessPapers)
    .where(
      and(
        isNull(businessPapers.replacedAt),
        eq(businessPapers.verdict, 'accepted'),
        gte(businessPapers.expiresOn, from),
        lte(businessPapers.expiresOn, to),
      ),
    )
    .limit(10_000);

export async function insertReview(tx: Tx, row: typeof businessReviews.$inferInsert): Promise<void> {
  await tx.insert(businessReviews).values(row);
}
