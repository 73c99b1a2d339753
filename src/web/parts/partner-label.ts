import { hourMs } from '#core/clock.ts';
import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type PartnerOf = { readonly name: string; readonly priceAsOf: string | null; readonly priceStale?: boolean };

/** How old a partner's price is, in the largest whole unit that a reader thinks in. */
export function priceAge({ t }: View, priceAsOf: string, now: Date): string {
  const hours = Math.max(0, Math.floor((now.getTime() - Date.parse(priceAsOf)) / hourMs));
  if (hours < 1) return t('partner.ageMinutes');
  return hours < 48 ? t('partner.ageHours', { count: hours }) : t('partner.ageDays', { count: Math.floor(hours / 24) });
}

/** Whose goods these are when they are not ours, and how old the price is. */
export const partnerLabel = (view: View, partner: PartnerOf | null, now: Date): SafeHtml | false =>
  partner !== null &&
  html`<span class="tag away">${partner.name}${
    partner.priceAsOf !== null &&
    html` · ${priceAge(view, partner.priceAsOf, now)}${partner.priceStale && html`, ${view.t('partner.confirmPrice')}`}`
  }</span>`;
