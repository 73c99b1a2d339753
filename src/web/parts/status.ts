import { html, type SafeHtml } from '../html.ts';
import type { MessageKey } from '../i18n/messages.ts';
import type { View } from '../view.ts';

/** A state in words with a colour that repeats the word and never replaces it. */
export type Tone = 'good' | 'wait' | 'bad' | 'away';

const groupStates: Readonly<Record<string, readonly [MessageKey, Tone]>> = {
  'awaiting-payment': ['status.awaitingPayment', 'wait'],
  paid: ['status.paid', 'good'],
  'partly-cancelled': ['status.partlyCancelled', 'wait'],
  cancelled: ['status.cancelled', 'bad'],
  expired: ['status.expired', 'bad'],
};
const orderStates: Readonly<Record<string, readonly [MessageKey, Tone]>> = {
  'awaiting-payment': ['status.awaitingPayment', 'wait'],
  placed: ['status.placed', 'wait'],
  confirmed: ['status.confirmed', 'good'],
  completed: ['status.completed', 'good'],
  cancelled: ['status.cancelled', 'bad'],
};
const fulfilmentStates: Readonly<Record<string, readonly [MessageKey, Tone]>> = {
  none: ['status.notSent', 'away'],
  packed: ['status.packed', 'wait'],
  shipped: ['status.shipped', 'good'],
  delivered: ['status.delivered', 'good'],
  returned: ['status.returned', 'bad'],
};
const paymentStates: Readonly<Record<string, readonly [MessageKey, Tone]>> = {
  unpaid: ['status.unpaid', 'wait'],
  paid: ['status.paid', 'good'],
  'part-refunded': ['status.partRefunded', 'wait'],
  refunded: ['status.refunded', 'away'],
};
const tables = { group: groupStates, order: orderStates, fulfilment: fulfilmentStates, payment: paymentStates };

export const statusTag = ({ t }: View, kind: keyof typeof tables, state: string): SafeHtml => {
  const [key, tone] = tables[kind][state] ?? ['status.unknown', 'away'];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};

export type OrderFacts = { readonly status: string; readonly paymentStatus: string; readonly fulfilmentStatus: string };

/** The way of an order from payment to the door. A cancelled one says so instead. */
export function orderSteps(view: View, order: OrderFacts): SafeHtml {
  const { t } = view;
  if (order.status === 'cancelled')
    return html`<p class="notice bad">${t('order.cancelledText')} ${statusTag(view, 'payment', order.paymentStatus)}</p>`;
  const sent = ['shipped', 'delivered', 'returned'].includes(order.fulfilmentStatus);
  const done = [
    order.paymentStatus !== 'unpaid',
    ['confirmed', 'completed'].includes(order.status),
    sent || order.fulfilmentStatus === 'packed',
    sent,
    ['delivered', 'returned'].includes(order.fulfilmentStatus),
  ];
  const names: readonly MessageKey[] = ['step.paid', 'step.confirmed', 'step.packed', 'step.shipped', 'step.delivered'];
  const last = done.lastIndexOf(true);
  return html`<ol class="steps">${names.map(
    (name, index) =>
      html`<li${index <= last && html` class="${index === last ? 'done now' : 'done'}"`}${index === last && html` aria-current="step"`}>${t(name)}${
        index <= last && html`<span class="hidden"> – ${t('step.done')}</span>`
      }</li>`,
  )}</ol>`;
}
