import type { FastifyPluginAsync } from 'fastify';
import { html, type SafeHtml } from '#web/html.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { empty } from '#web/parts/empty.ts';
import { statusTag } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import type { Orders } from './service.ts';

export type StaffPageDeps = { readonly site: Site; readonly orders: Orders };

const shownOrders = 25;

type Overview = {
  readonly states: Awaited<ReturnType<Orders['summarise']>>;
  readonly latest: Awaited<ReturnType<Orders['listOrders']>>['items'];
};

function staffPage(view: View, { states, latest }: Overview): SafeHtml {
  const { t, format } = view;
  return deskLayout(view, 'staff', {
    title: t('staff.ordersTitle'),
    part: '/quan-tri/don-hang',
    body:
      latest.length === 0
        ? empty(
            t('staff.noOrders'),
            t('staff.noOrdersText'),
            html`<a class="button quiet" href="${view.link('/quan-tri')}">${t('desk.today')}</a>`,
            'du-lich',
          )
        : html`<section class="section" aria-labelledby="states"><h2 id="states">${t('seller.orders')}</h2>
<table><thead><tr><th scope="col">${t('staff.state')}</th><th scope="col" class="number">${t('seller.orders')}</th><th scope="col" class="number">${t('staff.amount')}</th></tr></thead><tbody>
${states.map(({ status, count, totalVnd }) => html`<tr><td>${statusTag(view, 'order', status)}</td><td class="number">${format.integer(count)}</td><td class="number">${format.vnd(totalVnd)}</td></tr>`)}</tbody></table></section>
<section class="section" aria-labelledby="latest"><h2 id="latest">${t('staff.orders')}</h2>
<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('staff.code')}</th><th scope="col">${t('nav.producers')}</th><th scope="col">${t('staff.when')}</th><th scope="col">${t('staff.state')}</th><th scope="col" class="number">${t('staff.amount')}</th></tr></thead><tbody>
${latest.map((order) => html`<tr><td class="code">${order.code}</td><td>${order.business.name}${order.partner !== null && html`<br><span class="tag">${t('partnerOrders.through', { exchange: order.partner.name })}</span>`}</td><td>${format.dateTime(order.createdAt)}</td><td>${statusTag(view, 'order', order.status)} ${statusTag(view, 'payment', order.paymentStatus)}</td><td class="number">${format.vnd(order.totalVnd)}</td></tr>`)}</tbody></table></div></section>`,
  });
}

export const staffPages: FastifyPluginAsync<StaffPageDeps> = async (app, { site, orders }) => {
  page(app, site, { url: '/quan-tri/don-hang', access: 'staff' }, async ({ view }) => {
    const [states, latest] = await Promise.all([orders.summarise(), orders.listOrders({ limit: shownOrders })]);
    return staffPage(view, { states, latest: latest.items });
  });
};
