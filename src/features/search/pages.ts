import type { FastifyPluginAsync } from 'fastify';
import type { Clock } from '#core/clock.ts';
import type { Businesses } from '#features/businesses/index.ts';
import { NAMED_KINDS } from '#features/certificates/types.ts';
import type { Places } from '#features/places/index.ts';
import { HOME_PROVINCE } from '#features/places/types.ts';
import { PRODUCT_SORTS, type ProductFilters } from '#features/products/types.ts';
import { readCursor } from '#http/paging.ts';
import { html, type SafeHtml } from '#web/html.ts';
import { categoryName, categorySlugs } from '#web/i18n/categories.ts';
import { layout } from '#web/layout.ts';
import { type PageContext, page } from '#web/page.ts';
import { empty } from '#web/parts/empty.ts';
import { facetLists } from '#web/parts/facets.ts';
import { pager } from '#web/parts/pager.ts';
import { productGrid } from '#web/parts/product-card.ts';
import { sortLinks } from '#web/parts/sort-links.ts';
import type { Site, View } from '#web/view.ts';
import { addressOf, facetsOf, type Names } from './facet-links.ts';
import type { Search, SearchAnswer } from './service.ts';

export type SearchPageDeps = {
  readonly site: Site;
  readonly search: Search;
  readonly businesses: Businesses;
  readonly places: Places;
  readonly now: Clock;
};

const perPage = 24;
const maxChoices = 50;
const sorts = ['relevance', ...PRODUCT_SORTS] as const;

const price = (text: string): number | undefined => (/^\d{1,11}$/.test(text) ? Number(text) : undefined);

/** What of the address is a filter. A value that cannot be one is left out: an old link still finds something. */
function filtersOf({ query, queries }: PageContext): ProductFilters {
  const many = (name: string) =>
    queries(name)
      .filter((value) => value !== '')
      .slice(0, maxChoices);
  const stars = many('stars')
    .map(Number)
    .filter((star) => [3, 4, 5].includes(star));
  const certificate = NAMED_KINDS.filter((kind) => queries('certificate').includes(kind));
  const [category, business, ward, partner] = [many('category'), many('business'), many('ward'), many('partner')];
  const [priceMin, priceMax] = [price(query('priceMin')), price(query('priceMax'))];
  const inStock = query('inStock');
  return {
    ...(category.length > 0 && { category }),
    ...(business.length > 0 && { business }),
    ...(ward.length > 0 && { ward }),
    ...(partner.length > 0 && { partner }),
    ...(stars.length > 0 && { stars }),
    ...(certificate.length > 0 && { certificate }),
    ...(priceMin !== undefined && { priceMin }),
    ...(priceMax !== undefined && { priceMax }),
    ...((inStock === 'true' || inStock === 'false') && { inStock: inStock === 'true' }),
  };
}

const nothing = (view: View, q: string, isFiltered: boolean): SafeHtml => {
  const { t, link, locale } = view;
  return empty(
    t('search.none'),
    t('search.noneText'),
    html`${isFiltered && html`<a class="button" href="${link(`/tim-kiem?${new URLSearchParams({ q })}`)}">${t('search.noneClear')}</a>`}
<ul class="pills">${categorySlugs.slice(0, 8).map((slug) => html`<li><a href="${link(`/danh-muc/${slug}`)}">${categoryName(locale, slug, slug)}</a></li>`)}</ul>`,
    'che',
  );
};

type Shown = {
  readonly q: string;
  readonly filters: ProductFilters;
  readonly sort: (typeof sorts)[number];
  readonly answer: SearchAnswer;
  readonly names: Names;
  readonly isFirst: boolean;
  readonly isStandIn: boolean;
  readonly now: Date;
};

function resultsPage(view: View, { q, filters, sort, answer, names, isFirst, isStandIn, now }: Shown): SafeHtml {
  const { t } = view;
  const title = q === '' ? t('search.all') : t('search.titleFor', { q });
  const state = { q, filters, sort: sort === 'relevance' ? '' : sort };
  const isFiltered = Object.keys(filters).length > 0;
  const address = (more: Parameters<typeof addressOf>[2]) => addressOf(view, state, more);
  const facets = facetsOf(view, state, answer.facets, names);
  const body = html`<div id="results"><h1>${title}</h1><p class="soft" role="status">${t('search.found', { count: answer.total })}</p>
${isStandIn && html`<p class="notice wait" role="status">${t('search.slow')}</p>`}
<div class="results"><div><details class="filters"${isFiltered && html` open`}><summary class="button quiet wide">${t('search.filters')}</summary>${facetLists(view, facets)}</details></div>
<div>${sortLinks(view, sorts, sort, (to) => address({ sort: to === 'relevance' ? '' : to }))}
${answer.hits.length > 0 ? productGrid(view, answer.hits, now) : nothing(view, q, isFiltered)}
${pager(view, answer.nextCursor && address({ cursor: answer.nextCursor }), isFirst ? null : address({}))}</div></div></div>`;
  // Filtered and sorted lists are many views of one thing; only the bare one is worth keeping.
  const canonical = q === '' && !isFiltered ? { canonical: '/tim-kiem' } : {};
  return layout(view, { title, body, searched: q, htmx: true, ...canonical });
}

async function showResults(context: PageContext, deps: SearchPageDeps): Promise<SafeHtml> {
  const { search, businesses, places, now } = deps;
  const q = context.query('q').slice(0, 200);
  const filters = filtersOf(context);
  const sort = sorts.find((one) => one === context.query('sort')) ?? 'relevance';
  const cursor = readCursor(context.query('cursor') || undefined);
  const [answer, producers, wards, partner] = await Promise.all([
    search.search({ q, filters, limit: perPage, cursor, ...(sort !== 'relevance' && { sort }) }),
    businesses.listBusinesses(100),
    places.listWards(HOME_PROVINCE),
    search.exchangeNames(),
  ]);
  const names: Names = {
    business: new Map(producers.items.map(({ slug, name }) => [slug, name])),
    ward: new Map(wards.map(({ code, fullName }) => [code, fullName])),
    partner,
  };
  const isStandIn = search.isStandIn(answer.engine);
  return resultsPage(context.view, { q, filters, sort, answer, names, isFirst: !cursor, isStandIn, now: now() });
}

export const searchPages: FastifyPluginAsync<SearchPageDeps> = async (app, deps) => {
  page(app, deps.site, { url: '/tim-kiem', access: 'public' }, (context) => showResults(context, deps));
};
