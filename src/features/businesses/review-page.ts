import { errorAt, type Fault } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { cannedReasons, deskLayout, nextInQueue, thenNext } from '#web/parts/desk.ts';
import { csrfField, errorSummary, input, select, textarea } from '#web/parts/field.ts';
import type { View } from '#web/view.ts';
import { type Application, paperLine, statedFacts } from './apply-forms.ts';
import { dueBy } from './rules.ts';
import type { Businesses } from './service.ts';
import { MEASURE_GROUNDS, MEASURE_KINDS } from './types.ts';
import type { OwnBusiness } from './views/desk.ts';
import { groundNames, measureNames, paperName, stateTag, verdictNames } from './words.ts';

type Measure = Awaited<ReturnType<Businesses['listMeasures']>>[number];
export type Reviewed = {
  readonly business: OwnBusiness;
  readonly application: Application;
  readonly measures: readonly Measure[];
  readonly faults: readonly Fault[];
  /** What was typed in the form that came back. */
  readonly typed: (name: string) => string;
  readonly personalNumber: string | undefined;
  readonly saved: boolean;
};

export const reviewPath = '/quan-tri/co-so';
const post = (view: View, { business }: Reviewed, body: SafeHtml): SafeHtml =>
  html`<form class="stack" method="post" action="${view.link(`${reviewPath}/${business.businessId}`)}" novalidate>${csrfField(view.csrf)}${body}</form>`;

const oftenSaid: readonly MessageKey[] = [
  'often.paperUnreadable',
  'often.papersMissing',
  'often.nameDiffers',
  'often.addressUnclear',
];

/** Each field beside the remark on it. One form: the decision carries all remarks. */
function decisionForm(view: View, page: Reviewed): SafeHtml {
  const { t } = view;
  const { business, application, faults, typed } = page;
  const rows = [
    ...statedFacts(view, business),
    ...application.checklist.map(
      ({ kind }) =>
        [
          `papers.${kind}`,
          paperName(view, kind),
          application.papers.some((paper) => paper.kind === kind) ? t('review.paperSent') : t('apply.none'),
        ] as const,
    ),
  ];
  return post(
    view,
    page,
    html`<p class="small soft">${t('review.howToRemark')}</p><ul class="stated">${rows.map(
      ([field, label, value]) =>
        html`<li><b class="small">${label}</b><span>${value || html`<span class="soft">${t('apply.none')}</span>`}</span><input name="remark-${field}" value="${typed(`remark-${field}`)}" type="text" maxlength="1000" placeholder="${t('review.remark')}" aria-label="${t('review.remark')}: ${label}"></li>`,
    )}</ul>
${textarea({ name: 'reason', label: t('review.reason'), value: typed('reason'), error: errorAt(faults, 'reason'), more: html`rows="3" maxlength="1000" data-choices="often"` })}${cannedReasons(view, 'often', oftenSaid)}
${thenNext(view, faults.length === 0 || typed('next') !== '')}
<p class="row"><button class="button" type="submit" name="do" value="approved" data-key="a">${t('review.approve')}</button>
<button class="button quiet" type="submit" name="do" value="changes-requested" data-key="q" data-reason="reason">${t('review.askChanges')}</button>
<button class="button quiet" type="submit" name="do" value="rejected" data-key="r" data-reason="reason">${t('review.reject')}</button></p>`,
  );
}

function papersPart(view: View, page: Reviewed): SafeHtml {
  const { t } = view;
  return html`<section class="stack" aria-labelledby="papers"><h2 id="papers">${t('review.papers')}</h2>${page.application.papers.map(
    (paper) => {
      const name = paperName(view, paper.kind);
      const field = `paper-reason-${paper.paperId}`;
      return html`<article class="box stack"><h3>${name}</h3>${paperLine(view, paper)}
<p><a class="tall" href="/v1/staff/files/${paper.fileId}">${t('review.openPaper')}<span class="hidden"> ${name}</span></a> <span class="small soft">${paper.file.name}</span></p>
${post(
  view,
  page,
  html`<input type="hidden" name="paperId" value="${paper.paperId}">
${input({ name: field, label: t('review.refuseReason'), value: page.typed(field), error: errorAt(page.faults, field), more: html`type="text" maxlength="1000"` })}
<p class="row"><button class="button quiet" type="submit" name="do" value="paper-accepted">${t('review.accept')}<span class="hidden"> ${name}</span></button>
<button class="button quiet" type="submit" name="do" value="paper-refused">${t('review.refuse')}<span class="hidden"> ${name}</span></button></p>`,
)}</article>`;
    },
  )}${page.application.papers.length === 0 && html`<p class="soft">${t('apply.none')}</p>`}</section>`;
}

function numberPart(view: View, page: Reviewed): SafeHtml | false {
  const { t } = view;
  const { business, personalNumber, faults, typed } = page;
  if (personalNumber !== undefined)
    return html`<p class="notice wait">${t('review.number', { number: personalNumber })}</p>`;
  return (
    business.personalNumberLast4 !== null &&
    html`<details${errorAt(faults, 'readReason') !== undefined && html` open`}><summary>${t('review.readNumber')}</summary>${post(
      view,
      page,
      html`${input({ name: 'readReason', label: t('review.readReason'), value: typed('readReason'), error: errorAt(faults, 'readReason'), required: true, more: html`type="text" maxlength="1000"` })}
<button class="button quiet" type="submit" name="do" value="read-number">${t('review.readNumber')}</button>`,
    )}</details>`
  );
}

