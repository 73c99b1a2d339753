import { html, type SafeHtml } from '#web/html.ts';
import { categoryName } from '#web/i18n/categories.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { input, onceFields, select } from '#web/parts/field.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import { allergenNames, storageNames } from '#web/parts/product-field.ts';
import type { View } from '#web/view.ts';
import type { FormValues } from './rules/form.ts';
import { ALLERGENS, type PictureFields, STORAGE } from './types.ts';

export type EditorFacts = {
  readonly action: string;
  readonly version: string;
  readonly businessId: string;
  /** Whose product it may be, where that is still to be chosen. */
  readonly businesses?: readonly { readonly businessId: string; readonly name: string }[];
  readonly form: FormValues;
  readonly pictures: readonly PictureFields[];
  /** How many rows of sizes are shown, the empty one at the end included. */
  readonly rows: number;
  readonly categories: readonly { readonly id: number; readonly slug: string; readonly nameVi: string }[];
  readonly vatRates: readonly number[];
  readonly faults: ReadonlyMap<string, string>;
};

const typed = html`type="text" autocomplete="off"`;

function field(
  view: View,
  { form, faults }: EditorFacts,
  name: string,
  label: MessageKey,
  more?: SafeHtml,
  hint?: MessageKey,
) {
  const error = faults.get(name);
  return input({
    name,
    label: view.t(label),
    value: form.get(name),
    error,
    ...(hint && { hint: view.t(hint) }),
    more: more ?? typed,
  });
}

function area(view: View, { form, faults }: EditorFacts, name: string, label: MessageKey, rows: number): SafeHtml {
  const error = faults.get(name);
  return html`<div class="field"><label for="${name}">${view.t(label)}</label>
<textarea id="${name}" name="${name}" rows="${rows}"${error && html` aria-invalid="true" aria-describedby="${name}-error"`}>
${form.get(name)}</textarea>${error && html`<p class="wrong" id="${name}-error">${error}</p>`}</div>`;
}

/** Where a picture may be looked at: what is shown to all, and what only its business and the staff may see yet. */
const pictureSrc = ({ pictureId, fileId }: PictureFields): string =>
  pictureId === null ? `/tep/${fileId}/320` : `/pictures/${pictureId}/320`;

const pictureRow = ({ t }: View, picture: PictureFields, index: number): SafeHtml => {
  const name = `p${index}`;
  return html`<li class="photo"><img src="${pictureSrc(picture)}" alt="${picture.altVi}" width="160" height="160" loading="lazy">
<input type="hidden" name="${name}-id" value="${picture.pictureId ?? picture.fileId ?? ''}">
<div class="field"><label for="${name}-alt">${t('own.photoAlt')}</label><input id="${name}-alt" name="${name}-alt" type="text" maxlength="300" value="${picture.altVi}" autocomplete="off"></div>
<div class="row"><label class="small" for="${name}-place">${t('own.photoPlace')}</label><input class="short" id="${name}-place" name="${name}-place" type="number" inputmode="numeric" min="1" max="99" value="${index + 1}">
<label class="tick"><input type="checkbox" name="${name}-drop" value="1"> ${t('own.photoDrop')}</label></div></li>`;
};

const photos = (view: View, facts: EditorFacts): SafeHtml => {
  const { t } = view;
  const error = facts.faults.get('pictures');
  return html`<fieldset class="box"><legend class="hidden">${t('own.photos')}</legend><h2>${t('own.photos')}</h2>
${facts.pictures.length > 0 && html`<ul class="photos">${facts.pictures.map((picture, index) => pictureRow(view, picture, index))}</ul>`}
${pictureField(view, { name: 'pictures', label: t('own.addPhotos'), error, multiple: true })}</fieldset>`;
};

/** Name, price, unit and stock: all that a household needs to begin. */
const main = (
  view: View,
  facts: EditorFacts,
): SafeHtml => html`<fieldset class="box"><legend class="hidden">${view.t('own.name')}</legend>
${field(view, facts, 'nameVi', 'own.name', html`type="text" required autocomplete="off" enterkeyhint="next"`)}
${field(view, facts, 'v0-price', 'own.price', html`type="text" required inputmode="text" autocomplete="off" autocapitalize="none" enterkeyhint="next"`, 'own.priceHint')}
${field(view, facts, 'unitVi', 'own.unit', html`type="text" required autocomplete="off" enterkeyhint="next"`, 'own.unitHint')}
${field(view, facts, 'v0-stock', 'own.stock', html`type="text" inputmode="numeric" autocomplete="off"`)}
<input type="hidden" name="v0-stockWas" value="${facts.form.get('v0-stockWas')}"></fieldset>`;

