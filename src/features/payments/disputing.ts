import { newId } from '#core/ids.ts';
import { split, sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { LegId } from '#features/exchange-orders/types.ts';
import { boardDispute } from './boarding.ts';
import type { Deps } from './deps.ts';
import { findByReference, findPayment, type PaymentRow } from './queries/payments.ts';
import {
  type DisputeRow,
  insertDispute,
  listShares,
  lockDispute,
  lockDisputeById,
  saveDispute,
} from './queries/refunds.ts';
import { refundOrder } from './refunding.ts';
import { laterDispute } from './rules/money.ts';
import { clearingOf, showRefunded } from './sending.ts';
import type { Claim, DisputeId, Method, PaymentId } from './types.ts';

type Effect = { readonly effect: string; readonly paymentId?: PaymentId; readonly amountVnd?: Vnd };

/** The claim was opened: its money has left our balance, and an officer answers until the provider's limit. */
export async function openDispute(
  deps: Deps,
  tx: Tx,
  payment: PaymentRow,
  claim: Claim,
  provider: string = payment.method,
): Promise<DisputeRow> {
  const dispute = await insertDispute(tx, {
    id: newId<'Dispute'>(),
    paymentId: payment.id,
    provider,
    providerDisputeId: claim.disputeId,
    amountVnd: claim.amountVnd,
    reason: claim.reason,
    status: 'open',
    evidenceBy: claim.evidenceBy ?? null,
    openedAt: deps.now(),
  });
  await deps.ledger.bookDispute(tx, 'dispute-opened', dispute.id, [clearingOf(payment), 'disputed'], claim.amountVnd);
  await boardDispute(deps, tx, dispute, payment.code);
  return dispute;
}

/**
 * The claim was lost: what was taken is taken from the orders that the payment paid for, as far as they have not been
 * refunded already; what is left of it is the exchange's loss.
 */
async function bearLoss(deps: Deps, tx: Tx, payment: PaymentRow, dispute: DisputeRow): Promise<void> {
  const shares = payment.completedAt ? await listShares(tx, payment.id) : [];
  const lefts = shares.map((share) => share.amountVnd - share.refundedVnd);
  const takenVnd = vnd(Math.min(dispute.amountVnd, sumVnd(lefts.map(vnd))));
  const parts = takenVnd > ZERO ? split(takenVnd, lefts) : [];
  for (const [index, share] of shares.entries()) {
    const amountVnd = parts[index] ?? ZERO;
    if (amountVnd === ZERO) continue;
    const cause = `dispute:${dispute.id}:${share.orderId}`;
    const by = { from: 'disputed', reference: dispute.providerDisputeId } as const;
    await refundOrder(deps, tx, { orderId: share.orderId, amountVnd, reason: 'disputed', cause }, by);
  }
  const lossVnd = vnd(dispute.amountVnd - takenVnd);
  if (lossVnd > ZERO) await deps.ledger.bookDispute(tx, 'dispute-lost', dispute.id, ['disputed', 'losses'], lossVnd);
  await showRefunded(tx, payment);
}

async function closeDispute(deps: Deps, tx: Tx, payment: PaymentRow, dispute: DisputeRow, won: boolean): Promise<void> {
  if (won)
    await deps.ledger.bookDispute(tx, 'dispute-won', dispute.id, ['disputed', clearingOf(payment)], dispute.amountVnd);
  else await bearLoss(deps, tx, payment, dispute);
  await deps.queues.settle(tx, { kind: 'dispute', id: dispute.id }, 'done');
}

/** A claim on what was paid for goods of a partner exchange: nothing of ours was sold, so there is no order to take it from. */
export async function openLegDispute(
  deps: Deps,
  tx: Tx,
  { legId, code }: { readonly legId: LegId; readonly code: string },
  claim: Claim,
  provider: 'stripe' | 'bank',
): Promise<DisputeRow> {
  const { disputeId: providerDisputeId, amountVnd, reason, evidenceBy = null } = claim;
  const row = { id: newId<'Dispute'>(), legId, provider, providerDisputeId, amountVnd, reason, evidenceBy } as const;
  const dispute = await insertDispute(tx, { ...row, status: 'open', openedAt: deps.now() });
  await deps.ledger.bookDispute(tx, 'dispute-opened', dispute.id, [`clearing:${provider}`, 'disputed'], amountVnd);
  await boardDispute(deps, tx, dispute, code);
  return dispute;
}

/** The partner exchange has sold and is owed: what is lost is our loss. */
async function applyLegClaim(deps: Deps, tx: Tx, claim: Claim): Promise<Effect> {
  const leg = await deps.legs.findCharged(tx, claim.reference);
  if (!leg) return { effect: 'unknown-payment' };
  const { amountVnd } = claim;
  const dispute =
    (await lockDispute(tx, 'stripe', claim.disputeId)) ?? (await openLegDispute(deps, tx, leg, claim, 'stripe'));
  const status = laterDispute(dispute.status, claim.status);
  if (status === dispute.status) return { effect: `dispute-${status}`, amountVnd };
  const isClosed = status === 'won' || status === 'lost';
  await saveDispute(tx, dispute.id, { status, ...(isClosed && { closedAt: deps.now() }) });
  if (isClosed) {
    const to = status === 'won' ? 'clearing:stripe' : 'losses';
    await deps.ledger.bookDispute(tx, `dispute-${status}`, dispute.id, ['disputed', to], dispute.amountVnd);
    await deps.queues.settle(tx, { kind: 'dispute', id: dispute.id }, 'done');
  }
  return { effect: `dispute-${status}`, amountVnd };
}

/** News of a claim, in whatever order they come: a dispute goes forward only, and what was missed on the way is made up for. */
export async function applyClaim(deps: Deps, tx: Tx, method: Method, claim: Claim): Promise<Effect> {
  const known = await findByReference(tx, method, claim.reference);
  if (!known) return method === 'stripe' ? applyLegClaim(deps, tx, claim) : { effect: 'unknown-payment' };
  await deps.orders.forPayments.lockGroup(tx, known.groupId);
  const dispute = (await lockDispute(tx, method, claim.disputeId)) ?? (await openDispute(deps, tx, known, claim));
  const status = laterDispute(dispute.status, claim.status);
  const about = { paymentId: known.id, amountVnd: claim.amountVnd };
  if (status === dispute.status) return { effect: `dispute-${status}`, ...about };
  const isClosed = status === 'won' || status === 'lost';
  await saveDispute(tx, dispute.id, { status, ...(isClosed && { closedAt: deps.now() }) });
  if (isClosed) await closeDispute(deps, tx, known, dispute, status === 'won');
  return { effect: `dispute-${status}`, ...about };
}

/** What the bank took back of a paid order is borne by the orders, whose money it was, or by the exchange. */
export async function closeBankDispute(
  deps: Deps,
  tx: Tx,
  id: DisputeId,
  bearer: 'orders' | 'exchange',
): Promise<void> {
  const dispute = await lockDisputeById(tx, id);
  if (dispute?.status !== 'open') throw new Error(`Dispute ${id} is not open`);
  const payment = dispute.paymentId ? await findPayment(tx, dispute.paymentId) : undefined;
  if (payment) await deps.orders.forPayments.lockGroup(tx, payment.groupId);
  await saveDispute(tx, id, { status: 'lost', closedAt: deps.now() });
  if (payment && bearer === 'orders') await bearLoss(deps, tx, payment, dispute);
  else await deps.ledger.bookDispute(tx, 'dispute-lost', id, ['disputed', 'losses'], dispute.amountVnd);
  await deps.queues.settle(tx, { kind: 'dispute', id }, 'done');
}
