import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { slugify } from '#core/vietnamese.ts';
import type { Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Stock } from '#features/stock/index.ts';
import { drawingFor } from './drawings.ts';
import { listShelves, lockMirrors, saveTold, withdrawProducts } from './queries/mirrors.ts';
import { insertProducts, savePrices } from './queries.ts';
import { tintOf } from './rules.ts';
import type { ProductId } from './types.ts';

/** A partner's listing as we show it. It is sold at home: `landingUrl` leads there. */
export type MirroredListing = {
  readonly partnerKey: string;
  readonly originUri: string;
  readonly businessId: BusinessId;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly descriptionVi: string;
  readonly categoryId: number;
  readonly categorySlug: string;
  readonly unitVi: string;
  readonly netWeightG: number;
  readonly gtin: string | null;
  readonly claimedStar: number | null;
  readonly claimedDecision: string | null;
  /** The first day on which that decision holds no longer. */
  readonly claimedUntil: string | null;
  readonly landingUrl: string;
  readonly tags: readonly string[];
};
/** What a partner says of price and stock. `asOf` is when it was true there. */
export type MirroredOffer = {
  readonly priceVnd: Vnd;
  readonly compareAtVnd: Vnd | null;
  readonly available: number;
  readonly asOf: Date;
};

export type Mirrored = { readonly listing: MirroredListing; readonly offer: MirroredOffer };

type Deps = { readonly events: Events; readonly stock: Stock; readonly now: Clock };

const skuOf = (listing: MirroredListing, id: ProductId): string => `${listing.partnerKey}:${id.slice(-12)}`;

/** The rows of a listing seen for the first time. */
function rowsOf({ listing, offer }: Mirrored, at: Date) {
  const id = newId<'Product'>();
  const variantId = newId<'Variant'>();
  const { categorySlug, tags, ...text } = listing;
  const sku = skuOf(listing, id);
  const slug = `${slugify(listing.nameVi) || 'san-pham'}-${listing.partnerKey}-${id.slice(-6)}`;
  const picture = {
    altVi: listing.nameVi,
    altEn: listing.nameEn,
    source: `drawing:${drawingFor(categorySlug, listing.nameVi)}:${tintOf(listing.originUri)}`,
    width: 640,
    height: 640,
  };
  const { priceVnd, compareAtVnd, available, asOf } = offer;
  const shown = { status: 'listed' as const, priceAsOf: asOf, createdAt: at, updatedAt: at };
  return {
    product: { ...text, tags: [...tags], id, sku, slug, vatBps: 0, ...shown },
    variant: { id: variantId, productId: id, sku, label: listing.unitVi, netWeightG: listing.netWeightG, position: 0 },
    price: { id: newId<'PriceChange'>(), variantId, priceVnd, compareAtVnd, validFrom: asOf },
    picture: { id: newId<'Picture'>(), productId: id, position: 0, ...picture },
    stock: { variantId, onHand: available },
  };
}

/** All at once: the first snapshot of a partner brings thousands. */
async function insertMirrors({ stock, now }: Deps, tx: Tx, mirrored: readonly Mirrored[]): Promise<ProductId[]> {
  if (mirrored.length === 0) return [];
  const made = mirrored.map((one) => rowsOf(one, now()));
  await insertProducts(tx, {
    products: made.map((one) => one.product),
    variants: made.map((one) => one.variant),
    prices: made.map((one) => one.price),
    pictures: made.map((one) => one.picture),
  });
  await stock.open(
    tx,
    made.map((one) => one.stock),
    'partner',
  );
  return made.map((one) => one.product.id);
}

type Known = { readonly id: ProductId; readonly next: Mirrored };

/** Each kind of row in one statement, however many listings a page brings. */
async function updateMirrors({ stock, now }: Deps, tx: Tx, known: readonly Known[]): Promise<void> {
  if (known.length === 0) return;
  const shelves = await listShelves(
    tx,
    known.map(({ id }) => id),
  );
  const shelfOf = new Map(shelves.map((shelf) => [shelf.productId, shelf]));
  const told = known.map(({ id, next: { listing, offer } }) => ({
    ...listing,
    id,
    tags: [...listing.tags],
    priceAsOf: offer.asOf,
  }));
  const shown = known.map(({ id, next: { offer } }) => {
    const shelf = shelfOf.get(id);
    if (!shelf) throw new Error(`Mirrored product ${id} has no variant`);
    return { ...offer, shelf, variantId: shelf.variantId };
  });
  const repriced = shown.filter(
    ({ shelf, priceVnd, compareAtVnd }) => shelf.priceVnd !== priceVnd || shelf.compareAtVnd !== compareAtVnd,
  );
  await saveTold(tx, told, now());
  await savePrices(
    tx,
    repriced.map(({ variantId, priceVnd, compareAtVnd, asOf }) => {
      return { id: newId<'PriceChange'>(), variantId, priceVnd, compareAtVnd, validFrom: asOf };
    }),
  );
  await stock.countAll(
    tx,
    shown.map(({ variantId, available }) => ({ variantId, onHand: available })),
    'partner',
  );
}

/** Partner listings live in the same tables as our own, so lists, search and facets need not know them. */
export const createMirrors = (deps: Deps) => {
  const changed = async (tx: Tx, productIds: readonly ProductId[]): Promise<void> => {
    if (productIds.length > 0) await deps.events.add(tx, { type: 'mirrors.changed', productIds });
  };
  return {
    /** Writes listings of one partner with their offers; the same `originUri` is the same product. */
    mirrorListings: async (tx: Tx, partnerKey: string, mirrored: readonly Mirrored[]): Promise<void> => {
      const there = await lockMirrors(
        tx,
        partnerKey,
        mirrored.map(({ listing }) => listing.originUri),
      );
      const rowOf = new Map(there.map((row) => [row.originUri, row]));
      const known = mirrored.flatMap((next): Known[] => {
        const row = rowOf.get(next.listing.originUri);
        return row ? [{ id: row.id, next }] : [];
      });
      const fresh = mirrored.filter(({ listing }) => !rowOf.has(listing.originUri));
      await updateMirrors(deps, tx, known);
      const ids = await insertMirrors(deps, tx, fresh);
      await changed(tx, [...known.map(({ id }) => id), ...ids]);
    },
    /** Takes a partner's listings down; they can come back by a later `mirrorListings`. */
    withdrawMirrors: async (tx: Tx, partnerKey: string, originUris: readonly string[]): Promise<void> => {
      const locked = await lockMirrors(tx, partnerKey, originUris);
      const shown = locked.flatMap(({ id, status }) => (status === 'listed' ? [id] : []));
      if (shown.length > 0) await withdrawProducts(tx, shown, deps.now());
      await changed(tx, shown);
    },
  };
};
