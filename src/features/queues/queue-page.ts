import type { Id } from '#core/ids.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { csrfField, errorSummary, input, select } from '#web/parts/field.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { kindName } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';
import { paceOf } from './rules.ts';
import type { Queues } from './service.ts';
import type { ItemFilter, Queue } from './types.ts';
import type { ItemView } from './views.ts';

export type FilterState = { readonly queue: string; readonly filter: ItemFilter };
type Waiting = Awaited<ReturnType<Queues['summarise']>>[number];
type Shown = Awaited<ReturnType<Queues['list']>> & {
  readonly state: FilterState;
  readonly saved: Awaited<ReturnType<Queues['listFilters']>>;
  readonly waiting: Waiting | undefined;
  readonly officer: Id<'Account'>;
  readonly isFirst: boolean;
  readonly now: Date;
  readonly fault: string | undefined;
};

const oneOf = <Value extends string>(values: readonly Value[], text: string): Value | undefined =>
  values.find((value) => value === text);

/** What the address or the form asks for; what is none of the choices narrows nothing. */
export function readFilter(value: (name: string) => string): ItemFilter {
  const q = value('title').slice(0, 200).toWellFormed();
  const pace = oneOf(['late', 'soon'] as const, value('pace'));
  const holder = oneOf(['mine', 'free'] as const, value('holder'));
  return { ...(q && { q }), ...(pace && { pace }), ...(holder && { holder }) };
}

const pathOf = (queue: string): string => `/quan-tri/hang-doi/${encodeURIComponent(queue)}`;
/** As the form calls them: `q` is the shop's own field at the top of each page. */
const fieldsOf = ({ q, pace, holder }: ItemFilter): Readonly<Record<string, string>> => ({
  ...(q && { title: q }),
  ...(pace && { pace }),
  ...(holder && { holder }),
});
export function addressOf({ queue, filter }: FilterState, cursor?: string): string {
  const query = new URLSearchParams({ ...fieldsOf(filter), ...(cursor && { cursor }) });
  return pathOf(queue) + (query.size > 0 ? `?${query}` : '');
}

const titles: Readonly<Record<Queue, MessageKey>> = {
  businesses: 'queue.businesses',
  changes: 'queue.changes',
  certificates: 'queue.certificates',
  takedowns: 'queue.takedowns',
  money: 'queue.money',
  complaints: 'queue.complaints',
  reviews: 'queue.reviews',
  questions: 'queue.questions',
  'field-reports': 'queue.field-reports',
};

/** The filter goes with each form, so that one is where one was after it. */
const kept = ({ filter }: FilterState): SafeHtml =>
  html`${Object.entries(fieldsOf(filter)).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}`;

function paceTag({ t, format }: View, { openedAt, dueAt }: ItemView, now: Date): SafeHtml | false {
  const pace = paceOf(openedAt, dueAt, now);
  const time = dueAt ? format.dateTime(dueAt) : '';
  if (pace === 'late') return html`<span class="tag bad">${t('queue.late', { time })}</span>`;
  if (pace === 'soon') return html`<span class="tag wait">${t('queue.soon', { time })}</span>`;
  return pace === 'calm' && html`<span class="tag">${t('queue.due', { time })}</span>`;
}

const button = (view: View, { state }: Shown, act: string, { itemId, title }: ItemView, label: string): SafeHtml =>
  html`<form method="post" action="${view.link(pathOf(state.queue))}">${csrfField(view.csrf)}${kept(state)}<input type="hidden" name="itemId" value="${itemId}">
<button class="button${act === 'release' && ' quiet'}" type="submit" name="do" value="${act}"${act === 'claim' && html` data-key="c"`}>${label}<span class="hidden"> ${title}</span></button></form>`;

function ways(view: View, shown: Shown, item: ItemView): SafeHtml {
  const { t, link, format } = view;
  const { claim } = item;
  const look = (label: string, quiet: boolean): SafeHtml =>
    html`<a class="button${quiet && ' quiet'}" href="${link(item.path)}">${label}<span class="hidden"> ${item.title}</span></a>`;
  if (!claim)
    return html`<div class="row">${button(view, shown, 'claim', item, t('queue.claim'))}${look(t('queue.look'), true)}</div>`;
  const time = format.time(claim.until);
  if (claim.accountId === shown.officer)
    return html`<p class="small">${icon('clock')} ${t('queue.mine', { time })}</p><div class="row">${look(t('queue.goOn'), false)}${button(view, shown, 'release', item, t('queue.release'))}</div>`;
  return html`<p class="small">${icon('clock')} ${t('queue.heldBy', { name: claim.name, time })}</p><div class="row">${look(t('queue.look'), true)}</div>`;
}

/** A fact in words; what a slice already writes as people read it stays as it is. */
function factText(view: View, name: string, fact: string): string {
  if (name === 'fields') return view.t('queue.fields', { count: Number(fact) });
  if (name === 'flags') return view.t('changes.flagged', { count: Number(fact) });
  if (name === 'amountVnd') return view.format.vnd(Number(fact));
  if (name !== 'kind') return fact;
  if (fact === 'listing' || fact === 'edit') return view.t(fact === 'edit' ? 'changes.edit' : 'changes.listing');
  return kindName(view, fact);
}

