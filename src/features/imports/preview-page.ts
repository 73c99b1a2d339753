import { html, type SafeHtml } from '#web/html.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { csrfField } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { type CategoryNames, fieldName, previewRow, stateNames, verdictNames } from './preview-parts.ts';
import type { StoredRow } from './queries.ts';
import type { Import } from './service.ts';
import { entryOf, FIELDS, VERDICTS, type Verdict } from './types.ts';

export type Shown = {
  readonly found: Import;
  readonly verdict: Verdict | undefined;
  readonly rows: readonly StoredRow[];
  readonly next: number | null;
  readonly categories: CategoryNames;
};

const part = '/ban-hang/nhap-hang';
const pathOf = ({ id }: Import): string => `${part}/${id}`;
const hidden = (name: string, value: string | number): SafeHtml =>
  html`<input type="hidden" name="${name}" value="${value}">`;

const stepForm = (view: View, found: Import, act: string, label: string, quiet = false): SafeHtml =>
  html`<form method="post" action="${view.link(pathOf(found))}">${csrfField(view.csrf)}${hidden('version', found.version)}
<button class="button${quiet && ' quiet'} wide" type="submit" name="do" value="${act}">${label}</button></form>`;

/** A bar that moves: fetched anew every second where scripts run, by the page's own reload where none do. */
function progress(view: View, found: Import): SafeHtml {
  const { t, format } = view;
  const all = (found.counts?.new ?? 0) + (found.counts?.changed ?? 0);
  const reading = found.state === 'reading';
  const done = format.integer(found.done);
  const text = reading
    ? t('imports.progressReading', { done })
    : t('imports.progressApplying', { done, all: format.integer(all) });
  return html`<div class="box stack" role="status" data-hx-get="${view.link(pathOf(found))}" data-hx-trigger="every 1s" data-hx-target="#import" data-hx-select="#import" data-hx-swap="outerHTML">
<p><label for="progress">${text}</label></p><progress id="progress" class="read"${!reading && html` max="${Math.max(1, all)}" value="${found.done}"`}></progress>
<noscript><p class="small">${t('imports.reload')}</p></noscript></div>${stepForm(view, found, 'cancel', t('imports.cancel'), true)}`;
}

/** What each column of the sheet holds, to be put right. */
function columnsForm(view: View, found: Import): SafeHtml | false {
  const { t } = view;
  const headings = found.facts?.headings ?? [];
  const byColumn = new Map(Object.entries(found.mapping ?? {}).map(([field, column]) => [column, field]));
  if (headings.length === 0) return false;
  return html`<form class="stack" method="post" action="${view.link(pathOf(found))}">${csrfField(view.csrf)}${hidden('version', found.version)}
<p class="soft">${t('imports.columnsLead')}</p>
${headings.map(
  (
    heading,
    column,
  ) => html`<div class="field"><label for="column-${column}">${t('imports.column', { number: column + 1, heading: heading === '' ? '–' : heading })}</label>
<select id="column-${column}" name="column-${column}"><option value="">${t('imports.skip')}</option>
${FIELDS.map((field) => html`<option value="${field}"${byColumn.get(column) === field && html` selected`}>${fieldName(view, field)}</option>`)}</select></div>`,
)}
<button class="button wide" type="submit" name="do" value="map">${t('imports.readAgain')}</button></form>`;
}

const tiles = (view: View, { found, verdict }: Shown): SafeHtml =>
  html`<ul class="tiles">${VERDICTS.map(
    (one) =>
      html`<li class="tile"><a href="${view.link(`${pathOf(found)}?xem=${one}`)}"${one === verdict && html` aria-current="true"`}><b>${view.format.integer(found.counts?.[one] ?? 0)}</b> ${view.t(verdictNames[one])}</a></li>`,
  )}</ul>`;

const rowList = (view: View, shown: Shown): SafeHtml => {
  const { found, verdict, rows, next, categories } = shown;
  const { t, link } = view;
  const narrowed = verdict === undefined ? '' : `&xem=${verdict}`;
  return html`<section class="section stack" aria-labelledby="rows"><h2 class="section-head" id="rows">${verdict === undefined ? t('imports.all') : t(verdictNames[verdict])}</h2>
${rows.length === 0 && html`<p class="soft">${t('imports.nothingHere')}</p>`}
<ul class="stack">${rows.map((row) => previewRow(view, row, categories))}</ul>
${next !== null && html`<p><a class="button quiet" href="${link(`${pathOf(found)}?tu=${next}${narrowed}`)}">${t('imports.next')}</a></p>`}</section>`;
};

