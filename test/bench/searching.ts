import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';
import { findQuery } from '#adapters/meilisearch/queries.ts';
import { readSynonyms, type SynonymFile } from '#features/search/rules/synonyms.ts';
import { understand } from '#features/search/rules/understand.ts';
import { FACETS } from '#features/search/types.ts';
import type { Exchange } from './exchange.ts';
import { repeat } from './repeat.ts';
import { type Compared, compare } from './rounds.ts';

/** What shoppers of the demonstration type: with accents and without, misspelt, in English, with a place or a seller. */
const typed = [
  ...['bánh pía', 'banh pia', 'bánh pía sầu riêng', 'banh pia khong hanh', 'lạp xưởng', 'lap xuong tuoi', 'khô cá'],
  ...['kho ca loc', 'mắm', 'mam ca', 'tôm khô', 'tom kho', 'gạo st25', 'gao thom', 'hành tím', 'hanh tim vinh chau'],
  ...['trà mãng cầu', 'tra', 'mật ong', 'mat ong rung', 'rượu', 'nước mắm', 'muối ớt', 'dừa', 'kẹo dừa', 'bưởi'],
  ...['dried fish', 'rice', 'quà tết', 'đặc sản sóc trăng', 'htx', 'chả lụa'],
];

const limit = 24;

const synonyms = readSynonyms(
  JSON.parse(readFileSync(new URL('../../src/demo/data/synonyms.json', import.meta.url), 'utf8')) as SynonymFile,
);

/** More at once and Meilisearch needs longer than the 300 ms after which PostgreSQL answers in its place. */
const searchers = 4;

/** False: another engine answered, and the search does not count. */
type Ask = (pool: Pool, q: string) => Promise<boolean>;
const untilProbedMs = 1_100;

const answerOf = async (answer: Dispatcher.ResponseData): Promise<unknown> => {
  if (answer.statusCode === 200) return answer.body.json();
  throw new Error(`A search answered ${answer.statusCode}: ${(await answer.body.text()).slice(0, 200)}`);
};

const askUs: Ask = async (pool, q) => {
  const path = `/v1/search?q=${encodeURIComponent(q)}&limit=${limit}`;
  const { engine } = (await answerOf(await pool.request({ method: 'GET', path }))) as { engine: string };
  if (engine !== 'meilisearch') await sleep(untilProbedMs);
  return engine === 'meilisearch';
};

/** The query that our adapter would ask, for a page and not for the window that we put in our own order. */
const askDirectly =
  (key: string): Ask =>
  async (pool, q) => {
    const plan = understand(q, synonyms);
    const wanted = { plan, filters: {}, sort: undefined, offset: 0, limit, withFacets: true };
    const { indexUid, ...body } = findQuery('products', wanted, synonyms);
    const answer = await pool.request({
      method: 'POST',
      path: `/indexes/${indexUid}/search`,
      // Without `identity` Meilisearch waits 40 ms for a delayed acknowledgement, see the adapter.
      headers: { 'content-type': 'application/json', 'accept-encoding': 'identity', authorization: `Bearer ${key}` },
      body: JSON.stringify({ ...body, facets: FACETS.map((facet) => `facts.${facet}`) }),
    });
    await answerOf(answer);
    return true;
  };

/** Our search against Meilisearch itself, which is asked the same over HTTP and shows no price, stock or star of now. */
export async function compareSearch(
  { url, meili }: Exchange,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Compared> {
  const pools = {
    ours: new Pool(url, { connections: searchers }),
    direct: new Pool(meili.url, { connections: searchers }),
  };
  const run = (pool: Pool, ask: Ask) => {
    let next = 0;
    return () =>
      repeat(searchers, seconds, async () => {
        next += 1;
        return ask(pool, typed[next % typed.length] ?? '');
      });
  };
  const ours = run(pools.ours, askUs);
  const direct = run(pools.direct, askDirectly(meili.key));
  try {
    await direct();
    await ours();
    return await compare(rounds, ours, direct);
  } finally {
    await Promise.all([pools.ours.close(), pools.direct.close()]);
  }
}
