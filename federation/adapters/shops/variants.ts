import type { Normalised, PartnerEndpoint, SourceRecord } from '../adapter.ts';
import { idOf, type Row, rowOf, rowsOf, textOf } from '../json-rows.ts';
import { rejected } from '../seal.ts';
import { type Check, pageOf, readSettings } from '../shop-settings.ts';
import { gone, instantOf, listingRecord, offerRecord } from './records.ts';

/** How a system of the family "products with variants" names its members. */
export type Dialect = {
  readonly title: string;
  readonly slug: string;
  readonly html: string;
  readonly changed: string;
  readonly published: string;
  readonly category: string;
  /** Of instants that are told without one. */
  readonly utcOffset: string;
};

type Settings = Parameters<typeof listingRecord>[2] & Parameters<typeof pageOf>[2];

export const isPublished = (product: Row, { published }: Dialect): boolean => textOf(product[published]) !== '';

/** The `normalise` of such a system: pure and total, as the interface wants it. */
export const normaliserOf =
  (check: Check<Settings>, dialect: Dialect) =>
  ({ body }: SourceRecord, partner: PartnerEndpoint): Normalised => {
    const settings = readSettings(check, partner);
    return settings
      ? normaliseVariants(body, partner, settings, dialect)
      : rejected('invalid-settings', 'the settings of the partner');
  };

function normaliseVariants(body: unknown, partner: PartnerEndpoint, settings: Settings, dialect: Dialect): Normalised {
  const { product, variant, productId, readAt } = rowOf(body);
  if (variant !== undefined) return offerOf(rowOf(variant), idOf(productId), partner, settings, textOf(readAt));
  if (product === undefined) return rejected('unknown-kind', 'neither product nor variant');
  return listingOf(rowOf(product), partner, settings, dialect, textOf(readAt));
}

function listingOf(
  product: Row,
  partner: PartnerEndpoint,
  settings: Settings,
  dialect: Dialect,
  readAt: string,
): Normalised {
  const id = idOf(product.id);
  const at = instantOf(product[dialect.changed], dialect.utcOffset) ?? readAt;
  const title = product[dialect.title];
  // Absent is another schema, null is a draft.
  if (typeof title !== 'string' || product[dialect.published] === undefined) {
    return rejected('invalid-record', `a product without ${dialect.title} or ${dialect.published}`);
  }
  if (!isPublished(product, dialect)) return gone('listing', id, partner.origin, at);
  const slug = textOf(product[dialect.slug]) || id;
  const told = {
    id,
    title,
    html: textOf(product[dialect.html]),
    images: rowsOf(product.images).map(({ src }) => src),
    categories: [textOf(product[dialect.category])],
    landingUrl: pageOf({ id: id.toWellFormed(), slug: slug.toWellFormed() }, partner, settings),
  };
  return listingRecord(told, partner, settings, at);
}

function offerOf(variant: Row, listingId: string, partner: PartnerEndpoint, settings: Settings, at: string) {
  const { price, compare_at_price, inventory_management, inventory_policy, inventory_quantity } = variant;
  const isCounted = textOf(inventory_management) !== '';
  const stock = Number(inventory_quantity);
  if (isCounted && !Number.isSafeInteger(stock)) return rejected('invalid-record', 'inventory_quantity is no number');
  const title = textOf(variant.title);
  const told = {
    id: idOf(variant.id),
    listingId,
    sku: textOf(variant.sku),
    label: title === 'Default Title' ? '' : title,
    price,
    listPrice: compare_at_price,
    quantity: isCounted ? Math.max(0, stock) : undefined,
    isThere: true,
    takesBackorders: inventory_policy === 'continue',
  };
  return offerRecord(told, partner, settings, at);
}
