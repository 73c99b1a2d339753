import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type HoldId = Id<'Hold'>;
export const HOLD_SOURCES = ['checkout', 'partner', 'bundle'] as const;
export const HOLD_STATES = ['held', 'claimed', 'released'] as const;
export const MOVEMENT_REASONS = ['initial', 'count', 'sale', 'return', 'import', 'partner'] as const;
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
});
