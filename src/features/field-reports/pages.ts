import type { FastifyPluginAsync } from 'fastify';
import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { maxPhotoBytes } from '#features/care/index.ts';
import type { Places } from '#features/places/index.ts';
import { HOME_PROVINCE } from '#features/places/types.ts';
import type { Queues } from '#features/queues/index.ts';
import { byOf, ownBusinesses } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { claimForm, heldByMe } from '#web/parts/claim.ts';
import { deskLayout, nextInQueue } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary, input, type Option, select, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import { pictureField } from '#web/parts/picture-field.ts';
import type { Site, View } from '#web/view.ts';
import { reporterOf, reportOfficers } from './routes.ts';
import { answerHours, maxPhotos, maxWords } from './rules.ts';
import type { FieldReports } from './service.ts';
import { REPORT_KINDS, REPORT_OUTCOMES, type ReportKind, type ReportOutcome, reportProblems } from './types.ts';
import type { ReportView, WholeReport } from './views.ts';

export type FieldReportPageDeps = {
  readonly site: Site;
  readonly fieldReports: FieldReports;
  readonly places: Pick<Places, 'listWards'>;
  readonly queues: Pick<Queues, 'claim'>;
};
const refuse = refusals(reportProblems);
const root = '/phan-anh';
const sellerRoot = '/ban-hang/phan-anh';
const staffRoot = '/quan-tri/phan-anh';
const perPage = 24;

const kinds: Readonly<Record<ReportKind, MessageKey>> = {
  'wrong-origin': 'report.kind.wrong-origin',
  'fake-certificate': 'report.kind.fake-certificate',
  unsafe: 'report.kind.unsafe',
  hygiene: 'report.kind.hygiene',
  price: 'report.kind.price',
  misleading: 'report.kind.misleading',
  other: 'report.kind.other',
};
const outcomes: Readonly<Record<ReportOutcome, MessageKey>> = {
  'no-finding': 'report.outcome.no-finding',
  warned: 'report.outcome.warned',
  takedown: 'report.outcome.takedown',
  forwarded: 'report.outcome.forwarded',
};

/** Where it stands: until when somebody answers, or what was answered. */
function standing({ t, format }: View, { outcome, dueAt, decidedAt, reason }: ReportView): SafeHtml {
  if (!outcome || !decidedAt)
    return html`<p class="row"><span class="tag wait">${t('report.open')}</span><b>${t('report.due', { time: format.dateTime(dueAt) })}</b></p>`;
  return html`<p class="row"><span class="tag good">${t(outcomes[outcome])}</span><span class="small soft">${format.dateTime(decidedAt)}</span></p>${reason !== null && html`<p class="words">${reason}</p>`}`;
}
const about = ({ t }: View, { businessName, productName, kind }: ReportView): SafeHtml =>
  html`<p>${productName !== null && html`<b>${productName}</b> · `}${businessName}<br><span class="soft">${t(kinds[kind])}</span></p>`;

const fieldNames = ['sp', 'cs', 'kind', 'text', 'phone', 'wardCode'] as const;
type Typed = Readonly<Record<(typeof fieldNames)[number], string>>;
const readTyped = (read: (name: string) => string): Typed =>
  Object.fromEntries(fieldNames.map((name) => [name, read(name).toWellFormed()])) as Typed;
const subjectIn = ({ sp, cs }: Typed) => (sp === '' ? { business: cs } : { product: sp });

function reportForm(
  view: View,
  name: string,
  wards: readonly Option[],
  typed: Typed,
  faults: readonly Fault[],
): SafeHtml {
  const { t, link } = view;
  const hidden = (field: 'sp' | 'cs'): SafeHtml => html`<input type="hidden" name="${field}" value="${typed[field]}">`;
  return html`<form class="box stack" method="post" enctype="multipart/form-data" action="${link(root)}">${csrfField(view.csrf)}${hidden('sp')}${hidden('cs')}
<p>${t('report.about')} <b>${name}</b></p>
${select(
  { name: 'kind', label: t('report.kind'), value: typed.kind, required: true, error: errorAt(faults, 'kind') },
  t('report.choose'),
  REPORT_KINDS.map((kind) => ({ value: kind, label: t(kinds[kind]) })),
)}
${textarea({ name: 'text', label: t('report.text'), value: typed.text, required: true, error: errorAt(faults, 'text'), more: html`rows="5" maxlength="${maxWords}"` })}
${pictureField(view, { name: 'photos', label: t('report.photos', { count: maxPhotos }), multiple: true, error: errorAt(faults, 'photos') })}
${select({ name: 'wardCode', label: t('report.ward'), value: typed.wardCode, hint: t('report.wardHint') }, t('report.noWard'), wards)}
${input({ name: 'phone', label: t('report.phone'), hint: t('report.phoneHint'), value: typed.phone, required: view.visitor === null, error: errorAt(faults, 'phone'), more: html`type="tel" inputmode="tel" autocomplete="tel" maxlength="20"` })}
<button class="button" type="submit">${t('report.send')}</button></form>`;
}

