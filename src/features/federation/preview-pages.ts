import type { FastifyPluginAsync } from 'fastify';
import type { Preview } from '#federation/engine/preview.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { errorSummary } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { type Fault, faultsOf, type PartnerPageDeps, partnersPath } from './desk-parts.ts';
import { laneName, previewWords, reasonOf, rejectionOf, todoOf } from './words.ts';

const names = ['fresh', 'changed', 'same', 'gone', 'refused', 'foreign'] as const;
/** Names of our product sets by the codes that partners send. */
type Sets = ReadonlyMap<string, string>;

function laneBox(view: View, { lane, counts, isWhole, failure }: Preview['lanes'][number]): SafeHtml {
  const { t, format } = view;
  return html`<li class="box stack"><h2 class="small-title">${laneName(view, lane)}</h2>
${(!failure || names.some((name) => counts[name] > 0)) && html`<dl class="facts numbers">${names.map((name) => html`<dt>${t(previewWords[name])}</dt><dd>${name === 'gone' && !isWhole ? '–' : format.integer(counts[name])}</dd>`)}</dl>`}
${failure && html`<p class="notice bad">${t('partners.preview.failed', { reason: reasonOf(view, failure.code) })} ${t('partners.do', { text: todoOf(view, failure.code) })}</p>`}
${!failure && !isWhole && html`<p class="notice wait">${t('partners.preview.part')}</p>`}</li>`;
}

function sampleItem(view: View, sets: Sets, { listing, offer, isNew }: Preview['sample'][number]): SafeHtml {
  const { t, format } = view;
  const set = sets.get(listing.categoryCode);
  return html`<li><b>${listing.title.vi}</b> <span class="tag ${isNew ? 'good' : 'wait'}">${t(isNew ? 'partners.preview.fresh' : 'partners.preview.changed')}</span>
<p class="small">${listing.producer.name}</p>
<p class="small">${t('partners.preview.category')}: ${set ?? html`<span class="wrong">${t('partners.preview.noCategory', { code: listing.categoryCode })}</span>`}</p>
<p>${offer ? format.vnd(offer.price.amount) : html`<span class="wrong">${t('partners.preview.noPrice')}</span>`}</p></li>`;
}

const refusedItem = (view: View, { lane, sourceId, reason, detail }: Preview['refused'][number]): SafeHtml =>
  html`<li><b>${rejectionOf(view, reason)}</b> <span class="tag away">${laneName(view, lane)}</span>
<p class="small soft hash">${sourceId}</p><p class="small hash"><code>${reason}</code> ${detail}</p></li>`;

function result(view: View, preview: Preview, sets: Sets): SafeHtml {
  const { t, format } = view;
  const { lanes, sample, refused } = preview;
  return html`<ul class="partners">${lanes.map((lane) => laneBox(view, lane))}</ul>
${
  sample.length > 0
    ? html`<h2>${t('partners.preview.sample', { count: format.integer(sample.length) })}</h2><ul class="sheet-rows">${sample.map((one) => sampleItem(view, sets, one))}</ul>`
    : lanes.every(({ failure }) => !failure) && html`<p>${t('partners.preview.nothing')}</p>`
}${refused.length > 0 && html`<h2>${t('partners.preview.refusedList')}</h2><ul class="sheet-rows">${refused.map((one) => refusedItem(view, one))}</ul>`}`;
}

async function show(context: PageContext, { partnerDesk, products }: PartnerPageDeps): Promise<SafeHtml> {
  const { view, param, query, reply } = context;
  const { t, link } = view;
  const partner = await partnerDesk.getPartner(param('key'));
  const path = link(`${partnersPath}/${partner.key}`);
  const name = view.either(partner.nameVi, partner.nameEn);
  const isAsked = query('hoi') === '1';
  let preview: Preview | undefined;
  let faults: readonly Fault[] = [];
  try {
    preview = isAsked ? await partnerDesk.preview(partner.key) : undefined;
  } catch (error) {
    const fault = faultsOf(context, error);
    void reply.code(fault.status);
    faults = fault.faults;
  }
  const sets = new Map((await products.listCategories()).map((set) => [set.slug, view.either(set.nameVi, set.nameEn)]));
  return deskLayout(view, 'staff', {
    title: t('partners.preview.title', { name }),
    part: partnersPath,
    body: html`<div class="stack">${errorSummary(t('partners.faults'), faults)}<p class="soft">${t('partners.preview.intro')}</p>
<form method="get" action="${path}/xem-thu"><button class="button" type="submit" name="hoi" value="1">${t(preview ? 'partners.preview.again' : 'partners.preview.start')}</button></form>
${preview && result(view, preview, sets)}<p><a class="tall" href="${path}">${name}</a></p></div>`,
  });
}

export const previewPages: FastifyPluginAsync<PartnerPageDeps> = async (app, deps) => {
  const url = `${partnersPath}/:key/xem-thu`;
  page(app, deps.site, { access: 'staff', url }, (context) => show(context, deps));
};
