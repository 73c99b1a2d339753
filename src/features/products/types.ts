import type { Cursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';
import type { NamedKind } from '#features/certificates/types.ts';

export type ProductId = Id<'Product'>;
export type VariantId = Id<'Variant'>;
export const PRODUCT_STATES = ['draft', 'listed', 'withdrawn'] as const;
export const STORAGE = ['ambient', 'cool', 'chilled', 'frozen', 'fresh'] as const;
export type Storage = (typeof STORAGE)[number];
export const PRODUCT_SORTS = ['newest', 'price', '-price', 'name'] as const;
export type ProductSort = (typeof PRODUCT_SORTS)[number];
export type Star = 3 | 4 | 5;

/** Each list is an OR within itself; the filters together are an AND. Prices in đồng, of the default variant. */
export type ProductFilters = {
  /** Slugs or ids of product sets. */
  readonly category?: readonly string[];
  readonly stars?: readonly number[];
  /** Kinds of certificates in force, beside the stars of OCOP. */
  readonly certificate?: readonly NamedKind[];
  /** Slugs or ids of businesses. */
  readonly business?: readonly string[];
  readonly ward?: readonly string[];
  /** Keys of partner exchanges; `own` names this one. */
  readonly partner?: readonly string[];
  readonly priceMin?: number;
  readonly priceMax?: number;
  readonly inStock?: boolean;
};

export type ListRequest = {
  readonly filters: ProductFilters;
  readonly sort: ProductSort;
  readonly limit: number;
  readonly cursor?: Cursor;
};

export const productProblems = defineProblems({
  'product-not-found': {
    status: 404,
    vi: ['Không có sản phẩm này', 'Kiểm tra mã hoặc tên đường dẫn; tìm lại ở /v1/search.'],
    en: ['There is no such product', 'Check the id or slug, or find it with /v1/search.'],
  },
  'product-withdrawn': {
    status: 410,
    vi: ['Sản phẩm đã ngừng bán', 'Xem các sản phẩm khác của cơ sở này.'],
    en: ['The product has been withdrawn', 'Look at the other products of this business.'],
  },
  'variant-not-found': {
    status: 404,
    vi: ['Không có loại hàng này', 'Lấy variantId từ sản phẩm đang bán.'],
    en: ['There is no such variant', 'Take variantId from a product that is for sale.'],
  },
  'sku-taken': {
    status: 409,
    vi: ['Mã hàng đã có', 'Dùng mã khác, hoặc sửa sản phẩm đang mang mã này.'],
    en: ['The SKU is taken', 'Use another, or edit the product that has it.'],
  },
  'price-invalid': {
    status: 422,
    vi: ['Giá không hợp lệ', 'Giá là số đồng nguyên, lớn hơn 0 và không quá 10 tỷ.'],
    en: ['The price is not valid', 'A price is a whole number of đồng above 0 and at most 10 billion.'],
  },
});
