import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { RevocationCause } from './types.ts';

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
