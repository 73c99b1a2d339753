import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type ComplaintId = Id<'Complaint'>;

/** What a complaint is about. Money goes back only where it is about an order. */
export const COMPLAINT_SUBJECTS = ['order', 'business', 'product'] as const;
export type ComplaintSubject = (typeof COMPLAINT_SUBJECTS)[number];

/** What is wrong. `unsafe` is food that may make somebody ill: an officer sees it at once. */
export const COMPLAINT_KINDS = [
  'late',
  'not-received',
  'wrong-item',
  'damaged',
  'quality',
  'unsafe',
  'false-description',
  'behaviour',
  'other',
] as const;
export type ComplaintKind = (typeof COMPLAINT_KINDS)[number];

export const COMPLAINT_WISHES = ['refund-whole', 'refund-part', 'replacement', 'apology', 'other'] as const;
export type ComplaintWish = (typeof COMPLAINT_WISHES)[number];

/**
 * Where a complaint stands. `open`: the business has the word; `offered`: the shopper has it; `escalated`: an officer has
 * it. What an officer decided may be taken to another one (`appealed`) until it is `final`. `lapsed`: the shopper let an
 * offer lie until its time was over.
 */
export const COMPLAINT_STATES = [
  'open',
  'offered',
  'escalated',
  'decided',
  'appealed',
  'final',
  'settled',
  'lapsed',
  'withdrawn',
] as const;
export type ComplaintState = (typeof COMPLAINT_STATES)[number];

/** Until one of the others an order's earnings are not paid out, and nobody complains of the same order again. */
export const OPEN_STATES = ['open', 'offered', 'escalated', 'decided', 'appealed'] as const;

/** The legal steps, as rows of `complaint_moves`, to which the log of steps has a foreign key. */
export const COMPLAINT_MOVES: Readonly<Record<ComplaintState | 'none', readonly ComplaintState[]>> = {
  none: ['open'],
  open: ['offered', 'escalated', 'withdrawn'],
  offered: ['settled', 'escalated', 'lapsed', 'withdrawn'],
  escalated: ['decided', 'withdrawn'],
  decided: ['appealed', 'final'],
  appealed: ['final'],
  final: [],
  settled: [],
  lapsed: [],
  withdrawn: [],
};

/** What the history tells. Those that are no state change nothing of where the complaint stands. */
export const COMPLAINT_EVENTS = [
  'filed',
  'offered',
  'refused-by-business',
  'no-answer',
  'asked-officer',
  'unsafe',
  'accepted',
  'offer-refused',
  'lapsed',
  'withdrawn',
  'decided',
  'appealed',
  'reviewed',
  'final',
  'message',
  'overdue',
] as const;
export type ComplaintEventType = (typeof COMPLAINT_EVENTS)[number];

/** What a business offers. A refusal is an answer too, and brings the complaint to an officer. */
export const OFFER_KINDS = ['refund', 'replacement', 'explanation'] as const;
export type OfferKind = (typeof OFFER_KINDS)[number];

/** What an officer decides. `uphold` only of an appeal: what was decided stays. */
export const COMPLAINT_VERDICTS = ['refund', 'replacement', 'apology', 'dismiss', 'uphold'] as const;
export type ComplaintVerdict = (typeof COMPLAINT_VERDICTS)[number];

export const AUTHORS = ['shopper', 'business', 'officer'] as const;
export type Author = (typeof AUTHORS)[number];

/** The published times of a day. What was complained of under them is judged by them, whatever is published later. */
export type ComplaintRule = {
  /** The first day on which they hold, `YYYY-MM-DD`. */
  readonly validFrom: string;
  /** Hours in which the business answers. */
  readonly answerHours: number;
  /** Hours in which the shopper takes an offer or not. */
  readonly choiceHours: number;
  /** Working days in which an officer decides, and hours where food may be unsafe. */
  readonly officerDays: number;
  readonly unsafeHours: number;
  /** Days in which a decision may be taken to another officer. */
  readonly appealDays: number;
  /** Days from the order in which it may be complained of. */
  readonly fileDays: number;
  readonly maxPhotos: number;
  /** The public figure: of the last so many days, shown from so many complaints on. */
  readonly figureDays: number;
  readonly figureMinimum: number;
};

/** Answered in time, of so many; null where there are too few to say anything. */
export type ComplaintFigure = { readonly days: number; readonly count: number; readonly of: number } | null;

