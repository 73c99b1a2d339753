import type { Books, Goods } from './books.ts';
import { amount, counted, pageOf, type Simulator, serve, stamp, type Traps } from './serve.ts';

type Names = {
  readonly path: string;
  readonly since: string;
  readonly title: string;
  readonly slug: string;
  readonly html: string;
  readonly changed: string;
  readonly published: string;
  readonly inventory: string;
};

/** What the simulators of Haravan and Sapo share: products that hold their variants, listed by page and limit. */
export function simulateListed(books: Books, isAllowed: Parameters<typeof serve>[1], names: Names): Promise<Simulator> {
  return serve(books, isAllowed, ({ url }, traps) => {
    const since = url.searchParams.get(names.since);
    const rows = books.list(since === null ? undefined : Math.floor(Date.parse(since) / 1000) * 1000);
    if (url.pathname === `${names.path}/count.json`) return { json: { count: counted(rows, traps) } };
    if (url.pathname !== `${names.path}.json`) return undefined;
    const page = Number(url.searchParams.get('page') ?? 1);
    books.onList(page);
    const now = books.list(since === null ? undefined : Math.floor(Date.parse(since) / 1000) * 1000);
    const take = Math.min(250, Number(url.searchParams.get('limit') ?? 50));
    return { json: { products: pageOf(now, { page, take }, traps).map((goods) => product(goods, names, traps)) } };
  });
}

function product({ id, slug, title, html, isShown, changedAt, packs, overlay }: Goods, names: Names, traps: Traps) {
  return {
    id,
    [names.title]: title,
    [names.slug]: slug,
    [names.html]: html,
    [names.changed]: traps.localTime ? stamp(changedAt, traps) : `${stamp(changedAt, traps)}Z`,
    [names.published]: isShown ? '2026-01-01T00:00:00Z' : null,
    product_type: 'gia-vi',
    images: [{ src: `//cdn.example/${slug}.jpg` }],
    variants: packs.map((pack) => ({
      id: pack.id,
      sku: pack.sku,
      title: pack.label || 'Default Title',
      // No windows here: the price is what holds, the other what was before.
      price: traps.decimals ? amount(pack.sale?.price ?? pack.price, traps) : (pack.sale?.price ?? pack.price),
      compare_at_price: pack.sale ? pack.price : null,
      inventory_management: pack.stock === undefined ? null : names.inventory,
      inventory_policy: 'deny',
      inventory_quantity: pack.stock ?? 0,
    })),
    ...overlay,
  };
}
