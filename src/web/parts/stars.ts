import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

/** The rank as a stamp. Readers hear "OCOP 4 sao" instead of four glyphs. */
export const stars = ({ t }: View, star: number | null): SafeHtml | false =>
  star !== null &&
  html`<span class="stars" role="img" aria-label="${t('stars.label', { count: star })}">OCOP <i>${'★'.repeat(star)}</i></span>`;

export type CertificateLine = {
  readonly code: string;
  readonly star: number | null;
  readonly decisionNumber: string;
  readonly validUntil: string;
};

/** "OCOP 4 sao, QĐ số 9113/QĐ-UBND, đến 09/2029", leading to the certificate itself. */
export const certificateBadge = (view: View, certificate: CertificateLine): SafeHtml => {
  const { t, format, link } = view;
  // A certificate ends at the first instant of a day; the day before is the last on which it holds.
  const lastDay = new Date(Date.parse(certificate.validUntil) - 1);
  return html`<a class="certificate" href="${link(`/chung-nhan/${certificate.code}`)}">${stars(view, certificate.star)}
<span>${t('stars.decision', { number: certificate.decisionNumber, until: format.month(lastDay) })}</span></a>`;
};
