import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import type { Journal } from './journal.ts';
import { journalPages } from './journal-pages.ts';
import type { Shelf } from './shelf.ts';
import type { PriceTable } from './table.ts';
import { tablePages } from './table-pages.ts';

export type StockPageDeps = {
  readonly site: Site;
  readonly shelf: Shelf;
  readonly table: PriceTable;
  readonly journal: Journal;
};
type Row = Awaited<ReturnType<Shelf['list']>>[number];

const stockRow = (view: View, row: Row): SafeHtml => {
  const { t, format, link } = view;
  const field = `stock-${row.variantId}`;
  return html`<li class="line"><div class="wide-cell"><a href="${link(`/san-pham/${row.productSlug}`)}">${row.name}</a>
<p class="small soft">${row.label} · ${row.sku} · ${t('seller.available')}: ${format.integer(row.onHand - row.held)}${row.isLow && html` · <b class="wrong">${t('shelf.low')}</b>`}</p>
<p class="small"><a href="${link(`/ban-hang/kho/${row.variantId}`)}">${t('shelf.journal')}<span class="hidden"> ${row.name} ${row.label}</span></a></p></div>
<form class="row" method="post" action="${link('/ban-hang/kho')}">${csrfField(view.csrf)}<input type="hidden" name="variantId" value="${row.variantId}">
<span class="quantity"><label for="${field}">${t('seller.onHand')}<span class="hidden"> ${row.name} ${row.label}</span></label>
<input id="${field}" name="onHand" type="number" inputmode="numeric" min="${row.held}" max="1000000" value="${row.onHand}" required></span>
<button class="button quiet" type="submit">${t('seller.save')}<span class="hidden"> ${row.name} ${row.label}</span></button></form></li>`;
};

const stockPage = (view: View, rows: readonly Row[], saved: boolean): SafeHtml => {
  const { t } = view;
  return deskLayout(view, 'seller', {
    title: t('seller.stock'),
    part: '/ban-hang/kho',
    body: html`<div class="narrow stack">
${saved && html`<p class="notice good" role="status">${t('seller.saved')}</p>`}<ul>${rows.map((row) => stockRow(view, row))}</ul></div>`,
  });
};

async function save(context: PageContext, shelf: Shelf): Promise<typeof SENT> {
  const { request, field } = context;
  const variantId = field('variantId');
  const onHand = /^\d{1,7}$/.test(field('onHand')) ? Number(field('onHand')) : undefined;
  if (!isId<'Variant'>(variantId) || onHand === undefined)
    throw httpProblem('invalid-request', {
      errors: [{ pointer: '/onHand', detail: 'must be a whole number of 0 or more' }],
    });
  await shelf.count(actorOf(request), ownBusinesses(request), variantId, onHand);
  return seeOther(context, '/ban-hang/kho?luu=1');
}

export const stockPages: FastifyPluginAsync<StockPageDeps> = async (app, { site, shelf, table, journal }) => {
  await app.register(journalPages, { site, journal });
  await app.register(tablePages, { site, table });
  page(app, site, { url: '/ban-hang/kho', access: 'seller' }, async ({ view, request, query }) =>
    stockPage(view, await shelf.list(ownBusinesses(request)), query('luu') === '1'),
  );
  page(app, site, { method: 'POST', url: '/ban-hang/kho', access: 'seller' }, (context) => save(context, shelf));
};
