import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

export type CardBusiness = {
  readonly slug: string;
  readonly name: string;
  readonly type: string;
  readonly ward: { readonly name: string } | null;
  readonly addressLine: string | null;
  readonly storyVi: string;
  readonly storyEn: string;
  readonly foundedYear: number | null;
  readonly productCount: number;
};

const kinds: Readonly<Record<string, MessageKey>> = {
  cooperative: 'kind.cooperative',
  enterprise: 'kind.enterprise',
  household: 'kind.household',
  cooperative_group: 'kind.cooperativeGroup',
  farm: 'kind.farm',
};

export const businessKind = ({ t }: View, type: string): string => t(kinds[type] ?? 'kind.household');

/** Who sells and where: the law wants a seller's name and address on every listing (Decree 248/2026 art. 18.1). */
export const sellerPlace = ({ addressLine, ward }: Pick<CardBusiness, 'addressLine' | 'ward'>): string =>
  [addressLine, ward?.name].filter(Boolean).join(', ');

export const businessCard = (view: View, business: CardBusiness): SafeHtml => {
  const { t, either, link } = view;
  return html`<li class="card producer"><div class="text"><p class="by">${businessKind(view, business.type)}</p>
<h3><a href="${link(`/co-so/${business.slug}`)}">${business.name}</a></h3>
<p class="small soft">${sellerPlace(business)}</p>
<p class="story">${either(business.storyVi, business.storyEn)}</p>
<p class="by">${t('business.products', { count: business.productCount })}${business.foundedYear !== null && html` · ${t('business.since', { year: String(business.foundedYear) })}`}</p></div></li>`;
};
