import type { FastifyPluginAsync } from 'fastify';
import { Problem, refusals } from '#core/problem.ts';
import { csvOf } from '#core/spreadsheet.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther, sendFile } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, select } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { importPage } from './preview-page.ts';
import { stateNames } from './preview-parts.ts';
import type { ImportRow } from './queries.ts';
import { businessOf, importAccess, importerOf, mediaTypes } from './routes.ts';
import type { CategoryName } from './rules/rows.ts';
import type { Imports } from './service.ts';
import { FIELD_HEADINGS, FIELDS, type Field, type ImportId, importProblems, type Mapping, VERDICTS } from './types.ts';

export type ImportPageDeps = {
  readonly site: Site;
  readonly imports: Imports;
  readonly listCategories: () => Promise<readonly CategoryName[]>;
};

const refuse = refusals(importProblems);
const part = '/ban-hang/nhap-hang';
const rowsShown = 50;

type Start = {
  readonly recent: readonly ImportRow[];
  readonly businesses: readonly { readonly businessId: BusinessId; readonly name: string }[];
  readonly chosen: string;
  readonly problem?: Problem;
};

const before = (view: View, rows: readonly ImportRow[]): SafeHtml => {
  const { t, format, link } = view;
  return html`<section class="section" aria-labelledby="before"><h2 class="section-head" id="before">${t('imports.before')}</h2>
${rows.length === 0 && html`<p class="soft">${t('imports.none')}</p>`}
<ul class="stack">${rows.map(
    (
      row,
    ) => html`<li class="box row"><span><b>${row.fileName}</b><br><span class="small soft">${format.dateTime(row.createdAt)} · ${t(stateNames[row.state])}</span></span>
<a class="button quiet" href="${link(`${part}/${row.id}`)}">${t('imports.open')}<span class="hidden"> ${row.fileName} ${format.dateTime(row.createdAt)}</span></a></li>`,
  )}</ul></section>`;
};

function startPage(view: View, { recent, businesses, chosen, problem }: Start): SafeHtml {
  const { t, link } = view;
  const [title = '', detail = ''] = problem ? (view.locale === 'en' ? problem.entry.en : problem.entry.vi) : [];
  const faults = problem
    ? [{ name: problem.code === 'import-business-unclear' ? 'businessId' : 'file', message: detail }]
    : [];
  const options = businesses.map(({ businessId, name }) => ({ value: businessId, label: name }));
  return deskLayout(view, 'seller', {
    title: t('imports.title'),
    part,
    body: html`<div class="narrow stack">${errorSummary(title, faults)}<p>${t('imports.lead')}</p>
<form class="box stack" method="post" enctype="multipart/form-data" action="${link(part)}">${csrfField(view.csrf)}
${options.length > 1 && select({ name: 'businessId', label: t('imports.business'), value: chosen, required: true }, t('imports.chooseBusiness'), options)}
<div class="field"><label for="file">${t('imports.file')}</label><p class="hint" id="file-hint">${t('imports.fileHint')}</p>
<input id="file" name="file" type="file" accept=".csv,.txt,.tsv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" aria-describedby="file-hint" required></div>
<button class="button wide" type="submit">${t('imports.send')}</button></form>
<p><a href="${link(`${part}/mau.csv`)}">${t('imports.template')}</a></p></div>${before(view, recent)}`,
  });
}

const example: Partial<Readonly<Record<Field, string>>> = {
  sku: 'SP01',
  nameVi: 'Khô cá chỉ vàng gói 200 g',
  category: 'Chế biến từ thịt, thủy sản, trứng, sữa, mật ong',
  priceVnd: '56.000',
  stock: '42',
  unitVi: 'gói',
  netWeightG: '200',
  vatRatePercent: '8',
  descriptionVi: 'Cá nguyên con tẩm mè, phơi hai nắng.',
};
const templateFields = FIELDS.filter((field) => field !== 'variantSku' && field !== 'label');
/** Headings that we recognise, and one row to write over. */
const template = (): Buffer =>
  csvOf([templateFields.map((field) => FIELD_HEADINGS[field][0]), templateFields.map((field) => example[field] ?? '')]);

