import type { Id } from '#core/ids.ts';
import type { Bps, Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';

export type VoucherId = Id<'Voucher'>;
export const VOUCHER_KINDS = ['percent', 'fixed'] as const;
export type VoucherKind = (typeof VOUCHER_KINDS)[number];
/** What the discount is for: all goods of whoever gives it, or those of businesses, product sets or products. */
export const VOUCHER_SCOPES = ['all', 'businesses', 'categories', 'products'] as const;
export type VoucherScope = (typeof VOUCHER_SCOPES)[number];
export const VOUCHER_STATES = ['scheduled', 'running', 'used-up', 'ended'] as const;
export type VoucherState = (typeof VOUCHER_STATES)[number];

/** What no voucher takes away: the least that an order costs. Banks and gateways move nothing smaller. */
export const leastPayableVnd = 1_000;

/** What a voucher promises. It is never changed once it is given out; who gives it may end it. */
export type VoucherTerms = {
  /** Upper case; null applies by itself. */
  readonly code: string | null;
  readonly name: string;
  /** Who gives it; null is the exchange. */
  readonly businessId: Id<'Business'> | null;
  readonly kind: VoucherKind;
  readonly rateBps: Bps | null;
  readonly amountVnd: Vnd | null;
  /** The most that a percentage takes off. */
  readonly capVnd: Vnd | null;
  readonly minimumVnd: Vnd;
  readonly scope: VoucherScope;
  readonly scopeIds: readonly string[];
  readonly firstOrder: boolean;
  /** The part of the discount that the exchange pays the business for. */
  readonly exchangeBps: Bps;
  readonly stackable: boolean;
  readonly isPublic: boolean;
  readonly validFrom: Date;
  readonly validUntil: Date;
  readonly budgetVnd: Vnd | null;
  readonly maxUses: number | null;
  readonly maxUsesPerCustomer: number | null;
  /** Number of the paper by which businesses bear part of a voucher of the exchange. */
  readonly agreement: string;
};
export type Voucher = VoucherTerms & {
  readonly id: VoucherId;
  readonly spentVnd: Vnd;
  readonly uses: number;
  readonly endedAt: Date | null;
};
/** A voucher as it stands for one shopper. */
export type Offer = Voucher & { readonly ownUses: number; readonly hasOrdered: boolean };

/** Why a voucher takes nothing off a cart. */
export const NOT_APPLIED = [
  'not-started',
  'ended',
  'used-up',
  'own-limit',
  'first-order',
  'scope',
  'minimum',
  'not-combined',
  'nothing-left',
] as const;
export type NotApplied = (typeof NOT_APPLIED)[number];

export const voucherProblems = defineProblems({
  'voucher-not-found': {
    status: 404,
    vi: ['Không tìm thấy ưu đãi này', 'Tải lại danh sách ưu đãi.'],
    en: ['There is no such voucher', 'Reload the list of vouchers.'],
  },
  'voucher-used-up': {
    status: 409,
    vi: ['Ưu đãi vừa hết lượt', 'Đọc lại giỏ hàng: tổng tiền nay không còn giảm. Đặt lại nếu vẫn muốn mua.'],
    en: [
      'The voucher has just been used up',
      'Read the cart again: its total is without it now. Then order if you like.',
    ],
  },
  'voucher-not-applicable': {
    status: 409,
    vi: ['Mã giảm giá chưa áp dụng được cho giỏ này', 'Xem lý do trong reason; bỏ mã hoặc sửa giỏ rồi đặt lại.'],
    en: [
      'The voucher does not apply to this cart',
      'See reason; take the code off or change the cart, and order again.',
    ],
  },
  'voucher-code-taken': {
    status: 409,
    vi: ['Mã này đã có', 'Chọn mã khác; mã cũ không dùng lại để khách không nhầm.'],
    en: ['This code is taken', 'Choose another; codes are not used twice, so that nobody is misled.'],
  },
  'voucher-code-invalid': {
    status: 422,
    vi: ['Mã giảm giá không hợp lệ', 'Dùng 4 đến 20 chữ in không dấu hoặc số, ví dụ TET2027.'],
    en: ['The code is not valid', 'Use 4 to 20 letters without accents or digits, such as TET2027.'],
  },
  'voucher-name-missing': {
    status: 422,
    vi: ['Thiếu tên ưu đãi', 'Viết tên để khách hiểu, ví dụ “Giảm 10% bánh pía”.'],
    en: ['The voucher has no name', 'Write one that shoppers understand, such as “10 % off pía cakes”.'],
  },
  'voucher-amount-invalid': {
    status: 422,
    vi: ['Mức giảm không hợp lệ', 'Giảm từ 1% đến 90%, hoặc một số tiền từ 1.000 đồng; mức tối đa phải lớn hơn 0.'],
    en: ['The discount is not valid', 'Take 1 to 90 percent off, or an amount from 1,000 đồng; a cap is above 0.'],
  },
  'voucher-time-invalid': {
    status: 422,
    vi: ['Thời gian ưu đãi không hợp lệ', 'Ngày kết thúc phải sau ngày bắt đầu và sau hôm nay, không quá một năm.'],
    en: ['The time of the voucher is not valid', 'It ends after it begins and after today, within a year.'],
  },
  'voucher-limit-invalid': {
    status: 422,
    vi: ['Ngân sách hoặc số lượt không hợp lệ', 'Nhập số lớn hơn 0, hoặc để trống nếu không giới hạn.'],
    en: ['The budget or the number of uses is not valid', 'Enter more than 0, or leave it empty for no limit.'],
  },
  'voucher-scope-unknown': {
    status: 422,
    vi: ['Không tìm thấy mục trong phạm vi áp dụng', 'Dán địa chỉ trang hoặc mã của từng mục, mỗi dòng một mục.'],
    en: ['Something in the scope is unknown', 'Paste the address or the id of each, one a line.'],
  },
  'voucher-share-invalid': {
    status: 422,
    vi: [
      'Phần chi phí chưa hợp lệ',
      'Ưu đãi của cơ sở do cơ sở chịu. Ưu đãi của sàn mà cơ sở cùng chịu phải nêu các cơ sở và số văn bản thỏa thuận.',
    ],
    en: [
      'The shares of the cost are not valid',
      'A business bears its own vouchers. One of the exchange that businesses share names them and the agreement.',
    ],
  },
});
