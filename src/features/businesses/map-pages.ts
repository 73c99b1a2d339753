import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import type { ProductCard, Products } from '#features/products/index.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import { breadcrumb, breadcrumbData } from '#web/parts/breadcrumb.ts';
import { businessCard } from '#web/parts/business-card.ts';
import { empty } from '#web/parts/empty.ts';
import { productGrid } from '#web/parts/product-card.ts';
import type { Site, View } from '#web/view.ts';
import type { Businesses } from './service.ts';
import type { BusinessCard, WardPlace } from './views/public.ts';
import { type Dot, dotsOf, wardMap } from './ward-map.ts';

export type MapPageDeps = {
  readonly site: Site;
  readonly businesses: Businesses;
  readonly products: Products;
  readonly now: Clock;
};

/** The area of a dot grows with the number of businesses, as the eye compares areas. */
const radiusOf = (count: number): number => Math.min(14, 4 + 3 * Math.sqrt(count));
const wardPath = (code: string): string => `/xa-phuong/${code}`;
const figures = ({ t }: View, ward: WardPlace, goods: ReadonlyMap<string, number>): string =>
  `${t('map.businesses', { count: ward.businesses })} · ${t('business.products', { count: goods.get(ward.code) ?? 0 })}`;

const crumbsOf = ({ t }: View) => [
  { label: t('business.all'), path: '/co-so' },
  { label: t('map.title'), path: '/ban-do' },
];

function boatsOf(view: View, wards: readonly WardPlace[], goods: ReadonlyMap<string, number>): Dot[] {
  return dotsOf(wards).map((dot) => ({
    ...dot,
    name: `${dot.name}: ${figures(view, dot.ward, goods)}`,
    radius: radiusOf(dot.ward.businesses),
    address: view.link(wardPath(dot.ward.code)),
  }));
}

function mapPage(view: View, wards: readonly WardPlace[], goods: ReadonlyMap<string, number>): SafeHtml {
  const { t, link } = view;
  const dots = boatsOf(view, wards, goods);
  const byName = wards.toSorted((a, b) => a.name.localeCompare(b.name, 'vi'));
  return layout(view, {
    title: t('map.title'),
    description: t('map.lead'),
    canonical: '/ban-do',
    body: html`${breadcrumb(view, crumbsOf(view).slice(0, 1))}
<h1>${t('map.title')}</h1><p class="lead">${t('map.lead')}</p>
<div class="map-and-list">${dots.length > 1 && html`<figure class="ward-map whole">${wardMap(t('map.title'), dots)}<figcaption class="small soft">${t('map.legend')}</figcaption></figure>`}
<ul class="ward-list">${byName.map(
      (ward) =>
        html`<li><a href="${link(wardPath(ward.code))}">${ward.name}</a><br><span class="small soft">${figures(view, ward, goods)}</span></li>`,
    )}</ul></div>`,
    structured: [breadcrumbData(view, crumbsOf(view))],
  });
}

type Shown = {
  readonly ward: WardPlace;
  readonly wards: readonly WardPlace[];
  readonly businesses: readonly BusinessCard[];
  readonly products: readonly ProductCard[];
  readonly now: Date;
};

const goodsIn = ({ businesses }: Shown): number => businesses.reduce((sum, { productCount }) => sum + productCount, 0);

const goods = (view: View, shown: Shown): SafeHtml => {
  const { ward, products, now } = shown;
  const all = goodsIn(shown);
  const { t, link } = view;
  if (products.length === 0)
    return empty(
      t('business.noGoods'),
      t('category.emptyText'),
      html`<a class="button" href="${link('/tim-kiem')}">${t('nav.all')}</a>`,
    );
  return html`${productGrid(view, products, now)}
${all > products.length && html`<p class="section"><a class="button plain" href="${link(`/tim-kiem?ward=${ward.code}`)}">${t('map.allGoods', { count: all })}</a></p>`}`;
};

function wardPage(view: View, shown: Shown): SafeHtml {
  const { t } = view;
  const { ward, wards, businesses } = shown;
  const { latitude, longitude } = ward;
  const dots = dotsOf(wards);
  const facts = { ward: ward.name, businesses: ward.businesses, products: goodsIn(shown) };
  const here = latitude !== null && longitude !== null && { latitude, longitude };
  const label = t('map.of', { ward: ward.name });
  return layout(view, {
    title: t('map.wardTitle', { ward: ward.name }),
    description: t('map.wardLead', facts),
    canonical: wardPath(ward.code),
    body: html`${breadcrumb(view, crumbsOf(view))}
<h1>${ward.name}</h1><p class="lead">${t('map.wardLead', facts)}</p>
${here && dots.length > 1 && html`<figure class="ward-map">${wardMap(label, dots, here)}</figure>`}
<section class="section" aria-labelledby="producers"><h2 class="section-head" id="producers">${t('business.all')}</h2>
<ul class="producers">${businesses.map((business) => businessCard(view, business))}</ul></section>
<section class="section" aria-labelledby="goods"><h2 class="section-head" id="goods">${t('business.goods')}</h2>${goods(view, shown)}</section>`,
    structured: [breadcrumbData(view, [...crumbsOf(view), { label: ward.name, path: wardPath(ward.code) }])],
  });
}

/** Who produces where: the province as a drawing with its list beside it, and a page for each ward. */
export const mapPages: FastifyPluginAsync<MapPageDeps> = async (app, { site, businesses, products, now }) => {
  page(app, site, { url: '/ban-do', access: 'public' }, async ({ view }) =>
    mapPage(view, ...(await Promise.all([businesses.listWardPlaces(), businesses.countGoodsByWard()]))),
  );
  page(app, site, { url: '/xa-phuong/:code', access: 'public' }, async ({ view, param }) => {
    const { ward, wards, items } = await businesses.getWard(param('code'));
    const found = await products.listProducts({ filters: { ward: [ward.code] }, sort: 'newest', limit: 24 });
    return wardPage(view, { ward, wards, businesses: items, products: found.items, now: now() });
  });
};
