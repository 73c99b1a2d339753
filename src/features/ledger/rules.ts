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

/** A cancelled sale: each leg of the sale turned round, and the money owed back to the shopper. */
export const saleReversal = (order: SoldOrder): Entry[] => [
  ...sale(order).flatMap(({ account, amountVnd, businessId }) =>
    account === 'deposits' ? [] : leg(account, negative(amountVnd), businessId),
  ),
  ...leg('refunds-due', negative(order.totalVnd)),
];
