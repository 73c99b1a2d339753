import { html, type SafeHtml } from '#web/html.ts';
import { icon } from '#web/parts/icon.ts';
import type { View } from '#web/view.ts';
import type { CartView } from './service.ts';
import type { Choices } from './types.ts';

type Shop = CartView['businesses'][number];
type Way = Shop['deliveryOptions'][number];

/** Goods that would spoil on their way, with the hours that say why. */
export const spoilingWords = ({ t }: View, spoiling: Way['spoiling']): readonly string[] =>
  spoiling.map(({ name, maxHours, transitHours }) => t('delivery.spoils', { name, maxHours, transitHours }));

const pickupWords = ({ t }: View, { pickupPoint }: Way): string | false =>
  pickupPoint !== null &&
  t('delivery.pickupAt', { name: pickupPoint.name, address: `${pickupPoint.line}, ${pickupPoint.ward}` });

/** What there is to do about freight: that it is out of proportion, what is missing until it is free, and where to collect instead. */
export function freightHints(view: View, shop: Shop): SafeHtml | false {
  const { t, format } = view;
  const { toFreeVnd, shareBps, advice } = shop.freight;
  const percent = format.integer(shareBps / 100);
  const amount = toFreeVnd === null ? '' : format.vnd(toFreeVnd);
  const hint =
    advice === null
      ? toFreeVnd !== null && t('delivery.toFree', { amount })
      : t(advice === 'combine' ? 'delivery.combine' : 'delivery.addForFree', { percent, amount });
  const pickup = shop.deliveryOptions.flatMap((way) => pickupWords(view, way) || []);
  if (hint === false && pickup.length === 0) return false;
  return html`<ul class="small stack">${hint !== false && html`<li${advice !== null && html` class="tag wait"`}>${icon('truck')} ${hint}</li>`}${pickup.map((words) => html`<li>${icon('place')} ${words}</li>`)}</ul>`;
}

/** Said once the address is known; before that it is a guess. */
export const spoilingNotice = (view: View, cart: CartView): SafeHtml | false => {
  const spoiling = cart.businesses.flatMap((shop) =>
    shop.deliveryOptions.filter(({ method }) => method === shop.deliveryMethod).flatMap((way) => way.spoiling),
  );
  return (
    cart.delivery !== null &&
    spoiling.length > 0 &&
    html`<div class="notice bad"><h2>${view.t('delivery.spoilTitle')}</h2><ul>${spoilingWords(view, spoiling).map((words) => html`<li>${words}</li>`)}</ul><p>${view.t('delivery.spoilHelp')}</p></div>`
  );
};

const wayOf = (view: View, { businessId }: Shop, way: Way, chosen: boolean): SafeHtml => {
  const { t, format } = view;
  const name = t(way.method === 'pickup' ? 'delivery.pickup' : 'delivery.standard');
  const point = way.pickupPoint;
  return html`<label class="choice"><input type="radio" name="way-${businessId}" value="${way.method}"${chosen && html` checked`}>
<span><b>${name} · ${format.vnd(way.feeVnd)}</b><small class="soft">${point ? `${point.name}, ${point.line}, ${point.ward}. ${point.hours}` : t('delivery.standardText')}</small></span></label>`;
};

/** For each business that can be collected from: sent, or collected. The others send, and there is nothing to choose. */
export const wayChoices = (view: View, cart: CartView, ways: Choices): SafeHtml | false => {
  const shops = cart.businesses.filter(({ deliveryOptions }) => deliveryOptions.length > 1);
  return (
    shops.length > 0 &&
    html`<div class="box" id="ways"><h2>${view.t('delivery.how')}</h2>${shops.map(
      (shop) =>
        html`<fieldset><legend>${shop.name}</legend>${shop.deliveryOptions.map((way) => wayOf(view, shop, way, way.method === (ways[shop.businessId] ?? 'standard')))}</fieldset>`,
    )}</div>`
  );
};

/** What was chosen before, of businesses that are in the cart still. */
export const waysOf = (cart: CartView): Choices =>
  Object.fromEntries(cart.businesses.map(({ businessId, deliveryMethod }) => [businessId, deliveryMethod]));
