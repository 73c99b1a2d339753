import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type FacetValue = {
  readonly label: string | SafeHtml;
  readonly count: number;
  /** Where choosing it leads, or where leaving it out leads when it is chosen. */
  readonly href: string;
  readonly chosen: boolean;
};
export type Facet = { readonly title: string; readonly values: readonly FacetValue[]; readonly open?: boolean };

/** The list is exchanged in place where scripts run; the link is the same without. */
const inPlace = (href: string): SafeHtml =>
  html`href="${href}" data-hx-get="${href}" data-hx-target="#results" data-hx-select="#results" data-hx-swap="outerHTML" data-hx-push-url="true"`;

/** Values beyond this many wait behind "more": a phone shows the common ones. */
const shownAtOnce = 8;

const entry = ({ t, format }: View, value: FacetValue): SafeHtml =>
  value.chosen
    ? html`<li><a ${inPlace(value.href)} aria-current="true" rel="nofollow"><span class="hidden">${t('facet.remove')} </span>${value.label} <span aria-hidden="true">×</span></a></li>`
    : html`<li><a ${inPlace(value.href)} rel="nofollow">${value.label} <small>${format.integer(value.count)}</small></a></li>`;

const facetList = (view: View, { title, values, open }: Facet): SafeHtml | false => {
  if (values.length === 0) return false;
  const sorted = [...values].sort((one, other) => Number(other.chosen) - Number(one.chosen));
  const rest = sorted.slice(shownAtOnce);
  return html`<details class="facet"${(open || sorted[0]?.chosen) && html` open`}><summary>${title}</summary>
<ul class="pills">${sorted.slice(0, shownAtOnce).map((value) => entry(view, value))}</ul>
${rest.length > 0 && html`<details class="more"><summary>${view.t('facet.more', { count: rest.length })}</summary><ul class="pills">${rest.map((value) => entry(view, value))}</ul></details>`}</details>`;
};

/** Each value is a link that adds or removes it, so that a choice has an address and needs no script. */
export const facetLists = (view: View, facets: readonly Facet[]): SafeHtml =>
  html`<div class="facets">${facets.map((facet) => facetList(view, facet))}</div>`;
