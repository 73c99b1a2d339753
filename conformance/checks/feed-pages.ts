import { every, must, same } from '../kit/check.ts';
import { type Goods, readJsonLd, readXml, textOf } from '../kit/feed-files.ts';
import { create, setPrice, setStock, withdraw } from '../kit/goods.ts';
import type { Session } from '../kit/session.ts';

import { check, isAtHome, items, pages, sitemap } from './feed-reading.ts';

const crawl = [
  check(
    'sitemap-root',
    'bronze',
    ['Sitemap đúng dạng', 'The sitemap is one'],
    ['urlset của sitemaps.org.', 'urlset of sitemaps.org.'],
    async (t) => {
      const { root, spaces } = await sitemap(t);
      same(
        [root, spaces.includes('http://www.sitemaps.org/schemas/sitemap/0.9')],
        ['urlset', true],
        'root and namespace',
      );
    },
  ),
  check(
    'sitemap-addresses',
    'bronze',
    ['Địa chỉ thuộc sàn, không lặp, tối đa 50.000', 'Addresses are own, unique, 50,000 at most'],
    ['Mỗi trang sản phẩm một lần.', 'Each product page once.'],
    async (t) => {
      const all = await pages(t);
      every(all, ({ loc }) => isAtHome(t, loc), `addresses on ${t.target.host}`);
      same([new Set(all.map(({ loc }) => loc)).size, all.length <= 50_000], [all.length, true], 'addresses');
    },
  ),
  check(
    'sitemap-dates',
    'silver',
    ['lastmod là ngày đúng dạng', 'lastmod is a date'],
    ['Dạng W3C, như 2026-11-23T07:00:00Z.', 'As W3C writes it, like 2026-11-23T07:00:00Z.'],
    async (t) =>
      every(
        await pages(t),
        ({ lastmod }) =>
          lastmod === undefined || (/^\d{4}-\d{2}-\d{2}/.test(lastmod) && !Number.isNaN(Date.parse(lastmod))),
        'a date',
      ),
  ),
  check(
    'json-ld',
    'silver',
    ['Trang sản phẩm có JSON-LD Product với giá VND', 'Product pages hold JSON-LD Product with a price in VND'],
    ['schema.org Product, offers.price, priceCurrency.', 'schema.org Product, offers.price, priceCurrency.'],
    async (t) => {
      for (const { loc = '' } of (await pages(t)).slice(0, 3)) {
        const { name, prices } = await productAt(t, loc);
        must(name !== '' && prices.length > 0, 'a name and a price in VND', loc);
      }
    },
  ),
  check(
    'json-ld-price',
    'silver',
    ['Giá trong JSON-LD là giá trong tệp', 'The price of JSON-LD is that of the file'],
    ['Lấy từ một nguồn.', 'Take both from one source.'],
    async (t) => {
      const all = await items(t);
      for (const { link = '' } of all.slice(0, 3)) {
        const told = all
          .filter((goods) => goods.link === link)
          .map((goods) => Number.parseInt(goods.sale_price || goods.price || '', 10));
        const { prices } = await productAt(t, link);
        must(
          prices.some((amount) => told.includes(amount)),
          `one of ${told.join(', ')}`,
          { link, prices },
        );
      }
    },
  ),
  check(
    'robots',
    'silver',
    ['robots.txt cho đọc tệp và trang', 'robots.txt lets files and pages be read'],
    ['Cho phép ocop-federation.', 'Let ocop-federation in.'],
    async (t) => {
      const { status, body } = await t.file('/robots.txt');
      if (status !== 200) return;
      const barred = barredFor('ocop-federation', body.toString('utf8'));
      const wanted = [...Object.values(t.feeds), URL.parse((await pages(t))[0].loc ?? '')?.pathname ?? '/'];
      every(wanted, (path) => !barred.some((prefix) => path.startsWith(prefix)), 'a path that may be read');
    },
  ),
];

async function productAt(
  t: Session,
  url: string,
): Promise<{ readonly name: string; readonly prices: readonly number[] }> {
  const { pathname } = new URL(url);
  const html = textOf(await t.file(pathname));
  const product = readJsonLd(html).find((said) =>
    [said['@type']].flat().some((type) => type === 'Product' || type === 'ProductGroup'),
  );
  must(product !== undefined, 'a Product in JSON-LD', html.slice(0, 300));
  const variants = [product, ...[Object(product).hasVariant ?? []].flat()];
  const offers = variants
    .flatMap((one) => [Object(one).offers ?? []].flat())
    .flatMap((one) => [one, ...[Object(one).offers ?? []].flat()]);
  const inVnd = offers.filter((offer) => Object(offer).priceCurrency === 'VND');
  return {
    name: String(product.name ?? ''),
    prices: inVnd.flatMap((offer) => [offer.price, offer.lowPrice].filter((one) => one !== undefined).map(Number)),
  };
}

