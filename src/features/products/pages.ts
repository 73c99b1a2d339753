import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import { decodeCursor } from '#core/cursor.ts';
import { Problem } from '#core/problem.ts';
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
import { productPage, type ShownQuestions, type ShownReviews } from './product-page.ts';
import type { Products } from './service.ts';
import { exchangeData } from './structured-data.ts';
import { PRODUCT_SORTS, type ProductId, type ProductSort } from './types.ts';
import type { ProductDetail } from './views.ts';
import { type Withdrawn, withdrawnPage } from './withdrawn-page.ts';

export type ProductPageDeps = {
  readonly site: Site;
  readonly products: Products;
  readonly businesses: Businesses;
  readonly batches: Pick<Batches, 'listBatches'>;
  readonly listReviews: (productId: ProductId, page: { readonly limit: number }) => Promise<ShownReviews>;
  readonly listQuestions: (
    productId: ProductId,
    page: { readonly limit: number; readonly answered: boolean },
  ) => Promise<ShownQuestions>;
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

type Near = Pick<ProductDetail, 'business' | 'category'>;

/** Four others of the same people, and four of the same set that are not among them. */
async function findNear({ products }: ProductPageDeps, { business, category }: Near, except?: ProductId) {
  const others = (filters: { business?: string[]; category?: string[] }) =>
    products.listProducts({ filters, sort: 'newest', limit: 9 });
  const [own, set] = await Promise.all([others({ business: [business.slug] }), others({ category: [category.slug] })]);
  const fromBusiness = own.items.filter(({ productId }) => productId !== except).slice(0, 4);
  const shown = new Set([except, ...fromBusiness.map(({ productId }) => productId)]);
  return { fromBusiness, alike: set.items.filter(({ productId }) => !shown.has(productId)).slice(0, 4) };
}

/** The page of a product that was withdrawn; any other refusal goes on as it is. */
async function showGone({ view, reply }: PageContext, deps: ProductPageDeps, error: unknown): Promise<SafeHtml> {
  if (!(error instanceof Problem) || error.code !== 'product-withdrawn') throw error;
  const gone = error.extra as unknown as Withdrawn;
  const near = await findNear(deps, gone);
  void reply.code(error.status);
  return withdrawnPage(view, gone, { ...near, now: deps.now() });
}

async function showProduct(context: PageContext, deps: ProductPageDeps): Promise<SafeHtml> {
  const { products, businesses, batches, listReviews, listQuestions, now } = deps;
  const found = await products.getProduct(context.param('slug')).catch((error: Error) => error);
  if (found instanceof Error) return showGone(context, deps, found);
  const product = found;
  const [business, near, traced, reviews, questions, order] = await Promise.all([
    businesses.getBusiness(product.business.slug),
    findNear(deps, product, product.productId),
    batches.listBatches(product.productId, 5),
    listReviews(product.productId, { limit: 3 }),
    listQuestions(product.productId, { limit: 3, answered: true }),
    deps.orderForm(context.view, product),
  ]);
  return productPage(context.view, {
    product,
    business,
    ...near,
    batches: traced,
    reviews,
    questions,
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
