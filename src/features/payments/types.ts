import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import { reconcilingProblems } from './types/reconciling-problems.ts';

export type { LegMoney, ReceivedForLeg, RefundByHand } from './types/legs.ts';
export type { QrCode, QrMaker, ReceivingAccount } from './types/qr.ts';

/** 128 random bits in base64url: whoever knows it may watch the payment. */
export type PaymentId = Id<'Payment'>;
export type RefundId = Id<'Refund'>;
export type TransferId = Id<'BankTransfer'>;
export type DisputeId = Id<'Dispute'>;
export type ProposalId = Id<'MoneyProposal'>;
export const METHODS = ['stripe', 'vietqr', 'vnpay'] as const;
export type Method = (typeof METHODS)[number];
/** Also by a partner exchange, which collects from its own shopper and owes us: nobody chooses that on our pages. */
export const PAID_BY = [...METHODS, 'partner'] as const;
export type PaidBy = (typeof PAID_BY)[number];
export const PAYMENT_STATES = [
  'pending',
  'paid',
  'failed',
  'expired',
  'underpaid',
  'overpaid',
  'refunded',
  'part-refunded',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];
export const TRANSFER_STATES = [
  'exact',
  'short',
  'completing',
  'over',
  'late',
  'late-refund',
  'duplicate',
  /** Paid several payments, or one and the rest went back. */
  'split',
  'unmatched',
  'given-back',
  /** What a provider collected for us and passed on. */
  'provider-payout',
  'foreign-account',
  /** The bank took it back. */
  'reversed',
  /** Lines of money that left: what the bank took back, one of our refunds, or no affair of the shop. */
  'reversal',
  'refund',
  'outgoing',
  /** Came to a business's own account, by a memo of its own. */
  'direct',
] as const;
export type TransferState = (typeof TRANSFER_STATES)[number];
/**
 * `sent`: it has left our balance and is on its way; `confirmed`: it is with the shopper; `failed`: it came back or was
 * refused, and a person chooses another way.
 */
export const REFUND_STATES = ['queued', 'sent', 'confirmed', 'failed'] as const;
/** `provider`: as the money came; `transfer`: by hand at the bank. */
export const REFUND_WAYS = ['provider', 'transfer', 'partner'] as const;
/** Why part of an order's price goes back. */
export const ORDER_REFUND_REASONS = ['cancelled', 'returned', 'complaint', 'disputed'] as const;
export type OrderRefundReason = (typeof ORDER_REFUND_REASONS)[number];
/** Why money that paid for nothing goes back. */
export const SPARE_REFUND_REASONS = [
  'overpaid',
  'late',
  'duplicate',
  'partial-expired',
  'unmatched',
  'reversed',
  /** Of goods that a partner exchange sold: its leg says why. */
  'exchange-leg',
] as const;
export type SpareRefundReason = (typeof SPARE_REFUND_REASONS)[number];

/**
 * What a provider says of a payment or of a refund. `pending` is its word that it is under way; `unknown` is that nobody
 * knows: to be looked up again, never a refusal.
 */
export type GatewayOutcome =
  | { readonly kind: 'paid'; readonly amountVnd: Vnd; readonly reference: string }
  | { readonly kind: 'declined'; readonly reason: string }
  /** `authorised`: the money is set aside, to be captured or let go. */
  | { readonly kind: 'pending'; readonly authorised?: string; readonly reference?: string }
  | { readonly kind: 'unknown'; readonly cause: string };

export type StartRequest = {
  readonly paymentId: PaymentId;
  readonly code: string;
  readonly amountVnd: Vnd;
  readonly description: string;
  readonly successUrl: string;
  readonly cancelUrl: string;
  readonly startedAt: Date;
  readonly expiresAt: Date;
  /** The shopper's, which some providers ask for. */
  readonly address: string;
  /** `manual`: set aside first, captured when the goods are surely there. */
  readonly capture: Capture;
  /** Kept by the provider, so that its list tells whose money it is should our own rows be lost. */
  readonly metadata?: Readonly<Record<string, string>>;
};
/** Money as the provider's own list has it: taken, or set aside still. */
export type FoundMoney = {
  readonly sessionId: string;
  readonly reference: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly amountVnd: Vnd;
  readonly backVnd: Vnd;
  readonly at: Date;
};
export const CAPTURES = ['automatic', 'manual'] as const;
export type Capture = (typeof CAPTURES)[number];

