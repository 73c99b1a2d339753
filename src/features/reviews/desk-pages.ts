import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { byOf, ownBusinesses } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { errorAt, type Fault, faultsOf } from '#web/faults.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout, nextInQueue } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary, textarea } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import { reviewBox } from '#web/parts/points.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import { replyRoles, reviewOfficers } from './routes.ts';
import { maxWords } from './rules.ts';
import type { Reviews } from './service.ts';
import { REVIEW_VERDICTS, type ReviewId, type ReviewState, type ReviewVerdict, reviewProblems } from './types.ts';
import type { ReviewView } from './views.ts';

export type ReviewDeskDeps = { readonly site: Site; readonly reviews: Reviews };
const refuse = refusals(reviewProblems);
const sellerRoot = '/ban-hang/danh-gia';
const staffRoot = '/quan-tri/danh-gia';
const perPage = 24;
const no = { text: '', reason: '', faults: [] as readonly Fault[] };
type Again = typeof no;

const states: Readonly<Record<ReviewState, readonly [MessageKey, Tone]>> = {
  waiting: ['reviews.state.waiting', 'wait'],
  published: ['reviews.state.published', 'good'],
  hidden: ['reviews.state.hidden', 'bad'],
};
const stateTag = ({ t }: View, state: ReviewState): SafeHtml => {
  const [key, tone] = states[state];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};
const idOf = ({ param }: PageContext): ReviewId => {
  const id = param('reviewId');
  if (!isId<'Review'>(id)) throw refuse('review-not-found');
  return id;
};
const words = (name: 'text' | 'reason', label: string, { faults, ...typed }: Again): SafeHtml =>
  textarea({
    name,
    label,
    value: typed[name],
    error: errorAt(faults, name),
    more: html`rows="3" maxlength="${maxWords}"`,
  });
const press = (name: string, label: string, quiet = false): SafeHtml =>
  html`<button class="button${quiet && ' quiet'}" type="submit" name="do" value="${name}">${label}</button>`;

/** What became of what the seller told the officers. */
function flagNotice({ t }: View, { flagReason, flagAnsweredAt }: ReviewView): SafeHtml | false {
  if (flagReason === null) return false;
  return html`<p class="notice wait">${t(flagAnsweredAt ? 'reviews.flagKept' : 'reviews.flagOpen')}: ${flagReason}</p>`;
}

const sellerRow = (view: View, known: ReviewView): SafeHtml =>
  html`<li class="box stack"><h2><a href="${view.link(`${sellerRoot}/${known.reviewId}`)}">${known.productName}</a></h2><ul class="reviews">${reviewBox(view, known, known.businessName)}</ul>
${known.reply === null && html`<p><span class="tag wait">${view.t('reviews.unanswered')}</span></p>`}</li>`;

function sellerPage(view: View, known: ReviewView, mayAnswer: boolean, again: Again): SafeHtml {
  const { t, link } = view;
  const form = (body: SafeHtml): SafeHtml =>
    html`<form class="box stack" method="post" action="${link(`${sellerRoot}/${known.reviewId}`)}">${csrfField(view.csrf)}${body}</form>`;
  const replied = known.replyState !== null && known.replyState !== 'published';
  const reply = { ...again, text: again.text || (known.reply ?? '') };
  return deskLayout(view, 'seller', {
    title: known.productName,
    part: sellerRoot,
    body: html`<div class="narrow stack">${errorSummary(t('reviews.faults'), again.faults)}<ul class="reviews">${reviewBox(view, known, known.businessName)}</ul>${flagNotice(view, known)}
${replied && known.replyState && html`<p class="row">${t('reviews.yourReply')} ${stateTag(view, known.replyState)}</p>`}
${mayAnswer && form(html`${words('text', t(known.reply === null ? 'reviews.replyNew' : 'reviews.replyChange'), reply)}<p class="small soft">${t('reviews.replyHint')}</p>${press('reply', t('reviews.replySend'))}`)}
${mayAnswer && known.flaggedAt === null && form(html`${words('reason', t('reviews.flagWhy'), again)}<p class="small soft">${t('reviews.flagHint')}</p>${press('flag', t('reviews.flag'), true)}`)}</div>`,
  });
}

