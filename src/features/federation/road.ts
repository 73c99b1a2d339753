import { refusals } from '#core/problem.ts';
import type { Db } from '#db/client.ts';
import { listRevoked } from './queries/keys.ts';
import { findConformance, findLatestInvitation, findReview, listPromotions } from './queries/onboarding.ts';
import { listGrants, listTransitions } from './queries/registry.ts';
import { findPartner } from './queries.ts';
import { probationEnds, reviewState } from './rules/onboarding.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);

/** How far a partner has come, and what each step of it rests on. */
export const createRoad = (db: Db) => ({
  getRoad: async (key: string) => {
    const partner = await findPartner(db, key);
    if (!partner) throw refuse('partner-not-found', { key });
    const { state, stateSince, resumesTo, adapter, keyid, keyUntil, nextKeyid, nextKeyFrom, origin } = partner;
    const review = await findReview(db, key);
    const invitation = await findLatestInvitation(db, key);
    return {
      ...{ key, state, stateSince, resumesTo, adapter, keyid, keyUntil, nextKeyid, nextKeyFrom, origin },
      grants: await listGrants(db, key),
      invitation: invitation && withoutCode(invitation),
      conformance: await findConformance(db, key),
      review: review && reviewState(review.items),
      probationEnds: state === 'probation' ? probationEnds(stateSince) : undefined,
      promotions: await listPromotions(db, key),
      revokedKeys: await listRevoked(db, key),
      transitions: await listTransitions(db, key),
    };
  },
});

const withoutCode = <I extends { readonly codeHash: string }>({ codeHash: _hash, ...invitation }: I) => invitation;
