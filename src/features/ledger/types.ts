import type { Id } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';

/**
 * The books of the exchange. `clearing:*` is money at a provider that is ours to pass on; `deposits` is what shoppers
 * have paid for orders not complete yet; `payouts-due` is on its way to businesses; `suspense` is money that nobody has
 * claimed; `disputed` is money that a card's bank took back until a claim is decided; `losses` is what the exchange bears.
 * Nobody can spend a balance.
 */
export const ACCOUNTS = [
  'clearing:bank',
  'clearing:stripe',
  'clearing:vnpay',
  'disputed',
  'deposits',
  'suspense',
  'refunds-due',
  'payable',
  'payouts-due',
  'provider-fees',
  'commission',
  'commission-vat',
  'withheld-vat',
  'withheld-pit',
  'freight',
  'promotion',
  'losses',
  /** What shoppers paid for goods of partner exchanges that are not sold to them yet. */
  'exchange-deposits',
] as const;
/** What a partner exchange owes us for goods that it sold to its shoppers: it collects, and settles. One account each. */
export type Receivable = `receivable:${string}`;
export const receivableOf = (partnerKey: string): Receivable => `receivable:${partnerKey}`;
/** What we owe a partner exchange for goods that our shoppers bought there. One account each. */
type Owed = `owed:${string}`;
export const owedTo = (partnerKey: string): Owed => `owed:${partnerKey}`;
export type Account = (typeof ACCOUNTS)[number] | Receivable | Owed;

/** A debit is positive, a credit negative. `businessId` names whose payable it is. */
export type Entry = { readonly account: Account; readonly amountVnd: Vnd; readonly businessId?: Id<'Business'> };

export const JOURNAL_KINDS = [
  'receipt',
  'sale',
  'refund-due',
  'refund-sent',
  'refund-failed',
  'suspense',
  'match',
  'tax',
  'reversed',
  'dispute-opened',
  'dispute-won',
  'dispute-lost',
  'payout',
  'payout-paid',
  'payout-failed',
  'payout-returned',
  'provider-payout',
  /** Of orders that shoppers pay to the business itself: only the fee, and what the exchange adds. */
  'direct-sale',
  'direct-refund',
  /** Goods of a partner exchange are sold: what was held for them is owed to it. */
  'leg-sold',
] as const;
export type JournalKind = (typeof JOURNAL_KINDS)[number];

/** What of a sale's promotion and fee belongs to some of its pieces. In đồng. */
export type PieceSums = {
  readonly promotionVnd: Vnd;
  readonly commissionVnd: Vnd;
  readonly commissionVatVnd: Vnd;
};

/** `key` makes the journal once only: the same fact told twice is written once. */
export type Journal = {
  readonly key: string;
  readonly kind: JournalKind;
  readonly reference: string;
  readonly at: Date;
  readonly entries: readonly Entry[];
};

/** Heads of the chain, noted where whoever owns the database cannot reach. */
export type Anchors = {
  read(): Promise<readonly { readonly seq: number; readonly hash: string; readonly at: string }[]>;
  append(head: { readonly seq: number; readonly hash: string; readonly at: string }): Promise<void>;
};
