import type { FastifyPluginAsync } from 'fastify';
import { isId } from '#core/ids.ts';
import { actorOf, signedIn } from '#http/access.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page, type SENT, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { checkbox, csrfField } from '#web/parts/field.ts';
import { pager } from '#web/parts/pager.ts';
import type { Tone } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import type { Notices } from './service.ts';
import { nameOf } from './templates/all.ts';
import { CHANNELS, type Channel, DELIVERY_STATES, LANGUAGES, type MessageBook, type Settings } from './types.ts';

export type NoticePageDeps = {
  readonly site: Site;
  readonly notices: Notices;
  /** Where messages are only recorded; absent where they are really sent. */
  readonly book: MessageBook | undefined;
};
type Inbox = Awaited<ReturnType<Notices['listInbox']>>;
type Log = Awaited<ReturnType<Notices['listLog']>>;

const wayNames = {
  'in-app': 'notices.way.in-app',
  email: 'notices.way.email',
  sms: 'notices.way.sms',
  zalo: 'notices.way.zalo',
} as const satisfies Readonly<Record<Channel, MessageKey>>;
const stateNames = {
  queued: 'notices.state.queued',
  sent: 'notices.state.sent',
  failed: 'notices.state.failed',
} as const satisfies Readonly<Record<(typeof DELIVERY_STATES)[number], MessageKey>>;
const stateTones = { queued: 'wait', sent: 'good', failed: 'bad' } as const satisfies Readonly<
  Record<(typeof DELIVERY_STATES)[number], Tone>
>;
const hourNames = { quietFrom: 'notices.quietFrom', quietUntil: 'notices.quietUntil' } as const;

const inboxUrl = '/tai-khoan/thong-bao';
const logUrl = '/quan-tri/thong-bao';
const perPage = 25;

const noticeCard = (view: View, { subject, body, path, createdAt, readAt }: Inbox['items'][number]): SafeHtml => {
  const { t, format, link } = view;
  return html`<li class="box stack"><h2>${subject}</h2><p class="small soft">${readAt === null && html`<b>${t('notices.new')}</b> · `}${format.dateTime(createdAt)}</p>
<p>${body}</p>${path !== null && html`<p><a class="button quiet" href="${link(path)}">${t('notices.go')}<span class="hidden">: ${subject}</span></a></p>`}</li>`;
};

const tongue: Readonly<Record<(typeof LANGUAGES)[number], string>> = {
  vi: 'Tiếng Việt',
  en: 'English',
  km: 'ភាសាខ្មែរ',
};

const hour = (view: View, name: 'quietFrom' | 'quietUntil', value: number): SafeHtml =>
  html`<div class="field"><label for="${name}">${view.t(hourNames[name])}</label><input id="${name}" name="${name}" type="number" inputmode="numeric" min="0" max="23" value="${value}" required></div>`;

const settingsForm = (view: View, settings: Settings): SafeHtml => {
  const { t, link } = view;
  return html`<details class="box"><summary>${t('notices.settings')}</summary>
<form class="stack" method="post" action="${link(inboxUrl)}">${csrfField(view.csrf)}
<div class="field"><label for="language">${t('notices.language')}</label><select id="language" name="language">${LANGUAGES.map(
    (one) =>
      html`<option value="${one}" lang="${one}"${one === settings.language && html` selected`}>${tongue[one]}</option>`,
  )}</select></div>
<fieldset><legend>${t('notices.ways')}</legend>${CHANNELS.map((one) =>
    checkbox(
      { name: 'channels', label: t(wayNames[one]), value: one, checked: settings.channels.includes(one) },
      `channel-${one}`,
    ),
  )}</fieldset>
<fieldset><legend>${t('notices.quiet')}</legend><div class="row">${hour(view, 'quietFrom', settings.quietFrom)}${hour(view, 'quietUntil', settings.quietUntil)}</div></fieldset>
<p class="small soft">${t('notices.urgent')}</p><button class="button" type="submit" name="do" value="save">${t('notices.save')}</button></form></details>`;
};

const inboxPage = (
  view: View,
  { items, nextCursor }: Inbox,
  settings: Settings,
  state: { first: boolean; saved: boolean },
) => {
  const { t, link } = view;
  const unread = items.some(({ readAt }) => readAt === null);
  return layout(view, {
    title: t('notices.title'),
    body: html`<div class="narrow stack"><h1>${t('notices.title')}</h1>
${state.saved && html`<p class="notice good" role="status">${t('notices.saved')}</p>`}
${unread && html`<form method="post" action="${link(inboxUrl)}">${csrfField(view.csrf)}<button class="button quiet" type="submit" name="do" value="read">${t('notices.readAll')}</button></form>`}
${items.length === 0 ? empty(t('notices.none'), t('notices.noneText'), html`<a class="button quiet" href="${link('/')}">${t('nav.home')}</a>`, 'du-lich') : html`<ul class="stack">${items.map((item) => noticeCard(view, item))}</ul>`}
${pager(view, nextCursor && link(`${inboxUrl}?cursor=${nextCursor}`), state.first ? null : link(inboxUrl))}${settingsForm(view, settings)}</div>`,
  });
};

