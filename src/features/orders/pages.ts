import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import { Problem } from '#core/problem.ts';
import type { Guarded } from '#features/identity/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page } from '#web/page.ts';
import { csrfField, errorSummary, input } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { deliveryBox, groupNotice, orderBox, trackedBox } from './order-parts.ts';
import type { Orders } from './service.ts';
import type { GroupView, TrackedGroup } from './views.ts';

export type OrderPageDeps = {
  readonly site: Site;
  readonly orders: Orders;
  readonly guarded: Guarded;
};

/** As the API: guesses of a code's phone number in a quarter of an hour, by code and by address. */
const trackLimits = { code: 20, address: 120 } as const;

const trackForm = (view: View, code: string, phone: string): SafeHtml => {
  const { t, link } = view;
  return html`<form class="box stack" method="post" action="${link('/tra-cuu')}">${csrfField(view.csrf)}
${input({ name: 'code', label: t('track.code'), hint: t('track.codeHint'), value: code, required: true, more: html`type="text" maxlength="14" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
${input({ name: 'phone', label: t('track.phone'), value: phone, required: true, more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
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
  html`<div><h1>${t('group.title', { code: group.code })}</h1><p class="soft">${t('group.placed', { time: format.dateTime(new Date(group.createdAt)) })} · <b>${format.vnd(group.totalVnd)}</b></p></div>`;

const trackedPage = (view: View, group: TrackedGroup): SafeHtml =>
  layout(view, {
    title: view.t('group.title', { code: group.code }),
    body: html`<div class="narrow stack">${heading(view, group)}${groupNotice(view, group)}${deliveryBox(view, group.delivery)}
<h2>${view.t('group.orders')}</h2><ul>${group.orders.map((order) => trackedBox(view, order))}</ul></div>`,
  });

const groupPage = (view: View, group: GroupView): SafeHtml =>
  layout(view, {
    title: view.t('group.title', { code: group.code }),
    body: html`<div class="narrow stack">${heading(view, group)}${groupNotice(view, group)}
<h2>${view.t('group.orders')}</h2><ul>${group.orders.map((order) => orderBox(view, order))}</ul>
<p>${view.t('group.private')}</p>${trackForm(view, group.code, '')}</div>`,
  });

async function track(
  { view, request, reply, field }: PageContext,
  { orders, guarded }: OrderPageDeps,
): Promise<SafeHtml> {
  const code = readCode(field('code'));
  const phone = field('phone');
  const keys = [
    [`track:${request.ip}`, trackLimits.address],
    [`track:${code.slice(0, 14)}`, trackLimits.code],
  ] as const;
  try {
    return trackedPage(view, await guarded(keys, () => orders.track(code, phone)));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'tracking-mismatch') throw error;
    void reply.code(404);
    return formPage(view, field('code'), phone, view.either(...wordsOf(error)));
  }
}

const wordsOf = ({ entry }: Problem): [string, string] => [entry.vi.join('. '), entry.en.join('. ')];

export const orderPages: FastifyPluginAsync<OrderPageDeps> = async (app, deps) => {
  const { site, orders } = deps;
  page(app, site, { url: '/tra-cuu', access: 'public' }, async ({ view, query }) => formPage(view, query('code'), ''));
  page(app, site, { method: 'POST', url: '/tra-cuu', access: 'public' }, (context) => track(context, deps));
  page(app, site, { url: '/don-hang/:code', access: 'public' }, async ({ view, param }) =>
    groupPage(view, await orders.getGroup(param('code'))),
  );
};