const sellerDesk: FastifyPluginAsync<ReviewDeskDeps> = async (app, { site, reviews }) => {
  const read = { access: 'seller' } as const;
  page(app, site, { ...read, url: sellerRoot }, async ({ view, request, query }) => {
    const { t, link } = view;
    const cursor = readCursor(query('cursor') || undefined);
    const { items, nextCursor } = await reviews.listOwn(ownBusinesses(request), { limit: perPage, cursor });
    return deskLayout(view, 'seller', {
      title: t('reviews.title'),
      part: sellerRoot,
      body: html`${items.length === 0 && html`<div class="section">${empty(t('reviews.noneYet'), t('reviews.noneYetText'), html``)}</div>`}<ul class="reviews stack section">${items.map((one) => sellerRow(view, one))}</ul>
${pager(view, nextCursor && link(`${sellerRoot}?cursor=${nextCursor}`), cursor ? link(sellerRoot) : null)}`,
    });
  });
  const one = `${sellerRoot}/:reviewId`;
  page(app, site, { ...read, url: one }, async (context) => {
    const { view, request } = context;
    const mayAnswer = view.visitor?.memberRoles.some((role) => replyRoles.includes(role)) === true;
    return sellerPage(view, await reviews.getOwn(ownBusinesses(request), idOf(context)), mayAnswer, no);
  });
  page(
    app,
    site,
    { ...read, roles: replyRoles, method: 'POST', url: one },
    async (context): Promise<SafeHtml | typeof SENT> => {
      const { view, request, field } = context;
      const id = idOf(context);
      const who = { ...byOf(request), businessIds: ownBusinesses(request) };
      const known = await reviews.getOwn(who.businessIds, id);
      const [text, reason] = [field('text').toWellFormed(), field('reason').toWellFormed()];
      const faults = await faultsOf(context, () =>
        field('do') === 'flag' ? reviews.flag(who, id, reason) : reviews.reply(who, id, text),
      );
      return faults
        ? sellerPage(view, known, true, { text, reason, faults })
        : seeOther(context, `${sellerRoot}/${id}`);
    },
  );
};

const verdictNames: Readonly<Record<ReviewVerdict, MessageKey>> = {
  show: 'reviews.verdict.show',
  hide: 'reviews.verdict.hide',
  'show-reply': 'reviews.verdict.showReply',
  'hide-reply': 'reviews.verdict.hideReply',
};

/** What may be decided now: what is hidden or waits can be shown, what is shown or waits can be hidden, and what was flagged be kept. */
function openVerdicts(known: ReviewView): ReviewVerdict[] {
  const asked = known.flaggedAt !== null && known.flagAnsweredAt === null;
  const may: Readonly<Record<ReviewVerdict, boolean>> = {
    show: known.state !== 'published' || asked,
    hide: known.state !== 'hidden',
    'show-reply': known.reply !== null && known.replyState !== 'published',
    'hide-reply': known.reply !== null && known.replyState !== 'hidden',
  };
  return REVIEW_VERDICTS.filter((verdict) => may[verdict]);
}

const staffRow = (view: View, known: ReviewView): SafeHtml =>
  html`<li class="box stack"><h2><a href="${view.link(`${staffRoot}/${known.reviewId}`)}">${known.productName}</a></h2><p class="row">${stateTag(view, known.state)}
${known.flaggedAt && !known.flagAnsweredAt && html`<span class="tag wait">${view.t('reviews.flagOpen')}</span>`}<span class="small soft">${known.businessName} · ${view.format.dateTime(known.createdAt)}</span></p>
${known.text !== '' && html`<p class="words">${known.text}</p>`}</li>`;

