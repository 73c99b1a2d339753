import { defineProblems } from '#core/problem.ts';
import type { BusinessType } from '#features/businesses/types.ts';
import type { CertificateKind } from '#features/certificates/types.ts';
import type { ComplaintKind } from '#features/complaints/types.ts';

export const PERIOD_KINDS = ['month', 'quarter', 'year'] as const;
export type PeriodKind = (typeof PERIOD_KINDS)[number];

/** A month, quarter or year of the calendar in Vietnam. */
export type Period = {
  /** `2026-11`, `2026-Q4` or `2026`. */
  readonly name: string;
  readonly kind: PeriodKind;
  readonly startsAt: Date;
  /** The first instant after it. */
  readonly endsAt: Date;
};

/** How a sale was paid. `direct-feed`: to the business, as its bank told us; `direct-told`: to the business, by its own word alone. */
export const PAYMENT_WAYS = ['vietqr', 'stripe', 'vnpay', 'partner', 'direct-feed', 'direct-told'] as const;
export type PaymentWay = (typeof PAYMENT_WAYS)[number];

type Stars = { readonly star5: number; readonly star4: number; readonly star3: number; readonly unstarred: number };
type Sellers = { readonly registered: number; readonly selling: number };
type Ward = { readonly wardCode: string | null; readonly ward: string | null };
type ProductSet = { readonly setId: number; readonly set: string };

export type EndingCertificate = {
  readonly code: string;
  readonly kind: CertificateKind;
  readonly star: number | null;
  readonly product: string;
  readonly business: string;
  readonly ward: string | null;
  readonly decisionNumber: string;
  /** The last day on which it holds, `YYYY-MM-DD` in Vietnam. */
  readonly lastDay: string;
};

/** All figures of a report. Whole numbers alone, so that every program reads and hashes them alike. */
export type Figures = {
  readonly sellers: Sellers & { readonly joined: number; readonly suspended: number };
  readonly sellersByType: readonly (Sellers & { readonly type: BusinessType })[];
  readonly sellersByWard: readonly (Sellers & Ward)[];
  readonly products: Stars & { readonly listed: number; readonly added: number };
  readonly productsByWard: readonly (Stars & Ward)[];
  readonly productsBySet: readonly (Stars & ProductSet)[];
  readonly sales: {
    readonly orders: number;
    readonly goodsVnd: number;
    readonly discountVnd: number;
    readonly shippingVnd: number;
    /** Goods less discount, and freight: what shoppers paid. */
    readonly totalVnd: number;
    readonly collectedVnd: number;
    readonly directVnd: number;
    /** Contained in the goods. */
    readonly vatVnd: number;
    readonly refunds: number;
    /** Of what the exchange had collected, and of what businesses had been paid themselves. */
    readonly refundedVnd: number;
    readonly directRefundedVnd: number;
  };
  readonly salesByMonth: readonly { readonly month: string; readonly orders: number; readonly totalVnd: number }[];
  readonly salesByWard: readonly (Ward & {
    readonly sellers: number;
    readonly orders: number;
    readonly totalVnd: number;
  })[];
  readonly salesBySet: readonly (ProductSet & { readonly pieces: number; readonly goodsVnd: number })[];
  /** By the star that the goods had at the end of the period; 0 for none. */
  readonly salesByStar: readonly { readonly star: number; readonly pieces: number; readonly goodsVnd: number }[];
  readonly payments: readonly { readonly way: PaymentWay; readonly orders: number; readonly totalVnd: number }[];
  readonly complaints: {
    readonly filed: number;
    readonly ended: number;
    readonly open: number;
    /** From filing to the first end, of those that ended in the period; null where none did. */
    readonly meanMinutes: number | null;
    readonly longestMinutes: number | null;
  };
  readonly complaintsByKind: readonly {
    readonly kind: ComplaintKind;
    readonly filed: number;
    readonly ended: number;
  }[];
  readonly certificates: readonly {
    readonly kind: CertificateKind;
    readonly holding: number;
    readonly verified: number;
    readonly lapsed: number;
    readonly revoked: number;
    readonly ending: number;
  }[];
  /** Those that end within 90 days of the period's end, the first `endingLimit` of them. */
  readonly endingCertificates: readonly EndingCertificate[];
  /** What the ledger says of the same period. */
  readonly books: {
    readonly saleVnd: number;
    readonly refundVnd: number;
    readonly commissionVnd: number;
    readonly commissionVatVnd: number;
    readonly promotionVnd: number;
    readonly withheldVatVnd: number;
    readonly withheldPitVnd: number;
    readonly paidOutVnd: number;
    readonly exchangeGoodsVnd: number;
  };
};

/** Certificates that end soon are listed up to so many; their number is counted in full. */
export const endingLimit = 300;
export const endingDays = 90;

/** What is hashed: its canonical form (RFC 8785) is the file by which anybody can check the number and the hash. */
export type ReportContent = {
  readonly format: 'cho-noi/report/1';
  readonly number: string;
  readonly period: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly timeZone: string;
  readonly frozenAt: string;
  readonly frozenBy: string;
  /** The number of the report that this one corrects, and why. */
  readonly replaces: string | null;
  readonly reason: string | null;
  readonly figures: Figures;
};

export const REPORT_FORMATS = ['xlsx', 'pdf', 'csv', 'json'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export const periodicReportProblems = defineProblems({
  'report-period-invalid': {
    status: 422,
    vi: ['Kỳ báo cáo không hợp lệ', 'Ghi tháng như 2026-11, quý như 2026-Q4 hoặc năm như 2026, không ở tương lai.'],
    en: ['This is no period', 'Write a month as 2026-11, a quarter as 2026-Q4 or a year as 2026; none of the future.'],
  },
  'report-period-open': {
    status: 409,
    vi: ['Kỳ báo cáo chưa kết thúc', 'Chờ đến thời điểm endsAt rồi chốt; cho đến lúc đó hãy xem bản nháp của kỳ này.'],
    en: ['The period is not over', 'Freeze it from endsAt on; until then look at its draft.'],
  },
  'report-frozen': {
    status: 409,
    vi: ['Kỳ này đã có báo cáo', 'Mở báo cáo nêu trong number; nếu số liệu cần sửa, chốt một báo cáo thay thế nó.'],
    en: [
      'The period has its report',
      'Open the one named in number; if its figures need mending, freeze another one that replaces it.',
    ],
  },
  'report-not-standing': {
    status: 409,
    vi: ['Không thể thay thế báo cáo này', 'Chỉ thay thế báo cáo đang có hiệu lực của đúng kỳ; xem number.'],
    en: ['This report cannot be replaced', 'Replace the one that stands for the very period; see number.'],
  },
  'report-reason-missing': {
    status: 422,
    vi: ['Chưa ghi lý do thay thế', 'Ghi vì sao báo cáo trước cần thay thế, từ 5 đến 500 ký tự.'],
    en: ['The reason is missing', 'Say why the earlier report is replaced, in 5 to 500 characters.'],
  },
  'periodic-report-not-found': {
    status: 404,
    vi: ['Không có báo cáo mang số này', 'Kiểm tra lại số, ví dụ BC-2026-0007.'],
    en: ['No report has this number', 'Check the number, for example BC-2026-0007.'],
  },
});
