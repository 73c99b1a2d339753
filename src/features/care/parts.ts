import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type { ReturnEventType, ReturnReason, ReturnState } from './types.ts';
import type { ReturnView } from './views/returns.ts';

const states: Readonly<Record<ReturnState, readonly [MessageKey, Tone]>> = {
  requested: ['care.state.requested', 'wait'],
  refused: ['care.state.refused', 'bad'],
  appealed: ['care.state.appealed', 'wait'],
  accepted: ['care.state.accepted', 'good'],
  'sent-back': ['care.state.sent-back', 'wait'],
  received: ['care.state.received', 'wait'],
  refunded: ['care.state.refunded', 'good'],
  rejected: ['care.state.rejected', 'bad'],
  withdrawn: ['care.state.withdrawn', 'away'],
  lapsed: ['care.state.lapsed', 'away'],
};
export const reasonNames: Readonly<Record<ReturnReason, MessageKey>> = {
  damaged: 'care.reason.damaged',
  'wrong-item': 'care.reason.wrong-item',
  'not-as-described': 'care.reason.not-as-described',
  'poor-quality': 'care.reason.poor-quality',
  'changed-mind': 'care.reason.changed-mind',
};

export const returnTag = ({ t }: View, state: ReturnState): SafeHtml => {
  const [key, tone] = states[state];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};

const eventNames: Readonly<Record<Exclude<ReturnEventType, ReturnState>, MessageKey>> = {
  escalated: 'care.event.escalated',
  'photo-added': 'care.event.photo-added',
};
const eventName = ({ t }: View, type: ReturnEventType): string =>
  t(type === 'escalated' || type === 'photo-added' ? eventNames[type] : states[type][0]);

export type Clocked = Pick<ReturnView, 'state' | 'dueAt' | 'escalatedAt'>;

/** Where it stands, and until when somebody has to speak. */
export const standing = (view: View, { state, dueAt, escalatedAt }: Clocked): SafeHtml =>
  html`<p class="row">${returnTag(view, state)}${dueAt && html`<b>${view.t('care.due', { time: view.format.dateTime(dueAt) })}</b>`}</p>
${escalatedAt && html`<p class="notice wait">${view.t('care.officer')}</p>`}`;

export const history = (view: View, events: ReturnView['events']): SafeHtml =>
  html`<section class="box stack"><h2>${view.t('care.history')}</h2><ul class="goods">${events.map(
    ({ type, at }) =>
      html`<li><span>${eventName(view, type)}</span><span class="small soft">${view.format.dateTime(at)}</span></li>`,
  )}</ul></section>`;

export const goodsOf = ({ lines }: Pick<ReturnView, 'lines'>): SafeHtml =>
  html`<ul class="goods">${lines.map(
    ({ quantity, name, label }) =>
      html`<li><span>${quantity} × ${name} <small class="soft">${label}</small></span></li>`,
  )}</ul>`;

export const money = (
  view: View,
  { expectedVnd, refundVnd }: Pick<ReturnView, 'expectedVnd' | 'refundVnd'>,
): SafeHtml =>
  html`<p class="row"><span>${view.t(refundVnd === null ? 'care.expected' : 'care.refunded')}</span><b class="price">${view.format.vnd(refundVnd ?? expectedVnd)}</b></p>`;

/** What either side and the officer said. */
export function sayings(view: View, known: ReturnView): SafeHtml {
  const { t } = view;
  const parcel = [known.carrier, known.trackingNumber].filter((part) => part !== null).join(' · ');
  const rows: readonly (readonly [string, string | null])[] = [
    [t('care.reason'), t(reasonNames[known.reason])],
    [t('care.said'), known.note],
    [t('care.sellerSaid'), known.sellerNote],
    [t('care.appealSaid'), known.appealNote],
    [t('care.officerSaid'), known.officerNote],
    [t('care.parcel'), parcel],
  ];
  return html`<dl class="facts">${rows.map(([name, text]) => text && html`<dt>${name}</dt><dd class="change-text">${text}</dd>`)}</dl>`;
}

/** The shopper's photos, drawn anew from their pixels. `root` is where this side of the desk gets them. */
export const photosOf = (view: View, { photos }: ReturnView, root: string): SafeHtml | false =>
  photos.length > 0 &&
  html`<ul class="shown">${photos.map(
    (fileId, index) =>
      html`<li><img src="${root}/${fileId}/320" alt="${view.t('care.photo', { number: index + 1 })}" width="160" height="160" loading="lazy"></li>`,
  )}</ul>`;

export type Fault = { readonly name: string; readonly message: string };

/** A refusal at the field of which it speaks; 404 and faults of ours are not for the form. */
export function faultOf({ either }: View, error: unknown, fields: Readonly<Record<string, string>> = {}): Fault {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  const { entry, extra, code } = error;
  const pointer = typeof extra.pointer === 'string' ? extra.pointer.slice(1) : '';
  const name = fields[code] ?? (/^(file|picture|storage|upload)-/.test(code) ? 'photos' : pointer);
  return { name, message: `${either(entry.vi[0], entry.en[0])}. ${either(entry.vi[1], entry.en[1])}` };
}
export const statusOf = (error: unknown): number => (error instanceof Problem ? error.status : 500);
