import { askForeignJson, skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Ctx, PartnerAdapter, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf } from '../json-rows.ts';
import { type Check, needSettings } from '../shop-settings.ts';
import { type Answered, type Asked, pagedAdapter } from './paged.ts';
import { type Dialect, isPublished } from './variants.ts';

/** What is asked of a partner, as its settings or the unverified defaults say. */
export type Ways = {
  readonly sinceParameter: string;
  /** The list of products and, beside it, their number. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
};

type Listed<Settings extends { readonly pageSize?: number }> = {
  readonly manifest: PartnerAdapter['manifest'];
  readonly normalise: PartnerAdapter['normalise'];
  readonly dialect: Dialect;
  readonly check: Check<Settings>;
  readonly waysOf: (ctx: Ctx, settings: Settings) => Promise<Ways>;
};

/** Shops whose products hold their variants: `products.json` by page and limit, `products/count.json` for their number. */
export function listedAdapter<Settings extends { readonly pageSize?: number }>(shop: Listed<Settings>): PartnerAdapter {
  const { manifest, normalise, dialect, check } = shop;
  const { limits } = manifest;
  // Both throw PullFailure when the settings are not those of the adapter.
  const takeOf = ({ partner }: Ctx): number => needSettings(check, partner).pageSize ?? limits.maxPage;
  const waysOf = (ctx: Ctx): Promise<Ways> => shop.waysOf(ctx, needSettings(check, ctx.partner));
  const readPage = async (ctx: Ctx, { after, page, take }: Asked): Promise<Answered> => {
    const { path, headers, sinceParameter } = await waysOf(ctx);
    const since: Readonly<Record<string, string>> = after ? { [sinceParameter]: after.toISOString() } : {};
    const query = { page: String(page), limit: String(take), ...since };
    const answer = await askForeignJson(ctx, { path: `${path}.json`, query, headers, limits });
    const { products } = rowOf(answer.json);
    if (!Array.isArray(products)) throw new PullFailure('malformed', 'no list of products');
    const rows = rowsOf(products);
    // The list does not tell how many there are, so that is asked where a reading begins and where it seems to end.
    const isBorder = page === 1 || rows.length < take;
    const total = isBorder ? await countOf(ctx, path, headers, since) : undefined;
    return { rows, total, serverNow: Date.parse(String(answer.headers.date ?? '')) };
  };
  const countOf = async (ctx: Ctx, path: string, headers: Ways['headers'], query: Readonly<Record<string, string>>) => {
    const { count } = rowOf((await askForeignJson(ctx, { path: `${path}/count.json`, query, headers, limits })).json);
    if (typeof count !== 'number' || !Number.isSafeInteger(count)) throw new PullFailure('malformed', 'no count');
    return count;
  };
  return pagedAdapter({
    manifest,
    normalise,
    readPage,
    takeOf,
    isShown: (product) => isPublished(product, dialect),
    offersOf: async (_ctx, products) => products.flatMap(variantsOf),
    probe: async (ctx) => {
      const { path, headers } = await waysOf(ctx);
      const query = { page: '1', limit: '1' };
      const answer = await askForeignJson(ctx, { path: `${path}.json`, query, headers, limits });
      if (!Array.isArray(rowOf(answer.json).products)) throw new PullFailure('malformed', 'no list of products');
      return { clockSkewMs: skewOf(answer, ctx.now()), versions: [] };
    },
  });
}

const variantsOf = (product: Row): readonly SourceRecord[] =>
  rowsOf(product.variants).map((variant) => ({ id: idOf(variant.id), body: { variant, productId: idOf(product.id) } }));
