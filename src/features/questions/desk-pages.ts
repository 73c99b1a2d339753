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
import { questionBox } from '#web/parts/questions.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import { answerRoles, questionOfficers } from './routes.ts';
import { maxAnswer } from './rules.ts';
import type { Questions } from './service.ts';
import {
  QUESTION_VERDICTS,
  type QuestionId,
  type QuestionState,
  type QuestionVerdict,
  questionProblems,
} from './types.ts';
import type { QuestionView } from './views.ts';

export type QuestionDeskDeps = { readonly site: Site; readonly questions: Questions };
const refuse = refusals(questionProblems);
const sellerRoot = '/ban-hang/hoi-dap';
const staffRoot = '/quan-tri/hoi-dap';
const perPage = 24;
const no: readonly Fault[] = [];

const states: Readonly<Record<QuestionState, readonly [MessageKey, Tone]>> = {
  waiting: ['reviews.state.waiting', 'wait'],
  published: ['reviews.state.published', 'good'],
  hidden: ['reviews.state.hidden', 'bad'],
};
const stateTag = ({ t }: View, state: QuestionState): SafeHtml => {
  const [key, tone] = states[state];
  return html`<span class="tag ${tone}">${t(key)}</span>`;
};
const idOf = ({ param }: PageContext): QuestionId => {
  const id = param('questionId');
  if (!isId<'Question'>(id)) throw refuse('question-not-found');
  return id;
};

const sellerRow = (view: View, known: QuestionView): SafeHtml =>
  html`<li class="box stack"><h2><a href="${view.link(`${sellerRoot}/${known.questionId}`)}">${known.productName}</a></h2><ul class="reviews">${questionBox(view, known, known.businessName)}</ul>
${known.answer === null && html`<p><span class="tag wait">${view.t('reviews.unanswered')}</span></p>`}</li>`;

function sellerPage(view: View, known: QuestionView, mayAnswer: boolean, typed: string, faults: readonly Fault[]) {
  const { t, link } = view;
  const isHeld = known.answerState !== null && known.answerState !== 'published';
  const label = t(known.answer === null ? 'asked.answerNew' : 'asked.answerChange');
  return deskLayout(view, 'seller', {
    title: known.productName,
    part: sellerRoot,
    body: html`<div class="narrow stack">${errorSummary(t('reviews.faults'), faults)}<ul class="reviews">${questionBox(view, known, known.businessName)}</ul>
${isHeld && known.answerState && html`<p class="row">${t('reviews.yourReply')} ${stateTag(view, known.answerState)}</p>`}
${
  mayAnswer &&
  html`<form class="box stack" method="post" action="${link(`${sellerRoot}/${known.questionId}`)}">${csrfField(view.csrf)}${textarea({ name: 'text', label, hint: t('asked.answerHint'), value: typed || (known.answer ?? ''), error: errorAt(faults, 'text'), more: html`rows="3" maxlength="${maxAnswer}"` })}
<button class="button" type="submit">${t('reviews.replySend')}</button></form>`
}</div>`,
  });
}

/** All questions, or those that wait for an answer. */
async function showOwn({ view, request, query }: PageContext, { questions }: QuestionDeskDeps): Promise<SafeHtml> {
  const { t, link } = view;
  const cursor = readCursor(query('cursor') || undefined);
  const isOpen = query('loc') === 'chua';
  const scope = { limit: perPage, cursor, ...(isOpen && { answered: false }) };
  const { items, nextCursor } = await questions.listOwn(ownBusinesses(request), scope);
  const base = `${sellerRoot}?loc=${isOpen ? 'chua' : ''}`;
  const way = (to: string, name: MessageKey, current: boolean): SafeHtml =>
    html`<a class="button quiet" href="${link(to)}"${current && html` aria-current="page"`}>${t(name)}</a>`;
  return deskLayout(view, 'seller', {
    title: t('asked.title'),
    part: sellerRoot,
    body: html`<p class="row">${way(sellerRoot, 'care.all', !isOpen)}${way(`${sellerRoot}?loc=chua`, 'reviews.unanswered', isOpen)}</p>
${items.length === 0 && html`<div class="section">${empty(t('asked.none'), t('asked.noneText'), html``)}</div>`}<ul class="reviews stack section">${items.map((one) => sellerRow(view, one))}</ul>
${pager(view, nextCursor && link(`${base}&cursor=${nextCursor}`), cursor ? link(base) : null)}`,
  });
}

const sellerDesk: FastifyPluginAsync<QuestionDeskDeps> = async (app, deps) => {
  const { site, questions } = deps;
  const read = { access: 'seller' } as const;
  page(app, site, { ...read, url: sellerRoot }, (context) => showOwn(context, deps));
  const one = `${sellerRoot}/:questionId`;
  page(app, site, { ...read, url: one }, async (context) => {
    const { view, request } = context;
    const mayAnswer = view.visitor?.memberRoles.some((role) => answerRoles.includes(role)) === true;
    return sellerPage(view, await questions.getOwn(ownBusinesses(request), idOf(context)), mayAnswer, '', no);
  });
  const write = { ...read, roles: answerRoles, method: 'POST', url: one } as const;
  page(app, site, write, async (context): Promise<SafeHtml | typeof SENT> => {
    const { view, request, field } = context;
    const id = idOf(context);
    const who = { ...byOf(request), businessIds: ownBusinesses(request) };
    const known = await questions.getOwn(who.businessIds, id);
    const text = field('text').toWellFormed();
    const faults = await faultsOf(context, () => questions.answer(who, id, text));
    return faults ? sellerPage(view, known, true, text, faults) : seeOther(context, `${sellerRoot}/${id}`);
  });
};

