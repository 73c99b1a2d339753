import { dayMs } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { asExchange, transactAsSeller } from '#db/seller.ts';
import type { PieceSums } from '#features/ledger/types.ts';
import { buyerAt } from '#features/notices/types.ts';
import type { OrderId } from '#features/orders/types.ts';
import { type OrderRefundReason, paymentProblems } from '#features/payments/types.ts';
import type { Deps, Seller } from './deps.ts';
import {
  type DirectRefundRow,
  type DirectRow,
  findRefundByCause,
  insertRefund,
  lockOfOrder,
  lockRefund,
  savePayment,
  saveRefund,
} from './queries.ts';
import { dueByOf, readReference, refuse } from './rules.ts';
import type { DirectRefundId, DirectRefundReason } from './types.ts';
import { findTold, listDueBefore, readRefundDays } from './views.ts';

const refusePayment = refusals(paymentProblems);
const remindedAtOnce = 200;
export const inWords = (amountVnd: number): string => `${amountVnd.toLocaleString('vi-VN')} ₫`;
const page = '/ban-hang/nhan-truc-tiep';

/** Tells both sides that a business owes: the exchange has nothing of the money and sends none. */
async function tellDue({ notices }: Deps, tx: Tx, refund: DirectRefundRow): Promise<void> {
  const told = await findTold(tx, refund.orderId);
  if (!told) return;
  const values = {
    order: told.code,
    business: told.business,
    amount: inWords(refund.amountVnd),
    date: refund.dueBy.toLocaleDateString('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh' }),
  };
  const to = { businessId: told.businessId, roles: ['owner', 'manager'] } as const;
  await notices.tell(tx, { kind: 'direct.refund-due', to, values, path: page, key: `direct.refund-due:${refund.id}` });
  if (told.phone === '') return;
  const path = `/don-hang/${told.code}`;
  const key = `direct.refund-promised:${refund.id}`;
  await notices.tell(tx, { kind: 'direct.refund-promised', to: buyerAt(told), values, path, key });
}

type Owing = {
  readonly amountVnd: Vnd;
  readonly reason: DirectRefundReason;
  readonly ofPrice: boolean;
  readonly cause: string;
};

/** Writes down that a business owes, once for each cause. */
export async function owe(deps: Deps, tx: Tx, payment: DirectRow, owing: Owing): Promise<DirectRefundRow | undefined> {
  if (owing.amountVnd <= ZERO) return undefined;
  const { orderId, businessId } = payment;
  const at = deps.now();
  const dueBy = dueByOf(at, await readRefundDays(tx, at));
  const about = { orderId, businessId, paymentId: payment.id, ...owing };
  const refund = await insertRefund(tx, { id: newId(), ...about, status: 'due', dueBy, createdAt: at });
  if (refund) await tellDue(deps, tx, refund);
  return refund;
}

export type DirectOrderRefund = {
  readonly orderId: OrderId;
  readonly amountVnd: Vnd;
  readonly reason: OrderRefundReason;
  readonly cause: string;
  readonly pieces?: PieceSums | undefined;
};

/**
 * Part of an order's price goes back from the business that was paid it: recorded as due, bounded under the lock of its
 * payment, with its part of the fee turned round in the books. Undefined where the order is none of these.
 */
async function refundOrder(deps: Deps, tx: Tx, { orderId, amountVnd, reason, cause, pieces }: DirectOrderRefund) {
  const payment = await lockOfOrder(tx, orderId);
  if (!payment) return undefined;
  const leftVnd = payment.status === 'paid' ? vnd(payment.amountVnd - payment.refundedVnd) : ZERO;
  const told = await findRefundByCause(tx, cause);
  if (told) {
    if (told.orderId !== orderId || told.amountVnd !== amountVnd) throw new Error(`${cause} has caused another refund`);
    return { refundId: told.id, refundedVnd: payment.refundedVnd, leftVnd };
  }
  if (amountVnd > leftVnd) throw refusePayment('refund-exceeds-payment', { leftVnd, amountVnd });
  const refund = await owe(deps, tx, payment, { amountVnd, reason, cause, ofPrice: true });
  if (!refund) throw new Error(`${cause} has caused another refund meanwhile`);
  const refundedVnd = vnd(payment.refundedVnd + amountVnd);
  await savePayment(tx, payment.id, { refundedVnd });
  const wholly = refundedVnd >= payment.amountVnd;
  const order = await deps.orders.forPayments.markRefunded(tx, orderId, wholly, { amountVnd, reason });
  const part = { cause, amountVnd, beforeVnd: payment.refundedVnd, pieces };
  await deps.ledger.bookDirectRefund(tx, { ...order, orderId }, part);
  await deps.events.add(tx, { type: 'order.refunded-directly', orderId });
  return { refundId: refund.id, refundedVnd, leftVnd: vnd(leftVnd - amountVnd) };
}

export const createOwing = (deps: Deps) => {
  const { db, now, notices, audit } = deps;
  return {
    refundOrder: (tx: Tx, refund: DirectOrderRefund) => refundOrder(deps, tx, refund),
    /** The business says that it has sent back what it owed. Its word is kept, and the shopper hears of it. */
    markSent: (
      { actor, address, businessIds }: Seller,
      id: DirectRefundId,
      typed: string,
      finish?: (tx: Tx) => Promise<void>,
    ): Promise<void> =>
      transactAsSeller(db, { actor, businessIds }, async (tx) => {
        const bankReference = readReference(typed);
        if (!bankReference) throw refuse('direct-reference-invalid', { pointer: '/bankReference' });
        const refund = await lockRefund(tx, id, businessIds);
        if (!refund) throw refuse('direct-refund-not-found');
        if (refund.status === 'sent') throw refuse('direct-refund-sent');
        await asExchange(tx, async () => {
          await saveRefund(tx, id, { status: 'sent', sentAt: now(), bankReference });
          const subject = { kind: 'direct-refund', id };
          const after = { amountVnd: refund.amountVnd, bankReference };
          await audit.record(tx, { action: 'direct-refund.sent', subject, after, address });
          const told = await findTold(tx, refund.orderId);
          if (told && told.phone !== '')
            await notices.tell(tx, {
              kind: 'direct.refund-sent',
              to: buyerAt(told),
              values: { order: told.code, business: told.business, amount: inWords(refund.amountVnd) },
              path: `/don-hang/${told.code}`,
              key: `direct.refund-sent:${id}`,
            });
          await finish?.(tx);
        });
      }),
    /** Reminds businesses a day before they must have given back, and tells finance of those that did not. Run by a job. */
    remind: (): Promise<void> =>
      transact(db, 'system:direct', async (tx) => {
        const at = now();
        for (const { refundId, businessId, orderCode, amountVnd, dueBy } of await listDueBefore(
          tx,
          new Date(at.getTime() + dayMs),
          remindedAtOnce,
        )) {
          const values = { order: orderCode, amount: inWords(amountVnd) };
          const to = { businessId, roles: ['owner', 'manager'] } as const;
          const key = `direct.refund-reminder:${refundId}`;
          await notices.tell(tx, { kind: 'direct.refund-reminder', to, values, path: page, key });
          if (dueBy > at) continue;
          await notices.tell(tx, {
            kind: 'direct.refund-overdue',
            to: { staffRole: 'finance' },
            values,
            path: '/quan-tri/don-hang',
            key: `direct.refund-overdue:${refundId}`,
          });
        }
      }),
  };
};
