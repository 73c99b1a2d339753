import { transferBox } from '#features/payments/index.ts';
import { html, type SafeHtml, safeUrl } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { csrfField } from '#web/parts/field.ts';
import { methodChoices } from '#web/parts/method-choices.ts';
import { sums } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import { good, reasonOf, stateWords, voidWords, wayOf } from './leg-words.ts';
import type { Basket } from './shopping.ts';
import { ENDED, type LegMethod, WAITING } from './types.ts';
import type { LegView } from './views.ts';

/** What the exchange asks, to whom the data go, and until when: seen before anything is accepted. */
export function termsForm(view: View, leg: LegView, methods: readonly LegMethod[]): SafeHtml | false {
  const { t, format, link, either } = view;
  const { terms, exchange } = leg;
  if (!terms) return false;
  const name = either(exchange.name, exchange.nameEn);
  const [first] = terms.shipping;
  const chosen = terms.shipping.find(({ code }) => code === leg.shippingCode) ?? first;
  return html`<section class="box stack" id="terms" aria-labelledby="terms-title"><h2 id="terms-title">${t('leg.terms', { name })}</h2>
${leg.state === 'price-changed' && html`<p class="notice wait" role="status">${t('leg.changed')}</p>`}
<ul class="goods">${terms.lines.map((line) => html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small></span><span class="number">${format.vnd(line.totalVnd)}</span></li>`)}</ul>
${sums(view, [{ label: t('cart.subtotal'), amountVnd: terms.goodsVnd, total: true }])}
<p>${t('leg.until', { time: format.dateTime(new Date(terms.expiresAt)) })}</p>
<form class="stack" method="post" action="${link(`/dat-lien-san/${exchange.key}`)}">${csrfField(view.csrf)}<input type="hidden" name="legId" value="${leg.legId}">
<fieldset><legend>${t('leg.ways')}</legend>${terms.shipping.map((way) => {
    const total = terms.goodsVnd + way.amountVnd;
    const words = t('leg.way', {
      name: either(way.vi, way.en),
      amount: format.vnd(way.amountVnd),
      total: format.vnd(total),
    });
    return html`<label class="choice"><input type="radio" name="way" value="${total} ${way.code}"${way === chosen && html` checked`}><span>${words}</span></label>`;
  })}</fieldset>
