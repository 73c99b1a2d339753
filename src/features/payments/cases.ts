import { dayMs } from '#core/clock.ts';
import { type Vnd, vnd, ZERO } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { transact } from '#db/client.ts';
import type { Deps } from './deps.ts';
import type { Officer } from './proposing.ts';
import { listHeld } from './queries/clearing.ts';
import { findPayment } from './queries/payments.ts';
import { findProposal, findProposalOf, listAsking, listProposals, type ProposalRow } from './queries/proposals.ts';
import {
  type DisputeRow,
  findDispute,
  findRefund,
  listOpenDisputes,
  listRefunds,
  type RefundRow,
} from './queries/refunds.ts';
import { listStatements } from './queries/statements.ts';
import { findTransfer, listUnmatched, type TransferRow } from './queries/transfers.ts';
import { suggest } from './rules/deciding.ts';
import { type DisputeId, type ProposalId, paymentProblems, type RefundId, type TransferId } from './types.ts';

const refuse = refusals(paymentProblems);
const shown = 100;

/** The number in full is for whoever sends the money; everybody else sees its end. */
export type RefundCase = {
  readonly refund: RefundRow;
  readonly code: string | null;
  readonly payer: TransferRow['payer'];
  readonly accountNumber: string | null;
  readonly proposal: ProposalRow | undefined;
};
export type TransferCase = {
  readonly transfer: TransferRow;
  readonly suggestions: readonly {
    readonly code: string;
    readonly dueVnd: number;
    readonly createdAt: Date;
    readonly distance: number;
    readonly exact: boolean;
  }[];
  readonly proposal: ProposalRow | undefined;
};
export type DisputeCase = {
  readonly dispute: DisputeRow;
  readonly code: string;
  readonly proposal: ProposalRow | undefined;
};

/** What finance looks at: lists of what waits, and each case with all that is known of it. */
export const createCases = ({ db, vault, logReading, legs }: Deps) => {
  /** As people call what the money is of. */
  const codeOf = async ({ paymentId, legId }: Pick<RefundRow, 'paymentId' | 'legId'>): Promise<string | undefined> => {
    if (paymentId) return (await findPayment(db, paymentId))?.code;
    return legId ? legs.findCode(db, legId) : undefined;
  };
  return {
    listRefunds: (limit: number) => listRefunds(db, limit),
    listUnmatched: (limit: number) => listUnmatched(db, limit),
    /** All of one desk: what waits for somebody, and what was read last. */
    readDesk: async () => {
      const [transfers, refunds, disputes, proposals, statements, held] = await Promise.all([
        listUnmatched(db, shown),
        listRefunds(db, shown),
        listOpenDisputes(db, shown),
        listProposals(db, shown),
        listStatements(db, 5),
        listHeld(db),
      ]);
      return { transfers, refunds, disputes, proposals, statements, held };
    },
    getTransferCase: async (id: TransferId): Promise<TransferCase> => {
      const transfer = await findTransfer(db, id);
      if (!transfer) throw refuse('transfer-not-found');
      const at = transfer.happenedAt ?? transfer.receivedAt;
      const from = new Date(at.getTime() - 7 * dayMs);
      // Feeds may be late and a bank's clock wrong: until we heard of it, everybody who asked may be meant.
      const until = new Date(Math.max(at.getTime(), transfer.receivedAt.getTime()) + dayMs);
      const asking = await listAsking(db, from, until);
      const candidates = asking.map(({ code, amountVnd, receivedVnd, createdAt }) => ({
        code,
        dueVnd: vnd(amountVnd - receivedVnd),
        createdAt,
      }));
      const suggestions = suggest({ amountVnd: transfer.amountVnd, content: transfer.content, at }, candidates);
      return { transfer, suggestions, proposal: await findProposalOf(db, { transferId: id }) };
    },
    /** Whoever is to send the money is shown the account in full, and is written down as having seen it. */
    getRefundCase: async ({ actor, address }: Officer, id: RefundId): Promise<RefundCase> => {
      const refund = await findRefund(db, id);
      if (!refund) throw refuse('refund-not-found');
      const [transfer, proposal] = await Promise.all([
        refund.transferId ? findTransfer(db, refund.transferId) : undefined,
        findProposalOf(db, { refundId: id }),
      ]);
      const numberSealed = refund.toNumberSealed;
      const isToSend = refund.approvedAt !== null && refund.status === 'queued' && numberSealed !== null;
      const accountNumber = isToSend
        ? await transact(db, actor, async (tx) => {
            const subject = { kind: 'refund', id };
            await logReading(tx, {
              subject,
              field: 'accountNumber',
              reason: 'refund-by-transfer',
              ...(address && { address }),
            });
            return vault.open(numberSealed, `refunds.to_number_sealed:${id}`);
          })
        : null;
      return { refund, code: (await codeOf(refund)) ?? null, payer: transfer?.payer ?? null, accountNumber, proposal };
    },
    getDisputeCase: async (id: DisputeId): Promise<DisputeCase> => {
      const dispute = await findDispute(db, id);
      if (!dispute) throw refuse('dispute-not-found');
      const code = await codeOf(dispute);
      return { dispute, code: code ?? '', proposal: await findProposalOf(db, { disputeId: id }) };
    },
    /** With the amount that it is about. */
    getProposal: async (id: ProposalId): Promise<{ readonly proposal: ProposalRow; readonly amountVnd: Vnd }> => {
      const proposal = await findProposal(db, id);
      if (!proposal) throw refuse('proposal-not-found');
      const { transferId, refundId, disputeId } = proposal;
      const subject =
        (transferId && (await findTransfer(db, transferId))) ||
        (refundId && (await findRefund(db, refundId))) ||
        (disputeId && (await findDispute(db, disputeId))) ||
        undefined;
      return { proposal, amountVnd: subject?.amountVnd ?? ZERO };
    },
  };
};
