import { hourMs } from '#core/clock.ts';
import type { AdapterKind } from '#federation/adapters/adapter.ts';
import type { PullFailureCode } from '#federation/engine/failure.ts';
import type { Preview } from '#federation/engine/preview.ts';
import type { Lane } from '#federation/protocol/record.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { Finding, Tone } from './health.ts';

import type { TwinBasis } from './rules.ts';
import type { PartnerState } from './types.ts';
import type { Why, WhyCode } from './why.ts';

export const laneName = ({ t }: View, lane: Lane): string =>
  t(lane === 'catalogue' ? 'partners.lane.catalogue' : 'partners.lane.offer');

export const toneTag = ({ t }: View, tone: Tone): SafeHtml => {
  const names = {
    good: 'partners.tone.good',
    wait: 'partners.tone.wait',
    bad: 'partners.tone.bad',
    away: 'partners.tone.away',
  } as const satisfies Record<Tone, MessageKey>;
  return html`<span class="tag ${tone}">${t(names[tone])}</span>`;
};

const reasons: Readonly<Record<PullFailureCode, MessageKey>> = {
  unreachable: 'partners.failure.unreachable',
  'timed-out': 'partners.failure.timed-out',
  throttled: 'partners.failure.throttled',
  redirected: 'partners.failure.redirected',
  'too-large': 'partners.failure.too-large',
  'http-status': 'partners.failure.http-status',
  'wrong-content-type': 'partners.failure.wrong-content-type',
  malformed: 'partners.failure.malformed',
  'unverified-answer': 'partners.failure.unverified-answer',
  'schema-drift': 'partners.failure.schema-drift',
  'paging-loop': 'partners.failure.paging-loop',
  'snapshot-mismatch': 'partners.failure.snapshot-mismatch',
  'mass-delete': 'partners.failure.mass-delete',
  'money-drift': 'partners.failure.money-drift',
  'address-refused': 'partners.failure.address-refused',
};
const todos: Readonly<Record<PullFailureCode, MessageKey>> = {
  unreachable: 'partners.todo.unreachable',
  'timed-out': 'partners.todo.timed-out',
  throttled: 'partners.todo.throttled',
  redirected: 'partners.todo.redirected',
  'too-large': 'partners.todo.too-large',
  'http-status': 'partners.todo.http-status',
  'wrong-content-type': 'partners.todo.wrong-content-type',
  malformed: 'partners.todo.malformed',
  'unverified-answer': 'partners.todo.unverified-answer',
  'schema-drift': 'partners.todo.schema-drift',
  'paging-loop': 'partners.todo.paging-loop',
  'snapshot-mismatch': 'partners.todo.snapshot-mismatch',
  'mass-delete': 'partners.todo.mass-delete',
  'money-drift': 'partners.todo.money-drift',
  'address-refused': 'partners.todo.address-refused',
};
export const reasonOf = ({ t }: View, code: PullFailureCode): string => t(reasons[code]);
export const todoOf = ({ t }: View, code: PullFailureCode): string => t(todos[code]);

/** How long ago, in the largest whole unit that a reader thinks in. */
export function ageOf({ t }: View, at: Date, now: Date): string {
  const ms = Math.max(0, now.getTime() - at.getTime());
  if (ms < hourMs) return t('partners.age.minutes', { count: Math.floor(ms / 60_000) });
  const hours = Math.floor(ms / hourMs);
  return hours < 48
    ? t('partners.age.hours', { count: hours })
    : t('partners.age.days', { count: Math.floor(hours / 24) });
}

/** A length of time, in the largest unit that leaves a whole number. */
export function spanOf({ t, format }: View, seconds: number): string {
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return t('partners.span.minutes', { count: format.integer(minutes) });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? t('partners.span.hours', { count: format.integer(hours) })
    : t('partners.span.days', { count: format.integer(Math.round(hours / 24)) });
}

export const kindWords: Readonly<Record<AdapterKind, MessageKey>> = {
  native: 'partners.kind.native',
  vendure: 'partners.kind.shop',
  medusa: 'partners.kind.shop',
  woocommerce: 'partners.kind.shop',
  haravan: 'partners.kind.shop',
  sapo: 'partners.kind.shop',
  magento2: 'partners.kind.shop',
  'google-merchant': 'partners.kind.file',
  csv: 'partners.kind.file',
  'json-ld': 'partners.kind.web',
};

export const stateWords: Readonly<Record<PartnerState, MessageKey>> = {
  inactive: 'partners.state.inactive',
  invited: 'partners.state.invited',
  proved: 'partners.state.proved',
  sandbox: 'partners.state.sandbox',
  probation: 'partners.state.probation',
  active: 'partners.state.active',
  suspended: 'partners.state.suspended',
  retired: 'partners.state.retired',
};

