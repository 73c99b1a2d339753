import type { Id } from '#core/ids.ts';
import type { Bps } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { BusinessType } from '#features/businesses/types.ts';

export type CommissionRuleId = Id<'CommissionRule'>;

/** Whose sales a rule is for. The narrowest that fits a line counts: its business, its product set, the kind of business, all. */
export type FeeTarget = {
  readonly businessId: Id<'Business'> | null;
  readonly categoryId: number | null;
  readonly businessType: BusinessType | null;
};
export type FeeRule = FeeTarget & {
  readonly id: CommissionRuleId;
  /** Null: from then on there is no such rule, and the next wider one counts. */
  readonly rateBps: Bps | null;
};
/** The rules of one moment, and the VAT on the fee then. */
export type FeeTable = { readonly rules: readonly FeeRule[]; readonly vatBps: Bps };

/** A change of fees is published this long before it counts. */
export const noticeDays = 20;

export const feeProblems = defineProblems({
  'fee-too-soon': {
    status: 422,
    vi: ['Biểu phí phải công bố trước ít nhất 20 ngày', 'Chọn ngày áp dụng từ ngày nêu trong earliest trở đi.'],
    en: ['Fees are published 20 days ahead', 'Choose a day from earliest on.'],
  },
  'fee-rate-invalid': {
    status: 422,
    vi: ['Mức phí không hợp lệ', 'Nhập từ 0 đến 30%.'],
    en: ['The fee is not valid', 'Enter 0 to 30 percent.'],
  },
  'fee-target-invalid': {
    status: 422,
    vi: [
      'Đối tượng áp dụng không hợp lệ',
      'Chọn một trong ba: cơ sở, nhóm sản phẩm hoặc loại hình; mức chung thì để trống.',
    ],
    en: ['Whom the fee is for is not clear', 'Name a business, a product set or a kind of business; none for all.'],
  },
  'fee-taken': {
    status: 409,
    vi: ['Ngày này đã có mức phí cho đối tượng ấy', 'Chọn ngày khác.'],
    en: ['There is a fee for them from that day on', 'Choose another day.'],
  },
});
