import { readFileSync } from 'node:fs';
import { findQuery } from '#adapters/meilisearch/queries.ts';
import { readSynonyms, type SynonymFile } from '#features/search/rules/synonyms.ts';
import { understand } from '#features/search/rules/understand.ts';
import type { Exchange } from './exchange.ts';
import { press, type Request } from './load.ts';
import { type Compared, compare } from './rounds.ts';

/** What shoppers of the demonstration type: with accents and without, misspelt, in English, with a place or a seller. */
const typed = [
  ...['bánh pía', 'banh pia', 'bánh pía sầu riêng', 'banh pia khong hanh', 'lạp xưởng', 'lap xuong tuoi', 'khô cá'],
  ...['kho ca loc', 'mắm', 'mam ca', 'tôm khô', 'tom kho', 'gạo st25', 'gao thom', 'hành tím', 'hanh tim vinh chau'],
  ...['trà mãng cầu', 'tra', 'mật ong', 'mat ong rung', 'rượu', 'nước mắm', 'muối ớt', 'dừa', 'kẹo dừa', 'bưởi'],
  ...['dried fish', 'rice', 'quà tết', 'đặc sản sóc trăng', 'htx', 'chả lụa'],
];

const limit = 24;
const facets = ['category', 'stars', 'ward', 'business', 'partner', 'price', 'inStock'];

const synonyms = readSynonyms(
  JSON.parse(readFileSync(new URL('../../src/demo/data/synonyms.json', import.meta.url), 'utf8')) as SynonymFile,
);

/** The query that our adapter would ask, for a page and not for the window that we put in our own order. */
function directRequest(q: string, key: string): Request {
  const plan = understand(q, synonyms);
  const wanted = { plan, filters: {}, sort: undefined, offset: 0, limit, withFacets: true };
  const { indexUid, ...body } = findQuery('products', wanted, synonyms);
  return {
    method: 'POST',
    path: `/indexes/${indexUid}/search`,
    // Without it Meilisearch waits 40 ms for a delayed acknowledgement, see the adapter.
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}`, 'accept-encoding': 'identity' },
    body: JSON.stringify({ ...body, facets: facets.map((facet) => `facts.${facet}`) }),
  };
}

/** Our search against Meilisearch itself, which is asked the same over HTTP and shows no price, stock or star of now. */
export async function compareSearch(
  { url, meili }: Exchange,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Compared> {
  const ourRequests = typed.map((q) => ({ path: `/v1/search?q=${encodeURIComponent(q)}&limit=${limit}` }));
  const direct = typed.map((q) => directRequest(q, meili.key));
  const ours = () => press(url, ourRequests, seconds);
  const limitOf = () => press(meili.url, direct, seconds);
  await ours();
  await limitOf();
  return compare(rounds, ours, limitOf);
}
