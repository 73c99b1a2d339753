import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page, seeOther } from '#web/page.ts';
import { input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { FrozenReport, Reports } from './service.ts';
import { periodDays, periodName } from './words.ts';

const root = '/bao-cao';

/** As people type it: any case, with spaces, with long dashes. */
const readNumber = (typed: string): string => typed.toUpperCase().replace(/\s/g, '').replace(/[–—]/g, '-');

const checkForm = ({ t, link }: View, value: string, error?: string): SafeHtml =>
  html`<form class="box stack" method="get" action="${link(root)}">${input({
    name: 'so',
    label: t('periodic.number'),
    hint: t('periodic.checkHint'),
    value,
    error,
    required: true,
    more: html`type="text" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"`,
  })}<button class="button" type="submit">${t('periodic.check')}</button></form>`;

const askPage = (view: View, typed: string, error?: string): SafeHtml =>
  layout(view, {
    title: view.t('periodic.checkTitle'),
    canonical: root,
    body: html`<div class="narrow stack"><h1>${view.t('periodic.checkTitle')}</h1><p class="soft">${view.t('periodic.checkLead')}</p>${checkForm(view, typed, error)}</div>`,
  });

/** No figures and nobody's name: the paper has them, and whoever has no paper is not told. */
function answerPage(view: View, report: FrozenReport): SafeHtml {
  const { t, format, link } = view;
  const { number, replaces, replacedBy } = report;
  const verdict =
    replacedBy === null
      ? html`<p class="notice good"><b>${t('periodic.genuine')}</b> ${t('periodic.stands')}.</p>`
      : html`<p class="notice bad"><b>${t('periodic.outdated')}</b> <a href="${link(`${root}/${replacedBy}`)}">${replacedBy}</a></p>`;
  return layout(view, {
    title: `${t('periodic.checkTitle')} ${number}`,
    body: html`<div class="narrow stack"><h1>${number}</h1>${verdict}
<dl class="facts box"><dt>${t('periodic.period')}</dt><dd>${periodName(view, report)} (${periodDays(view, report)})</dd>
<dt>${t('periodic.hash')}</dt><dd class="hash">${report.sha256}</dd></dl><p>${t('periodic.frozen', { time: format.dateTime(report.frozenAt) })}${
      replaces !== null &&
      html` · <a href="${link(`${root}/${replaces}`)}">${t('periodic.replacesShort', { number: replaces })}</a>`
    }</p>
<p class="soft">${t('periodic.compare')}</p><p class="small soft">${t('periodic.checkStaff')}</p><h2>${t('periodic.checkAgain')}</h2>${checkForm(view, '')}</div>`,
  });
}

/** Open to everybody: papers reach offices that have no account here, and a number tells a stranger nothing. */
export const reportCheckPages: FastifyPluginAsync<{ readonly site: Site; readonly reports: Reports }> = async (
  app,
  { site, reports },
) => {
  const unknown = (view: View, typed: string): SafeHtml => askPage(view, typed, view.t('periodic.unknown'));
  const find = (number: string) =>
    reports.get(number).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 404) return undefined;
      throw error;
    });
  page(app, site, { url: root, access: 'public' }, async (context) => {
    const typed = context.query('so');
    if (typed === '') return askPage(context.view, '');
    const number = readNumber(typed);
    if (await find(number)) return seeOther(context, `${root}/${number}`);
    void context.reply.code(404);
    return unknown(context.view, typed);
  });
  page(app, site, { url: `${root}/:number`, access: 'public' }, async ({ view, param, reply }) => {
    const report = await find(readNumber(param('number')));
    if (report) return answerPage(view, report);
    void reply.code(404);
    return unknown(view, param('number').slice(0, 20));
  });
};
