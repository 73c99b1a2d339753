import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type BusinessId = Id<'Business'>;
export const BUSINESS_TYPES = ['cooperative', 'enterprise', 'household', 'cooperative_group', 'farm'] as const;
export type BusinessType = (typeof BUSINESS_TYPES)[number];
export const BUSINESS_STATES = ['draft', 'submitted', 'approved', 'rejected', 'suspended', 'closed'] as const;
export const PAYMENT_METHODS = ['stripe', 'vietqr', 'vnpay'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export const businessProblems = defineProblems({
  'business-not-found': {
    status: 404,
    vi: ['Không có cơ sở này', 'Kiểm tra mã cơ sở; danh sách ở /v1/businesses.'],
    en: ['There is no such business', 'Check the id; /v1/businesses lists them all.'],
  },
  'tax-code-invalid': {
    status: 422,
    vi: ['Mã số thuế không đúng', 'Nhập 10 hoặc 13 chữ số đúng số kiểm tra, hoặc số định danh 12 chữ số.'],
    en: [
      'The tax code is not valid',
      'Give 10 or 13 digits with a correct check digit, or the 12-digit personal number.',
    ],
  },
});
