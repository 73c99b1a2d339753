import { refusals } from '#core/problem.ts';
import {
  CONFORMANCE_LEVELS,
  type ConformanceLevel,
  federationProblems,
  type ReviewVerdict,
  type Verb,
} from '../types.ts';

const refuse = refusals(federationProblems);
const dayMs = 86_400_000;

/** A code that was told is good for three days. */
export const INVITATION_MS = 3 * dayMs;
/** So long a partner is shown within bounds before two officers may let it in. */
const probationMs = 14 * dayMs;
/** How many listings of a partner on probation are shown. */
export const PROBATION_LISTINGS = 500;
/** How many listings a person judges, or all where there are fewer. */
export const SAMPLE_SIZE = 50;
/** More than a tenth unfit is no accident but the mapping. */
const unfitShare = 0.1;
export const mostUnfit = (total: number): number => Math.floor(total * unfitShare);
/** A result tells of the software that ran then. */
const resultMaxAgeMs = 30 * dayMs;

type Invitation = {
  readonly expiresAt: Date;
  readonly redeemedAt: Date | null;
  readonly withdrawnAt: Date | null;
};

/** Refuses an invitation that was never made for who asks, was used, or has expired. */
export function checkInvitation<I extends Invitation>(invitation: I | undefined, now: Date): I {
  if (!invitation || invitation.withdrawnAt) throw refuse('invitation-unknown');
  if (invitation.redeemedAt) throw refuse('invitation-used');
  if (invitation.expiresAt <= now) throw refuse('invitation-expired');
  return invitation;
}

/** Letters of the code as they were printed, however they were typed. */
export const codeAsTyped = (code: string): string => code.toUpperCase().replace(/[^A-Z2-7]/g, '');

export type ConformanceFacts = {
  readonly level: ConformanceLevel;
  readonly profile: string;
  readonly ranAt: Date;
};

const textIn = (payload: Readonly<Record<string, unknown>>, member: string): string => {
  const value = payload[member];
  return typeof value === 'string' ? value : '';
};

/** What a genuine result of the kit says, if it is about this partner, of now, and reached something. */
export function readConformance(
  payload: Readonly<Record<string, unknown>>,
  partner: { readonly origin: string; readonly version: string },
  now: Date,
): ConformanceFacts {
  const insufficient = (reason: string) => refuse('conformance-not-reached', { reason });
  const target = URL.parse(textIn(payload, 'target'))?.host ?? 'nowhere';
  const ranAt = new Date(textIn(payload, 'startedAt'));
  const level = CONFORMANCE_LEVELS.find((one) => one === payload.reached);
  if (!textIn(payload, 'kit').startsWith('ocop-fed-conformance/')) throw insufficient('no result of the kit');
  if (target !== partner.origin) throw insufficient(`the kit examined ${target.slice(0, 100)}`);
  if (textIn(payload, 'protocol') !== partner.version) throw insufficient('another version of the protocol');
  if (!(ranAt <= now && now.getTime() - ranAt.getTime() <= resultMaxAgeMs)) throw insufficient('older than 30 days');
  if (!level) throw insufficient('no level was reached');
  return { level, profile: textIn(payload, 'profile').slice(0, 40), ranAt };
}

export type ReviewState = {
  readonly total: number;
  readonly judged: number;
  readonly unfit: number;
  readonly isFinished: boolean;
  readonly isFit: boolean;
};

export function reviewState(items: readonly { readonly verdict: ReviewVerdict | null }[]): ReviewState {
  const judged = items.filter(({ verdict }) => verdict !== null).length;
  const unfit = items.filter(({ verdict }) => verdict === 'unfit').length;
  const isFinished = items.length > 0 && judged === items.length;
  return { total: items.length, judged, unfit, isFinished, isFit: isFinished && unfit <= mostUnfit(items.length) };
}

export const probationEnds = (stateSince: Date): Date => new Date(stateSince.getTime() + probationMs);

/** Orders are bound by what the kit's highest level tries; whoever did not reach it is sold by referral alone. */
export function checkVerbs(verbs: readonly Verb[], level: ConformanceLevel | undefined): void {
  const needsGold = verbs.some((verb) => verb === 'quote' || verb === 'order');
  if (needsGold && level !== 'gold') throw refuse('promotion-level', { level: level ?? null });
}

/** Two people: who proposed it, and another. Saying no takes one. */
export function checkFourEyes(proposedBy: string, decidedBy: string): void {
  if (proposedBy === decidedBy) throw refuse('promotion-four-eyes');
}
