import type { Id } from '#core/ids.ts';
import { prorated, sumVnd, type Vnd, vnd } from '#core/money.ts';
import type { Account, Entry, PieceSums } from './types.ts';

export type SoldOrder = {
  readonly businessId: Id<'Business'>;
  /** What the shopper pays: goods less discount, and freight. */
  readonly totalVnd: Vnd;
  /** What of the discount the exchange pays the business for. */
  readonly promotionVnd: Vnd;
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

/** A paid order: what was a deposit is now the business's with what the exchange adds, less what the exchange takes. */
export function sale(order: SoldOrder): Entry[] {
  const fee = sumVnd([order.commissionVnd, order.commissionVatVnd]);
  return [
    ...leg('deposits', order.totalVnd),
    ...leg('promotion', order.promotionVnd),
    ...leg('payable', vnd(fee - order.totalVnd - order.promotionVnd), order.businessId),
    ...leg('commission', negative(order.commissionVnd)),
    ...leg('commission-vat', negative(order.commissionVatVnd)),
  ];
}

/**
 * A sale whose price the business has received itself: the exchange holds nothing of it. The business owes the fee, and is
 * owed what the exchange bears of a discount; no entry where both are nothing.
 */
export function directSale(order: SoldOrder): Entry[] {
  const fee = sumVnd([order.commissionVnd, order.commissionVatVnd]);
  return [
    ...leg('promotion', order.promotionVnd),
    ...leg('payable', vnd(fee - order.promotionVnd), order.businessId),
    ...leg('commission', negative(order.commissionVnd)),
    ...leg('commission-vat', negative(order.commissionVatVnd)),
  ];
}

/** Part of such a sale turned round: the price goes back from the business, the fee from the exchange. */
export const directRefund = (order: SoldOrder, before: PieceSums, part: RefundPart): Entry[] => {
  const back = orderRefund(order, before, part);
  const owed = back.reduce((sum, { account, amountVnd }) => sum + (account === 'payable' ? amountVnd : 0), 0);
  return [
    ...back.filter(({ account }) => account !== 'payable' && account !== 'refunds-due'),
    ...leg('payable', vnd(owed - part.amountVnd), order.businessId),
  ];
};

/**
 * Part of an order's price that goes back: `amountVnd`, after `beforeVnd` had gone back already. `pieces` where it is the
 * price of known pieces; a bare amount has none. In đồng.
 */
export type RefundPart = { readonly amountVnd: Vnd; readonly beforeVnd: Vnd; readonly pieces?: PieceSums | undefined };

/**
 * What of a fee or promotion is taken back. With the last đồng of the price whatever is left of it, so that nothing stays,
 * whatever the steps; for known pieces exactly theirs; for a bare amount its share of what is left.
 */
function shareBack(leftVnd: Vnd, orderLeftVnd: Vnd, { amountVnd }: RefundPart, ofPieces: Vnd | undefined): Vnd {
  if (amountVnd === orderLeftVnd) return leftVnd;
  return ofPieces === undefined ? prorated(leftVnd, amountVnd, orderLeftVnd) : vnd(Math.min(ofPieces, leftVnd));
}

/**
 * Part of a sale turned round: the business and the exchange each give back their part, and the shopper is owed it.
 * `before`: what of promotion and fee earlier refunds of the order took back.
 */
export function orderRefund(order: SoldOrder, before: PieceSums, part: RefundPart): Entry[] {
  const orderLeftVnd = vnd(order.totalVnd - part.beforeVnd);
  const back = (of: keyof PieceSums): Vnd =>
    shareBack(vnd(order[of] - before[of]), orderLeftVnd, part, part.pieces?.[of]);
  const promotionVnd = back('promotionVnd');
  const commissionVnd = back('commissionVnd');
  const commissionVatVnd = back('commissionVatVnd');
  return [
    ...leg('payable', vnd(part.amountVnd + promotionVnd - commissionVnd - commissionVatVnd), order.businessId),
    ...leg('promotion', negative(promotionVnd)),
    ...leg('commission', commissionVnd),
    ...leg('commission-vat', commissionVatVnd),
    ...leg('refunds-due', negative(part.amountVnd)),
  ];
}

/** What a business is to be paid leaves what it is owed and is on its way. */
export const payout = (businessId: Id<'Business'>, amountVnd: Vnd): Entry[] => [
  ...leg('payable', amountVnd, businessId),
  ...leg('payouts-due', negative(amountVnd)),
];

/** A payout that did not arrive is owed again. `from`: where its money lies. */
export const payoutBack = (businessId: Id<'Business'>, from: Account, amountVnd: Vnd): Entry[] => [
  ...leg(from, amountVnd),
  ...leg('payable', negative(amountVnd), businessId),
];

/** A provider passed on what it had collected, less what it keeps: a transfer that was nobody's until its file came. */
export const providerPayout = (clearing: Account, grossVnd: Vnd, feeVnd: Vnd): Entry[] => [
  ...leg('suspense', vnd(grossVnd - feeVnd)),
  ...leg('provider-fees', feeVnd),
  ...leg(clearing, negative(grossVnd)),
];

/** Tax that a household owes of a sale and the exchange pays for it; an offset after a return goes the other way. */
export const tax = (
  kind: 'withheld' | 'offset',
  { businessId, vatVnd, pitVnd }: { readonly businessId: Id<'Business'>; readonly vatVnd: Vnd; readonly pitVnd: Vnd },
): Entry[] => {
  const signed = (amount: Vnd): Vnd => (kind === 'withheld' ? amount : negative(amount));
  return [
    ...leg('payable', signed(sumVnd([vatVnd, pitVnd])), businessId),
    ...leg('withheld-vat', negative(signed(vatVnd))),
    ...leg('withheld-pit', negative(signed(pitVnd))),
  ];
};
