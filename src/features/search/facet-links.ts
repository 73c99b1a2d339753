import type { ProductFilters } from '#features/products/types.ts';
import { categoryName } from '#web/i18n/categories.ts';
import type { Facet as FacetPart, FacetValue } from '#web/parts/facets.ts';
import { kindName, stars } from '#web/parts/stars.ts';
import type { View } from '#web/view.ts';
import type { Facet, FacetCounts } from './types.ts';

/** How the values of a facet are called; a value without a name shows itself. */
export type Names = Readonly<Record<'business' | 'ward' | 'partner', ReadonlyMap<string, string>>>;
export type ListState = { readonly q: string; readonly filters: ProductFilters; readonly sort: string };

type Many = 'category' | 'stars' | 'certificate' | 'ward' | 'business' | 'partner';
type Change = { readonly filters?: ProductFilters; readonly sort?: string; readonly cursor?: string };

/** The address of a result list; every choice is in it, so that it can be kept, sent and gone back to. */
export function addressOf({ link }: View, state: ListState, change: Change): string {
  const { filters = state.filters, sort = state.sort, cursor = '' } = change;
  const query = new URLSearchParams();
  if (state.q !== '') query.set('q', state.q);
  for (const [name, value] of Object.entries(filters)) {
    const values = Array.isArray(value) ? value : [value];
    for (const one of values) query.append(name, String(one));
  }
  if (sort !== '') query.set('sort', sort);
  if (cursor !== '') query.set('cursor', cursor);
  const text = query.toString();
  return link('/tim-kiem') + (text && `?${text}`);
}

const without = (filters: ProductFilters, ...names: readonly string[]): ProductFilters =>
  Object.fromEntries(Object.entries(filters).filter(([name]) => !names.includes(name)));

/** The filters with one value of a list put in, or taken out when it is there. */
function toggled(filters: ProductFilters, name: Many, value: string): ProductFilters {
  const held = (filters[name] ?? []).map(String);
  const next = held.includes(value) ? held.filter((one) => one !== value) : [...held, value];
  const rest = without(filters, name);
  if (next.length === 0) return rest;
  return { ...rest, [name]: name === 'stars' ? next.map(Number) : next };
}

const label = (view: View, facet: Many, value: string, names: Names): FacetValue['label'] => {
  if (facet === 'category') return categoryName(view.locale, value, value);
  if (facet === 'stars') return stars(view, Number(value)) || value;
  if (facet === 'certificate') return kindName(view, value);
  if (facet === 'partner' && value === 'own') return view.t('facet.own');
  return names[facet].get(value) ?? value;
};

const manyValues = (view: View, state: ListState, counts: FacetCounts, facet: Many, names: Names): FacetValue[] =>
  Object.entries(counts[facet])
    .filter(([value]) => facet !== 'stars' || Number(value) > 0)
    .sort(([, one], [, other]) => other - one)
    .map(([value, count]) => ({
      label: label(view, facet, value, names),
      count,
      chosen: (state.filters[facet] ?? []).map(String).includes(value),
      href: addressOf(view, state, { filters: toggled(state.filters, facet, value) }),
    }));

const bandLabel = ({ t, format }: View, from: number, to: number | undefined): string => {
  if (to === undefined) return t('facet.over', { price: format.vnd(from) });
  if (from === 0) return t('facet.under', { price: format.vnd(to + 1) });
  return `${format.integer(from)} – ${format.vnd(to + 1)}`;
};

/** Bands are `50000-99999`; the last one is open. One at a time: bands beside each other would be one wide band. */
const priceValues = (view: View, state: ListState, counts: FacetCounts): FacetValue[] =>
  Object.entries(counts.price)
    .map(([band, count]) => {
      const [from = '0', to = ''] = band.split('-');
      return { from: Number(from), to: to === '' ? undefined : Number(to), count };
    })
    .sort((one, other) => one.from - other.from)
    .map(({ from, to, count }) => {
      const rest = without(state.filters, 'priceMin', 'priceMax');
      const chosen = state.filters.priceMin === from && state.filters.priceMax === to;
      const filters = chosen ? rest : { ...rest, priceMin: from, ...(to !== undefined && { priceMax: to }) };
      return { label: bandLabel(view, from, to), count, chosen, href: addressOf(view, state, { filters }) };
    });

const stockValues = (view: View, state: ListState, counts: FacetCounts): FacetValue[] => {
  const count = counts.inStock.true ?? 0;
  const chosen = state.filters.inStock === true;
  const rest = without(state.filters, 'inStock');
  const href = addressOf(view, state, { filters: chosen ? rest : { ...rest, inStock: true } });
  return count > 0 || chosen ? [{ label: view.t('facet.inStockOnly'), count, chosen, href }] : [];
};

/** Every facet as links that add a value or take it out again. */
export function facetsOf(view: View, state: ListState, counts: FacetCounts, names: Names): FacetPart[] {
  const { t } = view;
  const many = (facet: Many & Facet, title: string, open = false): FacetPart => ({
    title,
    values: manyValues(view, state, counts, facet, names),
    open,
  });
  return [
    { title: t('facet.inStock'), values: stockValues(view, state, counts), open: true },
    many('stars', t('facet.stars'), true),
    many('certificate', t('facet.certificate'), true),
    many('category', t('facet.category'), true),
    { title: t('facet.price'), values: priceValues(view, state, counts) },
    many('ward', t('facet.ward')),
    many('business', t('facet.business')),
    many('partner', t('facet.partner')),
  ];
}
