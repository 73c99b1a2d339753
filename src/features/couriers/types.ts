import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { ShipmentState } from '#features/orders/types.ts';

export const CARRIERS = ['ghn', 'ghtk'] as const;
export type CarrierKey = (typeof CARRIERS)[number];
/** `asked`: whether the carrier has the parcel is not known yet, and a job finds out. */
export const BOOKING_STATES = ['asked', 'booked', 'refused', 'cancelled'] as const;

/** A ward as a carrier calls it: its own ids or names, which still know districts. */
export type CarrierPlace = { readonly province: string; readonly district: string; readonly ward: string };
export type Party = {
  readonly name: string;
  readonly phone: string;
  readonly line: string;
  readonly wardName: string;
  readonly provinceName: string;
  /** Undefined where nobody has written down what the carrier calls this ward. */
  readonly place: CarrierPlace | undefined;
};
/** A parcel as a carrier is asked to carry it. All sales are prepaid: nothing is collected at the door. */
export type Consignment = {
  /** Our code of the parcel. A carrier that is asked twice for one code has one parcel. */
  readonly code: string;
  readonly from: Party;
  readonly to: Party;
  readonly items: readonly { readonly name: string; readonly quantity: number; readonly grams: number }[];
  readonly grams: number;
  readonly valueVnd: Vnd;
};

/** What became of a request. `unknown` is neither yes nor no: it may have had its effect, and is found out by `track`. */
export type Booked = { readonly kind: 'booked'; readonly trackingNumber: string; readonly feeVnd: Vnd };
export type Refused = { readonly kind: 'refused'; readonly reason: string };
export type Unknown = { readonly kind: 'unknown'; readonly reason: string };

/** What a carrier tells of a parcel. `state` is undefined for a word of the carrier's that we do not know. */
export type CourierNews = {
  readonly trackingNumber: string;
  readonly code: string | undefined;
  /** The carrier's own word. */
  readonly status: string;
  readonly state: ShipmentState | undefined;
  readonly at: Date | undefined;
  readonly feeVnd: Vnd | undefined;
  readonly raw: unknown;
};

/** A carrier. No function throws for what the network or the carrier does; `unknown` says that nobody knows. */
export type Courier = {
  readonly carrier: CarrierKey;
  /** In đồng. */
  readonly quote: (
    parcel: Consignment,
  ) => Promise<{ readonly kind: 'quoted'; readonly feeVnd: Vnd } | Refused | Unknown>;
  readonly create: (parcel: Consignment) => Promise<Booked | Refused | Unknown>;
  readonly cancel: (trackingNumber: string) => Promise<{ readonly kind: 'cancelled' } | Refused | Unknown>;
  /** By our code, which the carrier knows even where its answer never reached us. `refused`: it has no such parcel. */
  readonly track: (code: string) => Promise<{ readonly kind: 'found'; readonly news: CourierNews } | Refused | Unknown>;
  /** Where its own label can be fetched; undefined where it gives none. */
  readonly label: (trackingNumber: string) => Promise<Buffer | undefined>;
  /** `token` is the shared secret that came with the message. */
  readonly readWebhook: (token: string, body: Buffer) => CourierNews | 'refused' | 'malformed';
};

export const courierProblems = defineProblems({
  'carrier-closed': {
    status: 404,
    vi: ['Sàn chưa kết nối đơn vị vận chuyển này', 'Chọn đơn vị khác, hoặc tự gửi và nhập mã vận đơn.'],
    en: [
      'The exchange is not connected to this carrier',
      'Choose another one, or send it yourself and enter its number.',
    ],
  },
  'carrier-token-invalid': {
    status: 401,
    vi: ['Mã xác thực của đơn vị vận chuyển không đúng', 'Kiểm tra mã đã khai ở trang của đơn vị vận chuyển.'],
    en: ['The token of the carrier is wrong', 'Check the token that was entered at the carrier.'],
  },
  'carrier-place-unknown': {
    status: 422,
    vi: [
      'Chưa có mã của đơn vị vận chuyển cho xã này',
      'Chọn đơn vị khác, hoặc tự gửi và nhập mã vận đơn; báo cán bộ sàn bổ sung mã.',
    ],
    en: [
      'It is not known what this carrier calls the ward',
      'Choose another one, or send it yourself and enter its number; tell the exchange’s staff.',
    ],
  },
  'carrier-refused': {
    status: 409,
    vi: ['Đơn vị vận chuyển không nhận kiện này', 'Đọc lý do nêu trong reason, hoặc tự gửi và nhập mã vận đơn.'],
    en: ['The carrier does not take this parcel', 'See reason, or send it yourself and enter its number.'],
  },
  'carrier-away': {
    status: 503,
    vi: ['Đơn vị vận chuyển không trả lời', 'Thử lại sau ít phút, hoặc tự gửi và nhập mã vận đơn.'],
    en: ['The carrier does not answer', 'Try again in a few minutes, or send it yourself and enter its number.'],
  },
  'parcel-not-found': {
    status: 404,
    vi: ['Không có kiện hàng này', 'Kiểm tra mã kiện trên nhãn.'],
    en: ['There is no such parcel', 'Check the code on its label.'],
  },
  'parcel-has-left': {
    status: 409,
    vi: ['Kiện hàng đã gửi đi rồi', 'Chỉ đặt đơn vị vận chuyển cho kiện đã gói và chưa gửi.'],
    en: ['The parcel has left already', 'A carrier is asked for parcels that are packed and not sent.'],
  },
  'parcel-booked': {
    status: 409,
    vi: ['Kiện hàng đã đặt đơn vị vận chuyển', 'Hủy lần đặt trước rồi đặt lại.'],
    en: ['A carrier was asked for this parcel already', 'Cancel that first.'],
  },
});
