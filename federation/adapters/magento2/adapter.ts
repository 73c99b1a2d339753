import { askForeignJson, skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Ctx, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { needSettings } from '../shop-settings.ts';
import { type Answered, type Asked, pagedAdapter } from '../shops/paged.ts';
import { localTime } from '../shops/records.ts';
import { limits, manifest } from './manifest.ts';
import { isShown, normalise } from './normalise.ts';
import { checkSettings, UNVERIFIED } from './settings.ts';

/** A shop of Magento 2 or Adobe Commerce. Secret: `token` of an integration that may read products and source items. */
export const magento2Adapter = pagedAdapter({
  manifest,
  normalise,
  isShown,
  readPage,
  offersOf,
  probe: async (ctx) => {
    const answer = await ask(ctx, 'products', search([], 1, 1));
    if (!Array.isArray(rowOf(answer.json).items)) throw new PullFailure('malformed', 'no list of products');
    return { clockSkewMs: skewOf(answer, ctx.now()), versions: ['V1'] };
  },
});

type Filter = readonly [field: string, condition: 'gteq' | 'in', value: string];

/** Sorted, since without an order Magento gives some rows twice and others never (magento2 issues 25001, 39031). */
function search(filters: readonly Filter[], page: number, take: number, sort = 'entity_id') {
  const asked = filters.flatMap(([field, condition, value], i) => {
    const path = `searchCriteria[filter_groups][${i}][filters][0]`;
    return [
      [`${path}[field]`, field],
      [`${path}[value]`, value],
      [`${path}[condition_type]`, condition],
    ];
  });
  return {
    ...Object.fromEntries(asked),
    'searchCriteria[sortOrders][0][field]': sort,
    'searchCriteria[sortOrders][0][direction]': 'ASC',
    'searchCriteria[pageSize]': String(take),
    'searchCriteria[currentPage]': String(page),
  };
}

function readPage(ctx: Ctx, { after, page, take }: Asked): Promise<Answered> {
  const since: readonly Filter[] = after ? [['updated_at', 'gteq', localTime(after, '+00:00').replace('T', ' ')]] : [];
  return list(ctx, 'products', search(since, page, take));
}

/** What a configurable product sells are simple products that are not shown alone; its stock lies in source items. */
async function offersOf(ctx: Ctx, products: readonly Row[]): Promise<readonly SourceRecord[]> {
  const parents = new Map<string, string>();
  for (const product of products.filter(({ type_id }) => type_id === 'configurable')) {
    for (const child of linksOf(product)) parents.set(child, idOf(product.id));
  }
  const children = await readIn(ctx, 'products', 'entity_id', [...parents.keys()]);
  const sold = [...products.filter(({ type_id }) => type_id === 'simple'), ...children.filter(isEnabled)];
  const sources = Map.groupBy(
    await readIn(ctx, 'inventory/source-items', 'sku', sold.map(({ sku }) => textOf(sku)).filter(Boolean)),
    ({ sku }) => textOf(sku),
  );
  return sold.map((item) => {
    const id = idOf(item.id);
    return { id, body: { item, productId: parents.get(id) ?? id, sources: sources.get(textOf(item.sku)) ?? [] } };
  });
}

const isEnabled = ({ status }: Row): boolean => status === 1;

function linksOf(product: Row): readonly string[] {
  const links = rowOf(product.extension_attributes).configurable_product_links;
  return Array.isArray(links) ? links.map(idOf) : [];
}

/** Few at a time, since they stand in the address. Several sources may keep one article. */
const namesAtOnce = 50;

async function readIn(ctx: Ctx, path: string, field: string, names: readonly string[]): Promise<readonly Row[]> {
  const found: Row[] = [];
  for (let i = 0; i < names.length; i += namesAtOnce) {
    const filter: Filter = [field, 'in', names.slice(i, i + namesAtOnce).join(',')];
    const sort = path === 'products' ? 'entity_id' : 'source_item_id';
    for (let page = 1, read = 0; ; page += 1) {
      const { rows, total } = await list(ctx, path, search([filter], page, limits.maxPage, sort));
      found.push(...rows);
      read += rows.length;
      if (rows.length === 0 || read >= (total ?? 0)) break;
    }
  }
  return found;
}

async function list(ctx: Ctx, path: string, query: Readonly<Record<string, string>>): Promise<Answered> {
  const { json, headers } = await ask(ctx, path, query);
  const { items, total_count: total } = rowOf(json);
  if (!Array.isArray(items) || typeof total !== 'number') throw new PullFailure('malformed', `no list of ${path}`);
  return { rows: rowsOf(items), total, serverNow: Date.parse(String(headers.date ?? '')) };
}

async function ask(ctx: Ctx, path: string, query: Readonly<Record<string, string>>) {
  const { storeView = UNVERIFIED.storeView } = needSettings(checkSettings, ctx.partner);
  const headers = { authorization: `Bearer ${(await ctx.secret('token')) ?? ''}` };
  return await askForeignJson(ctx, { path: `rest/${storeView}/V1/${path}`, query, headers, limits });
}
