import { dayMs } from '#core/clock.ts';
import type { Id } from '#core/ids.ts';
import { defineProblems } from '#core/problem.ts';

export type OrderGroupId = Id<'OrderGroup'>;
export type OrderId = Id<'Order'>;
export type OrderLineId = Id<'OrderLine'>;
export type ShipmentId = Id<'Shipment'>;
/** Data of orders are kept three years (Law 122/2025/QH15), people in them no longer. */
export const ORDERS_KEPT_MS = 3 * 366 * dayMs;
export const GROUP_STATES = ['awaiting-payment', 'paid', 'partly-cancelled', 'cancelled', 'expired'] as const;
export type GroupState = (typeof GROUP_STATES)[number];
export const ORDER_STATES = ['awaiting-payment', 'placed', 'confirmed', 'completed', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];
export const ORDER_PAYMENT_STATES = ['unpaid', 'paid', 'part-refunded', 'refunded'] as const;
export type OrderPaymentState = (typeof ORDER_PAYMENT_STATES)[number];
export const FULFILMENT_STATES = ['none', 'packed', 'shipped', 'delivered', 'returned'] as const;
export type FulfilmentState = (typeof FULFILMENT_STATES)[number];
/** To whose account the shopper pays: the exchange's, which owes the business; or the business's own. */
export const SETTLEMENTS = ['collected', 'direct'] as const;
export type OrderSettlement = (typeof SETTLEMENTS)[number];
/** What a seller owes in time. */
export const SELLER_STEPS = ['confirm', 'send'] as const;
export type SellerStep = (typeof SELLER_STEPS)[number];
/** Who called pieces off. `deadline` is a seller who said nothing, `partner` the exchange that had sold them. */
export const CANCELLERS = ['shopper', 'seller', 'deadline', 'exchange', 'partner'] as const;
export type Canceller = (typeof CANCELLERS)[number];

/** How reliable a business was, as everybody may see it: so many of so many, over the last `days`. */
export type Reliability = {
  readonly days: number;
  /** Paid orders in these days. */
  readonly orders: number;
  readonly confirmedInTime: Share;
  readonly sentInTime: Share;
  /** Called off by the business, or by its silence. */
  readonly cancelledBySeller: Share;
};
export type Share = { readonly count: number; readonly of: number };

/** What every carrier's own words are read as. `created` is packed and not handed over; `cod_settled` has no money left to come. */
export const SHIPMENT_STATES = [
  'created',
  'picked_up',
  'in_transit',
  'out_for_delivery',
  'failed_attempt',
  'delivered',
  'cod_settled',
  'returning',
  'returned',
  'lost_damaged',
  'cancelled',
] as const;
export type ShipmentState = (typeof SHIPMENT_STATES)[number];
export const CODE_KINDS = [
  'order-group',
  'order',
  'payment',
  'certificate',
  'batch',
  'shipment',
  'payout',
  'return',
  'complaint',
  'field-report',
  'exchange-leg',
] as const;
export type CodeKind = (typeof CODE_KINDS)[number];

/** The three separate facts of an order. None is derived from another. */
export type OrderFacts = {
  readonly status: OrderState;
  readonly paymentStatus: OrderPaymentState;
  readonly fulfilmentStatus: FulfilmentState;
};

/**
 * What each event makes of an order's facts. The columns hold nothing else than these, one after the other; an event that
 * names no fact tells of something inside the order.
 */
export const EVENT_FACTS = {
  placed: { status: 'awaiting-payment', paymentStatus: 'unpaid', fulfilmentStatus: 'none' },
  paid: { status: 'placed', paymentStatus: 'paid' },
  'paid-late': { status: 'placed', paymentStatus: 'paid' },
  expired: { status: 'cancelled' },
  confirmed: { status: 'confirmed' },
  /** Nothing is packed or on its way any more: a parcel was unpacked or lost. */
  unpacked: { fulfilmentStatus: 'none' },
  packed: { fulfilmentStatus: 'packed' },
  shipped: { fulfilmentStatus: 'shipped' },
  delivered: { status: 'completed', fulfilmentStatus: 'delivered' },
  returned: { fulfilmentStatus: 'returned' },
  'part-cancelled': {},
  cancelled: { status: 'cancelled' },
  'part-refunded': { paymentStatus: 'part-refunded' },
  refunded: { paymentStatus: 'refunded' },
} as const satisfies Readonly<Record<string, Partial<OrderFacts>>>;
export type OrderEventType = keyof typeof EVENT_FACTS;

/** Facts that move by legal steps only. A shipment's state is one of its own. */
export const MOVING_FACTS = ['status', 'payment', 'fulfilment', 'shipment'] as const;
export type MovingFact = (typeof MOVING_FACTS)[number];

