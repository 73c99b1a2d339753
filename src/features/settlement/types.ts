import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';

export type RunId = Id<'PayoutRun'>;
export type PayoutId = Id<'Payout'>;
export type StatementId = Id<'Statement'>;

/** A run is drafted from what is due, proposed by one officer and approved by another; closed when each payout has ended. */
export const RUN_STATES = ['draft', 'proposed', 'approved', 'closed', 'abandoned'] as const;
export type RunState = (typeof RUN_STATES)[number];
/** `failed`: the bank did not take it; `returned`: it had left and came back. Both are owed again. */
export const PAYOUT_STATES = ['planned', 'approved', 'paid', 'failed', 'returned', 'abandoned'] as const;
export type PayoutState = (typeof PAYOUT_STATES)[number];
/** Payouts that hold what they pay: no other may pay the same. */
export const HOLDING_STATES = ['planned', 'approved', 'paid'] as const satisfies readonly PayoutState[];

/** Why a business is not in a run although something of it is due. */
export const SKIP_REASONS = ['not-approved', 'no-account', 'account-new', 'below-minimum', 'owes'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];
export type Skipped = {
  readonly businessId: BusinessId;
  readonly name: string;
  readonly dueVnd: Vnd;
  readonly reason: SkipReason;
};

/** Of what a business has earned and not been paid. `held`: a return, complaint or dispute is open. */
export const EARNING_STATES = ['due', 'held', 'coming'] as const;
export type EarningState = (typeof EARNING_STATES)[number];

/** What of a statement's line went where; they sum to `netVnd`. Out of the business's pocket is negative. */
export const AMOUNTS = [
  'goodsVnd',
  'discountVnd',
  'promotionVnd',
  'shippingVnd',
  'refundVnd',
  'feeVnd',
  'feeVatVnd',
  'withheldVatVnd',
  'withheldPitVnd',
  'paidOutVnd',
  'otherVnd',
  'netVnd',
] as const;
export type AmountKey = (typeof AMOUNTS)[number];
export type Amounts = Readonly<Record<AmountKey, Vnd>>;

export const settlementProblems = defineProblems({
  'payout-run-not-found': {
    status: 404,
    vi: ['Không có đợt chi trả này', 'Tải lại danh sách các đợt chi trả.'],
    en: ['There is no such payout run', 'Reload the list of runs.'],
  },
  'payout-run-open': {
    status: 409,
    vi: ['Đang có một đợt chi trả chưa duyệt', 'Duyệt hoặc bỏ đợt đó trước khi lập đợt mới.'],
    en: ['A run is open', 'Approve or abandon it before you draft another.'],
  },
  'payout-run-empty': {
    status: 422,
    vi: ['Chưa có khoản nào đến hạn chi trả', 'Tiền của đơn đến hạn sau khi giao hàng và hết hạn đổi trả.'],
    en: ['Nothing is due', 'What an order earned is due after delivery and the time to return.'],
  },
  'payout-run-state': {
    status: 409,
    vi: ['Đợt chi trả không còn ở bước này', 'Tải lại trang để xem trạng thái hiện tại.'],
    en: ['The run is not at this step', 'Reload the page to see its state.'],
  },
  'payout-four-eyes': {
    status: 403,
    vi: ['Người đề nghị không tự duyệt được', 'Nhờ một cán bộ tài chính khác xem và duyệt đợt này.'],
    en: ['Who proposed cannot approve', 'Ask another officer of finance to look and approve.'],
  },
  'payout-run-stale': {
    status: 409,
    vi: ['Số tiền đã đổi từ lúc lập đợt', 'Tính lại đợt rồi đề nghị duyệt lần nữa; đơn thay đổi nêu trong businesses.'],
    en: ['Amounts have changed since the draft', 'Draft it anew and propose again; `businesses` names whose.'],
  },
  'payout-not-found': {
    status: 404,
    vi: ['Không có khoản chi này', 'Kiểm tra mã chi trả; mã bắt đầu bằng ST.'],
    en: ['There is no such payout', 'Check its code; it starts with ST.'],
  },
  'payout-state': {
    status: 409,
    vi: ['Khoản chi không còn ở bước này', 'Tải lại đợt chi trả để xem trạng thái hiện tại.'],
    en: ['The payout is not at this step', 'Reload the run to see its state.'],
  },
  'payout-note-missing': {
    status: 422,
    vi: ['Chưa ghi số chứng từ hoặc lý do', 'Ghi mã giao dịch của ngân hàng, hoặc vì sao tiền không đến.'],
    en: ['The reference or reason is missing', 'Give the bank’s reference, or why the money did not arrive.'],
  },
  'bank-account-unknown': {
    status: 404,
    vi: ['Cơ sở chưa có tài khoản nhận tiền', 'Nhờ chủ cơ sở điền tài khoản ở trang cơ sở.'],
    en: ['The business has no account', 'Ask its owner to enter one on the page of the business.'],
  },
  'statement-month-invalid': {
    status: 422,
    vi: ['Tháng không đúng', 'Viết năm và tháng, ví dụ 2026-11; không lấy tháng sau.'],
    en: ['The month is not valid', 'Write year and month, such as 2026-11; none that is still to come.'],
  },
});