function measureLine(view: View, page: Reviewed, measure: Measure): SafeHtml {
  const { t, format } = view;
  const { id, kind, ground, reason, requestNumber, requestedAt, effectiveAt, appliedAt, liftedAt, liftReason } =
    measure;
  const state = liftedAt
    ? t('measure.lifted', { time: format.dateTime(liftedAt), reason: liftReason ?? '' })
    : appliedAt
      ? t('measure.applied', { time: format.dateTime(appliedAt) })
      : t('measure.announced', { time: format.dateTime(effectiveAt) });
  const field = `lift-${id}`;
  const isFinal = liftedAt !== null || (kind === 'closure' && appliedAt !== null);
  return html`<li class="box stack"><p><b>${t(measureNames[kind])}</b> · ${t(groundNames[ground])}${requestNumber !== null && html` · ${requestNumber}`}</p>
<p>${reason}</p><p class="small soft">${state}${requestedAt && html` · ${t('measure.clock', { time: format.dateTime(dueBy(requestedAt)) })}`}</p>
${!isFinal && post(view, page, html`<input type="hidden" name="measureId" value="${id}">${input({ name: field, label: t('measure.liftReason'), value: page.typed(field), error: errorAt(page.faults, field), more: html`type="text" maxlength="1000"` })}<button class="button quiet" type="submit" name="do" value="lift">${t('measure.lift')}</button>`)}</li>`;
}

function measureForm(view: View, page: Reviewed): SafeHtml {
  const { t } = view;
  const { faults, typed } = page;
  const at = (name: string) => ({ name, value: typed(name), error: errorAt(faults, name) });
  return post(
    view,
    page,
    html`
${select(
  { ...at('kind'), label: t('measure.kind'), required: true },
  t('measure.kind'),
  MEASURE_KINDS.map((value) => ({ value, label: t(measureNames[value]) })),
)}
${select(
  { ...at('ground'), label: t('measure.ground'), required: true },
  t('measure.ground'),
  MEASURE_GROUNDS.map((value) => ({ value, label: t(groundNames[value]) })),
)}
${textarea({ ...at('measureReason'), label: t('measure.reason'), required: true, more: html`rows="2" maxlength="1000"` })}
${input({ ...at('basis'), label: t('measure.basis'), more: html`type="text" maxlength="1000"` })}
${input({ ...at('authority'), label: t('measure.authority'), more: html`type="text" maxlength="200"` })}
${input({ ...at('requestNumber'), label: t('measure.requestNumber'), more: html`type="text" maxlength="100"` })}
${input({ ...at('requestedAt'), label: t('measure.requestedAt'), more: html`type="datetime-local"` })}
${input({ ...at('effectiveAt'), label: t('measure.effectiveOn'), more: html`type="date"` })}
<button class="button" type="submit" name="do" value="measure">${t('measure.decide')}</button>`,
  );
}

function historyPart(view: View, { application }: Reviewed): SafeHtml | false {
  const { t, format } = view;
  return (
    application.reviews.length > 0 &&
    html`<section class="stack" aria-labelledby="history"><h2 id="history">${t('review.history')}</h2><ul class="stack">${application.reviews.map(
      ({ verdict, reason, reviewedAt }) =>
        html`<li>${format.dateTime(reviewedAt)} · <b>${t(verdictNames[verdict])}</b>${reason !== null && html` · ${reason}`}</li>`,
    )}</ul></section>`
  );
}

/** Everything of an application side by side, with what an officer can decide on it. */
export function reviewPage(view: View, page: Reviewed): SafeHtml {
  const { t } = view;
  const { business, faults, measures, saved } = page;
  const isLive = business.status === 'approved' || business.status === 'suspended';
  return deskLayout(view, 'staff', {
    title: business.name,
    part: reviewPath,
    body: html`<div class="stack"><p class="row">${stateTag(view, business.status)}${business.code !== null && html`<span class="code">${business.code}</span>`}</p>
${saved && html`<p class="notice good" role="status">${t('review.sent')}</p>`}${errorSummary(t('apply.faults'), faults)}
${
  business.status === 'submitted'
    ? html`<section class="stack" aria-labelledby="given"><h2 id="given">${t('review.given')}</h2>${decisionForm(view, page)}</section>`
    : html`<dl class="facts">${statedFacts(view, business).map(([, label, value]) => html`<dt>${label}</dt><dd>${value || t('apply.none')}</dd>`)}</dl>`
}
${numberPart(view, page)}${papersPart(view, page)}${historyPart(view, page)}
${(isLive || measures.length > 0) && html`<section class="stack" aria-labelledby="measures"><h2 id="measures">${t('measure.title')}</h2><ul class="stack">${measures.map((one) => measureLine(view, page, one))}</ul>${isLive && html`<details${['kind', 'ground', 'measureReason', 'authority', 'requestNumber', 'requestedAt', 'effectiveAt'].some((name) => errorAt(faults, name) !== undefined) && html` open`}><summary>${t('measure.decide')}</summary>${measureForm(view, page)}</details>`}</section>`}${nextInQueue(view, 'businesses')}</div>`,
  });
}
