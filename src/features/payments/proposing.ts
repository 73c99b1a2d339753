import { newId } from '#core/ids.ts';
import { sumVnd, type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Tx, transact } from '#db/client.ts';
import { boardDispute, boardProposal, boardRefund, boardTransfer } from './boarding.ts';
import { bookSettlement, keepSettlement, type PassedDraft, readPassed } from './clearing.ts';
import type { Deps } from './deps.ts';
import { closeBankDispute } from './disputing.ts';
import { findByCodes, findPayment, listByGroup, type PaymentRow } from './queries/payments.ts';
import { insertProposal, lockProposal, type ProposalRow, saveProposal } from './queries/proposals.ts';
import {
  findRefund,
  insertRefund,
  lockDisputeById,
  lockRefund,
  type RefundRow,
  saveRefund,
} from './queries/refunds.ts';
import { findTransfer, lockTransfer, saveTransfer, type TransferRow } from './queries/transfers.ts';
import { checkAllocations, checkPayee, checkReason, type Payee } from './rules/deciding.ts';
import { queueRefund, showRefunded } from './sending.ts';
import { settle } from './settling.ts';
import { tellRefundSent } from './telling.ts';
import {
  type Allocation,
  type DisputeId,
  type PaymentId,
  type ProposalId,
  type ProposalKind,
  paymentProblems,
  type RefundId,
  type TransferId,
  type TransferState,
} from './types.ts';

const refuse = refusals(paymentProblems);

/** Who decides: the account, and from where. */
export type Officer = { readonly actor: string; readonly address?: string | undefined };
export type MatchDraft = {
  readonly transferId: TransferId;
  /** Codes of payments, order groups or orders, each with its part; what is left of the transfer is given back. */
  readonly allocations: readonly { readonly code: string; readonly amountVnd: Vnd }[];
  readonly reason: string;
};
export type RefundDraft = { readonly refundId: RefundId; readonly payee: Payee; readonly reason: string };
export type DisputeDraft = {
  readonly disputeId: DisputeId;
  readonly bearer: 'orders' | 'exchange';
  readonly reason: string;
};

const nameOf = ({ provider, providerTxId }: TransferRow): string => `${provider}:${providerTxId}`;

/** The payment that a code names: its own code, or that of an order group or order that is paid by transfer. */
async function findNamed(deps: Deps, tx: Tx, code: string): Promise<PaymentRow> {
  const [named] = await findByCodes(tx, [code]);
  const groupId = named ? undefined : await deps.orders.forOthers.findGroupId(tx, code);
  const all = named ? [named] : groupId ? await listByGroup(tx, groupId) : [];
  const payment = all.findLast(({ method }) => method === 'vietqr');
  if (!payment) throw refuse('match-unknown-code', { wanted: code });
  return payment;
}

async function lockUnmatched(tx: Tx, id: TransferId): Promise<TransferRow> {
  const transfer = await lockTransfer(tx, id);
  if (!transfer) throw refuse('transfer-not-found');
  if (transfer.state !== 'unmatched') throw refuse('transfer-settled', { state: transfer.state });
  return transfer;
}

type Subject = Pick<ProposalRow, 'kind' | 'detail' | 'reason'> &
  Partial<Pick<ProposalRow, 'transferId' | 'refundId' | 'disputeId' | 'numberSealed'>>;

/** What is proposed, and how it is called on the board. */
type Titled = { readonly title: string; readonly amountVnd: Vnd };

const subjectOf = ({ transferId, refundId, disputeId }: Partial<ProposalRow>) => ({
  kind: transferId ? 'bank-transfer' : refundId ? 'refund' : 'dispute',
  id: transferId ?? refundId ?? disputeId ?? '',
});

/** The subject leaves the board, where its proposal takes its place: whoever held the one need not hold the other. */
async function propose(
  deps: Deps,
  tx: Tx,
  { actor, address }: Officer,
  subject: Subject,
  { title, amountVnd }: Titled,
) {
  const { audit, queues, now } = deps;
  const id = newId<'MoneyProposal'>();
  const isNew = await insertProposal(tx, { ...subject, id, proposedBy: actor, proposedAt: now() });
  if (!isNew) throw refuse('proposal-open');
  await queues.settle(tx, subjectOf(subject), 'done');
  await boardProposal(deps, tx, id, title, amountVnd);
  const { kind, detail, reason } = subject;
  const after = { kind, ...detail };
  await audit.record(tx, { action: 'money.proposed', subject: { kind: 'money-proposal', id }, after, reason, address });
  return id;
}

