import { createHash } from 'node:crypto';
import type { Cursor } from '#core/cursor.ts';
import { encodeCursor } from '#core/cursor.ts';
import { refusals } from '#core/problem.ts';
import { fold, words } from '#core/vietnamese.ts';
import type { Db } from '#db/client.ts';
import type { ProductCard } from '#features/products/index.ts';
import type { ProductFilters, ProductId, ProductSort } from '#features/products/types.ts';
import { findPage } from './finding.ts';
import type { Synonyms } from './rules/synonyms.ts';
import { understand } from './rules/understand.ts';
import type { EngineSwitch } from './switch.ts';
import { type EngineName, type FacetCounts, searchProblems } from './types.ts';
import { listExchanges, listNames, listWords } from './views.ts';

const refuse = refusals(searchProblems);

export type SearchRequest = {
  readonly q: string;
  readonly filters: ProductFilters;
  readonly sort?: ProductSort | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};
export type SearchAnswer = {
  readonly hits: readonly ProductCard[];
  readonly facets: FacetCounts;
  readonly total: number;
  readonly nextCursor: string | null;
  readonly engine: EngineName;
};
export type Suggestions = {
  readonly products: ReadonlyArray<Pick<ProductCard, 'productId' | 'slug' | 'name' | 'image'>>;
  readonly businesses: ReadonlyArray<{ readonly businessId: string; readonly slug: string; readonly name: string }>;
  readonly categories: ReadonlyArray<{ readonly id: number; readonly slug: string; readonly name: string }>;
};

type Deps = {
  readonly db: Db;
  readonly engines: EngineSwitch;
  readonly synonyms: Synonyms;
  /** Price, stock and star are read again before they are shown: the index may be seconds old. */
  readonly listCards: (ids: readonly ProductId[]) => Promise<readonly ProductCard[]>;
  /** Milliseconds that only grow; for how long names are kept. */
  readonly ticks?: () => number;
};
export type Search = ReturnType<typeof createSearch>;

/** Nobody pages through more; deeper pages cost the engine as much as all before them. */
const deepestOffset = 10_000;
const suggestedProducts = 6;
const suggestedNames = 4;
const maxNames = 5_000;
const maxWords = 50_000;
const keptMs = 30_000;

const fingerprint = ({ q, filters, sort }: SearchRequest): string =>
  createHash('sha1')
    .update(JSON.stringify([q, Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1)), sort]))
    .digest('base64url')
    .slice(0, 12);

/** A cursor is good for the search that it came from. Another engine goes on at the same place in its own order. */
function offsetOf(request: SearchRequest): number {
  if (!request.cursor) return 0;
  const offset = Number(request.cursor.id);
  const [, print] = request.cursor.value.split(':');
  if (print !== fingerprint(request) || !Number.isSafeInteger(offset) || offset < 0 || offset > deepestOffset)
    throw refuse('search-cursor-of-another-query');
  return offset;
}

/**
 * What lapsed a moment ago is still indexed under its stars: until the index has heard of it, it is left out where one
 * filters by them.
 */
const stillFits = ({ stars, certificate }: ProductFilters, card: ProductCard): boolean =>
  (!stars?.length || (card.star !== null && stars.includes(card.star))) &&
  (!certificate?.length || certificate.some((kind) => card.certifiedAs.includes(kind)));

const startsLike = (name: readonly string[], query: readonly string[]): boolean =>
  query.every((word, index) =>
    name.some((part) => (index === query.length - 1 ? part.startsWith(word) : part === word)),
  );

const foldedWords = (text: string): readonly string[] => words(text).map(fold);

/**
 * Reads now and then, and answers meanwhile with what it read before; only the first caller waits. What it keeps (names,
 * words) changes a few times a week and decides nothing.
 */
