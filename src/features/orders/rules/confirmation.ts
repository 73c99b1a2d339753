import type { Vnd } from '#core/money.ts';

/** What was bought of whom, as it was when it was paid. Prices contain VAT. */
export type ConfirmedOrder = {
  readonly code: string;
  readonly seller: {
    readonly name: string;
    readonly address: string;
    readonly taxCode: string | null;
    readonly phone: string | null;
  };
  readonly lines: readonly {
    readonly sku: string;
    readonly name: string;
    readonly label: string;
    readonly quantity: number;
    readonly priceVnd: Vnd;
    readonly totalVnd: Vnd;
    readonly discountVnd: Vnd;
    readonly vatBps: number;
    readonly vatVnd: Vnd;
  }[];
  readonly subtotalVnd: Vnd;
  readonly discountVnd: Vnd;
  readonly shippingVnd: Vnd;
  readonly totalVnd: Vnd;
  readonly vatVnd: Vnd;
  readonly confirmBy: string | null;
};

/**
 * The confirmation of a contract: who sells, what, at which price with which taxes and freight, how it was paid, and the terms
 * of that day (Decree 248/2026 art. 8 and 13–14; Law 19/2023/QH15 art. 37: viewable and downloadable). It names no buyer:
 * `buyer.digest` seals who that was, so that the document can stay for ever and the person can be forgotten.
 */
export type Confirmation = {
  readonly version: 1;
  readonly group: string;
  readonly exchange: { readonly name: string; readonly url: string };
  readonly placedAt: string;
  readonly paidAt: string;
  readonly method: string | null;
  readonly buyer: { readonly salt: string; readonly digest: string };
  readonly orders: readonly ConfirmedOrder[];
  readonly totalVnd: Vnd;
  readonly terms: { readonly cancel: 'until-packed'; readonly returns: string; readonly complaints: string };
};

/** Where the terms stand that held on the day. */
export const terms = {
  cancel: 'until-packed',
  returns: '/chinh-sach-doi-tra',
  complaints: '/khieu-nai',
} as const;
