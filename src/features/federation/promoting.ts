/** From the sandbox to full part: what is judged by a person, how long it is tried, and who lets it in. */
import { newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { MirrorDeps } from './mirror.ts';
import {
  decidePromotion,
  drawSample,
  findConformance,
  findReview,
  insertPromotion,
  insertReview,
  listPromotions,
  lockOpenPromotion,
  type PromotionRow,
  saveVerdict,
} from './queries/onboarding.ts';
import { listLanes, type PartnerRow } from './queries.ts';
import { checkFourEyes, checkVerbs, probationEnds, reviewState, SAMPLE_SIZE } from './rules/onboarding.ts';
import { checkMove } from './rules/states.ts';
import { showListings } from './showing.ts';
import { type Because, getLocked, grantVerbs, type MoveDeps, movePartner } from './states.ts';
import { federationProblems, type ReviewVerdict, type Verb } from './types.ts';
import { listActorNames } from './views/registry.ts';

const refuse = refusals(federationProblems);
type Deps = MoveDeps & MirrorDeps & { readonly db: Db };
type Judged = { readonly position: number; readonly verdict: ReviewVerdict; readonly note?: string | undefined };

async function refuseUnread(tx: Tx, { key }: PartnerRow): Promise<void> {
  const lanes = (await listLanes(tx)).filter(({ partnerKey }) => partnerKey === key);
  if (lanes.length < 2 || lanes.some(({ succeededAt }) => succeededAt === null))
    throw refuse('partner-not-read', { key });
}

/** The mapping, judged on a sample. */
const createReviewing = (deps: Deps) => {
  const { db, now, audit } = deps;
  const subjectOf = (id: string) => ({ kind: 'partner', id });
  return {
    /** Draws the sample from what the partner sent. Drawn again, it takes the place of the one before. */
    openReview: (actor: string, key: string, because: Because = {}) =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        if (partner.state !== 'sandbox') throw refuse('partner-state-forbids', { from: partner.state, to: 'sandbox' });
        await refuseUnread(tx, partner);
        const sample = await drawSample(tx, key, SAMPLE_SIZE);
        if (sample.length === 0) throw refuse('partner-not-read', { key });
        const id = newId<'MappingReview'>();
        await insertReview(tx, { id, partnerKey: key, openedBy: actor, openedAt: now() }, sample);
        const after = { sample: sample.length };
        await audit.record(tx, { action: 'partner.review-opened', subject: subjectOf(key), after, ...because });
        return { sample: sample.length };
      }),
    /** The latest sample with what was said of each. */
    getReview: async (key: string) => {
      const review = await findReview(db, key);
      if (!review) return undefined;
      const names = await listActorNames(
        db,
        review.items.map(({ judgedBy }) => judgedBy ?? ''),
      );
      return { ...review, ...reviewState(review.items), names };
    },
    judge: (actor: string, key: string, judged: readonly Judged[], because: Because = {}) =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        const review = await findReview(tx, key);
        if (!review || partner.state !== 'sandbox') throw refuse('mapping-review-not-found', { key });
        for (const { position, verdict, note } of judged) {
          const set = { verdict, note: note?.trim() || null, judgedBy: actor, judgedAt: now() };
          const isThere = await saveVerdict(tx, review.id, position, set);
          if (!isThere) throw refuse('mapping-review-not-found', { key, position });
        }
        const after = { judged: judged.map(({ position, verdict }) => ({ position, verdict })) };
        await audit.record(tx, { action: 'partner.review-judged', subject: subjectOf(key), after, ...because });
      }),
    /** Shows the partner within bounds from now on. */
    startProbation: (actor: string, key: string, because: Because = {}) =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        checkMove(partner, 'probation');
        const review = await findReview(tx, key);
        const { isFit, ...state } = reviewState(review?.items ?? []);
        if (!isFit) throw refuse('review-unfinished', state);
        await movePartner(tx, deps, partner, { to: 'probation', action: 'partner.on-probation', ...because });
        await grantVerbs(tx, deps, key, partner.adapter === 'native' ? ['pull', 'push'] : ['pull'], actor);
        await showListings(tx, deps, { key, state: 'probation' });
      }),
  };
};

/** Four eyes: who proposes that a partner is let in, and who decides. */
export const createPromoting = (deps: Deps) => {
  const { db, now, audit } = deps;
  /** Who is let in already is proposed for more verbs; nobody else skips a step or a day. */
  const refuseEarly = (partner: PartnerRow): void => {
    if (partner.state === 'active') return;
    checkMove(partner, 'active');
    const until = probationEnds(partner.stateSince);
    if (now() < until) throw refuse('probation-too-short', { until: until.toISOString() });
  };
  const letIn = async (tx: Tx, partner: PartnerRow, open: PromotionRow, actor: string, because: Because) => {
    const { verbs, proposedBy } = open;
    if (partner.state === 'active') {
      const subject = { kind: 'partner', id: partner.key };
      const after = { verbs, proposedBy };
      await audit.record(tx, { action: 'partner.granted', subject, after, ...because });
    } else {
      const detail = { verbs, proposedBy };
      await movePartner(tx, deps, partner, { to: 'active', action: 'partner.promoted', detail, ...because });
      await showListings(tx, deps, { key: partner.key, state: 'active' });
    }
    await grantVerbs(tx, deps, partner.key, verbs, actor);
  };
  const getOpen = async (tx: Tx, key: string): Promise<PromotionRow> => {
    const open = await lockOpenPromotion(tx, key);
    if (!open) throw refuse('promotion-not-found', { key });
    return open;
  };
  return {
    ...createReviewing(deps),
    listPromotions: (key: string) => listPromotions(db, key),
    proposePromotion: (
      actor: string,
      key: string,
      verbs: readonly Verb[],
      because: Because & { readonly reason: string },
    ): Promise<void> =>
      transact(db, actor, async (tx) => {
        refuseEarly(await getLocked(tx, key));
        checkVerbs(verbs, (await findConformance(tx, key))?.level);
        const { reason } = because;
        const proposal = { partnerKey: key, verbs: [...verbs], reason, proposedBy: actor, proposedAt: now() };
        const isNew = await insertPromotion(tx, { ...proposal, id: newId<'Promotion'>() });
        if (!isNew) throw refuse('promotion-open', { key });
        const subject = { kind: 'partner', id: key };
        await audit.record(tx, { action: 'partner.promotion-proposed', subject, after: { verbs }, ...because });
      }),
    /** Lets the partner in with what was proposed. Refused to who proposed it, by the database too. */
    approvePromotion: (actor: string, key: string, because: Because = {}): Promise<void> =>
      transact(db, actor, async (tx) => {
        const partner = await getLocked(tx, key);
        const open = await getOpen(tx, key);
        checkFourEyes(open.proposedBy, actor);
        refuseEarly(partner);
        checkVerbs(open.verbs, (await findConformance(tx, key))?.level);
        await decidePromotion(tx, open.id, { outcome: 'approved', decidedBy: actor, decidedAt: now() });
        await letIn(tx, partner, open, actor, because);
      }),
    refusePromotion: (actor: string, key: string, because: Because & { readonly reason: string }): Promise<void> =>
      transact(db, actor, async (tx) => {
        await getLocked(tx, key);
        const open = await getOpen(tx, key);
        await decidePromotion(tx, open.id, { outcome: 'refused', decidedBy: actor, decidedAt: now() });
        const subject = { kind: 'partner', id: key };
        const after = { proposedBy: open.proposedBy };
        await audit.record(tx, { action: 'partner.promotion-refused', subject, after, ...because });
      }),
  };
};
