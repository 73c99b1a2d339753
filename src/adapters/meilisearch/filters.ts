import type { ProductFilters } from '#features/products/types.ts';
import { FACETS, type Facet, type FacetCounts } from '#features/search/types.ts';

/** A filter is a language of its own: what a shopper typed enters it only as a quoted value. */
export const quote = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&')}"`;

const whole = /^\d{1,3}$/;

/** Meilisearch's form of a filter: every inner list is an OR, together they are an AND. */
export function filterOf(filters: ProductFilters): string[][] {
  const { category = [], stars = [], certificate = [], business = [], ward = [], partner = [] } = filters;
  const { priceMin, priceMax, inStock } = filters;
  const clauses = [
    category.map((value) =>
      whole.test(value) ? `facts.categoryId = ${Number(value)}` : `facts.category = ${quote(value)}`,
    ),
    stars.filter(Number.isInteger).map((value) => `facts.stars = ${value}`),
    certificate.map((value) => `facts.certificate = ${quote(value)}`),
    business.flatMap((value) => [`facts.business = ${quote(value)}`, `facts.businessId = ${quote(value)}`]),
    ward.map((value) => `facts.ward = ${quote(value)}`),
    partner.map((value) => `facts.partner = ${quote(value)}`),
    Number.isFinite(priceMin) ? [`facts.priceVnd >= ${priceMin}`] : [],
    Number.isFinite(priceMax) ? [`facts.priceVnd <= ${priceMax}`] : [],
    inStock === undefined ? [] : [`facts.inStock = ${inStock}`],
  ];
  return clauses.filter((clause) => clause.length > 0);
}

export const facetAttribute = (facet: Facet): string => `facts.${facet}`;

type Distribution = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Counts by facet, each from the query that left its own filter out. */
export const readFacets = (distributionOf: (facet: Facet) => Distribution | undefined): FacetCounts =>
  Object.fromEntries(
    FACETS.map((facet) => [facet, distributionOf(facet)?.[facetAttribute(facet)] ?? {}]),
  ) as unknown as FacetCounts;
