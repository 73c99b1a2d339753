import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '#core/problem.ts';
import { byOf } from '#http/access.ts';
import type { Once } from '#http/idempotency.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { errorSummary, input, onceFields, textarea } from '#web/parts/field.ts';
import type { Site, View } from '#web/view.ts';
import { chartsOf, figureTables, notes, problemLine } from './parts.ts';
import { reportFreezers, reportReaders } from './routes.ts';
import type { Draft, FrozenReport, Reports } from './service.ts';
import { REPORT_FORMATS } from './types.ts';
import { periodDays, periodName } from './words.ts';

export type ReportPageDeps = { readonly site: Site; readonly reports: Reports; readonly once: Once };
type Listed = Awaited<ReturnType<Reports['list']>>[number];
type Fault = { readonly name: string; readonly message: string };

const root = '/quan-tri/bao-cao';
const perPage = 50;
const draftPath = (period: string): string => `${root}/ky/${period}`;

const standingTag = ({ t }: View, { replacedBy }: Pick<Listed, 'replacedBy'>): SafeHtml =>
  replacedBy === null
    ? html`<span class="tag good">${t('periodic.stands')}</span>`
    : html`<span class="tag away">${t('periodic.replacedBy', { number: replacedBy })}</span>`;

const frozenRow = (view: View, report: Listed): SafeHtml => {
  const { t, format, link } = view;
  return html`<li class="box"><p><a href="${link(`${root}/${report.number}`)}"><b>${report.number}</b></a> ${standingTag(view, report)}</p>
<p>${periodName(view, report)}${report.replaces !== null && html` · ${t('periodic.replacesShort', { number: report.replaces })}`}</p>
<p class="small soft">${t('periodic.frozen', { time: format.dateTime(report.frozenAt) })} · <span class="hash">${report.sha256.slice(0, 16)}…</span></p></li>`;
};

function periodChooser(view: View, reports: Reports, typed: string, error?: string): SafeHtml {
  const { t, link } = view;
  const periods = reports.recentPeriods();
  const group = (kind: (typeof periods)[number]['kind'], name: string): SafeHtml =>
    html`<div><h3 class="small-title">${name}</h3><p class="row">${periods
      .filter((period) => period.kind === kind)
      .map(
        (period) =>
          html`<a class="button quiet" href="${link(draftPath(period.name))}">${periodName(view, period)}</a>`,
      )}</p></div>`;
  return html`<section class="box stack" aria-labelledby="choose"><h2 id="choose">${t('periodic.choose')}</h2>
${group('quarter', t('periodic.quarters'))}${group('month', t('periodic.months'))}${group('year', t('periodic.years'))}
<form class="stack" method="get" action="${link(root)}">${input({
    name: 'ky',
    label: t('periodic.other'),
    hint: t('periodic.otherHint'),
    value: typed,
    error,
    more: html`type="text" maxlength="7" autocomplete="off" autocapitalize="characters"`,
  })}<button class="button quiet" type="submit">${t('periodic.show')}</button></form></section>`;
}

async function listPage(view: View, reports: Reports, typed = '', error?: string): Promise<SafeHtml> {
  const { t } = view;
  const frozen = await reports.list(perPage);
  return deskLayout(view, 'staff', {
    title: t('periodic.title'),
    part: root,
    body: html`<div class="stack"><p class="soft">${t('periodic.lead')}</p>${periodChooser(view, reports, typed, error)}
<section class="stack" aria-labelledby="frozen"><h2 id="frozen">${t('periodic.frozenOnes')}</h2>${
      frozen.length > 0
        ? html`<ul class="stack">${frozen.map((report) => frozenRow(view, report))}</ul>`
        : html`<p>${t('periodic.none')}</p>`
    }</section></div>`,
  });
}

type Again = { readonly faults: readonly Fault[]; readonly reason: string };
const untouched: Again = { faults: [], reason: '' };

/** Freezing is for ever: a box is ticked first. Where a report stands, the form makes the one that takes its place. */
function freezeForm(view: View, { name, standing }: Draft, { faults, reason }: Again): SafeHtml {
  const { t, link } = view;
  const errorAt = (field: string) => faults.find((fault) => fault.name === field)?.message;
  const wrong = errorAt('confirm');
  return html`<form class="box stack" method="post" action="${link(draftPath(name))}">${onceFields(view)}
<h2>${t(standing === null ? 'periodic.freeze' : 'periodic.correct')}</h2>
<p class="soft">${standing === null ? t('periodic.freezeLead') : t('periodic.correctLead', { number: standing })}</p>${
    standing !== null &&
    html`<input type="hidden" name="replaces" value="${standing}">${textarea({
      name: 'reason',
      label: t('periodic.reason'),
      hint: t('periodic.reasonHint'),
      value: reason,
      required: true,
      error: errorAt('reason'),
      more: html`rows="2" maxlength="500"`,
    })}`
  }
<div class="check"><input type="checkbox" id="confirm" name="confirm" value="1" required${wrong !== undefined && html` aria-invalid="true" aria-describedby="confirm-error"`}><label for="confirm">${t('periodic.confirm')}</label></div>${
    wrong !== undefined && html`<p class="wrong" id="confirm-error">${wrong}</p>`
  }
<button class="button" type="submit">${t(standing === null ? 'periodic.freeze' : 'periodic.correct')}</button></form>`;
}

