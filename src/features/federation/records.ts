import { localDate } from '#core/clock.ts';
import type { ProductId } from '#features/products/types.ts';
import type { FedRecord, Lane, Listing, Offer, Tombstone } from '#federation/protocol/record.ts';
import { makeUri } from '#federation/protocol/uri.ts';
import type { ExportedProduct, ExportedVariant } from './views.ts';

type Envelope = 'rev' | 'hash' | 'at';
/** A record before it is numbered: what it says, without when it began to say so. */
export type Content = Omit<Listing, Envelope> | Omit<Offer, Envelope> | Omit<Tombstone, Envelope>;
export type Exporter = { readonly origin: string; readonly publicUrl: string };

/** A household's code since 1 July 2025 is a person's identity number (12 digits), which is nobody else's business. */
const isCompanyCode = (taxCode: string): boolean => /^\d{10}(\d{3})?$/.test(taxCode);

const priceOf = (amount: number) => ({ amount, currency: 'VND' as const, taxIncluded: true });

function listingOf(product: ExportedProduct, { origin, publicUrl }: Exporter): Omit<Listing, Envelope> {
  const { certificate, nameEn, descriptionVi, descriptionEn, taxCode, ward, gtin, netWeightG, shelfLifeDays } = product;
  return {
    uri: makeUri(origin, 'listing', product.productId),
    origin,
    via: [],
    kind: 'listing',
    title: { vi: product.nameVi, ...(nameEn && { en: nameEn }) },
    ...(descriptionVi && { description: { vi: descriptionVi, ...(descriptionEn && { en: descriptionEn }) } }),
    producer: {
      uri: makeUri(origin, 'producer', product.businessId),
      name: product.businessName,
      ...(taxCode && isCompanyCode(taxCode) && { taxCode }),
      ...(ward && { commune: ward }),
    },
    ...(certificate && {
      ocop: {
        stars: certificate.star,
        decisionNo: certificate.decisionNumber,
        issuer: certificate.issuer,
        issuedOn: certificate.issuedOn,
        // The first day on which it holds no longer.
        expiresOn: localDate(new Date(certificate.validUntil)),
      },
    }),
    ...(gtin && { gtin }),
    ...(netWeightG > 0 && { netContent: { value: netWeightG, unit: 'g' } }),
    ...(product.unitVi && { unit: product.unitVi }),
    categoryCode: product.categorySlug,
    // Without a word on what the reader takes they are sent as WebP, which feeds may name.
    images: product.pictures.map((id) => ({ url: `${publicUrl}/pictures/${id}/640` })),
    landingUrl: `${publicUrl}/san-pham/${product.slug}`,
    ...(shelfLifeDays && { shelfLife: { days: shelfLifeDays } }),
  };
}

function offerOf(product: ExportedProduct, variant: ExportedVariant, { origin }: Exporter): Omit<Offer, Envelope> {
  return {
    uri: makeUri(origin, 'offer', variant.variantId),
    origin,
    via: [],
    kind: 'offer',
    listing: makeUri(origin, 'listing', product.productId),
    sku: variant.sku,
    label: variant.label,
    position: variant.position,
    price: priceOf(variant.priceVnd),
    ...(variant.compareAtVnd && { listPrice: priceOf(variant.compareAtVnd) }),
    availability: {
      state: variant.available >= variant.minOrder ? 'in-stock' : 'out-of-stock',
      quantity: Math.max(0, variant.available),
      mode: 'tracked',
    },
    minQty: variant.minOrder,
    maxQty: variant.maxOrder,
  };
}

/** What a product says to partners now, by uri: its listing and one offer a pack. */
export function contentsOf(product: ExportedProduct, exporter: Exporter): readonly Content[] {
  const offers = (product.variants ?? []).map((variant) => offerOf(product, variant, exporter));
  return offers.length > 0 ? [listingOf(product, exporter), ...offers] : [];
}

/** The notice that what `uri` named is withdrawn. */
export const tombstoneOf = (uri: string, lane: Lane, { origin }: Exporter): Omit<Tombstone, Envelope> => ({
  uri,
  origin,
  via: [],
  kind: 'tombstone',
  of: lane === 'catalogue' ? 'listing' : 'offer',
});

export type FeedRow = {
  readonly uri: string;
  readonly lane: Lane;
  readonly productId: ProductId;
  readonly op: 'upsert' | 'delete';
  readonly seq: number;
  readonly hash: string;
  readonly record: FedRecord;
  readonly at: Date;
};
