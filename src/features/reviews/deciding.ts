import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { buyerAt, type Notice } from '#features/notices/types.ts';
import { type Deps, followRating, type Officer, subjectOf, tellSeller, waits } from './deps.ts';
import { lockReview, type ReviewRow, saveReview } from './queries.ts';
import { checkWords } from './rules.ts';
import { type ReviewId, type ReviewState, type ReviewVerdict, reviewProblems } from './types.ts';
import { findReview, listReviews, type ReviewScope, type ReviewView } from './views.ts';

const refuse = refusals(reviewProblems);
type Decision = { readonly verdict: ReviewVerdict; readonly reason: string };
type Change = Pick<Partial<ReviewRow>, 'state' | 'replyState' | 'reason' | 'flagAnsweredAt'>;

/** What a verdict changes; 409 where it is so already and nobody asked. */
function changeOf(row: ReviewRow, { verdict, reason }: Decision, at: Date): Change {
  const state = verdict.startsWith('show') ? ('published' as const) : ('hidden' as const);
  if (verdict.endsWith('-reply')) {
    if (row.replyState === null || row.replyState === state) throw refuse('review-settled');
    return { replyState: state };
  }
  const asked = row.flaggedAt !== null && row.flagAnsweredAt === null;
  if (row.state === state && !asked) throw refuse('review-settled');
  return { state, reason: state === 'hidden' ? reason : null, ...(asked && { flagAnsweredAt: at }) };
}

/** Whoever wrote it is told, and the seller of what they flagged or answered. */
function noticesOf(known: ReviewView, before: ReviewState, change: Change, reason: string): Omit<Notice, 'key'>[] {
  const { productName: product, phone, orderCode, businessId } = known;
  const values = { product, reason };
  const buyer = { to: buyerAt(known), path: `/danh-gia?ma=${orderCode}`, values };
  const seller = { to: { businessId }, path: '/ban-hang/danh-gia', values };
  const hidden = change.state === 'hidden';
  // Whose number was forgotten is not to be found again.
  const toBuyer = change.state !== undefined && change.state !== before && phone !== '';
  return [
    ...(toBuyer ? [{ kind: hidden ? 'review.hidden' : 'review.shown', ...buyer }] : []),
    ...(change.flagAnsweredAt ? [{ kind: hidden ? 'review.taken-away' : 'review.kept', ...seller }] : []),
    ...(change.replyState === 'hidden' ? [{ kind: 'review.reply-hidden', ...seller }] : []),
  ];
}

/** The officers' part: shows what the filter had marked or not, and takes away what was shown and should not be. */
export const createDeciding = (deps: Deps) => {
  const { db, now, queues, audit, notices } = deps;
  const getReview = async (id: ReviewId): Promise<ReviewView> => {
    const known = await findReview(db, id);
    if (!known) throw refuse('review-not-found');
    return known;
  };
  /** What follows from a verdict for the queue, the figure and the people. */
  const follow = async (tx: Tx, known: ReviewView, row: ReviewRow, change: Change, reason: string): Promise<void> => {
    const outcome = reason === '' ? 'approved' : 'rejected';
    if (!waits({ ...row, ...change })) await queues.settle(tx, subjectOf(row.id), outcome);
    if (change.state) await followRating(deps, tx, row.productId);
    if (change.state === 'published') await tellSeller(deps, tx, row, known.productName);
    const key = `${row.id}:${now().getTime()}`;
    const told = noticesOf(known, row.state, change, reason);
    await notices.tell(tx, ...told.map((notice) => ({ ...notice, key: `${notice.kind}:${key}` })));
  };
  return {
    getReview,
    listAll: (scope: ReviewScope) => listReviews(db, scope),
    decide: async ({ actor, address }: Officer, id: ReviewId, { verdict, reason: typed }: Decision): Promise<void> => {
      const reason = verdict.startsWith('hide') ? checkWords(typed, '/reason') : '';
      const known = await getReview(id);
      await transact(db, actor, async (tx) => {
        const row = await lockReview(tx, id);
        if (!row) throw refuse('review-not-found');
        const change = changeOf(row, { verdict, reason }, now());
        await saveReview(tx, id, change);
        await audit.record(tx, {
          action: `review.${verdict}`,
          subject: subjectOf(id),
          before: { state: row.state, replyState: row.replyState },
          after: { state: row.state, replyState: row.replyState, ...change },
          reason: reason || undefined,
          address,
        });
        await follow(tx, known, row, change, reason);
      });
    },
  };
};
