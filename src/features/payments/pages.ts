import type { FastifyPluginAsync } from 'fastify';
import QRCode from 'qrcode';
import type { Clock } from '#core/clock.ts';
import { Problem } from '#core/problem.ts';
import type { GroupView, Orders } from '#features/orders/index.ts';
import { actorOf } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { leaveFor, type PageContext, page, type SENT, seeOther, sendFile } from '#web/page.ts';
import { errorSummary, onceFields } from '#web/parts/field.ts';
import { methodChoices } from '#web/parts/method-choices.ts';
import type { Site, View } from '#web/view.ts';
import { drawQr, qrScreen } from './qr-screen.ts';
import type { Payments, PaymentView } from './service.ts';
import { METHODS, type Method } from './types.ts';

export type PaymentPageDeps = {
  readonly site: Site;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly once: Once;
  readonly now: Clock;
  /** Whether the account is the demonstration's own: then its page plays the bank. */
  readonly demonstration: boolean;
};

const isLive = ({ status }: PaymentView): boolean => status === 'pending' || status === 'underpaid';

/** What is paid to the exchange. */
const restOf = ({ orders }: GroupView): number =>
  orders.reduce((sum, { settlement, totalVnd }) => sum + (settlement === 'collected' ? totalVnd : 0), 0);

const choicePage = (view: View, group: GroupView, methods: readonly Method[], refused?: string): SafeHtml => {
  const { t, format, link } = view;
  const [first = ''] = methods;
  return layout(view, {
    title: t('pay.title', { code: group.code }),
    body: html`<div class="narrow stack"><h1>${t('pay.title', { code: group.code })}</h1>
<p>${t('pay.deadline', { time: format.dateTime(new Date(group.expiresAt)) })}</p>
${errorSummary(t('checkout.faults'), refused === undefined ? [] : [{ name: '', message: refused }])}
<form class="stack" method="post" action="${link(`/thanh-toan/${group.code}`)}">${onceFields(view)}
<fieldset class="box"><legend>${t('checkout.how')}</legend>${methodChoices(view, methods, first)}</fieldset>
<button class="button wide" type="submit">${t('pay.go', { amount: format.vnd(restOf(group)) })}</button></form></div>`,
  });
};

const redirectPage = (view: View, group: GroupView, payment: PaymentView, address: string): SafeHtml => {
  const { t, format, link } = view;
  return layout(view, {
    title: t('pay.title', { code: group.code }),
    head: html`<noscript><meta http-equiv="refresh" content="10"></noscript>`,
    body: html`<div class="narrow stack" data-events="/v1/payments/${payment.paymentId}/events" data-status="${payment.status}">
<h1>${t('pay.title', { code: group.code })}</h1><p class="notice wait waiting" role="status">${t('pay.waiting')}</p>
<p>${t('pay.redirectText')}</p><p><a class="button wide" href="${address}">${t('pay.redirect')} · ${format.vnd(payment.amountVnd)}</a></p>
<p><a href="${link(`/thanh-toan/${group.code}?doi=1`)}">${t('pay.other')}</a></p></div>`,
  });
};

const endedPage = (view: View, group: GroupView): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('pay.expired'),
    body: html`<div class="narrow stack"><h1>${t('pay.expired')}</h1><p class="notice wait">${t('pay.expiredText')}</p>
<p class="row"><a class="button" href="${link('/tim-kiem')}">${t('pay.again')}</a><a class="button quiet" href="${link(`/tra-cuu?code=${group.code}`)}">${t('nav.track')}</a></p></div>`,
  });
};

async function showPayment(context: PageContext, deps: PaymentPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, param, query } = context;
  const { orders, payments, now } = deps;
  const returned = query('payment');
  // Back from the provider's page: it is asked, the address is not believed. It may be away; then we wait here.
  if (returned !== '') await payments.refresh(returned).catch(ignoreProblem);
  const group = await orders.getGroup(param('code'));
  if (group.status === 'expired') return endedPage(view, group);
  if (group.status !== 'awaiting-payment') return seeOther(context, `/don-hang/${group.code}`);
  if (await payments.hasDirectLeft(group.code)) return seeOther(context, `/thanh-toan/${group.code}/truc-tiep`);
  const live = (await payments.listPaymentsOf(group.code)).find(isLive);
  // Asked of a provider that did not answer, a payment has no place to go to yet.
  const open = live?.redirectUrl !== undefined || live?.qr;
  if (!open && query('cong') === 'nghi')
    return choicePage(view, group, payments.methods(), view.t('problem.providerText'));
  if (!live || (query('doi') === '1' && live.status === 'pending')) return choicePage(view, group, payments.methods());
  if (live.redirectUrl !== undefined) return redirectPage(view, group, live, live.redirectUrl);
  if (!live.qr) return choicePage(view, group, payments.methods());
  const svg = await drawQr(live.qr.payload);
  return qrScreen(view, { group, payment: live, qr: live.qr, svg, now: now(), demonstration: deps.demonstration });
}

const ignoreProblem = (error: unknown): void => {
  if (!(error instanceof Problem)) throw error;
};

async function choose(
  context: PageContext,
  { orders, payments, once }: PaymentPageDeps,
): Promise<SafeHtml | typeof SENT> {
  const { view, request, reply, param, field } = context;
  const group = await orders.getGroup(param('code'));
  const method = METHODS.find((one) => one === field('method'));
  try {
    if (!method) throw httpProblem('invalid-request', { errors: [{ pointer: '/method', detail: 'is not a method' }] });
    const asked = { groupCode: group.code, method, actor: actorOf(request), address: request.ip };
    const { paymentId } = await once<{ paymentId: string }>(request, (finish) =>
      payments.pay({ ...asked, finish: (tx, opened) => finish(tx, { paymentId: opened.paymentId }) }),
    );
    const payment = await payments.getPayment(paymentId);
    // Sent again after another method was chosen: the page shows what holds now.
    if (payment.status === 'pending' && payment.redirectUrl !== undefined)
      return leaveFor(context, payment.redirectUrl);
    return seeOther(context, `/thanh-toan/${group.code}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'order-not-payable') throw error;
    void reply.code(error.status);
    return choicePage(
      view,
      group,
      payments.methods(),
      view.either(error.entry.vi.join('. '), error.entry.en.join('. ')),
    );
  }
}

/** The code as a picture file: a phone cannot scan its own screen, but its bank's app reads pictures. */
async function sendQrPicture(context: PageContext, { payments }: PaymentPageDeps): Promise<typeof SENT> {
  const live = (await payments.listPaymentsOf(context.param('code'))).find(isLive);
  if (!live?.qr) throw httpProblem('not-found');
  const picture = await QRCode.toBuffer(live.qr.payload, { errorCorrectionLevel: 'M', margin: 2, width: 720 });
  return sendFile(context, picture, 'image/png', `vietqr-${live.qr.memo}.png`);
}

export const paymentPages: FastifyPluginAsync<PaymentPageDeps> = async (app, deps) => {
  const { site } = deps;
  page(app, site, { url: '/thanh-toan/:code', access: 'public' }, (context) => showPayment(context, deps));
  page(app, site, { method: 'POST', url: '/thanh-toan/:code', access: 'public' }, (context) => choose(context, deps));
  page(app, site, { url: '/thanh-toan/:code/qr.png', access: 'public' }, (context) => sendQrPicture(context, deps));
};
