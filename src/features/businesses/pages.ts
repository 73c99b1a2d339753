import type { FastifyPluginAsync } from 'fastify';
import { type Clock, localDate } from '#core/clock.ts';
import { decodeCursor } from '#core/cursor.ts';
import type { ComplaintFigure } from '#features/complaints/types.ts';
import type { Reliability, Share } from '#features/orders/types.ts';
import type { ProductCard, Products } from '#features/products/index.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import type { MessageKey } from '#web/i18n/messages.ts';
import { layout } from '#web/layout.ts';
import { page } from '#web/page.ts';
import { breadcrumb, breadcrumbData } from '#web/parts/breadcrumb.ts';
import { businessCard, businessKind, sellerPlace } from '#web/parts/business-card.ts';
import { empty } from '#web/parts/empty.ts';
import { icon } from '#web/parts/icon.ts';
import { pager } from '#web/parts/pager.ts';
import { productGrid } from '#web/parts/product-card.ts';
import type { Site, View } from '#web/view.ts';
import type { Businesses } from './service.ts';
import type { BusinessId } from './types.ts';
import type { BusinessCard, BusinessDetail, WardPlace } from './views/public.ts';
import { dotsOf, wardMap } from './ward-map.ts';
import { dayName } from './words.ts';

export type BusinessPageDeps = {
  readonly site: Site;
  readonly businesses: Businesses;
  readonly products: Products;
  readonly reliabilityOf: (businessId: BusinessId) => Promise<Reliability>;
  readonly complaintsOf: (businessId: BusinessId) => Promise<ComplaintFigure>;
  readonly now: Clock;
};

const perPage = 30;

