import { sha256Hex } from '../../protocol/canonical.ts';
import type { Lane } from '../../protocol/record.ts';
import { makeUri, type UriKind } from '../../protocol/uri.ts';

/** What feeds say of goods, by the names of Google's specification where it has one, by ours below where it has not. */
export const FIELDS = [
  'id',
  'item_group_id',
  'title',
  'title_en',
  'description',
  'description_en',
  'link',
  'image_link',
  'additional_image_link',
  'price',
  'sale_price',
  'sale_price_effective_date',
  'availability',
  'quantity',
  'brand',
  'gtin',
  'mpn',
  'product_type',
  'unit_pricing_measure',
  'size',
  'unit',
  'position',
  'min_quantity',
  'max_quantity',
  'shelf_life_days',
  'producer_id',
  'tax_code',
  'province',
  'commune',
  'ocop_stars',
  'ocop_decision',
  'ocop_issuer',
  'ocop_issued',
  'ocop_expires',
] as const;
export type Field = (typeof FIELDS)[number];
/** One thing for sale in the partner's words, as text. Pictures beyond the first are separated by line ends. */
export type Goods = Readonly<Partial<Record<Field, string>>>;
export type GoodsBody = { readonly lane: Lane; readonly goods: Goods; readonly readAt: string };

/** Longer text than any record may have; what a field says beyond it is not kept. */
export const maxFieldLength = 100_000;

const isPlain = /^[A-Za-z0-9._~-]{1,100}$/;

/** The partner's name for a thing as part of an address: as it is where it can be, else its hash. */
export const idOf = (name: string): string => (isPlain.test(name) ? name : `h-${sha256Hex(name).slice(0, 32)}`);

export const uriOf = (origin: string, kind: UriKind, name: string): string => makeUri(origin, kind, idOf(name));

/** Packs of one product share a listing, and each has its offer. */
export const goodsUri = (origin: string, lane: Lane, { id = '', item_group_id: group }: Goods): string =>
  lane === 'catalogue' ? uriOf(origin, 'listing', (group || id).trim()) : uriOf(origin, 'offer', id.trim());
