import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { productFieldName, productFieldRank, productFieldText } from '#web/parts/product-field.ts';
import type { Tone } from '#web/parts/status.ts';
import type { View } from '#web/view.ts';
import type { Deciding } from './deciding.ts';
import { type DiffPart, diffWords } from './rules/diff.ts';
import type { ChangeState, Flag, FlagKind, VerdictReason } from './types.ts';

export type ShownSet = Awaited<ReturnType<Deciding['getSet']>>;
type ShownItem = ShownSet['items'][number];
export type Known = { readonly categories: ReadonlyMap<number, string>; readonly sizes: ReadonlyMap<string, string> };

const states: Readonly<Record<ChangeState, readonly [MessageKey, Tone]>> = {
  proposed: ['changes.status.proposed', 'wait'],
  approved: ['changes.status.approved', 'good'],
  'changes-requested': ['changes.status.changesRequested', 'wait'],
  rejected: ['changes.status.rejected', 'bad'],
  withdrawn: ['changes.status.withdrawn', 'away'],
};
export const changeTag = ({ t }: View, state: ChangeState): SafeHtml => {
  const [key, tone] = states[state];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};

export const reasonKeys: Readonly<Record<VerdictReason, MessageKey>> = {
  'unclear-picture': 'reason.unclear-picture',
  'wrong-category': 'reason.wrong-category',
  'medical-claim': 'reason.medical-claim',
  'contact-in-text': 'reason.contact-in-text',
  'label-incomplete': 'reason.label-incomplete',
  'price-unusual': 'reason.price-unusual',
  'name-misleading': 'reason.name-misleading',
  'not-own-product': 'reason.not-own-product',
  'prohibited-goods': 'reason.prohibited-goods',
  other: 'reason.other',
};
const flagKeys: Readonly<Record<FlagKind, MessageKey>> = {
  'medical-claim': 'flag.medical-claim',
  superlative: 'flag.superlative',
  contact: 'flag.contact',
  marketplace: 'flag.marketplace',
  'foreign-script': 'flag.foreign-script',
  'look-alike': 'flag.look-alike',
  shouting: 'flag.shouting',
  markup: 'flag.markup',
};

/** A word taken out is struck, one put in is underlined, and a reader hears which is which. */
const part = ({ t }: View, { kind, text }: DiffPart): SafeHtml => {
  if (kind === 'removed')
    return html`<del><span class="hidden">[${t('changes.removed')}: </span>${text}<span class="hidden">]</span></del>`;
  if (kind === 'added')
    return html`<ins><span class="hidden">[${t('changes.added')}: </span>${text}<span class="hidden">]</span></ins>`;
  return html`${text}`;
};

type PictureValue = { readonly pictureId?: unknown; readonly fileId?: unknown; readonly altVi?: unknown };
const pictureOf = ({ pictureId, fileId, altVi }: PictureValue): SafeHtml => {
  const src = typeof pictureId === 'string' ? `/pictures/${pictureId}/320` : `/quan-tri/tep/${String(fileId)}/320`;
  const alt = typeof altVi === 'string' ? altVi : '';
  return html`<img src="${src}" alt="${alt}" width="240" height="240" loading="lazy">`;
};
const picturesOf = ({ t }: View, value: unknown): SafeHtml =>
  Array.isArray(value) && value.length > 0
    ? html`${value.map((one) => pictureOf(one as PictureValue))}`
    : html`<p class="soft">${t('field.none')}</p>`;

const flagged = ({ t }: View, flags: readonly Flag[]): SafeHtml | false =>
  flags.length > 0 &&
  html`<ul class="flags">${flags.map(
    ({ kind, text }) =>
      html`<li><span class="tag bad">${t(flagKeys[kind])}</span> <span class="change-text"><mark>${text}</mark></span></li>`,
  )}</ul>`;

/** Words are compared one by one; of an amount or a date a digit alone says nothing. */
function partsOf(before: string, after: string, { field, after: value }: ShownItem): readonly DiffPart[] {
  const isProse = typeof value === 'string' || ['aliases', 'tags', 'allergens'].includes(field);
  if (isProse || before === after) return diffWords(before, after);
  const parts: readonly DiffPart[] = [
    { kind: 'removed', text: before },
    { kind: 'same', text: ' → ' },
    { kind: 'added', text: after },
  ];
  return before === '' || after === '' ? parts.filter(({ kind, text }) => kind !== 'same' && text !== '') : parts;
}

/** Whether a field of a product that is new says all there is in one line: no picture, and nothing that the filter marked. */
const isPlain = (view: View, { field, before, flags, moved }: ShownItem, known: Known): boolean =>
  field !== 'pictures' && productFieldText(view, field, before, known) === '' && flags.length === 0 && !moved;

/** All of a set: of a new product the plain fields together as one reads a label, the rest one by one. */
export function changeList(view: View, { kind, items }: ShownSet, known: Known): SafeHtml {
  const sorted = items.toSorted((a, b) => productFieldRank(a.field) - productFieldRank(b.field));
  const plain = kind === 'listing' ? sorted.filter((item) => isPlain(view, item, known)) : [];
  const rest = sorted.filter((item) => !plain.includes(item));
  return html`${plain.length > 0 && html`<dl class="box facts">${plain.map(({ field, after }) => html`<dt>${productFieldName(view, field, known.sizes)}</dt><dd class="change-text">${productFieldText(view, field, after, known) || view.t('field.none')}</dd>`)}</dl>`}
${rest.length > 0 && html`<ul class="changes">${rest.map((item) => changeItem(view, item, known))}</ul>`}`;
}

/** One field: what it said, what it is to say, what the filter marked, and what it says now where that moved. */
function changeItem(view: View, item: ShownItem, known: Known): SafeHtml {
  const { t } = view;
  const text = (value: unknown): string => productFieldText(view, item.field, value, known);
  const body =
    item.field === 'pictures'
      ? html`<div class="side-by-side"><div><h4>${t('changes.before')}</h4>${picturesOf(view, item.before)}</div>
<div><h4>${t('changes.after')}</h4>${picturesOf(view, item.after)}</div></div>`
      : html`<p class="change-text">${partsOf(text(item.before), text(item.after), item).map((one) => part(view, one))}${
          text(item.after) === '' && text(item.before) === '' && html`<span class="soft">${t('field.none')}</span>`
        }</p>`;
  return html`<li class="box stack"><h3>${productFieldName(view, item.field, known.sizes)}</h3>${body}${flagged(view, item.flags)}
${item.moved && html`<div class="notice wait"><p>${t('changes.moved')}</p><p class="change-text">${text(item.now) || t('field.none')}</p></div>`}</li>`;
}