const lookUpForm = (view: View): SafeHtml =>
  html`<form class="box stack" method="get" action="${view.link(root)}"><h2>${view.t('report.lookUp')}</h2>
${input({ name: 'ma', label: view.t('report.code'), value: '', required: true, more: html`type="text" maxlength="20" autocapitalize="characters" autocomplete="off" spellcheck="false"` })}
<button class="button quiet" type="submit">${view.t('report.see')}</button></form>`;

async function formPage({ view }: PageContext, deps: FieldReportPageDeps, typed: Typed, faults: readonly Fault[] = []) {
  const { t } = view;
  const isOf = typed.sp !== '' || typed.cs !== '';
  const subject = isOf ? await deps.fieldReports.findSubject(subjectIn(typed)) : undefined;
  if (isOf && !subject) throw refuse('report-not-found');
  const wards = (await deps.places.listWards(HOME_PROVINCE)).map(({ code, fullName }) => ({
    value: code,
    label: fullName,
  }));
  return layout(view, {
    title: t('report.title'),
    canonical: root,
    body: html`<div class="narrow stack"><h1>${t('report.title')}</h1><p>${t('report.intro', { hours: answerHours })}</p>${errorSummary(t('report.faults'), faults)}
${subject ? reportForm(view, subject.name, wards, typed, faults) : html`<p class="notice wait">${t('report.where')}</p>${lookUpForm(view)}`}</div>`,
  });
}

async function send(context: PageContext, deps: FieldReportPageDeps): Promise<SafeHtml | typeof SENT> {
  const { view, request, field, files } = context;
  const typed = readTyped(field);
  const kind = REPORT_KINDS.find((one) => one === typed.kind);
  if (!kind) {
    void context.reply.code(422);
    return formPage(context, deps, typed, [{ name: 'kind', message: view.t('report.choose') }]);
  }
  let code = '';
  const faults = await faultsOf(context, async () => {
    const photos = files('photos').map(({ bytes, name }) => ({ bytes, name }));
    const { text, phone, wardCode } = typed;
    const ward = /^\d{5}$/.test(wardCode) ? wardCode : undefined;
    const told = { of: subjectIn(typed), kind, text, wardCode: ward, photos };
    ({ code } = await deps.fieldReports.report(reporterOf(request, phone), told));
  });
  return faults ? formPage(context, deps, typed, faults) : seeOther(context, `${root}/${code}`);
}

const statePage = (view: View, report: ReportView): SafeHtml => {
  const { t, format } = view;
  const title = t('report.one', { code: report.code });
  return layout(view, {
    title,
    body: html`<div class="narrow stack"><h1>${title}</h1><p>${t('report.keep', { code: report.code })}</p>
<section class="box stack">${about(view, report)}<p class="small soft">${t('report.sentAt', { time: format.dateTime(report.createdAt) })}</p>${standing(view, report)}</section><p class="small soft">${t('report.private')}</p></div>`,
  });
};

const sellerPart: FastifyPluginAsync<FieldReportPageDeps> = async (app, { site, fieldReports }) => {
  page(app, site, { access: 'seller', url: sellerRoot }, async ({ view, request, query }) => {
    const { t, link } = view;
    const cursor = readCursor(query('cursor') || undefined);
    const { items, nextCursor } = await fieldReports.listOwn(ownBusinesses(request), { limit: perPage, cursor });
    return deskLayout(view, 'seller', {
      title: t('report.sellerTitle'),
      part: sellerRoot,
      body: html`<p class="soft">${t('report.sellerIntro')}</p>${items.length === 0 && html`<div class="section">${empty(t('report.none'), t('report.noneText'), html``)}</div>`}
<ul class="reviews stack section">${items.map((one) => html`<li class="box stack">${about(view, one)}${standing(view, one)}</li>`)}</ul>${pager(view, nextCursor && link(`${sellerRoot}?cursor=${nextCursor}`), cursor ? link(sellerRoot) : null)}`,
    });
  });
};

type Claim = Parameters<typeof claimForm>[2];
type Again = { readonly reason: string; readonly faults: readonly Fault[] };

function verdictForm(view: View, report: WholeReport, claim: Claim, me: string, again: Again): SafeHtml | false {
  const { t, link } = view;
  const action = link(`${staffRoot}/${report.code}`);
  if (report.outcome) return false;
  if (!claim?.heldBy || claim.heldBy !== me) return claimForm(view, action, claim);
  const offered = REPORT_OUTCOMES.filter((outcome) => outcome !== 'takedown' || report.productId !== null);
  return html`${heldByMe(view, claim)}<form class="box stack" method="post" action="${action}">${csrfField(view.csrf)}
${textarea({ name: 'reason', label: t('report.why'), value: again.reason, error: errorAt(again.faults, 'reason'), more: html`rows="3" maxlength="${maxWords}"` })}
<p class="row">${offered.map((outcome) => html`<button class="button quiet" type="submit" name="do" value="${outcome}">${t(outcomes[outcome])}</button>`)}</p></form>`;
}