export const orderProblems = defineProblems({
  'order-not-found': {
    status: 404,
    vi: ['Không tìm thấy đơn hàng', 'Kiểm tra mã đơn; mã bắt đầu bằng ST và có 12 ký tự.'],
    en: ['There is no such order', 'Check the code; it starts with ST and has 12 characters.'],
  },
  'orders-under-way': {
    status: 409,
    vi: ['Còn đơn hàng chưa xong', 'Chờ nhận hàng hoặc hủy đơn nêu trong code, rồi xóa tài khoản.'],
    en: ['An order is still under way', 'Wait for it or cancel it (code), then erase the account.'],
  },
  'tracking-mismatch': {
    status: 404,
    vi: ['Mã đơn và số điện thoại không khớp', 'Nhập đúng số điện thoại đã dùng khi đặt hàng.'],
    en: ['The code and the phone number do not belong together', 'Enter the phone number that was used for the order.'],
  },
  'order-not-payable': {
    status: 409,
    vi: ['Đơn hàng không còn chờ thanh toán', 'Xem trạng thái đơn; nếu đã hết hạn thì đặt lại.'],
    en: ['The order no longer waits for payment', 'Look at its state; if it has expired, order again.'],
  },
  'order-not-confirmable': {
    status: 409,
    vi: ['Chỉ xác nhận được đơn đã thanh toán và chưa xác nhận', 'Tải lại danh sách đơn.'],
    en: ['Only a paid order that is not confirmed yet can be confirmed', 'Reload the list of orders.'],
  },
  'order-not-packable': {
    status: 409,
    vi: ['Chỉ đóng gói được đơn đã xác nhận', 'Xác nhận đơn trước.'],
    en: ['Only a confirmed order can be packed', 'Confirm the order first.'],
  },
  'order-not-shippable': {
    status: 409,
    vi: ['Chỉ giao được đơn đã xác nhận và chưa giao', 'Xác nhận đơn trước, hoặc tải lại danh sách.'],
    en: ['Only a confirmed order that has not left can be shipped', 'Confirm the order first, or reload the list.'],
  },
  'order-not-deliverable': {
    status: 409,
    vi: ['Chỉ ghi nhận đã giao cho đơn đang giao', 'Đánh dấu đã gửi hàng trước.'],
    en: ['Only a shipped order can be delivered', 'Mark it shipped first.'],
  },
  'pieces-not-open': {
    status: 409,
    vi: ['Không còn đủ số lượng chưa gửi', 'Xem open: số còn gửi hoặc hủy được của từng dòng; giảm số lượng.'],
    en: ['There are not as many pieces left', 'See open: what of each line can still be sent or called off.'],
  },
  'lost-not-in-stock': {
    status: 409,
    vi: [
      'Kho không đủ hàng để gửi lại phần bị mất',
      'Xem missing: nhập thêm hàng vào kho rồi gửi lại, hoặc hủy các phần đó để hoàn tiền cho khách.',
    ],
    en: [
      'There is not enough stock to send again what was lost',
      'See missing: stock up and send again, or call these pieces off, and the shopper is refunded.',
    ],
  },
  'line-not-of-order': {
    status: 422,
    vi: ['Dòng hàng không thuộc đơn này', 'Dùng variantId của đơn, mỗi dòng một lần.'],
    en: ['The line is not of this order', 'Use each variantId of the order, once.'],
  },
  'shipment-not-found': {
    status: 404,
    vi: ['Không tìm thấy kiện hàng', 'Kiểm tra mã kiện; mã bắt đầu bằng ST.'],
    en: ['There is no such parcel', 'Check its code; it starts with ST.'],
  },
  'shipment-not-movable': {
    status: 409,
    vi: ['Kiện hàng không chuyển sang trạng thái này được', 'Xem trạng thái hiện tại của kiện trong shipmentState.'],
    en: ['The parcel cannot come into this state', 'See its present state in shipmentState.'],
  },
  'order-not-cancellable': {
    status: 409,
    vi: ['Không hủy được đơn này nữa', 'Đơn chưa thanh toán, đã đóng gói, đã gửi đi hoặc đã hủy; liên hệ người bán.'],
    en: [
      'The order can no longer be cancelled',
      'It is not paid, was packed, has left or was cancelled; ask the seller.',
    ],
  },
  'confirmation-not-yet': {
    status: 409,
    vi: ['Chưa có xác nhận đơn hàng', 'Xác nhận được lập khi đơn đã thanh toán.'],
    en: ['There is no confirmation yet', 'It is made when the order is paid.'],
  },
  'bundle-whole': {
    status: 409,
    vi: ['Hộp quà chỉ hủy được nguyên hộp', 'Chọn tất cả các món để hủy cả hộp.'],
    en: ['A gift box is called off as a whole', 'Choose all pieces to call the whole box off.'],
  },
  'order-moved-on': {
    status: 409,
    vi: ['Đơn đã thay đổi trong lúc bạn xem', 'Xem lại đơn rồi chọn lại.'],
    en: ['The order has changed while you were looking', 'Look at it again and choose anew.'],
  },
});
