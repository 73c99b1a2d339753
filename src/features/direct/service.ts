import { newId, readCode } from '#core/ids.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Reader, type Tx, transact } from '#db/client.ts';
import { asExchange, readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { type OrderSettlement, orderProblems } from '#features/orders/types.ts';
import type { Deps, Seller } from './deps.ts';
import { listComing, listWatched } from './desk-views.ts';
import { createOwing, inWords } from './owing.ts';
import {
  type DirectRow,
  findMode,
  insertMode,
  insertPayment,
  listDirect,
  lockOfOrder,
  type ModeRow,
} from './queries.ts';
import { createReceiving } from './receiving.ts';
import { holdMsOf, readHoldHours, refuse } from './rules.ts';
import { findAccount, isMixed, listOwed, listOwedOf, listParts, listWaiting, type Part } from './views.ts';

const refuseOrder = refusals(orderProblems);
const shown = 200;
export type Direct = ReturnType<typeof createDirect>;
export type { Seller } from './deps.ts';

type Choice = { readonly mode: OrderSettlement; readonly holdHours: number };

/** How the owner of a business has it paid. */
const createChoosing = (deps: Deps) => {
  const { db, now, audit, notices, businesses } = deps;
  const accountOf = async (tx: Tx, by: Seller, businessId: BusinessId) => {
    const checked = await findAccount(tx, businessId);
    if (!checked?.account?.confirmed) throw refuse('direct-account-unchecked');
    const { id, bankBin, holderName } = checked.account;
    // Every shopper will see it: it is opened once, and kept in clear from then on.
    const reason = 'Hiện cho khách trả thẳng cơ sở';
    const numbers = await businesses.readAccountNumbers(tx, [id], { reason, address: by.address });
    const accountNumber = numbers.get(id);
    if (accountNumber === undefined) throw new Error(`Account ${id} has no number`);
    return { bankAccountId: id, bankBin, accountNumber, holderName };
  };
  const nobody = { bankAccountId: null, bankBin: null, accountNumber: null, holderName: null };

  return {
    /** Has the business paid by its shoppers, into the account that an officer has checked, or by the exchange again. */
    chooseMode: (by: Seller, businessId: BusinessId, { mode, holdHours }: Choice): Promise<void> =>
      transactAsSeller(db, { actor: by.actor, businessIds: by.businessIds }, (tx) =>
        asExchange(tx, async () => {
          const hours = readHoldHours(holdHours);
          const account = mode === 'direct' ? await accountOf(tx, by, businessId) : nobody;
          const row = { id: newId<'DirectMode'>(), businessId, mode, holdHours: hours, ...account };
          await insertMode(tx, { ...row, setBy: by.actor, setAt: now() });
          const after = {
            mode,
            holdHours: hours,
            ...(account.accountNumber && { last4: account.accountNumber.slice(-4) }),
          };
          const subject = { kind: 'business', id: businessId };
          await audit.record(tx, { action: 'business.settlement-chosen', subject, after, address: by.address });
          await notices.tell(tx, {
            kind: mode === 'direct' ? 'direct.chosen' : 'direct.left',
            to: { businessId, roles: ['owner'] },
            path: '/ban-hang/nhan-truc-tiep',
            key: `direct.mode:${row.id}`,
          });
        }),
      ),
    /** Which of these businesses are paid by their shoppers. */
    directOf: async (
      tx: Tx,
      ids: readonly BusinessId[],
    ): Promise<ReadonlyMap<BusinessId, { readonly holdMs: number }>> =>
      new Map((await listDirect(tx, ids)).map((one) => [one.businessId, { holdMs: holdMsOf(one.holdHours) }])),
    /** How a business is paid today, and whether its account lets it choose. */
    getMode: async (businessId: BusinessId) => {
      const [mode, [direct], checked] = await Promise.all([
        findMode(db, businessId),
        listDirect(db, [businessId]),
        findAccount(db, businessId),
      ]);
      return { ...modeOf(mode, direct !== undefined), account: checked?.account ?? null, name: checked?.name ?? '' };
    },
  };
};

const modeOf = (row: ModeRow | undefined, inForce: boolean) => ({
  mode: inForce ? ('direct' as const) : ('collected' as const),
  /** Chosen, and not in force since the account was changed. */
  lapsed: row?.mode === 'direct' && !inForce,
  holdHours: row?.holdHours ?? 12,
});

type Ordered = Pick<DirectRow, 'groupId' | 'businessId'> & {
  readonly id: DirectRow['orderId'];
  readonly code: string;
  readonly totalVnd: Vnd;
};

async function open({ orders, now, notices }: Deps, tx: Tx, order: Ordered, expiresAt: Date): Promise<DirectRow> {
  const [direct] = await listDirect(tx, [order.businessId]);
  const mode = await findMode(tx, order.businessId);
  // The account was changed since the order was placed: nobody pays to the one before, and nobody has checked the new one.
  if (!direct || !mode?.bankBin || !mode.accountNumber || !mode.holderName) throw refuse('direct-closed');
  const memo = await orders.forPayments.takeCode(tx);
  const payment = await insertPayment(tx, {
    id: newId<'DirectPayment'>(),
    orderId: order.id,
    groupId: order.groupId,
    businessId: order.businessId,
    code: memo,
    status: 'pending',
    amountVnd: order.totalVnd,
    bankBin: mode.bankBin,
    accountNumber: mode.accountNumber,
    holderName: mode.holderName,
    expiresAt,
    createdAt: now(),
  });
  await notices.tell(tx, {
    kind: 'direct.opened',
    to: { businessId: order.businessId, roles: ['owner', 'manager'] },
    values: { order: order.code, amount: inWords(order.totalVnd), memo },
    path: '/ban-hang/nhan-truc-tiep',
    key: `direct.opened:${payment.id}`,
  });
  return payment;
}

/** What a banking app reads; null until the code is opened. It asks for what is left to pay. */
function payloadOf({ makeQr }: Deps, part: Part): string | null {
  const { bankBin, accountNumber, holderName, memo, amountVnd, receivedVnd } = part;
  if (bankBin === null || accountNumber === null || holderName === null || memo === null) return null;
  const due: Vnd = vnd(Math.max(1, amountVnd - receivedVnd));
  return makeQr({ amountVnd: due, memo, account: { bankBin, accountNumber, accountName: holderName } });
}

const createOpening = (deps: Deps) => {
  const { db, now, orders, makeQr } = deps;
  const viewOf = (payment: DirectRow) => {
    const { bankBin, accountNumber, holderName, code: memo } = payment;
    const left = vnd(payment.amountVnd - payment.receivedVnd);
    const account = { bankBin, accountNumber, accountName: holderName };
    const payload = makeQr({ amountVnd: left > ZERO ? left : payment.amountVnd, memo, account });
    return {
      paymentId: payment.id as string,
      status: payment.status === 'pending' && payment.expiresAt <= now() ? ('expired' as const) : payment.status,
      method: 'vietqr' as const,
      amountVnd: payment.amountVnd,
      receivedVnd: payment.receivedVnd,
      expiresAt: payment.expiresAt.toISOString(),
      qr: { payload, memo, ...account },
    };
  };

  return {
    /** Opens the code by which a shopper pays one order to its business, or finds the one that is open. */
    pay: (
      orderCode: string,
      actor: string,
      finish?: (tx: Tx, view: ReturnType<typeof viewOf>) => Promise<void>,
    ): Promise<ReturnType<typeof viewOf>> =>
      transact(db, actor, async (tx) => {
        const code = readCode(orderCode);
        const groupId = await orders.forOthers.findGroupId(tx, code);
        const order = groupId && (await orders.forPayments.listOrdersOf(tx, groupId)).find((one) => one.code === code);
        if (!order) throw refuseOrder('order-not-found');
        if (order.settlement !== 'direct') throw refuse('direct-not-order');
        const group = await orders.forPayments.lockGroup(tx, order.groupId);
        const known = await lockOfOrder(tx, order.id);
        if (group.status !== 'awaiting-payment' || group.expiresAt <= now())
          throw refuseOrder('order-not-payable', { groupStatus: group.status });
        const view = viewOf(known ?? (await open(deps, tx, order, group.expiresAt)));
        await finish?.(tx, view);
        return view;
      }),
    /** The parts of a group that are paid to businesses, what they owe of it, and how each is paid. */
    listParts: async (groupCode: string) => {
      const group = await orders.forPayments.findGroup(readCode(groupCode));
      if (!group) throw refuseOrder('order-not-found');
      const parts = (await listParts(db, group.code)).map((part) => ({ ...part, payload: payloadOf(deps, part) }));
      return { parts, owed: await listOwedOf(db, group.code), isMixed: await isMixed(db, group.id) };
    },
  };
};

/** What shoppers pay to businesses themselves: the exchange shows the way, keeps what both sides say, and holds no money of it. */
export const createDirect = (deps: Deps) => {
  const read = <T>(ids: readonly BusinessId[], work: (reader: Reader) => Promise<T>): Promise<T> =>
    readAsSeller(deps.db, ids, work);
  return {
    ...createChoosing(deps),
    ...createOpening(deps),
    ...createReceiving(deps),
    ...createOwing(deps),
    /** What officers watch: who is paid past the exchange, what is on its way there, and what is owed of it. */
    watch: async () => {
      const at = deps.now();
      const [watched, coming] = await Promise.all([listWatched(deps.db, at), listComing(deps.db, at)]);
      return { watched, coming };
    },
    /** What the businesses wait for, and what they owe. */
    listOwn: (ids: readonly BusinessId[]) =>
      read(ids, async (reader) => ({
        waiting: await listWaiting(reader, ids, shown),
        owed: await listOwed(reader, ids, shown),
      })),
  };
};
