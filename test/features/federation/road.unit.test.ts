import { expect, test } from 'vitest';
import { nextStep, type RoadFacts } from '#features/federation/rules/next-step.ts';
import { reviewState } from '#features/federation/rules/onboarding.ts';
import { checkNarrower } from '#features/federation/rules/states.ts';
import { days } from '#test/support/clock.ts';

const now = new Date('2026-11-27T08:00:00Z');
const inDays = (count: number): Date => new Date(now.getTime() + days(count));
const bare: RoadFacts = {
  state: 'inactive',
  isNative: true,
  invitation: undefined,
  isRead: false,
  review: undefined,
  probationEnds: undefined,
  hasProposal: false,
  isKeyRevoked: false,
};
const sent = { expiresAt: inDays(2), redeemedAt: null, withdrawnAt: null };
const judged = (...verdicts: readonly ('fit' | 'unfit' | null)[]) =>
  reviewState(verdicts.map((verdict) => ({ verdict })));

const cases: readonly (readonly [string, Partial<RoadFacts>, string, string])[] = [
  ['is known by name', {}, 'invite', 'officer'],
  ['is a shop that is known by name', { isNative: false }, 'connect', 'operator'],
  ['has a code', { state: 'invited', invitation: sent }, 'join', 'partner'],
  ['let its code expire', { state: 'invited', invitation: { ...sent, expiresAt: inDays(-1) } }, 'invite', 'officer'],
  ['was written down by an operator', { state: 'invited' }, 'prove', 'officer'],
  ['is a shop with an address', { state: 'invited', isNative: false }, 'prove', 'officer'],
  ['proved its key', { state: 'proved' }, 'conform', 'partner'],
  ['is a shop that can be read', { state: 'proved', isNative: false }, 'open-sandbox', 'officer'],
  ['is not read yet', { state: 'sandbox' }, 'read', 'time'],
  ['was read', { state: 'sandbox', isRead: true }, 'draw', 'officer'],
  ['has a sample', { state: 'sandbox', isRead: true, review: judged('fit', null) }, 'judge', 'officer'],
  ['has a bad sample', { state: 'sandbox', isRead: true, review: judged('fit', 'unfit') }, 'mend', 'partner'],
  ['has a good sample', { state: 'sandbox', isRead: true, review: judged('fit') }, 'start-probation', 'officer'],
  ['is tried', { state: 'probation', probationEnds: inDays(3) }, 'wait', 'time'],
  ['was tried', { state: 'probation', probationEnds: inDays(-1) }, 'propose', 'officer'],
  ['was proposed', { state: 'probation', probationEnds: inDays(-1), hasProposal: true }, 'approve', 'other-officer'],
  ['is let in', { state: 'active' }, 'done', 'nobody'],
  ['is proposed for more', { state: 'active', hasProposal: true }, 'approve', 'other-officer'],
  ['is suspended', { state: 'suspended' }, 'resume', 'officer'],
  ['lost its key', { state: 'suspended', isKeyRevoked: true }, 'new-key', 'partner'],
  ['ended', { state: 'retired' }, 'invite', 'officer'],
];
test.each(cases)('who %s', (_who, facts, step, by) => {
  expect(nextStep({ ...bare, ...facts }, now)).toMatchObject({ step, by });
});

test('what is left and until when is told with the step', () => {
  expect(nextStep({ ...bare, state: 'invited', invitation: sent }, now).until).toEqual(sent.expiresAt);
  const review = judged('fit', null, null);
  expect(nextStep({ ...bare, state: 'sandbox', isRead: true, review }, now).left).toBe(2);
});

test('one officer takes verbs away and gives none', () => {
  expect(() => checkNarrower(['pull', 'push'], ['pull'])).not.toThrow();
  expect(() => checkNarrower(['pull'], [])).not.toThrow();
  expect(() => checkNarrower(['pull'], ['pull', 'order'])).toThrow(/grants-need-two/);
});
