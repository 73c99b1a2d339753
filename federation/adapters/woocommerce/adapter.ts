import { askForeignJson, skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Ctx, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf } from '../json-rows.ts';
import { needSettings } from '../shop-settings.ts';
import { type Answered, type Asked, pagedAdapter } from '../shops/paged.ts';
import { localTime } from '../shops/records.ts';
import { limits, manifest } from './manifest.ts';
import { isShown, normalise } from './normalise.ts';
import { checkSettings } from './settings.ts';

const products = 'wp-json/wc/v3/products';

/** A shop of WooCommerce by its REST v3. Secrets: `key` and `secret` of a key that may read. */
export const woocommerceAdapter = pagedAdapter({
  manifest,
  normalise,
  isShown,
  readPage,
  offersOf,
  probe: async (ctx) => {
    needSettings(checkSettings, ctx.partner);
    const answer = await ask(ctx, products, { per_page: '1' });
    if (!Array.isArray(answer.json)) throw new PullFailure('malformed', 'no list of products');
    return { clockSkewMs: skewOf(answer, ctx.now()), versions: ['wc/v3'] };
  },
});

function readPage(ctx: Ctx, { after, page, take }: Asked): Promise<Answered> {
  const { datesAreGmt = true, utcOffset = manifest.clock.zone } = needSettings(checkSettings, ctx.partner);
  // A second earlier, since the filter leaves the very second out and knows no smaller part.
  const bound = after && new Date(after.getTime() - 1_000);
  const since: Readonly<Record<string, string>> = bound
    ? datesAreGmt
      ? { modified_after: localTime(bound, '+00:00'), dates_are_gmt: 'true' }
      : { modified_after: localTime(bound, utcOffset) }
    : {};
  return list(ctx, products, {
    ...{ page: String(page), per_page: String(take), orderby: 'id', order: 'asc', status: 'any' },
    ...since,
  });
}

/** Variations have a list of their own, product by product. */
async function offersOf(ctx: Ctx, rows: readonly Row[]): Promise<readonly SourceRecord[]> {
  const offers: SourceRecord[] = [];
  for (const row of rows) {
    const { id, manage_stock, stock_quantity } = row;
    const product = { id, manage_stock, stock_quantity };
    const items = row.type === 'variable' ? await variationsOf(ctx, idOf(id)) : [row];
    for (const item of items) offers.push({ id: idOf(item.id), body: { item, product } });
  }
  return offers;
}

async function variationsOf(ctx: Ctx, id: string): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let page = 1; ; page += 1) {
    const { rows, total } = await list(ctx, `${products}/${encodeURIComponent(id)}/variations`, {
      ...{ page: String(page), per_page: String(limits.maxPage), orderby: 'id', order: 'asc', status: 'publish' },
    });
    found.push(...rows);
    if (rows.length === 0 || found.length >= (total ?? 0)) return found;
  }
}

async function list(ctx: Ctx, path: string, query: Readonly<Record<string, string>>): Promise<Answered> {
  const { json, headers } = await ask(ctx, path, query);
  const total = Number(headers['x-wp-total']);
  if (!Array.isArray(json) || !Number.isSafeInteger(total)) throw new PullFailure('malformed', 'no counted list');
  const rows = rowsOf(json).map(rowOf);
  return { rows, total, serverNow: Date.parse(String(headers.date ?? '')) };
}

async function ask(ctx: Ctx, path: string, query: Readonly<Record<string, string>>) {
  const [key = '', secret = ''] = [await ctx.secret('key'), await ctx.secret('secret')];
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  return await askForeignJson(ctx, { path, query, headers: { authorization }, limits });
}
