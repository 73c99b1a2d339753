import { html, type SafeHtml } from '#web/html.ts';
import type { View } from '#web/view.ts';
import type { PartnerView } from './desk.ts';
import { ROAD } from './rules/states.ts';
import { stateWords } from './words.ts';

/** How far an exchange has come: the steps of its road, and where it stands now. */
export function standingPart({ t, format }: View, { state, stateSince }: PartnerView): SafeHtml {
  const at = ROAD.indexOf(state);
  const since = t('partners.standing.since', { state: t(stateWords[state]), time: format.date(stateSince) });
  return html`<section class="stack"><h2>${t('partners.standing.title')}</h2><p>${since}</p>
${
  at >= 0 &&
  html`<ol class="road">${ROAD.slice(1).map((step, index) => html`<li class="${index + 1 < at ? 'done' : index + 1 === at ? 'now' : ''}"${index + 1 === at && html` aria-current="step"`}>${t(stateWords[step])}</li>`)}</ol>`
}</section>`;
}
