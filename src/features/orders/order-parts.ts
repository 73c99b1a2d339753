import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { addressLine } from '#web/parts/address.ts';
import { copyable } from '#web/parts/copyable.ts';
import { csrfField } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { orderSteps, statusTag, type Tone } from '#web/parts/status.ts';
import { breakdown } from '#web/parts/sums.ts';
import type { View } from '#web/view.ts';
import type { ShipmentState } from './types.ts';
import type { GroupView, TrackedGroup } from './views.ts';

type OrderOfGroup = GroupView['orders'][number];
type TrackedOrder = TrackedGroup['orders'][number];
type Line = TrackedOrder['lines'][number];

export const lineList = (view: View, lines: readonly Line[]): SafeHtml =>
  html`<ul class="goods">${lines.map(
    (line) =>
      html`<li><span>${line.quantity} × ${line.name} <small class="soft">${line.label}</small>${
        line.cancelledQuantity > 0 &&
        html` <span class="tag bad">${view.t('line.cancelled', { count: line.cancelledQuantity })}</span>`
      }${
        line.returnedQuantity > 0 &&
        html` <span class="tag wait">${view.t('line.returned', { count: line.returnedQuantity })}</span>`
      }</span><span class="number">${view.format.vnd(line.totalVnd)}</span></li>`,
  )}</ul>`;

type Parcels = Pick<TrackedOrder, 'shipments' | 'lines'>;
const parcelStates: Readonly<Record<ShipmentState, readonly [MessageKey, Tone]>> = {
  created: ['parcel.created', 'away'],
  picked_up: ['parcel.picked_up', 'wait'],
  in_transit: ['parcel.in_transit', 'wait'],
  out_for_delivery: ['parcel.out_for_delivery', 'wait'],
  failed_attempt: ['parcel.failed_attempt', 'wait'],
  delivered: ['parcel.delivered', 'good'],
  cod_settled: ['parcel.cod_settled', 'good'],
  returning: ['parcel.returning', 'wait'],
  returned: ['parcel.returned', 'bad'],
  lost_damaged: ['parcel.lost_damaged', 'bad'],
  cancelled: ['parcel.cancelled', 'away'],
};
const parcelTag = ({ t }: View, state: ShipmentState): SafeHtml => {
  const [name, tone] = parcelStates[state];
  return html`<span class="tag ${tone}">${t(name)}</span>`;
};

/** The parcels of an order; what is in each where there are several. `after` adds what can be done with one. */
export const parcelList = (
  view: View,
  { shipments, lines }: Parcels,
  after: (parcel: TrackedOrder['shipments'][number]) => SafeHtml | false = () => false,
): SafeHtml | false =>
  shipments.length > 0 &&
  html`<ul class="stack parcels">${shipments.map(
    (parcel, index) =>
      html`<li><p class="row">${icon('truck')}${shipments.length > 1 && html`<b>${view.t('parcel.title', { number: index + 1 })}</b>`}${parcelTag(view, parcel.state)}${
        parcel.carrier !== null &&
        html`<span class="small">${view.t('order.carrier', { carrier: parcel.carrier, number: parcel.trackingNumber ?? '–' })}</span>`
      }</p>${
        shipments.length > 1 &&
        html`<p class="small soft">${view.format.list(parcel.lines.map(({ variantId, quantity }) => `${quantity} × ${lines.find((line) => line.variantId === variantId)?.name ?? ''}`))}</p>`
      }${after(parcel)}</li>`,
  )}</ul>`;

const head = (view: View, order: OrderOfGroup): SafeHtml =>
  html`<h3>${icon('boat')}${order.business.name}</h3><p class="row"><span class="code">${order.code}</span>${statusTag(view, 'order', order.status)}</p>${pickupLine(view, order)}`;

/** Where the buyer collects it; nothing where it is sent. */
function pickupLine({ t }: View, { pickupPoint }: OrderOfGroup): SafeHtml | false {
  if (pickupPoint === null) return false;
  const { name, line, ward, hours } = pickupPoint;
  return html`<p>${icon('place')} ${t('delivery.collect', { place: `${name}, ${line}, ${ward}`, hours })}</p>`;
}

/** One seller's part of a group, as far as its code alone opens it. */
export const orderBox = (view: View, order: OrderOfGroup): SafeHtml =>
  html`<li class="box stack shop">${head(view, order)}${orderSteps(view, order)}${breakdown(view, order)}</li>`;

/** To what can be done once something of it was delivered. The number that opened this page opens those too. */
const afterSale = ({ t, link, csrf }: View, { code }: OrderOfGroup, phone: string): SafeHtml => {
  const way = (path: string, name: MessageKey): SafeHtml =>
    html`<form method="post" action="${link(path)}">${csrfField(csrf)}<input type="hidden" name="code" value="${code}"><input type="hidden" name="phone" value="${phone}">
<button class="button quiet" type="submit">${t(name)}<span class="hidden"> ${code}</span></button></form>`;
  return html`<div class="row">${way('/danh-gia', 'reviews.write')}${way('/doi-tra', 'care.title')}</div>`;
};

/** To complaining of it, whatever has become of it since it was paid. */
const complaining = ({ t, link, csrf }: View, { code }: OrderOfGroup, phone: string): SafeHtml =>
  html`<form method="post" action="${link('/khieu-nai')}">${csrfField(csrf)}<input type="hidden" name="code" value="${code}"><input type="hidden" name="phone" value="${phone}">
<button class="button quiet" type="submit">${t('complaint.start')}<span class="hidden"> ${code}</span></button></form>`;

/** The same with goods and parcel, for whoever placed it. */
export const trackedBox = (
  view: View,
  order: TrackedOrder,
  phone: string,
  more: SafeHtml | false,
): SafeHtml => html`<li class="box stack shop">${head(view, order)}
${orderSteps(view, order)}${parcelList(view, order)}${lineList(view, order.lines)}${breakdown(view, order)}${more}${order.shipments.some(({ state }) => state === 'delivered' || state === 'cod_settled') && afterSale(view, order, phone)}${order.paymentStatus !== 'unpaid' && complaining(view, order, phone)}</li>`;

export const deliveryBox = (view: View, { recipient, address }: TrackedGroup['delivery']): SafeHtml =>
  html`<section class="box"><h2>${view.t('order.deliverTo')}</h2><p><b>${recipient.name}</b> · ${recipient.phone}<br>${addressLine(address)}</p></section>`;

/** All that leads back to the order, to be copied or kept as a file; the file is in the link itself, so nothing is asked for it. */
export function codeBox(view: View, code: string): SafeHtml {
  const { t, link, site } = view;
  const address = site.publicUrl + link(`/don-hang/${code}`);
  const text = t('group.saved', { code, site: new URL(site.publicUrl).host, address });
  return html`<section class="box stack"><dl>${copyable(view, { label: t('track.code'), shown: code })}</dl><p>${t('group.keep')}</p>
<p><a class="button quiet" href="data:text/plain;charset=utf-8,${encodeURIComponent(text)}" download="${code}.txt">${t('group.save')}</a></p></section>`;
}

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
