import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

/** Pages follow each other by cursor: there is a next one and a first one, and no numbers that would lie. */
export const pager = ({ t }: View, next: string | null, first: string | null): SafeHtml | false =>
  (next !== null || first !== null) &&
  html`<nav class="pager" aria-label="${t('pager.label')}">
${first !== null && html`<a class="button quiet" href="${first}">${t('pager.first')}</a>`}
${next !== null && html`<a class="button" href="${next}" rel="next">${t('pager.next')}</a>`}</nav>`;