const verdictNames: Readonly<Record<QuestionVerdict, MessageKey>> = {
  show: 'asked.verdict.show',
  hide: 'asked.verdict.hide',
  'show-answer': 'asked.verdict.showAnswer',
  'hide-answer': 'asked.verdict.hideAnswer',
};

/** What may be decided now. What went with the person stays away. */
function openVerdicts({ state, text, answer, answerState }: QuestionView): QuestionVerdict[] {
  const may: Readonly<Record<QuestionVerdict, boolean>> = {
    show: state !== 'published' && text !== '',
    hide: state !== 'hidden',
    'show-answer': answer !== null && answerState !== 'published',
    'hide-answer': answer !== null && answerState !== 'hidden',
  };
  return QUESTION_VERDICTS.filter((verdict) => may[verdict]);
}

const staffRow = (view: View, known: QuestionView): SafeHtml =>
  html`<li class="box stack"><h2><a href="${view.link(`${staffRoot}/${known.questionId}`)}">${known.productName}</a></h2><p class="row">${stateTag(view, known.state)}<span class="small soft">${known.businessName} · ${view.format.dateTime(known.createdAt)}</span></p>
<p class="words">${known.text}</p></li>`;

function staffPage(view: View, known: QuestionView, typed: string, faults: readonly Fault[]): SafeHtml {
  const { t, link, format } = view;
  const marks = known.flags.map(({ text }) => text);
  return deskLayout(view, 'staff', {
    title: known.productName,
    part: staffRoot,
    body: html`<div class="narrow stack">${errorSummary(t('reviews.faults'), faults)}<p class="row">${stateTag(view, known.state)}<span class="soft">${known.businessName} · ${format.dateTime(known.createdAt)}</span></p>
<blockquote class="words">${known.text}</blockquote><p class="small soft">${known.shownName === '' ? t('asked.someone') : known.shownName}</p>
${marks.length > 0 && html`<p class="notice wait">${t('reviews.marked', { words: format.list(marks) })}</p>`}${known.reason !== null && html`<p class="notice bad">${t('asked.hidden', { reason: known.reason })}</p>`}
${known.answer !== null && known.answerState && html`<div class="reply"><p class="row"><b>${t('points.reply', { business: known.businessName })}</b>${stateTag(view, known.answerState)}</p><p class="words">${known.answer}</p></div>`}
<form class="box stack" method="post" action="${link(`${staffRoot}/${known.questionId}`)}">${csrfField(view.csrf)}${textarea({ name: 'reason', label: t('reviews.why'), value: typed, error: errorAt(faults, 'reason'), more: html`rows="3" maxlength="${maxAnswer}"` })}
<p class="row">${openVerdicts(known).map((verdict) => html`<button class="button${verdict.startsWith('hide') && ' quiet'}" type="submit" name="do" value="${verdict}">${t(verdictNames[verdict])}</button>`)}</p></form>${nextInQueue(view, 'questions')}</div>`,
  });
}

const filters = ['', 'waiting', 'hidden'] as const;
const filterNames: Readonly<Record<(typeof filters)[number], MessageKey>> = {
  '': 'care.all',
  waiting: 'reviews.state.waiting',
  hidden: 'reviews.state.hidden',
};

const staffDesk: FastifyPluginAsync<QuestionDeskDeps> = async (app, { site, questions }) => {
  const read = { access: 'staff', roles: questionOfficers } as const;
  page(app, site, { ...read, url: staffRoot }, async ({ view, query }) => {
    const { t, link } = view;
    const cursor = readCursor(query('cursor') || undefined);
    const filter = filters.find((one) => one === query('loc')) ?? '';
    const { items, nextCursor } = await questions.listAll({ limit: perPage, cursor, state: filter || undefined });
    const address = (to: string) => link(to === '' ? staffRoot : `${staffRoot}?loc=${to}`);
    return deskLayout(view, 'staff', {
      title: t('asked.staffTitle'),
      part: staffRoot,
      body: html`<p class="row">${filters.map((to) => html`<a class="button quiet" href="${address(to)}"${to === filter && html` aria-current="page"`}>${t(filterNames[to])}</a>`)}</p>
${items.length === 0 && html`<div class="section">${empty(t('asked.none'), t('asked.noneStaff'), html``)}</div>`}<ul class="reviews stack section">${items.map((one) => staffRow(view, one))}</ul>${pager(view, nextCursor && link(`${staffRoot}?loc=${filter}&cursor=${nextCursor}`), cursor ? address(filter) : null)}`,
    });
  });
  const one = `${staffRoot}/:questionId`;
  page(app, site, { ...read, url: one }, async (context) =>
    staffPage(context.view, await questions.getQuestion(idOf(context)), '', no),
  );
  page(app, site, { ...read, method: 'POST', url: one }, async (context): Promise<SafeHtml | typeof SENT> => {
    const { view, request, field } = context;
    const id = idOf(context);
    const known = await questions.getQuestion(id);
    const verdict = QUESTION_VERDICTS.find((one) => one === field('do'));
    const reason = field('reason').toWellFormed();
    if (!verdict) return seeOther(context, `${staffRoot}/${id}`);
    const faults = await faultsOf(context, () => questions.decide(byOf(request), id, { verdict, reason }));
    return faults ? staffPage(view, known, reason, faults) : seeOther(context, `${staffRoot}/${id}`);
  });
};

export const questionDeskPages: FastifyPluginAsync<QuestionDeskDeps> = async (app, deps) => {
  await app.register(sellerDesk, deps);
  await app.register(staffDesk, deps);
};
