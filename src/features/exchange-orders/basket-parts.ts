import { html, type SafeHtml } from '#web/html.ts';
import { csrfField } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { priceAge } from '#web/parts/partner-label.ts';
import { sums } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import { stateWords } from './leg-words.ts';
import type { Basket } from './shopping.ts';
import type { LegView } from './views.ts';

const lineForm = (view: View, line: Basket['lines'][number], now: Date): SafeHtml => {
  const { t, format, link } = view;
  const field = `exchange-${line.variantId}`;
  return html`<li class="line">${line.image ? html`<img src="${line.image}" alt="" width="160" height="160">` : html`<span></span>`}
<div><a href="${link(`/san-pham/${line.productSlug}`)}">${line.name}</a><p class="small soft">${line.label} · ${t('cart.each', { price: format.vnd(line.priceVnd) })}${line.priceAsOf !== null && html` · ${priceAge(view, line.priceAsOf, now)}`}</p></div>
<p class="amount">${format.vnd(line.priceVnd * line.quantity)}</p>
<form class="row" method="post" action="${link('/gio-hang/lien-san')}">${csrfField(view.csrf)}<input type="hidden" name="variantId" value="${line.variantId}">
<span class="quantity"><label class="hidden" for="${field}">${t('cart.quantityOf', { name: line.name })}</label>
<input id="${field}" name="quantity" type="number" inputmode="numeric" value="${line.quantity}" min="1" max="1000" required></span>
<button class="button quiet" type="submit" name="do" value="set">${t('cart.update')}<span class="hidden"> ${line.name}</span></button>
<button class="link-button" type="submit" name="do" value="remove" formnovalidate>${t('cart.remove')}<span class="hidden"> ${line.name}</span></button></form></li>`;
};

const basketBox = (view: View, basket: Basket, now: Date): SafeHtml => {
  const { t, link } = view;
  const { name, partnerKey, goodsVnd, isOrderable, lines } = basket;
  const way = isOrderable
    ? html`<p class="soft small">${t('leg.about')}</p><p class="way-on"><a class="button" href="${link(`/dat-lien-san/${partnerKey}`)}">${t('leg.checkout', { name })}</a></p>`
    : html`<p class="notice wait">${t('leg.closed', { name })}</p>`;
  return html`<section class="box shop"><h3>${icon('boat')}${t('leg.soldBy', { name })}</h3><ul>${lines.map((line) => lineForm(view, line, now))}</ul>
${sums(view, [{ label: t('cart.subtotal'), amountVnd: goodsVnd, total: true }])}${way}</section>`;
};

const mineOf = (view: View, legs: readonly LegView[], isAlone: boolean): SafeHtml | false => {
  const { t, link, either } = view;
  const begun = legs.filter(({ state }) => stateWords[state] !== 'leg.state.waiting');
  return (
    begun.length > 0 &&
    html`${!isAlone && html`<h3>${t('leg.mine')}</h3>`}<ul class="stack">${begun.map(
      ({ legId, code, state, exchange }) =>
        html`<li><a href="${link(`/mua-lien-san/${legId}`)}">${either(exchange.name, exchange.nameEn)} · ${code}</a> <span class="small soft">${t(stateWords[state])}</span></li>`,
    )}</ul>`
  );
};

/** Beside the cart's own goods: one box an exchange, each ordered and paid by itself. */
export const basketsBox = (
  view: View,
  {
    baskets,
    legs,
    now,
  }: { readonly baskets: readonly Basket[]; readonly legs: readonly LegView[]; readonly now: Date },
): SafeHtml | false => {
  const mine = mineOf(view, legs, baskets.length === 0);
  if (baskets.length === 0 && !mine) return false;
  return html`<section class="section stack" aria-labelledby="other-exchanges"><h2 id="other-exchanges">${view.t(baskets.length > 0 ? 'leg.cartTitle' : 'leg.mine')}</h2>
${baskets.length > 0 && html`<p class="soft">${view.t('leg.cartNote')}</p>`}${baskets.map((basket) => basketBox(view, basket, now))}${mine}</section>`;
};

/** In the place of the link home, where the exchange takes orders through us. */
export const addForm = (view: View, variantId: string, name: string): SafeHtml => {
  const { t, link } = view;
  return html`<form class="stack" method="post" action="${link('/gio-hang/lien-san')}">${csrfField(view.csrf)}<input type="hidden" name="do" value="add"><input type="hidden" name="variantId" value="${variantId}">
<p class="quantity"><label for="quantity">${t('product.quantity')}</label><input id="quantity" name="quantity" type="number" inputmode="numeric" value="1" min="1" max="1000" required></p>
<button class="button wide" type="submit">${icon('basket')}${t('leg.add')}</button><p class="small soft">${t('leg.soldBy', { name })}</p></form>`;
};
