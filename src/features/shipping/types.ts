import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ProductId, Storage } from '#features/products/types.ts';

/** How far a place is, as freight and transit hours go: the exchange's province, the delta around it, and the rest of the country. */
export const ZONES = ['in-province', 'region', 'far'] as const;
export type Zone = (typeof ZONES)[number];
/** `flat` and `zone` are for parcels, a zone's rate before the flat one; `voucher` and `pickup` are for what is not sent. */
export const RATE_SCHEMES = ['flat', 'zone', 'voucher', 'pickup'] as const;
export type RateScheme = (typeof RATE_SCHEMES)[number];
export const DELIVERY_METHODS = ['standard', 'pickup'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];
export type PickupPointId = Id<'PickupPoint'>;

/** A rate as it holds. What is null plays no part: a rate without steps costs the same at any weight. */
export type Rate = {
  readonly id: Id<'ShippingRate'>;
  readonly scheme: RateScheme;
  readonly zone: Zone | null;
  readonly feeVnd: Vnd;
  /** Grams that the fee covers, and what each step begun beyond them costs. */
  readonly baseGrams: number | null;
  readonly stepGrams: number | null;
  readonly stepVnd: Vnd | null;
  /** Cubic centimetres that count as a kilogram; carriers say 5,000 or 6,000. */
  readonly volumetricDivisor: number | null;
  /** For goods worth more than this, so many basis points of what is above it. */
  readonly valueFromVnd: Vnd | null;
  readonly valueBps: number | null;
};
/** Where a shopper collects an order; a copy of it stays on the order. */
export type PickupPoint = {
  readonly pickupPointId: PickupPointId;
  readonly name: string;
  readonly line: string;
  readonly ward: string;
  readonly hours: string;
};
/** What a business offers of its own. */
export type Terms = {
  readonly businessId: BusinessId;
  readonly freeOverVnd: Vnd | null;
  readonly pickup: PickupPoint | null;
};
export type ZoneTime = {
  readonly zone: Zone;
  readonly minHours: number;
  readonly maxHours: number;
  readonly cutOffHour: number;
};
/** All that freight depends on, read at one moment for one place and some goods. */
export type Tariff = {
  readonly rates: readonly Rate[];
  readonly zone: Zone;
  readonly times: readonly ZoneTime[];
  readonly limits: readonly { readonly storage: Storage; readonly maxHours: number | null }[];
  readonly terms: readonly Terms[];
  readonly productLimits: readonly { readonly productId: ProductId; readonly maxHours: number }[];
};
export type Place = { readonly provinceCode: string; readonly wardCode?: string };

/** Goods of one kind in a parcel, as a scale and a tape measure know them. Weight and size are of one piece. */
export type Goods = {
  readonly productId: ProductId;
  readonly name: string;
  readonly quantity: number;
  readonly grams: number;
  readonly volumeCm3: number;
  readonly storage: Storage;
  /** Tickets and vouchers travel along with a parcel and make none of their own. */
  readonly isVoucher: boolean;
};
/** Goods that would be on their way for longer than they bear. */
export type Spoiling = {
  readonly productId: ProductId;
  readonly name: string;
  readonly maxHours: number;
  readonly transitHours: number;
};
export type DeliveryOption = {
  readonly method: DeliveryMethod;
  readonly feeVnd: Vnd;
  readonly spoiling: readonly Spoiling[];
  readonly point: PickupPoint | null;
};
/** How the goods of one business reach the buyer, and what that costs. */
export type Freight = {
  readonly method: DeliveryMethod;
  readonly feeVnd: Vnd;
  readonly rateId: Rate['id'];
  readonly zone: Zone;
  /** What is charged: the weight or what the size counts as, whichever is more. */
  readonly grams: number;
  /** Of the standard way; empty where the goods are collected. */
  readonly spoiling: readonly Spoiling[];
  readonly point: PickupPoint | null;
  readonly options: readonly DeliveryOption[];
  /** The buyer wanted to collect, and the business offers that no more. */
  readonly isChoiceGone: boolean;
  /** What there is to add until the freight is free; null where it is, or never will be. */
  readonly toFreeVnd: Vnd | null;
};

/** A tariff of zones is for the exchange's staff; a few rows a year. */
export const maxRateNote = 200;
export const maxHours = 720;

export const shippingProblems = defineProblems({
  'pickup-point-not-found': {
    status: 404,
    vi: ['Không có điểm lấy hàng này', 'Chọn một điểm trong danh sách điểm lấy hàng của cơ sở.'],
    en: ['There is no such pick-up point', 'Choose one of the points that the business may use.'],
  },
  'pickup-point-incomplete': {
    status: 422,
    vi: ['Điểm lấy hàng còn thiếu tên, địa chỉ hoặc giờ mở', 'Điền đủ tên điểm, số nhà hoặc ấp, xã và giờ mở cửa.'],
    en: [
      'The pick-up point lacks a name, address or hours',
      'Give its name, street or hamlet, ward and opening hours.',
    ],
  },
  'rate-from-past': {
    status: 422,
    vi: ['Ngày áp dụng đã qua', 'Chọn ngày từ hôm nay trở đi: đơn đã đặt giữ nguyên mức cũ.'],
    en: ['The first day has passed', 'Choose today or later: what was ordered keeps its rate.'],
  },
  'rate-incomplete': {
    status: 422,
    vi: ['Bậc cân còn thiếu số', 'Nhập đủ cân đầu, bước cân và giá mỗi bước, hoặc bỏ trống cả ba.'],
    en: ['The steps of weight lack a number', 'Give base, step and price of a step, or none of the three.'],
  },
  'transit-hours-crossed': {
    status: 422,
    vi: ['Giờ giao sớm nhất sau giờ muộn nhất', 'Nhập số giờ sớm nhất không lớn hơn số giờ muộn nhất.'],
    en: ['The earliest arrival is after the latest', 'Let the fewest hours be at most the most hours.'],
  },
});
