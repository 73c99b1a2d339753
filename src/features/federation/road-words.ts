import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { Road } from './road.ts';
import type { NextStep, Step, StepOwner } from './rules/next-step.ts';
import type { ConformanceLevel, Verb } from './types.ts';

const steps: Readonly<Record<Step, MessageKey>> = {
  connect: 'road.step.connect',
  invite: 'road.step.invite',
  join: 'road.step.join',
  prove: 'road.step.prove',
  conform: 'road.step.conform',
  'open-sandbox': 'road.step.open-sandbox',
  read: 'road.step.read',
  draw: 'road.step.draw',
  judge: 'road.step.judge',
  mend: 'road.step.mend',
  'start-probation': 'road.step.start-probation',
  wait: 'road.step.wait',
  propose: 'road.step.propose',
  approve: 'road.step.approve',
  resume: 'road.step.resume',
  'new-key': 'road.step.new-key',
  done: 'road.step.done',
};
const owners: Readonly<Record<StepOwner, MessageKey>> = {
  partner: 'road.by.partner',
  operator: 'road.by.operator',
  officer: 'road.by.officer',
  'other-officer': 'road.by.other-officer',
  time: 'road.by.time',
  nobody: 'road.by.nobody',
};
export const stepText = ({ t, format }: View, { step, left }: NextStep): string =>
  t(steps[step], { count: format.integer(left ?? 0) });
export const ownerText = ({ t }: View, { by }: NextStep): string => t(owners[by]);

export const verbWords: Readonly<Record<Verb, MessageKey>> = {
  pull: 'road.verb.pull',
  push: 'road.verb.push',
  quote: 'road.verb.quote',
  order: 'road.verb.order',
  relay: 'road.verb.relay',
};
export const verbsText = ({ t }: View, verbs: readonly Verb[]): string =>
  verbs.map((verb) => t(verbWords[verb])).join('; ');

export const levelWords: Readonly<Record<ConformanceLevel, MessageKey>> = {
  bronze: 'road.level.bronze',
  silver: 'road.level.silver',
  gold: 'road.level.gold',
};

/** Whoever acted, in words: by name where it is one of ours. */
export function actorText({ t }: View, { names }: Pick<Road, 'names'>, actor: string): string {
  if (actor.startsWith('account:')) return names.get(actor) ?? t('road.actor.officer');
  if (actor.startsWith('partner:')) return t('road.actor.partner');
  if (actor === 'system:demo') return t('road.actor.demo');
  return t(actor === 'operator' ? 'road.actor.operator' : 'road.actor.system');
}