export const REPORT_FORMATS = ['csv', 'xlsx'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const complaintProblems = defineProblems({
  'complaint-not-found': {
    status: 404,
    vi: ['Không tìm thấy khiếu nại', 'Kiểm tra mã khiếu nại; mã bắt đầu bằng ST và có 12 ký tự.'],
    en: ['There is no such complaint', 'Check its code; it starts with ST and has 12 characters.'],
  },
  'complaint-not-proved': {
    status: 404,
    vi: [
      'Không có đơn hàng hay khiếu nại nào khớp mã và số điện thoại này',
      'Kiểm tra lại mã và dùng đúng số điện thoại đã ghi khi đặt hàng hoặc khi khiếu nại.',
    ],
    en: [
      'No order or complaint matches this code and phone number',
      'Check the code and use the phone number that was given with the order or the complaint.',
    ],
  },
  'complaint-subject-missing': {
    status: 404,
    vi: ['Không tìm thấy nơi bị khiếu nại', 'Mở lại trang cơ sở hoặc sản phẩm rồi bấm Khiếu nại.'],
    en: ['There is no such business or product', 'Open its page again and complain from there.'],
  },
  'complaint-order-unpaid': {
    status: 409,
    vi: ['Đơn này chưa thanh toán', 'Đơn chưa thanh toán thì hủy được ngay trên trang đơn hàng.'],
    en: ['This order is not paid', 'An order that is not paid can be called off on its own page.'],
  },
  'complaint-too-late': {
    status: 409,
    vi: ['Đã quá thời hạn khiếu nại của đơn này', 'Hạn ghi ở until. Bạn vẫn có thể khiếu nại về cơ sở.'],
    en: [
      'The time for complaining of this order is over',
      'It ended at until. You can still complain of the business.',
    ],
  },
  'complaint-open-already': {
    status: 409,
    vi: ['Đơn này đang có một khiếu nại', 'Mở khiếu nại đó để nhắn thêm; mã ghi ở code.'],
    en: ['This order has an open complaint', 'Add a message to that one; its code is in code.'],
  },
  'complaint-phone-invalid': {
    status: 422,
    vi: ['Số điện thoại chưa đúng', 'Nhập số điện thoại Việt Nam, ví dụ 0912345678, để nhận trả lời.'],
    en: ['The phone number is not right', 'Enter a Vietnamese number such as 0912345678, to hear the answer.'],
  },
  'complaint-words-missing': {
    status: 422,
    vi: ['Thiếu nội dung', 'Viết vài chữ để bên kia hiểu chuyện gì và vì sao.'],
    en: ['The words are missing', 'Write a few words so that the other side understands what and why.'],
  },
  'complaint-wish-refused': {
    status: 422,
    vi: [
      'Không hoàn tiền được khi khiếu nại không gắn với đơn hàng',
      'Chọn mong muốn khác, hoặc khiếu nại từ đơn hàng.',
    ],
    en: ['Without an order no money can go back', 'Choose another wish, or complain of the order.'],
  },
  'complaint-amount-invalid': {
    status: 422,
    vi: ['Số tiền chưa đúng', 'Nhập số đồng từ 1 đến số còn lại của đơn (leftVnd).'],
    en: ['The amount is not right', 'Enter 1 đồng at least and what is left of the order (leftVnd) at most.'],
  },
  'complaint-photos-full': {
    status: 409,
    vi: ['Đã đủ số ảnh', 'Mỗi lần gửi kèm tối đa maxPhotos ảnh.'],
    en: ['There are enough photos', 'No more than maxPhotos photos go with one message.'],
  },
  'complaint-not-movable': {
    status: 409,
    vi: ['Khiếu nại không ở bước này', 'Tải lại để xem bước hiện tại trong state.'],
    en: ['The complaint is not at this step', 'Reload it to see where it stands, in state.'],
  },
  'complaint-over': {
    status: 409,
    vi: ['Khiếu nại đã khép lại', 'Không nhắn thêm được nữa. Việc mới thì gửi khiếu nại mới.'],
    en: ['The complaint has ended', 'No more can be added. Complain anew of what is new.'],
  },
  'complaint-same-officer': {
    status: 409,
    vi: ['Cần cán bộ khác xem lại', 'Người đã quyết định lần đầu không xem lại quyết định của mình.'],
    en: ['Another officer must review this', 'Whoever decided it first does not review their own decision.'],
  },
  'complaint-verdict-refused': {
    status: 422,
    vi: ['Quyết định này không dùng được ở đây', 'Hoàn tiền cần có đơn hàng; giữ nguyên chỉ dùng khi xem lại.'],
    en: ['This verdict cannot be used here', 'A refund needs an order; uphold is only for a review.'],
  },
  'complaint-product-foreign': {
    status: 422,
    vi: ['Sản phẩm không thuộc khiếu nại này', 'Chọn sản phẩm trong đơn hàng hoặc sản phẩm bị khiếu nại.'],
    en: ['The product does not belong to this complaint', 'Choose one of the order, or the one complained of.'],
  },
  'complaint-period-invalid': {
    status: 422,
    vi: ['Kỳ báo cáo chưa đúng', 'Viết tháng như 2026-11 hoặc quý như 2026-Q4, không ở tương lai.'],
    en: [
      'The period of the report is not right',
      'Write a month as 2026-11 or a quarter as 2026-Q4, not a future one.',
    ],
  },
});
