import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { decodeCursor } from '#core/cursor.ts';
import type { ProductCard, Products } from '#features/products/index.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import { breadcrumb, breadcrumbData } from '#web/parts/breadcrumb.ts';
import { businessCard, businessKind } from '#web/parts/business-card.ts';
import { empty } from '#web/parts/empty.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { productGrid } from '#web/parts/product-card.ts';
import type { Site, View } from '#web/view.ts';
import type { Businesses } from './service.ts';
import type { BusinessCard, BusinessDetail } from './views/public.ts';

export type BusinessPageDeps = {
  readonly site: Site;
  readonly businesses: Businesses;
  readonly products: Products;
  readonly now: Clock;
};

const perPage = 30;

function listPage(view: View, items: readonly BusinessCard[], next: string | null, isFirst: boolean): SafeHtml {
  const { t, link } = view;
  return layout(view, {
    title: t('business.all'),
    description: t('business.allText'),
    canonical: '/co-so',
    body: html`<h1>${t('business.all')}</h1><p class="soft">${t('business.allText')}</p>
<ul class="producers section">${items.map((business) => businessCard(view, business))}</ul>
${pager(view, next && link(`/co-so?cursor=${next}`), isFirst ? null : link('/co-so'))}`,
  });
}

const structured = (view: View, business: BusinessDetail): unknown => ({
  '@context': 'https://schema.org',
  '@type': 'LocalBusiness',
  name: business.name,
  description: view.either(business.storyVi, business.storyEn),
  url: view.site.publicUrl + view.link(`/co-so/${business.slug}`),
  ...(business.phone && { telephone: business.phone }),
  address: {
    '@type': 'PostalAddress',
    ...(business.addressLine && { streetAddress: business.addressLine }),
    ...(business.ward && { addressLocality: business.ward.name }),
    addressCountry: 'VN',
  },
  ...(business.latitude !== null &&
    business.longitude !== null && {
      geo: { '@type': 'GeoCoordinates', latitude: business.latitude, longitude: business.longitude },
    }),
});

function businessPage(view: View, business: BusinessDetail, products: readonly ProductCard[], now: Date): SafeHtml {
  const { t, either, link } = view;
  const crumbs = [{ label: t('business.all'), path: '/co-so' }];
  const place = [business.addressLine, business.ward?.name].filter(Boolean).join(', ');
  const story = either(business.storyVi, business.storyEn);
  const body = html`${breadcrumb(view, crumbs)}
<div class="stack"><p class="soft">${businessKind(view, business.type)}${business.foundedYear !== null && html` · ${t('business.since', { year: String(business.foundedYear) })}`}</p>
<h1>${business.name}</h1><p class="lead"${view.locale !== 'vi' && story === business.storyVi && html` lang="vi"`}>${story}</p>
<ul class="row">${place && html`<li class="row">${icon('place')}${place}</li>`}
${business.phone && html`<li><a class="row" href="tel:${business.phone}">${icon('phone')}${business.phone}</a></li>`}</ul>
${business.taxCode && html`<p class="small soft">${t('business.taxCode', { code: business.taxCode })}</p>`}</div>
<section class="section" aria-labelledby="goods"><h2 class="section-head" id="goods">${t('business.goods')}</h2>
${
  products.length > 0
    ? productGrid(view, products, now)
    : empty(
        t('business.noGoods'),
        t('category.emptyText'),
        html`<a class="button" href="${link('/tim-kiem')}">${t('nav.all')}</a>`,
      )
}</section>`;
  return layout(view, {
    title: business.name,
    description: story.slice(0, 160),
    canonical: `/co-so/${business.slug}`,
    body,
    structured: [
      structured(view, business),
      breadcrumbData(view, [...crumbs, { label: business.name, path: `/co-so/${business.slug}` }]),
    ],
  });
}

export const businessPages: FastifyPluginAsync<BusinessPageDeps> = async (app, deps) => {
  const { site, businesses, products, now } = deps;
  page(app, site, { url: '/co-so', access: 'public' }, async ({ view, query }) => {
    const text = query('cursor');
    const cursor = text === '' ? undefined : decodeCursor(text);
    if (text !== '' && !cursor) throw httpProblem('invalid-cursor');
    const { items, nextCursor } = await businesses.listBusinesses(perPage, cursor);
    return listPage(view, items, nextCursor, !cursor);
  });
  page(app, site, { url: '/co-so/:slug', access: 'public' }, async ({ view, param }) => {
    const business = await businesses.getBusiness(param('slug'));
    const { items } = await products.listProducts({
      filters: { business: [business.slug] },
      sort: 'newest',
      limit: 100,
    });
    return businessPage(view, business, items, now());
  });
};
