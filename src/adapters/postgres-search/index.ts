import { createHash } from 'node:crypto';
import type { ProductFilters, ProductSort } from '#features/products/types.ts';
import {
  type Candidate,
  FACETS,
  type Facet,
  type FacetCounts,
  type FindRequest,
  isFiltered,
  noFacets,
  type SearchEngine,
  type SearchPlan,
} from '#features/search/index.ts';
import { everyTerm, someTerms, spelledTerms } from './tsquery.ts';

/** With `$1` parameters; statements of one name have one text, so that a session plans each once. */
export type Statement = { readonly name: string; readonly text: string; readonly values: readonly unknown[] };
/** A pool's `query`. */
export type RunStatement = (statement: Statement) => Promise<{ readonly rows: readonly unknown[] }>;

/** The text varies with the number of terms and filters only, so there are some dozens of names. */
const named = (text: string, values: readonly unknown[]): Statement => ({
  name: `search-${createHash('sha1').update(text).digest('base64url').slice(0, 16)}`,
  text,
  values,
});

/** Collects values as they are mentioned, so that nothing a shopper typed becomes part of a statement. */
class Values {
  readonly all: unknown[] = [];
  add(value: unknown, type: string): string {
    this.all.push(value);
    return `$${this.all.length}::${type}`;
  }
}

const clauses: Readonly<Record<Facet, (filters: ProductFilters, values: Values) => string>> = {
  category: ({ category = [] }, values) => {
    const all = values.add([...category], 'text[]');
    return `(category = any(${all}) or category_id::text = any(${all}))`;
  },
  stars: ({ stars = [] }, values) => `stars = any(${values.add([...stars], 'int[]')})`,
  certificate: ({ certificate = [] }, values) => `certificate && ${values.add([...certificate], 'text[]')}`,
  ward: ({ ward = [] }, values) => `ward = any(${values.add([...ward], 'text[]')})`,
  business: ({ business = [] }, values) => {
    const all = values.add([...business], 'text[]');
    return `(business = any(${all}) or business_id::text = any(${all}))`;
  },
  partner: ({ partner = [] }, values) => `partner = any(${values.add([...partner], 'text[]')})`,
  price: ({ priceMin = 0, priceMax = Number.MAX_SAFE_INTEGER }, values) =>
    `price_vnd between ${values.add(priceMin, 'bigint')} and ${values.add(priceMax, 'bigint')}`,
  inStock: ({ inStock = true }, values) => `in_stock = ${values.add(inStock, 'boolean')}`,
};

/** The filters as one condition; `except` leaves one out. */
function conditionOf(filters: ProductFilters, values: Values, except?: Facet): string {
  const all = FACETS.filter((facet) => facet !== except && isFiltered(facet, filters));
  return all.length === 0 ? 'true' : all.map((facet) => clauses[facet](filters, values)).join(' and ');
}

const facetColumns: Readonly<Record<Facet, string>> = {
  category: 'category',
  stars: 'stars',
  certificate: 'held.kind',
  ward: 'ward',
  business: 'business',
  partner: 'partner',
  price: 'price',
  inStock: 'in_stock',
};

const sorts: Readonly<Record<ProductSort, string>> = {
  newest: 'listed_at desc',
  price: 'price_vnd asc',
  '-price': 'price_vnd desc',
  name: 'sort_name asc',
};

/** A product counts once for each certificate that it has. */
const facetSource = (facet: Facet): string =>
  facet === 'certificate' ? 'matching cross join unnest(certificate) as held(kind)' : 'matching';

/** A: name and aliases, B: tags and English, C: seller, place and category, D: ingredients and description. */
const rank = (query: string): string => `ts_rank('{0.05, 0.2, 0.5, 1}', words, ${query})`;

type CandidateRow = { product_id: Candidate['productId']; text: string; facts: Candidate['facts'] };
const toCandidate = ({ product_id: productId, text, facts }: CandidateRow): Candidate => ({ productId, text, facts });
const shown = `product_id, text, document -> 'facts' as facts`;

