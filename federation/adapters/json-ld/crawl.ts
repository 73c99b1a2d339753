import robotsModule from 'robots-parser';
import { PullFailure } from '../../engine/failure.ts';
import type { Limits } from '../../engine/pace.ts';
import type { Ctx } from '../adapter.ts';
import { type Fetched, failureOf, fetchPublic, mediaType, USER_AGENT, wholeOf } from '../goods/fetch.ts';
import type { Goods } from '../goods/goods.ts';
import { needGoodsSettings } from '../goods/settings.ts';
import { readPage } from './products.ts';
import { readSitemap } from './sitemap.ts';

const mib = 1_048_576;
const maxPageBytes = 4 * mib;
const maxSitemapBytes = 16 * mib;
const maxSitemaps = 20;
const defaultMaxPages = 500;
const longestDelayS = 30;

/** What a page said. `fault` when it could not be told whose goods these are. */
export type Crawled = { readonly page: string; readonly goods: readonly Goods[]; readonly fault?: string };
export type Crawl = {
  readonly pages: readonly Crawled[];
  /** Whether every page was read: only then is what was not met gone. */
  readonly isWhole: boolean;
};

/** The package is CommonJS and exports its function itself; its types say that it is a member `default`. */
const robotsParser = robotsModule as unknown as typeof robotsModule.default;

type Rules = {
  readonly isAllowed: (url: string) => boolean;
  readonly sitemaps: readonly string[];
  readonly limits: Limits;
};

/** Reads the product pages that the sitemap names, as robots.txt lets us, one request a second or slower. */
export async function crawl(ctx: Ctx, limits: Limits): Promise<Crawl> {
  const settings = needGoodsSettings(ctx.partner);
  const rules = await readRobots(ctx, limits);
  const addresses = await findPages(ctx, rules, settings.url);
  const most = settings.maxPages ?? defaultMaxPages;
  const pages: Crawled[] = [];
  let failed = 0;
  for (const address of addresses.slice(0, most)) {
    const read = await readOne(ctx, new URL(address), rules.limits);
    if (read === 'failed') failed += 1;
    else if (read) pages.push(read);
    if (failed > 10 && failed > pages.length) throw new PullFailure('unreachable', `${failed} pages could not be read`);
  }
  const isClear = failed === 0 && pages.every(({ fault }) => fault === undefined);
  return { pages, isWhole: isClear && addresses.length <= most };
}

/** A site without the file forbids nothing; one that cannot say what it forbids is left alone (RFC 9309). */
async function readRobots(ctx: Ctx, limits: Limits): Promise<Rules> {
  const url = new URL('/robots.txt', ctx.partner.baseUrl);
  const answer = await fetchPublic(ctx, { url, accept: 'text/plain', limits: { ...limits, maxBytes: mib } });
  if (answer.status === 429 || answer.status >= 500) throw failureOf(answer, ctx.now());
  const text = answer.status === 200 ? (await wholeOf(answer, mib)).toString('utf8') : '';
  const robots = robotsParser(url.href, text);
  const delay = Math.min(longestDelayS, robots.getCrawlDelay(USER_AGENT) ?? 0);
  return {
    isAllowed: (page) => robots.isAllowed(page, USER_AGENT) !== false,
    sitemaps: robots.getSitemaps(),
    limits: { rps: Math.min(limits.rps, 1 / Math.max(1, delay)), burst: 1 },
  };
}

/** Addresses of pages on the partner's own host, each once. A sitemap may lie elsewhere; pages may not. */
async function findPages(ctx: Ctx, rules: Rules, named: string | undefined): Promise<readonly string[]> {
  const { baseUrl } = ctx.partner;
  const stated = named ? [named] : rules.sitemaps;
  const waiting = stated.length > 0 ? [...stated] : ['/sitemap.xml'];
  const found = new Set<string>();
  for (let read = 0; waiting.length > 0; read += 1) {
    if (read === maxSitemaps) throw new PullFailure('too-large', `more than ${maxSitemaps} sitemaps`);
    const url = URL.parse(waiting.shift() ?? '', baseUrl.href);
    const { pages, sitemaps } = url ? await fetchSitemap(ctx, url, rules.limits) : { pages: [], sitemaps: [] };
    waiting.push(...sitemaps);
    for (const page of pages) found.add(URL.parse(page, url?.href)?.href ?? '');
  }
  return [...found].filter((page) => URL.parse(page)?.host === baseUrl.host && rules.isAllowed(page));
}

async function fetchSitemap(ctx: Ctx, url: URL, pace: Limits) {
  const limits = { ...pace, maxBytes: maxSitemapBytes };
  const answer = await fetchPublic(ctx, { url, accept: 'application/xml, text/xml', limits });
  if (answer.status !== 200) throw failureOf(answer, ctx.now());
  return readSitemap(await wholeOf(answer, maxSitemapBytes));
}

async function readOne(ctx: Ctx, url: URL, limits: Limits): Promise<Crawled | 'failed' | undefined> {
  const answer = await fetchPublic(ctx, { url, accept: 'text/html', limits: { ...limits, maxBytes: maxPageBytes } });
  if (answer.status === 404 || answer.status === 410) return undefined;
  if (answer.status === 429 || answer.status === 503) throw failureOf(answer, ctx.now());
  if (answer.status !== 200) return 'failed';
  // A page that leads to another is read there, and not as this one.
  if (
    answer.url.host !== ctx.partner.baseUrl.host ||
    !/^(?:text\/html|application\/xhtml\+xml)$/.test(mediaType(answer))
  )
    return undefined;
  return { page: answer.url.href, ...readPage(await textOf(answer), answer.url) };
}

async function textOf(answer: Fetched): Promise<string> {
  return (await wholeOf(answer, maxPageBytes)).toString('utf8');
}
