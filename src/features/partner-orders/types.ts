import type { Id } from '#core/ids.ts';
import type { Quote, RemoteOrder } from '#federation/protocol/ordering.ts';

/** A price that we told a partner exchange, and until when it holds. */
export type QuoteId = Id<'PartnerQuote'>;
/** What is agreed by a quote: the members under `termsHash`. */
export type Terms = Pick<Quote, 'lines' | 'shipping' | 'goods' | 'expiresAt'>;
/** Lines and way of sending of an order, as they were quoted. */
export type Agreed = Pick<RemoteOrder, 'lines' | 'shipping'>;
/** An order as its partner is told of it, but for the number of the revision and its time. */
export type Content = Omit<RemoteOrder, 'rev' | 'at'>;
export type Destination = { readonly provinceCode: string; readonly wardCode?: string };

/** What the books say of one order of a partner. In đồng. */
export type Booked = { readonly kind: 'confirmed' | 'refunded'; readonly amountVnd: number; readonly at: Date };
