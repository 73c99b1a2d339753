import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { VariantId } from '#features/products/types.ts';

export type BundleId = Id<'Bundle'>;
export const BUNDLE_STATES = ['listed', 'withdrawn'] as const;
export const maxItems = 20;
export const maxBoxes = 50;

export type BundleItem = { readonly variantId: VariantId; readonly quantity: number };
export type NewBundle = {
  readonly nameVi: string;
  readonly nameEn: string;
  readonly descriptionVi: string;
  readonly priceVnd: Vnd;
  readonly items: readonly BundleItem[];
};

export const bundleProblems = defineProblems({
  'bundle-not-found': {
    status: 404,
    vi: ['Không tìm thấy hộp quà', 'Hộp quà có thể đã ngừng bán; xem các hộp khác.'],
    en: ['There is no such gift box', 'It may have been withdrawn; look at the others.'],
  },
  'bundle-too-small': {
    status: 422,
    vi: ['Hộp quà cần ít nhất hai món của hai cơ sở', 'Thêm món của cơ sở khác.'],
    en: ['A gift box needs at least two goods of two businesses', 'Add goods of another business.'],
  },
  'bundle-item-unknown': {
    status: 422,
    vi: [
      'Có món không bán được trong hộp quà',
      'Bỏ các món nêu trong variantIds: không có, không bán, hoặc của sàn bạn.',
    ],
    en: [
      'Something cannot be sold in a gift box',
      'Leave out what variantIds names: unknown, not for sale, or a partner’s.',
    ],
  },
  'bundle-price-above-goods': {
    status: 422,
    vi: ['Giá hộp quà cao hơn tổng giá các món', 'Đặt giá từ 1.000 đồng đến goodsVnd.'],
    en: ['The box costs more than its goods', 'Set a price from 1,000 đồng to goodsVnd.'],
  },
  'bundle-not-for-sale': {
    status: 409,
    vi: ['Hộp quà tạm không bán được', 'Một món trong hộp đang hết hoặc ngừng bán; chọn hộp khác.'],
    en: ['The gift box cannot be bought now', 'Something in it is sold out or withdrawn; choose another.'],
  },
  'bundle-price-changed': {
    status: 409,
    vi: ['Giá hộp quà vừa đổi', 'Xem totalVnd rồi đặt lại.'],
    en: ['The price of the box has changed', 'Look at totalVnd and order again.'],
  },
});