/** A fold stands open where something in it has to be mended. */
const fold = (title: string, names: readonly string[], { faults }: EditorFacts, body: SafeHtml): SafeHtml => {
  const open = names.some((name) => [...faults.keys()].some((fault) => fault === name || fault.startsWith(`${name}-`)));
  return html`<details class="box fold"${open && html` open`}><summary><h2>${title}</h2></summary><div class="stack">${body}</div></details>`;
};

const boxes = (
  name: string,
  options: readonly { readonly value: string; readonly label: string }[],
  chosen: readonly string[],
): SafeHtml =>
  html`<div class="ticks">${options.map(
    ({ value, label }) =>
      html`<label class="tick"><input type="checkbox" name="${name}" value="${value}"${chosen.includes(value) && html` checked`}> ${label}</label>`,
  )}</div>`;

const about = (
  view: View,
  facts: EditorFacts,
): SafeHtml => html`${area(view, facts, 'descriptionVi', 'own.description', 6)}
${area(view, facts, 'descriptionEn', 'own.descriptionEn', 4)}${field(view, facts, 'nameEn', 'own.nameEn')}
${field(view, facts, 'aliases', 'own.aliases', typed, 'own.aliasesHint')}${field(view, facts, 'tags', 'own.tags')}`;

function food(view: View, facts: EditorFacts): SafeHtml {
  const { t } = view;
  const { form } = facts;
  const months = Array.from({ length: 12 }, (_, index) => index + 1);
  return html`${area(view, facts, 'ingredientsVi', 'own.ingredients', 3)}
<fieldset><legend>${t('own.allergens')}</legend>${boxes(
    'allergens',
    ALLERGENS.map((value) => ({ value, label: t(allergenNames[value] ?? 'own.allergens') })),
    form.all('allergens'),
  )}</fieldset>
${select(
  { name: 'storage', label: t('own.storage'), value: form.get('storage') },
  '–',
  STORAGE.map((value) => ({ value, label: t(storageNames[value] ?? 'own.storage') })),
)}
${field(view, facts, 'shelfLifeDays', 'own.shelfLife', html`type="text" inputmode="numeric" autocomplete="off"`)}
<fieldset><legend>${t('own.season')}</legend><p class="hint">${t('own.seasonHint')}</p>${boxes(
    'seasonMonths',
    months.map((month) => ({ value: String(month), label: t('own.month', { month }) })),
    form.all('seasonMonths'),
  )}</fieldset>`;
}

function classes(view: View, facts: EditorFacts): SafeHtml {
  const { t, locale } = view;
  const { form, faults, categories, vatRates } = facts;
  return html`${select(
    { name: 'categoryId', label: t('own.category'), value: form.get('categoryId'), error: faults.get('categoryId') },
    t('own.categoryLater'),
    categories.map(({ id, slug, nameVi }) => ({
      value: String(id),
      label: `${id}. ${categoryName(locale, slug, nameVi)}`,
    })),
  )}<p class="hint">${t('own.alcoholHint')}</p>
${select(
  { name: 'vatBps', label: t('own.vat'), value: form.get('vatBps'), error: faults.get('vatBps') },
  t('own.vatUsual'),
  vatRates.map((bps) => ({ value: String(bps), label: `${bps / 100} %` })),
)}${field(view, facts, 'gtin', 'own.gtin', html`type="text" inputmode="numeric" autocomplete="off"`)}`;
}

const parcel = (view: View, facts: EditorFacts): SafeHtml => {
  const digits = html`type="text" inputmode="numeric" autocomplete="off"`;
  return html`${field(view, facts, 'netWeightG', 'own.netWeight', typed, 'own.weightHint')}${field(view, facts, 'grossWeightG', 'own.grossWeight')}
<div class="cells">${field(view, facts, 'lengthCm', 'own.length', digits)}${field(view, facts, 'widthCm', 'own.width', digits)}${field(view, facts, 'heightCm', 'own.height', digits)}</div>`;
};

