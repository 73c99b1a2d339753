import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

const names: Readonly<Record<string, MessageKey>> = {
  relevance: 'sort.relevance',
  newest: 'sort.newest',
  price: 'sort.price',
  '-price': 'sort.priceDown',
  name: 'sort.name',
};

/** Orders as links: the current one is marked, each has an address. */
export const sortLinks = (
  { t }: View,
  sorts: readonly string[],
  current: string,
  address: (sort: string) => string,
): SafeHtml =>
  html`<nav class="sorts" aria-label="${t('sort.label')}"><span aria-hidden="true">${t('sort.label')}</span>${sorts.map(
    (sort) =>
      html`<a href="${address(sort)}" rel="nofollow"${sort === current && html` aria-current="true"`}>${t(names[sort] ?? 'sort.newest')}</a>`,
  )}</nav>`;
