import type { BusinessId } from '#features/businesses/types.ts';
import { assetUrl } from '#web/assets.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField, errorSummary } from '#web/parts/field.ts';
import { productFieldName } from '#web/parts/product-field.ts';
import type { View } from '#web/view.ts';
import type { Editing } from './editing.ts';
import { type EditorFacts, editorForm } from './editor-form.ts';
import { faultText, stateTag } from './own-parts.ts';
import { emptyFields, maxVariants } from './rules/fields.ts';
import { type FormValues, formOf, inputOf } from './rules/form.ts';
import { vatRatesFor } from './rules/vat.ts';
import type { FieldFault, PictureFields } from './types.ts';
import type { PastPrice } from './views/seller.ts';

type Category = EditorFacts['categories'][number] & { readonly isAlcohol: boolean };
type Around = { readonly categories: readonly Category[]; readonly today: string };
type SellerProduct = Awaited<ReturnType<Editing['get']>>;

/** How a form comes back: as it was typed, with what is wrong. */
export type EditorState = {
  readonly form?: FormValues;
  readonly pictures?: readonly PictureFields[];
  readonly faults?: readonly FieldFault[];
  readonly photoFault?: string;
  readonly moved?: true;
};
export type EditorPage = Around &
  EditorState & {
    readonly product: SellerProduct;
    readonly history: readonly PastPrice[];
    /** What was done a moment ago, from the address. */
    readonly said: string;
  };

const script = html`<script type="module" src="${assetUrl('editor.js')}"></script>`;
const root = '/ban-hang/san-pham';

/** As many rows as there are sizes and one that is empty, so that one can be added without a script. */
const rowsFor = (used: number): number => Math.min(maxVariants, used + 1);
const usedRows = (form: FormValues): number =>
  Array.from({ length: maxVariants }, (_, index) => index).findLastIndex(
    (index) => index === 0 || ['id', 'label', 'price', 'sku'].some((name) => form.get(`v${index}-${name}`) !== ''),
  ) + 1;

const ratesOf = ({ categories, today }: Around, categoryId: string): readonly number[] =>
  vatRatesFor(today, categories.find(({ id }) => String(id) === categoryId)?.isAlcohol ?? false);

const sizesOf = ({ live }: SellerProduct): ReadonlyMap<string, string> =>
  new Map(
    live && live.variants.length > 1 ? live.variants.map(({ variantId, label }) => [variantId ?? '', label]) : [],
  );

const waitingNames = (view: View, product: SellerProduct): string => {
  const sizes = sizesOf(product);
  return view.format.list([...new Set(product.waiting.map(({ field }) => productFieldName(view, field, sizes)))]);
};

const doneTexts: Readonly<Record<string, MessageKey>> = {
  xong: 'own.saved',
  nhap: 'own.draftKept',
  gui: 'own.submitted',
};

