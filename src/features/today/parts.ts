import { startOfLocalDay } from '#core/clock.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { csrfField } from '#web/parts/field.ts';
import { type IconName, icon } from '#web/parts/icon.ts';
import { kindName } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';
import type { Coming, EndingPaper, LowShelf, NewOrder, Some, Today, Waiting, WaitingKind } from './types.ts';

const orderDesk = '/ban-hang/don-hang';

type Part = {
  readonly id: string;
  readonly name: MessageKey;
  readonly picture: IconName;
  readonly count?: number;
  readonly body: SafeHtml;
};
const part = (view: View, { id, name, picture, count, body }: Part): SafeHtml =>
  html`<section class="box stack today-part" aria-labelledby="${id}"><h2 class="row" id="${id}">${icon(picture)}<span>${view.t(name)}</span>${count !== undefined && html`<b class="today-count">${view.format.integer(count)}</b>`}</h2>${body}</section>`;

/** How many more there are than are shown, and where. */
const rest = (view: View, list: Some<unknown>, path: string): SafeHtml | false =>
  list.count > list.items.length &&
  html`<p><a class="tall" href="${view.link(path)}">${view.t('today.more', { count: list.count - list.items.length })}</a></p>`;

const confirmForm = (view: View, codes: readonly string[], label: string, look: string): SafeHtml =>
  html`<form method="post" action="${view.link('/ban-hang')}">${csrfField(view.csrf)}<input type="hidden" name="code" value="${codes.join(' ')}"><button class="button ${look}" type="submit">${label}</button></form>`;

const newOrder = (view: View, order: NewOrder): SafeHtml => {
  const { t, format } = view;
  const { code, lines, totalVnd, confirmBy } = order;
  return html`<li class="stack today-order"><p class="row"><b class="code">${code}</b><b class="price">${format.vnd(totalVnd)}</b></p>
<ul class="today-goods">${lines.map(({ name, label, quantity }) => html`<li><b>${format.integer(quantity)} ×</b> ${name}${label && html` <span class="soft">${label}</span>`}</li>`)}</ul>
${confirmBy && html`<p class="small">${icon('clock')} ${t('seller.confirmBy', { time: format.dateTime(confirmBy) })}</p>`}
${confirmForm(view, [code], t('seller.confirm'), 'wide')}</li>`;
};

function confirmPart(view: View, { confirm }: Today): SafeHtml | false {
  const { t } = view;
  const { count, items } = confirm;
  const all = items.map(({ code }) => code);
  return (
    count > 0 &&
    part(view, {
      id: 'nhan',
      name: 'today.toConfirm',
      picture: 'check',
      count,
      body: html`<ul class="today-list">${items.map((order) => newOrder(view, order))}</ul>
${all.length > 1 && confirmForm(view, all, t('today.confirmAll', { count: all.length }), 'quiet wide')}${rest(view, confirm, orderDesk)}`,
    })
  );
}

const lateTag = ({ t }: View, count: number): SafeHtml | false =>
  count > 0 && html`<p><span class="tag bad">${t('today.late', { count })}</span></p>`;

function packPart(view: View, { pack }: Today): SafeHtml | false {
  const { t, format, link } = view;
  const { orders, pieces, late, sendBy } = pack;
  return (
    orders > 0 &&
    part(view, {
      id: 'goi',
      name: 'today.toPack',
      picture: 'basket',
      count: orders,
      body: html`<p>${t('today.packText', { orders: format.integer(orders), pieces: format.integer(pieces) })}${sendBy && late === 0 && html` ${t('today.sendBy', { time: format.dateTime(sendBy) })}`}</p>${lateTag(view, late)}
<div class="row"><a class="button" href="${link('/ban-hang/nhat-hang')}">${t('today.picking')}</a><a class="button quiet" href="${link(`${orderDesk}#toSend`)}">${t('today.markPacked')}</a></div>`,
    })
  );
}

function handOverPart(view: View, { handOver }: Today): SafeHtml | false {
  const { t, link } = view;
  const { parcels, booked, collected, late } = handOver;
  return (
    parcels > 0 &&
    part(view, {
      id: 'giao',
      name: 'today.toHandOver',
      picture: 'truck',
      count: parcels,
      body: html`<p>${t('today.parcels', { count: parcels })}${booked > 0 && ` ${t('today.booked', { count: booked })}`}${collected > 0 && ` ${t('today.collected', { count: collected })}`}</p>${lateTag(view, late)}
<div class="row"><a class="button" href="${link('/ban-hang/nhan-kien')}">${t('today.labels')}</a><a class="button quiet" href="${link('/ban-hang/van-chuyen')}">${t('today.courier')}</a><a class="button quiet" href="${link(`${orderDesk}#toSend`)}">${t('today.markSent')}</a></div>`,
    })
  );
}

/** A line of a list that is pressed as a whole. */
const line = (view: View, path: string, name: string, about: string, news: SafeHtml | false): SafeHtml =>
  html`<li class="today-line"><a href="${view.link(path)}">${name}</a>${about !== '' && html`<span>${about}</span>`}${news}</li>`;

const waitingNames: Readonly<Record<WaitingKind, MessageKey>> = {
  complaint: 'today.complaint',
  return: 'today.return',
  mend: 'today.mend',
  review: 'today.review',
};
const waitingRoots: Readonly<Record<WaitingKind, string>> = {
  complaint: '/ban-hang/khieu-nai',
  return: '/ban-hang/doi-tra',
  mend: '/ban-hang/san-pham',
  review: '/ban-hang/danh-gia',
};

