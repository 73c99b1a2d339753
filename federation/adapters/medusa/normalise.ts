import { makeUri } from '../../protocol/uri.ts';
import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { countOf, idOf, inWords, optional, pictures, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { plainLine, plainText } from '../plain-text.ts';
import { rejected, sealed } from '../seal.ts';
import { categoryOf, pageOf, producerOf, readSettings } from '../shop-settings.ts';
import { checkSettings, type MedusaSettings } from './settings.ts';

/** What `pull` puts together: a product, or one variant of it, and when it was read. */
export type Body =
  | { readonly product: unknown; readonly readAt: string }
  | { readonly variant: unknown; readonly productId: string; readonly readAt: string };

export function normalise({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readSettings(checkSettings, partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  const { product, variant, productId, readAt } = rowOf(body);
  if (product !== undefined) return listingOf(rowOf(product), partner, settings);
  if (variant !== undefined) return offerOf(rowOf(variant), idOf(productId), partner, textOf(readAt));
  return rejected('unknown-kind', 'neither product nor variant');
}

function listingOf(product: Row, partner: PartnerEndpoint, settings: MedusaSettings): Normalised {
  const { origin, baseUrl } = partner;
  const id = idOf(product.id);
  // Descriptions are plain text here; a tag in one is what somebody typed.
  const description = plainText(textOf(product.description), 20_000);
  const images = [product.thumbnail, ...rowsOf(product.images).map(({ url }) => url)];
  const categories = rowsOf(product.categories).map(({ handle }) => textOf(handle));
  const listing = {
    uri: makeUri(origin, 'listing', id),
    origin,
    kind: 'listing' as const,
    title: { vi: plainLine(textOf(product.title), 300) },
    ...(description ? { description: { vi: description } } : {}),
    producer: producerOf(origin, settings),
    categoryCode: categoryOf(categories, settings),
    images: pictures(images, baseUrl),
    landingUrl: pageOf({ id, slug: textOf(product.handle) || id }, partner, settings),
  };
  return sealed(listing, textOf(product.updated_at));
}

function offerOf(variant: Row, productId: string, { origin }: PartnerEndpoint, at: string): Normalised {
  const uri = makeUri(origin, 'offer', idOf(variant.id));
  // A variant without a price in this region is not sold in it.
  if (variant.calculated_price === null) return sealed({ uri, origin, kind: 'tombstone' as const, of: 'offer' }, at);
  const price = rowOf(variant.calculated_price);
  if (price.currency_code !== 'vnd') return rejected('wrong-currency', inWords(price.currency_code).slice(0, 20));
  const amount = dong(price.calculated_amount_with_tax);
  if (amount === undefined) return rejected('invalid-price', 'calculated_amount_with_tax is no price');
  const before = dong(price.original_amount_with_tax) ?? 0;
  const label = plainLine(textOf(variant.title), 200);
  const offer = {
    uri,
    origin,
    kind: 'offer' as const,
    listing: makeUri(origin, 'listing', productId),
    ...optional('sku', plainLine(textOf(variant.sku), 100)),
    ...optional('label', label),
    price: money(amount),
    ...(before > amount ? { listPrice: money(before) } : {}),
    availability: availabilityOf(variant),
    minQty: 1,
  };
  return sealed(offer, at);
}

const money = (amount: number) => ({ amount, currency: 'VND', taxIncluded: true });

/**
 * Whole đồng. Where the region keeps its prices without the tax, 12345 comes as 13332.6 with it: Medusa rounds when it
 * charges, to the digits of the currency, and so do we. The rest of a division shows in the last digits as well.
 */
const dong = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.round(value) : undefined;

function availabilityOf(variant: Row) {
  if (variant.manage_inventory === false) return { state: 'in-stock', mode: 'on-demand' };
  const quantity = Math.min(1_000_000_000, Math.max(0, countOf(variant.inventory_quantity)));
  if (quantity > 0) return { state: 'in-stock', quantity, mode: 'tracked' };
  return variant.allow_backorder === true
    ? { state: 'pre-order', mode: 'on-demand' }
    : { state: 'out-of-stock', quantity: 0, mode: 'tracked' };
}