function findStatement(request: FindRequest): Statement {
  const values = new Values();
  const wanted = everyTerm(request.plan);
  const query = wanted === undefined ? undefined : values.add(wanted, 'tsquery');
  const sort = request.sort ? sorts[request.sort] : query ? `${rank(query)} desc` : sorts.newest;
  const facets = request.withFacets
    ? FACETS.map(
        (facet) =>
          `select '${facet}' as facet, ${facetColumns[facet]}::text as value, count(*)::int as count from ${facetSource(facet)} where ${facetColumns[facet]} is not null and ${conditionOf(request.filters, values, facet)} group by 2`,
      ).join(' union all ')
    : `select null::text as facet, null::text as value, 0 as count where false`;
  const condition = conditionOf(request.filters, values);
  const text = `with matching as materialized (
      select product_id, category, category_id, stars, certificate, ward, business, business_id, partner, price_vnd, price, in_stock, listed_at, sort_name
        ${query ? ', words' : ''}
      from search_documents where not removed ${query ? `and words @@ ${query}` : ''}
    ), page as (
      select product_id, row_number() over (order by ${sort}, product_id) as place from matching where ${condition}
      order by place limit ${values.add(request.limit, 'int')} offset ${values.add(request.offset, 'int')}
    )
    select (select count(*)::int from matching where ${condition}) as total,
      (select coalesce(json_agg(json_build_object('product_id', d.product_id, 'text', d.text, 'facts', d.document -> 'facts') order by page.place), '[]')
        from page join search_documents d using (product_id)) as candidates,
      (select coalesce(json_agg(counted), '[]') from (${facets}) as counted) as facets`;
  return named(text, values.all);
}

type FoundRow = {
  total: number;
  candidates: readonly CandidateRow[];
  facets: ReadonlyArray<{ facet: Facet; value: string; count: number }>;
};

function countsOf(rows: FoundRow['facets']): FacetCounts {
  const counts = noFacets();
  for (const { facet, value, count } of rows) counts[facet][value] = count;
  return counts;
}

/** For terms that nobody wrote: the words of the catalogue that have a third of their trigrams or more, nearest first. */
const correctionsText = `select typed, word from unnest($1::text[]) as t(typed)
  cross join lateral (select word from search_words where word % typed order by similarity(word, typed) desc, word limit 4) as near
  where not exists (select 1 from search_words where word = typed)`;

type LooseRequest = Pick<FindRequest, 'plan' | 'filters' | 'limit'>;
type Corrections = ReadonlyMap<string, readonly string[]>;

async function findCorrections(run: RunStatement, plan: SearchPlan): Promise<Corrections> {
  const terms = spelledTerms(plan);
  if (terms.length === 0) return new Map();
  const { rows } = await run(named(correctionsText, [terms]));
  const near = rows as ReadonlyArray<{ readonly typed: string; readonly word: string }>;
  return new Map(terms.map((term) => [term, near.flatMap(({ typed, word }) => (typed === term ? [word] : []))]));
}

function looseStatement({ plan, filters, limit }: LooseRequest, corrections: Corrections): Statement {
  const values = new Values();
  const terms = someTerms(plan, corrections).map(({ words, sound }) => {
    const heard = `sounds @@ ${values.add(sound, 'tsquery')}`;
    const written = `words @@ ${values.add(words, 'tsquery')}`;
    return { any: `${written} or ${heard}`, worth: `case when ${written} then 1 when ${heard} then 0.6 else 0 end` };
  });
  const all = values.add(
    someTerms(plan, corrections)
      .map(({ words }) => words)
      .join(' | '),
    'tsquery',
  );
  const text = `select ${shown} from search_documents
    where not removed and (${terms.map(({ any }) => any).join(' or ')}) and ${conditionOf(filters, values)}
    order by ${terms.map(({ worth }) => worth).join(' + ')} desc, ${rank(all)} desc, product_id limit ${values.add(limit * 2, 'int')}`;
  return named(text, values.all);
}

/**
 * Searches `search_documents` in PostgreSQL itself: folded words as lexemes, their sounds, and by
 * trigrams what a misspelt word may have meant.
 */
export const createPostgresSearch = (run: RunStatement): SearchEngine => ({
  name: 'postgres',
  find: async (request, signal) => {
    signal.throwIfAborted();
    const { rows } = await run(findStatement(request));
    const [found] = rows as readonly FoundRow[];
    if (!found) throw new Error('PostgreSQL answered no row to an aggregate');
    return {
      candidates: found.candidates.map(toCandidate),
      total: found.total,
      facets: request.withFacets ? countsOf(found.facets) : undefined,
    };
  },
  findLoosely: async (request, signal) => {
    signal.throwIfAborted();
    if (request.plan.terms.length === 0) return [];
    const { rows } = await run(looseStatement(request, await findCorrections(run, request.plan)));
    return (rows as readonly CandidateRow[]).map(toCandidate);
  },
  isHealthy: async () => {
    await run(named('select 1', []));
    return true;
  },
});