function clock({ t, format }: View, { dueAt, since }: Waiting, now: Date): SafeHtml {
  if (!dueAt) return html`<span class="small soft">${t('today.since', { time: format.date(since) })}</span>`;
  const isLate = dueAt <= now;
  return html`<span class="tag ${isLate ? 'bad' : 'wait'}">${t(isLate ? 'today.over' : 'today.answerBy', { time: format.dateTime(dueAt) })}</span>`;
}

const waitingPart = (view: View, { waiting }: Today, now: Date): SafeHtml | false =>
  waiting.count > 0 &&
  part(view, {
    id: 'cho',
    name: 'today.waiting',
    picture: 'clock',
    count: waiting.count,
    body: html`<ul class="today-list">${waiting.items.map((one) => line(view, `${waitingRoots[one.kind]}/${one.id}`, view.t(waitingNames[one.kind]), one.about, clock(view, one, now)))}</ul>
${waiting.count > waiting.items.length && html`<p class="small soft">${view.t('today.more', { count: waiting.count - waiting.items.length })}</p>`}`,
  });

function shelfLine(view: View, { variantId, name, label, onHand, held }: LowShelf): SafeHtml {
  const left = Math.max(0, onHand - held);
  const news =
    left === 0
      ? html`<span class="tag bad">${view.t('today.soldOut')}</span>`
      : html`<span class="tag wait">${view.t('today.left', { count: left })}</span>`;
  return line(view, `/ban-hang/kho/${variantId}`, name, label, news);
}

const stockPart = (view: View, { stock }: Today): SafeHtml | false =>
  stock.count > 0 &&
  part(view, {
    id: 'kho',
    name: 'today.stock',
    picture: 'boat',
    count: stock.count,
    body: html`<ul class="today-list">${stock.items.map((one) => shelfLine(view, one))}</ul>${rest(view, stock, '/ban-hang/kho')}`,
  });

const paperNames: Readonly<Record<string, MessageKey>> = {
  registration: 'paper.registration',
  'personal-id': 'paper.personal-id',
  'food-safety': 'paper.food-safety',
  'self-declaration': 'paper.self-declaration',
  'test-report': 'paper.test-report',
  'ocop-decision': 'paper.ocop-decision',
};

function paperLine(view: View, { subject, kind, name, endsOn, daysLeft, within }: EndingPaper): SafeHtml {
  const { t, format } = view;
  const date = format.date(startOfLocalDay(endsOn));
  const words =
    daysLeft < 0
      ? t('today.paperOver', { date })
      : daysLeft === 0
        ? t('today.paperLast')
        : t('today.paperDays', { count: daysLeft, date });
  const key = paperNames[kind];
  const title = subject === 'paper' && key ? t(key) : kindName(view, kind);
  const path = subject === 'paper' ? '/ban-hang/co-so' : '/ban-hang/chung-nhan';
  return line(view, path, title, name, html`<span class="tag ${within <= 30 ? 'bad' : 'wait'}">${words}</span>`);
}

const papersPart = (view: View, { papers }: Today): SafeHtml | false =>
  papers !== null &&
  papers.count > 0 &&
  part(view, {
    id: 'giay',
    name: 'today.papers',
    picture: 'seal',
    count: papers.count,
    body: html`<ul class="today-list">${papers.items.map((one) => paperLine(view, one))}</ul>${rest(view, papers, '/ban-hang/chung-nhan')}`,
  });

function sums(view: View, money: Coming): SafeHtml {
  const { t, format } = view;
  const row = (name: MessageKey, amountVnd: number, more: SafeHtml | string | false): SafeHtml =>
    html`<div><dt>${t(name)}</dt><dd><b class="price">${format.vnd(amountVnd)}</b>${more && html`<br><span class="small soft">${more}</span>`}</dd></div>`;
  const { dueVnd, dueOrders, comingVnd, comingOrders, nextDueAt, heldVnd, onTheWay } = money;
  const next = nextDueAt && t('today.nextDue', { date: format.date(nextDueAt) });
  return html`<dl class="today-money">
${dueVnd !== 0 && row('today.due', dueVnd, dueVnd < 0 ? t('today.owes') : t('today.dueOf', { count: dueOrders }))}
${onTheWay.map(({ code, amountVnd }) => row('today.onTheWay', amountVnd, html`<a class="code" href="${view.link(`/ban-hang/chi-tra/${code}`)}">${code}</a>`))}
${comingVnd !== 0 && row('today.coming', comingVnd, `${t('today.comingOf', { count: comingOrders })} ${next ?? ''}`)}
${heldVnd !== 0 && row('today.held', heldVnd, false)}</dl>`;
}

function moneyPart(view: View, { money }: Today): SafeHtml | false {
  if (!money) return false;
  const { t, link } = view;
  const { dueVnd, comingVnd, heldVnd, onTheWay } = money;
  const isNothing = dueVnd === 0 && comingVnd === 0 && heldVnd === 0 && onTheWay.length === 0;
  return part(view, {
    id: 'tien',
    name: 'today.money',
    picture: 'coin',
    body: html`${isNothing ? html`<p class="soft">${t('today.noMoney')}</p>` : sums(view, money)}
<div class="row"><a class="button quiet" href="${link('/ban-hang/chi-tra')}">${t('today.payouts')}</a><a class="button quiet" href="${link('/ban-hang/doi-soat')}">${t('today.statement')}</a></div>`,
  });
}

/** All sections in the order of a morning: what buyers wait for, whom one owes a word, then what can wait. */
export const parts = (view: View, today: Today, now: Date): SafeHtml =>
  html`${confirmPart(view, today)}${packPart(view, today)}${handOverPart(view, today)}${waitingPart(view, today, now)}${stockPart(view, today)}${papersPart(view, today)}${moneyPart(view, today)}`;
