import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import type { View } from '#web/view.ts';
import type { StoredRow } from './queries.ts';
import {
  FIELD_HEADINGS,
  type Field,
  type ImportState,
  isRejection,
  type Outcome,
  type Reason,
  saidOf,
  type ValueName,
  type Verdict,
} from './types.ts';

export const stateNames: Readonly<Record<ImportState, MessageKey>> = {
  reading: 'imports.state.reading',
  mapping: 'imports.state.mapping',
  ready: 'imports.state.ready',
  applying: 'imports.state.applying',
  done: 'imports.state.done',
  failed: 'imports.state.failed',
  cancelled: 'imports.state.cancelled',
};
export const verdictNames: Readonly<Record<Verdict, MessageKey>> = {
  error: 'imports.error',
  new: 'imports.new',
  changed: 'imports.changed',
  unchanged: 'imports.unchanged',
};

const outcomes: Readonly<Record<Outcome, readonly [name: MessageKey, tone: string]>> = {
  written: ['imports.outcome.written', 'good'],
  waiting: ['imports.outcome.waiting', 'wait'],
  rejected: ['imports.outcome.rejected', 'bad'],
};
const outcomeTag = (view: View, { outcome }: StoredRow): SafeHtml | false => {
  if (outcome === null) return false;
  const [name, tone] = outcomes[outcome];
  return html` <span class="tag ${tone}">${view.t(name)}</span>`;
};

/** What a content is called, as our own sheets call it. */
export const fieldName = (view: View, field: Field): string => view.either(...FIELD_HEADINGS[field]);

const fieldOfValue = (name: string): Field => (name === 'categoryId' ? 'category' : (name as Field));

export type CategoryNames = ReadonlyMap<number, { readonly nameVi: string; readonly nameEn: string }>;

/** A value as people read it. */
function shown(view: View, name: string, value: unknown, categories: CategoryNames): string {
  if (value === null || value === undefined || value === '') return '–';
  if (name === 'categoryId') {
    const category = categories.get(Number(value));
    return category ? view.either(category.nameVi, category.nameEn) : String(value);
  }
  if (name === 'priceVnd' || name === 'compareAtVnd') return view.format.vnd(Number(value));
  if (name === 'netWeightG') return view.format.weight(Number(value));
  if (typeof value === 'number') return view.format.integer(value);
  return Array.isArray(value) ? value.join(', ') : String(value).slice(0, 200);
}

const reasonLine = (view: View, { field, code }: Reason): SafeHtml =>
  html`<li class="${isRejection(code) ? 'wrong' : 'soft'}">${field !== null && html`<b>${fieldName(view, field)}:</b> `}${view.either(...saidOf(code))}</li>`;

const changeLine = (view: View, row: StoredRow, name: string, categories: CategoryNames): SafeHtml => {
  const change = row.changes[name as ValueName];
  const values = { from: shown(view, name, change?.from, categories), to: shown(view, name, change?.to, categories) };
  return html`<li><b>${fieldName(view, fieldOfValue(name))}:</b> ${view.t('imports.from', values)}</li>`;
};

const facts: readonly ValueName[] = ['priceVnd', 'stock', 'unitVi', 'categoryId'];

/** One row of the preview: what it is, what would change, what is said of its cells. */
export const previewRow = (view: View, row: StoredRow, categories: CategoryNames): SafeHtml => {
  const { t } = view;
  const { values, changes, reasons } = row;
  const told = facts.filter((name) => values[name] !== undefined);
  return html`<li class="box stack sheet-row"><p class="row"><b>${values.nameVi ?? values.sku ?? t('imports.rowNumber', { row: row.row })}</b>${outcomeTag(view, row)}
<span class="small soft">${t('imports.rowNumber', { row: row.row })}${values.sku !== undefined && html` · ${values.sku}`}</span></p>
${row.verdict === 'new' && told.length > 0 && html`<p class="small">${told.map((name) => shown(view, name, values[name], categories)).join(' · ')}</p>`}
${Object.keys(changes).length > 0 && html`<ul class="small">${Object.keys(changes).map((name) => changeLine(view, row, name, categories))}</ul>`}
${reasons.length > 0 && html`<ul class="small">${reasons.map((reason) => reasonLine(view, reason))}</ul>`}</li>`;
};
