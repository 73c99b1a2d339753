import { askForeignJson, skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Lane } from '../../protocol/record.ts';
import { makeUri } from '../../protocol/uri.ts';
import type { Checkpoint, Ctx, Page, PartnerAdapter, Present, SourceRecord } from '../adapter.ts';
import { idOf, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { needSettings } from '../shop-settings.ts';
import { positionOf, type Reading, readAll, readByOffset, readSince } from '../since.ts';
import { limits, manifest } from './manifest.ts';
import { type Body, normalise } from './normalise.ts';
import { checkSettings } from './settings.ts';

const productFields = 'id,title,description,handle,thumbnail,updated_at,images.url,categories.handle';
const offerFields =
  'id,variants.id,variants.title,variants.sku,variants.manage_inventory,variants.allow_backorder,*variants.calculated_price,+variants.inventory_quantity';
const nameFields = { catalogue: 'id', offer: 'id,variants.id' } as const;

/** A shop of Medusa, by its store API: the publishable key opens what every visitor of the shop sees. */
export const medusaAdapter: PartnerAdapter = {
  manifest,
  normalise,
  probe: async (ctx) => {
    const { region } = needSettings(checkSettings, ctx.partner);
    const answer = await ask(ctx, `store/regions/${region}`, {});
    const currency = rowOf(rowOf(answer.json).region).currency_code;
    if (currency !== 'vnd') throw new PullFailure('schema-drift', `the region sells in ${currency}`);
    return { clockSkewMs: skewOf(answer, ctx.now()), versions: [] };
  },
  pull,
  enumerate,
  fetchOne,
};

async function* pull(ctx: Ctx, lane: Lane, from: Checkpoint | undefined): AsyncGenerator<Page> {
  const position = positionOf(from, ctx.now());
  const reading = readingOf(ctx, lane);
  if (lane === 'offer') yield* readByOffset(position, limits.maxPage, reading);
  else yield* readSince(position, { ...limits, ...manifest.clock, now: ctx.now }, reading);
}

/** What the shop shows: drafts and deleted goods are not among it. */
async function* enumerate(ctx: Ctx, lane: Lane): AsyncGenerator<Present> {
  const { origin } = ctx.partner;
  const read: Reading = ({ skip, take }) =>
    readProducts(ctx, page(skip, take, nameFields[lane]), (row) => sourcesOf(lane, row, ''));
  for await (const { keys, records } of readAll(limits.maxPage, read)) {
    if (lane === 'catalogue') for (const key of keys) yield { uri: makeUri(origin, 'listing', key) };
    else for (const { id } of records) yield { uri: makeUri(origin, 'offer', id) };
  }
}

/** Variants have no address of their own in the store API: an offer is found in its product. */
async function fetchOne(ctx: Ctx, lane: Lane, id: string): Promise<SourceRecord | 'gone'> {
  const readAt = ctx.now().toISOString();
  if (lane === 'offer') {
    const query = { ...page(0, 1, offerFields), ...priced(ctx), 'variants[id]': id };
    const { records } = await readProducts(ctx, query, (row) => sourcesOf(lane, row, readAt));
    return records.find((record) => record.id === id) ?? 'gone';
  }
  const path = `store/products/${encodeURIComponent(id)}`;
  const answer = await ask(ctx, path, { fields: productFields }, [404]);
  return answer.status === 404 ? 'gone' : { id, body: { product: rowOf(answer.json).product, readAt } };
}

/** `readAt` is one instant for the whole pull: pages that are alike must look alike. */
function readingOf(ctx: Ctx, lane: Lane): Reading {
  const readAt = ctx.now().toISOString();
  const bodies = (row: unknown) => sourcesOf(lane, row, readAt);
  return ({ after, skip, take }) => {
    if (lane === 'offer') return readProducts(ctx, { ...page(skip, take, offerFields), ...priced(ctx) }, bodies);
    // One field is all that can be sorted by (2.21.2: `updated_at,id` is refused).
    const query = { ...page(skip, take, productFields), order: 'updated_at' };
    return readProducts(ctx, after === undefined ? query : { ...query, 'updated_at[$gte]': after }, bodies);
  };
}

const page = (skip: number, take: number, fields: string) => ({
  offset: String(skip),
  limit: String(take),
  order: 'id',
  fields,
});

function priced(ctx: Ctx) {
  const { region, country } = needSettings(checkSettings, ctx.partner);
  return { region_id: region, country_code: country };
}

/** The records that a row of the list makes: one product, or each of its variants. */
function sourcesOf(lane: Lane, row: unknown, readAt: string): readonly SourceRecord[] {
  const { id, variants } = rowOf(row);
  const source = (name: unknown, body: Body): SourceRecord => ({ id: idOf(name), body });
  if (lane === 'catalogue') return [source(id, { product: row, readAt })];
  return rowsOf(variants).map((variant) => source(variant.id, { variant, productId: idOf(id), readAt }));
}

async function readProducts(
  ctx: Ctx,
  query: Readonly<Record<string, string>>,
  sources: (row: unknown) => readonly SourceRecord[],
) {
  const answer = await ask(ctx, 'store/products', query);
  const { products, count } = rowOf(answer.json);
  if (!Array.isArray(products) || typeof count !== 'number') throw new PullFailure('malformed', 'no list of products');
  return {
    keys: products.map((row) => idOf(rowOf(row).id)),
    changedAt: products.map((row) => textOf(rowOf(row).updated_at)),
    records: products.flatMap(sources),
    total: count,
    serverNow: Date.parse(String(answer.headers.date ?? '')),
  };
}

async function ask(ctx: Ctx, path: string, query: Readonly<Record<string, string>>, statuses: readonly number[] = []) {
  const key = await ctx.secret('token');
  // 2.21.2 answers 400 without a key.
  const headers: Readonly<Record<string, string>> = key ? { 'x-publishable-api-key': key } : {};
  return await askForeignJson(ctx, { path, query, headers, statuses, limits });
}
