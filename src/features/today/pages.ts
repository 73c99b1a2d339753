import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { sellerOf, signedIn } from '#http/access.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { page, seeOther } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import type { Site, View } from '#web/view.ts';
import { parts } from './parts.ts';
import { scopeOf } from './routes.ts';
import { isDone } from './rules.ts';
import type { TodayDesk } from './service.ts';
import type { Today } from './types.ts';

export type TodayPageDeps = { readonly site: Site; readonly today: TodayDesk; readonly now: Clock };

/** What was done a moment ago, from the address. */
type Said = { readonly done: number; readonly refused: number };
const counted = (text: string): number => (/^\d{1,2}$/.test(text) ? Number(text) : 0);

const news = ({ t }: View, { done, refused }: Said): SafeHtml =>
  html`${done > 0 && html`<p class="notice good" role="status">${t('today.confirmed', { count: done })}</p>`}
${refused > 0 && html`<p class="notice bad" role="alert">${t('today.refused', { count: refused })}</p>`}`;

/** The three steps of each order, with how many stand at each: pressed, they lead to where it is done. */
function steps({ t, format, link }: View, { confirm, pack, handOver }: Today): SafeHtml {
  const all: readonly (readonly [MessageKey, number, string])[] = [
    ['today.toConfirm', confirm.count, confirm.count > 0 ? '#nhan' : link('/ban-hang/don-hang')],
    ['today.toPack', pack.orders, pack.orders > 0 ? '#goi' : link('/ban-hang/nhat-hang')],
    ['today.toHandOver', handOver.parcels, handOver.parcels > 0 ? '#giao' : link('/ban-hang/nhan-kien')],
  ];
  return html`<ul class="today-steps">${all.map(([name, count, path]) => html`<li${count === 0 && html` class="none"`}><a href="${path}"><b>${format.integer(count)}</b><span>${t(name)}</span></a></li>`)}</ul>`;
}

const allDone = ({ t, link }: View): SafeHtml =>
  empty(
    t('today.doneTitle'),
    t('today.doneText'),
    html`<a class="button" href="${link('/ban-hang/don-hang')}">${t('today.allOrders')}</a><a class="button quiet" href="${link('/ban-hang/kho')}">${t('seller.stock')}</a>`,
    'du-lich',
  );

function todayPage(view: View, today: Today, now: Date, said: Said): SafeHtml {
  const { t, link } = view;
  const { unreadNotices } = today;
  return deskLayout(view, 'seller', {
    title: t('desk.today'),
    part: '/ban-hang',
    body: html`<div class="stack today">${news(view, said)}${steps(view, today)}
${unreadNotices > 0 && html`<p><a class="tall" href="${link('/tai-khoan/thong-bao')}">${t('today.unread', { count: unreadNotices })}</a></p>`}
${isDone(today) && allDone(view)}<div class="today-parts">${parts(view, today, now)}</div></div>`,
  });
}

export const todayPages: FastifyPluginAsync<TodayPageDeps> = async (app, { site, today, now }) => {
  const url = '/ban-hang';
  page(app, site, { url, access: 'seller' }, async ({ view, request, query }) => {
    const read = await today.read(scopeOf(request), signedIn(request).accountId);
    return todayPage(view, read, now(), { done: counted(query('nhan')), refused: counted(query('khong')) });
  });
  page(app, site, { method: 'POST', url, access: 'seller' }, async (context) => {
    const { done, refused } = await today.confirm(
      sellerOf(context.request),
      context.fields('code').flatMap((codes) => codes.split(' ')),
    );
    return seeOther(context, `${url}?nhan=${done}&khong=${refused}`);
  });
};
