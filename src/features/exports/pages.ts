import type { FastifyPluginAsync } from 'fastify';
import { ownBusinesses } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page, sendFile } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { exportAccess, exportedBusiness, exportTypes } from './routes.ts';
import type { Exports } from './service.ts';
import { EXPORT_FORMATS, EXPORT_TABLES, type ExportTable } from './types.ts';

export type ExportPageDeps = { readonly site: Site; readonly exports: Exports };
const part = '/ban-hang/xuat-du-lieu';

const names: Readonly<Record<ExportTable, MessageKey>> = {
  products: 'exports.products',
  'price-history': 'exports.priceHistory',
  stock: 'exports.stock',
  movements: 'exports.movements',
  certificates: 'exports.certificates',
  orders: 'exports.orders',
  'order-lines': 'exports.orderLines',
  statement: 'exports.statement',
  members: 'exports.members',
};

type Named = Awaited<ReturnType<Exports['listBusinesses']>>;

const links = (view: View, businessId: string): SafeHtml => {
  const { t, link } = view;
  const to = (query: Record<string, string>): string =>
    link(`${part}/tep?${new URLSearchParams({ 'co-so': businessId, ...query })}`);
  return html`<section class="box stack" aria-labelledby="all"><h2 id="all">${t('exports.all')}</h2><p class="row">
<a class="button" href="${to({ dang: 'xlsx' })}">${t('exports.xlsx')}</a><a class="button quiet" href="${to({ dang: 'zip' })}">${t('exports.zip')}</a><a class="button quiet" href="${to({ dang: 'json' })}">${t('exports.json')}</a></p></section>
<section class="stack" aria-labelledby="tables"><h2 id="tables">${t('exports.tables')}</h2><ul class="stack">${EXPORT_TABLES.map(
    (
      table,
    ) => html`<li class="box row sheet-row"><b>${t(names[table])}</b><span class="row"><a href="${to({ dang: 'csv', bang: table })}">CSV<span class="hidden"> ${t(names[table])}</span></a>
<a href="${to({ dang: 'xlsx', bang: table })}">Excel<span class="hidden"> ${t(names[table])}</span></a></span></li>`,
  )}</ul></section>`;
};

function exportPage(view: View, businesses: Named, chosen: string | undefined): SafeHtml {
  const { t, link } = view;
  const options = businesses.map(({ businessId, name }) => ({ value: businessId, label: name }));
  return deskLayout(view, 'seller', {
    title: t('exports.title'),
    part,
    body: html`<div class="narrow stack"><p>${t('exports.lead')}</p>
${
  options.length > 1 &&
  html`<form class="row" method="get" action="${link(part)}">${select({ name: 'co-so', label: t('imports.business'), value: chosen ?? '', required: true }, t('imports.chooseBusiness'), options)}<button class="button quiet" type="submit">${t('exports.choose')}</button></form>`
}
${chosen !== undefined && links(view, chosen)}</div>`,
  });
}

export const exportPages: FastifyPluginAsync<ExportPageDeps> = async (app, { site, exports }) => {
  page(app, site, { url: part, ...exportAccess }, async ({ view, request, query }) => {
    const businesses = await exports.listBusinesses(ownBusinesses(request));
    const [only, another] = businesses;
    const asked = businesses.find(({ businessId }) => businessId === query('co-so'));
    return exportPage(view, businesses, (asked ?? (another ? undefined : only))?.businessId);
  });
  page(app, site, { url: `${part}/tep`, ...exportAccess }, async (context) => {
    const { request, query } = context;
    const own = ownBusinesses(request);
    const format = EXPORT_FORMATS.find((one) => one === query('dang')) ?? 'xlsx';
    const table = EXPORT_TABLES.find((one) => one === query('bang'));
    const bytes = await exports.file(own, {
      businessId: exportedBusiness(own, query('co-so') || undefined),
      format,
      table,
    });
    return sendFile(context, bytes, exportTypes[format], `${table ?? 'xuat-du-lieu'}.${format}`);
  });
};
