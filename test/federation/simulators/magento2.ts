import type { Books, Goods, Pack } from './books.ts';
import { amount, counted, pageOf, type Reply, type Simulator, serve, stamp, type Traps } from './serve.ts';

/** A simulator of Magento 2's REST V1, from its documents and issues: no shop of it could be had. */
export function simulateMagento2(books: Books): Promise<Simulator> {
  return serve(
    books,
    ({ authorization }) => authorization === 'Bearer t1',
    ({ url }, traps) => {
      const filter = filterOf(url);
      if (url.pathname === '/rest/default/V1/inventory/source-items') {
        const names = new Set(filter?.value.split(','));
        const packs = books.list().flatMap((goods) => goods.packs);
        return listed(url, packs.filter(({ sku }) => names.has(sku)).map(sourceItem), {});
      }
      if (url.pathname !== '/rest/default/V1/products') return undefined;
      if (filter?.condition === 'in') {
        const names = new Set(filter.value.split(','));
        const children = books.list().flatMap((goods) => childrenOf(goods, traps));
        return listed(
          url,
          children.filter(({ id }) => names.has(String(id))),
          {},
        );
      }
      books.onList(Number(url.searchParams.get('searchCriteria[currentPage]')));
      const since = filter ? Date.parse(`${filter.value.replace(' ', 'T')}Z`) : undefined;
      const rows = books.list(since).flatMap((goods) => [product(goods, traps), ...childrenOf(goods, traps)]);
      return listed(url, rows, traps);
    },
  );
}

function filterOf({ searchParams }: URL) {
  const part = (name: string) => searchParams.get(`searchCriteria[filter_groups][0][filters][0][${name}]`);
  const [value, condition] = [part('value'), part('condition_type')];
  return value === null ? undefined : { value, condition };
}

function listed(url: URL, rows: readonly unknown[], traps: Traps): Reply {
  const page = Number(url.searchParams.get('searchCriteria[currentPage]') ?? 1);
  const take = Number(url.searchParams.get('searchCriteria[pageSize]') ?? 20);
  return { json: { items: pageOf(rows, { page, take }, traps, true), total_count: counted(rows, traps) } };
}

const sourceItem = ({ sku, stock }: Pack) => ({ sku, source_code: 'default', quantity: stock ?? 0, status: 1 });

const attributes = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([attribute_code, value]) => ({ attribute_code, value }));

function sold({ sku, price, sale }: Pack, traps: Traps) {
  const at = (ms: number | undefined) => (ms === undefined ? undefined : stamp(ms, {}).replace('T', ' '));
  const special = sale
    ? { special_price: amount(sale.price, traps), special_from_date: at(sale.from), special_to_date: at(sale.to) }
    : {};
  return { row: { sku, price: traps.decimals ? amount(price, traps) : price }, special };
}

function product({ id, slug, title, html, isShown, changedAt, packs, overlay }: Goods, traps: Traps) {
  const [only] = packs;
  const { row, special } =
    only && packs.length === 1 ? sold(only, traps) : { row: { sku: `P-${id}`, price: 0 }, special: {} };
  return {
    ...row,
    id,
    name: title,
    status: isShown ? 1 : 2,
    visibility: 4,
    type_id: packs.length > 1 ? 'configurable' : 'simple',
    // In UTC, without saying so.
    updated_at: stamp(changedAt, {}).replace('T', ' '),
    extension_attributes: packs.length > 1 ? { configurable_product_links: packs.map((pack) => pack.id) } : {},
    media_gallery_entries: [{ file: `/s/p/${slug}.jpg` }],
    custom_attributes: attributes({ description: html, url_key: slug, category_ids: ['12'], ...special }),
    ...overlay,
  };
}

/** The packs of a configurable product are products of their own that are not shown alone. */
function childrenOf({ packs, changedAt }: Goods, traps: Traps) {
  if (packs.length < 2) return [];
  return packs.map((pack) => {
    const { row, special } = sold(pack, traps);
    const updated_at = stamp(changedAt, {}).replace('T', ' ');
    const shape = { id: pack.id, name: pack.label, status: 1, visibility: 1, type_id: 'simple', updated_at };
    return { ...row, ...shape, custom_attributes: attributes(special) };
  });
}
