import { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type { Author, ComplaintKind, ComplaintState, ComplaintVerdict, ComplaintWish, OfferKind } from './types.ts';
import type { ComplaintView, Head } from './views/complaints.ts';
import { authorNames, eventNames, kindNames, stateNames, verdictNames, wishNames } from './words.ts';

const tones: Readonly<Record<ComplaintState, Tone>> = {
  open: 'wait',
  offered: 'wait',
  escalated: 'wait',
  decided: 'good',
  appealed: 'wait',
  final: 'good',
  settled: 'good',
  lapsed: 'away',
  withdrawn: 'away',
};
/** Whose clock it is, in words. A review has the words of a decision. */
const clocks: Partial<Readonly<Record<ComplaintState, MessageKey>>> = {
  open: 'complaint.clock.open',
  offered: 'complaint.clock.offered',
  escalated: 'complaint.clock.escalated',
  decided: 'complaint.clock.decided',
  appealed: 'complaint.clock.escalated',
};

export const kindName = ({ t }: View, kind: ComplaintKind): string => t(kindNames[kind]);
export const wishName = ({ t }: View, wish: ComplaintWish): string => t(wishNames[wish]);
const verdictName = ({ t }: View, verdict: ComplaintVerdict): string => t(verdictNames[verdict]);
const authorName = ({ t }: View, author: Author): string => t(authorNames[author]);
const offerNames: Readonly<Record<OfferKind, MessageKey>> = {
  refund: 'complaint.offer.refund',
  replacement: 'complaint.offer.replacement',
  explanation: 'complaint.offer.explanation',
};

/** Where it stands, and until when somebody has to speak. */
export function standing(view: View, { state, dueAt, overdue }: Pick<Head, 'state' | 'dueAt' | 'overdue'>): SafeHtml {
  const { t, format } = view;
  const clock = clocks[state];
  const isLate = overdue && (state === 'escalated' || state === 'appealed');
  return html`<p class="row"><span class="tag ${tones[state]}">${t(stateNames[state])}</span>${isLate && html`<span class="tag bad">${t('complaint.overdueTag')}</span>`}</p>
${dueAt && clock && html`<p><b>${t(clock, { time: format.dateTime(dueAt) })}</b></p>`}${isLate && html`<p class="notice wait">${t('complaint.overdue')}</p>`}`;
}

type About = Pick<Head, 'orderCode' | 'productName' | 'businessName'>;
/** What it is about, as short as a line. */
export const aboutOf = ({ t }: View, { orderCode, productName, businessName }: About): string =>
  [orderCode ? t('complaint.order', { code: orderCode }) : productName, businessName]
    .filter((part) => part)
    .join(' · ');

/** What is wrong, what is wished, and what came of it. */
export function factsOf(view: View, known: Omit<Head, 'phone' | 'accountId'>): SafeHtml {
  const { t, format } = view;
  const { wishVnd, verdict, offerKind, offerVnd } = known;
  const wish = wishName(view, known.wish);
  const rows: readonly (readonly [string, string | false | null])[] = [
    [t('complaint.about'), aboutOf(view, known)],
    [t('complaint.kind'), kindName(view, known.kind)],
    [t('complaint.wished'), wishVnd === null ? wish : `${wish}: ${format.vnd(wishVnd)}`],
    [t('complaint.offerKind'), offerKind && t(offerNames[offerKind], { amount: format.vnd(offerVnd ?? 0) })],
    [t('complaint.verdict'), verdict && verdictName(view, verdict)],
    [t('complaint.refunded'), known.refundVnd > 0 && format.vnd(known.refundVnd)],
    [t('complaint.reported'), known.reportedTo],
  ];
  return html`<dl class="facts">${rows.map(([name, text]) => text && html`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
${known.warned && html`<p class="tag bad">${t('complaint.warned')}</p>`}${known.takedownId && html`<p class="tag bad">${t('complaint.takenDown')}</p>`}`;
}

/** What was said, in order. `root` is where this side gets photos; without it only their number is told. */
export function thread(view: View, { messages }: ComplaintView, root?: string): SafeHtml {
  const { t, format } = view;
  return html`<section class="stack"><h2>${t('complaint.thread')}</h2><ol class="thread">${messages.map(
    ({ author, text, at, photos }) =>
      html`<li class="box stack ${author}"><p class="row small soft"><b>${authorName(view, author)}</b><span>${format.dateTime(at)}</span></p>
<p class="change-text">${text === '' ? t('complaint.forgotten') : text}</p>${photos.length > 0 && (root === undefined ? html`<p class="small soft">${t('complaint.photoCount', { count: photos.length })}</p>` : photoList(view, photos, root))}</li>`,
  )}</ol></section>`;
}

const photoList = (view: View, photos: readonly string[], root: string): SafeHtml =>
  html`<ul class="shown">${photos.map(
    (fileId, index) =>
      html`<li><img src="${root}/${fileId}/320" alt="${view.t('complaint.photo', { number: index + 1 })}" width="160" height="160" loading="lazy"></li>`,
  )}</ul>`;

export const history = (view: View, events: ComplaintView['events']): SafeHtml =>
  html`<section class="box stack"><h2>${view.t('complaint.history')}</h2><ul class="goods">${events.map(
    ({ type, at }) =>
      html`<li><span>${view.t(eventNames[type])}</span><span class="small soft">${view.format.dateTime(at)}</span></li>`,
  )}</ul></section>`;

export type Fault = { readonly name: string; readonly message: string };

/** A refusal at the field of which it speaks; faults of ours are not for the form. */
export function faultOf({ either }: View, error: unknown, fields: Readonly<Record<string, string>> = {}): Fault {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  const { entry, extra, code } = error;
  const pointer = typeof extra.pointer === 'string' ? extra.pointer.slice(1) : '';
  const name = fields[code] ?? (/^(file|picture|storage|upload)-/.test(code) ? 'photos' : pointer);
  return { name, message: `${either(entry.vi[0], entry.en[0])}. ${either(entry.vi[1], entry.en[1])}` };
}
export const statusOf = (error: unknown): number => (error instanceof Problem ? error.status : 500);