/** The first size has its price and stock among the required fields; here is the rest of it. */
function sizeRow(view: View, facts: EditorFacts, index: number): SafeHtml {
  const { t } = view;
  const { form, rows } = facts;
  const at = (name: string): string => `v${index}-${name}`;
  const digits = html`type="text" inputmode="numeric" autocomplete="off"`;
  const isNew = index > 0 && form.get(at('id')) === '';
  const title = isNew && index === rows - 1 ? t('own.sizeNew') : t('own.size', { number: index + 1 });
  return html`<fieldset class="size"><legend>${title}</legend><input type="hidden" name="${at('id')}" value="${form.get(at('id'))}">
${(index > 0 || rows > 2) && field(view, facts, at('label'), 'own.label')}
${
  index > 0 &&
  html`<div class="cells">${field(view, facts, at('price'), 'own.price', html`type="text" autocomplete="off" autocapitalize="none"`)}
${field(view, facts, at('stock'), 'own.stock', digits)}</div><input type="hidden" name="${at('stockWas')}" value="${form.get(at('stockWas'))}">`
}
<div class="cells">${field(view, facts, at('weight'), 'own.netWeight')}${field(view, facts, at('sku'), 'own.sku', html`type="text" autocomplete="off" spellcheck="false" maxlength="50"`)}</div>
<div class="cells">${field(view, facts, at('min'), 'own.min', digits)}${field(view, facts, at('max'), 'own.max', digits)}</div>
${field(view, facts, at('compareAt'), 'own.compareAt', typed, index === 0 ? 'own.compareAtHint' : undefined)}
<div class="cells">${field(view, facts, at('nextPrice'), 'own.nextPrice')}${field(view, facts, at('nextFrom'), 'own.nextFrom', html`type="date"`)}</div>
${form.get(at('id')) !== '' && html`<label class="tick"><input type="checkbox" name="${at('off')}" value="1"${form.get(at('off')) !== '' && html` checked`}> ${t('own.off')}</label>`}</fieldset>`;
}

/** Who sells for one business is not asked which. */
function whose({ t }: View, { businesses = [], businessId }: EditorFacts): SafeHtml {
  if (businesses.length < 2) return html`<input type="hidden" name="businessId" value="${businessId}">`;
  return html`<div class="field"><label for="businessId">${t('own.forBusiness')}</label><select id="businessId" name="businessId" required>${businesses.map(
    (one) => html`<option value="${one.businessId}">${one.name}</option>`,
  )}</select></div>`;
}

/** The whole form: photo first, three fields that must be there, the rest folded away. */
export function editorForm(view: View, facts: EditorFacts, buttons: SafeHtml): SafeHtml {
  const { t } = view;
  const rows = Array.from({ length: facts.rows }, (_, index) => index);
  const sizeNames = rows.flatMap((index) =>
    ['label', 'weight', 'sku', 'min', 'max', 'compareAt', 'nextPrice', 'nextFrom'].map((name) => `v${index}-${name}`),
  );
  const otherSizes = rows.slice(1).map((index) => `v${index}`);
  return html`<form class="stack" id="editor" method="post" enctype="multipart/form-data" action="${view.link(facts.action)}" data-autosaved="${t('own.autosaved')}" data-unsaved="${t('own.unsaved')}">${onceFields(view)}
<input type="hidden" name="version" value="${facts.version}">${whose(view, facts)}
${photos(view, facts)}${main(view, facts)}
${fold(t('own.about'), ['descriptionVi', 'descriptionEn', 'nameEn', 'aliases', 'tags'], facts, about(view, facts))}
${fold(t('own.food'), ['ingredientsVi', 'allergens', 'storage', 'shelfLifeDays', 'seasonMonths'], facts, food(view, facts))}
${fold(t('own.class'), ['categoryId', 'vatBps', 'gtin'], facts, classes(view, facts))}
${fold(t('own.parcel'), ['netWeightG', 'grossWeightG', 'lengthCm', 'widthCm', 'heightCm'], facts, parcel(view, facts))}
${fold(
  t('own.sizes'),
  [...sizeNames, ...otherSizes],
  facts,
  html`<p class="hint">${t('own.sizesHint')}</p>${rows.map((index) => sizeRow(view, facts, index))}`,
)}
<p class="small soft" role="status" data-status></p>${buttons}</form>`;
}