const itemBox = (view: View, shown: Shown, item: ItemView): SafeHtml => {
  const { t, format } = view;
  return html`<li class="box stack queue-item" data-item><div><h2>${item.title}</h2>
<p class="row">${paceTag(view, item, shown.now)}<span class="small soft">${t('queue.since', { time: format.dateTime(item.openedAt) })}</span></p></div>
${item.businessName !== null && item.businessName !== item.title && html`<p class="small">${item.businessName}</p>`}
${Object.keys(item.facts).length > 0 && html`<p class="row">${Object.entries(item.facts).map(([name, fact]) => html`<span class="tag ${name === 'flags' ? 'bad' : 'away'}">${factText(view, name, fact)}</span>`)}</p>`}
${ways(view, shown, item)}</li>`;
};

const filterForm = (view: View, { state: { queue, filter } }: Shown): SafeHtml => {
  const { t, link } = view;
  const choices = (
    name: 'pace' | 'holder',
    label: string,
    any: string,
    options: readonly (readonly [string, string])[],
  ) =>
    select(
      { name, label, value: filter[name] ?? '' },
      any,
      options.map(([value, text]) => ({ value, label: text })),
    );
  // On a phone what waits comes first: the filter is a fold until it narrows something.
  return html`<details class="filter-fold"${Object.keys(filter).length > 0 && html` open`}><summary>${t('queue.filterFold')}</summary><form class="queue-filters" method="get" action="${link(pathOf(queue))}">
${input({ name: 'title', label: t('queue.search'), value: filter.q ?? '', more: html`type="search" maxlength="200" autocomplete="off"` })}
${choices('pace', t('queue.pace'), t('queue.paceAny'), [
  ['late', t('queue.paceLate')],
  ['soon', t('queue.paceSoon')],
])}
${choices('holder', t('queue.holder'), t('queue.holderAny'), [
  ['mine', t('queue.holderMine')],
  ['free', t('queue.holderFree')],
])}
<button class="button" type="submit">${t('queue.filter')}</button></form></details>`;
};

function savedFilters(view: View, { state, saved }: Shown): SafeHtml | false {
  const { t, link } = view;
  const isNarrowed = Object.keys(state.filter).length > 0;
  if (saved.length === 0 && !isNarrowed) return false;
  const form = (body: SafeHtml): SafeHtml =>
    html`<form class="row" method="post" action="${link(pathOf(state.queue))}">${csrfField(view.csrf)}${kept(state)}${body}</form>`;
  return html`<section class="stack" aria-labelledby="saved"><h2 class="small" id="saved">${t('queue.saved')}</h2>
<ul class="row">${saved.map(
    ({ id, name, query }) =>
      html`<li class="row"><a class="tag" href="${link(`${pathOf(state.queue)}?${query}`)}">${name}</a>${form(html`<input type="hidden" name="filterId" value="${id}"><button class="link-button" type="submit" name="do" value="drop"><span aria-hidden="true">×</span><span class="hidden">${t('queue.drop', { name })}</span></button>`)}</li>`,
  )}</ul>
${isNarrowed && html`<div class="row"><a href="${link(pathOf(state.queue))}">${t('queue.all')}</a></div>`}
${isNarrowed && form(html`<span class="field"><label for="name">${t('queue.saveName')}</label><input id="name" name="name" type="text" maxlength="40" required autocomplete="off"></span><button class="button quiet" type="submit" name="do" value="save">${t('queue.save')}</button>`)}</section>`;
}

const summaryLine = ({ t, format }: View, waiting: Waiting | undefined): SafeHtml =>
  html`<p class="row"><b>${t('queue.waiting', { count: waiting?.waiting ?? 0 })}</b>${!!waiting?.late && html`<span class="tag bad">${t('queue.lateCount', { count: waiting.late })}</span>`}
${waiting?.oldestAt && html`<span class="soft">${t('home.oldest', { time: format.dateTime(waiting.oldestAt) })}</span>`}</p>`;

function itemList(view: View, shown: Shown): SafeHtml {
  const { t, link } = view;
  const { items, state } = shown;
  if (items.length > 0)
    return html`<form class="row" method="post" action="${link(pathOf(state.queue))}">${csrfField(view.csrf)}${kept(state)}<button class="button" type="submit" name="do" value="next">${t('queue.takeOldest')}</button><span class="small soft keys">${t('queue.keys')}</span></form><ol class="stack">${items.map((item) => itemBox(view, shown, item))}</ol>`;
  const isNarrowed = Object.keys(state.filter).length > 0;
  const [title, back, name]: readonly [MessageKey, string, MessageKey] = isNarrowed
    ? ['queue.emptyFiltered', pathOf(state.queue), 'queue.all']
    : ['queue.empty', '/quan-tri', 'desk.today'];
  return empty(
    t(title),
    t('queue.emptyText'),
    html`<a class="button quiet" href="${link(back)}">${t(name)}</a>`,
    'du-lich',
  );
}

/** One queue, oldest first, with who holds what. */
export function queuePage(view: View, shown: Shown): SafeHtml {
  const { t, link } = view;
  const { queue, nextCursor, state, waiting, fault, isFirst } = shown;
  return deskLayout(view, 'staff', {
    title: t(titles[queue]),
    part: pathOf(queue),
    body: html`<div class="stack">${errorSummary(t('queue.fault'), fault === undefined ? [] : [{ name: '', message: fault }])}
${summaryLine(view, waiting)}${filterForm(view, shown)}${savedFilters(view, shown)}${itemList(view, shown)}
${pager(view, nextCursor && link(addressOf(state, nextCursor)), isFirst ? null : link(addressOf(state)))}</div>`,
  });
}
