import { newId, readCode } from '#core/ids.ts';
import { type Vnd, vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { asExchange, transactAsSeller } from '#db/seller.ts';
import { buyerAt } from '#features/notices/types.ts';
import { type OrderGroupId, type OrderId, orderProblems } from '#features/orders/types.ts';
import type { BankTransfer } from '#features/payments/types.ts';
import type { Deps, Seller } from './deps.ts';
import { inWords, owe } from './owing.ts';
import {
  countUnconfirmed,
  type DirectRow,
  findByCodes,
  insertReceipt,
  listOfGroup,
  lockOfOrder,
  savePayment,
} from './queries.ts';
import { decide, readAmount, readReference, refuse } from './rules.ts';
import type { ReceiptSource } from './types.ts';
import { findTold, isReady } from './views.ts';

const refuseOrder = refusals(orderProblems);
type Group = Awaited<ReturnType<Deps['orders']['forPayments']['lockGroup']>>;

type Money = {
  readonly source: ReceiptSource;
  readonly amountVnd: Vnd;
  readonly bankReference?: string | undefined;
  readonly transferName?: string | undefined;
};

/** What was paid for a group that cannot be is owed back by whoever has it. */
async function giveBack(deps: Deps, tx: Tx, group: Group, reason: 'late' | 'expired'): Promise<void> {
  for (const payment of await listOfGroup(tx, group.id)) {
    if (payment.status === 'pending') await savePayment(tx, payment.id, { status: 'expired' });
    if (payment.status !== 'paid' && payment.status !== 'underpaid') continue;
    const isPaid = payment.status === 'paid';
    const amountVnd = isPaid ? payment.amountVnd : payment.receivedVnd;
    await savePayment(tx, payment.id, { status: isPaid ? 'given-back' : 'expired' });
    await owe(deps, tx, payment, { amountVnd, reason, ofPrice: false, cause: `direct-${reason}:${payment.id}` });
  }
}

/** With its last part a group is complete, or it is not any more and all of it is owed back. */
async function follow(deps: Deps, tx: Tx, group: Group): Promise<void> {
  const { forPayments } = deps.orders;
  if (group.status !== 'awaiting-payment' && group.status !== 'expired') return;
  const orders = await forPayments.listOrdersOf(tx, group.id);
  const isWhole = orders.every(({ settlement }) => settlement === 'direct') && (await isReady(tx, group.id));
  const outcome = isWhole ? await forPayments.complete(tx, group, async () => {}) : undefined;
  if (outcome === 'gone' || (!isWhole && group.status === 'expired')) await giveBack(deps, tx, group, 'late');
}

/** Money is at the business, by its own word or by its bank's. The caller holds the group's lock and acts as the exchange. */
async function receive(deps: Deps, tx: Tx, group: Group, payment: DirectRow, money: Money): Promise<void> {
  const at = deps.now();
  const { source, amountVnd, bankReference = null, transferName = null } = money;
  const receipt = { id: newId<'DirectReceipt'>(), paymentId: payment.id, businessId: payment.businessId, at };
  if (!(await insertReceipt(tx, { ...receipt, source, amountVnd, bankReference, transferName }))) {
    if (source === 'seller') throw refuse('direct-reference-known', { pointer: '/bankReference' });
    return;
  }
  if (source === 'confirmation') return;
  const arrival = { ...payment, arrivedVnd: amountVnd, group: group.status };
  const decision = decide(arrival);
  const receivedVnd = vnd(payment.receivedVnd + amountVnd);
  if (decision.kind === 'back') {
    await savePayment(tx, payment.id, { receivedVnd });
    const cause = `direct-${decision.reason}:${receipt.id}`;
    await owe(deps, tx, payment, { amountVnd: decision.backVnd, reason: decision.reason, ofPrice: false, cause });
    return;
  }
  if (decision.kind === 'wait') return savePayment(tx, payment.id, { receivedVnd, status: 'underpaid' });
  await savePayment(tx, payment.id, { receivedVnd, status: 'paid', paidAt: at });
  const cause = `direct-over:${receipt.id}`;
  await owe(deps, tx, payment, { amountVnd: decision.excessVnd, reason: 'overpaid', ofPrice: false, cause });
  await follow(deps, tx, group);
}

/** The shopper learns that the business says so, and that it is its word. */
async function tellWord({ notices }: Deps, tx: Tx, orderId: OrderId, amountVnd: Vnd, key: string): Promise<void> {
  const told = await findTold(tx, orderId);
  if (!told || told.phone === '') return;
  await notices.tell(tx, {
    kind: 'direct.received',
    to: buyerAt(told),
    values: { order: told.code, business: told.business, amount: inWords(amountVnd) },
    path: `/don-hang/${told.code}`,
    key,
  });
}

export const createReceiving = (deps: Deps) => {
  const { db, orders, audit } = deps;
  return {
    /** The seller says that money arrived. It is recorded as the seller's word, and never as money of the exchange. */
    receiveBySeller: (
      { actor, address, businessIds }: Seller,
      orderCode: string,
      said: { readonly amountVnd: number; readonly bankReference?: string | undefined },
      finish?: (tx: Tx) => Promise<void>,
    ): Promise<void> =>
      transactAsSeller(db, { actor, businessIds }, async (tx) => {
        const amountVnd = readAmount(said.amountVnd);
        const bankReference = readReference(said.bankReference ?? '');
        const code = readCode(orderCode);
        const groupId = await orders.forOthers.findGroupId(tx, code);
        const own = groupId && (await orders.forPayments.listOrdersOf(tx, groupId)).find((one) => one.code === code);
        if (!own || !businessIds.includes(own.businessId)) throw refuseOrder('order-not-found');
        if (own.settlement !== 'direct') throw refuse('direct-not-order');
        await asExchange(tx, async () => {
          const group = await orders.forPayments.lockGroup(tx, own.groupId);
          const payment = await lockOfOrder(tx, own.id);
          if (!payment) throw refuse('direct-not-opened');
          if (payment.status === 'paid' || payment.status === 'given-back') throw refuse('direct-settled');
          await receive(deps, tx, group, payment, { source: 'seller', amountVnd, bankReference });
          const subject = { kind: 'order', id: own.id };
          const after = { amountVnd, ...(bankReference !== undefined && { bankReference }) };
          await audit.record(tx, { action: 'direct-payment.received', subject, after, address });
          await tellWord(deps, tx, own.id, amountVnd, `direct.received:${payment.id}:${payment.receivedVnd}`);
          await finish?.(tx);
        });
      }),
    /**
     * A line of a feed that is of no account of the exchange: of a business's own, if its number and the memo say so. What
     * the seller had said before is confirmed by it and counts no second time.
     */
    receiveTransfer: async (tx: Tx, transfer: BankTransfer, codes: readonly string[]): Promise<boolean> => {
      const named = (await findByCodes(tx, codes)).filter(({ accountNumber }) =>
        [transfer.accountNumber, transfer.subAccount].includes(accountNumber),
      );
      const [known, another] = named;
      if (!known || another) return false;
      const group = await orders.forPayments.lockGroup(tx, known.groupId);
      const payment = await lockOfOrder(tx, known.orderId);
      if (!payment) return false;
      const { amountVnd } = transfer;
      const source = (await countUnconfirmed(tx, payment.id, amountVnd)) > 0 ? 'confirmation' : 'feed';
      const transferName = `${transfer.provider}:${transfer.providerTxId}`;
      await receive(deps, tx, group, payment, {
        source,
        amountVnd,
        bankReference: transfer.bankReference,
        transferName,
      });
      return true;
    },
    isReady: (tx: Tx, groupId: OrderGroupId) => isReady(tx, groupId),
    /** A group's time to pay is over: what was paid to businesses for it is owed back. Run by a job. */
    endOf: (groupId: OrderGroupId): Promise<void> =>
      transact(db, 'system:direct', async (tx) => {
        const group = await orders.forPayments.lockGroup(tx, groupId);
        if (group.status === 'expired') await giveBack(deps, tx, group, 'expired');
      }),
  };
};
