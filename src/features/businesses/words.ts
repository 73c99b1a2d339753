import { startOfLocalDay } from '#core/clock.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type {
  BusinessState,
  InvitedRole,
  MeasureGround,
  MeasureKind,
  PaperKind,
  PaperNeed,
  ReviewVerdict,
  Step,
} from './types.ts';

const tones: Readonly<Record<BusinessState, Tone>> = {
  draft: 'wait',
  submitted: 'wait',
  approved: 'good',
  rejected: 'bad',
  suspended: 'bad',
  closed: 'away',
};
const stateNames: Readonly<Record<BusinessState, MessageKey>> = {
  draft: 'apply.state.draft',
  submitted: 'apply.state.submitted',
  approved: 'apply.state.approved',
  rejected: 'apply.state.rejected',
  suspended: 'apply.state.suspended',
  closed: 'apply.state.closed',
};
export const stateName = ({ t }: View, state: BusinessState): string => t(stateNames[state]);
export const stateTag = (view: View, state: BusinessState): SafeHtml =>
  html`<span class="tag ${tones[state]}">${stateName(view, state)}</span>`;

const paperNames: Readonly<Record<PaperKind, MessageKey>> = {
  registration: 'paper.registration',
  'personal-id': 'paper.personal-id',
  'food-safety': 'paper.food-safety',
  'self-declaration': 'paper.self-declaration',
  'test-report': 'paper.test-report',
  'ocop-decision': 'paper.ocop-decision',
};
export const paperName = ({ t }: View, kind: PaperKind): string => t(paperNames[kind]);

export const stepNames: Readonly<Record<Step, MessageKey>> = {
  who: 'apply.who',
  where: 'apply.where',
  papers: 'apply.papers',
  bank: 'apply.bank',
  product: 'apply.product',
  preview: 'apply.preview',
};
export const needNames: Readonly<Record<PaperNeed, MessageKey>> = {
  required: 'apply.need.required',
  food: 'apply.need.food',
  optional: 'apply.need.optional',
};
export const measureNames: Readonly<Record<MeasureKind, MessageKey>> = {
  suspension: 'mine.measure.suspension',
  closure: 'mine.measure.closure',
};
export const groundNames: Readonly<Record<MeasureGround, MessageKey>> = {
  authority: 'measure.ground.authority',
  notice: 'measure.ground.notice',
  'own-wish': 'measure.ground.own-wish',
};
export const verdictNames: Readonly<Record<ReviewVerdict, MessageKey>> = {
  approved: 'review.verdict.approved',
  'changes-requested': 'review.verdict.changes-requested',
  rejected: 'review.verdict.rejected',
};
export const roleNames: Readonly<Record<InvitedRole, MessageKey>> = {
  owner: 'members.role.owner',
  manager: 'members.role.manager',
  packer: 'members.role.packer',
};
export const dayName = ({ format }: View, day: string): string => format.date(startOfLocalDay(day));
export const isDay = (text: string): boolean => {
  try {
    startOfLocalDay(text);
    return true;
  } catch {
    return false;
  }
};