function listPage(view: View, items: readonly BusinessCard[], next: string | null, isFirst: boolean): SafeHtml {
  const { t, link } = view;
  return layout(view, {
    title: t('business.all'),
    description: t('business.allText'),
    canonical: '/co-so',
    body: html`<h1>${t('business.all')}</h1><p class="soft">${t('business.allText')} <a href="${link('/ban-do')}">${t('map.title')}</a></p>
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
  ...(business.foundedYear !== null && { foundingDate: String(business.foundedYear) }),
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

/** Where the business lies among the wards. */
function placeMap({ t, link }: View, business: BusinessDetail, wards: readonly WardPlace[]): SafeHtml | false {
  const points = dotsOf(wards);
  const here =
    business.latitude !== null && business.longitude !== null
      ? { latitude: business.latitude, longitude: business.longitude }
      : points.find(({ ward }) => ward.code === business.ward?.code);
  if (!here || points.length < 2) return false;
  return html`<figure class="ward-map">${wardMap(t('place.map', { name: business.name }), points, here)}
${business.ward && html`<figcaption class="small soft">${t('place.ward', { ward: business.ward.name })} · <a href="${link(`/xa-phuong/${business.ward.code}`)}">${t('map.others')}</a></figcaption>`}</figure>`;
}

/** What a shopper should know before the goods: that they are away, or that sales have paused. */
function standing(view: View, { status, holidayFrom, holidayTo }: BusinessDetail, now: Date): SafeHtml | false {
  const { t } = view;
  if (status === 'suspended') return html`<p class="notice wait">${t('place.suspended')}</p>`;
  const isAhead = holidayFrom !== null && holidayTo !== null && holidayTo >= localDate(now);
  return (
    isAhead &&
    html`<p class="notice wait">${t('place.holiday', { from: dayName(view, holidayFrom), to: dayName(view, holidayTo) })}</p>`
  );
}

/** Stars and other certificates of its goods, each product once. */
const certified = ({ t, link }: View, products: readonly ProductCard[]): SafeHtml | false => {
  const starred = products.filter(({ star }) => star !== null);
  return (
    starred.length > 0 &&
    html`<section class="section" aria-labelledby="certificates"><h2 class="section-head" id="certificates">${t('place.certificates')}</h2><ul class="stack">${starred.map(
      ({ slug, name, star }) => html`<li><a href="${link(`/san-pham/${slug}`)}">${name}</a> · OCOP ${star}★</li>`,
    )}</ul></section>`
  );
};

type Shown = {
  readonly products: readonly ProductCard[];
  readonly points: readonly WardPlace[];
  readonly reliability: Reliability;
  readonly complaints: ComplaintFigure;
  readonly now: Date;
};

/** Complaints have days of their own, and are few: below a published number nothing is said. */
const complaintTile = ({ t, format }: View, figure: ComplaintFigure): SafeHtml | false =>
  figure !== null &&
  html`<li class="tile"><b>${format.percent(figure.count / figure.of)}</b>${t('complaint.inTime')}<span class="small soft">${t('complaint.ofComplaints', { count: format.integer(figure.count), of: format.integer(figure.of), days: String(figure.days) })}</span></li>`;

/** What the business did with its orders, each figure with what it is a part of; nothing where there was none. */
function reliabilityList(
  view: View,
  { days, orders, ...shares }: Reliability,
  complaints: ComplaintFigure,
): SafeHtml | false {
  const { t, format } = view;
  const figure = (name: MessageKey, { count, of }: Share): SafeHtml | false =>
    of > 0 &&
    html`<li class="tile"><b>${format.percent(count / of)}</b>${t(name)}<span class="small soft">${t('place.ofOrders', { count: format.integer(count), of: format.integer(of) })}</span></li>`;
  return (
    (orders > 0 || complaints !== null) &&
    html`<section class="section" aria-labelledby="reliability"><h2 class="section-head" id="reliability">${t('place.reliability', { days: String(days) })}</h2>
<ul class="tiles">${figure('place.confirmedInTime', shares.confirmedInTime)}${figure('place.sentInTime', shares.sentInTime)}${figure('place.cancelledBySeller', shares.cancelledBySeller)}${complaintTile(view, complaints)}</ul></section>`
  );
}

function businessPage(
  view: View,
  business: BusinessDetail,
  { products, points, reliability, complaints, now }: Shown,
): SafeHtml {
  const { t, either, format, link } = view;
  const crumbs = [{ label: t('business.all'), path: '/co-so' }];
  const place = sellerPlace(business);
  const story = either(business.storyVi, business.storyEn);
  const { approvedAt, foundedYear, phone, taxCode } = business;
  const body = html`${breadcrumb(view, crumbs)}
<div class="stack"><p class="soft">${businessKind(view, business.type)}${foundedYear !== null && html` · ${t('business.since', { year: String(foundedYear) })}`}</p>
<h1>${business.name}</h1>${standing(view, business, now)}<p class="lead"${view.locale !== 'vi' && story === business.storyVi && html` lang="vi"`}>${story}</p>
<ul class="row">${place && html`<li class="row">${icon('place')}${place}</li>`}
${phone && html`<li><a class="row" href="tel:${phone}">${icon('phone')}${view.format.phone(phone)}</a></li>`}</ul>
<p class="small soft">${taxCode && html`${t('business.taxCode', { code: taxCode })}. `}${approvedAt && t('place.onExchange', { date: format.date(approvedAt) })}</p>${placeMap(view, business, points)}
<p class="small"><a href="${link(`/khieu-nai?ve=business&ten=${business.slug}`)}">${t('complaint.startShop')}</a></p></div>
${certified(view, products)}${reliabilityList(view, reliability, complaints)}
<section class="section" aria-labelledby="goods"><h2 class="section-head" id="goods">${t('business.goods')}</h2>
${
  products.length > 0
    ? productGrid(view, products, now)
    : empty(
        t('business.noGoods'),
        t('category.emptyText'),
        html`<a class="button" href="${link('/tim-kiem')}">${t('nav.all')}</a>`,
      )
}<p class="section"><a href="${link(`/phan-anh?cs=${business.slug}`)}">${t('report.ofPlace')}</a></p></section>`;
  return layout(view, {
    title: business.name,
    description: story.slice(0, 160),
    ...(business.status === 'approved' && { canonical: `/co-so/${business.slug}` }),
    body,
    structured: [
      structured(view, business),
      breadcrumbData(view, [...crumbs, { label: business.name, path: `/co-so/${business.slug}` }]),
    ],
  });
}

export const businessPages: FastifyPluginAsync<BusinessPageDeps> = async (app, deps) => {
  const { site, businesses, products, reliabilityOf, complaintsOf, now } = deps;
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
    const [points, reliability, complaints] = await Promise.all([
      businesses.listWardPlaces(),
      reliabilityOf(business.businessId),
      complaintsOf(business.businessId),
    ]);
    return businessPage(view, business, { products: items, points, reliability, complaints, now: now() });
  });
};
