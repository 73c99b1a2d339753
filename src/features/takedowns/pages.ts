import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { Problem, refusals } from '#core/problem.ts';
import type { Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import { byOf } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import { clerkRoles } from './routes.ts';
import type { Takedowns } from './service.ts';
import { type TAKEDOWN_STATES, type TakedownId, takedownProblems } from './types.ts';
import type { TakedownView } from './views.ts';

export type TakedownPageDeps = {
  readonly site: Site;
  readonly takedowns: Takedowns;
  readonly products: Pick<Products, 'findId'>;
};
const refuse = refusals(takedownProblems);
const root = '/quan-tri/go-bo';
const fieldNames = ['product', 'requestNumber', 'authority', 'reason', 'receivedAt'] as const;
type Typed = Readonly<Record<(typeof fieldNames)[number], string>>;
const nothing: Typed = { product: '', requestNumber: '', authority: '', reason: '', receivedAt: '' };
type Fault = { readonly name: string; readonly message: string };

const states: Readonly<Record<(typeof TAKEDOWN_STATES)[number], readonly [MessageKey, Tone]>> = {
  open: ['takedown.status.open', 'wait'],
  down: ['takedown.status.down', 'bad'],
  restored: ['takedown.status.restored', 'good'],
  declined: ['takedown.status.declined', 'away'],
};
const stateTag = ({ t }: View, { status }: TakedownView): SafeHtml => {
  const [key, tone] = states[status];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};

const row = (view: View, takedown: TakedownView): SafeHtml => {
  const { t, format, link } = view;
  const { product, authority, requestNumber, dueAt } = takedown;
  return html`<li class="box stack"><h3><a href="${link(`${root}/${takedown.takedownId}`)}">${product.name}</a></h3><p class="row">${stateTag(view, takedown)}
${takedown.status === 'open' && html`<b>${t('takedown.due', { time: format.dateTime(dueAt) })}</b>`}</p><p class="small soft">${authority} · ${requestNumber}</p></li>`;
};

function requestForm(view: View, typed: Typed, faults: readonly Fault[]): SafeHtml {
  const { t, link } = view;
  const errorOf = (name: string) => faults.find((fault) => fault.name === name)?.message;
  const text = html`type="text" required autocomplete="off"`;
  const field = (name: keyof Typed, label: MessageKey, more = text, hint?: MessageKey): SafeHtml =>
    input({ name, label: t(label), value: typed[name], error: errorOf(name), more, ...(hint && { hint: t(hint) }) });
  return html`<form class="box stack" method="post" action="${link(root)}">${csrfField(view.csrf)}<h2>${t('takedown.new')}</h2>
${errorSummary(t('takedown.faults'), faults)}
${field('product', 'takedown.product', text, 'takedown.productHint')}
${field('requestNumber', 'takedown.number')}${field('authority', 'takedown.authority')}${field('reason', 'takedown.reason')}
${field('receivedAt', 'takedown.receivedAt', html`type="datetime-local" required`)}
<button class="button" type="submit">${t('takedown.record')}</button></form>`;
}

async function showList(
  context: PageContext,
  { takedowns }: TakedownPageDeps,
  typed = nothing,
  faults: readonly Fault[] = [],
) {
  const { view } = context;
  const { t } = view;
  const { items } = await takedowns.listTakedowns(100);
  return deskLayout(view, 'staff', {
    title: t('takedown.title'),
    part: root,
    body: html`<div class="narrow stack">${requestForm(view, typed, faults)}
${items.length > 0 ? html`<ul class="changes">${items.map((one) => row(view, one))}</ul>` : html`<p class="soft">${t('takedown.none')}</p>`}</div>`,
  });
}

const decisionForm = (view: View, { takedownId }: TakedownView, act: string, label: MessageKey): SafeHtml => {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link(`${root}/${takedownId}`)}">${csrfField(view.csrf)}
${input({ name: 'decision', label: t('takedown.decision'), value: '', required: true, more: html`type="text" maxlength="500" autocomplete="off"` })}
<button class="button quiet" type="submit" name="do" value="${act}">${t(label)}</button></form>`;
};

function takedownPage(view: View, takedown: TakedownView, faults: readonly Fault[]): SafeHtml {
  const { t, format, link } = view;
  const { product, business, status } = takedown;
  return deskLayout(view, 'staff', {
    title: product.name,
    part: root,
    body: html`<div class="narrow stack"><p class="row">${stateTag(view, takedown)}${
      status === 'open' && html`<b>${t('takedown.due', { time: format.dateTime(takedown.dueAt) })}</b>`
    }</p>${errorSummary(t('takedown.faults'), faults)}
<dl class="facts"><dt>${t('takedown.number')}</dt><dd>${takedown.requestNumber}</dd><dt>${t('takedown.authority')}</dt><dd>${takedown.authority}</dd>
<dt>${t('takedown.reason')}</dt><dd class="change-text">${takedown.reason}</dd><dt>${t('takedown.receivedAt')}</dt><dd>${format.dateTime(takedown.receivedAt)}</dd>
<dt>${t('trace.by')}</dt><dd>${business.name}</dd>${takedown.decision && html`<dt>${t('takedown.decision')}</dt><dd>${takedown.decision}</dd>`}</dl>
${
  status === 'open' &&
  html`<form class="box stack" method="post" action="${link(`${root}/${takedown.takedownId}`)}">${csrfField(view.csrf)}<p>${t('takedown.executeText')}</p>
<button class="button" type="submit" name="do" value="execute">${t('takedown.execute')}</button></form>${decisionForm(view, takedown, 'decline', 'takedown.decline')}`
}${status === 'down' && decisionForm(view, takedown, 'restore', 'takedown.restore')}</div>`,
  });
}

const idOf = ({ param }: PageContext): TakedownId => {
  const id = param('takedownId');
  if (!isId<'Takedown'>(id)) throw refuse('takedown-not-found');
  return id;
};

/** An id, a slug, or the address of the page as it is copied from a browser. */
async function findProduct(typed: string, { products }: TakedownPageDeps): Promise<ProductId | undefined> {
  const last = (URL.parse(typed, 'https://dia-chi.invalid')?.pathname ?? '').split('/').findLast((step) => step !== '');
  return last === undefined ? undefined : products.findId(decodeURIComponent(last));
}

/** A form's clock has no zone: it is the officer's, in Vietnam. */
const instantOf = (typed: string): Date => new Date(`${typed}:00+07:00`);

async function record(context: PageContext, deps: TakedownPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, field, reply, request } = context;
  const typed = Object.fromEntries(fieldNames.map((name) => [name, field(name).toWellFormed()])) as Typed;
  const again = (faults: readonly Fault[], status = 422) => {
    void reply.code(status);
    return showList(context, deps, typed, faults);
  };
  const productId = await findProduct(typed.product, deps).catch(() => undefined);
  if (!productId) return again([{ name: 'product', message: view.t('takedown.noProduct') }]);
  try {
    const { requestNumber, authority, reason } = typed;
    const asked = { requestNumber, authority, reason, receivedAt: instantOf(typed.receivedAt) };
    return seeOther(context, `${root}/${await deps.takedowns.request(byOf(request), productId, asked)}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const { entry, code } = error;
    const incomplete = code === 'takedown-incomplete';
    const message = incomplete ? view.t('takedown.incomplete') : view.either(entry.vi.join('. '), entry.en.join('. '));
    return again([{ name: incomplete ? 'requestNumber' : '', message }], error.status);
  }
}

