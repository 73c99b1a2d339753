import { vnd } from '#core/money.ts';
import { clean } from '#core/vietnamese.ts';
import type { Tx } from '#db/client.ts';
import type { Businesses } from '#features/businesses/index.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Mirrored, MirroredListing, MirroredOffer, Products } from '#features/products/index.ts';
import type { FedRecord, Listing, Offer } from '#federation/protocol/record.ts';
import { listOverlays, type Overlay } from './queries/desk.ts';
import { listShowableRecords } from './views/mirrors.ts';
import { listCategoryIds } from './views.ts';

export type MirrorDeps = {
  readonly products: Pick<Products, 'mirrorListings' | 'withdrawMirrors'>;
  readonly businesses: Pick<Businesses, 'mirrorProducers'>;
};

/** Marks that turn the reading direction round and control characters: they make a name look like another. */
const deceptive = /[\p{Cc}\p{Bidi_Control}]/gu;
const line = (text: string): string => clean(text.replace(deceptive, ' '));
const lines = (text: string): string => text.split('\n').map(line).join('\n').trim();

/** Grams, as far as the unit says so. */
function gramsOf({ netContent }: Listing): number {
  const factor = { g: 1, kg: 1000, ml: 1, l: 1000 }[netContent?.unit.toLowerCase() ?? ''] ?? 0;
  return Math.min(1_000_000_000, Math.round((netContent?.value ?? 0) * factor));
}

function offerOf(offer: Offer): MirroredOffer {
  const { state, quantity } = offer.availability;
  return {
    priceVnd: vnd(offer.price.amount),
    compareAtVnd: offer.listPrice ? vnd(offer.listPrice.amount) : null,
    // "In stock" without a number says that there is at least one.
    available: state === 'in-stock' ? (quantity ?? 1) : 0,
    asOf: new Date(offer.at),
  };
}

const noClaim = { claimedStar: null, claimedDecision: null, claimedUntil: null };

/** A day that the calendar has: the pattern of a record lets through others, which no database takes. */
const isDay = (day: string): boolean => {
  const at = new Date(`${day}T00:00:00Z`);
  return day >= '1900' && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day);
};

/** What it says of stars. Words that end on a day that does not exist end nowhere, so they are not repeated. */
function claimOf({ ocop }: Listing): Pick<MirroredListing, keyof typeof noClaim> {
  if (!ocop || (ocop.expiresOn !== undefined && !isDay(ocop.expiresOn))) return noClaim;
  const decision = line(ocop.decisionNo);
  return { claimedStar: ocop.stars, claimedDecision: decision || null, claimedUntil: ocop.expiresOn ?? null };
}

function listingOf(
  listing: Listing,
  offer: Offer,
  place: Pick<MirroredListing, 'partnerKey' | 'businessId' | 'categoryId' | 'categorySlug'>,
  overlay: Overlay | undefined,
): MirroredListing {
  return {
    ...place,
    originUri: listing.uri,
    nameVi: line(overlay?.nameVi ?? listing.title.vi),
    nameEn: line(overlay?.nameEn ?? listing.title.en ?? ''),
    descriptionVi: lines(listing.description?.vi ?? ''),
    unitVi: line(listing.unit ?? offer.label ?? 'sản phẩm'),
    netWeightG: gramsOf(listing),
    gtin: listing.gtin ?? null,
    ...claimOf(listing),
    landingUrl: listing.landingUrl,
    tags: [],
  };
}

/** Of one unit of work: a listing with its price, and what the host must know to show it. */
type Showable = {
  readonly listing: Listing;
  readonly offer: Offer;
  readonly categoryId: number;
  readonly categorySlug: string;
  readonly overlay: Overlay | undefined;
};

/**
 * Shows these listings of a partner as its records stand now, and hides those that have no listing or no price.
 * One product shows the offer with the lowest position; the other packs are sold at home.
 */
export async function mirrorListings(
  tx: Tx,
  deps: MirrorDeps,
  partnerKey: string,
  listingUris: readonly string[],
): Promise<void> {
  if (listingUris.length === 0) return;
  const categories = await listCategoryIds(tx);
  const overlays = await listOverlays(tx, partnerKey, listingUris);
  const byListing = groupRecords(await listShowableRecords(tx, partnerKey, listingUris));
  const shown = [...byListing].flatMap(([uri, group]) => showableOf(group, overlays.get(uri), categories));
  const uris = new Set(shown.map(({ listing }) => listing.uri));
  const businessOf = await mirrorProducers(tx, deps, partnerKey, shown);
  const mirrored = shown.flatMap(({ listing, offer, categoryId, categorySlug, overlay }): Mirrored[] => {
    const businessId = businessOf.get(listing.producer.uri);
    const place = businessId && { partnerKey, businessId, categoryId, categorySlug };
    return place ? [{ listing: listingOf(listing, offer, place, overlay), offer: offerOf(offer) }] : [];
  });
  await deps.products.mirrorListings(tx, partnerKey, mirrored);
  await deps.products.withdrawMirrors(
    tx,
    partnerKey,
    listingUris.filter((uri) => !uris.has(uri)),
  );
}

/** Nothing, where a part is missing, the product set is unknown, or an officer of ours hid it. */
function showableOf(
  { listing, offer }: Group,
  overlay: Overlay | undefined,
  categories: ReadonlyMap<string, number>,
): readonly Showable[] {
  if (!listing || !offer || overlay?.hiddenReason || !line(overlay?.nameVi ?? listing.title.vi)) return [];
  const [categorySlug, categoryId] = overlay?.categoryId
    ? [[...categories].find(([, id]) => id === overlay.categoryId)?.[0] ?? '', overlay.categoryId]
    : [listing.categoryCode, categories.get(listing.categoryCode)];
  return categoryId === undefined ? [] : [{ listing, offer, categoryId, categorySlug, overlay }];
}

/** The producers behind the listings, each once, in one order so that two lanes do not wait for each other in a ring. */
function mirrorProducers(
  tx: Tx,
  { businesses }: MirrorDeps,
  partnerKey: string,
  shown: readonly Showable[],
): Promise<ReadonlyMap<string, BusinessId>> {
  const producers = new Map(shown.map(({ listing }) => [listing.producer.uri, listing.producer]));
  const inOrder = [...producers].sort(([a], [b]) => (a < b ? -1 : 1));
  return businesses.mirrorProducers(
    tx,
    partnerKey,
    inOrder.map(([originUri, { name, taxCode }]) => {
      const producer = { originUri, name: line(name), type: 'enterprise' as const };
      return { ...producer, ...(taxCode ? { taxCode } : {}) };
    }),
  );
}

type Group = { readonly listing?: Listing; readonly offer?: Offer };

function groupRecords(records: readonly FedRecord[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const record of records) {
    if (record.kind === 'tombstone') continue;
    const uri = record.kind === 'listing' ? record.uri : record.listing;
    const group = groups.get(uri) ?? {};
    groups.set(
      uri,
      record.kind === 'listing' ? { ...group, listing: record } : { ...group, offer: first(group.offer, record) },
    );
  }
  return groups;
}

/** The offer that is shown of one listing. */
export const offerUriOf = (records: readonly FedRecord[]): string | undefined =>
  [...groupRecords(records).values()][0]?.offer?.uri;

const first = (a: Offer | undefined, b: Offer): Offer =>
  a && ((a.position ?? 0) < (b.position ?? 0) || ((a.position ?? 0) === (b.position ?? 0) && a.uri < b.uri)) ? a : b;
