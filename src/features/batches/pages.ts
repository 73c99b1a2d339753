import type { FastifyPluginAsync } from 'fastify';
import qrcode from 'qrcode';
import { isId, readCode } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import { type ProductId, productProblems } from '#features/products/types.ts';
import { html, type SafeHtml, trusted } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { keeperOf, keeperRoles, recallRoles } from './routes.ts';
import type { Batches } from './service.ts';
import type { BatchView } from './views.ts';

export type BatchPageDeps = { readonly site: Site; readonly batches: Batches };
const refuseProduct = refusals(productProblems);
const maxReportBytes = 10 * 1_048_576;
const fieldNames = ['lot', 'harvestedOn', 'packedOn', 'expiresOn', 'quantityNote', 'reportNumber'] as const;
type FieldName = (typeof fieldNames)[number];

const dayOf = (view: View, day: string | null): string | false =>
  day !== null && view.format.date(new Date(`${day}T00:00:00+07:00`));

const facts = (view: View, batch: BatchView): SafeHtml => {
  const { t } = view;
  const rows: readonly (readonly [string, string | false | null])[] = [
    [t('batch.lot'), batch.lot],
    [t('batch.harvestedOn'), dayOf(view, batch.harvestedOn)],
    [t('batch.packedOn'), dayOf(view, batch.packedOn)],
    [t('batch.expiresOn'), dayOf(view, batch.expiresOn)],
    [t('batch.quantity'), batch.quantityNote],
    [t('batch.reportNumber'), batch.reportNumber],
    [t('trace.hash'), batch.reportSha256],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => value && html`<dt>${name}</dt><dd class="change-text">${value}</dd>`)}</dl>`;
};

async function tracePage(view: View, batch: BatchView): Promise<SafeHtml> {
  const { t, format, link, site, either } = view;
  const { product, business, code, recalledAt } = batch;
  const address = `${site.publicUrl}/truy-xuat/${code}`;
  // Our own address, drawn by a library as squares.
  const square = trusted(await qrcode.toString(address, { type: 'svg', margin: 1 }));
  const name = either(product.name, product.nameEn);
  return layout(view, {
    title: `${t('trace.title', { lot: batch.lot })} – ${name}`,
    description: `${name}. ${business.name}`,
    body: html`<div class="narrow stack"><p class="soft">${t('trace.ask')}</p><h1>${t('trace.title', { lot: batch.lot })}</h1>
${
  recalledAt
    ? html`<div class="notice bad" role="alert"><h2>${t('trace.recalled')}</h2><p>${batch.recallReason}</p><p class="small">${t('trace.since', { time: format.dateTime(recalledAt) })}</p></div>`
    : html`<p class="notice good">${t('trace.fine')}</p>`
}
<section class="box stack"><h2>${product.status === 'listed' ? html`<a href="${link(`/san-pham/${product.slug}`)}">${name}</a>` : name}</h2>
${product.status !== 'listed' && html`<p class="soft">${t('trace.gone')}</p>`}
<p>${t('trace.by')}: <a href="${link(`/co-so/${business.slug}`)}">${business.name}</a></p>${facts(view, batch)}</section>
<figure class="box qr stack">${square}<figcaption class="small soft">${t('trace.qr')}<br><span class="code">${code}</span></figcaption></figure></div>`,
  });
}

type Typed = Readonly<Record<FieldName, string>>;
const nothing: Typed = { lot: '', harvestedOn: '', packedOn: '', expiresOn: '', quantityNote: '', reportNumber: '' };
type Fault = { readonly name: string; readonly message: string };

const batchRow = (view: View, batch: BatchView, productId: ProductId): SafeHtml => {
  const { t, link } = view;
  const field = `reason-${batch.batchId}`;
  return html`<li class="box stack"><h3>${batch.lot}</h3><p class="row"><a href="${link(`/truy-xuat/${batch.code}`)}">${t('batch.open')} ${batch.code}</a>
${batch.recalledAt && html`<span class="tag bad">${t('batch.recalled')}</span>`}</p>${facts(view, batch)}
${
  batch.recalledAt
    ? html`<p>${batch.recallReason}</p>`
    : html`<details class="fold"><summary><span>${t('batch.recall')}</span></summary><form class="stack" method="post" action="${link(`/ban-hang/san-pham/${productId}/lo-hang/thu-hoi`)}">${csrfField(view.csrf)}
<input type="hidden" name="batchId" value="${batch.batchId}"><div class="field"><label for="${field}">${t('batch.recallReason')}</label><textarea id="${field}" name="reason" rows="3" maxlength="1000" required></textarea></div>
<button class="button" type="submit">${t('batch.recall')}<span class="hidden"> ${batch.lot}</span></button></form></details>`
}</li>`;
};

function addForm(view: View, productId: ProductId, typed: Typed, faults: readonly Fault[]): SafeHtml {
  const { t, link } = view;
  const errorOf = (name: string) => faults.find((fault) => fault.name === name)?.message;
  const text = html`type="text" autocomplete="off"`;
  const day = html`type="date"`;
  const field = (name: FieldName, label: string, more: SafeHtml, hint?: string): SafeHtml =>
    input({ name, label, value: typed[name], error: errorOf(name), more, ...(hint && { hint }) });
  return html`<form class="box stack" method="post" enctype="multipart/form-data" action="${link(`/ban-hang/san-pham/${productId}/lo-hang`)}">${csrfField(view.csrf)}<h2>${t('batch.add')}</h2>
