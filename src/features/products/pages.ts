import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { decodeCursor } from '#core/cursor.ts';
import type { Batches } from '#features/batches/index.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { CarePolicy } from '#features/care/types.ts';
import { httpProblem } from '#http/problems.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { illustrationPath } from '#web/illustrations.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page } from '#web/page.ts';
import { breadcrumb, breadcrumbData } from '#web/parts/breadcrumb.ts';
import { empty } from '#web/parts/empty.ts';
import { pager } from '#web/parts/pager.ts';
import { productGrid } from '#web/parts/product-card.ts';
import { sortLinks } from '#web/parts/sort-links.ts';
import type { Site, View } from '#web/view.ts';
import { homePage } from './home-page.ts';
import { productPage, type ShownReviews } from './product-page.ts';
import type { Products } from './service.ts';
import { exchangeData } from './structured-data.ts';
import { PRODUCT_SORTS, type ProductId, type ProductSort } from './types.ts';
import type { ProductDetail } from './views.ts';

export type ProductPageDeps = {
  readonly site: Site;
  readonly products: Products;
  readonly businesses: Businesses;
  readonly batches: Pick<Batches, 'listBatches'>;
  readonly listReviews: (productId: ProductId, page: { readonly limit: number }) => Promise<ShownReviews>;
  /** The terms of returning that hold today. */
  readonly currentPolicy: () => Promise<CarePolicy>;
  /** The way to order goods of a partner here; false where it takes no orders through us. */
  readonly orderForm: (view: View, product: ProductDetail) => Promise<SafeHtml | false>;
  readonly now: Clock;
};

const perPage = 24;

const sortOf = (text: string): ProductSort => PRODUCT_SORTS.find((sort) => sort === text) ?? 'newest';

async function showHome({ view }: PageContext, deps: ProductPageDeps): Promise<SafeHtml> {
  const { products, businesses, currentPolicy, now } = deps;
  const list = (stars?: readonly number[]) =>
    products.listProducts({ filters: stars ? { stars } : {}, sort: 'newest', limit: 48 });
  const [categories, newest, best, producers, wards, policy] = await Promise.all([
    products.listCategories(),
    list(),
    list([5, 4]),
    businesses.listBusinesses(6),
    businesses.listWardPlaces(),
    currentPolicy(),
  ]);
  const body = homePage(view, {
    categories,
    newest: newest.items,
    best: best.items,
    producers: producers.items,
    wards,
    now: now(),
  });
  return layout(view, {
    title: view.t('home.title'),
    description: view.t('home.description'),
    canonical: '/',
    head: html`<link rel="alternate" type="application/rss+xml" title="RSS" href="${view.site.publicUrl}/feeds/new-products.rss">`,
    body,
    structured: exchangeData(view, policy),
  });
}

async function showProduct(context: PageContext, deps: ProductPageDeps): Promise<SafeHtml> {
  const { products, businesses, batches, listReviews, now } = deps;
  const product = await products.getProduct(context.param('slug'));
  const others = (filters: { business?: string[]; category?: string[] }) =>
    products.listProducts({ filters, sort: 'newest', limit: 9 });
  const [business, sameBusiness, sameCategory, traced, reviews, order] = await Promise.all([
    businesses.getBusiness(product.business.slug),
    others({ business: [product.business.slug] }),
    others({ category: [product.category.slug] }),
    batches.listBatches(product.productId, 5),
    listReviews(product.productId, { limit: 3 }),
    deps.orderForm(context.view, product),
  ]);
  const isOther = ({ productId }: { productId: string }): boolean => productId !== product.productId;
  const fromBusiness = sameBusiness.items.filter(isOther).slice(0, 4);
  const shown = new Set(fromBusiness.map(({ productId }) => productId));
  const alike = sameCategory.items.filter((item) => isOther(item) && !shown.has(item.productId)).slice(0, 4);
  return productPage(context.view, {
    product,
    business,
    fromBusiness,
    alike,
    batches: traced,
    reviews,
    order,
    now: now(),
  });
}

/** The address of the same list with another value of one parameter; a new order starts at the first page. */
const listAddress = (view: View, path: string, values: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
  return view.link(path) + (query && `?${query}`);
};

async function showCategory({ view, param, query }: PageContext, deps: ProductPageDeps): Promise<SafeHtml> {
  const { products, now } = deps;
  const slug = param('slug');
  const categories = await products.listCategories();
  const category = categories.find((one) => one.slug === slug);
  if (!category) throw httpProblem('not-found');
  const cursorText = query('cursor');
  const cursor = cursorText === '' ? undefined : decodeCursor(cursorText);
  if (cursorText !== '' && !cursor) throw httpProblem('invalid-cursor');
  const sort = sortOf(query('sort'));
  const found = await products.listProducts({
    filters: { category: [slug] },
    sort,
    limit: perPage,
    ...(cursor && { cursor }),
  });
  const { t } = view;
  const path = `/danh-muc/${slug}`;
  const name = view.either(category.nameVi, category.nameEn);
  const kept = sort === 'newest' ? '' : sort;
  const siblings = categories.filter((one) => one.groupId === category.groupId && one.productCount > 0);
  const crumbs = [{ label: t('nav.all'), path: '/tim-kiem' }];
  const body = html`${breadcrumb(view, crumbs)}
<div class="category-head"><img src="${illustrationPath({ categoryCode: slug, tint: category.id })}" alt="" width="400" height="400" fetchpriority="high">
<div><p class="soft">${view.either(category.groupVi, category.groupEn)}</p><h1>${name}</h1>
<p>${t('category.count', { count: category.productCount })}</p></div></div>
${
  siblings.length > 1 &&
  html`<ul class="pills">${siblings.map(
    (one) =>
      html`<li><a href="${view.link(`/danh-muc/${one.slug}`)}"${one.id === category.id && html` aria-current="page"`}>${view.either(one.nameVi, one.nameEn)} <small>${one.productCount}</small></a></li>`,
  )}</ul>`
}
<section class="section" aria-label="${name}">
${sortLinks(view, PRODUCT_SORTS, sort, (to) => listAddress(view, path, { sort: to === 'newest' ? '' : to }))}
${
  found.items.length > 0
    ? productGrid(view, found.items, now())
    : empty(
        t('category.empty'),
        t('category.emptyText'),
        html`<a class="button" href="${view.link('/tim-kiem')}">${t('nav.all')}</a>`,
        slug,
      )
}
${pager(
  view,
  found.nextCursor && listAddress(view, path, { sort: kept, cursor: found.nextCursor }),
  cursor ? listAddress(view, path, { sort: kept }) : null,
)}</section>`;
  return layout(view, {
    title: name,
    description: `${name}. ${t('home.description')}`,
    canonical: path,
    body,
    structured: [breadcrumbData(view, [...crumbs, { label: name, path }])],
  });
}

export const productPages: FastifyPluginAsync<ProductPageDeps> = async (app, deps) => {
  const open = (url: string, show: (context: PageContext, deps: ProductPageDeps) => Promise<SafeHtml>) =>
    page(app, deps.site, { url, access: 'public' }, (context) => show(context, deps));
  open('/', showHome);
  open('/san-pham/:slug', showProduct);
  open('/danh-muc/:slug', showCategory);
};
