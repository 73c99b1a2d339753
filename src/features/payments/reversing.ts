import { vnd, ZERO } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { LegId } from '#features/exchange-orders/types.ts';
import type { Deps } from './deps.ts';
import { openDispute, openLegDispute } from './disputing.ts';
import { findPayment, lockPayment, type PaymentRow, savePayment } from './queries/payments.ts';
import { findRefundByCause, insertRefund, lockRefund, type RefundRow, sumRefunds } from './queries/refunds.ts';
import { saveTransfer, type TransferRow } from './queries/transfers.ts';
import { confirmByHand, showRefunded } from './sending.ts';
import type { Claim } from './types.ts';

const nameOf = ({ provider, providerTxId }: TransferRow): string => `${provider}:${providerTxId}`;

/** The refund by which this very money was to go back, if it was. */
async function findOwed(tx: Tx, name: string, legId: LegId | null): Promise<RefundRow | undefined> {
  const reasons = legId ? [`leg:${legId}`] : ['duplicate', 'late', 'unmatched'];
  for (const reason of reasons) {
    const refund = await findRefundByCause(tx, `${reason}:${name}`);
    if (refund) return refund;
  }
  return undefined;
}

/** Part of a price that had come and waited for the rest is gone: the shopper owes it again. */
async function takeBack(deps: Deps, tx: Tx, payment: PaymentRow, transfer: TransferRow, by: string): Promise<void> {
  const cause = `reversed:${nameOf(transfer)}`;
  const { amountVnd } = transfer;
  const refund = await insertRefund(tx, {
    paymentId: payment.id,
    amountVnd,
    reason: 'reversed',
    cause,
    way: 'transfer',
    createdAt: deps.now(),
  });
  if (!refund) return;
  await deps.ledger.bookRefundDue(tx, payment.id, cause, amountVnd);
  await confirmByHand(deps, tx, refund, by);
  const creditVnd = vnd(payment.receivedVnd - (await sumRefunds(tx, payment.id)));
  if (payment.status === 'underpaid' && creditVnd === ZERO) await savePayment(tx, payment.id, { status: 'pending' });
}

const claimOf = (transfer: TransferRow): Claim => ({
  disputeId: nameOf(transfer),
  reference: transfer.bankReference,
  amountVnd: transfer.amountVnd,
  reason: 'bank-reversal',
  status: 'open',
  evidenceBy: undefined,
});

/** Goods of a partner exchange were bought with it, or part of it waits for the rest: finance decides. */
async function claimBackOfLeg(deps: Deps, tx: Tx, legId: LegId, transfer: TransferRow): Promise<void> {
  const code = (await deps.legs.findCode(tx, legId)) ?? transfer.content;
  await openLegDispute(deps, tx, { legId, code }, claimOf(transfer), 'bank');
}

/** The order was sold for this money: it stays as it is, and finance decides who bears the loss. */
async function claimBack(deps: Deps, tx: Tx, payment: PaymentRow, transfer: TransferRow): Promise<void> {
  await openDispute(deps, tx, payment, claimOf(transfer), 'bank');
}

/** The refund has not left yet: the bank has done it for us. One that has left makes the money gone twice. */
async function spare(deps: Deps, tx: Tx, owed: RefundRow, transfer: TransferRow, by: string): Promise<boolean> {
  const refund = await lockRefund(tx, owed.id);
  if (refund.amountVnd !== transfer.amountVnd || (refund.status !== 'queued' && refund.status !== 'failed'))
    return false;
  await confirmByHand(deps, tx, refund, by);
  return true;
}

/** Money that paid no order: goods of another exchange, or nobody's. One that went back already is gone twice. */
async function undoElsewhere(deps: Deps, tx: Tx, transfer: TransferRow, isGone: boolean): Promise<void> {
  if (!isGone && transfer.legId) return claimBackOfLeg(deps, tx, transfer.legId, transfer);
  const holder = isGone ? 'losses' : 'suspense';
  await deps.ledger.bookReversal(tx, nameOf(transfer), holder, transfer.amountVnd);
}

/** What comes of money that is gone, by what had come of it. */
async function undo(deps: Deps, tx: Tx, transfer: TransferRow, by: string): Promise<void> {
  const known = transfer.paymentId && (await findPayment(tx, transfer.paymentId));
  if (known) await deps.orders.forPayments.lockGroup(tx, known.groupId);
  const payment = known ? await lockPayment(tx, known.id) : undefined;
  const owed = await findOwed(tx, nameOf(transfer), transfer.legId);
  if (owed && (await spare(deps, tx, owed, transfer, by))) {
    if (payment) await showRefunded(tx, payment);
    return;
  }
  if (!payment) return undoElsewhere(deps, tx, transfer, owed !== undefined);
  if (owed) return void (await deps.ledger.bookReversal(tx, nameOf(transfer), 'losses', transfer.amountVnd));
  if (payment.completedAt) return claimBack(deps, tx, payment, transfer);
  await takeBack(deps, tx, payment, transfer, by);
}

/** The bank took a transfer back. `by` is the line that says so. */
export async function reverse(deps: Deps, tx: Tx, transfer: TransferRow, by: string): Promise<void> {
  await undo(deps, tx, transfer, by);
  await saveTransfer(tx, transfer.id, 'reversed');
  await deps.queues.settle(tx, { kind: 'bank-transfer', id: transfer.id }, 'withdrawn');
}
