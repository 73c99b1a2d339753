import { newSecret } from '#core/ids.ts';
import { vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { type OrderGroupId, orderProblems } from '#features/orders/types.ts';
import type { Deps } from './deps.ts';
import {
  findBySession,
  findLive,
  findPayment,
  findRefund,
  insertPayment,
  listByGroup,
  listRefunds,
  listUnmatched,
  listUnsentRefunds,
  listUnsettled,
  lockPayment,
  markRefundFailed,
  markRefundSent,
  type PaymentRow,
  savePayment,
  sumRefunds,
} from './queries.ts';
import { type OrderRefund, refundOrder } from './refunding.ts';
import { refundedState } from './rules.ts';
import { decline, endPayments, recordEvent, recordTransfer, settlePaid } from './settling.ts';
import { type GatewayEvent, type Method, type PaymentId, paymentProblems, type RefundId } from './types.ts';

const refuse = refusals(paymentProblems);
const hourMs = 3_600_000;
const refundsAtOnce = 50;
const refuseOrder = refusals(orderProblems);

export type Payments = ReturnType<typeof createPayments>;
export type PaymentView = ReturnType<typeof viewOf>;
export type PayRequest = {
  readonly groupCode: string;
  readonly method: Method;
  readonly actor: string;
  readonly finish?: (tx: Tx, payment: PaymentView) => Promise<void>;
};

const polledAtOnce = 200;
/** What nobody knows of a payment that has just been opened. */
const unsettled = {
  sessionId: null,
  redirectUrl: null,
  providerReference: null,
  settledAt: null,
  completedAt: null,
} as const;

const qrOf = ({ account, makeQr }: Deps, payment: PaymentRow) => {
  if (payment.method !== 'vietqr' || !account) return undefined;
  const due = vnd(payment.amountVnd - payment.receivedVnd);
  // What is left to pay: a shopper who sent too little scans again and sends the rest.
  const amountVnd = due > ZERO ? due : payment.amountVnd;
  const { bankBin, accountNumber, accountName } = account;
  const payload = makeQr({ amountVnd, memo: payment.code, account });
  return { payload, memo: payment.code, bankBin, accountNumber, accountName };
};

const viewOf = (deps: Deps, payment: PaymentRow) => {
  const qr = qrOf(deps, payment);
  return {
    paymentId: payment.id,
    // The job ends it within a minute; the answer is right at once.
    status: payment.status === 'pending' && payment.expiresAt <= deps.now() ? ('expired' as const) : payment.status,
    method: payment.method,
    amountVnd: payment.amountVnd,
    receivedVnd: payment.receivedVnd,
    expiresAt: payment.expiresAt.toISOString(),
    ...(qr ? { qr } : {}),
    ...(payment.redirectUrl ? { redirectUrl: payment.redirectUrl } : {}),
  };
};

/**
 * Opens the payment, or finds the one that is open: a group has one live attempt, by a unique index as well. `tell` is
 * given the payment while it is being written, and writes beside it.
 */
async function open(
  deps: Deps,
  tx: Tx,
  { groupId, method }: { readonly groupId: OrderGroupId; readonly method: Method },
  tell: (payment: PaymentRow) => Promise<void>,
): Promise<PaymentRow> {
  const group = await deps.orders.forPayments.lockGroup(tx, groupId);
  const at = deps.now();
  if (group.status !== 'awaiting-payment' || group.expiresAt <= at)
    throw refuseOrder('order-not-payable', {
      groupStatus: group.status === 'awaiting-payment' ? 'expired' : group.status,
    });
  const [live, orders] = await Promise.all([findLive(tx, groupId), deps.orders.forPayments.listOrdersOf(tx, groupId)]);
  if (live?.method === method) {
    await tell(live);
    return live;
  }
  if (live?.status === 'underpaid') throw refuse('payment-part-received', { paymentId: live.id });
  if (live) await savePayment(tx, live.id, { status: 'expired', settledAt: at });
  const id = newSecret() as PaymentId;
  const shares = orders.map((order) => ({
    paymentId: id,
    orderId: order.id,
    amountVnd: order.totalVnd,
  }));
  const row = {
    id,
    code: await deps.orders.forPayments.takeCode(tx),
    groupId,
    method,
    status: 'pending' as const,
    amountVnd: group.totalVnd,
    receivedVnd: ZERO,
    expiresAt: group.expiresAt,
    createdAt: at,
  };
  const payment = { ...row, ...unsettled };
  await Promise.all([insertPayment(tx, row, shares), tell(payment)]);
  return payment;
}

/** Asks the provider for its page, outside any transaction; asked again with the same payment it gives the same page. */
async function openSession(
  deps: Deps,
  payment: PaymentRow,
  groupCode: string,
  request: PayRequest,
): Promise<PaymentView> {
  const gateway = deps.gateways[payment.method];
  if (!gateway || payment.redirectUrl) return viewOf(deps, payment);
  const back = `${deps.publicUrl}/thanh-toan/${groupCode}`;
  const session = await gateway
    .createSession({
      paymentId: payment.id,
      code: payment.code,
      amountVnd: payment.amountVnd,
      description: `Chợ Nổi ${groupCode}`,
      successUrl: `${back}?payment=${payment.id}`,
      cancelUrl: back,
    })
    .catch((cause: unknown) => {
      throw Object.assign(refuse('provider-unavailable'), { cause });
    });
  return transact(deps.db, request.actor, async (tx) => {
    const view = viewOf(deps, await savePayment(tx, payment.id, session));
    await request.finish?.(tx, view);
    return view;
  });
}

async function pay(deps: Deps, request: PayRequest): Promise<PaymentView> {
  const group = await deps.orders.forPayments.findGroup(request.groupCode);
  if (!group) throw refuseOrder('order-not-found');
  const methods = openMethods(deps);
  if (!methods.includes(request.method))
    throw refuse('payment-method-unavailable', { method: request.method, methods });
  const redirects = deps.gateways[request.method] !== undefined;
  const payment = await transact(deps.db, request.actor, async (tx) => {
    const { method } = request;
    return await open(deps, tx, { groupId: group.id, method }, async (opened) => {
      if (!redirects) await request.finish?.(tx, viewOf(deps, opened));
    });
  });
  return openSession(deps, payment, group.code, request);
}

const openMethods = ({ account, gateways }: Deps): Method[] => [
  ...(account ? (['vietqr'] as const) : []),
  ...(Object.keys(gateways) as Method[]),
];

/** Looks up at the provider what became of a payment, and settles it by the one path. */
async function refresh(deps: Deps, payment: PaymentRow): Promise<void> {
  const gateway = deps.gateways[payment.method];
  if (!gateway || !payment.sessionId || (payment.status !== 'pending' && payment.status !== 'expired')) return;
  const outcome = await gateway.query(payment.sessionId);
  if (outcome.kind === 'paid')
    await transact(deps.db, `provider:${payment.method}`, (tx) => settlePaid(deps, tx, payment, outcome));
  if (outcome.kind === 'declined')
    await transact(deps.db, `provider:${payment.method}`, (tx) => decline(deps, tx, payment));
}

/** Sends a queued refund back by the way the money came. A bank transfer waits for a person, who sends it at the bank. */
async function sendRefund(deps: Deps, id: RefundId): Promise<void> {
  const refund = await findRefund(deps.db, id);
  const payment = refund && (await findPayment(deps.db, refund.paymentId));
  const gateway = payment && deps.gateways[payment.method];
  if (!refund || !payment?.providerReference || !gateway || refund.status !== 'queued') return;
  const outcome = await gateway.refund({
    key: refund.id,
    reference: payment.providerReference,
    amountVnd: refund.amountVnd,
  });
  if (outcome.kind === 'declined')
    return transact(deps.db, `provider:${payment.method}`, (tx) => markRefundFailed(tx, id));
  if (outcome.kind !== 'paid') throw new Error(`Refund ${refund.id} is ${outcome.kind}; it is tried again`);
  await transact(deps.db, `provider:${payment.method}`, async (tx) => {
    await deps.orders.forPayments.lockGroup(tx, payment.groupId);
    const current = await lockPayment(tx, payment.id);
    if (!(await markRefundSent(tx, refund.id, outcome.reference, deps.now()))) return;
    await deps.ledger.bookRefundSent(tx, 'clearing:stripe', refund.cause, refund.amountVnd);
    const leftover =
      current.status === 'overpaid' &&
      (await sumRefunds(tx, payment.id, true)) <= vnd(current.receivedVnd - current.amountVnd);
    if (!leftover)
      await savePayment(tx, payment.id, {
        status: refundedState(current.receivedVnd, await sumRefunds(tx, payment.id, true)),
      });
  });
}

export const createPayments = (deps: Deps) => {
  const { db, now } = deps;
  const get = async (id: string): Promise<PaymentRow> => {
    const payment = await findPayment(db, id as PaymentId);
    if (!payment) throw refuse('payment-not-found');
    return payment;
  };

  return {
    methods: () => openMethods(deps),
    pay: (request: PayRequest) => pay(deps, request),
    getPayment: async (id: string) => viewOf(deps, await get(id)),
    /** The shopper came back from the provider's page: ask it rather than believe the address. */
    refresh: async (id: string) => {
      await refresh(deps, await get(id));
      return viewOf(deps, await get(id));
    },
    recordTransfer: (transfer: Parameters<typeof recordTransfer>[1]) => recordTransfer(deps, transfer),
    recordEvent: (method: Method, event: GatewayEvent) =>
      recordEvent(deps, method, event, async (tx) =>
        event.sessionId ? findBySession(tx, method, event.sessionId) : undefined,
      ),
    endPaymentsOf: async (groupId: OrderGroupId) => endPayments(deps, await listByGroup(db, groupId)),
    sendRefund: (id: RefundId) => sendRefund(deps, id),
    /** Tries again what a provider did not take for an hour. Its memory of our keys ends after a day, and then a person looks. */
    sendAgain: async (): Promise<void> => {
      const at = now().getTime();
      const waiting = await listUnsentRefunds(db, new Date(at - hourMs), new Date(at - 23 * hourMs), refundsAtOnce);
      for (const id of waiting) await sendRefund(deps, id);
    },
    /** Asks after payments whose end nobody told us; how many were looked at. */
    pollUnsettled: async (): Promise<number> =>
      oneByOne(await listUnsettled(db, now(), polledAtOnce), async (payment) => {
        await refresh(deps, payment);
        return true;
      }),
    refundOrder: (tx: Tx, refund: OrderRefund) => refundOrder(deps, tx, refund),
    listRefunds: (limit: number) => listRefunds(db, limit),
    listUnmatched: (limit: number) => listUnmatched(db, limit),
    listPaymentsOf: async (groupCode: string) => {
      const group = await deps.orders.forPayments.findGroup(groupCode);
      return group ? (await listByGroup(db, group.id)).map((payment) => viewOf(deps, payment)) : [];
    },
  };
};
