import type { Id } from '#core/ids.ts';
import { type Bps, shareOf, sumVnd, type Vnd, vnd } from '#core/money.ts';
import type { Account, Entry } from './types.ts';

export type CommissionRule = { readonly id: Id<'CommissionRule'>; readonly rateBps: Bps; readonly vatBps: Bps };

/** What the exchange takes of a sale: a part of the goods, not of the freight, and the VAT on that part. */
export function commissionOf(
  subtotal: Vnd,
  rule: CommissionRule,
): { readonly commissionVnd: Vnd; readonly commissionVatVnd: Vnd } {
  const commissionVnd = shareOf(subtotal, rule.rateBps);
  return { commissionVnd, commissionVatVnd: shareOf(commissionVnd, rule.vatBps) };
}

export type SoldOrder = {
  readonly businessId: Id<'Business'>;
  readonly totalVnd: Vnd;
  readonly commissionVnd: Vnd;
  readonly commissionVatVnd: Vnd;
};

const negative = (amount: Vnd): Vnd => vnd(-amount);
const leg = (account: Account, amountVnd: Vnd, businessId?: Id<'Business'>): Entry[] =>
  amountVnd === 0 ? [] : [{ account, amountVnd, ...(businessId ? { businessId } : {}) }];

/** Money moves from one account to another. */
export const move = (from: Account, to: Account, amountVnd: Vnd): Entry[] => [
  ...leg(to, amountVnd),
  ...leg(from, negative(amountVnd)),
];

/** A shopper's transfer: it lies at the provider, and we owe it to whoever it turns out to be for. */
export const receipt = (clearing: Account, owedAs: Account, amountVnd: Vnd): Entry[] => [
  ...leg(clearing, amountVnd),
  ...leg(owedAs, negative(amountVnd)),
];

/** A paid order: what was a deposit is now the business's, less what the exchange takes. */
export function sale(order: SoldOrder): Entry[] {
  const fee = sumVnd([order.commissionVnd, order.commissionVatVnd]);
  return [
    ...leg('deposits', order.totalVnd),
    ...leg('payable', vnd(fee - order.totalVnd), order.businessId),
    ...leg('commission', negative(order.commissionVnd)),
    ...leg('commission-vat', negative(order.commissionVatVnd)),
  ];
}

/** Part of an order's price that goes back: `amountVnd`, after `beforeVnd` had gone back already. In đồng. */
export type RefundPart = { readonly amountVnd: Vnd; readonly beforeVnd: Vnd };

/**
 * What the exchange gives up of its fee when so much of an order has gone back in all. Parts are differences of this, so
 * that whatever the steps, the fee is given up whole when the price is.
 */
const feeBack = (feeVnd: Vnd, { totalVnd }: SoldOrder, { amountVnd, beforeVnd }: RefundPart): Vnd => {
  const upTo = (refundedVnd: number): number => Number((BigInt(feeVnd) * BigInt(refundedVnd)) / BigInt(totalVnd));
  return vnd(upTo(beforeVnd + amountVnd) - upTo(beforeVnd));
};

/** Part of a sale turned round: the business and the exchange each give back their part, and the shopper is owed it. */
export function orderRefund(order: SoldOrder, part: RefundPart): Entry[] {
  const commissionVnd = feeBack(order.commissionVnd, order, part);
  const commissionVatVnd = feeBack(order.commissionVatVnd, order, part);
  return [
    ...leg('payable', vnd(part.amountVnd - commissionVnd - commissionVatVnd), order.businessId),
    ...leg('commission', commissionVnd),
    ...leg('commission-vat', commissionVatVnd),
    ...leg('refunds-due', negative(part.amountVnd)),
  ];
}
