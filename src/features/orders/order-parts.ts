import { html, type SafeHtml } from '#web/html.ts';
import { icon } from '#web/parts/icon.ts';
import { orderSteps, statusTag } from '#web/parts/status.ts';
import { sums } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import type { GroupView, TrackedGroup } from './views.ts';

type OrderOfGroup = GroupView['orders'][number];
type TrackedOrder = TrackedGroup['orders'][number];
type Line = TrackedOrder['lines'][number];

export const lineList = (view: View, lines: readonly Line[]): SafeHtml =>
  html`<ul class="goods">${lines.map(
    (line) =>
      html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small></span><span class="number">${view.format.vnd(line.totalVnd)}</span></li>`,
  )}</ul>`;

const orderSums = (view: View, order: OrderOfGroup): SafeHtml =>
  sums(view, [
    { label: view.t('cart.subtotal'), amountVnd: order.subtotalVnd },
    { label: view.t('cart.shipping'), amountVnd: order.shippingVnd },
    { label: view.t('cart.totalOf'), amountVnd: order.totalVnd, total: true },
  ]);

const head = (view: View, order: OrderOfGroup): SafeHtml =>
  html`<h3>${icon('boat')}${order.business.name}</h3><p class="row"><span class="code">${order.code}</span>${statusTag(view, 'order', order.status)}</p>`;

/** One seller's part of a group, as far as its code alone opens it. */
export const orderBox = (view: View, order: OrderOfGroup): SafeHtml =>
  html`<li class="box stack shop">${head(view, order)}${orderSteps(view, order)}${orderSums(view, order)}</li>`;

/** The same with goods and parcel, for whoever placed it. */
export const trackedBox = (
  view: View,
  order: TrackedOrder,
): SafeHtml => html`<li class="box stack shop">${head(view, order)}
${orderSteps(view, order)}${
  order.carrier !== null &&
  html`<p>${icon('truck')} ${view.t('order.carrier', { carrier: order.carrier, number: order.trackingNumber ?? '–' })}</p>`
}${lineList(view, order.lines)}${orderSums(view, order)}</li>`;

export const deliveryBox = (view: View, { recipient, address }: TrackedGroup['delivery']): SafeHtml =>
  html`<section class="box"><h2>${view.t('order.deliverTo')}</h2><p><b>${recipient.name}</b> · ${recipient.phone}<br>${address.line}, ${address.ward}</p></section>`;

/** The state of a whole group in one notice, with what to do next. */
export function groupNotice(view: View, group: GroupView): SafeHtml {
  const { t, format, link } = view;
  if (group.status === 'paid')
    return html`<div class="notice good"><h2>${t('paid.title')}</h2><p>${t('paid.text', { code: group.code })} ${t('paid.keep')}</p></div>`;
  if (group.status === 'awaiting-payment')
    return html`<div class="notice wait"><p>${statusTag(view, 'group', group.status)} ${t('pay.deadline', { time: format.dateTime(new Date(group.expiresAt)) })}</p>
<p><a class="button" href="${link(`/thanh-toan/${group.code}`)}">${t('group.pay')} ${format.vnd(group.totalVnd)}</a></p></div>`;
  if (group.status === 'expired')
    return html`<div class="notice bad"><h2>${t('pay.expired')}</h2><p>${t('pay.expiredText')}</p></div>`;
  return html`<p class="notice wait">${statusTag(view, 'group', group.status)}</p>`;
}