function staffPage(view: View, known: ReviewView, again: Again): SafeHtml {
  const { t, link, format } = view;
  const marks = known.flags.map(({ text }) => text);
  const photos = known.photos.map(
    (fileId, index) =>
      html`<li><img src="/quan-tri/tep/${fileId}/320" alt="${t('points.photo', { number: index + 1 })}" width="160" height="160" loading="lazy"></li>`,
  );
  const plain = { ...known, photos: [], reply: null };
  return deskLayout(view, 'staff', {
    title: known.productName,
    part: staffRoot,
    body: html`<div class="narrow stack">${errorSummary(t('reviews.faults'), again.faults)}<p class="row">${stateTag(view, known.state)}<span class="soft">${known.businessName} · ${known.orderCode} · ${format.dateTime(known.createdAt)}</span></p>
<ul class="reviews">${reviewBox(view, plain, known.businessName)}</ul>${photos.length > 0 && html`<ul class="shown">${photos}</ul>`}
${marks.length > 0 && html`<p class="notice wait">${t('reviews.marked', { words: format.list(marks) })}</p>`}${known.reason !== null && html`<p class="notice bad">${t('reviews.hidden', { reason: known.reason })}</p>`}${flagNotice(view, known)}
${known.reply !== null && known.replyState && html`<div class="reply"><p class="row"><b>${t('points.reply', { business: known.businessName })}</b>${stateTag(view, known.replyState)}</p><p class="words">${known.reply}</p></div>`}
<form class="box stack" method="post" action="${link(`${staffRoot}/${known.reviewId}`)}">${csrfField(view.csrf)}${words('reason', t('reviews.why'), again)}
<p class="row">${openVerdicts(known).map((verdict) => press(verdict, t(verdictNames[verdict]), verdict.startsWith('hide')))}</p></form>${nextInQueue(view, 'reviews')}</div>`,
  });
}

const filters = ['', 'waiting', 'flagged', 'hidden'] as const;
const filterNames: Readonly<Record<(typeof filters)[number], MessageKey>> = {
  '': 'care.all',
  waiting: 'reviews.state.waiting',
  flagged: 'reviews.flagOpen',
  hidden: 'reviews.state.hidden',
};

const staffDesk: FastifyPluginAsync<ReviewDeskDeps> = async (app, { site, reviews }) => {
  const read = { access: 'staff', roles: reviewOfficers } as const;
  page(app, site, { ...read, url: staffRoot }, async ({ view, query }) => {
    const { t, link } = view;
    const cursor = readCursor(query('cursor') || undefined);
    const filter = filters.find((one) => one === query('loc')) ?? '';
    const state = filter === 'waiting' || filter === 'hidden' ? filter : undefined;
    const page = await reviews.listAll({ limit: perPage, cursor, state, flagged: filter === 'flagged' });
    const address = (to: string) => link(to === '' ? staffRoot : `${staffRoot}?loc=${to}`);
    const next = page.nextCursor && link(`${staffRoot}?loc=${filter}&cursor=${page.nextCursor}`);
    return deskLayout(view, 'staff', {
      title: t('reviews.staffTitle'),
      part: staffRoot,
      body: html`<p class="row">${filters.map((to) => html`<a class="button quiet" href="${address(to)}"${to === filter && html` aria-current="page"`}>${t(filterNames[to])}</a>`)}</p>
${page.items.length === 0 && html`<div class="section">${empty(t('reviews.noneYet'), t('reviews.noneText'), html``)}</div>`}<ul class="reviews stack section">${page.items.map((one) => staffRow(view, one))}</ul>${pager(view, next, cursor ? address(filter) : null)}`,
    });
  });
  const one = `${staffRoot}/:reviewId`;
  page(app, site, { ...read, url: one }, async (context) =>
    staffPage(context.view, await reviews.getReview(idOf(context)), no),
  );
  page(app, site, { ...read, method: 'POST', url: one }, async (context): Promise<SafeHtml | typeof SENT> => {
    const { view, request, field } = context;
    const id = idOf(context);
    const known = await reviews.getReview(id);
    const verdict = REVIEW_VERDICTS.find((one) => one === field('do'));
    const reason = field('reason').toWellFormed();
    if (!verdict) return seeOther(context, `${staffRoot}/${id}`);
    const faults = await faultsOf(context, () => reviews.decide(byOf(request), id, { verdict, reason }));
    return faults ? staffPage(view, known, { ...no, reason, faults }) : seeOther(context, `${staffRoot}/${id}`);
  });
};

export const reviewDeskPages: FastifyPluginAsync<ReviewDeskDeps> = async (app, deps) => {
  await app.register(sellerDesk, deps);
  await app.register(staffDesk, deps);
};
