import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import { boardTransfer } from './boarding.ts';
import type { Deps } from './deps.ts';
import { findByCodes, findPayment, type PaymentRow } from './queries/payments.ts';
import { findSentByHand } from './queries/refunds.ts';
import {
  addSighting,
  findReversed,
  findTold,
  insertTransfer,
  lockBankReference,
  saveTransfer,
  saveTransferOfLeg,
} from './queries/transfers.ts';
import { reverse } from './reversing.ts';
import { codesIn } from './rules/money.ts';
import { confirmByHand, showRefunded } from './sending.ts';
import { settle } from './settling.ts';
import type { BankTransfer, TransferState } from './types.ts';

/** How a line is called in the books: by the service that told of it first. */
export const nameOf = ({ provider, providerTxId }: Pick<BankTransfer, 'provider' | 'providerTxId'>): string =>
  `${provider}:${providerTxId}`;

/** No order of ours comes near it; what is larger is a mistake of somebody's, and a person looks at it. */
const plausibleVnd = 1_000_000_000_000;

const isOurs = ({ account }: Deps, { accountNumber, subAccount }: BankTransfer): boolean =>
  account !== undefined && (accountNumber === account.accountNumber || subAccount === account.accountNumber);

const first = (deps: Deps, transfer: BankTransfer): TransferState => {
  if (!isOurs(deps, transfer)) return 'foreign-account';
  return transfer.direction === 'out' ? 'outgoing' : 'unmatched';
};

/** Money that says of itself to whom it belongs to nobody yet: in suspense, and before finance. */
async function keep(deps: Deps, tx: Tx, transfer: BankTransfer, id: string): Promise<TransferState> {
  await deps.ledger.bookSuspense(tx, 'clearing:bank', nameOf(transfer), transfer.amountVnd);
  await boardTransfer(deps, tx, { ...transfer, id });
  return 'unmatched';
}

const dueOf = ({ amountVnd, receivedVnd }: PaymentRow): Vnd => vnd(Math.max(0, amountVnd - receivedVnd));

/**
 * Several codes in one text are unambiguous in one case: when the sum is to the đồng what they all ask for. Each gets its
 * part; in any other case a person decides.
 */
const paysAll = (named: readonly PaymentRow[], amountVnd: Vnd): boolean => {
  const groups = new Set(named.map(({ groupId }) => groupId));
  return (
    named.length > 1 &&
    groups.size === named.length &&
    named.every((one) => dueOf(one) > ZERO) &&
    named.reduce((sum, one) => sum + dueOf(one), 0) === amountVnd
  );
};

async function payAll(
  deps: Deps,
  tx: Tx,
  transfer: BankTransfer,
  id: string,
  named: readonly PaymentRow[],
): Promise<TransferState> {
  const name = nameOf(transfer);
  await deps.ledger.bookSuspense(tx, 'clearing:bank', name, transfer.amountVnd);
  // Groups are locked in the order of their ids, so that two such transfers never wait for each other.
  for (const payment of named.toSorted((a, b) => (a.groupId < b.groupId ? -1 : 1))) {
    const money = { clearing: 'suspense', amountVnd: dueOf(payment), name: `${name}:${payment.id}` } as const;
    await settle(deps, tx, payment, money, async () => {});
  }
  await saveTransfer(tx, id, 'split', named[0]?.id);
  return 'split';
}

async function take(deps: Deps, tx: Tx, transfer: BankTransfer, id: string): Promise<TransferState> {
  const codes = codesIn(transfer.content);
  const named = (await findByCodes(tx, codes)).filter(({ method }) => method === 'vietqr');
  if (paysAll(named, transfer.amountVnd)) return payAll(deps, tx, transfer, id, named);
  const [payment, another] = named;
  if (!payment && transfer.amountVnd <= plausibleVnd) {
    const received = await deps.legs.receive(tx, { name: nameOf(transfer), amountVnd: transfer.amountVnd }, codes);
    if (received) await saveTransferOfLeg(tx, id, received);
    return received?.state ?? keep(deps, tx, transfer, id);
  }
  // Two codes in one text: a person decides which order it pays.
  if (!payment || another || transfer.amountVnd > plausibleVnd) return keep(deps, tx, transfer, id);
  const money = { clearing: 'clearing:bank', amountVnd: transfer.amountVnd, name: nameOf(transfer) } as const;
  const note = (settled: TransferState) => saveTransfer(tx, id, settled, payment.id);
  const settled = await settle(deps, tx, payment, money, note);
  if (settled === undefined) await note('duplicate');
  return settled ?? 'duplicate';
}

/** Money that left the account: one of our refunds, something that the bank took back, or what is no affair of the shop. */
async function leave(deps: Deps, tx: Tx, transfer: BankTransfer, id: string): Promise<TransferState> {
  const refund = await findSentByHand(tx, transfer.amountVnd, transfer.bankReference, codesIn(transfer.content));
  if (refund) {
    const payment = refund.paymentId && (await findPayment(tx, refund.paymentId));
    if (payment) await deps.orders.forPayments.lockGroup(tx, payment.groupId);
    await confirmByHand(deps, tx, refund, transfer.bankReference || nameOf(transfer));
    if (payment) await showRefunded(tx, payment);
    await saveTransfer(tx, id, 'refund', refund.paymentId ?? undefined);
    return 'refund';
  }
  const original = await findReversed(tx, transfer.amountVnd, transfer.bankReference, transfer.content);
  if (!original) return 'outgoing';
  await reverse(deps, tx, original, nameOf(transfer));
  await saveTransfer(tx, id, 'reversal', original.paymentId ?? undefined);
  return 'reversal';
}

/** A line that is known already: told again by the same service, or by another one that watches the same account. */
async function sight(deps: Deps, tx: Tx, transfer: BankTransfer): Promise<'repeated'> {
  const known = await findTold(tx, transfer);
  if (known) await addSighting(tx, known.id, transfer, deps.now());
  return 'repeated';
}

/**
 * A line of the bank feed, stored whatever it is. Services that watch the same account tell the same line under names of
 * their own; the bank's reference says that it is one, and it counts once.
 */
export function recordTransfer(deps: Deps, transfer: BankTransfer): Promise<TransferState | 'repeated'> {
  return transact(deps.db, `provider:${transfer.provider}`, async (tx) => {
    const state = first(deps, transfer);
    const [, id] = await Promise.all([
      lockBankReference(tx, transfer),
      insertTransfer(tx, transfer, state, deps.now()),
    ]);
    if (!id) return sight(deps, tx, transfer);
    if (state === 'foreign-account') {
      if (transfer.direction !== 'in' || !(await deps.direct.receiveTransfer(tx, transfer, codesIn(transfer.content))))
        return state;
      await saveTransfer(tx, id, 'direct');
      return 'direct';
    }
    return state === 'outgoing' ? leave(deps, tx, transfer, id) : take(deps, tx, transfer, id);
  });
}