function createKept<T>(read: () => Promise<T>, empty: T, ticks: () => number): () => Promise<T> {
  let readAt = Number.NEGATIVE_INFINITY;
  let kept: Promise<T> | undefined;
  return () => {
    if (kept && ticks() - readAt < keptMs) return kept;
    readAt = ticks();
    const before = kept ?? Promise.resolve(empty);
    const reading = read().catch(() => before);
    if (!kept) kept = reading;
    void reading.then((value) => {
      kept = Promise.resolve(value);
    });
    return kept;
  };
}

const readNames = async (db: Db) =>
  (await listNames(db, maxNames)).map((name) => ({ ...name, words: foldedWords(name.name) }));

/**
 * Equal questions that are open at the same moment share one answer: a search that everybody makes at once, after a
 * broadcast, costs the engine and the database one reading. Nothing is kept once it is answered.
 */
function shareWhileOpen<Request, Answer>(ask: (request: Request) => Promise<Answer>) {
  const open = new Map<string, Promise<Answer>>();
  return (request: Request): Promise<Answer> => {
    const key = JSON.stringify(request);
    const known = open.get(key);
    if (known) return known;
    const answer = ask(request).finally(() => open.delete(key));
    open.set(key, answer);
    return answer;
  };
}

export const createSearch = ({ db, engines, synonyms, listCards, ticks = () => performance.now() }: Deps) => {
  const names = createKept(() => readNames(db), [], ticks);
  const exchanges = createKept(() => listExchanges(db), [], ticks);
  const vocabulary = createKept(async () => new Set(await listWords(db, maxWords)), new Set<string>(), ticks);
  const find = async (request: SearchRequest, offset: number) => {
    const known = await vocabulary();
    const plan = understand(request.q, synonyms, (word) => known.has(word));
    const wanted = { plan, filters: request.filters, sort: request.sort, offset, limit: request.limit };
    return engines.answer(async (engine, signal) => ({
      engine: engine.name,
      ...(await findPage(engine, wanted, signal)),
    }));
  };

  return {
    /** 400 `search-cursor-of-another-query`. An empty `q` browses by filters, newest first. */
    search: shareWhileOpen(async (request: SearchRequest): Promise<SearchAnswer> => {
      const offset = offsetOf(request);
      const { hits, facets, total, engine } = await find(request, offset);
      const next = offset + request.limit;
      const cards = await listCards(hits.map(({ productId }) => productId));
      return {
        hits: cards.filter((card) => stillFits(request.filters, card)),
        facets,
        total,
        nextCursor:
          next < total && next <= deepestOffset && hits.length > 0
            ? encodeCursor({ value: `${engine}:${fingerprint(request)}`, id: String(next) })
            : null,
        engine,
      };
    }),
    /** A few products, businesses and categories for what has been typed so far; nothing for nothing. */
    suggest: async (q: string): Promise<Suggestions> => {
      const query = foldedWords(q);
      if (query.length === 0) return { products: [], businesses: [], categories: [] };
      const [{ hits }, known] = await Promise.all([find({ q, filters: {}, limit: suggestedProducts }, 0), names()]);
      const alike = known.filter(({ words: name }) => startsLike(name, query));
      const cards = await listCards(hits.map(({ productId }) => productId));
      return {
        products: cards.map(({ productId, slug, name, image }) => ({ productId, slug, name, image })),
        businesses: alike
          .filter(({ kind }) => kind === 'business')
          .slice(0, suggestedNames)
          .map(({ id, slug, name }) => ({ businessId: id, slug, name })),
        categories: alike
          .filter(({ kind }) => kind === 'category')
          .slice(0, suggestedNames)
          .map(({ id, slug, name }) => ({ id: Number(id), slug, name })),
      };
    },
    /** Names of the partner exchanges, by key. */
    exchangeNames: async () => new Map((await exchanges()).map(({ key, name }) => [key, name])),
    /** Whether an answer of this engine is that of a stand-in. */
    isStandIn: (engine: EngineName): boolean => engines.hasPrimary && engine === 'postgres',
    /** The engine that would answer now. */
    engine: (): EngineName => engines.current(),
  };
};
