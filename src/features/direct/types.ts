import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type DirectPaymentId = Id<'DirectPayment'>;
export type DirectRefundId = Id<'DirectRefund'>;

/** What is known of an order's price that goes to the business itself. `given-back`: the business owes it to the shopper. */
export const DIRECT_STATES = ['pending', 'underpaid', 'paid', 'expired', 'given-back'] as const;
export type DirectState = (typeof DIRECT_STATES)[number];
/** Who says that money arrived. `confirmation`: the bank tells what the seller had said before; it counts no second time. */
export const RECEIPT_SOURCES = ['seller', 'feed', 'confirmation'] as const;
export type ReceiptSource = (typeof RECEIPT_SOURCES)[number];
/** Why a business owes money to a shopper: part of an order's price, or money that paid for nothing. */
export const DIRECT_REFUND_REASONS = [
  'cancelled',
  'returned',
  'complaint',
  'disputed',
  'overpaid',
  'duplicate',
  'late',
  'expired',
] as const;
export type DirectRefundReason = (typeof DIRECT_REFUND_REASONS)[number];
export const DIRECT_REFUND_STATES = ['due', 'sent'] as const;
export const mostHoldHours = 24;

export const directProblems = defineProblems({
  'direct-account-unchecked': {
    status: 409,
    vi: [
      'Tài khoản ngân hàng chưa được sàn kiểm tra',
      'Khai tài khoản ở trang cơ sở, rồi nhờ cán bộ tài chính gọi xác nhận; sau đó chọn lại.',
    ],
    en: [
      'The exchange has not checked the bank account',
      'Name the account on the page of your business, have an officer of finance check it, and choose again.',
    ],
  },
  'direct-hold-invalid': {
    status: 422,
    vi: ['Số giờ giữ hàng chưa đúng', 'Nhập số nguyên từ 1 đến 24.'],
    en: ['The hours are not right', 'Give a whole number from 1 to 24.'],
  },
  'direct-closed': {
    status: 409,
    vi: ['Cơ sở tạm không nhận tiền trực tiếp', 'Tài khoản của cơ sở vừa thay đổi; đặt lại đơn để trả theo cách khác.'],
    en: ['The business takes no direct payment now', 'Its account has changed; order again to pay another way.'],
  },
  'direct-not-order': {
    status: 409,
    vi: ['Đơn này không trả thẳng cho cơ sở', 'Thanh toán theo nhóm đơn qua sàn.'],
    en: ['This order is not paid to the business itself', 'Pay its group through the exchange.'],
  },
  'direct-not-opened': {
    status: 409,
    vi: ['Khách chưa mở mã QR của đơn này', 'Chỉ ghi nhận tiền của đơn mà khách đã mở mã chuyển khoản.'],
    en: ['The shopper has not opened the QR code of this order', 'Money is recorded for orders whose code was opened.'],
  },
  'direct-settled': {
    status: 409,
    vi: ['Đơn này đã đủ tiền hoặc đã khép lại', 'Tải lại trang; tiền đến thêm thì hoàn lại cho khách.'],
    en: ['This order is paid or over', 'Reload the page; what came on top goes back to the shopper.'],
  },
  'direct-amount-invalid': {
    status: 422,
    vi: ['Số tiền chưa đúng', 'Nhập số đồng đã nhận, lớn hơn 0, không có số lẻ.'],
    en: ['The amount is not right', 'Give the đồng that arrived, more than 0, whole.'],
  },
  'direct-reference-known': {
    status: 409,
    vi: ['Mã giao dịch này đã được ghi nhận', 'Mỗi lần chuyển tiền ghi một lần; kiểm tra lại sao kê.'],
    en: ['This bank reference was recorded before', 'Each transfer counts once; look at your statement.'],
  },
  'direct-reference-invalid': {
    status: 422,
    vi: ['Mã giao dịch chưa đúng', 'Mã gồm 4 đến 60 chữ và số như trên biên lai.'],
    en: ['The bank reference is not right', 'It has 4 to 60 letters and digits, as on the receipt.'],
  },
  'direct-refund-not-found': {
    status: 404,
    vi: ['Không có khoản hoàn này', 'Tải lại trang tiền nhận trực tiếp.'],
    en: ['There is no such refund', 'Reload the page of direct payments.'],
  },
  'direct-refund-sent': {
    status: 409,
    vi: ['Khoản này đã được ghi là đã hoàn', 'Tải lại trang để xem.'],
    en: ['This refund was recorded as sent', 'Reload the page to see it.'],
  },
});
