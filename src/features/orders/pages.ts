import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { Problem } from '#core/problem.ts';
import type { Guarded } from '#features/identity/index.ts';
import { accountOf, actorOf } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page } from '#web/page.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { codeBox, deliveryBox, groupNotice, orderBox, trackedBox } from './order-parts.ts';
import { pieceForm, readPieceFields } from './piece-forms.ts';
import type { Orders } from './service.ts';
import type { GroupView, TrackedGroup } from './views.ts';

export type OrderPageDeps = {
  readonly site: Site;
  readonly orders: Orders;
  readonly guarded: Guarded;
  readonly once: Once;
};

/** As the API: guesses of a code's phone number in a quarter of an hour, by code and by address. */
const trackLimits = { code: 20, address: 120 } as const;

const trackForm = (view: View, code: string, phone: string): SafeHtml => {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link('/tra-cuu')}">${csrfField(view.csrf)}
${input({ name: 'code', label: t('track.code'), hint: t('track.codeHint'), value: code, required: true, more: html`type="text" maxlength="14" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
${input({ name: 'phone', label: t('track.phone'), value: phone, ...(view.visitor ? { hint: t('track.phoneOwn') } : { required: true }), more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
<button class="button" type="submit">${t('track.button')}</button></form>`;
};

const formPage = (view: View, code: string, phone: string, refused?: string): SafeHtml =>
  layout(view, {
    title: view.t('track.title'),
    canonical: '/tra-cuu',
    body: html`<div class="narrow stack"><h1>${view.t('track.title')}</h1><p>${view.t('track.intro')}</p>
${errorSummary(view.t('checkout.faults'), refused === undefined ? [] : [{ name: 'code', message: refused }])}
${trackForm(view, code, phone)}</div>`,
  });

const heading = ({ t, format }: View, group: GroupView): SafeHtml =>
  html`<div>${group.bundle && html`<p class="tag good">${t('bundle.bought', { count: group.bundle.quantity, name: group.bundle.name })}</p>`}<h1>${t('group.title', { code: group.code })}</h1><p class="soft">${t('group.placed', { time: format.dateTime(new Date(group.createdAt)) })} · <b>${format.vnd(group.totalVnd)}</b></p></div>`;

/** What a shopper has just done about an order, or why it could not be done. */
type Said = { readonly code: string; readonly good?: string; readonly bad?: string; readonly reason?: string };

const cancelForm = (view: View, order: TrackedGroup['orders'][number], phone: string, said: Said | undefined) =>
  ['placed', 'confirmed'].includes(order.status) &&
  order.shipments.length === 0 &&
  pieceForm(view, order, {
    action: '/tra-cuu/huy',
    do: 'cancel',
    hidden: { code: order.code, phone },
    title: view.t('cancel.title'),
    text: view.t('cancel.text'),
    button: view.t('cancel.button'),
    packed: false,
    reason: { value: said?.reason ?? '' },
    open: said?.bad !== undefined,
  });

/** A form, since the phone number stands in no address. */
const confirmationWay = ({ t, link, csrf }: View, { code, status }: TrackedGroup, phone: string): SafeHtml | false =>
  status !== 'awaiting-payment' &&
  status !== 'expired' &&
  html`<form class="row" method="post" action="${link('/tra-cuu/xac-nhan')}">${csrfField(csrf)}<input type="hidden" name="code" value="${code}"><input type="hidden" name="phone" value="${phone}"><button class="button quiet" type="submit">${t('confirm.view')}</button></form>`;

function trackedPage(view: View, group: TrackedGroup, phone: string, said?: Said): SafeHtml {
  const of = (code: string): Said | undefined => (said?.code === code ? said : undefined);
  return layout(view, {
    title: view.t('group.title', { code: group.code }),
    body: html`<div class="narrow stack">${said?.good && html`<p class="notice good" role="status">${said.good}</p>`}${
      said?.bad && html`<p class="notice bad" role="alert">${said.bad}</p>`
    }${heading(view, group)}${groupNotice(view, group)}${confirmationWay(view, group, phone)}${deliveryBox(view, group.delivery)}
<h2>${view.t('group.orders')}</h2><ul>${group.orders.map((order) => trackedBox(view, order, phone, cancelForm(view, order, phone, of(order.code))))}</ul></div>`,
  });
}

const groupPage = (view: View, group: GroupView): SafeHtml =>
  layout(view, {
    title: view.t('group.title', { code: group.code }),
    body: html`<div class="narrow stack">${heading(view, group)}${groupNotice(view, group)}${group.status !== 'expired' && codeBox(view, group.code)}
<h2>${view.t('group.orders')}</h2><ul>${group.orders.map((order) => orderBox(view, order))}</ul>
<p>${view.t('group.private')}</p>${trackForm(view, group.code, '')}</div>`,
  });

async function track(
  { view, request, reply, field }: PageContext,
  { orders, guarded }: OrderPageDeps,
): Promise<SafeHtml> {
  const code = readCode(field('code'));
  const phone = field('phone');
  const proof = { phone, accountId: accountOf(request) };
  const keys = [
    [`track:${request.ip}`, trackLimits.address],
    [`track:${code.slice(0, 14)}`, trackLimits.code],
  ] as const;
  try {
    return trackedPage(view, await guarded(keys, () => orders.track(code, proof)), phone);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'tracking-mismatch') throw error;
    void reply.code(404);
    return formPage(view, field('code'), phone, view.either(...wordsOf(error)));
  }
}

/** Calls pieces of an order off and shows the order as it is then; the phone number never stands in an address. */
async function cancel(context: PageContext, { orders, guarded, once }: OrderPageDeps): Promise<SafeHtml> {
  const { view, request, reply, field } = context;
  const [code, phone] = [readCode(field('code')), field('phone')];
  const proof = { phone, accountId: accountOf(request) };
  const reason = field(`ly-do-${code}`).slice(0, 500).toWellFormed();
  const keys = [
    [`track:${request.ip}`, trackLimits.address],
    [`track:${code.slice(0, 14)}`, trackLimits.code],
  ] as const;
  const show = async (said: Said): Promise<SafeHtml> =>
    trackedPage(view, await guarded(keys, () => orders.track(code, proof)), phone, said);
  const lines = readPieceFields(context);
  if (lines.length === 0) {
    void reply.code(422);
    return show({ code, bad: view.t('cancel.nothing'), reason });
  }
  try {
    const whose = { code, ...proof, actor: actorOf(request) };
    const asked = { reason, lines, version: Number(field('version')) || 0 };
    const { refundVnd } = await once<{ refundVnd: Vnd }>(request, (finish) =>
      guarded(keys, () =>
        orders.cancelAsShopper(whose, asked, (tx, done) => finish(tx, { refundVnd: done.refundVnd })),
      ),
    );
    return show({ code, good: view.t('cancel.done', { amount: view.format.vnd(refundVnd) }) });
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 409) throw error;
    void reply.code(409);
    return show({ code, bad: view.either(...wordsOf(error)), reason });
  }
}

const wordsOf = ({ entry }: Problem): [string, string] => [entry.vi.join('. '), entry.en.join('. ')];

export const orderPages: FastifyPluginAsync<OrderPageDeps> = async (app, deps) => {
  const { site, orders } = deps;
  page(app, site, { url: '/tra-cuu', access: 'public' }, async ({ view, query }) => formPage(view, query('code'), ''));
  page(app, site, { method: 'POST', url: '/tra-cuu', access: 'public' }, (context) => track(context, deps));
  page(app, site, { method: 'POST', url: '/tra-cuu/huy', access: 'public' }, (context) => cancel(context, deps));
  page(app, site, { url: '/don-hang/:code', access: 'public' }, async ({ view, param }) =>
    groupPage(view, await orders.getGroup(param('code'))),
  );
};
