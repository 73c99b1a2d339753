import { newSecret } from '#core/ids.ts';
import { sumVnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { type OrderGroupId, orderProblems } from '#features/orders/types.ts';
import type { Deps } from './deps.ts';
import { findLive, insertPayment, type PaymentRow, savePayment } from './queries/payments.ts';
import { captureFor } from './rules/money.ts';
import { clearingOf, gatewayOf } from './sending.ts';
import { settle } from './settling.ts';
import { type Method, type PaymentId, paymentProblems } from './types.ts';

const refuse = refusals(paymentProblems);
const refuseOrder = refusals(orderProblems);

export type PaymentView = ReturnType<typeof viewOf>;
export type PayRequest = {
  readonly groupCode: string;
  readonly method: Method;
  readonly actor: string;
  /** Where the shopper is, for the providers that ask. */
  readonly address?: string;
  readonly finish?: (tx: Tx, payment: PaymentView) => Promise<void>;
};

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

export const viewOf = (deps: Deps, payment: PaymentRow) => {
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

type Own = Awaited<ReturnType<Deps['orders']['forPayments']['listOrdersOf']>>;
/**
 * What of a group is paid to the exchange. It comes last: what we take is then taken for a group that is complete, and
 * never has to wait for a transfer that we do not see.
 */
async function collectedOf({ direct }: Deps, tx: Tx, groupId: OrderGroupId, all: Own): Promise<Own> {
  const own = all.filter(({ settlement }) => settlement === 'direct');
  if (own.length === 0) return all;
  const rest = all.filter(({ settlement }) => settlement === 'collected');
  if (rest.length === 0 || !(await direct.isReady(tx, groupId)))
    throw refuse('payment-direct-first', { orders: own.map(({ code }) => code) });
  return rest;
}

/** Who pays, and how. */
type Payer =
  | { readonly method: Method; readonly partnerKey?: undefined }
  | { readonly method: 'partner'; readonly partnerKey: string };

/**
 * Opens the payment, or finds the one that is open: a group has one live attempt, by a unique index as well. `tell` is
 * given the payment while it is being written, and writes beside it.
 */
async function open(
  deps: Deps,
  tx: Tx,
  { groupId, ...by }: { readonly groupId: OrderGroupId } & Payer,
  tell: (payment: PaymentRow) => Promise<void>,
): Promise<PaymentRow> {
  const group = await deps.orders.forPayments.lockGroup(tx, groupId);
  const at = deps.now();
  // What a partner exchange sold is paid by it, and by nobody who happens to know the code.
  const isTheirs = group.partnerKey === (by.partnerKey ?? null);
  if (group.status !== 'awaiting-payment' || group.expiresAt <= at || !isTheirs)
    throw refuseOrder('order-not-payable', {
      groupStatus: group.status === 'awaiting-payment' ? 'expired' : group.status,
    });
  const [live, all] = await Promise.all([findLive(tx, groupId), deps.orders.forPayments.listOrdersOf(tx, groupId)]);
  const orders = await collectedOf(deps, tx, groupId, all);
  if (live?.method === by.method) {
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
    method: by.method,
    partnerKey: by.partnerKey ?? null,
    status: 'pending' as const,
    amountVnd: sumVnd(orders.map(({ totalVnd }) => totalVnd)),
    receivedVnd: ZERO,
    capture: captureFor(by.method, at, group.expiresAt),
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
  const gateway = gatewayOf(deps, payment);
  if (!gateway || payment.redirectUrl) return viewOf(deps, payment);
  const back = `${deps.publicUrl}/thanh-toan/${groupCode}`;
  const session = await gateway
    .start({
      paymentId: payment.id,
      code: payment.code,
      amountVnd: payment.amountVnd,
      description: `Chợ Nổi ${groupCode}`,
      successUrl: `${back}?payment=${payment.id}`,
      cancelUrl: back,
      startedAt: payment.createdAt,
      expiresAt: payment.expiresAt,
      address: request.address ?? '127.0.0.1',
      capture: payment.capture,
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

/** The ways to pay that are open now: those of providers that do not answer are hidden until they may. */
export const openMethods = ({ account, gateways, availability }: Deps): Method[] => [
  ...(account ? (['vietqr'] as const) : []),
  ...(Object.keys(gateways) as Method[]).filter((method) => availability.isOpen(method)),
];

/**
 * Opens a way to pay in two phases with the provider between them. Whoever dies in between is found again by asking once
 * more: the payment is there, and the provider knows it by its id.
 */
export async function pay(deps: Deps, request: PayRequest): Promise<PaymentView> {
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

/**
 * The price of a group, as its partner exchange owes it from this moment on: what it collected lies with it as a card's money
 * lies with a provider, and goes the way of all money from there. The caller has seen that the group can still be paid.
 */
export async function payByPartner(deps: Deps, tx: Tx, groupId: OrderGroupId, partnerKey: string): Promise<void> {
  const payment = await open(deps, tx, { groupId, method: 'partner', partnerKey }, async () => {});
  const money = { clearing: clearingOf(payment), amountVnd: payment.amountVnd, name: `partner:${groupId}` };
  const settled = await settle(deps, tx, payment, money, async () => {});
  if (settled !== 'exact') throw new Error(`Group ${groupId} of ${partnerKey} is ${settled} instead of paid`);
}
