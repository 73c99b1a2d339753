import type { Clock } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { listRevoked } from './queries/keys.ts';
import { findConformance, findLatestInvitation, findReview, listPromotions } from './queries/onboarding.ts';
import { listGrants, listTransitions } from './queries/registry.ts';
import { findPartner, listLanes } from './queries.ts';
import { nextStep } from './rules/next-step.ts';
import { probationEnds, reviewState } from './rules/onboarding.ts';
import { federationProblems } from './types.ts';
import { listActorNames } from './views/registry.ts';

const refuse = refusals(federationProblems);

/** How far a partner has come, what each step of it rests on, and what comes next. */
export const createRoad = (db: Db, now: Clock) => ({
  getRoad: async (key: string) => {
    const partner = await findPartner(db, key);
    if (!partner) throw refuse('partner-not-found', { key });
    const { state, stateSince, resumesTo, adapter, keyid, keyUntil, nextKeyid, nextKeyFrom, origin } = partner;
    const found = await findReview(db, key);
    const latest = await findLatestInvitation(db, key);
    const lanes = (await listLanes(db)).filter(({ partnerKey }) => partnerKey === key);
    const facts = {
      ...{ state, adapter },
      invitation: latest && withoutCode(latest),
      isRead: lanes.length > 1 && lanes.every(({ succeededAt }) => succeededAt !== null),
      review: found && reviewState(found.items),
      probationEnds: state === 'probation' ? probationEnds(stateSince) : undefined,
    };
    const promotions = await listPromotions(db, key);
    const revokedKeys = await listRevoked(db, key);
    const hasProposal = promotions.some(({ outcome }) => outcome === null);
    const isKeyRevoked = revokedKeys.some((revoked) => revoked.keyid === keyid);
    const transitions = await listTransitions(db, key);
    const deciders = promotions.flatMap(({ proposedBy, decidedBy }) => [proposedBy, decidedBy ?? '']);
    const acted = [...transitions.map(({ actor }) => actor), ...deciders];
    return {
      ...facts,
      ...{ key, stateSince, resumesTo, keyid, keyUntil, nextKeyid, nextKeyFrom, origin, promotions, revokedKeys },
      grants: await listGrants(db, key),
      conformance: await findConformance(db, key),
      transitions,
      /** Who of them has an account with us, by actor. */
      names: await listActorNames(db, acted),
      next: nextStep({ ...facts, isNative: adapter === 'native', hasProposal, isKeyRevoked }, now()),
    };
  },
});
export type Road = Awaited<ReturnType<ReturnType<typeof createRoad>['getRoad']>>;

const withoutCode = <I extends { readonly codeHash: string }>({ codeHash: _hash, ...invitation }: I) => invitation;
