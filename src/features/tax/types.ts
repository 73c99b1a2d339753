import type { Id } from '#core/ids.ts';
import type { Bps, Vnd } from '#core/money.ts';
import { defineProblems } from '#core/problem.ts';

/** What a tax rule is about: goods, or services such as a tour. */
export const REVENUE_KINDS = ['goods', 'services'] as const;
export type RevenueKind = (typeof REVENUE_KINDS)[number];
/** Whether the exchange withholds from every household, only of what is above the year's threshold, or not. */
export const WITHHOLDING_POLICIES = ['always', 'above-threshold', 'never'] as const;
export type WithholdingPolicy = (typeof WITHHOLDING_POLICIES)[number];

export type TaxRule = {
  readonly id: Id<'TaxRule'>;
  readonly kind: RevenueKind;
  readonly vatBps: Bps;
  readonly pitBps: Bps;
  readonly policy: WithholdingPolicy;
  readonly thresholdVnd: Vnd;
  /** Whether sales paid to the seller itself are covered. */
  readonly coversDirect: boolean;
};
export type Revenue = Readonly<Record<RevenueKind, Vnd>>;
export type Withheld = { readonly vatVnd: Vnd; readonly pitVnd: Vnd };

export const TAX_ENTRY_KINDS = ['withheld', 'offset'] as const;
export type TaxEntryKind = (typeof TAX_ENTRY_KINDS)[number];
/** A household's revenue and tax of one order at one moment; an offset takes away from what was withheld. */
export type TaxEntry = Withheld & {
  readonly kind: TaxEntryKind;
  readonly goodsVnd: Vnd;
  readonly servicesVnd: Vnd;
  readonly taxableVnd: Vnd;
};

/** One seller in the file of a month, in whole đồng. */
export type TaxFileRow = {
  readonly businessId: Id<'Business'>;
  readonly name: string;
  readonly type: string;
  readonly taxCode: string | null;
  readonly orders: number;
  readonly goodsVnd: number;
  readonly servicesVnd: number;
  readonly returnedVnd: number;
  readonly taxableVnd: number;
  readonly vatVnd: number;
  readonly pitVnd: number;
  readonly offsetVatVnd: number;
  readonly offsetPitVnd: number;
};
export const TAX_FILE_FORMATS = ['csv', 'xlsx', 'json'] as const;
export type TaxFileFormat = (typeof TAX_FILE_FORMATS)[number];

export const taxProblems = defineProblems({
  'tax-month-open': {
    status: 409,
    vi: ['Tháng này chưa kết thúc', 'Chỉ chốt bảng kê của tháng đã qua.'],
    en: ['This month is not over', 'A file is frozen once its month has passed.'],
  },
  'tax-file-not-found': {
    status: 404,
    vi: ['Chưa có bảng kê của tháng này', 'Chốt bảng kê của tháng trước khi tải.'],
    en: ['There is no file of this month', 'Freeze it before taking it away.'],
  },
});
