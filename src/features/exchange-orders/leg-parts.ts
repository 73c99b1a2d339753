import { html, type SafeHtml, safeUrl } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { csrfField } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { sums } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import type { Basket } from './shopping.ts';
import { ENDED, type LegState } from './types.ts';
import type { LegView } from './views.ts';

/** How a leg stands, in words. */
const stateWords: Readonly<Record<LegState, MessageKey>> = {
  draft: 'leg.state.waiting',
  quoted: 'leg.state.waiting',
  'price-changed': 'leg.state.waiting',
  authorising: 'leg.state.paying',
  authorised: 'leg.state.reserving',
  reserving: 'leg.state.reserving',
  reserved: 'leg.state.paid',
  capturing: 'leg.state.paid',
  captured: 'leg.state.paid',
  confirming: 'leg.state.paid',
  confirmed: 'leg.state.confirmed',
  fulfilling: 'leg.state.fulfilling',
  done: 'leg.state.done',
  resolving: 'leg.state.resolving',
  voiding: 'leg.state.ending',
  cancelling: 'leg.state.ending',
  refunding: 'leg.state.refunding',
  lapsed: 'leg.state.lapsed',
  void: 'leg.state.void',
  refunded: 'leg.state.refunded',
  'refund-owed': 'leg.state.owed',
};
const good: readonly LegState[] = ['confirmed', 'fulfilling', 'done'];

const lineForm = (view: View, line: Basket['lines'][number]): SafeHtml => {
  const { t, format, link } = view;
  const field = `exchange-${line.variantId}`;
  return html`<li class="line">${line.image ? html`<img src="${line.image}" alt="" width="160" height="160">` : html`<span></span>`}
<div><a href="${link(`/san-pham/${line.productSlug}`)}">${line.name}</a><p class="small soft">${line.label} · ${t('cart.each', { price: format.vnd(line.priceVnd) })}</p></div>
<p class="amount">${format.vnd(line.priceVnd * line.quantity)}</p>
<form class="row" method="post" action="${link('/gio-hang/lien-san')}">${csrfField(view.csrf)}<input type="hidden" name="variantId" value="${line.variantId}">
<span class="quantity"><label class="hidden" for="${field}">${t('cart.quantityOf', { name: line.name })}</label>
<input id="${field}" name="quantity" type="number" inputmode="numeric" value="${line.quantity}" min="1" max="1000" required></span>
<button class="button quiet" type="submit" name="do" value="set">${t('cart.update')}<span class="hidden"> ${line.name}</span></button>
<button class="link-button" type="submit" name="do" value="remove" formnovalidate>${t('cart.remove')}<span class="hidden"> ${line.name}</span></button></form></li>`;
};

const basketBox = (view: View, basket: Basket): SafeHtml => {
  const { t, format, link } = view;
  const { name, partnerKey, goodsVnd } = basket;
  return html`<section class="box shop"><h3>${icon('boat')}${t('leg.soldBy', { name })}</h3><ul>${basket.lines.map((line) => lineForm(view, line))}</ul>
<p>${t('leg.about', { amount: format.vnd(goodsVnd) })}</p><p><a class="button wide" href="${link(`/dat-lien-san/${partnerKey}`)}">${t('leg.checkout', { name })}</a></p></section>`;
};

const mineOf = (view: View, legs: readonly LegView[]): SafeHtml | false => {
  const { t, link, either } = view;
  const begun = legs.filter(({ state }) => state === 'authorising' || stateWords[state] !== 'leg.state.waiting');
  return (
    begun.length > 0 &&
    html`<h3>${t('leg.mine')}</h3><ul class="stack">${begun.map(
      ({ legId, code, state, exchange }) =>
        html`<li><a href="${link(`/mua-lien-san/${legId}`)}">${either(exchange.name, exchange.nameEn)} · ${code}</a> <span class="small soft">${t(stateWords[state])}</span></li>`,
    )}</ul>`
  );
};

/** Beside the cart's own goods: one box an exchange, each ordered and paid by itself. */
export const basketsBox = (
  view: View,
  { baskets, legs }: { readonly baskets: readonly Basket[]; readonly legs: readonly LegView[] },
): SafeHtml | false => {
  const mine = mineOf(view, legs);
  if (baskets.length === 0 && !mine) return false;
  return html`<section class="section stack" aria-labelledby="other-exchanges"><h2 id="other-exchanges">${view.t('leg.cartTitle')}</h2>
<p class="soft">${view.t('leg.cartNote')}</p>${baskets.map((basket) => basketBox(view, basket))}${mine}</section>`;
};

