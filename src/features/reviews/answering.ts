import { refusals } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { buyerAt } from '#features/notices/types.ts';
import { callOfficer, type Deps, type Member, marksOf, subjectOf } from './deps.ts';
import { keepVersion, lockReview, type ReviewRow, saveReview } from './queries.ts';
import { checkWords, stateFor } from './rules.ts';
import { type ReviewId, reviewProblems } from './types.ts';
import { findReview, listReviews, type ReviewScope, type ReviewView } from './views.ts';

const refuse = refusals(reviewProblems);

/** What the seller does about a review: answers it, or asks an officer to look. Nobody takes away what buyers say of their own goods. */
export const createAnswering = (deps: Deps) => {
  const { db, now, notices, audit, queues } = deps;
  /** One that everybody reads, of one of these businesses, under its lock. */
  const step = (
    who: Member,
    id: ReviewId,
    work: (tx: Tx, row: ReviewRow, known: ReviewView) => Promise<Partial<ReviewRow>>,
  ): Promise<void> =>
    transactAsSeller(db, who, async (tx) => {
      const known = await findReview(tx, id, who.businessIds);
      const row = known?.state === 'published' ? await lockReview(tx, id) : undefined;
      if (!known || row?.state !== 'published') throw refuse('review-not-found');
      const change = await work(tx, row, known);
      await saveReview(tx, id, change);
      const called = await callOfficer(deps, tx, { ...row, ...change }, known.productName);
      if (!called) await queues.settle(tx, subjectOf(id), 'withdrawn');
    });
  const tellBuyer = async (tx: Tx, review: ReviewView, id: ReviewId) => {
    const { phone, productName, orderCode } = review;
    // Whose number was forgotten is not to be found again.
    if (phone === '') return;
    const values = { product: productName };
    const path = `/danh-gia?ma=${orderCode}`;
    await notices.tell(tx, { kind: 'review.replied', to: buyerAt(review), values, path, key: `review-replied:${id}` });
  };
  return {
    listOwn: (businessIds: readonly BusinessId[], scope: ReviewScope) =>
      readAsSeller(db, businessIds, (reader) => listReviews(reader, { ...scope, businessIds, state: 'published' })),
    getOwn: async (businessIds: readonly BusinessId[], id: ReviewId) => {
      const known = await readAsSeller(db, businessIds, (reader) => findReview(reader, id, businessIds));
      if (known?.state !== 'published') throw refuse('review-not-found');
      return known;
    },
    /** The seller's one answer below the review; said otherwise later, what it said before is kept. */
    reply: (who: Member, id: ReviewId, typed: string): Promise<void> => {
      const reply = checkWords(typed, '/text');
      return step(who, id, async (tx, row, known) => {
        const at = now();
        const replyState = stateFor(marksOf(deps, reply), row.replyState);
        if (row.reply !== null && row.reply !== reply) await keepVersion(tx, row, 'reply', at);
        if (row.reply === null && replyState === 'published') await tellBuyer(tx, known, id);
        return { reply, replyState, repliedAt: at };
      });
    },
    /** Says that something is wrong with a review. It stays where it is until an officer has looked. */
    flag: (who: Member, id: ReviewId, typed: string): Promise<void> => {
      const flagReason = checkWords(typed, '/reason');
      return step(who, id, async (tx, row) => {
        if (row.flaggedAt !== null) throw refuse('review-flagged');
        await audit.record(tx, {
          action: 'review.flagged',
          subject: subjectOf(id),
          reason: flagReason,
          address: who.address,
        });
        return { flagReason, flaggedAt: now() };
      });
    },
  };
};
