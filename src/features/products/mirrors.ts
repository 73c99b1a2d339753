import type { Clock } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { slugify } from '#core/vietnamese.ts';
import type { Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Stock } from '#features/stock/index.ts';
import { findMirror, insertProducts, listVariantsOf, savePrice, updateProduct } from './queries.ts';
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

type Deps = { readonly events: Events; readonly stock: Stock; readonly now: Clock };

const skuOf = (listing: MirroredListing, id: ProductId): string => `${listing.partnerKey}:${id.slice(-12)}`;

/** The rows of a listing seen for the first time. */
function rowsOf(listing: MirroredListing, first: MirroredOffer, at: Date) {
  const id = newId<'Product'>();
  const variantId = newId<'Variant'>();
  const { categorySlug, tags, ...text } = listing;
  const sku = skuOf(listing, id);
  const slug = `${slugify(listing.nameVi) || 'san-pham'}-${listing.partnerKey}-${id.slice(-6)}`;
  const picture = {
    altVi: listing.nameVi,
    altEn: listing.nameEn,
    source: `drawing:${categorySlug}:${tintOf(listing.originUri)}`,
    width: 640,
    height: 640,
  };
  const price = { priceVnd: first.priceVnd, compareAtVnd: first.compareAtVnd, validFrom: first.asOf };
  return {
    id,
    variantId,
    products: [
      {
        ...text,
        tags: [...tags],
        id,
        sku,
        slug,
        vatBps: 0,
        status: 'listed' as const,
        priceAsOf: first.asOf,
        createdAt: at,
        updatedAt: at,
      },
    ],
    variants: [
      { id: variantId, productId: id, sku, label: listing.unitVi, netWeightG: listing.netWeightG, position: 0 },
    ],
    prices: [{ id: newId<'PriceChange'>(), variantId, ...price }],
    pictures: [{ id: newId<'Picture'>(), productId: id, position: 0, ...picture }],
  };
}

async function writeOffer(
  { stock, now }: Deps,
  tx: Tx,
  productId: ProductId,
  { available, asOf, ...price }: MirroredOffer,
): Promise<void> {
  const [variant] = await listVariantsOf(tx, [productId]);
  if (!variant) throw new Error(`Mirrored product ${productId} has no variant`);
  await savePrice(tx, { id: newId<'PriceChange'>(), variantId: variant.id, ...price, validFrom: asOf });
  await stock.count(tx, variant.id, available, 'partner');
  await updateProduct(tx, productId, { priceAsOf: asOf, status: 'listed', updatedAt: now() });
}

async function writeListing(deps: Deps, tx: Tx, listing: MirroredListing, first: MirroredOffer): Promise<ProductId> {
  const known = await findMirror(tx, listing.partnerKey, listing.originUri);
  if (known) {
    const { categorySlug: _slug, tags, ...text } = listing;
    await updateProduct(tx, known.id, { ...text, tags: [...tags], updatedAt: deps.now() });
    await writeOffer(deps, tx, known.id, first);
    return known.id;
  }
  const { id, variantId, ...rows } = rowsOf(listing, first, deps.now());
  await insertProducts(tx, rows);
  await deps.stock.open(tx, [{ variantId, onHand: first.available }], 'partner');
  return id;
}

/** Partner listings live in the same tables as our own, so lists, search and facets need not know them. */
export const createMirrors = (deps: Deps) => {
  const changed = async (tx: Tx, productId: ProductId): Promise<ProductId> => {
    await deps.events.add(tx, { type: 'product.changed', productId });
    return productId;
  };
  return {
    /** Writes a partner's listing with its offer; the same `originUri` is the same product. */
    mirrorListing: async (tx: Tx, listing: MirroredListing, first: MirroredOffer): Promise<ProductId> =>
      changed(tx, await writeListing(deps, tx, listing, first)),
    /** Writes price and stock of a mirrored product; undefined when the listing is not here yet. */
    mirrorOffer: async (
      tx: Tx,
      partnerKey: string,
      originUri: string,
      next: MirroredOffer,
    ): Promise<ProductId | undefined> => {
      const known = await findMirror(tx, partnerKey, originUri);
      if (!known) return undefined;
      await writeOffer(deps, tx, known.id, next);
      return changed(tx, known.id);
    },
    /** Takes a partner's listing down; it can come back by a later `mirrorListing`. */
    withdrawMirror: async (tx: Tx, partnerKey: string, originUri: string): Promise<void> => {
      const known = await findMirror(tx, partnerKey, originUri);
      if (!known || known.status === 'withdrawn') return;
      await updateProduct(tx, known.id, { status: 'withdrawn', updatedAt: deps.now() });
      await changed(tx, known.id);
    },
  };
};