/** A payment as its provider knows it. */
export type AtProvider = {
  readonly sessionId: string;
  /** What the provider calls the money itself; empty until there is some. */
  readonly reference: string;
  readonly startedAt: Date;
  readonly amountVnd: Vnd;
};
export type RefundRequest = {
  /** Ours, new for each attempt: the provider does once what it is asked twice by the same key. */
  readonly key: string;
  readonly payment: AtProvider;
  readonly amountVnd: Vnd;
  readonly description: string;
};

/** Of what a message tells: money of a session, money that goes back, or a card bank that claims it. */
export type GatewayNews =
  | {
      readonly about: 'session';
      readonly sessionId: string;
      readonly outcome: GatewayOutcome;
      readonly currency: string | undefined;
    }
  | { readonly about: 'refund'; readonly reference: string; readonly outcome: GatewayOutcome }
  | { readonly about: 'dispute'; readonly claim: Claim }
  | { readonly about: 'nothing' };
export type Claim = {
  readonly disputeId: string;
  /** What the provider calls the money that is claimed. */
  readonly reference: string;
  readonly amountVnd: Vnd;
  readonly reason: string;
  readonly status: DisputeState;
  readonly evidenceBy: Date | undefined;
};
export const DISPUTE_STATES = ['open', 'answered', 'won', 'lost'] as const;
export type DisputeState = (typeof DISPUTE_STATES)[number];

/** A provider's message after its signature was checked on the raw bytes. */
export type GatewayEvent = {
  readonly eventId: string;
  readonly type: string;
  readonly news: GatewayNews;
  readonly raw: unknown;
};
export type Delivery = {
  /** As it came, byte for byte. */
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly query: string;
};

/**
 * A provider of payments. Calls time out after 8 s, are never made in a transaction, and throw nothing but what makes
 * starting impossible: what else goes wrong is `unknown`.
 */
export type Gateway = {
  readonly method: Method;
  /** Idempotent by `paymentId`: asking twice gives the same session. Throws when there is no answer. */
  start(request: StartRequest): Promise<{ readonly sessionId: string; readonly redirectUrl: string }>;
  query(payment: AtProvider): Promise<GatewayOutcome>;
  /** Takes what was set aside. */
  capture(payment: AtProvider): Promise<GatewayOutcome>;
  /** Lets what was set aside go, or closes a session that nobody paid: `declined` when nothing can come of it any more. */
  void(payment: AtProvider): Promise<GatewayOutcome>;
  refund(request: RefundRequest): Promise<GatewayOutcome>;
  /** What became of a refund that was `pending`. */
  queryRefund(reference: string, request: RefundRequest): Promise<GatewayOutcome>;
  /** What was paid or set aside since, from the provider's own books, where it lists them. Throws when there is no answer. */
  listMoney?(since: Date): Promise<readonly FoundMoney[]>;
  /** Undefined when the signature is wrong or too old. */
  readEvent(delivery: Delivery): GatewayEvent | undefined;
};

/** What one of the staff proposes and another approves. */
/** Providers that collect money and pass it on later, less what they keep. */
export const PASSING_PROVIDERS = ['stripe', 'vnpay'] as const satisfies readonly Method[];
export type PassingProvider = (typeof PASSING_PROVIDERS)[number];
/** What the lines of their files are: money that came, that went back, that a card bank took or returned, what they keep. */
export const PASSED_KINDS = ['charge', 'refund', 'dispute', 'dispute-won', 'fee'] as const;
export type PassedKind = (typeof PASSED_KINDS)[number];

