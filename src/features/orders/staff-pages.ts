import type { FastifyPluginAsync } from 'fastify';
import type { Businesses } from '#features/businesses/index.ts';
import type { Payments } from '#features/payments/index.ts';
import type { Products } from '#features/products/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { page } from '#web/page.ts';
import { deskLayout } from '#web/parts/desk.ts';
import { statusTag } from '#web/parts/status.ts';
import type { Site, View } from '#web/view.ts';
import type { Orders } from './service.ts';

export type StaffPageDeps = {
  readonly site: Site;
  readonly orders: Orders;
  readonly payments: Payments;
  readonly products: Products;
  readonly businesses: Businesses;
};

const shownOrders = 25;
const counted = 100;

type Overview = {
  readonly productCount: number;
  readonly businessCount: number;
  readonly unmatched: number;
  readonly refunds: number;
  readonly states: Awaited<ReturnType<Orders['summarise']>>;
  readonly latest: Awaited<ReturnType<Orders['listOrders']>>['items'];
};

const tile = (value: string, name: string): SafeHtml => html`<li class="tile"><b>${value}</b>${name}</li>`;

function staffPage(
  view: View,
  { productCount, businessCount, unmatched, refunds, states, latest }: Overview,
): SafeHtml {
  const { t, format } = view;
  return deskLayout(view, 'staff', {
    title: t('staff.title'),
    part: '/quan-tri',
    body: html`<ul class="tiles section">${tile(format.integer(productCount), t('staff.products'))}${tile(format.integer(businessCount), t('staff.businesses'))}
${tile(format.integer(unmatched), t('staff.unmatched'))}${tile(format.integer(refunds), t('staff.refunds'))}</ul>
<section class="section" aria-labelledby="states"><h2 id="states">${t('seller.orders')}</h2>
<table><thead><tr><th scope="col">${t('staff.state')}</th><th scope="col" class="number">${t('seller.orders')}</th><th scope="col" class="number">${t('staff.amount')}</th></tr></thead><tbody>
${states.map(({ status, count, totalVnd }) => html`<tr><td>${statusTag(view, 'order', status)}</td><td class="number">${format.integer(count)}</td><td class="number">${format.vnd(totalVnd)}</td></tr>`)}</tbody></table></section>
<section class="section" aria-labelledby="latest"><h2 id="latest">${t('staff.orders')}</h2>
<div class="table" tabindex="0"><table><thead><tr><th scope="col">${t('staff.code')}</th><th scope="col">${t('nav.producers')}</th><th scope="col">${t('staff.when')}</th><th scope="col">${t('staff.state')}</th><th scope="col" class="number">${t('staff.amount')}</th></tr></thead><tbody>
${latest.map((order) => html`<tr><td class="code">${order.code}</td><td>${order.business.name}</td><td>${format.dateTime(order.createdAt)}</td><td>${statusTag(view, 'order', order.status)} ${statusTag(view, 'payment', order.paymentStatus)}</td><td class="number">${format.vnd(order.totalVnd)}</td></tr>`)}</tbody></table></div></section>`,
  });
}

export const staffPages: FastifyPluginAsync<StaffPageDeps> = async (app, deps) => {
  const { site, orders, payments, products, businesses } = deps;
  page(app, site, { url: '/quan-tri', access: 'staff' }, async ({ view }) => {
    const [categories, producers, unmatched, refunds, states, latest] = await Promise.all([
      products.listCategories(),
      businesses.listBusinesses(counted),
      payments.listUnmatched(counted),
      payments.listRefunds(counted),
      orders.summarise(),
      orders.listOrders({ limit: shownOrders }),
    ]);
    return staffPage(view, {
      productCount: categories.reduce((sum, { productCount }) => sum + productCount, 0),
      businessCount: producers.items.length,
      unmatched: unmatched.length,
      refunds: refunds.length,
      states,
      latest: latest.items,
    });
  });
};
