import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import type { Account } from '#features/ledger/types.ts';
import type { Deps } from './deps.ts';
import { applyClaim } from './disputing.ts';
import {
  findBySession,
  findLive,
  findPayment,
  insertPaymentEvent,
  lockPayment,
  type PaymentRow,
  savePayment,
} from './queries/payments.ts';
import { findRefundByReference, insertRefund, lockRefund, sumRefunds } from './queries/refunds.ts';
import { decide, settledState } from './rules/money.ts';
import { clearingOf, moveRefund, queueRefund, showRefunded } from './sending.ts';
import type { GatewayEvent, GatewayOutcome, Method, PaymentId, SpareRefundReason, TransferState } from './types.ts';

type Money = {
  /** Where it lies: at a provider, or in suspense until a person knew whose it is. */
  readonly clearing: Account;
  readonly amountVnd: Vnd;
  /** What the provider calls this money; the same name counts once. */
  readonly name: string;
};

/** Money that belongs to no sale goes back: owed in the books and queued, once per cause. */
export async function giveBack(
  deps: Deps,
  tx: Tx,
  payment: PaymentRow,
  reason: SpareRefundReason,
  cause: string,
  amountVnd: Vnd,
): Promise<void> {
  if (amountVnd <= ZERO) return;
  const way = payment.method === 'vietqr' ? 'transfer' : 'provider';
  const refund = await insertRefund(tx, {
    paymentId: payment.id,
    amountVnd,
    reason,
    cause,
    way,
    createdAt: deps.now(),
  });
  if (!refund) return;
  await deps.ledger.bookRefundDue(tx, payment.id, cause, amountVnd);
  await queueRefund(deps, tx, refund, payment.code);
}

/**
 * Money came for one attempt: the other one of the group that still waits is over, and what came for it in part goes
 * back. The caller holds the group's lock.
 */
async function endRival(deps: Deps, tx: Tx, payment: PaymentRow, money: Money): Promise<void> {
  // A group has one live attempt, by a unique index: where it is this one there is no other.
  if (payment.status === 'pending' || payment.status === 'underpaid') return;
  const rival = await findLive(tx, payment.groupId);
  if (!rival || rival.id === payment.id) return;
  await savePayment(tx, rival.id, { status: 'expired', settledAt: deps.now() });
  const creditVnd = vnd(rival.receivedVnd - (await sumRefunds(tx, rival.id)));
  await giveBack(deps, tx, rival, 'duplicate', `replaced:${rival.id}:${money.name}`, creditVnd);
  await announce(deps, tx, rival.id);
}

/** Tells whoever watches this payment, and the slices that care, at commit. */
const announce = ({ events }: Deps, tx: Tx, paymentId: PaymentId): Promise<void> =>
  events.add(tx, { type: 'payment.changed', paymentId });

/**
 * The one way money reaches an order, whether a webhook, the shopper's browser or the poller brings the news: books it,
 * decides, completes or gives back. Undefined when this very money was told before; else `note` writes down what became
 * of it, in the same trip as the rest.
 */
export async function settle(
  deps: Deps,
  tx: Tx,
  known: PaymentRow,
  money: Money,
  note: (settled: TransferState) => Promise<unknown>,
): Promise<TransferState | undefined> {
  const { orders, ledger, now } = deps;
  // Sent together, carried out in this order: the payment is read when the group's lock is held.
  const [group, payment, written] = await Promise.all([
    orders.forPayments.lockGroup(tx, known.groupId),
    lockPayment(tx, known.id),
    money.clearing === 'suspense'
      ? ledger.bookMatch(tx, known.id, money.name, money.amountVnd)
      : ledger.bookReceipt(tx, money.clearing, known.id, money.name, money.amountVnd),
  ]);
  if (written.length === 0) return undefined;
  const creditVnd = payment.receivedVnd === ZERO ? ZERO : vnd(payment.receivedVnd - (await sumRefunds(tx, payment.id)));
  const receivedVnd = vnd(payment.receivedVnd + money.amountVnd);
  const decision = decide({
    amountVnd: payment.amountVnd,
    arrivedVnd: money.amountVnd,
    creditVnd,
    group: group.status,
    lapsed: group.expiresAt <= now(),
  });
  const end = (outcome: Settled['outcome']): Promise<unknown> => {
    const settled = { payment, receivedVnd, creditVnd, money, decision, outcome };
    return Promise.all([record(deps, tx, settled), announce(deps, tx, payment.id), note(stateOf(settled))]);
  };
  const outcome =
    decision.kind === 'complete' ? await orders.forPayments.complete(tx, group, () => end('completed')) : undefined;
  if (outcome !== 'completed') await end(outcome);
  return stateOf({ decision, outcome });
}

