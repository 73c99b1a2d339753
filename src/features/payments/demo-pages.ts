import type { FastifyPluginAsync } from 'fastify';
import { type Vnd, vnd } from '#core/money.ts';
import type { Orders } from '#features/orders/index.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { leaveFor, type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { csrfField } from '#web/parts/field.ts';
import { sums } from '#web/parts/sums.ts';
import type { Site, View } from '#web/view.ts';
import type { Payments, PaymentView } from './service.ts';
import type { DemoDesk, DemoSession, QrCode } from './types.ts';

/** Registered in the demonstration only: here one plays payer and bank, so that a newcomer can finish a purchase. */
export type DemoPageDeps = {
  readonly site: Site;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly desk: DemoDesk;
};

type Waiting = PaymentView & { readonly qr: QrCode };
type Stage = {
  readonly action: string;
  readonly what: string;
  readonly amountVnd: number;
  readonly buttons: SafeHtml;
  readonly back: string;
};
const surplus = vnd(10_000);

const button = (act: string, text: string, quiet = true): SafeHtml =>
  html`<button class="button wide${quiet && ' quiet'}" type="submit" name="do" value="${act}">${text}</button>`;

const stagePage = (view: View, { action, what, amountVnd, buttons, back }: Stage): SafeHtml => {
  const { t, link } = view;
  return layout(view, {
    title: t('demo.title'),
    body: html`<div class="narrow stack"><div class="stage stack"><p><b>${t('demo.label')}</b></p><h1>${t('demo.title')}</h1><p>${t('demo.text')}</p>
${sums(view, [{ label: what, amountVnd, total: true }])}
<form class="stack" method="post" action="${link(action)}">${csrfField(view.csrf)}${buttons}</form></div>
<p><a href="${back}">${t('demo.back')}</a></p></div>`,
  });
};

/** Card and VNPAY look alike here: one says yes or no. */
const cardPage = (view: View, sessionId: string, session: DemoSession): SafeHtml =>
  stagePage(view, {
    action: `/minh-hoa/${session.method === 'vnpay' ? 'vnpay' : 'the'}/${sessionId}`,
    what: session.description,
    amountVnd: session.amountVnd,
    buttons: html`${button('pay', view.t('demo.exact', { amount: view.format.vnd(session.amountVnd) }), false)}${button('decline', view.t('demo.decline'))}`,
    back: session.cancelUrl,
  });

const bankPage = (view: View, groupCode: string, payment: Waiting): SafeHtml => {
  const { t, format, link } = view;
  const dueVnd = payment.amountVnd - payment.receivedVnd;
  return stagePage(view, {
    action: `/minh-hoa/ngan-hang/${groupCode}`,
    what: `${t('pay.memo')}: ${payment.qr.memo}`,
    amountVnd: dueVnd,
    buttons: html`${button('exact', t('demo.exact', { amount: format.vnd(dueVnd) }), false)}${button('short', t('demo.short'))}${button('over', t('demo.over'))}${button('twice', t('demo.twice'))}`,
    back: link(`/thanh-toan/${groupCode}`),
  });
};

const transfers: Readonly<Record<string, (dueVnd: Vnd) => readonly Vnd[]>> = {
  exact: (due) => [due],
  short: (due) => [vnd(Math.floor(due / 2))],
  over: (due) => [vnd(due + surplus)],
  twice: (due) => [due, due],
};

const waitingOf = async ({ payments }: DemoPageDeps, groupCode: string): Promise<Waiting | undefined> =>
  (await payments.listPaymentsOf(groupCode)).find(
    (payment): payment is Waiting =>
      payment.qr !== undefined && (payment.status === 'pending' || payment.status === 'underpaid'),
  );

const notAPlay = () =>
  httpProblem('invalid-request', { errors: [{ pointer: '/do', detail: 'is not one of the buttons' }] });

/** Transfers reach the exchange by the same webhook that a bank feed calls. */
async function transfer(context: PageContext, deps: DemoPageDeps): Promise<typeof SENT> {
  const { code: groupCode } = await deps.orders.getGroup(context.param('code'));
  const wanted = context.field('do');
  const amounts = Object.hasOwn(transfers, wanted) ? transfers[wanted] : undefined;
  if (!amounts) throw notAPlay();
  const payment = await waitingOf(deps, groupCode);
  for (const amountVnd of payment ? amounts(vnd(payment.amountVnd - payment.receivedVnd)) : [])
    await deps.desk.transfer(payment?.qr.memo ?? '', amountVnd);
  return seeOther(context, `/thanh-toan/${groupCode}`);
}

async function decide(context: PageContext, { desk }: DemoPageDeps): Promise<typeof SENT> {
  const verdict = context.field('do');
  if (verdict !== 'pay' && verdict !== 'decline') throw notAPlay();
  return leaveFor(context, await desk.decide(context.param('session'), verdict));
}

export const demoPages: FastifyPluginAsync<DemoPageDeps> = async (app, deps) => {
  const { site, orders, desk } = deps;
  const bank = '/minh-hoa/ngan-hang/:code';
  page(app, site, { url: bank, access: 'public' }, async (context) => {
    const group = await orders.getGroup(context.param('code'));
    const payment = await waitingOf(deps, group.code);
    return payment ? bankPage(context.view, group.code, payment) : seeOther(context, `/thanh-toan/${group.code}`);
  });
  page(app, site, { method: 'POST', url: bank, access: 'public' }, (context) => transfer(context, deps));
  for (const url of ['/minh-hoa/the/:session', '/minh-hoa/vnpay/:session']) {
    page(app, site, { url, access: 'public' }, async ({ view, param }) => {
      const session = desk.session(param('session'));
      if (!session) throw httpProblem('not-found');
      return cardPage(view, param('session'), session);
    });
    page(app, site, { method: 'POST', url, access: 'public' }, (context) => decide(context, deps));
  }
};
