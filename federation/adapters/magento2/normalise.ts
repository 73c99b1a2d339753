import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { rejected } from '../seal.ts';
import { pageOf, readSettings } from '../shop-settings.ts';
import { gone, instantOf, listingRecord, offerRecord } from '../shops/records.ts';
import { manifest } from './manifest.ts';
import { checkSettings, type Magento2Settings, UNVERIFIED } from './settings.ts';

const enabled = 1;
/** Not visible individually: a variant of another product. */
const partOfAnother = 1;

/** Bundles and grouped goods are made of others, virtual and downloadable ones are not shipped. */
export const isShown = ({ status, visibility, type_id }: Row): boolean =>
  status === enabled && visibility !== partOfAnother && (type_id === 'simple' || type_id === 'configurable');

export function normalise({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readSettings(checkSettings, partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  const { product, item, productId, sources, readAt } = rowOf(body);
  if (item !== undefined) {
    return offerOf(rowOf(item), idOf(productId), rowsOf(sources), partner, settings, textOf(readAt));
  }
  if (product !== undefined) return listingOf(rowOf(product), partner, settings, textOf(readAt));
  return rejected('unknown-kind', 'neither product nor offer');
}

/** Most of what a product says stands in a list of names and values. */
const attribute = (product: Row, name: string): unknown =>
  rowsOf(product.custom_attributes).find(({ attribute_code }) => attribute_code === name)?.value;

function listingOf(product: Row, partner: PartnerEndpoint, settings: Magento2Settings, readAt: string): Normalised {
  const id = idOf(product.id);
  const at = instantOf(product.updated_at, manifest.clock.zone) ?? readAt;
  if (typeof product.name !== 'string' || typeof product.status !== 'number') {
    return rejected('invalid-record', 'a product without name or status');
  }
  if (!isShown(product)) return gone('listing', id, partner.origin, at);
  const { urlSuffix, mediaPath } = { ...UNVERIFIED, ...settings };
  const shop = new URL('.', partner.baseUrl).href;
  const productPage = settings.productPage ?? `${shop}{slug}${urlSuffix}`;
  const slug = textOf(attribute(product, 'url_key')) || id;
  const categories = attribute(product, 'category_ids');
  const told = {
    id,
    title: product.name,
    html: textOf(attribute(product, 'description')),
    images: rowsOf(product.media_gallery_entries)
      .filter(({ file }) => textOf(file) !== '')
      .map(({ file }) => `${shop}${mediaPath}/${textOf(file).replace(/^\/+/, '')}`),
    categories: Array.isArray(categories) ? categories.map(idOf) : [],
    landingUrl: pageOf({ id: id.toWellFormed(), slug: slug.toWellFormed() }, partner, { ...settings, productPage }),
  };
  return listingRecord(told, partner, settings, at);
}

function offerOf(
  item: Row,
  listingId: string,
  sources: readonly Row[],
  partner: PartnerEndpoint,
  settings: Magento2Settings,
  readAt: string,
): Normalised {
  const isVariant = idOf(item.id) !== listingId;
  const special = specialOf(item, readAt);
  const told = {
    id: idOf(item.id),
    listingId,
    sku: textOf(item.sku),
    label: isVariant ? textOf(item.name) : '',
    price: special?.price ?? item.price,
    ...(special ? { listPrice: item.price, saleWindow: special.window } : {}),
    quantity: stockOf(sources, settings),
    isThere: true,
    takesBackorders: false,
  };
  return offerRecord(told, partner, settings, readAt);
}

/** Whole days of the shop; where only one end is told, the price holds by it, and no window is said. */
function specialOf(item: Row, readAt: string) {
  const price = attribute(item, 'special_price');
  if (price === undefined || price === null || price === '') return undefined;
  const from = instantOf(attribute(item, 'special_from_date'), manifest.clock.zone);
  const to = instantOf(attribute(item, 'special_to_date'), manifest.clock.zone);
  if ((from !== undefined && readAt < from) || (to !== undefined && readAt > to)) return undefined;
  return { price, window: from !== undefined && to !== undefined ? { from, to } : undefined };
}

function stockOf(sources: readonly Row[], { sources: selling }: Magento2Settings): number {
  const counted = sources.filter(
    ({ status, source_code }) => status === 1 && (selling === undefined || selling.includes(textOf(source_code))),
  );
  const sum = counted.reduce((total, { quantity }) => total + (Number(quantity) || 0), 0);
  return Math.max(0, Math.floor(sum));
}
