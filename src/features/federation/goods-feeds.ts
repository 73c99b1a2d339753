import { Readable } from 'node:stream';
import { guardCell } from '#core/spreadsheet.ts';
import type { Db } from '#db/client.ts';
import { FIELDS, type Field, type Goods } from '#federation/adapters/goods/goods.ts';
import type { Listing, Offer } from '#federation/protocol/record.ts';
import { parseUri } from '#federation/protocol/uri.ts';
import { dfcLines } from './dfc-feed.ts';
import { type FeedProduct, listFeedGoods, readFeedMark } from './goods-queries.ts';

export const GOODS_FEEDS = {
  google: { path: '/feeds/google-merchant.xml', type: 'application/xml; charset=utf-8', lines: xmlLines },
  table: { path: '/feeds/products.csv', type: 'text/csv; charset=utf-8', lines: csvLines },
  dfc: { path: '/feeds/dfc.jsonld', type: 'application/ld+json; charset=utf-8', lines: dfcLines },
  sitemap: { path: '/feeds/json-ld-sitemap.xml', type: 'application/xml; charset=utf-8', lines: sitemapLines },
} as const;
export type GoodsFeed = keyof typeof GOODS_FEEDS;

/** Of the files' form: a change of it is one of each file. */
const form = 2;
const batchSize = 200;
/** sitemaps.org allows no more in one file. */
const maxAddresses = 50_000;

type Site = { readonly name: string; readonly publicUrl: string };

/** Our goods as files for those who pull no protocol. The text is read from the database as it is sent. */
export const createGoodsFeeds = ({ db, site }: { readonly db: Db; readonly site: Site }) => ({
  /** Changes whenever a listing or offer of ours does. Weak, since the bytes may be packed on the way. */
  goodsFeedTag: async (feed: GoodsFeed): Promise<string> => `W/"${feed}-${form}-${await readFeedMark(db)}"`,
  readGoodsFeed: (feed: GoodsFeed): Readable => Readable.from(GOODS_FEEDS[feed].lines(readProducts(db), site)),
});

/** A batch is one statement, so a product is whole; a transaction over all would stay open as long as the slowest reader. */
async function* readProducts(db: Db): AsyncGenerator<FeedProduct> {
  for (let after: string | undefined; ; ) {
    const rows = await listFeedGoods(db, after, batchSize);
    for (const { listing, offers } of rows) yield { listing, offers: offers ?? [] };
    after = rows.at(-1)?.productId;
    if (rows.length < batchSize) return;
  }
}

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Readers of these feeds take descriptions for HTML, so a bare `<` of ours must be said as HTML says it. */
const asHtml = (text: string): string => text.replace(/[&<>]/g, (letter) => markup[letter] ?? letter);
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const asXml = (text: string): string => asHtml(text.replace(forbidden, ''));

const numberOf = (value: number | undefined): string => (value === undefined ? '' : String(value));
const idOf = (uri: string): string => parseUri(uri)?.id ?? uri;
const money = (amount: number): string => `${amount} VND`;

/** What an offer says, by the names that our own readers know as well. */
const goodsOf = (listing: Listing, offer: Offer): Goods => ({
  ...wordsOf(listing),
  ...offerWords(offer),
  ...ocopWords(listing),
});

const wordsOf = ({
  uri,
  title,
  description,
  landingUrl,
  images,
  gtin,
  categoryCode,
  producer,
  ...more
}: Listing): Goods => ({
  item_group_id: idOf(uri),
  title: title.vi,
  title_en: title.en ?? '',
  description: asHtml(description?.vi ?? ''),
  description_en: asHtml(description?.en ?? ''),
  link: landingUrl,
  image_link: images[0]?.url ?? '',
  additional_image_link: images
    .slice(1)
    .map(({ url }) => url)
    .join('\n'),
  brand: producer.name,
  gtin: gtin ?? '',
  product_type: categoryCode,
  unit_pricing_measure: more.netContent ? `${more.netContent.value} ${more.netContent.unit}` : '',
  unit: more.unit ?? '',
  shelf_life_days: numberOf(more.shelfLife?.days),
});

const ocopWords = ({ producer, ocop }: Listing): Goods => ({
  producer_id: idOf(producer.uri),
  tax_code: producer.taxCode ?? '',
  province: producer.province ?? '',
  commune: producer.commune ?? '',
  ocop_stars: numberOf(ocop?.stars),
  ocop_decision: ocop?.decisionNo ?? '',
  ocop_issuer: ocop?.issuer ?? '',
  ocop_issued: ocop?.issuedOn ?? '',
  ocop_expires: ocop?.expiresOn ?? '',
});

function offerWords({ uri, price, listPrice, availability, ...more }: Offer): Goods {
  const before = listPrice && listPrice.amount > price.amount ? listPrice : undefined;
  return {
    id: idOf(uri),
    price: money((before ?? price).amount),
    sale_price: before ? money(price.amount) : '',
    availability: availability.state.replaceAll('-', '_').replace('pre_order', 'preorder'),
    quantity: numberOf(availability.quantity),
    mpn: more.sku ?? '',
    size: more.label ?? '',
    position: numberOf(more.position),
    min_quantity: numberOf(more.minQty),
    max_quantity: numberOf(more.maxQty),
  };
}

const own: ReadonlySet<Field> = new Set(FIELDS.slice(FIELDS.indexOf('unit')));

/** Google's names stand in its namespace, ours in one of our own that other readers pass over. */
async function* xmlLines(products: AsyncIterable<FeedProduct>, { name, publicUrl }: Site): AsyncGenerator<string> {
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0" xmlns:ocop="${asXml(publicUrl)}/feeds/ns">\n<channel><title>${asXml(name)}</title><link>${asXml(publicUrl)}</link><description>OCOP</description>\n`;
  for await (const { listing, offers } of products)
    yield offers.map((offer) => itemOf(goodsOf(listing, offer))).join('');
  yield '</channel></rss>\n';
}

function itemOf(goods: Goods): string {
  const elements = FIELDS.filter((field) => goods[field]).flatMap((field) => {
    const tag = `${own.has(field) ? 'ocop' : 'g'}:${field}`;
    const text = goods[field] ?? '';
    // One element a picture, as Google says it.
    const values = field === 'additional_image_link' ? text.split('\n').slice(0, 10) : [text];
    return values.map((value) => `<${tag}>${asXml(value)}</${tag}>`);
  });
  return `<item>${elements.join('')}</item>\n`;
}

const cell = (text: string): string => {
  const guarded = guardCell(text);
  return /[",;\r\n\t]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

/** With the mark by which Excel knows UTF-8; cells that it would run are marked as text. */
async function* csvLines(products: AsyncIterable<FeedProduct>): AsyncGenerator<string> {
  yield `\ufeff${FIELDS.join(',')}\r\n`;
  for await (const { listing, offers } of products) {
    const rows = offers.map((offer) => goodsOf(listing, offer));
    yield rows.map((goods) => `${FIELDS.map((field) => cell(goods[field] ?? '')).join(',')}\r\n`).join('');
  }
}

/** The product pages, which carry their JSON-LD. */
async function* sitemapLines(products: AsyncIterable<FeedProduct>): AsyncGenerator<string> {
  yield '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n';
  let count = 0;
  for await (const { listing, offers } of products) {
    if (count === maxAddresses) break;
    count += 1;
    const changed = [listing.at, ...offers.map(({ at }) => at)].sort().at(-1) ?? listing.at;
    yield `<url><loc>${asXml(listing.landingUrl)}</loc><lastmod>${changed}</lastmod></url>\n`;
  }
  yield '</urlset>\n';
}
