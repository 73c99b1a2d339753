import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { rejected } from '../seal.ts';
import { readSettings } from '../shop-settings.ts';
import { gone, instantOf, listingRecord, offerRecord } from '../shops/records.ts';
import { manifest } from './manifest.ts';
import { checkSettings, type WooSettings } from './settings.ts';

/** Grouped goods are a page about others, external ones are sold elsewhere. */
export const isShown = ({ status, catalog_visibility, type }: Row): boolean =>
  status === 'publish' && catalog_visibility !== 'hidden' && (type === 'simple' || type === 'variable');

export function normalise({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readSettings(checkSettings, partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  const { product, item, readAt } = rowOf(body);
  if (item !== undefined) return offerOf(rowOf(item), rowOf(product), partner, settings, textOf(readAt));
  if (product !== undefined) return listingOf(rowOf(product), partner, settings, textOf(readAt));
  return rejected('unknown-kind', 'neither product nor offer');
}

function listingOf(product: Row, partner: PartnerEndpoint, settings: WooSettings, readAt: string): Normalised {
  const id = idOf(product.id);
  const at = instantWith(product, 'date_modified', settings) ?? readAt;
  if (typeof product.name !== 'string' || typeof product.status !== 'string') {
    return rejected('invalid-record', 'a product without name or status');
  }
  if (!isShown(product)) return gone('listing', id, partner.origin, at);
  const told = {
    id,
    title: product.name,
    html: textOf(product.description) || textOf(product.short_description),
    images: rowsOf(product.images).map(({ src }) => src),
    categories: rowsOf(product.categories).map(({ slug }) => textOf(slug)),
    landingUrl: textOf(product.permalink),
  };
  return listingRecord(told, partner, settings, at);
}

function offerOf(item: Row, product: Row, partner: PartnerEndpoint, settings: WooSettings, readAt: string): Normalised {
  const sale = saleOf(item, settings, readAt);
  const counted = item.manage_stock === 'parent' ? product : item;
  const told = {
    id: idOf(item.id),
    listingId: idOf(product.id),
    sku: textOf(item.sku),
    label: rowsOf(item.attributes)
      .map(({ option }) => textOf(option))
      .filter(Boolean)
      .join(', '),
    price: sale ? item.sale_price : item.regular_price,
    ...(sale ? { listPrice: item.regular_price, saleWindow: sale.window } : {}),
    quantity: counted.manage_stock === true ? Math.max(0, Math.floor(Number(counted.stock_quantity) || 0)) : undefined,
    isThere: item.stock_status === 'instock' || item.stock_status === 'onbackorder',
    takesBackorders: item.stock_status === 'onbackorder',
  };
  return offerRecord(told, partner, settings, readAt);
}

/**
 * Whether the lower price holds at the moment of reading. `price` is not asked: a job of the shop sets it at the borders
 * of the window, late, and no date moves when it does.
 */
function saleOf(item: Row, settings: WooSettings, readAt: string) {
  if (textOf(item.sale_price) === '') return undefined;
  const from = instantWith(item, 'date_on_sale_from', settings);
  const to = instantWith(item, 'date_on_sale_to', settings);
  if ((from !== undefined && readAt < from) || (to !== undefined && readAt > to)) return undefined;
  return { window: from !== undefined && to !== undefined ? { from, to } : undefined };
}

/** In UTC where the shop tells that, by its wall clock otherwise. */
const instantWith = (row: Row, member: string, { utcOffset = manifest.clock.zone }: WooSettings): string | undefined =>
  instantOf(row[`${member}_gmt`], 'Z') ?? instantOf(row[member], utcOffset);
