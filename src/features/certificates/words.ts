import type { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { kindStamp, stars } from '#web/parts/stars.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type { CertificateKind, CertificateState, RevocationCause } from './types.ts';

const causes: Readonly<Record<RevocationCause, MessageKey>> = {
  fraud: 'certificate.cause.fraud',
  'criteria-lost': 'certificate.cause.criteriaLost',
  'safety-violation': 'certificate.cause.safetyViolation',
  'mark-misused': 'certificate.cause.markMisused',
  'inspection-refused': 'certificate.cause.inspectionRefused',
  ceased: 'certificate.cause.ceased',
  'recorded-in-error': 'certificate.cause.recordedInError',
};
export const causeName = ({ t }: View, cause: RevocationCause | null): string => (cause ? t(causes[cause]) : '');

/** A day of the calendar, `2026-09-15`, as the page writes days. */
export const dayName = ({ format }: View, day: string): string => format.date(new Date(`${day}T00:00:00+07:00`));

/** A certificate ends at the first instant of a day; the day before is the last on which it holds. */
export const lastDayOf = ({ format, t }: View, validUntil: Date | null): string =>
  validUntil ? format.date(new Date(validUntil.getTime() - 1)) : t('certificate.endless');

const states: Readonly<Record<CertificateState, readonly [MessageKey, Tone]>> = {
  submitted: ['certDesk.stateSubmitted', 'wait'],
  verified: ['certDesk.stateVerified', 'good'],
  expired: ['certDesk.stateExpired', 'away'],
  revoked: ['certDesk.stateRevoked', 'bad'],
  rejected: ['certDesk.stateRejected', 'bad'],
};
export const stateName = ({ t }: View, state: CertificateState): string => t(states[state][0]);
export const stateTag = (view: View, state: CertificateState): SafeHtml =>
  html`<span class="tag ${states[state][1]}">${stateName(view, state)}</span>`;

/** The stamp as it would stand on the product. */
export const stampOf = (
  view: View,
  { kind, star }: { readonly kind: CertificateKind; readonly star: number | null },
) => (star === null ? kindStamp(view, kind) : stars(view, star));

/** A refusal in the words of the catalogue: what is wrong, and what to do. */
export const sentenceOf = ({ either }: View, { entry }: Problem): string =>
  either(`${entry.vi[0]}. ${entry.vi[1]}`, `${entry.en[0]}. ${entry.en[1]}`);