${terms.needsAge && html`<p>${t('age.why')}</p><label class="tick"><input type="checkbox" name="age" value="1"> ${t('age.ask')}</label>`}
<fieldset><legend>${t('checkout.how')}</legend>${methodChoices(view, methods, methods.includes('vietqr') ? 'vietqr' : 'stripe')}</fieldset>
<p class="notice">${t('leg.toWhom', { name, url: exchange.url })}</p>
<ul class="small soft">${methods.includes('vietqr') && html`<li>${t('leg.moneyTransfer', { name })}</li>`}${methods.includes('stripe') && html`<li>${t('leg.money', { name })}</li>`}<li>${t('leg.deadline')}</li></ul>
<button class="button wide" type="submit" name="do" value="accept">${t('leg.accept')}</button></form></section>`;
}

/** The goods as they lie in the cart, before the exchange has said what they cost. */
export const wishedBox = (view: View, { lines, goodsVnd }: Basket): SafeHtml => {
  const { t, format } = view;
  return html`<section class="box stack" aria-label="${t('leg.goods')}"><ul class="goods">${lines.map((line) => html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small></span><span class="number">${format.vnd(line.priceVnd * line.quantity)}</span></li>`)}</ul>
${sums(view, [{ label: t('cart.subtotal'), amountVnd: goodsVnd, total: true }])}<p class="small soft">${t('leg.about')}</p></section>`;
};

const stepsOf = (view: View, { state, method }: LegView): SafeHtml | false => {
  const way = wayOf(state, method);
  if (!way) return false;
  const { t } = view;
  const { stages, done } = way;
  return html`<ol class="steps">${stages.map(
    (name, index) =>
      html`<li${index < done && html` class="${index === done - 1 ? 'done now' : 'done'}"`}${index === done - 1 && html` aria-current="step"`}>${t(name)}${
        index < done && html`<span class="hidden"> – ${t('step.done')}</span>`
      }</li>`,
  )}</ol>`;
};

/** All that a transfer needs, while the goods are held for it. */
const transferPart = (view: View, { transfer, receivedVnd }: LegView, svg: string | undefined): SafeHtml | false => {
  const { t, format } = view;
  if (!transfer || svg === undefined) return false;
  return html`<p>${t('leg.transferBy', { time: format.dateTime(new Date(transfer.until)) })}</p>
${receivedVnd > 0 && html`<p class="notice wait" role="status">${t('pay.underpaid', { received: format.vnd(receivedVnd), missing: format.vnd(transfer.amountVnd) })}</p>`}
${transferBox(view, transfer, svg)}<p class="small soft">${t('leg.transferNote')}</p>`;
};

const notice = (view: View, { state, reason, method }: LegView): SafeHtml => {
  const { t } = view;
  const because = reasonOf(state, reason);
  return html`<div class="notice ${good.includes(state) ? 'good' : 'wait'}" role="status"><p><b>${t(voidWords(state, method) ?? stateWords[state])}</b></p>${because && html`<p>${t(because)}</p>`}</div>`;
};

const boughtBox = (view: View, leg: LegView): SafeHtml | false => {
  const { t, format } = view;
  const { terms } = leg;
  const way = terms?.shipping.find(({ code }) => code === leg.shippingCode);
  return (
    terms !== null &&
    html`<section class="box" aria-label="${t('leg.goods')}"><ul class="goods">${terms.lines.map((line) => html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small></span><span class="number">${format.vnd(line.totalVnd)}</span></li>`)}</ul>
${sums(view, [
  { label: t('cart.shipping'), amountVnd: way?.amountVnd ?? 0 },
  { label: t('cart.total'), amountVnd: leg.totalVnd ?? 0, total: true },
])}</section>`
  );
};

/** What its shopper does next, if anything. */
function nextStep(view: View, leg: LegView): SafeHtml | false {
  const { t, format, link } = view;
  if (leg.redirectUrl !== null)
    return html`<p><a class="button wide" href="${safeUrl(leg.redirectUrl)}">${t('leg.payOpen')} · ${format.vnd(leg.totalVnd ?? 0)}</a></p><p class="small soft">${t('leg.money', { name: nameOf(view, leg) })}</p>`;
  if (WAITING.includes(leg.state))
    return html`<p><a class="button wide" href="${link(`/dat-lien-san/${leg.exchange.key}`)}">${t('leg.goOn')}</a></p>`;
  return (
    ENDED.includes(leg.state) &&
    !good.includes(leg.state) &&
    html`<p class="row"><a class="button" href="${link('/tim-kiem')}">${t('home.browse')}</a></p>`
  );
}

const nameOf = ({ either }: View, { exchange }: LegView): string => either(exchange.name, exchange.nameEn);

/** What else is known of it: deadline, parcel, and what goes back. */
const factsOf = (view: View, leg: LegView, isOn: boolean): SafeHtml => {
  const { t, format } = view;
  const { confirmBy, transfer, trackingNumber, refundedVnd, method } = leg;
  return html`${confirmBy !== null && isOn && transfer === null && html`<p>${t('leg.confirmBy', { time: format.dateTime(new Date(confirmBy)) })}</p>`}
${trackingNumber !== null && html`<p>${t('leg.tracking', { number: trackingNumber })}</p>`}
${refundedVnd > 0 && html`<p>${t(method === 'stripe' ? 'leg.refunded' : 'leg.refundedByHand', { amount: format.vnd(refundedVnd) })}</p>`}`;
};

/** The leg's own page, for whoever holds its secret: how it stands, in words. */
export function legPage(view: View, leg: LegView, svg?: string): SafeHtml {
  const { t, link } = view;
  const { state } = leg;
  const name = nameOf(view, leg);
  const isAsking = !ENDED.includes(state) && !good.includes(state) && !WAITING.includes(state);
  const waits = isAsking || state === 'authorising';
  const isOn = isAsking && (state === 'resolving' || wayOf(state, leg.method) !== undefined);
  return layout(view, {
    title: t('leg.order', { name }),
    ...(waits ? { head: html`<noscript><meta http-equiv="refresh" content="10"></noscript>` } : {}),
    body: html`<div class="narrow stack"${waits && html` data-reload="10"`}><h1>${t('leg.order', { name })}</h1><p class="soft">${t('leg.code', { code: leg.code })}${leg.orderCode !== null && html` · ${t('leg.theirCode', { code: leg.orderCode })}`}</p>
${notice(view, leg)}${transferPart(view, leg, svg)}${stepsOf(view, leg)}${nextStep(view, leg)}${factsOf(view, leg, isOn)}${boughtBox(view, leg)}
${(isOn || state === 'authorising') && html`<p class="small soft">${t('leg.deadline')}</p>`}<p class="row">${waits && html`<a class="button quiet" href="${link(`/mua-lien-san/${leg.legId}`)}">${t('leg.reload')}</a>`}
<a href="${link('/gio-hang')}">${t('checkout.back')}</a></p></div>`,
  });
}
