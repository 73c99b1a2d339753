import type { Problem } from '#core/problem.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { bars, columns } from '#web/parts/chart.ts';
import type { View } from '#web/view.ts';
import { groupNames, notesOf, SHEET_GROUPS, type Sheet, sheetsOf, shown } from './sheets.ts';
import type { Figures } from './types.ts';

/** What is wrong and what to do, in the language of the page as far as refusals are written in it. */
export const problemLine = ({ locale }: View, { entry }: Problem): string =>
  entry[locale === 'vi' ? 'vi' : 'en'].join('. ');

/** A table of more rows is folded: who looks for a ward opens it, who reads the whole has the files. */
const most = 12;

function tableOf(view: View, { key, title, note, columns: heads, rows, total }: Sheet): SafeHtml {
  const isNumber = (index: number): boolean => heads[index]?.kind !== 'text' && heads[index]?.kind !== 'day';
  const cells = (row: readonly (string | number | null)[]): SafeHtml[] =>
    heads.map(
      ({ kind }, index) =>
        html`<td${isNumber(index) && html` class="number"`}>${shown(view, kind, row[index] ?? null)}</td>`,
    );
  const isLong = rows.length > most && key !== 'summary';
  const table =
    rows.length > 0 &&
    html`<div class="table figures" tabindex="0"><table><thead><tr>${heads.map((head, index) => html`<th scope="col"${isNumber(index) && html` class="number"`}>${head.title}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${cells(row)}</tr>`)}${total && html`<tr class="total-row">${cells(total)}</tr>`}</tbody></table></div>`;
  return html`<section class="stack" aria-labelledby="${key}"><h3 id="${key}">${title}</h3>${note && html`<p class="small soft">${note}</p>`}${
    rows.length === 0
      ? html`<p class="soft">${view.t('periodic.nothing')}</p>`
      : isLong
        ? html`<details><summary>${view.t('periodic.rows', { count: rows.length })}</summary>${table}</details>`
        : table
  }</section>`;
}

/** Every table of the report, the summary open, the others by what they are about. */
export function figureTables(view: View, figures: Figures): SafeHtml {
  const sheets = sheetsOf(view, figures);
  return html`${SHEET_GROUPS.map((group) => {
    const own = sheets.filter((sheet) => sheet.group === group);
    return html`<section class="stack section" aria-labelledby="group-${group}"><h2 id="group-${group}">${view.t(groupNames[group])}</h2>${own.map((sheet) => tableOf(view, group === 'summary' ? { ...sheet, title: view.t('periodic.fact') } : sheet))}</section>`;
  })}`;
}

/** The longest bars of those tables that have any; the tables below hold all of it. */
export async function chartsOf(view: View, figures: Figures): Promise<SafeHtml | false> {
  const drawn = await Promise.all(
    sheetsOf(view, figures)
      .filter((sheet) => sheet.bars && sheet.rows.length > 1)
      .map(({ key, title, bars: by, columns: heads, rows }) => {
        const values = rows.map((row) => ({
          label: String(row[by?.label ?? 0] ?? ''),
          value: Number(row[by?.value ?? 1] ?? 0),
          shown: shown(view, heads[by?.value ?? 1]?.kind ?? 'count', row[by?.value ?? 1] ?? null),
        }));
        const short = (value: number): string => view.format.compact(value);
        return key === 'salesByMonth' ? columns({ name: title, values, tick: short }) : bars(title, values, 6);
      }),
  );
  const some = drawn.filter((chart) => chart !== false);
  return (
    some.length > 0 &&
    html`<section class="stack section" aria-labelledby="charts"><h2 id="charts">${view.t('periodic.charts')}</h2><div class="charts">${some.map((chart) => html`<div class="box">${chart}</div>`)}</div></section>`
  );
}

export const notes = (view: View): SafeHtml =>
  html`<section class="stack section" aria-labelledby="notes"><h2 id="notes">${view.t('periodic.notes')}</h2><ul class="dots small">${notesOf(view).map((note) => html`<li>${note}</li>`)}</ul></section>`;