export const PROPOSAL_KINDS = ['match', 'refund-account', 'bank-dispute', 'provider-payout'] as const;
export type ProposalKind = (typeof PROPOSAL_KINDS)[number];
export const PROPOSAL_OUTCOMES = ['approved', 'rejected', 'withdrawn'] as const;
export type Allocation = { readonly paymentId: PaymentId; readonly code: string; readonly amountVnd: Vnd };
/** What is proposed, without anything secret: parts of a transfer, an account by its last four, or who bears a loss. */
export type ProposalDetail = {
  readonly allocations?: readonly Allocation[];
  readonly bankBin?: string;
  readonly name?: string;
  readonly last4?: string;
  readonly bearer?: 'orders' | 'exchange';
  readonly settlement?: {
    readonly id: Id<'ProviderSettlement'>;
    readonly provider: PassingProvider;
    readonly reference: string;
    readonly lineCount: number;
    readonly grossVnd: Vnd;
    readonly feeVnd: Vnd;
  };
};

export type Payer = { readonly bankBin: string; readonly accountNumber: string; readonly name: string };

/** One line of a bank feed, whichever service told us of it. */
export type BankTransfer = {
  readonly provider: string;
  readonly providerTxId: string;
  readonly direction: 'in' | 'out';
  readonly accountNumber: string;
  /** A virtual account that the money was sent to, where the bank has such. */
  readonly subAccount?: string | undefined;
  readonly amountVnd: Vnd;
  readonly content: string;
  /** The bank's own name for the transfer, the same whoever tells of it; empty where the feed leaves it out. */
  readonly bankReference: string;
  readonly happenedAt: Date | undefined;
  /** Who sent it, where the feed says so: what is given back goes there. */
  readonly payer?: Payer | undefined;
  readonly raw: unknown;
};

/**
 * A service that tells of transfers. `read` checks the sender's proof on the raw bytes: `refused` when it is wrong,
 * `malformed` when the proof is right and the content is not, `ping` for the service's own test message.
 */
export type BankFeed = {
  readonly provider: 'sepay' | 'payos' | 'casso';
  read(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: Buffer,
  ): readonly BankTransfer[] | 'ping' | 'refused' | 'malformed';
};

