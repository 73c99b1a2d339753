import type { MessageKey } from '#web/i18n/messages.ts';
import type { Ending } from './rules.ts';
import type { AmountKey, PayoutState, RunState, SkipReason } from './types.ts';

/** Columns of a statement. */
export const amountNames: Readonly<Record<AmountKey, MessageKey>> = {
  goodsVnd: 'settle.goodsVnd',
  discountVnd: 'settle.discountVnd',
  promotionVnd: 'settle.promotionVnd',
  shippingVnd: 'settle.shippingVnd',
  refundVnd: 'settle.refundVnd',
  feeVnd: 'settle.feeVnd',
  feeVatVnd: 'settle.feeVatVnd',
  withheldVatVnd: 'settle.withheldVatVnd',
  withheldPitVnd: 'settle.withheldPitVnd',
  paidOutVnd: 'settle.paidOutVnd',
  otherVnd: 'settle.otherVnd',
  netVnd: 'settle.netVnd',
};

/** Accounts of the ledger, as an officer calls them. */
export const accountNames: Readonly<Record<string, MessageKey>> = {
  'clearing:bank': 'account.clearing-bank',
  'clearing:stripe': 'account.clearing-stripe',
  'clearing:vnpay': 'account.clearing-vnpay',
  disputed: 'account.disputed',
  deposits: 'account.deposits',
  suspense: 'account.suspense',
  'refunds-due': 'account.refunds-due',
  payable: 'account.payable',
  'payouts-due': 'account.payouts-due',
  'provider-fees': 'account.provider-fees',
  commission: 'account.commission',
  'commission-vat': 'account.commission-vat',
  'withheld-vat': 'account.withheld-vat',
  'withheld-pit': 'account.withheld-pit',
  freight: 'account.freight',
  promotion: 'account.promotion',
  losses: 'account.losses',
};

/** Where a payout stands. */
export const payoutNames: Readonly<Record<PayoutState, MessageKey>> = {
  planned: 'payout.planned',
  approved: 'payout.approved',
  paid: 'payout.paid',
  failed: 'payout.failed',
  returned: 'payout.returned',
  abandoned: 'payout.abandoned',
};

/** Where a run stands. */
export const runNames: Readonly<Record<RunState, MessageKey>> = {
  draft: 'runs.draft.state',
  proposed: 'runs.proposed.state',
  approved: 'runs.approved.state',
  closed: 'runs.closed.state',
  abandoned: 'runs.abandoned.state',
};

/** How a payout ends. */
export const endingNames: Readonly<Record<Ending, MessageKey>> = {
  paid: 'runs.paid',
  failed: 'runs.failed',
  returned: 'runs.returned',
};

/** Why a business is left out. */
export const skipNames: Readonly<Record<SkipReason, MessageKey>> = {
  'not-approved': 'runs.why.not-approved',
  'no-account': 'runs.why.no-account',
  'account-new': 'runs.why.account-new',
  'below-minimum': 'runs.why.below-minimum',
  owes: 'runs.why.owes',
};
