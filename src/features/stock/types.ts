import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type HoldId = Id<'Hold'>;
/** One save of the table of prices and stock. */
export type TableEditId = Id<'TableEdit'>;
/** Whoever packs parcels counts shelves and sets no prices. */
export const priceAccess = { access: 'seller', roles: ['owner', 'manager'] } as const;

/** What one save of the table changed about a size: enough to take it back. */
export type TableEntry = {
  readonly variantId: string;
  readonly price?: { readonly before: number; readonly after: number; readonly compareAtVnd: number | null };
  readonly stock?: { readonly before: number; readonly after: number };
};
export const HOLD_SOURCES = ['checkout', 'partner', 'bundle'] as const;
export const HOLD_STATES = ['held', 'claimed', 'released'] as const;
/** Why people say that stock changed. */
export const COUNT_REASONS = ['count', 'received', 'sold-elsewhere', 'damaged', 'given-away'] as const;
export type CountReason = (typeof COUNT_REASONS)[number];
export const MOVEMENT_REASONS = [
  ...COUNT_REASONS,
  'initial',
  'sale',
  'return',
  'resent',
  'import',
  'partner',
  'undo',
] as const;
export type MovementReason = (typeof MOVEMENT_REASONS)[number];

export const stockProblems = defineProblems({
  'stock-short': {
    status: 409,
    vi: ['Không đủ hàng', 'Giảm số lượng các dòng nêu trong short, hoặc chọn sản phẩm khác.'],
    en: ['There is not enough stock', 'Lower the quantity of the lines named in short, or choose another product.'],
  },
  'stock-below-held': {
    status: 409,
    vi: ['Tồn kho không thể thấp hơn số đang giữ cho khách', 'Nhập số lượng từ mức đang giữ trở lên.'],
    en: ['Stock cannot go below what is held for shoppers', 'Enter at least the quantity that is held.'],
  },
  'table-edit-not-found': {
    status: 404,
    vi: ['Không có lần lưu này', 'Mở lại bảng giá để xem số liệu hiện tại.'],
    en: ['There is no such save', 'Open the table again to see what holds now.'],
  },
  'undo-too-late': {
    status: 409,
    vi: ['Đã quá hạn hoàn tác', 'Hoàn tác được trong 10 phút, một lần; sửa lại trong bảng giá.'],
    en: ['It is too late to undo', 'A save can be undone once, within ten minutes; change it in the table instead.'],
  },
});
