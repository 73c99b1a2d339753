import { hourMs } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import type { OrderGroupId } from '#features/orders/types.ts';
import { createAvailability, watched } from './availability.ts';
import { createCases } from './cases.ts';
import type { Deps } from './deps.ts';
import { createProposing, type Officer } from './proposing.ts';
import { findPayment, listByGroup, listUnsettled, type PaymentRow } from './queries/payments.ts';
import { listUnderWay, listUnsentRefunds } from './queries/refunds.ts';
import { type OrderRefund, refundOrder } from './refunding.ts';
import { atProvider, followRefund, gatewayOf, refundLegByHand, sendRefund } from './sending.ts';
import { decline, endPayments, recordEvent, settlePaid } from './settling.ts';
import { openMethods, type PayRequest, pay, payByPartner, viewOf } from './starting.ts';
import { importStatement, type StatementFile } from './statements.ts';
import { recordTransfer } from './transfers.ts';
import {
  type Gateway,
  type GatewayEvent,
  type GatewayOutcome,
  type Method,
  type PaidBy,
  type PaymentId,
  paymentProblems,
  type RefundByHand,
  type RefundId,
} from './types.ts';

export type { PaymentView } from './starting.ts';

const refuse = refusals(paymentProblems);
const refundsAtOnce = 50;
const polledAtOnce = 200;

export type Payments = ReturnType<typeof createPayments>;

/**
 * Money was set aside and is taken now, if its goods are held still; else it is let go, so that nobody is charged for
 * goods that are gone. Should the hold lapse between this look and the answer, the money counts as late.
 */
async function captureOrVoid(deps: Deps, gateway: Gateway, payment: PaymentRow, reference: string): Promise<void> {
  const group = await transact(deps.db, `provider:${payment.method}`, (tx) =>
    deps.orders.forPayments.lockGroup(tx, payment.groupId),
  );
  const isHeld = group.status === 'awaiting-payment' && group.expiresAt > deps.now();
  const money = { ...atProvider(payment), reference };
  const outcome = await (isHeld ? gateway.capture(money) : gateway.void(money));
  await applyOutcome(deps, payment, outcome);
}

async function applyOutcome(
  deps: Deps,
  payment: PaymentRow,
  outcome: Awaited<ReturnType<Gateway['query']>>,
): Promise<void> {
  const actor = `provider:${payment.method}`;
  if (outcome.kind === 'paid') await transact(deps.db, actor, (tx) => settlePaid(deps, tx, payment, outcome));
  if (outcome.kind === 'declined') await transact(deps.db, actor, (tx) => decline(deps, tx, payment));
}

/** Looks up at the provider what became of a payment, and settles it by the one path. */
async function refresh(deps: Deps, payment: PaymentRow): Promise<GatewayOutcome['kind'] | undefined> {
  const gateway = gatewayOf(deps, payment);
  if (!gateway || !payment.sessionId || (payment.status !== 'pending' && payment.status !== 'expired'))
    return undefined;
  const outcome = await gateway.query(atProvider(payment));
  if (outcome.kind === 'pending' && outcome.authorised !== undefined)
    await captureOrVoid(deps, gateway, payment, outcome.authorised);
  else await applyOutcome(deps, payment, outcome);
  return outcome.kind;
}

/** A message that money was set aside says so by being pending: the provider is asked at once what it waits for. */
async function receive(deps: Deps, method: Method, event: GatewayEvent): Promise<string> {
  const { effect, paymentId } = await recordEvent(deps, method, event);
  const payment = effect === 'pending' && paymentId ? await findPayment(deps.db, paymentId) : undefined;
  if (payment?.capture === 'manual') await refresh(deps, payment);
  return effect;
}

/** Every call to a provider tells whether it is there. */
function withAvailability(given: Omit<Deps, 'availability'>): Deps {
  const availability = createAvailability(given);
  const gateways = Object.fromEntries(
    Object.entries(given.gateways).map(([method, gateway]) => [method, watched(gateway, availability)]),
  );
  return { ...given, gateways, availability };
}

export const createPayments = (given: Omit<Deps, 'availability'>) => {
  const deps = withAvailability(given);
  const { db, now } = deps;
  const get = async (id: string): Promise<PaymentRow> => {
    const payment = await findPayment(db, id as PaymentId);
    if (!payment) throw refuse('payment-not-found');
    return payment;
  };

  return {
    methods: () => openMethods(deps),
    /** The account to which shoppers transfer; undefined where VietQR is closed. */
    accountNumber: () => deps.account?.accountNumber,
    pay: (request: PayRequest) => pay(deps, request),
    getPayment: async (id: string) => viewOf(deps, await get(id)),
    /** The shopper came back from the provider's page: ask it rather than believe the address. */
    refresh: async (id: string) => {
      await refresh(deps, await get(id));
      return viewOf(deps, await get(id));
    },
    /** A partner exchange has collected the price of a group that it sold, and owes it: the group is paid. */
    payByPartner: (tx: Tx, groupId: OrderGroupId, partnerKey: string) => payByPartner(deps, tx, groupId, partnerKey),
    recordTransfer: (transfer: Parameters<typeof recordTransfer>[1]) => recordTransfer(deps, transfer),
    /** A provider's message, once; what it did. */
    recordEvent: (method: Method, event: GatewayEvent) => receive(deps, method, event),
    endPaymentsOf: async (groupId: OrderGroupId) => endPayments(deps, await listByGroup(db, groupId)),
    sendRefund: (id: RefundId) => sendRefund(deps, id),
    /** Tries again what a provider did not take for an hour. Its memory of our keys ends after a day, and then a person looks. */
    sendAgain: async (): Promise<void> => {
      const at = now().getTime();
      const waiting = await listUnsentRefunds(db, new Date(at - hourMs), new Date(at - 23 * hourMs), refundsAtOnce);
      for (const id of waiting) await sendRefund(deps, id);
    },
    /** Asks after refunds that a provider had on their way; how many came to an end. */
    followRefunds: async (): Promise<number> =>
      oneByOne(await listUnderWay(db, new Date(now().getTime() - hourMs), refundsAtOnce), (id) =>
        followRefund(deps, id),
      ),
    /** Asks after payments whose end nobody told us; how many were looked at. */
    pollUnsettled: async (): Promise<number> => {
      // Of a provider that does not answer one is asked after, and the others in a minute: each would wait eight seconds.
      const silent = new Set<PaidBy>();
      return oneByOne(await listUnsettled(db, now(), polledAtOnce), async (payment) => {
        if (silent.has(payment.method)) return false;
        if ((await refresh(deps, payment)) === 'unknown') silent.add(payment.method);
        return true;
      });
    },
    ...createProposing(deps),
    ...createCases(deps),
    importStatement: (officer: Officer, file: StatementFile) => importStatement(deps, officer, file),
    /** Whether parts of a group that waits are still to be paid to businesses themselves. */
    hasDirectLeft: async (groupCode: string): Promise<boolean> => {
      const group = await deps.orders.forPayments.findGroup(groupCode);
      return group?.direct === true && !(await transact(db, 'guest', (tx) => deps.direct.isReady(tx, group.id)));
    },
    refundLegByHand: (tx: Tx, refund: RefundByHand) => refundLegByHand(deps, tx, refund),
    refundOrder: (tx: Tx, refund: OrderRefund) => refundOrder(deps, tx, refund),
    listPaymentsOf: async (groupCode: string) => {
      const group = await deps.orders.forPayments.findGroup(groupCode);
      return group ? (await listByGroup(db, group.id)).map((payment) => viewOf(deps, payment)) : [];
    },
  };
};
