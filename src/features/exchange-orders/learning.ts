import { vnd, ZERO } from '#core/money.ts';
import type { Tx } from '#db/client.ts';
import type { RemoteOrder } from '#federation/protocol/ordering.ts';
import type { Deps } from './deps.ts';
import { insertRefund, type LegChange, type LegRow, listRefunds } from './queries.ts';

export const soldStates: ReadonlySet<string> = new Set(['confirmed', 'packed', 'shipped', 'delivered']);
const goneBack: ReadonlySet<LegRow['state']> = new Set(['refunding', 'refunded', 'refund-owed']);

type Back = {
  readonly cause: string;
  readonly amountVnd: number;
  readonly originAt: Date | null;
  /** Money that paid for nothing. */
  readonly spare?: boolean;
};

/** What goes back to the shopper, once per cause: out of what we owe the exchange, or of what it was never owed. */
export async function refundLeg(
  { ledger, now, byHand }: Deps,
  tx: Tx,
  leg: LegRow,
  { cause, amountVnd, originAt, spare = false }: Back,
): Promise<void> {
  if (amountVnd <= 0) return;
  // A transfer has no way back of its own: two of finance send it.
  const isByHand = leg.method === 'vietqr';
  const back = { cause, legId: leg.id, amountVnd: vnd(amountVnd) };
  const status = isByHand ? ('by-hand' as const) : ('queued' as const);
  if (!(await insertRefund(tx, { ...back, spare, status, originAt, createdAt: now() }))) return;
  const partnerKey = leg.confirmedAt && !spare ? leg.partnerKey : undefined;
  await ledger.bookLegRefundDue(tx, { ...back, partnerKey });
  if (isByHand) await byHand(tx, { ...back, code: leg.code });
}

/** What is left of the price goes back. */
export async function refundRest(deps: Deps, tx: Tx, leg: LegRow): Promise<void> {
  const back = (await listRefunds(tx, leg.id)).reduce((sum, { amountVnd, spare }) => sum + (spare ? 0 : amountVnd), 0);
  // Of an order that was sold the origin owes us nothing any more from the moment that it called it off.
  const originAt = leg.confirmedAt ? deps.now() : null;
  await refundLeg(deps, tx, leg, { cause: `leg:${leg.id}`, amountVnd: (leg.acceptedVnd ?? ZERO) - back, originAt });
}

/** Transfers that came for a leg which is bought no more, and were waiting for the rest. */
export async function refundPart(deps: Deps, tx: Tx, leg: LegRow): Promise<void> {
  const back = (await listRefunds(tx, leg.id)).reduce((sum, { amountVnd }) => sum + amountVnd, 0);
  const part = { cause: `leg:${leg.id}:part`, amountVnd: leg.receivedVnd - back, originAt: null, spare: true };
  await refundLeg(deps, tx, leg, part);
}

/** Since when the order is sold, as far as that is owed for: of what was never taken, or has gone back, nothing is. */
function soldAt(leg: LegRow, order: RemoteOrder): Date | null {
  const isSold = order.confirmedAt !== undefined || soldStates.has(order.state);
  const isOwed = isSold && leg.capturedAt !== null && !goneBack.has(leg.state);
  return leg.confirmedAt ?? (isOwed ? new Date(order.confirmedAt ?? order.at) : null);
}

/**
 * What an order of the origin says, whoever asked for it: how far it is, since when it is sold, and what of it goes back.
 * An older revision says nothing. Gives what changes of the leg beside its state; the leg is locked.
 */
export async function learnOrder(deps: Deps, tx: Tx, leg: LegRow, order: RemoteOrder): Promise<LegChange> {
  // The same revision says more once the money is taken: only then is what is sold owed for.
  if (leg.orderRev !== null && order.rev < leg.orderRev) return {};
  const confirmedAt = soldAt(leg, order);
  if (confirmedAt && !leg.confirmedAt && leg.acceptedVnd !== null)
    await deps.ledger.bookLegSold(tx, leg.id, leg.partnerKey, leg.acceptedVnd);
  const refunds = leg.capturedAt ? (order.refunds ?? []) : [];
  for (const [index, { amount, at }] of refunds.entries()) {
    const cause = `leg:${leg.id}:origin:${index}`;
    await refundLeg(deps, tx, { ...leg, confirmedAt }, { cause, amountVnd: amount.amount, originAt: new Date(at) });
  }
  return {
    orderId: order.orderId,
    orderCode: order.code,
    orderRev: order.rev,
    orderState: order.state,
    trackingNumber: order.trackingNumber ?? leg.trackingNumber,
    confirmedAt,
    ...(refunds.length > 0 ? { nextAt: deps.now() } : {}),
  };
}
