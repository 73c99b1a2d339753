import { vnd, ZERO } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { Deps } from './deps.ts';
import { openDispute } from './disputing.ts';
import { findPayment, lockPayment, type PaymentRow, savePayment } from './queries/payments.ts';
import { findRefundByCause, insertRefund, lockRefund, type RefundRow, sumRefunds } from './queries/refunds.ts';
import { saveTransfer, type TransferRow } from './queries/transfers.ts';
import { confirmByHand, showRefunded } from './sending.ts';

const nameOf = ({ provider, providerTxId }: TransferRow): string => `${provider}:${providerTxId}`;

/** The refund by which this very money was to go back, if it was. */
async function findOwed(tx: Tx, name: string): Promise<RefundRow | undefined> {
  for (const reason of ['duplicate', 'late', 'unmatched']) {
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

/** The order was sold for this money: it stays as it is, and finance decides who bears the loss. */
async function claimBack(deps: Deps, tx: Tx, payment: PaymentRow, transfer: TransferRow): Promise<void> {
  await openDispute(
    deps,
    tx,
    payment,
    {
      disputeId: nameOf(transfer),
      reference: transfer.bankReference,
      amountVnd: transfer.amountVnd,
      reason: 'bank-reversal',
      status: 'open',
      evidenceBy: undefined,
    },
    'bank',
  );
}

/** The refund has not left yet: the bank has done it for us. One that has left makes the money gone twice. */
async function spare(deps: Deps, tx: Tx, owed: RefundRow, transfer: TransferRow, by: string): Promise<boolean> {
  const refund = await lockRefund(tx, owed.id);
  if (refund.amountVnd !== transfer.amountVnd || (refund.status !== 'queued' && refund.status !== 'failed'))
    return false;
  await confirmByHand(deps, tx, refund, by);
  return true;
}

/** What comes of money that is gone, by what had come of it. */
async function undo(deps: Deps, tx: Tx, transfer: TransferRow, by: string): Promise<void> {
  const known = transfer.paymentId && (await findPayment(tx, transfer.paymentId));
  if (known) await deps.orders.forPayments.lockGroup(tx, known.groupId);
  const payment = known ? await lockPayment(tx, known.id) : undefined;
  const owed = await findOwed(tx, nameOf(transfer));
  if (owed && (await spare(deps, tx, owed, transfer, by))) {
    if (payment) await showRefunded(tx, payment);
    return;
  }
  if (owed || !payment)
    return void (await deps.ledger.bookReversal(
      tx,
      nameOf(transfer),
      owed ? 'losses' : 'suspense',
      transfer.amountVnd,
    ));
  if (payment.completedAt) return claimBack(deps, tx, payment, transfer);
  await takeBack(deps, tx, payment, transfer, by);
}

/** The bank took a transfer back. `by` is the line that says so. */
export async function reverse(deps: Deps, tx: Tx, transfer: TransferRow, by: string): Promise<void> {
  await undo(deps, tx, transfer, by);
  await saveTransfer(tx, transfer.id, 'reversed');
  await deps.queues.settle(tx, { kind: 'bank-transfer', id: transfer.id }, 'withdrawn');
}
