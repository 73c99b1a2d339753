import type { ProductSort } from '#features/products/types.ts';
import {
  type FindRequest,
  isInPhrase,
  type SearchPlan,
  type Synonyms,
  type Term,
  tellingTerms,
} from '#features/search/index.ts';
import { facetAttribute, filterOf } from './filters.ts';
import { accentToken, SOUND_ATTRIBUTES, WORD_ATTRIBUTES } from './settings.ts';

/** One query of `POST /multi-search`. */
export type Query = {
  readonly indexUid: string;
  readonly q: string;
  readonly offset?: number;
  readonly limit: number;
  readonly matchingStrategy: 'all' | 'last' | 'frequency';
  readonly attributesToSearchOn?: readonly string[];
  readonly attributesToRetrieve: readonly string[];
  readonly filter: string[][];
  readonly facets?: readonly string[];
  readonly sort?: readonly string[];
};

const retrieved = ['id', 'text', 'facts'];

const sorts: Readonly<Record<ProductSort, readonly string[]>> = {
  newest: ['facts.listedAt:desc'],
  price: ['facts.priceVnd:asc'],
  '-price': ['facts.priceVnd:desc'],
  name: ['sortName:asc'],
};

/**
 * The accents of a word in a phrase that has synonyms as a whole are left to that phrase: Meilisearch would not recognise
 * it with a token of ours inside.
 */
const tokenOf = (plan: SearchPlan, term: Term, synonyms: Synonyms): string =>
  term.accented && synonyms.byAccent.has(term.accent) && !isInPhrase(plan, plan.terms.indexOf(term))
    ? accentToken(term.accent)
    : term.folded;

const textOf = (plan: SearchPlan, terms: readonly Term[], synonyms: Synonyms): string =>
  terms.map((term) => tokenOf(plan, term, synonyms)).join(' ');

export function findQuery(index: string, request: FindRequest, synonyms: Synonyms): Query {
  const { plan, filters, offset, limit } = request;
  const browsing = plan.terms.length === 0;
  const sort = request.sort ?? (browsing ? 'newest' : undefined);
  return {
    indexUid: index,
    q: textOf(plan, tellingTerms(plan), synonyms),
    offset,
    limit,
    matchingStrategy: 'all',
    attributesToRetrieve: retrieved,
    filter: filterOf(filters),
    ...(browsing ? {} : { attributesToSearchOn: WORD_ATTRIBUTES }),
    ...(sort ? { sort: sorts[sort] } : {}),
  };
}

/** The same search for one facet's counts only. */
export const facetQuery = (query: Query, filter: string[][], facet: Parameters<typeof facetAttribute>[0]): Query => ({
  ...query,
  offset: 0,
  limit: 0,
  filter,
  facets: [facetAttribute(facet)],
});

/** Meilisearch drops terms from the end; the other way round it drops them from the beginning, synonyms kept whole. */
function reversedText(plan: SearchPlan, terms: readonly Term[], synonyms: Synonyms): string {
  const units: string[] = [];
  for (let from = 0; from < terms.length; ) {
    let to = terms.length;
    while (to > from + 1 && !synonyms.byPhrase.has(foldedText(terms.slice(from, to)))) to -= 1;
    units.unshift(textOf(plan, terms.slice(from, to), synonyms));
    from = to;
  }
  return units.join(' ');
}

const foldedText = (terms: readonly Term[]): string => terms.map(({ folded }) => folded).join(' ');

export function looseQueries(
  index: string,
  request: Pick<FindRequest, 'plan' | 'filters' | 'limit'>,
  synonyms: Synonyms,
): readonly Query[] {
  const { plan } = request;
  const terms = tellingTerms(plan);
  const base = {
    indexUid: index,
    limit: request.limit,
    attributesToRetrieve: retrieved,
    filter: filterOf(request.filters),
  };
  const byWords = [
    textOf(plan, terms, synonyms),
    reversedText(plan, terms, synonyms),
    terms.map(({ typed }) => typed).join(' '),
  ];
  const bySound = terms.map(({ sound }) => sound).join(' ');
  return [
    ...[...new Set(byWords)].map((q) => ({
      ...base,
      q,
      matchingStrategy: 'last' as const,
      attributesToSearchOn: WORD_ATTRIBUTES,
    })),
    { ...base, q: bySound, matchingStrategy: 'frequency', attributesToSearchOn: SOUND_ATTRIBUTES },
  ];
}