const reasonKeys: Readonly<Record<string, MessageKey>> = {
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

/** What an officer said, and what waits for one. */
function news(view: View, { product, said }: EditorPage): SafeHtml {
  const { t } = view;
  const { verdict, state, waiting, live } = product;
  const done = doneTexts[said];
  const key = verdict?.reason ? reasonKeys[verdict.reason] : undefined;
  const reason = verdict?.reasonText || (key ? t(key) : '');
  return html`${done && html`<p class="notice good" role="status">${t(done)}</p>`}
${said === 'cho' && waiting.length > 0 && html`<p class="notice good" role="status">${t('own.savedWaiting', { fields: waitingNames(view, product) })}</p>`}
${verdict && html`<p class="notice bad">${t(verdict.status === 'rejected' ? 'own.refused' : 'own.askedTo', { reason })}</p>`}
${state === 'taken-down' && html`<p class="notice bad">${t('own.takenDownText')}</p>`}
${live && waiting.length > 0 && said !== 'cho' && html`<p class="notice wait">${t('own.waitingFields', { fields: waitingNames(view, product) })}</p>`}`;
}

function warnings(view: View, { faults = [], photoFault, moved }: EditorState): SafeHtml {
  const { t } = view;
  const listed = [
    ...(photoFault ? [{ name: 'pictures', message: photoFault }] : []),
    ...faults.map(({ field, code }) => ({ name: inputOf(field), message: faultText(view, code) })),
  ];
  return html`${moved && html`<p class="notice bad" role="alert">${t('own.moved')}</p>`}
${errorSummary(t('own.faults'), listed)}${listed.length > 0 && html`<p class="small soft">${t('own.kept')}</p>`}`;
}

const button = (label: string, act: string, look = 'button quiet'): SafeHtml =>
  html`<button class="${look}" type="submit" name="do" value="${act}"${act !== 'send' && html` formnovalidate`}>${label}</button>`;

/** What else can be done with it, each in a form of its own: none of it sends what was typed. */
function otherActs(view: View, { product }: EditorPage): SafeHtml {
  const { t, link } = view;
  const { state, hasDraft, live, waiting, slug, productId } = product;
  const acts: readonly (readonly [boolean, string, MessageKey])[] = [
    [waiting.length > 0, 'take-back', 'own.takeBack'],
    [hasDraft || (!live && state !== 'waiting'), 'discard', 'own.discard'],
    [state === 'listed', 'withdraw', 'own.withdraw'],
    [state === 'withdrawn', 'restore', 'own.restore'],
  ];
  return html`<div class="row">${state === 'listed' && slug && html`<a class="button quiet" href="${link(`/san-pham/${slug}`)}">${t('own.view')}</a>`}
${live && html`<a class="button quiet" href="${link(`${root}/${productId}/lo-hang`)}">${t('batch.title')}</a>`}
${acts.map(
  ([offered, act, label]) =>
    offered &&
    html`<form method="post" action="${link(`${root}/${productId}`)}">${csrfField(view.csrf)}${button(t(label), act)}</form>`,
)}</div>`;
}

const priceHistory = ({ t, format }: View, history: readonly PastPrice[], several: boolean): SafeHtml | false =>
  history.length > 0 &&
  html`<details class="box fold"><summary><h2>${t('own.history')}</h2></summary><ul>${history.map(
    ({ label, priceVnd, validFrom }) =>
      html`<li>${several && html`${label}: `}${t('own.historyRow', { price: format.vnd(priceVnd), date: format.date(new Date(validFrom)) })}</li>`,
  )}</ul></details>`;

export function editorPage(view: View, page: EditorPage): SafeHtml {
  const { t } = view;
  const { product, faults = [], history } = page;
  const form = page.form ?? formOf(product.fields, product.stock, product.typed);
  const facts: EditorFacts = {
    action: `${root}/${product.productId}`,
    version: product.version,
    businessId: product.businessId,
    form,
    pictures: page.pictures ?? product.fields.pictures,
    rows: rowsFor(usedRows(form)),
    categories: page.categories,
    vatRates: ratesOf(page, form.get('categoryId')),
    faults: new Map(faults.map(({ field, code }) => [inputOf(field), faultText(view, code)])),
  };
  const send = t(product.live ? 'own.send' : 'own.submit');
  const buttons = html`<div class="row stay-low">${button(send, 'send', 'button')}${button(t('own.keep'), 'keep')}</div>`;
  return deskLayout(view, 'seller', {
    title: product.fields.nameVi || t('own.new'),
    part: root,
    head: script,
    body: html`<div class="narrow stack"><p class="row">${stateTag(view, product.state)}</p>${news(view, page)}${warnings(view, page)}
${product.state === 'taken-down' ? '' : editorForm(view, facts, buttons)}${priceHistory(view, history, (product.live?.variants.length ?? 0) > 1)}${otherActs(view, page)}</div>`,
  });
}

export type NewPage = Around & {
  readonly businesses: readonly { readonly businessId: BusinessId; readonly name: string }[];
};

export function newPage(view: View, page: NewPage): SafeHtml {
  const { t } = view;
  const [first] = page.businesses;
  const form = formOf(emptyFields, new Map());
  const facts: EditorFacts = {
    action: `${root}/moi`,
    version: '',
    businessId: first?.businessId ?? '',
    form,
    pictures: [],
    rows: 2,
    categories: page.categories,
    vatRates: ratesOf(page, ''),
    faults: new Map(),
  };
  const buttons = html`<div class="row stay-low">${button(t('own.submit'), 'send', 'button')}${button(t('own.keep'), 'keep')}</div>`;
  return deskLayout(view, 'seller', {
    title: t('own.new'),
    part: root,
    head: script,
    body: html`<div class="narrow stack">${editorForm(view, { ...facts, businesses: page.businesses }, buttons)}</div>`,
  });
}
