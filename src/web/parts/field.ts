import { formKeyField } from '#http/idempotency.ts';
import { html, type SafeHtml } from '../html.ts';
import type { View } from '../view.ts';

export type Field = {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly required?: boolean;
  /** Attributes that only this field has: `type`, `inputmode`, `autocomplete`, `maxlength`. */
  readonly more?: SafeHtml;
};

const described = ({ name, hint, error }: Field): SafeHtml | false => {
  const ids = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ');
  return ids !== '' && html` aria-describedby="${ids}"`;
};

const around = (field: Field, control: SafeHtml): SafeHtml => html`<div class="field">
<label for="${field.name}">${field.label}</label>
${field.hint && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}
${control}
${field.error && html`<p class="wrong" id="${field.name}-error">${field.error}</p>`}</div>`;

const attributes = (field: Field): SafeHtml =>
  html`id="${field.name}" name="${field.name}"${field.required && html` required`}${field.error && html` aria-invalid="true"`}${described(field)}`;

/** A labelled input that keeps what was typed and says what is wrong with it, where it is wrong. */
export const input = (field: Field): SafeHtml =>
  around(field, html`<input ${attributes(field)} value="${field.value}" ${field.more ?? html`type="text"`}>`);

/** A file from the phone. Browsers forget the choice when a form comes back, so it has no value to keep. */
export const fileInput = (field: Omit<Field, 'value'>, accept: string): SafeHtml =>
  around({ ...field, value: '' }, html`<input ${attributes({ ...field, value: '' })} type="file" accept="${accept}">`);

/** The same for a text of some lines. */
export const textarea = (field: Field): SafeHtml =>
  around(field, html`<textarea ${attributes(field)} ${field.more ?? html`rows="4"`}>${field.value}</textarea>`);

/** A box that is ticked or not. */
export const checkbox = (
  field: Omit<Field, 'value'> & { readonly value: string; readonly checked: boolean },
  id: string,
): SafeHtml =>
  html`<div class="check"><input type="checkbox" id="${id}" name="${field.name}" value="${field.value}"${field.checked && html` checked`}><label for="${id}">${field.label}</label></div>`;

export type Option = { readonly value: string; readonly label: string };

export const select = (field: Field, placeholder: string, options: readonly Option[]): SafeHtml =>
  around(
    field,
    html`<select ${attributes(field)} ${field.more}><option value="">${placeholder}</option>
${options.map(({ value, label }) => html`<option value="${value}"${value === field.value && html` selected`}>${label}</option>`)}</select>`,
  );

/** The way to each fault, at the top of a form that came back. */
export const errorSummary = (
  title: string,
  faults: readonly { readonly name: string; readonly message: string }[],
): SafeHtml | false =>
  faults.length > 0 &&
  html`<div class="notice bad" role="alert"><h2>${title}</h2><ul>${faults.map(
    ({ name, message }) => html`<li>${name === '' ? message : html`<a href="#${name}">${message}</a>`}</li>`,
  )}</ul></div>`;

/** Of forms that order, pay, call off or ask money back: sent twice, by whatever way, they do it once. */
export const onceFields = ({ csrf, formKey }: View): SafeHtml =>
  html`${csrfField(csrf)}<input type="hidden" name="${formKeyField}" value="${formKey}">`;

/** Every form that a cookie authenticates carries it. */
export const csrfField = (csrf: string): SafeHtml => html`<input type="hidden" name="_csrf" value="${csrf}">`;
