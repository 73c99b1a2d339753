import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

/** The rank as a stamp. Readers hear "OCOP 4 sao" instead of four glyphs. */
export const stars = ({ t }: View, star: number | null): SafeHtml | false =>
  star !== null &&
  html`<span class="stars" role="img" aria-label="${t('stars.label', { count: star })}">OCOP <i>${'★'.repeat(star)}</i></span>`;

type Claimed = {
  readonly star: number | null;
  readonly partner: { readonly name: string; readonly claimedStar: number | null } | null;
};

/** What another exchange says of stars, in its name and without the sign: no decision that we know of stands behind it. */
export const claim = ({ t }: View, { star, partner }: Claimed): SafeHtml | false =>
  star === null &&
  partner !== null &&
  partner.claimedStar !== null &&
  html`<p class="small soft">${t('partner.claims', { count: partner.claimedStar, name: partner.name })}</p>`;

const kinds: Readonly<Record<string, MessageKey>> = {
  ocop: 'certificate.kind.ocop',
  gi: 'certificate.kind.gi',
  vietgap: 'certificate.kind.vietgap',
  organic: 'certificate.kind.organic',
  'food-safety': 'certificate.kind.foodSafety',
};
/** What a kind of certificate is called; a kind that nobody named shows itself. */
export const kindName = ({ t }: View, kind: string): string => {
  const key = kinds[kind];
  return key ? t(key) : kind;
};

/** A certificate without stars, as a small stamp. */
export const kindStamp = (view: View, kind: string): SafeHtml =>
  html`<span class="kind-stamp">${kindName(view, kind)}</span>`;

export type CertificateLine = {
  readonly code: string;
  readonly kind: string;
  readonly star: number | null;
  readonly decisionNumber: string;
  /** From this instant on it has lapsed; null: never. */
  readonly validUntil: string | null;
};

/** "OCOP 4 sao, QĐ số 9113/QĐ-UBND, đến 09/2029", leading to the certificate itself. */
export const certificateBadge = (view: View, certificate: CertificateLine): SafeHtml => {
  const { t, format, link } = view;
  const { code, kind, star, decisionNumber: number, validUntil } = certificate;
  // A certificate ends at the first instant of a day; the day before is the last on which it holds.
  const until = validUntil === null ? '' : format.month(new Date(Date.parse(validUntil) - 1));
  const words = kind === 'ocop' ? 'stars.decision' : until === '' ? 'stars.numberEndless' : 'stars.number';
  return html`<a class="certificate" href="${link(`/chung-nhan/${code}`)}">${star === null ? kindStamp(view, kind) : stars(view, star)}
<span>${t(words, { number, until })}</span></a>`;
};
