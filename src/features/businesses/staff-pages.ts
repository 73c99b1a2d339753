import type { FastifyPluginAsync } from 'fastify';
import { startOfLocalDay } from '#core/clock.ts';
import { isId } from '#core/ids.ts';
import { nextAfter, type Queues } from '#features/queues/index.ts';
import { readCursor } from '#http/paging.ts';
import { type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import type { Site } from '#web/view.ts';
import { refuse } from './deps.ts';
import { type Reviewed, reviewPage, reviewPath } from './review-page.ts';
import type { MeasureDraft } from './rules.ts';
import type { Businesses } from './service.ts';
import { officerOf } from './staff-routes.ts';
import { BUSINESS_STATES, type BusinessId, MEASURE_GROUNDS, MEASURE_KINDS, REVIEW_VERDICTS } from './types.ts';
import { isDay, stateName, stateTag } from './words.ts';

export type BusinessStaffPageDeps = {
  readonly site: Site;
  readonly businesses: Businesses;
  readonly queues: Queues;
};
const moderating = { access: 'staff', roles: ['moderator'] } as const;
const perPage = 30;

async function list({ view, query }: PageContext, { businesses }: BusinessStaffPageDeps): Promise<SafeHtml> {
  const { t, format, link } = view;
  const status = BUSINESS_STATES.find((one) => one === query('trang-thai')) ?? 'submitted';
  const cursor = readCursor(query('cursor') || undefined);
  const { items, nextCursor } = await businesses.listByState([status], perPage, cursor);
  const at = (state: string, next = ''): string =>
    link(`${reviewPath}?trang-thai=${state}${next && `&cursor=${next}`}`);
  return deskLayout(view, 'staff', {
    title: t('review.title'),
    part: reviewPath,
    body: html`<nav aria-label="${t('review.title')}"><ul class="pills">${BUSINESS_STATES.map((state) => html`<li><a href="${at(state)}"${state === status && html` aria-current="true"`}>${stateName(view, state)}</a></li>`)}</ul></nav>
${items.length === 0 && html`<div class="section">${empty(t('review.none'), t('review.noneText'), html`<a class="button quiet" href="${at('approved')}">${stateName(view, 'approved')}</a>`)}</div>`}
<ul class="stack section">${items.map(
      ({ businessId, name, ward, submittedAt, status: state }) =>
        html`<li class="box"><h2><a href="${link(`${reviewPath}/${businessId}`)}">${name}</a></h2><p class="row">${stateTag(view, state)}<span class="small soft">${ward?.name}${submittedAt && html` · ${t('review.since', { time: format.dateTime(submittedAt) })}`}</span></p></li>`,
    )}</ul>${pager(view, nextCursor && at(status, nextCursor), cursor ? at(status) : null)}`,
  });
}

type More = Partial<Pick<Reviewed, 'faults' | 'personalNumber'>>;
async function draw(context: PageContext, { businesses }: BusinessStaffPageDeps, id: BusinessId, more: More = {}) {
  const { view, field, query } = context;
  const business = await businesses.getOwn(id);
  const [application, measures] = await Promise.all([
    businesses.readApplication(business),
    businesses.listMeasures(id),
  ]);
  const saved = query('luu') === '1';
  return reviewPage(view, {
    business,
    application,
    measures,
    typed: field,
    saved,
    faults: more.faults ?? [],
    personalNumber: more.personalNumber,
  });
}

/** A moment as `datetime-local` gives it, in Vietnamese time. */
function readMoment(text: string): Date | undefined {
  const moment = new Date(`${text}:00+07:00`);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(text) && !Number.isNaN(moment.getTime()) ? moment : undefined;
}

const readMeasure = ({ field }: PageContext): MeasureDraft => {
  const effectiveOn = field('effectiveAt');
  return {
    kind: MEASURE_KINDS.find((kind) => kind === field('kind')) ?? 'suspension',
    // Without a choice the slowest ground is meant, never the one that closes a shop at once.
    ground: MEASURE_GROUNDS.find((ground) => ground === field('ground')) ?? 'notice',
    reason: field('measureReason'),
    basis: field('basis'),
    authority: field('authority'),
    requestNumber: field('requestNumber'),
    requestedAt: readMoment(field('requestedAt')),
    effectiveAt: isDay(effectiveOn) ? startOfLocalDay(effectiveOn) : undefined,
  };
};

const remarksOf = ({ request, field }: PageContext): Record<string, string> =>
  Object.fromEntries(
    Object.keys(typeof request.body === 'object' && request.body !== null ? request.body : {})
      .filter((name) => name.startsWith('remark-'))
      .map((name) => [name.slice('remark-'.length), field(name)]),
  );

/** What the pressed button means, and under which name its form asks for a reason. */
function actOf(
  context: PageContext,
  { businesses }: BusinessStaffPageDeps,
  id: BusinessId,
): readonly [reasonField: string, work: () => Promise<unknown>] {
  const { field, request } = context;
  const officer = officerOf(request);
  const wanted = field('do');
  const [paperId, measureId] = [field('paperId'), field('measureId')];
  if (wanted === 'measure') return ['measureReason', () => businesses.decideMeasure(officer, id, readMeasure(context))];
  if (wanted === 'lift' && isId<'Measure'>(measureId))
    return [`lift-${measureId}`, () => businesses.liftMeasure(officer, measureId, field(`lift-${measureId}`))];
  if (wanted.startsWith('paper-') && isId<'Paper'>(paperId)) {
    const verdict = wanted === 'paper-accepted' ? 'accepted' : 'refused';
    const reasonField = `paper-reason-${paperId}`;
    return [reasonField, () => businesses.judgePaper(officer, paperId, verdict, field(reasonField))];
  }
  const verdict = REVIEW_VERDICTS.find((one) => one === wanted);
  if (!verdict) throw refuse('business-not-found');
  const review = { verdict, reason: field('reason'), remarks: remarksOf(context) };
  return ['reason', () => businesses.review(officer, id, review)];
}

async function decide(context: PageContext, deps: BusinessStaffPageDeps): Promise<SafeHtml | typeof SENT> {
  const { field, param, request } = context;
  const id = param('businessId');
  if (!isId<'Business'>(id)) throw refuse('business-not-found');
  const named = (faults: readonly Fault[], reasonField: string) =>
    faults.map(({ name, message }) => ({ name: name === 'reason' ? reasonField : name, message }));
  if (field('do') === 'read-number') {
    let personalNumber: string | undefined;
    const faults = await faultsOf(context, async () => {
      personalNumber = await deps.businesses.readPersonalNumber(officerOf(request), id, field('readReason'));
    });
    return draw(context, deps, id, { faults: named(faults ?? [], 'readReason'), personalNumber });
  }
  const [reasonField, work] = actOf(context, deps, id);
  const faults = await faultsOf(context, work);
  if (faults) return draw(context, deps, id, { faults: named(faults, reasonField) });
  const verdict = REVIEW_VERDICTS.find((one) => one === field('do'));
  const isGoingOn = verdict !== undefined && field('next') !== '';
  return seeOther(
    context,
    isGoingOn ? await nextAfter(deps.queues, request, 'businesses', verdict) : `${reviewPath}/${id}?luu=1`,
  );
}

/** Officers' list of businesses by state, and the page on which one is decided. */
export const businessStaffPages: FastifyPluginAsync<BusinessStaffPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: reviewPath, ...moderating }, (context) => list(context, deps));
  page(app, deps.site, { url: `${reviewPath}/:businessId`, ...moderating }, (context) => {
    const id = context.param('businessId');
    if (!isId<'Business'>(id)) throw refuse('business-not-found');
    return draw(context, deps, id);
  });
  page(app, deps.site, { method: 'POST', url: `${reviewPath}/:businessId`, ...moderating }, (context) =>
    decide(context, deps),
  );
};
