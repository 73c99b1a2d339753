import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { actorOf, ownBusinesses } from '#http/access.ts';
import { httpProblem } from '#http/problems.ts';
import { faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
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

/** A count that was not taken, as it was typed. */
type Refused = { readonly variantId: string; readonly typed: string; readonly message: string };

const stockRow = (view: View, row: Row, refused: Refused | undefined): SafeHtml => {
  const { t, format, link } = view;
  const field = `stock-${row.variantId}`;
  const fault = refused?.variantId === row.variantId ? refused : undefined;
  return html`<li class="person"><div><a href="${link(`/san-pham/${row.productSlug}`)}">${row.name}</a>
<p class="small soft">${row.label} · ${row.sku} · ${t('seller.available')}: ${format.integer(row.onHand - row.held)}${row.isLow && html` · <b class="wrong">${t('shelf.low')}</b>`}</p>
${fault && html`<p class="wrong" id="${field}-error">${fault.message}</p>`}</div>
<form class="row" novalidate method="post" action="${link('/ban-hang/kho')}">${csrfField(view.csrf)}<input type="hidden" name="variantId" value="${row.variantId}">
<span class="field few"><label for="${field}">${t('seller.onHand')}<span class="hidden"> ${row.name} ${row.label}</span></label>
<input id="${field}" name="onHand" type="number" inputmode="numeric" min="${row.held}" max="1000000" value="${fault?.typed ?? row.onHand}" required${fault && html` aria-invalid="true" aria-describedby="${field}-error"`}></span>
<button class="button quiet" type="submit">${t('seller.save')}<span class="hidden"> ${row.name} ${row.label}</span></button>
<a class="button quiet" href="${link(`/ban-hang/kho/${row.variantId}`)}">${t('shelf.journal')}<span class="hidden"> ${row.name} ${row.label}</span></a></form></li>`;
};

const stockPage = (view: View, rows: readonly Row[], saved: boolean, refused?: Refused): SafeHtml => {
  const { t, link } = view;
  return deskLayout(view, 'seller', {
    title: t('seller.stock'),
    part: '/ban-hang/kho',
    body: html`<div class="narrow stack">
${saved && html`<p class="notice good" role="status">${t('seller.saved')}</p>`}
${errorSummary(t('checkout.faults'), refused ? [{ name: `stock-${refused.variantId}`, message: refused.message }] : [])}
${
  rows.length === 0
    ? empty(
        t('own.empty'),
        t('own.emptyText'),
        html`<a class="button" href="${link('/ban-hang/san-pham/moi')}">${t('own.new')}</a>`,
      )
    : html`<ul>${rows.map((row) => stockRow(view, row, refused))}</ul>`
}</div>`,
  });
};

async function save(context: PageContext, shelf: Shelf): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, field } = context;
  const variantId = field('variantId');
  const own = ownBusinesses(request);
  if (!isId<'Variant'>(variantId)) throw httpProblem('not-found');
  const typed = field('onHand');
  if (!/^\d{1,7}$/.test(typed)) {
    void reply.code(422);
    return stockPage(view, await shelf.list(own), false, { variantId, typed, message: view.t('shelf.wholeNumber') });
  }
  const faults = await faultsOf(context, () => shelf.count(actorOf(request), own, variantId, Number(typed)));
  if (!faults) return seeOther(context, '/ban-hang/kho?luu=1');
  const message = faults.map((fault) => fault.message).join(' ');
  return stockPage(view, await shelf.list(own), false, { variantId, typed, message });
}

export const stockPages: FastifyPluginAsync<StockPageDeps> = async (app, { site, shelf, table, journal }) => {
  await app.register(journalPages, { site, journal });
  await app.register(tablePages, { site, table });
  page(app, site, { url: '/ban-hang/kho', access: 'seller' }, async ({ view, request, query }) =>
    stockPage(view, await shelf.list(ownBusinesses(request)), query('luu') === '1'),
  );
  page(app, site, { method: 'POST', url: '/ban-hang/kho', access: 'seller' }, (context) => save(context, shelf));
};
