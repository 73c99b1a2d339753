import type { FastifyPluginAsync } from 'fastify';
import type { Products } from '#features/products/index.ts';
import { readCursor } from '#http/paging.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { breadcrumb } from '#web/parts/breadcrumb.ts';
import { csrfField, errorSummary, input, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import { questionBox } from '#web/parts/questions.ts';
import type { Site, View } from '#web/view.ts';
import { askingOf } from './routes.ts';
import { maxQuestion } from './rules.ts';
import type { Questions } from './service.ts';

export type QuestionPageDeps = {
  readonly site: Site;
  readonly questions: Questions;
  readonly products: Pick<Products, 'getProduct'>;
};
const perPage = 24;
const nothing = { text: '', phone: '', name: '' };
type Typed = typeof nothing;

function askForm(view: View, path: string, typed: Typed, faults: readonly Fault[]): SafeHtml {
  const { t, link, visitor } = view;
  const name = typed.name || (visitor?.name ?? '');
  return html`<form class="box stack" method="post" action="${link(path)}" id="hoi">${csrfField(view.csrf)}<h2>${t('asked.ask')}</h2>
${textarea({ name: 'text', label: t('asked.text'), hint: t('asked.textHint'), value: typed.text, required: true, error: errorAt(faults, 'text'), more: html`rows="3" maxlength="${maxQuestion}"` })}
${input({ name: 'name', label: t('asked.name'), hint: t('asked.nameHint'), value: name, error: errorAt(faults, 'name'), more: html`type="text" autocomplete="name" maxlength="100"` })}
${input({ name: 'phone', label: t('asked.phone'), hint: t(visitor ? 'asked.phoneSignedIn' : 'asked.phoneHint'), value: typed.phone, required: visitor === null, error: errorAt(faults, 'phone'), more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
<button class="button" type="submit">${t('asked.send')}</button></form>`;
}

async function showAll(
  { view, param, query }: PageContext,
  { questions, products }: QuestionPageDeps,
  typed: Typed,
  faults: readonly Fault[] = [],
): Promise<SafeHtml> {
  const { t, link, either } = view;
  const product = await products.getProduct(param('slug'));
  const cursor = readCursor(query('cursor') || undefined);
  const { items, nextCursor } = await questions.listOfProduct(product.productId, { limit: perPage, cursor });
  const name = either(product.name, product.nameEn);
  const title = t('asked.of', { product: name });
  const path = `/san-pham/${product.slug}/hoi-dap`;
  const sent = query('da-gui');
  return layout(view, {
    title,
    canonical: path,
    body: html`${breadcrumb(view, [{ label: name, path: `/san-pham/${product.slug}` }])}<div class="narrow stack"><h1>${title}</h1>
${sent === 'published' && html`<p class="notice good" role="status">${t('asked.thanks')}</p>`}${sent === 'waiting' && html`<p class="notice wait" role="status">${t('asked.waiting')}</p>`}${errorSummary(t('reviews.faults'), faults)}
${items.length === 0 ? html`<p class="soft">${t('asked.none')}</p>` : html`<ul class="reviews">${items.map((one) => questionBox(view, one, one.businessName))}</ul>`}
${pager(view, nextCursor && link(`${path}?cursor=${nextCursor}`), cursor ? link(path) : null)}
${product.partner ? html`<p class="notice wait">${t('asked.partner', { name: product.partner.name })}</p>` : askForm(view, path, typed, faults)}</div>`,
  });
}

async function send(context: PageContext, deps: QuestionPageDeps): Promise<SafeHtml | typeof SENT> {
  const { request, field, param } = context;
  const typed = {
    text: field('text').toWellFormed(),
    phone: field('phone').toWellFormed(),
    name: field('name').toWellFormed(),
  };
  let state = 'waiting';
  const faults = await faultsOf(context, async () => {
    ({ state } = await deps.questions.ask(askingOf(request, typed.phone, typed.name), param('slug'), typed.text));
  });
  return faults
    ? showAll(context, deps, typed, faults)
    : seeOther(context, `/san-pham/${param('slug')}/hoi-dap?da-gui=${state}`);
}

export const questionPages: FastifyPluginAsync<QuestionPageDeps> = async (app, deps) => {
  const spec = { access: 'public', url: '/san-pham/:slug/hoi-dap' } as const;
  page(app, deps.site, spec, (context) => showAll(context, deps, nothing));
  page(app, deps.site, { ...spec, method: 'POST' }, (context) => send(context, deps));
};