/** What was refused waits again as it did before. */
async function boardAgain(deps: Deps, tx: Tx, { transferId, refundId, disputeId }: ProposalRow): Promise<void> {
  const transfer = transferId && (await findTransfer(tx, transferId));
  if (transfer) await boardTransfer(deps, tx, transfer);
  const refund = refundId && (await findRefund(tx, refundId));
  if (refund) await boardRefund(deps, tx, refund, refund.cause);
  const dispute = disputeId && (await lockDisputeById(tx, disputeId));
  if (dispute) await boardDispute(deps, tx, dispute, dispute.providerDisputeId);
}

/** Each part goes the one way that money takes to an order; what is left of the transfer goes back to its sender. */
async function match(deps: Deps, tx: Tx, proposal: ProposalRow): Promise<void> {
  const transfer = await lockUnmatched(tx, proposal.transferId ?? ('' as TransferId));
  const { allocations = [] } = proposal.detail;
  const states: TransferState[] = [];
  const paid: PaymentId[] = [];
  const named = await Promise.all(allocations.map(({ paymentId }) => findPayment(tx, paymentId)));
  const parts = allocations.flatMap(({ amountVnd }, index) => {
    const payment = named[index];
    return payment ? [{ payment, amountVnd }] : [];
  });
  for (const { payment, amountVnd } of parts.toSorted((a, b) => (a.payment.groupId < b.payment.groupId ? -1 : 1))) {
    const money = { clearing: 'suspense', amountVnd, name: `${nameOf(transfer)}:${payment.id}` } as const;
    const settled = await settle(deps, tx, payment, money, async () => {});
    if (settled) states.push(settled);
    paid.push(payment.id);
  }
  const restVnd = vnd(transfer.amountVnd - sumVnd(allocations.map(({ amountVnd }) => amountVnd)));
  if (restVnd > ZERO) await giveRestBack(deps, tx, transfer, restVnd);
  const whole = states.length === 1 && restVnd === ZERO ? states[0] : undefined;
  await saveTransfer(tx, transfer.id, whole ?? (paid.length === 0 ? 'given-back' : 'split'), paid[0]);
}

async function giveRestBack(deps: Deps, tx: Tx, transfer: TransferRow, amountVnd: Vnd): Promise<void> {
  const cause = `unmatched:${nameOf(transfer)}`;
  const about = { transferId: transfer.id, amountVnd, reason: 'unmatched', cause, way: 'transfer' } as const;
  const refund = await insertRefund(tx, { ...about, createdAt: deps.now() });
  if (!refund) throw new Error(`${cause} goes back already`);
  await deps.ledger.bookRefundDue(tx, transfer.id, cause, amountVnd, 'suspense');
  await queueRefund(deps, tx, refund, transfer.content || transfer.bankReference);
}

/** Where the money goes is known and looked at by two: now a person sends it at the bank. */
async function address(deps: Deps, tx: Tx, proposal: ProposalRow): Promise<void> {
  const refund = await lockOpenRefund(tx, proposal.refundId ?? ('' as RefundId));
  const { bankBin = '', last4 = '', name = '' } = proposal.detail;
  // Another way is another attempt: what was sent before keeps its own journals.
  const attempt = refund.way === 'provider' ? refund.attempt + 1 : refund.attempt;
  await saveRefund(tx, refund.id, {
    way: 'transfer',
    status: 'queued',
    attempt,
    toBankBin: bankBin,
    toName: name,
    toNumberLast4: last4,
    toNumberSealed: proposal.numberSealed,
    approvedAt: deps.now(),
  });
  await boardRefund(deps, tx, refund, name);
}

async function lockOpenRefund(tx: Tx, id: RefundId): Promise<RefundRow> {
  const known = await findRefund(tx, id);
  if (!known) throw refuse('refund-not-found');
  const refund = await lockRefund(tx, id);
  const isOpen = refund.status === 'failed' || (refund.status === 'queued' && refund.way === 'transfer');
  if (!isOpen) throw refuse('refund-settled', { refundStatus: refund.status });
  return refund;
}

/** A name that no attempt has had, of 32 hexadecimal digits. */
const newAttemptKey = (): string => newId().replaceAll('-', '');

