import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { Method } from '#features/payments/types.ts';
import type { Outcome, Signed } from '#federation/adapters/adapter.ts';
import type {
  OrderChanges,
  OrderRequest,
  Quote,
  QuoteRequest,
  RemoteOrder,
  Settlement,
} from '#federation/protocol/ordering.ts';

/** 128 random bits in base64url: whoever knows it may watch the leg and pay it. */
export type LegId = Id<'ExchangeLeg'>;

/**
 * How far the part of a cart that one partner exchange sells has come. `resolving`: something was asked and nobody knows
 * what became of it; the column `step` says what.
 */
export const LEG_STATES = [
  'draft',
  'quoted',
  'price-changed',
  'authorising',
  'authorised',
  'reserving',
  'reserved',
  'awaiting-transfer',
  'capturing',
  'captured',
  'confirming',
  'confirmed',
  'fulfilling',
  'done',
  'resolving',
  'voiding',
  'cancelling',
  'refunding',
  'lapsed',
  'void',
  'refunded',
  'refund-owed',
] as const;
export type LegState = (typeof LEG_STATES)[number];

/** Nothing is asked of anybody any more. `refund-owed`: the provider gave no money back, so a person does. */
export const ENDED: readonly LegState[] = ['done', 'lapsed', 'void', 'refunded', 'refund-owed'];
/** While a leg is in one of these its cart's goods may still change. */
export const WAITING: readonly LegState[] = ['draft', 'quoted', 'price-changed', 'authorising'];
/** What may be asked, answered by nobody, and found out. */
export const STEPS = ['reserving', 'capturing', 'confirming'] as const;
export type Step = (typeof STEPS)[number];

/** `by-hand`: no provider gives it back, so two of finance do, by a transfer. */
export const LEG_REFUND_STATES = ['queued', 'sent', 'confirmed', 'failed', 'by-hand'] as const;

/** A card is set aside before the goods are reserved; a transfer comes while they are. */
export const LEG_METHODS = ['stripe', 'vietqr'] as const satisfies readonly Method[];
export type LegMethod = (typeof LEG_METHODS)[number];

/** A line of a leg as its origin priced it. In đồng. */
export type LegLine = {
  readonly uri: string;
  readonly rev: number;
  readonly name: string;
  readonly label: string;
  readonly quantity: number;
  readonly unitVnd: Vnd;
  readonly totalVnd: Vnd;
};
type LegShipping = { readonly code: string; readonly vi: string; readonly en: string; readonly amountVnd: Vnd };
/** What the origin offers, and until when. */
export type LegTerms = {
  readonly quoteId: string;
  readonly termsHash: string;
  readonly lines: readonly LegLine[];
  readonly shipping: readonly LegShipping[];
  readonly goodsVnd: Vnd;
  readonly expiresAt: string;
  readonly needsAge: boolean;
};

/** How far an order is, as its origin says. */
export type OriginState = RemoteOrder['state'];

/** The members of a person's data that travel with an order, and no others. */
export const DISCLOSED = ['name', 'phone', 'email', 'line', 'ward', 'province'] as const;
export type Disclosed = (typeof DISCLOSED)[number];

/** Buying at partner exchanges. Nothing here throws for what a partner does. */
export type Origins = {
  /** Whether it may be asked for this now: active, granted, and its breaker closed. */
  isOrderable(partnerKey: string): Promise<boolean>;
  quote(partnerKey: string, asked: QuoteRequest): Promise<Outcome<Quote>>;
  reserve(partnerKey: string, asked: OrderRequest, key: string): Promise<Outcome<RemoteOrder>>;
  confirm(partnerKey: string, order: Pick<RemoteOrder, 'orderId' | 'total'>): Promise<Outcome<RemoteOrder>>;
  cancel(partnerKey: string, orderId: string, reason: string): Promise<Outcome<RemoteOrder>>;
  orderState(
    partnerKey: string,
    by: { readonly orderId: string } | { readonly key: string },
  ): Promise<Outcome<RemoteOrder>>;
  orderChanges(partnerKey: string, cursor: string | undefined): Promise<Outcome<OrderChanges>>;
  settlement(partnerKey: string, day: string): Promise<Outcome<Signed<Settlement>>>;
};

export const exchangeOrderProblems = defineProblems({
  'not-orderable': {
    status: 409,
    vi: ['Chưa đặt được hàng này qua chúng tôi', 'Mở trang của sàn bán để mua.'],
    en: ['These goods cannot be ordered through us now', 'Open the page at the exchange that sells them.'],
  },
  'leg-not-found': {
    status: 404,
    vi: ['Không có phần đơn này', 'Mở lại từ giỏ hàng.'],
    en: ['There is no such part of an order', 'Open it from the cart again.'],
  },
  'leg-empty': {
    status: 409,
    vi: ['Giỏ không có hàng của sàn này', 'Thêm hàng của sàn rồi đặt.'],
    en: ['The cart has nothing of this exchange', 'Add goods of the exchange before ordering.'],
  },
  'leg-limits': {
    status: 422,
    vi: ['Số lượng ngoài mức cho phép', 'Mua từ 1 đến 1000 và tối đa 50 dòng cho mỗi sàn.'],
    en: ['The quantity is outside the limits', 'Buy from 1 to 1000, and 50 lines of each exchange at the most.'],
  },
  'leg-terms-changed': {
    status: 409,
    vi: [
      'Giá hoặc phí giao của sàn bán đã đổi',
      'Xem giá mới trong terms rồi đồng ý lại. Chưa có khoản tiền nào bị trừ.',
    ],
    en: [
      'The price or freight of the exchange has changed',
      'See the new terms and accept them. Nothing has been charged.',
    ],
  },
  'leg-quantity-unavailable': {
    status: 409,
    vi: ['Sàn bán không còn đủ hàng', 'Giảm số lượng theo lines, hoặc bỏ món đó khỏi giỏ.'],
    en: ['The exchange has not enough of it', 'Take less, as lines says, or take it out of the cart.'],
  },
  'leg-refused': {
    status: 409,
    vi: ['Sàn bán không nhận đơn này', 'Mở trang của sàn bán để mua. Chưa có khoản tiền nào bị trừ.'],
    en: ['The exchange does not take this order', 'Open its own page to buy. Nothing has been charged.'],
  },
  'origin-silent': {
    status: 503,
    vi: ['Sàn bán chưa trả lời', 'Thử lại sau ít phút. Chưa có khoản tiền nào bị trừ.'],
    en: ['The exchange does not answer', 'Try again in a few minutes. Nothing has been charged.'],
  },
  'leg-payment-closed': {
    status: 409,
    vi: ['Cách trả tiền này chưa mở', 'Chọn cách khác, hoặc mở trang của sàn bán để mua.'],
    en: ['This way to pay is not open', 'Choose another, or buy at the page of the exchange.'],
  },
  'leg-age-not-confirmed': {
    status: 422,
    vi: ['Chưa xác nhận đủ 18 tuổi', 'Gửi ageConfirmed là true khi người mua đã đủ 18 tuổi.'],
    en: ['Nobody has confirmed to be 18', 'Send ageConfirmed as true when the buyer is 18 or older.'],
  },
  'leg-under-way': {
    status: 409,
    vi: ['Phần đơn này đã được xử lý', 'Tải lại trang để xem trạng thái hiện tại.'],
    en: ['This part of the order has moved on', 'Reload to see how it stands.'],
  },
});
