import { type Tx, transact } from '#db/client.ts';
import type { GatewayOutcome } from '#features/payments/types.ts';
import { atProvider } from './buying.ts';
import { ACTOR, type Deps } from './deps.ts';
import { type LegRow, listRefunds, lockLeg, type RefundRow, saveRefund } from './queries.ts';
import type { Answer } from './rules.ts';

type Sent = 'done' | 'waits' | 'failed' | 'by-hand';

/** The provider has it, or gives it back. */
async function noteSent(
  { now, ledger }: Deps,
  tx: Tx,
  refund: RefundRow,
  reference: string | undefined,
  isDone: boolean,
): Promise<Sent> {
  const { cause, amountVnd } = refund;
  await ledger.bookRefundSent(tx, 'clearing:stripe', { cause, attempt: 1, amountVnd });
  const status = isDone ? 'confirmed' : 'sent';
  const providerReference = reference ?? refund.providerReference;
  await saveRefund(tx, cause, { status, providerReference, sentAt: refund.sentAt ?? now() });
  return isDone ? 'done' : 'waits';
}

/** The provider gives nothing back: two of finance do. */
async function noteRefused({ ledger, byHand }: Deps, tx: Tx, leg: LegRow, refund: RefundRow): Promise<Sent> {
  const { cause, amountVnd, status } = refund;
  await saveRefund(tx, cause, { status: 'by-hand' });
  if (status === 'sent') await ledger.bookRefundFailed(tx, 'clearing:stripe', { cause, attempt: 1, amountVnd });
  await byHand(tx, { cause, legId: leg.id, amountVnd, code: leg.code });
  return 'by-hand';
}

/** What the provider answered is written down, unless another process did so meanwhile. */
function note(deps: Deps, leg: LegRow, refund: RefundRow, outcome: GatewayOutcome): Promise<Sent> {
  return transact(deps.db, ACTOR, async (tx): Promise<Sent> => {
    await lockLeg(tx, leg.id);
    const current = (await listRefunds(tx, leg.id)).find(({ cause }) => cause === refund.cause);
    if (current?.status !== refund.status || outcome.kind === 'unknown') return 'waits';
    if (outcome.kind === 'declined') return noteRefused(deps, tx, leg, refund);
    return noteSent(deps, tx, refund, outcome.reference, outcome.kind === 'paid');
  });
}

async function send(deps: Deps, leg: LegRow, refund: RefundRow): Promise<Sent> {
  const { gateway } = deps;
  const { status, cause: key, amountVnd, providerReference } = refund;
  if (status === 'confirmed') return 'done';
  if (status === 'failed' || status === 'by-hand') return status;
  if (!gateway || leg.sessionId === null) return 'waits';
  const request = { key, payment: atProvider(leg, leg.sessionId), amountVnd, description: leg.code };
  const isSent = status === 'sent' && providerReference !== null;
  return note(
    deps,
    leg,
    refund,
    await (isSent ? gateway.queryRefund(providerReference, request) : gateway.refund(request)),
  );
}

/** Sends what is to go back, each once however often it is asked; what came of all of it together. */
export async function sendRefunds(deps: Deps, leg: LegRow): Promise<Answer> {
  const sent: Sent[] = [];
  for (const refund of await listRefunds(deps.db, leg.id)) sent.push(await send(deps, leg, refund));
  // What is already with the shopper's bank is sent; what is not is a person's to send.
  if (sent.includes('failed') || sent.includes('by-hand')) return { kind: 'declined' };
  return sent.includes('waits') ? { kind: 'unknown' } : { kind: 'paid', amountVnd: atProvider(leg, '').amountVnd };
}
