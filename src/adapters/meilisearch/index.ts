import { randomBytes } from 'node:crypto';
import { type EnqueuedTaskPromise, type Index, Meilisearch } from 'meilisearch';
import { Pool } from 'undici';
import {
  type Candidate,
  FACETS,
  isFiltered,
  type MirrorChange,
  type MirrorRebuild,
  type SearchEngine,
  type SearchMirror,
  type Synonyms,
  withoutFilter,
} from '#features/search/index.ts';
import { facetAttribute, filterOf, readFacets } from './filters.ts';
import { facetQuery, findQuery, looseQueries, type Query } from './queries.ts';
import { settingsOf, toIndexed } from './settings.ts';

export type MeilisearchOptions = {
  readonly url: string;
  readonly key: string | undefined;
  /** Keeps nodes and test workers apart on one server. */
  readonly indexPrefix: string;
  readonly synonyms: Synonyms;
};

/** Indexing thousands of products takes seconds; a task that takes longer than this is asked about again by the next job. */
const taskLimitMs = 120_000;
const answerLimitMs = 10_000;

type Hit = { readonly id: string; readonly text: string; readonly facts: Candidate['facts'] };
type Result = {
  readonly hits: readonly Hit[];
  readonly estimatedTotalHits: number;
  readonly facetDistribution?: Readonly<Record<string, Readonly<Record<string, number>>>>;
};

const toCandidate = ({ id, text, facts }: Hit): Candidate => ({
  productId: id as Candidate['productId'],
  text,
  facts,
});

/**
 * `Accept-Encoding: identity`, because Meilisearch writes a compressed answer in two pieces and waits for the delayed
 * acknowledgement of the first: 44 ms instead of 4 for 60 hits over loopback.
 */
const headersOf = (key: string | undefined): Record<string, string> => ({
  'content-type': 'application/json',
  'accept-encoding': 'identity',
  ...(key ? { authorization: `Bearer ${key}` } : {}),
});

/** Asks over kept-alive connections: a search is one small request, and the client library's `fetch` costs more than it. */
function createAsk({ url, key }: MeilisearchOptions) {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 32, headersTimeout: answerLimitMs, bodyTimeout: answerLimitMs });
  const headers = headersOf(key);
  const base = pathname.replace(/\/$/, '');
  const ask = async (method: 'GET' | 'POST', path: string, body: unknown, signal: AbortSignal): Promise<unknown> => {
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await pool.request({ method, path: base + path, headers, body: text, signal });
    if (answer.statusCode === 200) return answer.body.json();
    throw new Error(`Meilisearch answered ${answer.statusCode}: ${(await answer.body.text()).slice(0, 300)}`);
  };
  return { ask, close: () => pool.close() };
}

async function finished(task: EnqueuedTaskPromise): Promise<void> {
  const { status, error, uid } = await task.waitTask({ timeout: taskLimitMs, interval: 50 });
  if (status !== 'succeeded') throw new Error(`Meilisearch task ${uid} ${status}: ${error?.message ?? 'no reason'}`);
}

async function writeTo(index: Index, { saved, removed }: MirrorChange): Promise<void> {
  const tasks: Promise<void>[] = [];
  if (saved.length > 0) tasks.push(finished(index.addDocuments(saved.map(toIndexed))));
  if (removed.length > 0) tasks.push(finished(index.deleteDocuments([...removed])));
  await Promise.all(tasks);
}

