import type { Books, Goods, Pack } from './books.ts';
import { amount, counted, pageOf, type Reply, type Simulator, serve, stamp, type Traps } from './serve.ts';

/** A simulator of WooCommerce REST v3, written from its documents: no shop of it could be had. */
export function simulateWooCommerce(books: Books): Promise<Simulator> {
  const wanted = `Basic ${Buffer.from('ck_1:cs_1').toString('base64')}`;
  return serve(
    books,
    ({ authorization }) => authorization === wanted,
    ({ url, headers }, traps) => {
      const [, id] = /^\/wp-json\/wc\/v3\/products(?:\/(\d+)\/variations)?$/.exec(url.pathname) ?? [undefined, ''];
      if (id === '') return undefined;
      if (id !== undefined) {
        const goods = books.goods.get(Number(id));
        return listed(url, goods?.packs.map((pack) => variation(pack, traps)) ?? [], traps);
      }
      books.onList(Number(url.searchParams.get('page')));
      return listed(
        url,
        selected(books, url, traps).map((goods) => product(goods, `http://${headers.host}`, traps)),
        traps,
      );
    },
  );
}

function listed(url: URL, rows: readonly unknown[], traps: Traps): Reply {
  const page = Number(url.searchParams.get('page') ?? 1);
  const take = Math.min(100, Number(url.searchParams.get('per_page') ?? 10));
  return { json: pageOf(rows, { page, take }, traps), headers: { 'x-wp-total': String(counted(rows, traps)) } };
}

/** `modified_after` leaves the very second out and is read by the wall clock unless `dates_are_gmt` says otherwise. */
function selected(books: Books, url: URL, traps: Traps): readonly Goods[] {
  const after = url.searchParams.get('modified_after');
  if (after === null) return books.list();
  const isGmt = url.searchParams.get('dates_are_gmt') === 'true' && !traps.localTime;
  return books.list(Date.parse(`${after}${isGmt ? 'Z' : '+07:00'}`), false);
}

function product({ id, slug, title, html, isShown, changedAt, packs, overlay }: Goods, origin: string, traps: Traps) {
  const [only] = packs;
  const isVariable = packs.length > 1;
  return {
    ...(only && !isVariable
      ? sold(only, traps)
      : { price: '', regular_price: '', sale_price: '', manage_stock: false }),
    id,
    name: title,
    slug,
    permalink: `${origin}/product/${slug}/`,
    type: isVariable ? 'variable' : 'simple',
    status: isShown ? 'publish' : 'draft',
    catalog_visibility: 'visible',
    description: html,
    date_modified: stamp(changedAt, { localTime: true }),
    ...(traps.localTime ? {} : { date_modified_gmt: stamp(changedAt, {}) }),
    images: [{ src: `/wp-content/${slug}.jpg` }],
    categories: [{ slug: 'gia-vi' }],
    ...overlay,
  };
}

const variation = (pack: Pack, traps: Traps) => ({
  ...sold(pack, traps),
  id: pack.id,
  attributes: [{ name: 'Gói', option: pack.label }],
});

function sold({ sku, price, sale, stock }: Pack, traps: Traps) {
  const at = (ms: number | undefined) => (ms === undefined ? null : stamp(ms, {}));
  return {
    sku,
    // A job of the shop sets it when a window begins and ends: here it is always late.
    price: amount(price, traps),
    regular_price: amount(price, traps),
    sale_price: sale ? amount(sale.price, traps) : '',
    date_on_sale_from_gmt: at(sale?.from),
    date_on_sale_to_gmt: at(sale?.to),
    manage_stock: stock !== undefined,
    stock_quantity: stock ?? null,
    stock_status: stock === 0 ? 'outofstock' : 'instock',
  };
}