/** The refund, with the group of its payment locked before it. */
async function lockOwed(deps: Deps, tx: Tx, id: RefundId): Promise<RefundRow> {
  const known = await findRefund(tx, id);
  if (!known) throw refuse('refund-not-found');
  const payment = known.paymentId && (await findPayment(tx, known.paymentId));
  if (payment) await deps.orders.forPayments.lockGroup(tx, payment.groupId);
  return lockRefund(tx, id);
}

/** What the money was of says that it has gone back. */
async function showSentOf({ legs }: Deps, tx: Tx, { paymentId, legId, cause }: RefundRow): Promise<void> {
  const payment = paymentId && (await findPayment(tx, paymentId));
  if (payment) await showRefunded(tx, payment);
  if (legId) await legs.refundSent(tx, legId, cause);
}

const record = ({ audit }: Deps, tx: Tx, { address }: Officer, action: string, id: RefundId, after: object) =>
  audit.record(tx, { action, subject: { kind: 'refund', id }, after, address });

const effects: Readonly<Record<ProposalKind, (deps: Deps, tx: Tx, proposal: ProposalRow) => Promise<void>>> = {
  match,
  'refund-account': address,
  'bank-dispute': (deps, tx, { disputeId, detail }) =>
    closeBankDispute(deps, tx, disputeId ?? ('' as DisputeId), detail.bearer ?? 'exchange'),
  'provider-payout': async (deps, tx, { transferId, detail }) =>
    bookSettlement(deps, tx, await lockUnmatched(tx, transferId ?? ('' as TransferId)), detail),
};

/** Whoever proposed may take it back, without a word, and nothing else; whoever says no to another says why. */
function endingOf({ proposedBy }: ProposalRow, actor: string, outcome: 'approved' | 'rejected', reason = '') {
  if (proposedBy === actor) {
    if (outcome === 'approved') throw refuse('money-four-eyes');
    return 'withdrawn' as const;
  }
  if (outcome === 'rejected') checkReason(reason);
  return outcome;
}

async function decide(
  deps: Deps,
  { actor, address: from }: Officer,
  id: ProposalId,
  outcome: 'approved' | 'rejected',
  { reason, finish }: { readonly reason?: string; readonly finish?: ((tx: Tx) => Promise<void>) | undefined },
): Promise<void> {
  await transact(deps.db, actor, async (tx) => {
    const proposal = await lockProposal(tx, id);
    if (!proposal) throw refuse('proposal-not-found');
    if (proposal.outcome !== null) throw refuse('proposal-decided', { outcome: proposal.outcome });
    const given = endingOf(proposal, actor, outcome, reason);
    await deps.queues.settle(tx, { kind: 'money-proposal', id }, outcome);
    await (outcome === 'approved' ? effects[proposal.kind] : boardAgain)(deps, tx, proposal);
    await saveProposal(tx, id, { outcome: given, decidedBy: actor, decidedAt: deps.now() });
    const subject = { kind: 'money-proposal', id };
    const after = { kind: proposal.kind, ...proposal.detail };
    await deps.audit.record(tx, { action: `money.${given}`, subject, after, reason, address: from });
    await finish?.(tx);
  });
}

