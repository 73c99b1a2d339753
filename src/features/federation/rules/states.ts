import { refusals } from '#core/problem.ts';
import { federationProblems, PARTNER_STATES, type PartnerState, type Verb } from '../types.ts';

const refuse = refusals(federationProblems);

/** What may follow what. The same table stands in the database (`partner_moves`), where it binds everybody. */
const next: Readonly<Record<PartnerState, readonly PartnerState[]>> = {
  inactive: ['invited'],
  invited: ['proved', 'retired'],
  proved: ['sandbox', 'suspended', 'retired'],
  sandbox: ['probation', 'suspended', 'retired'],
  probation: ['active', 'suspended', 'retired'],
  active: ['suspended', 'retired'],
  suspended: ['proved', 'sandbox', 'probation', 'active', 'retired'],
  // By a new agreement, and then all the way again.
  retired: ['invited'],
};

/** The rows of `partner_moves`, compared with them by a test. */
export const PARTNER_MOVES: readonly (readonly [PartnerState, PartnerState])[] = PARTNER_STATES.flatMap((from) =>
  next[from].map((to) => [from, to] as const),
);

type Standing = { readonly state: PartnerState; readonly resumesTo: PartnerState | null };

/** Refuses a step that is not next. A suspension ends where it began and nowhere else, or for good. */
export function checkMove({ state, resumesTo }: Standing, to: PartnerState): void {
  const isBack = state !== 'suspended' || to === resumesTo || to === 'retired';
  if (!next[state].includes(to) || !isBack) throw refuse('partner-state-forbids', { from: state, to });
}

/** The road of an exchange that is let in, step by step. */
export const ROAD: readonly PartnerState[] = ['inactive', 'invited', 'proved', 'sandbox', 'probation', 'active'];

/** Whose signature is looked at: whoever has an agreement. What it opens is another question. */
export const SPEAKING_STATES: readonly PartnerState[] = ['invited', 'proved', 'sandbox', 'probation', 'active'];
/** Who is read. In the sandbox only to be judged, not to be shown. */
export const READ_STATES: readonly PartnerState[] = ['sandbox', 'probation', 'active'];
/** Whose listings stand in the shop and its search. */
export const SHOWN_STATES: readonly PartnerState[] = ['probation', 'active'];

/** What a state lets happen at all, whatever was granted: on probation goods are shown and bought at home. */
const verbsOf: Readonly<Record<PartnerState, readonly Verb[]>> = {
  inactive: [],
  invited: [],
  proved: [],
  sandbox: ['pull'],
  probation: ['pull', 'push'],
  active: ['pull', 'push', 'quote', 'order', 'relay'],
  suspended: [],
  retired: [],
};

/** Whether a verb is open between a partner and us: by its state, and by what it was granted. */
export const isOpen = (state: PartnerState, granted: readonly Verb[], verb: Verb): boolean =>
  verbsOf[state].includes(verb) && granted.includes(verb);

/** Refuses verbs that were not granted before: one officer takes away, two give. */
export function checkNarrower(granted: readonly Verb[], verbs: readonly Verb[]): void {
  const more = verbs.filter((verb) => !granted.includes(verb));
  if (more.length > 0) throw refuse('grants-need-two', { verbs: more });
}
