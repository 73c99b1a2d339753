import type { ProductFilters, ProductSort } from '#features/products/types.ts';
import { comparers, countFacets, passes } from './rules/facets.ts';
import { createRanking, isUnwanted, type Score } from './rules/rank.ts';
import { type RankedText, readRankedText } from './rules/text.ts';
import type { SearchPlan } from './rules/understand.ts';
import type { Candidate, FacetCounts, Found, SearchEngine } from './types.ts';

/** So many of the engine's best are put in our order; what comes after keeps the engine's. */
const windowSize = 60;
/** With fewer exact hits than this the search is widened to what is almost right. */
const few = 10;
const looseLimit = 100;
/** A loose hit answers at least this part of the query, by weight. */
const leastShare = 0.25;

export type Wanted = {
  readonly plan: SearchPlan;
  readonly filters: ProductFilters;
  readonly sort: ProductSort | undefined;
  readonly offset: number;
  readonly limit: number;
};
export type Ordered = { readonly hits: readonly Candidate[]; readonly total: number; readonly facets: FacetCounts };

const maxKept = 3_000;
const kept = new Map<string, RankedText>();

/** The same products are ranked over and over: their words are kept, the oldest reading forgotten first. */
function reading(text: string): RankedText {
  const known = kept.get(text);
  if (known) return known;
  const read = readRankedText(text);
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value ?? '');
  kept.set(text, read);
  return read;
}

type Scored = Score & { readonly candidate: Candidate };

/** Best first; equal scores keep the engine's order. Products that have what is not wanted are left out. */
function rank(plan: SearchPlan, candidates: readonly Candidate[], exact: ReadonlySet<string>): readonly Scored[] {
  const scoreOf = createRanking(plan);
  return candidates
    .map((candidate) => ({ candidate, text: reading(candidate.text) }))
    .filter(({ text }) => plan.without.length === 0 || !isUnwanted(plan, text))
    .map(({ candidate, text }) => ({ candidate, ...scoreOf(text, exact.has(candidate.productId)) }))
    .sort((a, b) => b.score - a.score);
}

const nameOf = ({ text }: Candidate): string => text.slice(0, text.indexOf('\n'));

/** Few products have every word, or some must be left out: everything is weighed in memory, within bounds. */
async function findAmongFew(
  engine: SearchEngine,
  wanted: Wanted,
  found: Found,
  signal: () => AbortSignal,
): Promise<Ordered> {
  const { plan, filters, sort, offset, limit } = wanted;
  const exact = new Set(found.candidates.map(({ productId }) => productId));
  const widen = found.total < few;
  const narrowed = Object.keys(filters).length > 0;
  const loose = widen
    ? await Promise.all([
        engine.findLoosely({ plan, filters: {}, limit: looseLimit }, signal()),
        narrowed ? engine.findLoosely({ plan, filters, limit: looseLimit }, signal()) : [],
      ])
    : [];
  const all = new Map([...found.candidates, ...loose.flat()].map((candidate) => [candidate.productId, candidate]));
  const ranked = rank(plan, [...all.values()], exact).filter(
    ({ candidate, share }) => exact.has(candidate.productId) || share >= leastShare,
  );
  const hits = ranked.map(({ candidate }) => candidate).filter(({ facts }) => passes(facts, filters));
  if (sort) {
    const compare = comparers[sort];
    hits.sort((a, b) => compare({ name: nameOf(a), facts: a.facts }, { name: nameOf(b), facts: b.facts }));
  }
  const facts = ranked.map(({ candidate }) => candidate.facts);
  return { hits: hits.slice(offset, offset + limit), total: hits.length, facets: countFacets(facts, filters) };
}

type Span = { readonly from: number; readonly to: number; readonly ranks: boolean };

/** What to ask the engine for. Inside the window all of it is needed to know the order; behind it only the page itself. */
function spanOf({ plan, sort, offset, limit }: Wanted): Span {
  const end = offset + limit;
  if (plan.without.length > 0) return { from: 0, to: looseLimit * 2, ranks: true };
  const ranks = plan.terms.length > 0 && sort === undefined && offset < windowSize;
  return ranks ? { from: 0, to: Math.max(windowSize, end), ranks } : { from: offset, to: end, ranks };
}

/** One page of what `engine` finds, in our order. */
export async function findPage(engine: SearchEngine, wanted: Wanted, signal: () => AbortSignal): Promise<Ordered> {
  const { plan, filters, sort, offset, limit } = wanted;
  const { from, to, ranks } = spanOf(wanted);
  const request = { plan, filters, sort, offset: from, limit: to - from, withFacets: true };
  const found = await engine.find(request, signal());
  if (plan.terms.length > 0 && (plan.without.length > 0 || found.total < few)) {
    // A cursor may point behind what few hits there are: they are all needed, from the first on.
    const whole = from === 0 ? found : await engine.find({ ...request, offset: 0, limit: windowSize }, signal());
    return findAmongFew(engine, wanted, whole, signal);
  }
  const facets = found.facets ?? countFacets([], filters);
  if (!ranks) return { hits: found.candidates, total: found.total, facets };
  const exact = new Set(found.candidates.map(({ productId }) => productId));
  const best = rank(plan, found.candidates.slice(0, windowSize), exact).map(({ candidate }) => candidate);
  const hits = [...best, ...found.candidates.slice(windowSize)].slice(offset, offset + limit);
  return { hits, total: found.total, facets };
}
