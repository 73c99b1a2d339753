import { html, type SafeHtml } from '#web/html.ts';
import type { View } from '#web/view.ts';
import type { PartnerView } from './desk.ts';
import { ROAD } from './rules/states.ts';
import { stateWords } from './words.ts';

/** How far an exchange has come: the steps of its road, and where it stands now. */
export function standingPart({ t, format }: View, { state, stateSince }: Pick<PartnerView, 'state' | 'stateSince'>) {
  const at = ROAD.indexOf(state);
  const since = t('partners.standing.since', { state: t(stateWords[state]), time: format.date(stateSince) });
  const steps = ROAD.slice(1).map((step, index): SafeHtml => {
    const isNow = index + 1 === at;
    return html`<li class="${index + 1 < at ? 'done' : isNow ? 'now' : ''}"${isNow && html` aria-current="step"`}>${t(stateWords[step])}</li>`;
  });
  return html`<section class="stack"><h2>${t('partners.standing.title')}</h2><p>${since}</p>${at >= 0 && html`<ol class="road">${steps}</ol>`}</section>`;
}
