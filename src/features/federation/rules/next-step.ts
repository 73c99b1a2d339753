import type { PartnerState } from '../types.ts';
import type { ReviewState } from './onboarding.ts';

/** What comes next on the road of a partner. Each word is one act of one side. */
export const STEPS = [
  'connect',
  'invite',
  'join',
  'prove',
  'conform',
  'open-sandbox',
  'read',
  'draw',
  'judge',
  'mend',
  'start-probation',
  'wait',
  'propose',
  'approve',
  'resume',
  'new-key',
  'done',
] as const;
export type Step = (typeof STEPS)[number];
/** Who takes it: the partner itself, an operator at the command line, an officer, an officer who did not propose, or time. */
export const STEP_OWNERS = ['partner', 'operator', 'officer', 'other-officer', 'time', 'nobody'] as const;
export type StepOwner = (typeof STEP_OWNERS)[number];
/** `until`: when time has done its part. `left`: records that nobody has judged. */
export type NextStep = {
  readonly step: Step;
  readonly by: StepOwner;
  readonly until: Date | null;
  readonly left: number | null;
};

export type RoadFacts = {
  readonly state: PartnerState;
  /** Whether it speaks our protocol; others are read from their shop. */
  readonly isNative: boolean;
  readonly invitation:
    | { readonly expiresAt: Date; readonly redeemedAt: Date | null; readonly withdrawnAt: Date | null }
    | undefined;
  /** Whether both lanes were read to their end. */
  readonly isRead: boolean;
  readonly review: ReviewState | undefined;
  readonly probationEnds: Date | undefined;
  readonly hasProposal: boolean;
  /** Whether the key that is pinned was revoked. */
  readonly isKeyRevoked: boolean;
};

const step = (name: Step, by: StepOwner, { until, left }: { until?: Date; left?: number } = {}): NextStep => ({
  step: name,
  by,
  until: until ?? null,
  left: left ?? null,
});

function ofInvited({ isNative, invitation }: RoadFacts, now: Date): NextStep {
  if (!isNative) return step('prove', 'officer');
  // An agreement that an operator wrote down has no code: the key is asked for at once.
  if (!invitation || invitation.redeemedAt || invitation.withdrawnAt) return step('prove', 'officer');
  return invitation.expiresAt > now
    ? step('join', 'partner', { until: invitation.expiresAt })
    : step('invite', 'officer');
}

function ofSandbox({ isRead, review }: RoadFacts): NextStep {
  if (!isRead) return step('read', 'time');
  if (!review) return step('draw', 'officer');
  if (!review.isFinished) return step('judge', 'officer', { left: review.total - review.judged });
  return review.isFit ? step('start-probation', 'officer') : step('mend', 'partner');
}

function ofProbation({ probationEnds, hasProposal }: RoadFacts, now: Date): NextStep {
  if (probationEnds && probationEnds > now) return step('wait', 'time', { until: probationEnds });
  return hasProposal ? step('approve', 'other-officer') : step('propose', 'officer');
}

/** The next step of a partner, and who takes it. */
export function nextStep(facts: RoadFacts, now: Date): NextStep {
  switch (facts.state) {
    case 'inactive':
      return facts.isNative ? step('invite', 'officer') : step('connect', 'operator');
    case 'invited':
      return ofInvited(facts, now);
    case 'proved':
      return facts.isNative ? step('conform', 'partner') : step('open-sandbox', 'officer');
    case 'sandbox':
      return ofSandbox(facts);
    case 'probation':
      return ofProbation(facts, now);
    case 'active':
      return facts.hasProposal ? step('approve', 'other-officer') : step('done', 'nobody');
    case 'suspended':
      return facts.isKeyRevoked ? step('new-key', 'partner') : step('resume', 'officer');
    case 'retired':
      return step('invite', 'officer');
  }
}