type Group = { readonly names: string[]; readonly barred: string[]; hasRules: boolean };

/** What `agent` may not read, by the group that names it or else the one for all; without patterns. */
function barredFor(agent: string, text: string): readonly string[] {
  const groups: Group[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^\s*([A-Za-z-]+)\s*:\s*([^#]*?)\s*(?:#.*)?$/.exec(line) ?? [];
    if (field !== '') addRule(groups, field.toLowerCase(), value);
  }
  const ofNamed = (name: string) => groups.filter(({ names }) => names.includes(name));
  const named = ofNamed(agent);
  return (named.length > 0 ? named : ofNamed('*')).flatMap(({ barred }) => barred);
}

/** Names that follow each other share the rules below them. */
function addRule(groups: Group[], field: string, value: string): void {
  const last = groups.at(-1);
  if (field === 'user-agent') {
    if (last && !last.hasRules) last.names.push(value.toLowerCase());
    else groups.push({ names: [value.toLowerCase()], barred: [], hasRules: false });
  } else if (last) {
    last.hasRules = true;
    if (field === 'disallow' && value !== '') last.barred.push(value);
  }
}

const idOf = (uri: string): string => uri.split('/').at(-1) ?? uri;

/** Goods of the driver's as the XML tells them, once they are told so. */
async function withFeedGoods(
  t: Session,
  run: (
    offer: string,
    listing: string,
    seen: (isSo: (goods: Goods | undefined) => boolean) => Promise<true>,
  ) => Promise<void>,
): Promise<void> {
  const { offer, listing } = await create(t);
  const seen = (isSo: (goods: Goods | undefined) => boolean) =>
    t.until(`the feed to tell ${idOf(offer)} as it was written`, async () => {
      const { items: all } = readXml(textOf(await t.plain('GET', t.feeds.google)));
      return isSo(all.find(({ id }) => id === idOf(offer))) || undefined;
    }) as Promise<true>;
  try {
    await seen((goods) => goods !== undefined);
    await run(offer, listing, seen);
  } finally {
    await withdraw(t, listing).catch(() => undefined);
  }
}
const driven = { needs: ['driver'] } as const;

const changing = [
  check(
    'price-change',
    'silver',
    ['Giá mới có trong tệp, ETag đổi', 'A new price is in the file, and the ETag moved'],
    ['Tệp phải theo kịp giá.', 'The file follows the price.'],
    (t) =>
      withFeedGoods(t, async (offer, _listing, seen) => {
        const { etag } = (await t.file(t.feeds.google)).headers;
        await setPrice(t, offer, 66_000);
        await seen((goods) => goods?.price === '66000 VND');
        must((await t.file(t.feeds.google)).headers.etag !== etag, 'another ETag', etag);
      }),
    driven,
  ),
  check(
    'sold-out',
    'silver',
    ['Hết hàng có trong tệp', 'Sold out is in the file'],
    ['availability theo tồn kho.', 'availability follows the stock.'],
    (t) =>
      withFeedGoods(t, async (offer, _listing, seen) => {
        await setStock(t, offer, 0);
        await seen((goods) => /^out.of.stock$/.test(goods?.availability ?? ''));
      }),
    driven,
  ),
  check(
    'withdrawn',
    'silver',
    ['Hàng đã rút không còn trong tệp', 'What was withdrawn is not in the file'],
    ['Tệp là toàn bộ hàng đang bán.', 'The file is the whole shop.'],
    (t) =>
      withFeedGoods(t, async (_offer, listing, seen) => {
        await withdraw(t, listing);
        await seen((goods) => goods === undefined);
      }),
    driven,
  ),
  check(
    'hostile-title',
    'gold',
    ['Tên có dấu ngoặc, & và nháy đi qua nguyên vẹn', 'A title with brackets, & and quotes comes through'],
    ['Mã hóa theo XML, không theo HTML hai lần.', 'Escape for XML, and not twice.'],
    (t) =>
      withFeedGoods(t, async (_offer, _listing, seen) => {
        await seen((goods) => /^Hàng thử chuẩn \d+ "đặc biệt" <&>$/.test(goods?.title ?? ''));
      }),
    driven,
  ),
];

export const feedPages = [...crawl, ...changing];