/** What staff decide about money that no rule can place: one proposes, another one approves. */
export const createProposing = (deps: Deps) => {
  const { db, vault } = deps;
  return {
    /** Gives an unmatched transfer to payments, part by part; without any it goes back to its sender. */
    proposeMatch: (officer: Officer, draft: MatchDraft) =>
      transact(db, officer.actor, async (tx) => {
        const transfer = await lockUnmatched(tx, draft.transferId);
        checkAllocations(transfer.amountVnd, draft.allocations, draft.reason);
        const allocations: Allocation[] = [];
        for (const { code, amountVnd } of draft.allocations) {
          const payment = await findNamed(deps, tx, code);
          allocations.push({ paymentId: payment.id, code: payment.code, amountVnd });
        }
        if (new Set(allocations.map(({ paymentId }) => paymentId)).size < allocations.length)
          throw refuse('match-malformed');
        const { reason } = draft;
        const about = { kind: 'match', transferId: transfer.id, detail: { allocations }, reason } as const;
        return propose(deps, tx, officer, about, { title: transfer.content, amountVnd: transfer.amountVnd });
      }),
    /** Says that a transfer is what a provider had collected, by the provider's own file. */
    proposePassed: (officer: Officer, draft: PassedDraft) => {
      const passed = readPassed(draft);
      const { reason } = draft;
      checkReason(reason);
      return transact(db, officer.actor, async (tx) => {
        const transfer = await lockUnmatched(tx, draft.transferId);
        const detail = await keepSettlement(deps, tx, officer.actor, transfer, draft, passed);
        const about = { kind: 'provider-payout', transferId: transfer.id, detail, reason } as const;
        return propose(deps, tx, officer, about, { title: passed.name, amountVnd: transfer.amountVnd });
      });
    },
    /** Names the account to which a refund is transferred by hand. */
    proposeAccount: (officer: Officer, { refundId, payee, reason }: RefundDraft) =>
      transact(db, officer.actor, async (tx) => {
        const refund = await lockOpenRefund(tx, refundId);
        const { bankBin, accountNumber, name } = checkPayee(payee, reason);
        // Sealed for the refund: no other row can be given this number.
        const numberSealed = vault.seal(accountNumber, `refunds.to_number_sealed:${refund.id}`);
        const detail = { bankBin, name, last4: accountNumber.slice(-4) };
        const about = { kind: 'refund-account', refundId, numberSealed, detail, reason } as const;
        return propose(deps, tx, officer, about, { title: name, amountVnd: refund.amountVnd });
      }),
    /** Says who bears what the bank took back of a paid order. */
    proposeLoss: (officer: Officer, { disputeId, bearer, reason }: DisputeDraft) =>
      transact(db, officer.actor, async (tx) => {
        const dispute = await lockDisputeById(tx, disputeId);
        if (dispute?.provider !== 'bank' || dispute.status !== 'open') throw refuse('dispute-not-found');
        const about = { kind: 'bank-dispute', disputeId, detail: { bearer }, reason } as const;
        return propose(deps, tx, officer, about, { title: dispute.providerDisputeId, amountVnd: dispute.amountVnd });
      }),
    approve: (officer: Officer, id: ProposalId, finish?: (tx: Tx) => Promise<void>) =>
      decide(deps, officer, id, 'approved', { finish }),
    /** Says no, and why; or takes back what one proposed oneself, which needs no words. */
    reject: (officer: Officer, id: ProposalId, reason: string) => decide(deps, officer, id, 'rejected', { reason }),
    /** The money was sent at the bank, to the account that two have looked at. */
    markSent: (officer: Officer, id: RefundId, reference: string, finish?: (tx: Tx) => Promise<void>) =>
      transact(db, officer.actor, async (tx) => {
        const refund = await lockOwed(deps, tx, id);
        if (refund.status !== 'queued' || refund.way !== 'transfer')
          throw refuse('refund-settled', { refundStatus: refund.status });
        if (!refund.approvedAt) throw refuse('refund-not-approved');
        const bankReference = clean(reference);
        if (!/^[0-9A-Za-z./_-]{4,60}$/.test(bankReference)) throw refuse('bank-reference-required');
        await deps.ledger.bookRefundSent(tx, 'clearing:bank', refund);
        await saveRefund(tx, id, { status: 'sent', sentAt: deps.now(), providerReference: bankReference });
        await deps.queues.settle(tx, { kind: 'refund', id }, 'done');
        await showSentOf(deps, tx, refund);
        await tellRefundSent(deps, tx, refund);
        await record(deps, tx, officer, 'refund.sent', id, { bankReference });
        await finish?.(tx);
      }),
    /** Asks the provider once more, by a new name: what it refused, it may take now. */
    retryRefund: (officer: Officer, id: RefundId, finish?: (tx: Tx) => Promise<void>) =>
      transact(db, officer.actor, async (tx) => {
        const refund = await lockOwed(deps, tx, id);
        if (refund.status !== 'failed' || refund.way !== 'provider')
          throw refuse('refund-settled', { refundStatus: refund.status });
        await saveRefund(tx, id, { status: 'queued', attempt: refund.attempt + 1, attemptKey: newAttemptKey() });
        await deps.queues.settle(tx, { kind: 'refund', id }, 'done');
        await deps.events.add(tx, { type: 'refund.queued', refundId: id });
        await record(deps, tx, officer, 'refund.retried', id, { attempt: refund.attempt + 1 });
        await finish?.(tx);
      }),
  };
};
