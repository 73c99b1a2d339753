import { defineProblems } from '#core/problem.ts';
import type { NamedKind } from '#features/certificates/types.ts';
import type { ProductFilters, ProductId, ProductSort, Star } from '#features/products/types.ts';
import type { SearchPlan } from './rules/understand.ts';

export type { Phrase, Synonyms } from './rules/synonyms.ts';
export type { SearchPlan, Term, Widening } from './rules/understand.ts';

export const ENGINE_NAMES = ['meilisearch', 'postgres'] as const;
export type EngineName = (typeof ENGINE_NAMES)[number];

export const FACETS = ['category', 'stars', 'certificate', 'ward', 'business', 'partner', 'price', 'inStock'] as const;
export type Facet = (typeof FACETS)[number];
/** How many hits each value of a filter would leave; a price is a band, `50000-99999`. */
export type FacetCounts = Readonly<Record<Facet, Readonly<Record<string, number>>>>;

/** What a product is filtered, sorted and counted by. It is as old as the index: nothing of it is shown. */
export type SearchFacts = {
  readonly category: string;
  readonly categoryId: number;
  readonly stars: Star | null;
  /** Kinds in force; a product may have several. */
  readonly certificate: readonly NamedKind[];
  readonly ward: string | null;
  readonly business: string;
  readonly businessId: string;
  /** The partner's key, or `own`. */
  readonly partner: string;
  readonly priceVnd: number;
  /** The band of the price, by which it is counted. */
  readonly price: string;
  readonly inStock: boolean;
  /** What buyers gave it, of five points; null where nobody has. */
  readonly points: number | null;
  readonly pointsCount: number;
  /** Milliseconds since 1970. */
  readonly listedAt: number;
};

/** A product as the engines know it: public facts only. */
export type SearchDocument = {
  readonly productId: ProductId;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly english: string;
  readonly seller: string;
  /** Ward and the district of before July 2025, by which people still search. */
  readonly place: readonly string[];
  readonly category: readonly string[];
  readonly ingredients: string;
  readonly description: string;
  readonly facts: SearchFacts;
};

/** A product that an engine proposes; `text` is what `rankedText` made of it. */
export type Candidate = { readonly productId: ProductId; readonly text: string; readonly facts: SearchFacts };

export type FindRequest = {
  readonly plan: SearchPlan;
  readonly filters: ProductFilters;
  /** Undefined: by relevance, as far as the engine knows it. */
  readonly sort: ProductSort | undefined;
  readonly offset: number;
  readonly limit: number;
  readonly withFacets: boolean;
};
export type Found = {
  readonly candidates: readonly Candidate[];
  /** Products that have every term and pass every filter. */
  readonly total: number;
  /** A facet's own filter does not narrow its own counts. Undefined unless asked for. */
  readonly facets: FacetCounts | undefined;
};

/**
 * Finds candidates; their final order is made by `rules/rank.ts`, so that both engines answer alike. Every method rejects
 * when the engine is away or `signal` is aborted, and holds to its bounds: at most `limit` candidates.
 */
export type SearchEngine = {
  readonly name: EngineName;
  /** Products that have every term of the plan, best guess first. A plan without terms finds all. */
  find(request: FindRequest, signal: AbortSignal): Promise<Found>;
  /** Products that have some of the terms, or words that sound like them. At most a few times `limit`. */
  findLoosely(
    request: { readonly plan: SearchPlan; readonly filters: ProductFilters; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly Candidate[]>;
  /** Whether the engine would answer a search now. */
  isHealthy(signal: AbortSignal): Promise<boolean>;
};

/** The written side of an engine outside the database, which follows `search_documents`. */
export type SearchMirror = {
  /** Brings the settings of the live index up to date, if there is one. */
  prepare(): Promise<{ readonly exists: boolean }>;
  /** Whether there is a live index to write to; a rebuild makes one. */
  exists(): Promise<boolean>;
  /** Resolves when the change can be searched. Sending the same again changes nothing. */
  write(change: MirrorChange): Promise<void>;
  count(): Promise<number>;
  /** Fills a new index beside the live one. Searches see nothing of it until `swap`. */
  startRebuild(): Promise<MirrorRebuild>;
};
export type MirrorChange = { readonly saved: readonly SearchDocument[]; readonly removed: readonly ProductId[] };
export type MirrorRebuild = {
  write(change: MirrorChange): Promise<void>;
  count(): Promise<number>;
  /** The new index takes the place of the old in one step; the old one is dropped. */
  swap(): Promise<void>;
  abandon(): Promise<void>;
};

export const searchProblems = defineProblems({
  'search-cursor-of-another-query': {
    status: 400,
    vi: ['Con trỏ trang thuộc về lượt tìm khác', 'Bỏ cursor để về trang đầu của lượt tìm này.'],
    en: ['The cursor belongs to another search', 'Leave cursor out for the first page of this one.'],
  },
});
