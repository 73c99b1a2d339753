import { makeUri } from '../../protocol/uri.ts';
import type { Normalised, PartnerEndpoint } from '../adapter.ts';
import { inWords, optional, pictures } from '../json-rows.ts';
import { plainLine, textOfHtml } from '../plain-text.ts';
import { rejected, sealed } from '../seal.ts';
import { categoryOf, producerOf } from '../shop-settings.ts';

type Settings = Parameters<typeof producerOf>[1] & Parameters<typeof categoryOf>[1] & { readonly taxIncluded: boolean };

export type ShopListing = {
  readonly id: string;
  readonly title: string;
  readonly html: string;
  readonly images: readonly unknown[];
  readonly categories: readonly string[];
  readonly landingUrl: string;
};

export function listingRecord(told: ShopListing, partner: PartnerEndpoint, settings: Settings, at: string): Normalised {
  const { origin, baseUrl } = partner;
  const description = textOfHtml(told.html, 20_000);
  const listing = {
    uri: makeUri(origin, 'listing', told.id),
    origin,
    kind: 'listing' as const,
    // Markup in a title is what somebody typed there.
    title: { vi: plainLine(told.title, 300) },
    ...(description ? { description: { vi: description } } : {}),
    producer: producerOf(origin, settings),
    categoryCode: categoryOf(told.categories, settings),
    images: pictures(told.images, baseUrl),
    landingUrl: told.landingUrl,
  };
  return sealed(listing, at);
}

export type ShopOffer = {
  readonly id: string;
  readonly listingId: string;
  readonly sku: string;
  readonly label: string;
  readonly price: unknown;
  /** Of before, when it is higher. */
  readonly listPrice?: unknown;
  readonly saleWindow?: { readonly from: string; readonly to: string } | undefined;
  /** Pieces there are; undefined where the shop does not count. */
  readonly quantity: number | undefined;
  readonly isThere: boolean;
  readonly takesBackorders: boolean;
};

export function offerRecord(told: ShopOffer, { origin }: PartnerEndpoint, settings: Settings, at: string): Normalised {
  const amount = dong(told.price);
  if (amount === undefined) return rejected('invalid-price', `${inWords(told.price).slice(0, 40)} is no whole đồng`);
  // Shops say "ask us" by an empty price or by 0: then nothing is offered.
  if (amount === 0) return gone('offer', told.id, origin, at);
  const before = dong(told.listPrice) ?? 0;
  const money = (dongs: number) => ({ amount: dongs, currency: 'VND', taxIncluded: settings.taxIncluded });
  const offer = {
    uri: makeUri(origin, 'offer', told.id),
    origin,
    kind: 'offer' as const,
    listing: makeUri(origin, 'listing', told.listingId),
    ...optional('sku', plainLine(told.sku, 100)),
    ...optional('label', plainLine(told.label, 200)),
    price: money(amount),
    ...(before > amount ? { listPrice: money(before) } : {}),
    ...(told.saleWindow ? { saleWindow: told.saleWindow } : {}),
    availability: availabilityOf(told),
    minQty: 1,
  };
  return sealed(offer, at);
}

export const gone = (of: 'listing' | 'offer', id: string, origin: string, at: string): Normalised =>
  sealed({ uri: makeUri(origin, of, id), origin, kind: 'tombstone' as const, of }, at);

function availabilityOf({ quantity, isThere, takesBackorders }: ShopOffer) {
  if (quantity === undefined) return { state: isThere ? 'in-stock' : 'out-of-stock', mode: 'on-demand' };
  if (quantity > 0) return { state: 'in-stock', quantity: Math.min(quantity, 1_000_000_000), mode: 'tracked' };
  return takesBackorders
    ? { state: 'pre-order', mode: 'on-demand' }
    : { state: 'out-of-stock', quantity: 0, mode: 'tracked' };
}

const decimal = /^(\d{1,11})(?:\.0{1,6})?$/;

/**
 * Whole đồng of a decimal text or number; 0 for an empty price. Undefined for anything that is not exact: a price is
 * never rounded in silence.
 */
export function dong(value: unknown): number | undefined {
  if (value === '' || value === null || value === undefined) return 0;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, whole] = decimal.exec(String(value).trim()) ?? [];
  return whole === undefined ? undefined : Number(whole);
}

const dated = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(\.\d{1,6})?(Z|[+-]\d{2}:?\d{2})?$/;

/** The instant in UTC, read by `offset` (`+07:00`, `Z`) when the text has none of its own; undefined for no date. */
export function instantOf(value: unknown, offset: string): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, day, time, rest = '', own = offset] = dated.exec(value) ?? [];
  if (day === undefined) return undefined;
  const zone = own.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${day}T${time}${rest.slice(0, 4)}${zone}`);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}

/** The wall clock of a place so many minutes ahead of UTC, without an offset, in whole seconds, rounded down. */
export function localTime(at: Date, offset: string): string {
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d{2}):(\d{2})$/.exec(offset) ?? [];
  const ahead = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
  return new Date(at.getTime() + ahead * 60_000).toISOString().slice(0, 19);
}
