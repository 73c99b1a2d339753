import { skewOf } from '../../engine/ask-foreign.ts';
import { PullFailure } from '../../engine/failure.ts';
import type { Lane } from '../../protocol/record.ts';
import { makeUri } from '../../protocol/uri.ts';
import type { Checkpoint, Ctx, Page, PartnerAdapter, Present, SourceRecord } from '../adapter.ts';
import { needSettings } from '../shop-settings.ts';
import { positionOf, type Reading, type Rows, readAll, readByOffset, readSince } from '../since.ts';
import { type Answer, type Ask, listOf, openClient } from './client.ts';
import { limits, manifest } from './manifest.ts';
import { type Body, normalise } from './normalise.ts';
import { checkSettings } from './settings.ts';

const productFields = `id updatedAt enabled featuredAsset { source } assets { source } facetValues { code }
  translations { languageCode name slug description }`;
const variantFields = `id productId updatedAt sku enabled trackInventory outOfStockThreshold useGlobalOutOfStockThreshold
  priceWithTax currencyCode stockLevels { stockOnHand stockAllocated } options { name }`;
const globalFields = 'globalSettings { trackInventory outOfStockThreshold }';

/** A shop of Vendure, by its admin API; the key needs the permission ReadCatalog alone. */
export const vendureAdapter: PartnerAdapter = {
  manifest,
  normalise,
  probe: async (ctx) => {
    const ask = await openClient(ctx, needSettings(checkSettings, ctx.partner));
    const { data, answer } = await ask(
      '{ activeChannel { defaultCurrencyCode } products(options: { take: 1 }) { totalItems } }',
    );
    const currency = Object(data.activeChannel).defaultCurrencyCode;
    if (currency !== 'VND') throw new PullFailure('schema-drift', `the channel sells in ${currency}`);
    return { clockSkewMs: skewOf(answer, ctx.now()), versions: [] };
  },
  pull,
  enumerate,
  fetchOne,
};

async function* pull(ctx: Ctx, lane: Lane, from: Checkpoint | undefined): AsyncGenerator<Page> {
  const ask = await openClient(ctx, needSettings(checkSettings, ctx.partner));
  const position = positionOf(from, ctx.now());
  const reading = await readingOf(ask, lane, ctx.now().toISOString());
  if (lane === 'offer') yield* readByOffset(position, limits.maxPage, reading);
  else yield* readSince(position, { ...limits, ...manifest.clock, now: ctx.now }, reading);
}

/** What is shown in the shop: hidden goods are as good as gone. */
async function* enumerate(ctx: Ctx, lane: Lane): AsyncGenerator<Present> {
  const ask = await openClient(ctx, needSettings(checkSettings, ctx.partner));
  const { list, type } = lists[lane];
  const query = `query($o: ${type}) { ${list}(options: $o) { totalItems items { id } } }`;
  const read: Reading = async ({ skip, take }) => {
    const o = { skip, take, sort: { id: 'ASC' }, filter: { enabled: { eq: true } } };
    return rowsOf(await ask(query, { o }), list, () => ({ readAt: '' }));
  };
  const kind = lane === 'catalogue' ? 'listing' : 'offer';
  for await (const { keys } of readAll(limits.maxPage, read)) {
    for (const key of keys) yield { uri: makeUri(ctx.partner.origin, kind, key) };
  }
}

async function fetchOne(ctx: Ctx, lane: Lane, id: string): Promise<SourceRecord | 'gone'> {
  const ask = await openClient(ctx, needSettings(checkSettings, ctx.partner));
  const readAt = ctx.now().toISOString();
  if (lane === 'catalogue') {
    const { data } = await ask(`query($id: ID!) { product(id: $id) { ${productFields} } }`, { id });
    return data.product ? { id, body: { product: data.product, readAt } } : 'gone';
  }
  const { data } = await ask(`query($id: ID!) { productVariant(id: $id) { ${variantFields} } ${globalFields} }`, {
    id,
  });
  return data.productVariant
    ? { id, body: { variant: data.productVariant, globals: data.globalSettings, readAt } }
    : 'gone';
}

const lists = {
  catalogue: { list: 'products', type: 'ProductListOptions', fields: productFields },
  offer: { list: 'productVariants', type: 'ProductVariantListOptions', fields: variantFields },
} as const;

/** `readAt` is one instant for the whole pull: pages that are alike must look alike. */
async function readingOf(ask: Ask, lane: Lane, readAt: string): Promise<Reading> {
  const { list, type, fields } = lists[lane];
  const query = `query($o: ${type}) { ${list}(options: $o) { totalItems items { ${fields} } } }`;
  const globals = lane === 'offer' ? (await ask(`{ ${globalFields} }`)).data.globalSettings : undefined;
  const bodyOf = (row: unknown): Body =>
    lane === 'offer' ? { variant: row, globals, readAt } : { product: row, readAt };
  return async ({ after, skip, take }) => {
    const sort = lane === 'offer' ? { id: 'ASC' } : { updatedAt: 'ASC', id: 'ASC' };
    const filter = after === undefined ? {} : { filter: { updatedAt: { after } } };
    return rowsOf(await ask(query, { o: { skip, take, sort, ...filter } }), list, bodyOf);
  };
}

/** A row that is nothing we know is rejected later, by itself. */
function rowsOf(answer: Answer, list: string, bodyOf: (row: unknown) => Body): Rows {
  const { items, total } = listOf(answer, list);
  const keys = items.map((row) => String(Object(row).id ?? ''));
  return {
    keys,
    changedAt: items.map((row) => String(Object(row).updatedAt ?? '')),
    records: items.map((row, i) => ({ id: keys[i] ?? '', body: bodyOf(row) })),
    total,
    serverNow: Date.parse(String(answer.answer.headers.date ?? '')),
  };
}
