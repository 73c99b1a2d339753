import type { FastifyPluginAsync } from 'fastify';
import { html, type SafeHtml } from '#web/html.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import type { Site, View } from '#web/view.ts';
import { complaintReaders } from './desk-routes.ts';
import type { Complaints } from './service.ts';
import { REPORT_FORMATS } from './types.ts';
import type { ReportRow } from './views/report.ts';
import { kindNames } from './words.ts';

type Report = Awaited<ReturnType<Complaints['report']>>;
const root = '/quan-tri/khieu-nai';

const sum = (rows: readonly ReportRow[], of: (row: ReportRow) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

function totals(view: View, rows: readonly ReportRow[]): SafeHtml {
  const { t, format } = view;
  const ended = sum(rows, (row) => row.ended);
  const hours = sum(rows, (row) => (row.meanHours ?? 0) * row.ended);
  const longest = Math.max(0, ...rows.map(({ longestHours }) => longestHours ?? 0));
  const figures: readonly (readonly [string, string])[] = [
    [t('complaint.report.filed'), format.integer(sum(rows, (row) => row.filed))],
    [t('complaint.report.open'), format.integer(sum(rows, (row) => row.open))],
    [t('complaint.report.overdue'), format.integer(sum(rows, (row) => row.overdue))],
    [t('complaint.report.reported'), format.integer(sum(rows, (row) => row.reported))],
    [t('complaint.report.mean'), ended > 0 ? format.decimal(hours / ended) : '–'],
    [t('complaint.report.longest'), ended > 0 ? format.decimal(longest) : '–'],
  ];
  return html`<ul class="tiles">${figures.map(([name, figure]) => html`<li class="tile"><b>${figure}</b>${name}</li>`)}</ul>`;
}

function table(view: View, rows: readonly ReportRow[]): SafeHtml {
  const { t, format } = view;
  const columns: readonly (readonly [string, (row: ReportRow) => string])[] = [
    [t('complaint.report.filed'), (row) => format.integer(row.filed)],
    [t('complaint.report.open'), (row) => format.integer(row.open)],
    [t('complaint.report.settled'), (row) => format.integer(row.settled)],
    [t('complaint.verdict.refund'), (row) => format.integer(row.refunded)],
    [t('complaint.verdict.dismiss'), (row) => format.integer(row.dismissed)],
    [t('complaint.report.overdue'), (row) => format.integer(row.overdue)],
    [t('complaint.report.reported'), (row) => format.integer(row.reported)],
    [t('complaint.report.mean'), (row) => (row.meanHours === null ? '–' : format.decimal(row.meanHours))],
    [t('complaint.report.longest'), (row) => (row.longestHours === null ? '–' : format.decimal(row.longestHours))],
    [t('complaint.refunded'), (row) => format.vnd(row.refundVnd)],
  ];
  return html`<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('complaint.author.business')}</th><th scope="col">${t('complaint.kind')}</th>${columns.map(([name]) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr><td>${row.business}</td><td>${t(kindNames[row.kind])}</td>${columns.map(([, of]) => html`<td class="number">${of(row)}</td>`)}</tr>`)}</tbody></table></div>`;
}

function reportPage(view: View, { name, periods, rows }: Report): SafeHtml {
  const { t, link } = view;
  return deskLayout(view, 'staff', {
    title: t('complaint.report.title', { period: name }),
    part: `${root}/bao-cao`,
    body: html`<p class="soft">${t('complaint.report.lead')}</p>
<nav aria-label="${t('complaint.report.period')}"><p class="row">${periods.map((period) => html`<a class="button quiet" href="${link(`${root}/bao-cao?ky=${period}`)}"${period === name && html` aria-current="page"`}>${period}</a>`)}</p></nav>
${totals(view, rows)}${rows.length > 0 ? table(view, rows) : html`<p>${t('complaint.report.none')}</p>`}
<p class="row">${REPORT_FORMATS.map((format) => html`<a class="button" href="/v1/staff/complaint-report?period=${name}&amp;format=${format}">${format.toUpperCase()}</a>`)}</p>`,
  });
}

export const complaintReportPages: FastifyPluginAsync<{
  readonly site: Site;
  readonly complaints: Complaints;
}> = async (app, { site, complaints }) => {
  page(app, site, { access: 'staff', roles: complaintReaders, url: `${root}/bao-cao` }, async ({ view, query }) =>
    reportPage(view, await complaints.report(query('ky') || undefined)),
  );
};