const idOf = ({ param }: PageContext): ImportId => param('importId') as ImportId;
const versionOf = ({ field }: PageContext): number => {
  const version = Number(field('version'));
  if (!Number.isSafeInteger(version))
    throw httpProblem('invalid-request', { errors: [{ pointer: '/version', detail: 'must be a whole number' }] });
  return version;
};

/** What was chosen for each column; a content that two columns claim is no mapping. */
function mappingOf({ request, field }: PageContext): Mapping {
  const names = Object.keys((request.body ?? {}) as object).filter((name) => /^column-\d{1,3}$/.test(name));
  const chosen = names.flatMap((name) => {
    const known = FIELDS.find((one) => one === field(name));
    return known ? [[known, Number(name.slice(7))] as const] : [];
  });
  if (new Set(chosen.map(([one]) => one)).size !== chosen.length) throw refuse('import-mapping-invalid');
  return Object.fromEntries(chosen);
}

async function takeStep(context: PageContext, imports: Imports): Promise<typeof SENT> {
  const importer = importerOf(context.request);
  const id = idOf(context);
  await imports.get(importer, id);
  const act = context.field('do');
  if (act === 'cancel') await imports.cancel(importer, id);
  else if (act === 'map') await imports.setMapping(importer, id, versionOf(context), mappingOf(context));
  else if (act === 'all' || act === 'valid') await imports.confirm(importer, id, versionOf(context), act);
  else
    throw httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'must be all, valid, map or cancel' }] });
  return seeOther(context, `${part}/${id}`);
}

async function show(context: PageContext, { imports, listCategories }: ImportPageDeps): Promise<SafeHtml> {
  const importer = importerOf(context.request);
  const found = await imports.get(importer, idOf(context));
  const asked = VERDICTS.find((one) => one === context.query('xem'));
  const fallback = found.state === 'ready' && (found.counts?.error ?? 0) > 0 ? 'error' : undefined;
  const verdict = asked ?? fallback;
  const after = /^\d{1,6}$/.test(context.query('tu')) ? Number(context.query('tu')) : 0;
  const { items, next } = await imports.rows(importer, found.id, { verdict, after, limit: rowsShown });
  const categories = new Map((await listCategories()).map((category) => [category.id, category]));
  return importPage(context.view, { found, verdict, rows: items, next, categories });
}

export const importPages: FastifyPluginAsync<ImportPageDeps> = async (app, deps) => {
  const { site, imports } = deps;
  const start = async (context: PageContext, problem?: Problem): Promise<SafeHtml> => {
    const importer = importerOf(context.request);
    const businesses = await imports.listBusinesses(importer);
    const recent = await imports.list(importer);
    return startPage(context.view, {
      recent,
      businesses,
      chosen: context.field('businessId'),
      ...(problem ? { problem } : {}),
    });
  };
  const send = async (context: PageContext): Promise<SafeHtml | typeof SENT> => {
    const importer = importerOf(context.request);
    try {
      const file = context.file('file');
      if (!file) throw refuse('sheet-missing');
      const id = await imports.start(importer, businessOf(importer, context.field('businessId') || undefined), file);
      return seeOther(context, `${part}/${id}`);
    } catch (error) {
      if (!(error instanceof Problem) || error.status >= 500) throw error;
      void context.reply.code(error.status);
      return start(context, error);
    }
  };
  page(app, site, { url: part, ...importAccess }, (context) => start(context));
  page(app, site, { method: 'POST', url: part, ...importAccess, upload: { maxBytes: imports.maxBytes } }, send);
  page(app, site, { url: `${part}/mau.csv`, ...importAccess }, async (context) =>
    sendFile(context, template(), mediaTypes.csv, 'mau-nhap-hang.csv'),
  );
  page(app, site, { url: `${part}/:importId`, ...importAccess }, (context) => show(context, deps));
  page(app, site, { method: 'POST', url: `${part}/:importId`, ...importAccess }, (context) =>
    takeStep(context, imports),
  );
  page(app, site, { url: `${part}/:importId/ket-qua`, ...importAccess }, async (context) => {
    const kind = context.query('dang') === 'xlsx' ? 'xlsx' : 'csv';
    const bytes = await imports.result(importerOf(context.request), idOf(context), kind);
    return sendFile(context, bytes, mediaTypes[kind], `ket-qua.${kind}`);
  });
};
