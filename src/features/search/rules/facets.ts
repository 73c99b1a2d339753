import type { ProductFilters, ProductSort } from '#features/products/types.ts';
import { FACETS, type Facet, type FacetCounts, type SearchFacts } from '../types.ts';

/** Lower ends of the price bands, in đồng. Most OCOP goods cost between 30,000 and 500,000. */
const bandStarts = [0, 50_000, 100_000, 200_000, 500_000, 1_000_000] as const;

/** `50000-99999`: what priceMin and priceMax would be, the last band being open. */
export function priceBand(priceVnd: number): string {
  const index = bandStarts.findLastIndex((start) => priceVnd >= start);
  const next = bandStarts[index + 1];
  return `${bandStarts[index] ?? 0}-${next === undefined ? '' : next - 1}`;
}

const among = (allowed: readonly (string | number)[] | undefined, ...values: readonly (string | number | null)[]) =>
  !allowed?.length || values.some((value) => value !== null && allowed.includes(value));

const checks: Readonly<Record<Facet, (facts: SearchFacts, filters: ProductFilters) => boolean>> = {
  category: (facts, { category }) => among(category, facts.category, String(facts.categoryId)),
  stars: (facts, { stars }) => among(stars, facts.stars),
  certificate: (facts, { certificate }) => among(certificate, ...facts.certificate),
  ward: (facts, { ward }) => among(ward, facts.ward),
  business: (facts, { business }) => among(business, facts.business, facts.businessId),
  partner: (facts, { partner }) => among(partner, facts.partner),
  price: ({ priceVnd }, { priceMin = 0, priceMax = Number.POSITIVE_INFINITY }) =>
    priceVnd >= priceMin && priceVnd <= priceMax,
  inStock: (facts, { inStock }) => inStock === undefined || facts.inStock === inStock,
};

/** Whether a product passes the filters; `except` leaves one of them out. */
export const passes = (facts: SearchFacts, filters: ProductFilters, except?: Facet): boolean =>
  FACETS.every((facet) => facet === except || checks[facet](facts, filters));

export const isFiltered = (facet: Facet, filters: ProductFilters): boolean =>
  facet === 'price'
    ? filters.priceMin !== undefined || filters.priceMax !== undefined
    : facet === 'inStock'
      ? filters.inStock !== undefined
      : Boolean(filters[facet]?.length);

export const withoutFilter = (filters: ProductFilters, facet: Facet): ProductFilters => {
  const { [facet as keyof ProductFilters]: _, ...rest } = filters;
  if (facet !== 'price') return rest;
  const { priceMin: _min, priceMax: _max, ...others } = filters;
  return others;
};

export const noFacets = (): Record<Facet, Record<string, number>> => ({
  category: {},
  stars: {},
  certificate: {},
  ward: {},
  business: {},
  partner: {},
  price: {},
  inStock: {},
});

/** What a product counts for in a facet; it may have several certificates. */
const valuesIn = (facts: SearchFacts, facet: Facet): readonly string[] =>
  [facts[facet]].flat().flatMap((value) => (value === null ? [] : [String(value)]));

/** Counts in memory what an engine would count, for the few hits of a loose search. */
export function countFacets(all: readonly SearchFacts[], filters: ProductFilters): FacetCounts {
  const counts = noFacets();
  for (const facet of FACETS)
    for (const facts of all.filter((one) => passes(one, filters, facet)))
      for (const value of valuesIn(facts, facet)) counts[facet][value] = (counts[facet][value] ?? 0) + 1;
  return counts;
}

const byName = new Intl.Collator('vi');
type Sorted = { readonly name: string; readonly facts: SearchFacts };
export const comparers: Readonly<Record<ProductSort, (a: Sorted, b: Sorted) => number>> = {
  newest: (a, b) => b.facts.listedAt - a.facts.listedAt,
  price: (a, b) => a.facts.priceVnd - b.facts.priceVnd,
  '-price': (a, b) => b.facts.priceVnd - a.facts.priceVnd,
  name: (a, b) => byName.compare(a.name, b.name),
};
