import type { FastifyPluginAsync } from 'fastify';
import { type Clock, localDate } from '#core/clock.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { page, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { taxRoles } from './routes.ts';
import { monthOf } from './rules.ts';
import type { Tax } from './service.ts';
import { TAX_FILE_FORMATS } from './types.ts';

export type TaxPageDeps = { readonly site: Site; readonly tax: Tax; readonly now: Clock };
type Month = Awaited<ReturnType<Tax['listMonths']>>[number];
const root = '/quan-tri/thue';

function monthBox(view: View, { month, sellers, vatVnd, pitVnd, file }: Month, thisMonth: string): SafeHtml {
  const { t, format, link } = view;
  const [year = '', number = ''] = month.split('-');
  const freeze = html`<form method="post" action="${link(root)}">${csrfField(view.csrf)}<input type="hidden" name="month" value="${month}"><button class="button" type="submit">${t('tax.freeze')}<span class="hidden"> ${month}</span></button></form>`;
  return html`<li class="box stack"><h2 class="small-title">${t('tax.month', { month: `${number}/${year}` })}</h2>
<dl class="facts"><dt>${t('tax.sellers')}</dt><dd>${sellers}</dd><dt>${t('tax.vat')}</dt><dd>${format.vnd(vatVnd)}</dd><dt>${t('tax.pit')}</dt><dd>${format.vnd(pitVnd)}</dd></dl>
${
  file
    ? html`<p class="tag good">${t('tax.frozen', { number: file.number, time: format.dateTime(file.frozenAt) })}</p><p class="small hash">${file.sha256}</p>
<p class="row">${TAX_FILE_FORMATS.map((one) => html`<a class="button quiet" href="/v1/staff/tax-files/${month}?format=${one}">${one.toUpperCase()}<span class="hidden"> ${month}</span></a>`)}</p><p class="small soft">${t('tax.reading')}</p>`
    : month < thisMonth
      ? freeze
      : html`<p class="tag wait">${t('tax.open')}</p>`
}</li>`;
}

export const taxPages: FastifyPluginAsync<TaxPageDeps> = async (app, { site, tax, now }) => {
  const spec = { access: 'staff', roles: taxRoles } as const;
  page(app, site, { ...spec, url: root }, async ({ view }) => {
    const { t } = view;
    const months = await tax.listMonths();
    const thisMonth = monthOf(localDate(now()));
    return deskLayout(view, 'staff', {
      title: t('tax.title'),
      part: root,
      body: html`<div class="narrow stack"><p class="soft">${t('tax.lead')}</p>${
        months.length > 0
          ? html`<ul class="stack">${months.map((month) => monthBox(view, month, thisMonth))}</ul>`
          : html`<p>${t('tax.none')}</p>`
      }</div>`,
    });
  });
  page(app, site, { ...spec, method: 'POST', url: root }, async (context) => {
    await tax.freeze(byOf(context.request), context.field('month'));
    return seeOther(context, root);
  });
};