/** About where, for officers: the ward and a point that is right to a kilometre. */
function placeOf({ t }: View, { ward, latitude, longitude }: WholeReport): string | null {
  const point = latitude !== null && longitude !== null ? t('report.point', { latitude, longitude }) : null;
  return [ward, point].filter((part) => part !== null).join(' · ') || null;
}

function staffPage(view: View, report: WholeReport, claim: Claim, me: string, again: Again): SafeHtml {
  const { t, format } = view;
  const rows: readonly (readonly [string, string | null])[] = [
    [t('report.said'), report.text],
    [t('report.ward'), placeOf(view, report)],
    [t('report.contact'), report.phone === null ? null : format.phone(report.phone)],
    [t('report.at'), format.dateTime(report.createdAt)],
  ];
  const photos = report.photos.map(
    (fileId, index) =>
      html`<li><img src="/quan-tri/tep/${fileId}/320" alt="${t('report.photo', { number: index + 1 })}" width="160" height="160" loading="lazy"></li>`,
  );
  return deskLayout(view, 'staff', {
    title: t('report.one', { code: report.code }),
    part: staffRoot,
    body: html`<div class="narrow stack">${errorSummary(t('report.faults'), again.faults)}<section class="box stack">${about(view, report)}${standing(view, report)}
<dl class="facts">${rows.map(([name, value]) => value !== null && html`<dt>${name}</dt><dd class="change-text">${value}</dd>`)}</dl>${photos.length > 0 && html`<ul class="shown">${photos}</ul>`}</section>
${verdictForm(view, report, claim, me, again)}${nextInQueue(view, 'field-reports')}</div>`,
  });
}

const staffPart: FastifyPluginAsync<FieldReportPageDeps> = async (app, { site, fieldReports, queues }) => {
  const read = { access: 'staff', roles: reportOfficers } as const;
  page(app, site, { ...read, url: staffRoot }, async ({ view, query }) => {
    const { t, link } = view;
    const cursor = readCursor(query('cursor') || undefined);
    const { items, nextCursor } = await fieldReports.listReports({ limit: perPage, cursor });
    return deskLayout(view, 'staff', {
      title: t('report.staffTitle'),
      part: staffRoot,
      body: html`${items.length === 0 && html`<div class="section">${empty(t('report.none'), t('report.noneText'), html``)}</div>`}<ul class="reviews stack section">${items.map(
        (one) =>
          html`<li class="box stack"><h2><a href="${link(`${staffRoot}/${one.code}`)}">${t('report.one', { code: one.code })}</a></h2>${about(view, one)}${standing(view, one)}</li>`,
      )}</ul>${pager(view, nextCursor && link(`${staffRoot}?cursor=${nextCursor}`), cursor ? link(staffRoot) : null)}`,
    });
  });
  const one = `${staffRoot}/:code`;
  const show = async ({ view, request, param }: PageContext, again: Again = { reason: '', faults: [] }) => {
    const report = await fieldReports.getWhole(param('code'));
    const me = request.caller.kind === 'account' ? request.caller.accountId : '';
    return staffPage(view, report, await fieldReports.findClaim(report), me, again);
  };
  page(app, site, { ...read, url: one }, (context) => show(context));
  page(app, site, { ...read, method: 'POST', url: one }, async (context): Promise<SafeHtml | typeof SENT> => {
    const { request, field, param } = context;
    const report = await fieldReports.getWhole(param('code'));
    const outcome = REPORT_OUTCOMES.find((name) => name === field('do'));
    const reason = field('reason').toWellFormed();
    const claim = await fieldReports.findClaim(report);
    const { caller } = request;
    const faults = await faultsOf(context, async () => {
      if (outcome) await fieldReports.decide(byOf(request), report.code, { outcome, reason });
      else if (claim && caller.kind === 'account') await queues.claim(caller, claim.itemId);
    });
    return faults ? show(context, { reason, faults }) : seeOther(context, `${staffRoot}/${report.code}`);
  });
};

export const fieldReportPages: FastifyPluginAsync<FieldReportPageDeps> = async (app, deps) => {
  const { site, fieldReports } = deps;
  const spec = { access: 'public' } as const;
  page(app, site, { ...spec, url: root }, async (context) => {
    const code = context.query('ma');
    if (code !== '') return seeOther(context, `${root}/${encodeURIComponent(readCode(code))}`);
    return formPage(
      context,
      deps,
      readTyped((name) => (name === 'sp' || name === 'cs' ? context.query(name) : '')),
    );
  });
  const upload = { maxBytes: maxPhotoBytes, maxFiles: 10 };
  page(app, site, { ...spec, method: 'POST', url: root, upload }, (context) => send(context, deps));
  page(app, site, { ...spec, url: `${root}/:code` }, async ({ view, param }) =>
    statePage(view, await fieldReports.getState(param('code'))),
  );
  await app.register(sellerPart, deps);
  await app.register(staffPart, deps);
};
