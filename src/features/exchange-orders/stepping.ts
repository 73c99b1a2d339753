import type { Tx } from '#db/client.ts';
import { ADVANCE_QUEUE, type Deps } from './deps.ts';
import { refundPart, refundRest, soldStates } from './learning.ts';
import { type LegChange, type LegRow, saveLeg } from './queries.ts';
import { againAfterSeconds, type Change, planOf, type Saga, tellOperatorAfterMs, transferUntil } from './rules.ts';
import { tellOperator, tellShopper } from './telling.ts';

/** A process that dies while it asks leaves the leg to be taken up then. */
const takeUpAfterMs = 120_000;

export const sagaOf = (leg: LegRow): Saga => ({
  state: leg.state,
  method: leg.method,
  step: leg.step,
  acceptedVnd: leg.acceptedVnd ?? (0 as NonNullable<LegRow['acceptedVnd']>),
  quoteExpiresAt: new Date(leg.terms?.expiresAt ?? 0),
  authorisedAt: leg.authorisedAt,
  confirmBy: leg.confirmBy,
  orderId: leg.orderId,
  isSold: leg.orderState !== null && soldStates.has(leg.orderState),
  captured: leg.capturedAt !== null,
});

/** When it is looked at again by itself; null where it waits for its shopper or its origin, or has ended. */
function nextLook(leg: LegRow, change: Change, more: LegChange, at: Date): Date | null {
  const confirmBy = change.confirmBy ?? leg.confirmBy;
  if (change.state === 'awaiting-transfer' && confirmBy) return transferUntil(confirmBy);
  const goesOn = planOf({ ...sagaOf(leg), ...change, step: change.step ?? null }, at) !== undefined;
  return more.nextAt ?? (goesOn ? new Date(at.getTime() + takeUpAfterMs) : null);
}

/** Writes where the leg stands and what follows from it: the step, its books, its notices and its next turn. */
export async function takeStep(deps: Deps, tx: Tx, leg: LegRow, change: Change, more: LegChange = {}): Promise<LegRow> {
  const at = deps.now();
  const { state, step = null, reason, captured = false, orderId, confirmBy } = change;
  const isCaptured = captured && leg.capturedAt === null;
  // Transfers are in the books since they came.
  const chargedVnd = isCaptured && leg.method === 'stripe' ? leg.acceptedVnd : null;
  const saved = await saveLeg(tx, leg, {
    ...more,
    state,
    step,
    stateSince: state === leg.state ? leg.stateSince : at,
    reason: reason || leg.reason,
    capturedAt: isCaptured ? at : leg.capturedAt,
    receivedVnd: chargedVnd ?? more.receivedVnd ?? leg.receivedVnd,
    orderId: orderId ?? more.orderId ?? leg.orderId,
    confirmBy: confirmBy ?? leg.confirmBy,
    nextAt: nextLook(leg, change, more, at),
  });
  if (chargedVnd !== null)
    await deps.ledger.bookLegReceipt(tx, 'clearing:stripe', saved.id, `leg:${saved.id}`, chargedVnd);
  if (state !== leg.state) await followState(deps, tx, saved);
  return saved;
}

/** What goes back where a leg is bought no more, and what its shopper is told. */
async function followState(deps: Deps, tx: Tx, leg: LegRow): Promise<void> {
  if (leg.state === 'refunding') await refundRest(deps, tx, leg);
  if (leg.state === 'void') await refundPart(deps, tx, leg);
  await tellShopper(deps, tx, leg);
}

/** Asked again later, less and less often. An operator hears of what stays so for half an hour. */
export async function waitFor(deps: Deps, tx: Tx, leg: LegRow): Promise<void> {
  const afterSeconds = againAfterSeconds(leg.attempts);
  const at = deps.now();
  await saveLeg(tx, leg, { attempts: leg.attempts + 1, nextAt: new Date(at.getTime() + afterSeconds * 1_000) });
  await deps.jobs.add(tx, ADVANCE_QUEUE, [{ legId: leg.id }], { afterSeconds });
  if (at.getTime() - leg.stateSince.getTime() >= tellOperatorAfterMs) await tellOperator(deps, tx, leg);
}
