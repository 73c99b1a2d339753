import type { Cursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { NamedKind } from '#features/certificates/types.ts';

/** Classes of goods for VAT: `reduced` is what the reductions of 2023 to 2026 lower, `standard` what they leave out. */
export const VAT_CLASSES = ['exempt', 'five', 'reduced', 'standard'] as const;
export type ProductId = Id<'Product'>;
export type VariantId = Id<'Variant'>;
/** `withdrawn` by its business, which may bring it back; `taken-down` on an authority's request, until a decision restores it. */
export const PRODUCT_STATES = ['draft', 'listed', 'withdrawn', 'taken-down'] as const;
export type ProductState = (typeof PRODUCT_STATES)[number];
export const STORAGE = ['ambient', 'cool', 'chilled', 'frozen', 'fresh'] as const;
export type Storage = (typeof STORAGE)[number];
/** The nine allergens that the catalogue's labels tell of. */
export const ALLERGENS = ['gluten', 'egg', 'milk', 'peanut', 'soy', 'fish', 'crustacean', 'mollusc', 'sesame'] as const;
export type Allergen = (typeof ALLERGENS)[number];
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

/** A price that is to hold from the beginning of a local day on. */
export type NextPrice = { readonly priceVnd: Vnd; readonly from: string };

/** A size of a product as its seller edits it. `variantId` is null until it was listed; `onHand` null leaves the stock alone. */
export type VariantFields = {
  readonly variantId: VariantId | null;
  readonly sku: string;
  readonly label: string;
  readonly priceVnd: Vnd | null;
  readonly compareAtVnd: Vnd | null;
  readonly next: NextPrice | null;
  readonly netWeightG: number;
  readonly minOrder: number;
  readonly maxOrder: number;
  readonly onHand: number | null;
  readonly active: boolean;
};

/** A picture in its place: one that is shown already, or a file that was sent. */
export type PictureFields = {
  readonly pictureId: Id<'Picture'> | null;
  readonly fileId: Id<'StoredFile'> | null;
  readonly altVi: string;
};

/** Everything of a product that its seller may say. Stars, state and business are not among it. The default size comes first. */
export type ProductFields = {
  readonly nameVi: string;
  readonly nameEn: string;
  readonly aliases: readonly string[];
  /** Null where the seller leaves the choice to the officer. */
  readonly categoryId: number | null;
  readonly unitVi: string;
  readonly netWeightG: number;
  readonly grossWeightG: number;
  readonly lengthCm: number;
  readonly widthCm: number;
  readonly heightCm: number;
  readonly storage: Storage;
  readonly shelfLifeDays: number | null;
  /** Null for the usual rate of its product set. */
  readonly vatBps: number | null;
  readonly gtin: string | null;
  readonly ingredientsVi: string;
  readonly allergens: readonly Allergen[];
  readonly descriptionVi: string;
  readonly descriptionEn: string;
  readonly tags: readonly string[];
  readonly seasonMonths: readonly number[];
  readonly pictures: readonly PictureFields[];
  readonly variants: readonly VariantFields[];
};

/** What is wrong with a field, and which: `priceVnd` of the second size is `variants/1/priceVnd`. */
export type FieldFault = { readonly field: string; readonly code: FaultCode };
export const FAULT_CODES = [
  'missing',
  'too-long',
  'too-many',
  'unreadable',
  'ambiguous',
  'negative',
  'fraction',
  'too-large',
  'not-positive',
  'gtin-length',
  'gtin-check-digit',
  'limits-crossed',
  'sku-twice',
  'unknown',
  'vat-not-in-force',
  'vat-alcohol',
  'never-charged',
  'not-in-future',
  'not-own',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** One field that is to change, with the value it had when that was asked. `variant.<id>.priceVnd` names a size's price. */
export type FieldChange = { readonly field: string; readonly before: unknown; readonly after: unknown };

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
  'product-invalid': {
    status: 422,
    vi: ['Sản phẩm còn chỗ chưa đúng', 'Sửa các chỗ nêu trong errors rồi gửi lại; nội dung đã nhập vẫn còn.'],
    en: [
      'Something about the product is not right',
      'Mend what errors lists and send it again; what you typed is kept.',
    ],
  },
  'product-state-refused': {
    status: 409,
    vi: ['Sản phẩm không ở trạng thái cho phép', 'Tải lại để xem trạng thái hiện tại.'],
    en: ['The product is not in a state that allows this', 'Reload to see its current state.'],
  },
  'product-taken-down': {
    status: 409,
    vi: [
      'Sản phẩm đang bị gỡ theo yêu cầu của cơ quan nhà nước',
      'Liên hệ cán bộ sàn; sản phẩm trở lại khi có quyết định.',
    ],
    en: ["The product was taken down on an authority's request", 'Ask the staff; it returns when a decision says so.'],
  },
  'drafts-full': {
    status: 409,
    vi: ['Có quá nhiều bản nháp', 'Gửi duyệt hoặc xóa bớt bản nháp rồi thêm sản phẩm mới.'],
    en: ['There are too many drafts', 'Submit or discard some before adding another product.'],
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
