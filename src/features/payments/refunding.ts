import type { Id } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { Tx } from '#db/client.ts';
import type { Account, PieceSums } from '#features/ledger/types.ts';
import type { OrderId } from '#features/orders/types.ts';
import type { Deps } from './deps.ts';
import { findPayment, type PaymentRow } from './queries/payments.ts';
import {
  findRefundByCause,
  insertRefund,
  lockShare,
  type RefundRow,
  saveRefund,
  saveRefunded,
} from './queries/refunds.ts';
import { clearingOf, queueRefund, showRefunded } from './sending.ts';
import { type OrderRefundReason, paymentProblems, type RefundId } from './types.ts';

const refuse = refusals(paymentProblems);

/** What goes back of an order's price. `cause` names what made it necessary, and refunds once: `cancelled:<order id>`. */
export type OrderRefund = {
  readonly orderId: OrderId;
  readonly amountVnd: Vnd;
  readonly reason: OrderRefundReason;
  readonly cause: string;
  /** Where it is the price of known pieces, what of promotion and fee is theirs. A bare amount takes its share of the order. */
  readonly pieces?: PieceSums | undefined;
};
export type OrderRefunded = {
  readonly refundId: RefundId | Id<'DirectRefund'>;
  /** Of the order, this refund included. */
  readonly refundedVnd: Vnd;
  readonly leftVnd: Vnd;
};

/** The money has left already: from where, and what the provider calls that. There is nothing to send any more. */
export type AlreadyGone = { readonly from: Account; readonly reference: string };

/** Card money goes back by itself; money that came by bank transfer is transferred by a person. */
function wayOf(payment: PaymentRow | undefined): RefundRow['way'] {
  if (payment?.method === 'partner') return 'partner';
  return payment?.method === 'vietqr' ? 'transfer' : 'provider';
}

/** Nothing is sent to a partner exchange: it owes us so much less from now on, and gives its shopper the money. */
const owedLess = (payment: PaymentRow | undefined): AlreadyGone | undefined =>
  payment?.method === 'partner' ? { from: clearingOf(payment), reference: payment.partnerKey ?? '' } : undefined;

/** The payment says so, and whoever works out tax hears of it as of any refund. */
async function showOwedLess({ events }: Deps, tx: Tx, refund: RefundRow, payment: PaymentRow): Promise<void> {
  await showRefunded(tx, payment);
  await events.add(tx, { type: 'refund.queued', refundId: refund.id });
}

/** Has the refund sent, or notes that its money has gone. */
async function dispatch(
  deps: Deps,
  tx: Tx,
  refund: RefundRow,
  { code, gone }: { readonly code: string; readonly gone: AlreadyGone | undefined },
): Promise<void> {
  if (!gone) return queueRefund(deps, tx, refund, code);
  const at = deps.now();
  const change = { status: 'confirmed', sentAt: at, confirmedAt: at, providerReference: gone.reference } as const;
  await saveRefund(tx, refund.id, change);
  await deps.ledger.bookRefundSent(tx, gone.from, refund);
}

/** The same cause again: nothing new, unless it is another thing by the same name. */
function toldAgain(told: RefundRow, { orderId, amountVnd, cause }: OrderRefund, sums: Omit<OrderRefunded, 'refundId'>) {
  if (told.orderId !== orderId || told.amountVnd !== amountVnd) throw new Error(`${cause} has caused another refund`);
  return { refundId: told.id, ...sums };
}

/**
 * The one way in which part of an order's price goes back. Together they never exceed what was paid for the order: its
 * share is locked while they are summed. Writes the refund, its journal, the order's payment status and the event that
 * has it sent. The same cause again changes nothing. The caller holds the lock of the order's group.
 */
export async function refundOrder(deps: Deps, tx: Tx, refund: OrderRefund, gone?: AlreadyGone): Promise<OrderRefunded> {
  const { orderId, amountVnd, reason, cause } = refund;
  if (amountVnd <= ZERO) throw new RangeError(`A refund of ${amountVnd} đồng (${cause})`);
  const share = await lockShare(tx, orderId);
  // What a business was paid itself it gives back itself: that is recorded, and sent by nobody here.
  const owed = share ? undefined : await deps.direct.refundOrder(tx, refund);
  if (owed) return owed;
  const leftVnd = share ? vnd(share.amountVnd - share.refundedVnd) : ZERO;
  const told = await findRefundByCause(tx, cause);
  if (told && share) return toldAgain(told, refund, { refundedVnd: share.refundedVnd, leftVnd });
  if (!share || amountVnd > leftVnd) throw refuse('refund-exceeds-payment', { leftVnd, amountVnd });
  const { paymentId } = share;
  const refundedVnd = vnd(share.refundedVnd + amountVnd);
  const payment = await findPayment(tx, paymentId);
  const way = wayOf(payment);
  const queued = await insertRefund(tx, { paymentId, orderId, amountVnd, cause, reason, way, createdAt: deps.now() });
  if (!queued) throw new Error(`${cause} has caused another refund meanwhile`);
  await saveRefunded(tx, paymentId, orderId, refundedVnd);
  const order = await deps.orders.forPayments.markRefunded(tx, orderId, refundedVnd >= share.amountVnd, refund);
  await deps.ledger.bookOrderRefund(
    tx,
    { ...order, orderId },
    {
      cause,
      amountVnd,
      beforeVnd: share.refundedVnd,
      pieces: refund.pieces,
    },
  );
  await dispatch(deps, tx, queued, { code: payment?.code ?? '', gone: gone ?? owedLess(payment) });
  if (payment?.method === 'partner') await showOwedLess(deps, tx, queued, payment);
  return { refundId: queued.id, refundedVnd, leftVnd: vnd(leftVnd - amountVnd) };
}