/** In the place of the link home, where the exchange takes orders through us. */
export const addForm = (view: View, variantId: string, name: string): SafeHtml => {
  const { t, link } = view;
  return html`<form class="stack" method="post" action="${link('/gio-hang/lien-san')}">${csrfField(view.csrf)}<input type="hidden" name="do" value="add"><input type="hidden" name="variantId" value="${variantId}">
<p class="quantity"><label for="quantity">${t('product.quantity')}</label><input id="quantity" name="quantity" type="number" inputmode="numeric" value="1" min="1" max="1000" required></p>
<button class="button wide" type="submit">${icon('basket')}${t('leg.add')}</button><p class="small soft">${t('leg.soldBy', { name })}</p></form>`;
};

/** What the exchange asks, to whom the data go, and until when: seen before anything is accepted. */
export function termsForm(view: View, leg: LegView, fault?: SafeHtml | false): SafeHtml | false {
  const { t, format, link, either } = view;
  const { terms, exchange } = leg;
  if (!terms) return false;
  const name = either(exchange.name, exchange.nameEn);
  const [first] = terms.shipping;
  const chosen = terms.shipping.find(({ code }) => code === leg.shippingCode) ?? first;
  return html`<section class="box stack" id="terms" aria-labelledby="terms-title"><h2 id="terms-title">${t('leg.terms', { name })}</h2>
${fault}${leg.state === 'price-changed' && html`<p class="notice wait" role="status">${t('leg.changed')}</p>`}
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
<p class="notice">${t('leg.toWhom', { name, url: exchange.url })}</p><p class="small soft">${t('leg.money', { name })} ${t('leg.deadline')}</p>
<button class="button wide" type="submit" name="do" value="accept">${t('leg.accept')}</button></form></section>`;
}

/** The leg's own page, for whoever holds its secret: how it stands, in words. */
export function legPage(view: View, leg: LegView): SafeHtml {
  const { t, format, link, either } = view;
  const { exchange, terms, state } = leg;
  const name = either(exchange.name, exchange.nameEn);
  const way = terms?.shipping.find(({ code }) => code === leg.shippingCode);
  const moves = !ENDED.includes(state) && !good.includes(state) && state !== 'authorising';
  return layout(view, {
    title: t('leg.order', { name }),
    ...(moves ? { head: html`<meta http-equiv="refresh" content="10">` } : {}),
    body: html`<div class="narrow stack"><h1>${t('leg.order', { name })}</h1><p class="soft">${t('leg.code', { code: leg.code })}${leg.orderCode !== null && html` · ${t('leg.theirCode', { code: leg.orderCode })}`}</p>
<p class="notice${good.includes(state) ? '' : ' wait'}" role="status">${t(stateWords[state])}</p>
${leg.redirectUrl !== null && html`<p><a class="button wide" href="${safeUrl(leg.redirectUrl)}">${t('leg.payOpen')} · ${format.vnd(leg.totalVnd ?? 0)}</a></p>`}
${leg.confirmBy !== null && moves && html`<p>${t('leg.confirmBy', { time: format.dateTime(new Date(leg.confirmBy)) })}</p>`}
${leg.trackingNumber !== null && html`<p>${t('leg.tracking', { number: leg.trackingNumber })}</p>`}
${leg.refundedVnd > 0 && html`<p>${t('leg.refunded', { amount: format.vnd(leg.refundedVnd) })}</p>`}
${
  terms &&
  html`<section class="box"><ul class="goods">${terms.lines.map((line) => html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small></span><span class="number">${format.vnd(line.totalVnd)}</span></li>`)}</ul>
${sums(view, [
  { label: t('cart.shipping'), amountVnd: way?.amountVnd ?? 0 },
  { label: t('cart.total'), amountVnd: leg.totalVnd ?? 0, total: true },
])}</section>`
}
<p class="small soft">${t('leg.deadline')}</p><p class="row"><a class="button quiet" href="${link(`/mua-lien-san/${leg.legId}`)}">${t('leg.reload')}</a>
<a href="${link('/gio-hang')}">${t('checkout.back')}</a></p></div>`,
  });
}