async function draftPage(view: View, draft: Draft, mayFreeze: boolean, again = untouched): Promise<SafeHtml> {
  const { t, format, link } = view;
  const { at, standing, isOver, endsAt, figures } = draft;
  return deskLayout(view, 'staff', {
    title: t('periodic.draftOf', { period: periodName(view, draft) }),
    part: root,
    body: html`<div class="stack">${errorSummary(t('periodic.faults'), again.faults)}<p class="soft">${periodDays(view, draft)}. ${t('periodic.draftNote', { time: format.dateTime(at) })}</p>
${!isOver && html`<p class="notice">${t('periodic.open', { time: format.dateTime(endsAt) })}</p>`}
${standing !== null && html`<p class="notice">${t('periodic.standing', { number: standing })} <a href="${link(`${root}/${standing}`)}">${standing}</a></p>`}
${await chartsOf(view, figures)}${figureTables(view, figures)}${notes(view)}
${isOver && mayFreeze && freezeForm(view, draft, again)}</div>`,
  });
}

function fileLinks(view: View, number: string): SafeHtml {
  const { t, locale } = view;
  return html`<section class="box stack" aria-labelledby="files"><h2 id="files">${t('periodic.files')}</h2>
<p class="row">${REPORT_FORMATS.map((format) => html`<a class="button${format !== 'xlsx' && ' quiet'}" href="/v1/staff/reports/${number}/file?format=${format}&amp;lang=${locale}" download>${format.toUpperCase()}<span class="hidden"> ${number}</span></a>`)}</p>
<p class="small soft">${t('periodic.filesHint')}</p></section>`;
}

async function frozenPage(view: View, report: FrozenReport): Promise<SafeHtml> {
  const { t, format, link } = view;
  const { number, replaces, replacedBy } = report;
  return deskLayout(view, 'staff', {
    title: `${number} · ${periodName(view, report)}`,
    part: root,
    body: html`<div class="stack">${
      replacedBy !== null &&
      html`<p class="notice bad">${t('periodic.replacedBy', { number: replacedBy })} <a href="${link(`${root}/${replacedBy}`)}">${replacedBy}</a></p>`
    }
<section class="box"><dl class="facts"><dt>${t('periodic.number')}</dt><dd>${number}</dd><dt>${t('periodic.period')}</dt><dd>${periodDays(view, report)}</dd>
<dt>${t('periodic.frozenBy')}</dt><dd>${report.frozenByName ?? t('periodic.forgotten')}</dd><dt>${t('periodic.hash')}</dt><dd class="hash">${report.sha256}</dd></dl>
<p class="small soft">${t('periodic.frozen', { time: format.dateTime(report.frozenAt) })} · <a href="${link(`/bao-cao/${number}`)}">${t('periodic.checkTitle')}</a></p>
${replaces !== null && html`<p>${t('periodic.replaces', { number: replaces, reason: report.reason ?? '' })} <a href="${link(`${root}/${replaces}`)}">${replaces}</a></p>`}</section>
${fileLinks(view, number)}${await chartsOf(view, report.figures)}${figureTables(view, report.figures)}${notes(view)}
${replacedBy === null && html`<p><a href="${link(draftPath(report.period))}">${t('periodic.correct')}</a></p>`}</div>`,
  });
}

const mayFreeze = ({ visitor }: View): boolean =>
  visitor?.staffRole === 'admin' || reportFreezers.some((role) => role === visitor?.staffRole);

/** Which field a refusal is about; what concerns none of them stands above the form. */
const fieldOf = ({ code }: Problem): string => (code === 'report-reason-missing' ? 'reason' : '');

async function freezeNow(context: PageContext, { reports, once }: ReportPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, param, field } = context;
  const [period, reason, replaces] = [param('period'), field('reason'), field('replaces')];
  const again = async (fault: Fault) =>
    draftPage(view, await reports.draft(period), mayFreeze(view), { faults: [fault], reason });
  if (field('confirm') !== '1') {
    void context.reply.code(422);
    return again({ name: 'confirm', message: view.t('periodic.confirmMissing') });
  }
  try {
    const wish = { period, ...(replaces !== '' && { replaces, reason }) };
    const { number } = await once(request, async (finish) => reports.freeze(byOf(request), wish, finish));
    return seeOther(context, `${root}/${number}`);
  } catch (error) {
    if (!(error instanceof Problem) || error.code === 'report-period-invalid') throw error;
    void context.reply.code(error.status);
    return again({ name: fieldOf(error), message: problemLine(view, error) });
  }
}

export const reportPages: FastifyPluginAsync<ReportPageDeps> = async (app, deps) => {
  const { site, reports } = deps;
  const spec = { access: 'staff', roles: reportReaders } as const;
  page(app, site, { ...spec, url: root }, async (context) => {
    const typed = context.query('ky').toUpperCase();
    if (typed === '') return listPage(context.view, reports);
    try {
      await reports.draft(typed);
      return seeOther(context, draftPath(typed));
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      void context.reply.code(error.status);
      return listPage(context.view, reports, typed, problemLine(context.view, error));
    }
  });
  page(app, site, { ...spec, url: `${root}/ky/:period` }, async ({ view, param }) =>
    draftPage(view, await reports.draft(param('period')), mayFreeze(view)),
  );
  page(app, site, { ...spec, roles: reportFreezers, method: 'POST', url: `${root}/ky/:period` }, (context) =>
    freezeNow(context, deps),
  );
  page(app, site, { ...spec, url: `${root}/:number` }, async ({ view, param }) =>
    frozenPage(view, await reports.get(param('number'))),
  );
};