async function act(context: PageContext, { takedowns }: TakedownPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, field, request, reply } = context;
  const id = idOf(context);
  const decision = field('decision').toWellFormed();
  try {
    if (field('do') === 'execute') await takedowns.takeDown(byOf(request), id);
    else if (field('do') === 'decline') await takedowns.decline(byOf(request), id, decision);
    else if (field('do') === 'restore') await takedowns.restore(byOf(request), id, decision);
    return seeOther(context, `${root}/${id}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 404 || error.status >= 500) throw error;
    void reply.code(error.status);
    const message = view.either(error.entry.vi.join('. '), error.entry.en.join('. '));
    const name = error.code === 'decision-required' ? 'decision' : '';
    return takedownPage(view, await takedowns.getTakedown(id), [{ name, message }]);
  }
}

export const takedownPages: FastifyPluginAsync<TakedownPageDeps> = async (app, deps) => {
  const { site, takedowns } = deps;
  const spec = { access: 'staff', roles: clerkRoles } as const;
  page(app, site, { ...spec, url: root }, (context) => showList(context, deps));
  page(app, site, { ...spec, method: 'POST', url: root }, (context) => record(context, deps));
  page(app, site, { ...spec, url: `${root}/:takedownId` }, async (context) =>
    takedownPage(context.view, await takedowns.getTakedown(idOf(context)), []),
  );
  page(app, site, { ...spec, method: 'POST', url: `${root}/:takedownId` }, (context) => act(context, deps));
};
