import { makeUri } from '../../protocol/uri.ts';
import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { countOf, idOf, optional, pictures, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { plainLine, textOfHtml } from '../plain-text.ts';
import { rejected, sealed } from '../seal.ts';
import { categoryOf, pageOf, producerOf, readSettings } from '../shop-settings.ts';
import { checkSettings, type VendureSettings } from './settings.ts';

/** What `pull` puts together: the row as it came, what holds for all rows, and when it was read. */
export type Body = {
  readonly product?: unknown;
  readonly variant?: unknown;
  readonly globals?: unknown;
  readonly readAt: string;
};

export function normalise({ body }: SourceRecord, partner: PartnerEndpoint): Normalised {
  const settings = readSettings(checkSettings, partner);
  if (!settings) return rejected('invalid-settings', 'the settings of the partner');
  const { product, variant, globals, readAt } = rowOf(body);
  if (product !== undefined) return listingOf(rowOf(product), partner, settings);
  if (variant !== undefined) return offerOf(rowOf(variant), rowOf(globals), partner, settings, textOf(readAt));
  return rejected('unknown-kind', 'neither product nor variant');
}

function listingOf(product: Row, partner: PartnerEndpoint, settings: VendureSettings): Normalised {
  const { origin } = partner;
  const id = idOf(product.id);
  const at = textOf(product.updatedAt);
  const envelope = { uri: makeUri(origin, 'listing', id), origin };
  // A product that is hidden still is in the list, and its date moved: faster than waiting for the sweep.
  if (product.enabled === false) return sealed({ ...envelope, kind: 'tombstone', of: 'listing' }, at);
  const translations = rowsOf(product.translations);
  const [vi, en] = [translations.find(inLanguage('vi')) ?? translations[0] ?? {}, translations.find(inLanguage('en'))];
  const codes = rowsOf(product.facetValues).map(({ code }) => textOf(code));
  const slug = textOf(vi.slug);
  const title = { vi: plainLine(textOf(vi.name), 300), ...optional('en', plainLine(textOf(en?.name), 300)) };
  const description = textOfHtml(textOf(vi.description), 20_000);
  const english = textOfHtml(textOf(en?.description), 20_000);
  const listing = {
    ...envelope,
    kind: 'listing' as const,
    title,
    ...(description ? { description: { vi: description, ...optional('en', english) } } : {}),
    producer: producerOf(origin, settings),
    categoryCode: categoryOf(codes, settings),
    // Without an asset server `source` is no address. The featured one comes first.
    images: pictures(
      [rowOf(product.featuredAsset), ...rowsOf(product.assets)].map(({ source }) => source),
      partner.baseUrl,
    ),
    landingUrl: pageOf({ id, slug }, partner, settings),
  };
  return sealed(listing, at);
}

const inLanguage = (code: string) => (row: Row) => row.languageCode === code;
function offerOf(
  variant: Row,
  globals: Row,
  { origin }: PartnerEndpoint,
  { moneyDigits = 0 }: VendureSettings,
  at: string,
): Normalised {
  const uri = makeUri(origin, 'offer', idOf(variant.id));
  if (variant.enabled === false) return sealed({ uri, origin, kind: 'tombstone', of: 'offer' }, at);
  if (variant.currencyCode !== 'VND') return rejected('wrong-currency', String(variant.currencyCode).slice(0, 20));
  const price = variant.priceWithTax;
  const unit = 10 ** moneyDigits;
  if (typeof price !== 'number' || price % unit !== 0) {
    return rejected(
      'invalid-price',
      `${JSON.stringify(price)?.slice(0, 40)} with ${moneyDigits} digits is no whole đồng`,
    );
  }
  const label = rowsOf(variant.options)
    .map(({ name }) => textOf(name))
    .join(' · ');
  const offer = {
    uri,
    origin,
    kind: 'offer' as const,
    listing: makeUri(origin, 'listing', idOf(variant.productId)),
    ...optional('sku', plainLine(textOf(variant.sku), 100)),
    ...optional('label', plainLine(label, 200)),
    price: { amount: price / unit, currency: 'VND', taxIncluded: true },
    availability: availabilityOf(variant, globals),
    minQty: 1,
  };
  return sealed(offer, at);
}

/**
 * What can be promised: stock less what orders hold, less the threshold, over the locations of the channel. A channel
 * without a location has none, however much there is (3.7.3: `stockLevels` is empty then, `stockLevel` OUT_OF_STOCK).
 */
function availabilityOf(variant: Row, globals: Row) {
  const isTracked =
    variant.trackInventory === 'INHERIT' ? globals.trackInventory !== false : variant.trackInventory !== 'FALSE';
  if (!isTracked) return { state: 'in-stock', mode: 'on-demand' };
  const threshold =
    variant.useGlobalOutOfStockThreshold === false ? variant.outOfStockThreshold : globals.outOfStockThreshold;
  const levels = rowsOf(variant.stockLevels).map((level) => countOf(level.stockOnHand) - countOf(level.stockAllocated));
  const quantity = levels.reduce((sum, level) => sum + level, 0) - countOf(threshold);
  const promised = Math.min(1_000_000_000, Math.max(0, quantity));
  return { state: promised > 0 ? 'in-stock' : 'out-of-stock', quantity: promised, mode: 'tracked' };
}