const rejections: Readonly<Record<string, MessageKey>> = {
  'invalid-record': 'partners.reject.invalid-record',
  'wrong-lane': 'partners.reject.wrong-lane',
  'foreign-link': 'partners.reject.foreign-link',
  'rev-conflict': 'partners.reject.rev-conflict',
  'price-jump': 'partners.reject.price-jump',
};
/** Why a record is held back; adapters have reasons of their own, whose code and detail are for technicians. */
export const rejectionOf = ({ t }: View, code: string): string =>
  t(Object.hasOwn(rejections, code) ? (rejections[code] ?? 'partners.reject.other') : 'partners.reject.other', {
    code,
  });

const found: Readonly<Record<Finding['code'], MessageKey>> = {
  'not-introduced': 'partners.find.not-introduced',
  'not-let-in': 'partners.find.not-let-in',
  suspended: 'partners.find.suspended',
  retired: 'partners.find.retired',
  'in-sandbox': 'partners.find.in-sandbox',
  'on-probation': 'partners.find.on-probation',
  'never-pulled': 'partners.find.never-pulled',
  'breaker-open': 'partners.find.breaker-open',
  'backing-off': 'partners.find.backing-off',
  'prices-stale': 'partners.find.prices-stale',
  'lane-held': 'partners.find.lane-held',
  'lane-failed': 'partners.find.lane-failed',
  'lane-late': 'partners.find.lane-late',
  quarantined: 'partners.find.quarantined',
  drifted: 'partners.find.drifted',
  'not-theirs': 'partners.find.not-theirs',
  'key-old': 'partners.find.key-old',
  'key-ending': 'partners.find.key-ending',
};

/** What there is to know, in a sentence; and under it what to do, where somebody must. */
export function findingText(view: View, finding: Finding): SafeHtml {
  const { t, format } = view;
  const todo = (code: PullFailureCode): SafeHtml =>
    html`<br><span class="small">${t('partners.do', { text: todoOf(view, code) })}</span>`;
  switch (finding.code) {
    case 'breaker-open':
    case 'backing-off':
    case 'prices-stale':
    case 'key-ending':
      return html`${t(found[finding.code], { time: format.dateTime(finding.at) })}`;
    case 'lane-held':
    case 'lane-failed': {
      const values = { lane: laneName(view, finding.lane), reason: reasonOf(view, finding.failure) };
      return html`${t(found[finding.code], values)}.${todo(finding.failure)}`;
    }
    case 'lane-late': {
      const lane = laneName(view, finding.lane);
      return html`${
        finding.at
          ? t(found['lane-late'], { lane, time: format.dateTime(finding.at) })
          : t('partners.find.lane-never', { lane })
      }`;
    }
    case 'quarantined':
    case 'drifted':
    case 'not-theirs':
    case 'key-old':
      return html`${t(found[finding.code], { count: format.integer(finding.count) })}`;
    default:
      return html`${t(found[finding.code])}`;
  }
}

export const previewWords: Readonly<Record<keyof Preview['lanes'][number]['counts'], MessageKey>> = {
  fresh: 'partners.preview.fresh',
  changed: 'partners.preview.changed',
  same: 'partners.preview.same',
  gone: 'partners.preview.gone',
  refused: 'partners.preview.refused',
  foreign: 'partners.preview.foreign',
};
/** What decided about a listing. */
export const whyWords: Readonly<Record<WhyCode, MessageKey>> = {
  'partner-not-active': 'partners.why.partner-not-active',
  'never-came': 'partners.why.never-came',
  'withdrawn-there': 'partners.why.withdrawn-there',
  'hidden-here': 'partners.why.hidden-here',
  'taken-down': 'partners.why.taken-down',
  'no-offer': 'partners.why.no-offer',
  'unknown-category': 'partners.why.unknown-category',
  'producer-not-shown': 'partners.why.producer-not-shown',
  'not-shown-yet': 'partners.why.not-shown-yet',
  shown: 'partners.why.shown',
};
/** The same questions, answered well; the last of them has no further one. */
export const passedWords: Readonly<Record<Exclude<WhyCode, 'shown'>, MessageKey>> = {
  'partner-not-active': 'partners.why.pass.partner-not-active',
  'never-came': 'partners.why.pass.never-came',
  'withdrawn-there': 'partners.why.pass.withdrawn-there',
  'hidden-here': 'partners.why.pass.hidden-here',
  'taken-down': 'partners.why.pass.taken-down',
  'no-offer': 'partners.why.pass.no-offer',
  'unknown-category': 'partners.why.pass.unknown-category',
  'producer-not-shown': 'partners.why.pass.producer-not-shown',
  'not-shown-yet': 'partners.why.pass.not-shown-yet',
};
export const noteWords: Readonly<Record<Why['notes'][number], MessageKey>> = {
  quarantined: 'partners.why.note.quarantined',
  'prices-stale': 'partners.why.note.prices-stale',
};
export const basisWords: Readonly<Record<TwinBasis, MessageKey>> = {
  gtin: 'partners.twins.basis.gtin',
  name: 'partners.twins.basis.name',
  decision: 'partners.twins.basis.decision',
};
