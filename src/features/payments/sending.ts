import { vnd } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import { type Account, receivableOf } from '#features/ledger/types.ts';
import { boardRefund } from './boarding.ts';
import type { Deps } from './deps.ts';
import { findPayment, lockPayment, type PaymentRow, savePayment } from './queries/payments.ts';
import { findRefund, insertRefund, lockRefund, type RefundRow, saveRefund, sumRefunds } from './queries/refunds.ts';
import { refundedState } from './rules/money.ts';
import { tellRefundSent } from './telling.ts';
import type { AtProvider, Gateway, GatewayOutcome, RefundByHand, RefundId, RefundRequest } from './types.ts';

/** Where the money of a payment lies: with whoever collected it, until it is passed on to us. */
export function clearingOf({ method, partnerKey }: Pick<PaymentRow, 'method' | 'partnerKey'>): Account {
  if (method === 'partner') return receivableOf(partnerKey ?? '');
  return method === 'vietqr' ? 'clearing:bank' : `clearing:${method}`;
}

/** The provider that has the money; none where a bank transfer or a partner exchange brought it, or its keys are gone. */
export const gatewayOf = ({ gateways }: Deps, { method }: Pick<PaymentRow, 'method'>): Gateway | undefined =>
  method === 'partner' ? undefined : gateways[method];

export const atProvider = (payment: PaymentRow): AtProvider => ({
  sessionId: payment.sessionId ?? '',
  reference: payment.providerReference ?? '',
  startedAt: payment.createdAt,
  amountVnd: payment.amountVnd,
});

/** The payment's state follows what has been sent back of it. */
export async function showRefunded(tx: Tx, known: PaymentRow): Promise<void> {
  const payment = await lockPayment(tx, known.id);
  const sent = await sumRefunds(tx, payment.id, true);
  const isLeftover = payment.status === 'overpaid' && sent <= vnd(payment.receivedVnd - payment.amountVnd);
  if (!isLeftover && sent > 0) await savePayment(tx, payment.id, { status: refundedState(payment.receivedVnd, sent) });
}

type News = Exclude<GatewayOutcome, { kind: 'unknown' }>;

/** A refund after a provider's word on it. News that come late or twice change nothing: a refund that failed is over. */
export async function moveRefund(
  deps: Deps,
  tx: Tx,
  refund: RefundRow,
  payment: PaymentRow,
  news: News,
): Promise<RefundRow['status']> {
  const { ledger, now } = deps;
  const clearing = clearingOf(payment);
  const { id, status } = refund;
  const isOpen = status === 'queued' || status === 'sent';
  if (!isOpen) return status;
  if (news.kind === 'declined') {
    if (status === 'sent') await ledger.bookRefundFailed(tx, clearing, refund);
    await saveRefund(tx, id, { status: 'failed', failure: news.reason });
    await boardRefund(deps, tx, refund, payment.code);
    return 'failed';
  }
  const at = now();
  if (status === 'queued') await ledger.bookRefundSent(tx, clearing, refund);
  const sent = status === 'queued' ? { sentAt: at, providerReference: news.reference ?? null } : {};
  const next = news.kind === 'paid' ? 'confirmed' : 'sent';
  if (status === 'queued') await tellRefundSent(deps, tx, refund);
  if (status !== next)
    await saveRefund(tx, id, { ...sent, status: next, ...(next === 'confirmed' && { confirmedAt: at }) });
  return next;
}

type Asked = { readonly refund: RefundRow; readonly payment: PaymentRow; readonly gateway: Gateway };

async function findAsked(deps: Deps, id: RefundId): Promise<Asked | undefined> {
  const refund = await findRefund(deps.db, id);
  const payment = refund?.paymentId && (await findPayment(deps.db, refund.paymentId));
  const gateway = payment && gatewayOf(deps, payment);
  return refund && payment && gateway && refund.way === 'provider' ? { refund, payment, gateway } : undefined;
}

const requestOf = ({ refund, payment }: Asked): RefundRequest => ({
  key: refund.attemptKey,
  payment: atProvider(payment),
  amountVnd: refund.amountVnd,
  description: `Hoan tien ${payment.code}`,
});

/** What a provider said of a refund, written down. The attempt that was asked about must still be the current one. */
async function note(deps: Deps, { refund, payment }: Asked, outcome: News): Promise<void> {
  await transact(deps.db, `provider:${payment.method}`, async (tx) => {
    await deps.orders.forPayments.lockGroup(tx, payment.groupId);
    await lockPayment(tx, payment.id);
    const current = await lockRefund(tx, refund.id);
    if (current.attempt !== refund.attempt) return;
    await moveRefund(deps, tx, current, payment, outcome);
    await showRefunded(tx, payment);
  });
}

/** Sends a queued refund back by the way the money came. A bank transfer waits for a person, who sends it at the bank. */
export async function sendRefund(deps: Deps, id: RefundId): Promise<void> {
  const asked = await findAsked(deps, id);
  if (!asked?.payment.providerReference || asked.refund.status !== 'queued') return;
  const outcome = await asked.gateway.refund(requestOf(asked));
  if (outcome.kind === 'unknown') throw new Error(`Refund ${id} is ${outcome.kind}; it is tried again`);
  await note(deps, asked, outcome);
}

/** Asks after a refund that was on its way. */
export async function followRefund(deps: Deps, id: RefundId): Promise<boolean> {
  const asked = await findAsked(deps, id);
  if (asked?.refund.status !== 'sent' || asked.refund.providerReference === null) return false;
  const outcome = await asked.gateway.queryRefund(asked.refund.providerReference, requestOf(asked));
  if (outcome.kind === 'unknown' || outcome.kind === 'pending') return false;
  await note(deps, asked, outcome);
  return true;
}

/** What waits to be transferred by hand is put before finance; everything else is sent by a job. All that listen hear of both. */
export async function queueRefund(deps: Deps, tx: Tx, refund: RefundRow, title: string): Promise<void> {
  await deps.events.add(tx, { type: 'refund.queued', refundId: refund.id });
  if (refund.way !== 'provider') await boardRefund(deps, tx, refund, title);
}

/** What no provider gives back of goods of a partner exchange, before finance. It is owed in the books already. */
export async function refundLegByHand(
  deps: Deps,
  tx: Tx,
  { cause, legId, amountVnd, code }: RefundByHand,
): Promise<void> {
  const about = { legId, amountVnd, cause, reason: 'exchange-leg', way: 'transfer' } as const;
  // The leg's own attempt was the first.
  const refund = await insertRefund(tx, { ...about, attempt: 2, createdAt: deps.now() });
  if (refund) await queueRefund(deps, tx, refund, code);
}

/** Money that left the bank's account is with the shopper: seen in the feed, or taken back by the bank itself. */
export async function confirmByHand(deps: Deps, tx: Tx, refund: RefundRow, reference: string): Promise<void> {
  if (refund.status === 'confirmed') return;
  const { ledger, queues, now } = deps;
  if (refund.status !== 'sent') {
    await ledger.bookRefundSent(tx, 'clearing:bank', refund);
    await tellRefundSent(deps, tx, refund);
  }
  const at = now();
  const change = { status: 'confirmed', sentAt: refund.sentAt ?? at, confirmedAt: at } as const;
  await saveRefund(tx, refund.id, { ...change, providerReference: reference });
  await queues.settle(tx, { kind: 'refund', id: refund.id }, 'done');
  if (refund.legId) await deps.legs.refundSent(tx, refund.legId, refund.cause);
}