${errorSummary(t('own.faults'), faults)}
${field('lot', t('batch.lot'), html`type="text" required maxlength="50" autocomplete="off"`, t('batch.lotHint'))}
<div class="cells">${field('harvestedOn', t('batch.harvestedOn'), day)}${field('packedOn', t('batch.packedOn'), day)}${field('expiresOn', t('batch.expiresOn'), day)}</div>
${field('quantityNote', t('batch.quantity'), text)}${field('reportNumber', t('batch.reportNumber'), text)}
<div class="field"><label for="report">${t('batch.report')}</label><p class="hint" id="report-hint">${t('batch.reportHint')}</p>
<input id="report" name="report" type="file" accept="application/pdf,image/jpeg,image/png,image/webp" aria-describedby="report-hint">${errorOf('report') && html`<p class="wrong">${errorOf('report')}</p>`}</div>
<button class="button" type="submit">${t('batch.save')}</button></form>`;
}

const idOf = ({ param }: PageContext): ProductId => {
  const id = param('productId');
  if (!isId<'Product'>(id)) throw refuseProduct('product-not-found');
  return id;
};

async function showOwn(
  context: PageContext,
  { batches }: BatchPageDeps,
  typed = nothing,
  faults: readonly Fault[] = [],
) {
  const { view, request } = context;
  const { t, link } = view;
  const id = idOf(context);
  const list = await batches.listOwnBatches(keeperOf(request), id);
  return deskLayout(view, 'seller', {
    title: t('batch.title'),
    part: '/ban-hang/san-pham',
    body: html`<div class="narrow stack"><p><a href="${link(`/ban-hang/san-pham/${id}`)}">${list[0] ? t('batch.of', { name: list[0].product.name }) : t('own.edit')}</a></p>
${list.length === 0 && html`<p class="notice wait">${t('batch.none')}</p>`}${addForm(view, id, typed, faults)}
<ul class="changes">${list.map((batch) => batchRow(view, batch, id))}</ul></div>`,
  });
}

/** A refusal at the field it speaks of; a file that was not taken stands at the file. */
function faultOf({ either }: View, { entry, extra, code }: Problem): Fault {
  const pointer = typeof extra.pointer === 'string' ? extra.pointer.slice(1) : '';
  const name = pointer || (/^(file|picture|storage)-/.test(code) ? 'report' : '');
  return { name, message: `${either(entry.vi[0], entry.en[0])}. ${either(entry.vi[1], entry.en[1])}` };
}

async function add(context: PageContext, deps: BatchPageDeps): Promise<SafeHtml | typeof SENT> {
  const { request, field, reply, view } = context;
  const id = idOf(context);
  const typed = Object.fromEntries(fieldNames.map((name) => [name, field(name).toWellFormed()])) as Typed;
  const report = context.file('report');
  const day = (name: FieldName): string | null => typed[name] || null;
  try {
    await deps.batches.addBatch(keeperOf(request), id, {
      ...typed,
      harvestedOn: day('harvestedOn'),
      packedOn: day('packedOn'),
      expiresOn: day('expiresOn'),
      ...(report && { report: { bytes: report.bytes, name: report.name } }),
    });
    return seeOther(context, `/ban-hang/san-pham/${id}/lo-hang`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404 || error.status >= 500) throw error;
    void reply.code(error.status);
    return showOwn(context, deps, typed, [faultOf(view, error)]);
  }
}

export const batchPages: FastifyPluginAsync<BatchPageDeps> = async (app, deps) => {
  const { site, batches } = deps;
  const own = '/ban-hang/san-pham/:productId/lo-hang';
  page(app, site, { access: 'public', url: '/truy-xuat/:code' }, async ({ view, param }) =>
    tracePage(view, await batches.getBatch(readCode(param('code')))),
  );
  page(app, site, { access: 'seller', roles: keeperRoles, scope: 'products', url: own }, (context) =>
    showOwn(context, deps),
  );
  page(
    app,
    site,
    {
      access: 'seller',
      roles: keeperRoles,
      scope: 'products',
      method: 'POST',
      url: own,
      upload: { maxBytes: maxReportBytes },
    },
    (context) => add(context, deps),
  );
  page(
    app,
    site,
    { access: 'seller', roles: recallRoles, scope: 'products', method: 'POST', url: `${own}/thu-hoi` },
    async (context) => {
      const { request, field } = context;
      const batchId = field('batchId');
      if (isId<'Batch'>(batchId)) await batches.recall(keeperOf(request), batchId, field('reason').toWellFormed());
      return seeOther(context, `/ban-hang/san-pham/${idOf(context)}/lo-hang`);
    },
  );
};