function createEngine(options: MeilisearchOptions, live: string, ask: ReturnType<typeof createAsk>['ask']) {
  const { synonyms } = options;
  const search = async (queries: readonly Query[], signal: AbortSignal): Promise<readonly Result[]> => {
    const [only, ...more] = queries;
    if (only && more.length === 0) {
      const { indexUid, ...body } = only;
      return [(await ask('POST', `/indexes/${indexUid}/search`, body, signal)) as Result];
    }
    return ((await ask('POST', '/multi-search', { queries }, signal)) as { results: readonly Result[] }).results;
  };
  const engine: SearchEngine = {
    name: 'meilisearch',
    find: async (request, signal) => {
      const query = findQuery(live, request, synonyms);
      const own = request.withFacets ? FACETS.filter((facet) => isFiltered(facet, request.filters)) : [];
      const rest = request.withFacets ? FACETS.filter((facet) => !own.includes(facet)) : [];
      const [main, ...others] = await search(
        [
          { ...query, ...(rest.length > 0 ? { facets: rest.map(facetAttribute) } : {}) },
          ...own.map((facet) => facetQuery(query, filterOf(withoutFilter(request.filters, facet)), facet)),
        ],
        signal,
      );
      if (!main) throw new Error('Meilisearch answered no result');
      return {
        candidates: main.hits.map(toCandidate),
        total: main.estimatedTotalHits,
        facets: request.withFacets
          ? readFacets((facet) => (own.includes(facet) ? others[own.indexOf(facet)] : main)?.facetDistribution)
          : undefined,
      };
    },
    findLoosely: async (request, signal) => {
      const results = await search(looseQueries(live, request, synonyms), signal);
      const byId = new Map(results.flatMap(({ hits }) => hits).map((hit) => [hit.id, toCandidate(hit)]));
      return [...byId.values()];
    },
    isHealthy: async (signal) => {
      // A search rather than /health: an index that is gone is as good as a server that is.
      const { limit } = (await ask('POST', `/indexes/${live}/search`, { q: '', limit: 1 }, signal)) as {
        limit: number;
      };
      return limit === 1;
    },
  };
  return engine;
}

async function makeIndex(client: Meilisearch, uid: string, synonyms: Synonyms): Promise<void> {
  await finished(client.createIndex(uid, { primaryKey: 'id' }));
  await finished(client.index(uid).updateSettings(settingsOf(synonyms)));
}

function createMirror(client: Meilisearch, live: string, synonyms: Synonyms): SearchMirror {
  const exists = async (): Promise<boolean> => {
    const { results } = await client.getRawIndexes({ limit: 1_000 });
    return results.some(({ uid }) => uid === live);
  };
  const countOf = async (uid: string): Promise<number> => (await client.index(uid).getStats()).numberOfDocuments;
  return {
    prepare: async () => {
      if (!(await exists())) return { exists: false };
      await finished(client.index(live).updateSettings(settingsOf(synonyms)));
      return { exists: true };
    },
    exists,
    write: (change) => writeTo(client.index(live), change),
    count: () => countOf(live),
    startRebuild: async (): Promise<MirrorRebuild> => {
      await dropLeftovers(client, live);
      const next = `${live}_next_${randomBytes(4).toString('hex')}`;
      await makeIndex(client, next, synonyms);
      return {
        write: (change) => writeTo(client.index(next), change),
        count: () => countOf(next),
        swap: async () => {
          if (!(await exists())) await makeIndex(client, live, synonyms);
          await finished(client.swapIndexes([{ indexes: [live, next], rename: false }]));
          await finished(client.deleteIndex(next));
        },
        abandon: () => finished(client.deleteIndex(next)),
      };
    },
  };
}

/** A rebuild that was killed leaves its half-filled index behind. */
async function dropLeftovers(client: Meilisearch, live: string): Promise<void> {
  const { results } = await client.getRawIndexes({ limit: 1_000 });
  for (const { uid } of results) if (uid.startsWith(`${live}_next_`)) await finished(client.deleteIndex(uid));
}

/** Both sides of a Meilisearch server, 1.21 or later: `engine` searches, `mirror` is written to. */
export function createMeilisearch(options: MeilisearchOptions): {
  readonly engine: SearchEngine;
  readonly mirror: SearchMirror;
  close(): Promise<void>;
} {
  const live = `${options.indexPrefix}products`;
  const client = new Meilisearch({
    host: options.url,
    ...(options.key ? { apiKey: options.key } : {}),
    requestInit: { headers: { 'accept-encoding': 'identity' } },
    timeout: answerLimitMs,
  });
  const { ask, close } = createAsk(options);
  return { engine: createEngine(options, live, ask), mirror: createMirror(client, live, options.synonyms), close };
}
