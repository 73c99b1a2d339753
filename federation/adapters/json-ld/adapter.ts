import { skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { PeerHttp } from '../../engine/http.ts';
import type { Lane } from '../../protocol/record.ts';
import type { Ctx, Page, PartnerAdapter, SourceRecord } from '../adapter.ts';
import { fetchPublic } from '../goods/fetch.ts';
import { goodsUri, uriOf } from '../goods/goods.ts';
import { normaliseGoods } from '../goods/normalise.ts';
import { type Crawl, type Crawled, crawl } from './crawl.ts';

const limits = { rps: 1, burst: 1, maxPage: 500, maxBytes: 16 * 1_048_576 };

type Kept = { readonly at: number; readonly crawl: Crawl };
/** Both lanes are told from one crawl: no page is asked for twice. */
const kept = new WeakMap<PeerHttp, Map<string, Kept>>();
const keptMs = 10 * 60_000;

/** The pages that a shop writes for search engines, for partners who can give nothing else. Shoppers are led there to buy. */
export const jsonLdAdapter: PartnerAdapter = {
  manifest: {
    kind: 'json-ld',
    adapterVersion: '1',
    simulated: false,
    lanes: { catalogue: 'crawl', offer: 'crawl' },
    deletes: 'snapshot-absence',
    revisions: 'ours',
    money: { exponent: 0, tax: 'included' },
    clock: { zone: 'Asia/Ho_Chi_Minh', overlapMs: 0, inclusive: true },
    orders: 'referral',
    limits,
  },
  normalise: normaliseGoods,
  probe: async (ctx) => {
    const url = new URL('/robots.txt', ctx.partner.baseUrl);
    const answer = await fetchPublic(ctx, { url, accept: 'text/plain', limits });
    return { clockSkewMs: skewOf(answer, ctx.now()), versions: [] };
  },
  pull,
};

async function* pull(ctx: Ctx, lane: Lane): AsyncGenerator<Page> {
  const done = await crawlOnce(ctx, lane);
  const readAt = ctx.now().toISOString();
  const records = new Map<string, SourceRecord>();
  for (const crawled of done.pages) {
    for (const record of recordsOf(crawled, ctx, lane, readAt)) {
      if (!records.has(record.id)) records.set(record.id, record);
    }
  }
  if (records.size === 0) throw new PullFailure('snapshot-mismatch', 'no page tells of any goods');
  const whole = done.isWhole ? { snapshot: { total: records.size } } : {};
  yield { records: [...records.values()], next: readAt, complete: true, ...whole };
}

function recordsOf({ page, goods, fault }: Crawled, ctx: Ctx, lane: Lane, readAt: string): readonly SourceRecord[] {
  const { origin } = ctx.partner;
  if (fault)
    return [
      { id: uriOf(origin, lane === 'catalogue' ? 'listing' : 'offer', page), body: { fault: `${page}: ${fault}` } },
    ];
  return goods.map((one) => ({ id: goodsUri(origin, lane, one), body: { lane, goods: one, readAt } }));
}

async function crawlOnce(ctx: Ctx, lane: Lane): Promise<Crawl> {
  const crawls = kept.get(ctx.http) ?? new Map<string, Kept>();
  kept.set(ctx.http, crawls);
  const last = crawls.get(ctx.partner.key);
  crawls.delete(ctx.partner.key);
  const isFresh = last !== undefined && ctx.now().getTime() - last.at < keptMs;
  if (lane === 'offer' && isFresh) return last.crawl;
  const done = await crawl(ctx, limits);
  if (lane === 'catalogue') crawls.set(ctx.partner.key, { at: ctx.now().getTime(), crawl: done });
  return done;
}