function confirmBox(view: View, found: Import): SafeHtml {
  const { t } = view;
  const { counts } = found;
  const count = (counts?.new ?? 0) + (counts?.changed ?? 0);
  const blocking = counts?.blocking ?? 0;
  return html`<section class="box stack" aria-labelledby="confirm"><h2 id="confirm">${t('imports.confirmTitle')}</h2>
${count === 0 && html`<p>${t('imports.confirmNothing')}</p>`}
${count > 0 && !found.listsAtOnce && html`<p class="small soft">${t('imports.newWait')}</p>`}
${count > 0 && blocking > 0 && html`<p>${t('imports.cannotAll', { count: blocking })}</p>`}
${count > 0 && blocking === 0 && stepForm(view, found, 'all', t('imports.confirmAll', { count }))}
${count > 0 && blocking > 0 && stepForm(view, found, 'valid', t('imports.confirmValid', { count }))}
${stepForm(view, found, 'cancel', t('imports.cancel'), true)}</section>`;
}

const resultLinks = (view: View, found: Import): SafeHtml => {
  const { t, link } = view;
  const at = (kind: string): string => link(`${pathOf(found)}/ket-qua?dang=${kind}`);
  return html`<section class="box stack" aria-labelledby="result"><h2 id="result">${t('imports.result')}</h2><p class="soft">${t('imports.resultLead')}</p>
<p class="row"><a class="button quiet" href="${at('csv')}">${t('imports.resultCsv')}</a><a class="button quiet" href="${at('xlsx')}">${t('imports.resultXlsx')}</a></p></section>`;
};

const readAs = (view: View, { facts }: Import): SafeHtml | false =>
  facts !== null &&
  html`<p class="small soft">${view.t('imports.readAs', { kind: facts.kind.toUpperCase(), encoding: (facts.encoding ?? 'Excel').replace(/ .*/, ''), row: facts.headerRow ?? 1 })}</p>`;

function readyParts(view: View, shown: Shown): SafeHtml {
  const { found } = shown;
  const { t } = view;
  const repaired = found.counts?.repaired ?? 0;
  return html`${found.outdated && html`<p class="notice bad" role="alert">${t('imports.outdated')}</p>`}
${readAs(view, found)}${tiles(view, shown)}
${repaired > 0 && html`<p class="small">${t('imports.repaired', { count: repaired })}</p>`}
<div class="two"><div class="stack stay">${confirmBox(view, found)}</div><div class="stack sheet-side">${rowList(view, shown)}${resultLinks(view, found)}
<details class="box"><summary>${t('imports.columns')}</summary>${columnsForm(view, found)}</details></div></div>`;
}

function doneParts(view: View, shown: Shown): SafeHtml {
  const { found } = shown;
  const { t, format } = view;
  const of = (name: string): number => found.written[name] ?? 0;
  const rejected = (found.counts?.error ?? 0) + of('rejected-new') + of('rejected-changed');
  const written = {
    added: format.integer(of('written-new')),
    changed: format.integer(of('written-changed')),
    waiting: format.integer(of('waiting-new') + of('waiting-changed')),
    rejected: format.integer(rejected),
  };
  return html`<p class="notice good" role="status">${t('imports.written', written)}</p>${resultLinks(view, found)}${tiles(view, shown)}${rowList(view, shown)}`;
}

const another = (view: View): SafeHtml =>
  html`<p><a class="button" href="${view.link(part)}">${view.t('imports.another')}</a></p>`;

function failedParts(view: View, { found }: Shown): SafeHtml {
  const { problem, problemFacts } = found;
  const entry = entryOf(problem);
  const line = problemFacts?.line;
  return html`<div class="notice bad" role="alert"><h2>${entry ? view.either(entry.vi[0], entry.en[0]) : view.t('imports.state.failed')}</h2>
<p>${entry ? view.either(entry.vi[1], entry.en[1]) : (problem ?? '')}</p>${typeof line === 'number' && html`<p>${view.t('imports.line', { line })}</p>`}</div>${another(view)}`;
}

function stepOf(view: View, shown: Shown): SafeHtml {
  const { found } = shown;
  const { t } = view;
  if (found.state === 'reading' || found.state === 'applying') return progress(view, found);
  if (found.state === 'mapping')
    return html`<p class="notice bad" role="alert">${t('imports.columnsMissing')}</p>${columnsForm(view, found)}${stepForm(view, found, 'cancel', t('imports.cancel'), true)}`;
  if (found.state === 'ready') return readyParts(view, shown);
  if (found.state === 'done') return html`${doneParts(view, shown)}${another(view)}`;
  if (found.state === 'failed') return failedParts(view, shown);
  return html`<p class="notice" role="status">${t('imports.state.cancelled')}</p>${another(view)}`;
}

export function importPage(view: View, shown: Shown): SafeHtml {
  const { found } = shown;
  const works = found.state === 'reading' || found.state === 'applying';
  return deskLayout(view, 'seller', {
    title: view.t('imports.title'),
    part,
    htmx: works,
    ...(works ? { head: html`<noscript><meta http-equiv="refresh" content="3"></noscript>` } : {}),
    body: html`<div id="import" class="stack"><p><b>${found.fileName}</b> <span class="tag ${found.state === 'failed' ? 'bad' : found.state === 'done' ? 'good' : 'wait'}">${view.t(stateNames[found.state])}</span></p>${stepOf(view, shown)}</div>`,
  });
}
