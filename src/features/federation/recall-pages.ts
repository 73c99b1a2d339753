import type { FastifyPluginAsync } from 'fastify';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import { RECALLS_SHOWN, recallReaders } from './recall-routes.ts';
import type { Federation } from './service.ts';
import type { RecallReason } from './types.ts';
import type { RecallSend, RecallView } from './views/recalls.ts';

const path = '/quan-tri/thu-hoi';
const reasons: Readonly<Record<RecallReason, MessageKey>> = {
  'taken-down': 'recall.takenDown',
  'star-lost': 'recall.starLost',
};

function sendLine({ t, format }: View, { partner, acknowledgedAt, tries, fault }: RecallSend): SafeHtml {
  const said = acknowledgedAt
    ? html`<span class="tag good">${t('recall.done', { time: format.dateTime(acknowledgedAt) })}</span>`
    : html`<span class="tag bad">${t(tries === 0 ? 'recall.untried' : 'recall.waiting', { count: String(tries) })}</span>`;
  return html`<li class="row"><b>${partner}</b>${said}${fault && html`<span class="small soft">${fault}</span>`}</li>`;
}

/** How many have acknowledged, and how long the slowest took. */
function verdict({ t }: View, sends: readonly RecallSend[]): SafeHtml {
  if (sends.length === 0) return html`<p class="soft">${t('recall.noPartners')}</p>`;
  const took = sends.flatMap(({ tookSeconds }) => (tookSeconds === null ? [] : [tookSeconds]));
  const counts = { done: String(took.length), all: String(sends.length) };
  const slowest = took.length > 0 && t('recall.slowest', { seconds: String(Math.ceil(Math.max(...took))) });
  return html`<p class="notice ${took.length === sends.length ? 'good' : 'wait'}">${t('recall.count', counts)}${slowest && html` ${slowest}`}</p>`;
}

const recallBox = (view: View, { product, reason, openedAt, sends }: RecallView): SafeHtml =>
  html`<li class="box stack"><h2>${product}</h2><p>${view.t(reasons[reason])} <span class="small soft">${view.format.dateTime(openedAt)}</span></p>
${verdict(view, sends)}${sends.length > 0 && html`<details${sends.some(({ acknowledgedAt }) => !acknowledgedAt) && html` open`}><summary>${view.t('recall.each')}</summary><ul class="stack">${sends.map((send) => sendLine(view, send))}</ul></details>`}</li>`;

type Options = { readonly site: Site; readonly federation: Pick<Federation, 'listRecalls'> };

/** What partners were told to drop at once, and when each of them did. */
export const recallPages: FastifyPluginAsync<Options> = async (app, { site, federation }) => {
  page(app, site, { url: path, access: 'staff', roles: recallReaders }, async ({ view }) => {
    const recalls = await federation.listRecalls(RECALLS_SHOWN);
    const { t } = view;
    return deskLayout(view, 'staff', {
      title: t('recall.title'),
      part: path,
      body: html`<div class="narrow stack"><p class="soft">${t('recall.lead')}</p>${recalls.length === 0 ? html`<p>${t('recall.none')}</p>` : html`<ul class="stack">${recalls.map((one) => recallBox(view, one))}</ul>`}</div>`,
    });
  });
};