const hourOf = (text: string, otherwise: number): number => (/^(\d|1\d|2[0-3])$/.test(text) ? Number(text) : otherwise);

async function changeInbox({ request, field, fields }: PageContext, notices: Notices): Promise<void> {
  const { accountId } = signedIn(request);
  if (field('do') === 'read') {
    await notices.markRead(accountId);
    return;
  }
  const before = await notices.getSettings(accountId);
  await notices.saveSettings(accountId, {
    language: LANGUAGES.find((one) => one === field('language')) ?? before.language,
    channels: CHANNELS.filter((one) => fields('channels').includes(one)),
    quietFrom: hourOf(field('quietFrom'), before.quietFrom),
    quietUntil: hourOf(field('quietUntil'), before.quietUntil),
  });
}

const logRow = (view: View, item: Log['items'][number]): SafeHtml => {
  const { t, format, link } = view;
  const about = nameOf(item.kind, view.locale);
  return html`<li class="person"><div><b>${about}</b> <span class="tag ${stateTones[item.state]}">${t(stateNames[item.state])}</span>
<p class="small soft">${format.dateTime(item.createdAt)} · ${t(wayNames[item.channel])}${item.address !== '' && html` · ${item.channel === 'email' ? item.address : format.phone(item.address)}`}</p>
${item.lastError !== null && html`<p class="small wrong">${item.lastError}</p>`}</div>
${item.state === 'failed' && html`<form method="post" action="${link(logUrl)}">${csrfField(view.csrf)}<input type="hidden" name="deliveryId" value="${item.deliveryId}"><button class="button quiet" type="submit">${t('notices.again')}<span class="hidden"> ${about} ${item.address}</span></button></form>`}</li>`;
};

const logPage = (view: View, { items, nextCursor }: Log, state: string, first: boolean): SafeHtml => {
  const { t, link } = view;
  const at = (one: string): string => link(one === '' ? logUrl : `${logUrl}?state=${one}`);
  return deskLayout(view, 'staff', {
    title: t('notices.log'),
    part: logUrl,
    body: html`<ul class="pills">${['', ...DELIVERY_STATES].map(
      (one) =>
        html`<li><a href="${at(one)}"${one === state && html` aria-current="true"`}>${one === '' ? t('notices.all') : t(stateNames[one as (typeof DELIVERY_STATES)[number]])}</a></li>`,
    )}</ul>
${items.length === 0 ? empty(t('notices.logNone'), t('notices.logNoneText'), html``, 'du-lich') : html`<ul>${items.map((item) => logRow(view, item))}</ul>`}
${pager(view, nextCursor && link(`${logUrl}?state=${state}&cursor=${nextCursor}`), first ? null : at(state))}`,
  });
};

const bookPage = (view: View, book: MessageBook): SafeHtml => {
  const { t } = view;
  return layout(view, {
    title: t('notices.book'),
    body: html`<div class="narrow stack"><h1>${t('notices.book')}</h1><p class="notice wait">${t('notices.bookText')}</p>
<ul class="stack">${book
      .list()
      .map(
        ({ channel, to, subject, text }) =>
          html`<li class="box stack"><h2>${subject}</h2><p class="small soft">${t(wayNames[channel])} · ${to}</p><p class="letter">${text}</p></li>`,
      )}</ul></div>`,
  });
};

export const noticePages: FastifyPluginAsync<NoticePageDeps> = async (app, { site, notices, book }) => {
  page(app, site, { url: inboxUrl, access: 'shopper' }, async ({ view, request, query }) => {
    const { accountId } = signedIn(request);
    const cursor = readCursor(query('cursor') || undefined);
    const [inbox, settings] = await Promise.all([
      notices.listInbox(accountId, view.locale, perPage, cursor),
      notices.getSettings(accountId),
    ]);
    return inboxPage(view, inbox, settings, { first: !cursor, saved: query('luu') === '1' });
  });
  page(app, site, { method: 'POST', url: inboxUrl, access: 'shopper' }, async (context): Promise<typeof SENT> => {
    await changeInbox(context, notices);
    return seeOther(context, context.field('do') === 'read' ? inboxUrl : `${inboxUrl}?luu=1`);
  });
  page(app, site, { url: logUrl, access: 'staff', roles: ['support', 'auditor'] }, async ({ view, query }) => {
    const cursor = readCursor(query('cursor') || undefined);
    const state = DELIVERY_STATES.find((one) => one === query('state'));
    return logPage(view, await notices.listLog({ state }, perPage, cursor), state ?? '', !cursor);
  });
  page(app, site, { method: 'POST', url: logUrl, access: 'staff', roles: ['support'] }, async (context) => {
    const id = context.field('deliveryId');
    if (isId<'NoticeDelivery'>(id)) await notices.sendAgain(actorOf(context.request), id);
    return seeOther(context, logUrl);
  });
  if (book) page(app, site, { url: '/minh-hoa/tin-nhan', access: 'public' }, async ({ view }) => bookPage(view, book));
};
