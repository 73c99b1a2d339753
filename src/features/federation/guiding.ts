import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import type { Agreement } from './invitations.ts';
import { type By, maxReason, reasonOf } from './reasons.ts';
import { checkNarrower } from './rules/states.ts';
import type { Federation } from './service.ts';
import { federationProblems, type ReviewVerdict, type SignedResult, type Verb } from './types.ts';

const refuse = refusals(federationProblems);

export type GuidingFederation = Pick<
  Federation,
  | 'identity'
  | 'nodeKeyChange'
  | 'invite'
  | 'prove'
  | 'takeConformance'
  | 'openSandbox'
  | 'openReview'
  | 'getReview'
  | 'judge'
  | 'startProbation'
  | 'proposePromotion'
  | 'approvePromotion'
  | 'refusePromotion'
  | 'setGrants'
  | 'listGrants'
  | 'revokeKey'
  | 'refreshProfile'
  | 'retire'
  | 'getPartner'
  | 'getRoad'
>;

/** What an officer types of a signed agreement. */
export type TypedAgreement = Omit<Agreement, 'key' | 'name'> & { readonly key: string; readonly name: string };
export type Judgement = { readonly position: number; readonly verdict: ReviewVerdict; readonly note: string };

const because = ({ address }: By, reason?: string) => ({ address, ...(reason === undefined ? {} : { reason }) });

/** A record that does not fit must say why, or nobody can mend it. */
function noted({ position, verdict, note }: Judgement): Judgement {
  const said = clean(note).slice(0, maxReason);
  if (verdict === 'unfit' && said === '')
    throw refuse('review-note-required', { position, errors: [{ pointer: `/judged/${position}/note` }] });
  return { position, verdict, note: said };
}

/** The text of `result.signed.json`. */
function resultIn(text: string): SignedResult {
  try {
    const read: unknown = JSON.parse(text);
    const { payload, signature } = (read ?? {}) as Partial<SignedResult>;
    const isWhole = typeof payload === 'object' && payload !== null && typeof signature === 'object';
    if (isWhole && signature && typeof signature.value === 'string') return { payload, signature };
  } catch {
    // Said below, as of any other file that is none.
  }
  throw refuse('conformance-not-genuine', { errors: [{ pointer: '/result' }] });
}

/** The road of a partner by the hand of officers: each step with who takes it, from where, and why. */
export const createGuiding = (federation: GuidingFederation) => ({
  /** The change of our own key that is under way, if one is. */
  nodeKeyChange: federation.nodeKeyChange,
  getRoad: (key: string) => federation.getRoad(key),
  getReview: async (key: string) => {
    await federation.getPartner(key);
    return await federation.getReview(key);
  },
  /** The code is in the answer and nowhere else. */
  invite: async (by: By, { key, name, ...typed }: TypedAgreement, document: string) => {
    const agreement = {
      domain: typed.domain.trim().toLowerCase(),
      fingerprint: typed.fingerprint.trim(),
      legalEntity: clean(typed.legalEntity),
      taxCode: typed.taxCode,
      ...(key ? { key } : {}),
      ...(clean(name) ? { name: clean(name).slice(0, 200) } : {}),
    };
    const reason = clean(document).slice(0, maxReason) || undefined;
    const made = await federation.invite(by.actor, agreement, because(by, reason));
    // What the partner compares with its own copy of the agreement.
    return { ...made, fingerprint: federation.identity.keyid };
  },
  /** Asks the partner on the spot for a proof of its key; a foreign shop, whether it can be read. */
  challenge: (by: By, key: string): Promise<void> => federation.prove(by.actor, key, because(by)),
  takeResult: (by: By, key: string, result: string) =>
    federation.takeConformance(by.actor, key, resultIn(result), undefined, because(by)),
  openSandbox: (by: By, key: string): Promise<void> => federation.openSandbox(by.actor, key, because(by)),
  drawSample: (by: By, key: string) => federation.openReview(by.actor, key, because(by)),
  judge: (by: By, key: string, judged: readonly Judgement[]): Promise<void> =>
    federation.judge(by.actor, key, judged.map(noted), because(by)),
  startProbation: (by: By, key: string): Promise<void> => federation.startProbation(by.actor, key, because(by)),
  /** Of a partner that is let in already: that it may do more. */
  propose: async (by: By, key: string, verbs: readonly Verb[], typed: string): Promise<void> => {
    const reason = reasonOf(typed);
    if (verbs.length === 0) throw refuse('grants-empty', { errors: [{ pointer: '/verbs' }] });
    await federation.proposePromotion(by.actor, key, verbs, { ...because(by), reason });
  },
  approve: (by: By, key: string): Promise<void> => federation.approvePromotion(by.actor, key, because(by)),
  refuseProposal: async (by: By, key: string, typed: string): Promise<void> => {
    await federation.refusePromotion(by.actor, key, { ...because(by), reason: reasonOf(typed) });
  },
  /** Takes away at once. To give more takes two officers, as the promotion did. */
  grant: async (by: By, key: string, verbs: readonly Verb[], typed: string): Promise<void> => {
    const reason = reasonOf(typed);
    await federation.getPartner(key);
    checkNarrower(await federation.listGrants(key), verbs);
    await federation.setGrants(by.actor, key, verbs, because(by, reason));
  },
  /** Reads the partner's profile for a successor of its key; false when it was read a moment ago, or cannot be. */
  askKeys: async (key: string): Promise<boolean> => {
    await federation.getPartner(key);
    return await federation.refreshProfile(key);
  },
  revokeKey: async (by: By, key: string, keyid: string, typed: string): Promise<void> => {
    await federation.revokeKey(by.actor, key, keyid, { ...because(by), reason: reasonOf(typed) });
  },
  retire: async (by: By, key: string, typed: string): Promise<void> => {
    await federation.retire(by.actor, key, because(by, reasonOf(typed)));
  },
});