export const paymentProblems = defineProblems({
  ...reconcilingProblems,
  'payment-not-found': {
    status: 404,
    vi: ['Không tìm thấy khoản thanh toán', 'Kiểm tra paymentId nhận được khi tạo thanh toán.'],
    en: ['There is no such payment', 'Check the paymentId you got when the payment was created.'],
  },
  'payment-method-unavailable': {
    status: 409,
    vi: ['Phương thức thanh toán này chưa mở', 'Chọn phương thức khác trong methods.'],
    en: ['This payment method is not available', 'Choose another of methods.'],
  },
  'payment-direct-first': {
    status: 409,
    vi: [
      'Phần trả thẳng cho cơ sở chưa xong',
      'Trả từng đơn nêu trong orders theo mã QR của cơ sở trước, rồi trả phần còn lại.',
    ],
    en: [
      'The parts paid to businesses themselves come first',
      'Pay each order named in orders by the QR code of its business, then pay the rest.',
    ],
  },
  'payment-part-received': {
    status: 409,
    vi: [
      'Đã nhận một phần tiền chuyển khoản',
      'Chuyển nốt số còn thiếu theo mã QR hiện có; không thể đổi phương thức giữa chừng.',
    ],
    en: [
      'Part of the transfer has arrived',
      'Transfer the rest by the QR code you have; the method cannot change half-way.',
    ],
  },
  'refund-exceeds-payment': {
    status: 409,
    vi: [
      'Số tiền hoàn vượt quá số đã trả cho đơn',
      'Hoàn tối đa leftVnd; phần còn lại đã hoàn trước đó hoặc chưa từng được trả.',
    ],
    en: [
      'The refund is more than was paid for the order',
      'Refund at most leftVnd; the rest has gone back before or was never paid.',
    ],
  },
  'transfer-not-found': {
    status: 404,
    vi: ['Không có giao dịch chuyển khoản này', 'Xem danh sách ở /v1/staff/unmatched-transfers.'],
    en: ['There is no such transfer', 'See /v1/staff/unmatched-transfers for the list.'],
  },
  'transfer-settled': {
    status: 409,
    vi: ['Giao dịch này đã được xử lý', 'Tải lại trang để xem kết quả.'],
    en: ['This transfer has been dealt with', 'Reload the page to see how.'],
  },
  'match-unknown-code': {
    status: 422,
    vi: ['Mã không có khoản chuyển khoản nào', 'Nhập mã thanh toán, mã nhóm đơn hoặc mã đơn trả bằng VietQR.'],
    en: ['This code has no payment by transfer', 'Give the code of a payment, order group or order paid by VietQR.'],
  },
  'match-malformed': {
    status: 422,
    vi: ['Cách chia tiền chưa hợp lệ', 'Mỗi mã một lần, tối đa 10 mã, mỗi phần lớn hơn 0 đồng.'],
    en: ['The parts are not right', 'Each code once, ten at the most, each part more than 0 đồng.'],
  },
  'match-too-much': {
    status: 422,
    vi: ['Các phần cộng lại nhiều hơn số tiền đã đến', 'Giảm các phần; phần còn lại sẽ được trả về người gửi.'],
    en: ['The parts are more than what came', 'Give less to some; what is left goes back to the sender.'],
  },
  'payee-malformed': {
    status: 422,
    vi: ['Tài khoản nhận chưa đúng', 'Chọn ngân hàng, nhập số tài khoản và tên như trên sao kê.'],
    en: ['The account is not right', 'Choose the bank, give number and holder as the bank has them.'],
  },
  'refund-not-found': {
    status: 404,
    vi: ['Không có khoản hoàn tiền này', 'Xem danh sách ở /v1/staff/refunds.'],
    en: ['There is no such refund', 'See /v1/staff/refunds for the list.'],
  },
  'refund-settled': {
    status: 409,
    vi: ['Khoản hoàn tiền này không ở bước đó', 'Tải lại trang để xem trạng thái hiện tại.'],
    en: ['The refund is not at this step', 'Reload the page to see its state.'],
  },
  'refund-not-approved': {
    status: 409,
    vi: ['Tài khoản nhận chưa được duyệt', 'Một người đề xuất tài khoản, người khác duyệt, rồi mới chuyển tiền.'],
    en: ['The account is not approved yet', 'One names the account, another approves, and then the money is sent.'],
  },
  'dispute-not-found': {
    status: 404,
    vi: ['Không có khoản đòi lại này đang mở', 'Tải lại trang đối soát.'],
    en: ['There is no such open claim', 'Reload the page of reconciliation.'],
  },
  'provider-unavailable': {
    status: 503,
    vi: [
      'Cổng thanh toán chưa trả lời',
      'Thử lại sau ít phút, hoặc chọn chuyển khoản VietQR. Chưa có khoản tiền nào bị trừ.',
    ],
    en: [
      'The payment provider does not answer',
      'Try again in a few minutes, or choose VietQR. Nothing has been charged.',
    ],
  },
  'webhook-signature-invalid': {
    status: 401,
    vi: ['Thông báo không có chữ ký hợp lệ', 'Kiểm tra khóa bí mật của webhook.'],
    en: ['The notification has no valid signature', 'Check the secret of the webhook.'],
  },
  'webhook-closed': {
    status: 404,
    vi: ['Webhook này chưa mở', 'Đặt khóa của dịch vụ trong cấu hình để mở.'],
    en: ['This webhook is closed', 'Set the key of the service in the configuration to open it.'],
  },
});

/**
 * The demonstration's stand-in for bank and card provider: a labelled page where one plays the payer. It keeps its own
 * books and tells us by the same webhooks, over HTTP, that the real ones use.
 */
export type DemoDesk = {
  /** The session behind a page of the gateway; undefined when it was not made here. */
  readonly session: (sessionId: string) => DemoSession | undefined;
  /** Plays the payer at the card page; where the browser goes next. */
  readonly decide: (sessionId: string, verdict: 'pay' | 'decline') => Promise<string>;
  /** Plays the bank: a transfer with this memo and amount arrives at the exchange's account. */
  readonly transfer: (memo: string, amountVnd: Vnd) => Promise<void>;
};
export type DemoSession = {
  readonly method: Method;
  readonly code: string;
  readonly amountVnd: Vnd;
  readonly description: string;
  readonly verdict: 'pay' | 'decline' | undefined;
  readonly cancelUrl: string;
};