type Settled = {
  readonly payment: PaymentRow;
  readonly receivedVnd: Vnd;
  readonly creditVnd: Vnd;
  readonly money: Money;
  readonly decision: ReturnType<typeof decide>;
  readonly outcome: 'completed' | 'taken' | 'gone' | undefined;
};

/** What became of the money, in the words of the bank's feed. */
const stateOf = ({ decision, outcome }: Pick<Settled, 'decision' | 'outcome'>): TransferState => {
  if (decision.kind === 'wait' || outcome === 'completed') return decision.transfer;
  return decision.transfer === 'duplicate' ? 'duplicate' : 'late-refund';
};

async function record(
  deps: Deps,
  tx: Tx,
  { payment, receivedVnd, creditVnd, money, decision, outcome }: Settled,
): Promise<void> {
  if (decision.kind === 'complete' && outcome === 'completed') {
    await endRival(deps, tx, payment, money);
    const at = deps.now();
    const status = settledState(decision.excessVnd);
    await savePayment(tx, payment.id, { receivedVnd, status, settledAt: at, completedAt: at });
    return await giveBack(deps, tx, payment, 'overpaid', `over:${money.name}`, decision.excessVnd);
  }
  if (decision.kind === 'wait') {
    await endRival(deps, tx, payment, money);
    await savePayment(tx, payment.id, { receivedVnd, status: 'underpaid' });
    return;
  }
  const duplicate = decision.transfer === 'duplicate';
  await savePayment(tx, payment.id, { receivedVnd, status: duplicate ? 'overpaid' : 'expired' });
  // The part that came in time was waiting for the rest; it goes back together with the part that came too late.
  const amountVnd = duplicate ? money.amountVnd : vnd(creditVnd + money.amountVnd);
  const reason = duplicate ? 'duplicate' : 'late';
  await giveBack(deps, tx, payment, reason, `${reason}:${money.name}`, amountVnd);
}

type Effect = { readonly effect: string; readonly paymentId?: PaymentId; readonly amountVnd?: Vnd };
type SessionNews = Extract<GatewayEvent['news'], { about: 'session' }>;

/** What a provider's verified message of a session does to its payment. */
async function applySession(deps: Deps, tx: Tx, method: Method, news: SessionNews): Promise<Effect> {
  const payment = await findBySession(tx, method, news.sessionId);
  if (!payment) return { effect: 'unknown-session' };
  // The group's lock first: two copies of one message then come one after the other, and the second finds the first.
  await deps.orders.forPayments.lockGroup(tx, payment.groupId);
  const { outcome } = news;
  if (outcome.kind === 'paid') {
    if (news.currency?.toLowerCase() !== 'vnd') return { effect: 'currency-mismatch', paymentId: payment.id };
    // VNPAY asks for a no when the amount is not the one that we signed: what it charged then is VNPAY's to give back.
    if (method === 'vnpay' && outcome.amountVnd !== payment.amountVnd)
      return { effect: 'amount-mismatch', paymentId: payment.id };
    const settled = await settlePaid(deps, tx, payment, outcome);
    return { effect: settled ?? 'known', paymentId: payment.id, amountVnd: outcome.amountVnd };
  }
  if (outcome.kind === 'declined') return { effect: await decline(deps, tx, payment), paymentId: payment.id };
  return { effect: outcome.kind, paymentId: payment.id };
}

