import { localDate } from '#core/clock.ts';
import type { BusinessType } from '#features/businesses/types.ts';
import type { CertificateKind } from '#features/certificates/types.ts';
import type { ComplaintKind } from '#features/complaints/types.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { PaymentWay, Period } from './types.ts';

/** Whatever is written in one language: a page, or a file that nobody opens in a browser. */
export type Tongue = Pick<View, 't' | 'format' | 'locale'>;
type Names<Of extends string> = Readonly<Record<Of, MessageKey>>;

export const typeNames: Names<BusinessType> = {
  cooperative: 'kind.cooperative',
  enterprise: 'kind.enterprise',
  household: 'kind.household',
  cooperative_group: 'kind.cooperativeGroup',
  farm: 'kind.farm',
};
export const complaintNames: Names<ComplaintKind> = {
  late: 'complaint.kind.late',
  'not-received': 'complaint.kind.not-received',
  'wrong-item': 'complaint.kind.wrong-item',
  damaged: 'complaint.kind.damaged',
  quality: 'complaint.kind.quality',
  unsafe: 'complaint.kind.unsafe',
  'false-description': 'complaint.kind.false-description',
  behaviour: 'complaint.kind.behaviour',
  other: 'complaint.kind.other',
};
export const certificateNames: Names<CertificateKind> = {
  ocop: 'certificate.kind.ocop',
  gi: 'certificate.kind.gi',
  vietgap: 'certificate.kind.vietgap',
  organic: 'certificate.kind.organic',
  'food-safety': 'certificate.kind.foodSafety',
};
export const wayNames: Names<PaymentWay> = {
  vietqr: 'periodic.way.vietqr',
  stripe: 'periodic.way.stripe',
  vnpay: 'periodic.way.vnpay',
  partner: 'periodic.way.partner',
  'direct-feed': 'periodic.way.direct-feed',
  'direct-told': 'periodic.way.direct-told',
};

const roman = ['I', 'II', 'III', 'IV'] as const;

/** `Quý III năm 2026` */
export function periodName({ t }: Pick<Tongue, 't'>, { kind, startsAt }: Pick<Period, 'kind' | 'startsAt'>): string {
  const [year = '', month = ''] = localDate(startsAt).split('-');
  if (kind === 'year') return t('periodic.year', { year });
  if (kind === 'month') return t('periodic.month', { month: Number(month), year });
  return t('periodic.quarter', { quarter: roman[Math.ceil(Number(month) / 3) - 1] ?? '', year });
}

/** `từ 01/07/2026 đến hết 30/09/2026` */
export const periodDays = (
  { t, format }: Pick<Tongue, 't' | 'format'>,
  { startsAt, endsAt }: Pick<Period, 'startsAt' | 'endsAt'>,
): string => t('periodic.days', { from: format.date(startsAt), to: format.date(new Date(endsAt.getTime() - 1)) });

/** `ngày 5 tháng 10 năm 2026`, as papers of offices are dated. */
export function paperDate({ t }: Pick<Tongue, 't'>, at: Date): string {
  const [year = '', month = '', day = ''] = localDate(at).split('-');
  // One digit of a day or of January and February could be made another by a pen: offices write a nought before it.
  return t('periodic.dated', { day, month: Number(month) < 3 ? month : Number(month), year });
}