/** What a provider tells by itself of a refund that it had taken. */
async function applyRefund(deps: Deps, tx: Tx, reference: string, outcome: GatewayOutcome): Promise<Effect> {
  const known = await findRefundByReference(tx, reference);
  const payment = known?.paymentId && (await findPayment(tx, known.paymentId));
  if (!known || !payment) return { effect: 'unknown-refund' };
  if (outcome.kind === 'unknown') return { effect: 'unknown', paymentId: payment.id };
  await deps.orders.forPayments.lockGroup(tx, payment.groupId);
  const status = await moveRefund(deps, tx, await lockRefund(tx, known.id), payment, outcome);
  await showRefunded(tx, payment);
  return { effect: `refund-${status}`, paymentId: payment.id, amountVnd: known.amountVnd };
}

function applyEvent(deps: Deps, tx: Tx, method: Method, { news, type }: GatewayEvent): Promise<Effect> {
  if (news.about === 'session') return applySession(deps, tx, method, news);
  if (news.about === 'refund') return applyRefund(deps, tx, news.reference, news.outcome);
  if (news.about === 'dispute') return applyClaim(deps, tx, method, news.claim);
  return Promise.resolve({ effect: `not-known:${type}` });
}

/** One session is one payment of money, so its id is the name that counts once. */
export async function settlePaid(
  deps: Deps,
  tx: Tx,
  payment: PaymentRow,
  outcome: { readonly amountVnd: Vnd; readonly reference: string },
): Promise<TransferState | undefined> {
  const name = `${payment.method}:${payment.sessionId}`;
  const money = { clearing: clearingOf(payment), amountVnd: outcome.amountVnd, name };
  const note = () => savePayment(tx, payment.id, { providerReference: outcome.reference });
  const settled = await settle(deps, tx, payment, money, note);
  if (settled === undefined) await note();
  return settled;
}

export async function decline(deps: Deps, tx: Tx, known: PaymentRow): Promise<'failed' | 'ignored'> {
  await deps.orders.forPayments.lockGroup(tx, known.groupId);
  const payment = await lockPayment(tx, known.id);
  if (payment.status !== 'pending') return 'ignored';
  await savePayment(tx, payment.id, { status: 'failed', settledAt: deps.now() });
  await announce(deps, tx, payment.id);
  return 'failed';
}

/** A provider's message, once; whatever it says is stored with what it did. */
export function recordEvent(deps: Deps, method: Method, event: GatewayEvent): Promise<Effect> {
  return transact(deps.db, `provider:${method}`, async (tx) => {
    const applied = await applyEvent(deps, tx, method, event);
    const fresh = await insertPaymentEvent(tx, {
      provider: method,
      providerEventId: event.eventId,
      type: event.type,
      paymentId: applied.paymentId ?? null,
      amountVnd: applied.amountVnd ?? null,
      effect: applied.effect,
      raw: event.raw,
      at: deps.now(),
    });
    return fresh ? applied : { ...applied, effect: 'repeated' };
  });
}

/** The payments of a group whose time is over: what waits ends, what came in part goes back. */
export function endPayments(deps: Deps, payments: readonly PaymentRow[]): Promise<void> {
  return transact(deps.db, 'system:payments', async (tx) => {
    for (const known of payments) {
      const group = await deps.orders.forPayments.lockGroup(tx, known.groupId);
      const payment = await lockPayment(tx, known.id);
      if (group.status !== 'expired' || (payment.status !== 'pending' && payment.status !== 'underpaid')) continue;
      await savePayment(tx, payment.id, { status: 'expired', settledAt: deps.now() });
      await giveBack(
        deps,
        tx,
        payment,
        'partial-expired',
        `partial-expired:${payment.id}`,
        vnd(payment.receivedVnd - (await sumRefunds(tx, payment.id))),
      );
      await announce(deps, tx, payment.id);
    }
  });
}
