import { and, asc, eq, gt, isNull, lt, sql } from 'drizzle-orm';
import type { Reader, Tx } from '#db/client.ts';
import { moneyProposals, payments } from '../tables.ts';
import type { ProposalId } from '../types.ts';

export type ProposalRow = typeof moneyProposals.$inferSelect;

/** False when something is proposed for the same subject already. */
export async function insertProposal(tx: Tx, row: typeof moneyProposals.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(moneyProposals).values(row).onConflictDoNothing().returning({ id: moneyProposals.id });
  return rows.length === 1;
}

export async function findProposal(reader: Reader, id: ProposalId): Promise<ProposalRow | undefined> {
  const [row] = await reader.select().from(moneyProposals).where(eq(moneyProposals.id, id));
  return row;
}

type SubjectIds = Partial<Pick<ProposalRow, 'transferId' | 'refundId' | 'disputeId'>>;

/** The open proposal for a transfer, a refund or a dispute. */
export async function findProposalOf(reader: Reader, subject: SubjectIds): Promise<ProposalRow | undefined> {
  const { transferId, refundId, disputeId } = subject;
  const id = transferId ?? refundId ?? disputeId ?? null;
  const [row] = await reader
    .select()
    .from(moneyProposals)
    .where(
      and(
        sql`coalesce(${moneyProposals.transferId}, ${moneyProposals.refundId}, ${moneyProposals.disputeId}) = ${id}::uuid`,
        isNull(moneyProposals.outcome),
      ),
    );
  return row;
}

export async function lockProposal(tx: Tx, id: ProposalId): Promise<ProposalRow | undefined> {
  const [row] = await tx.select().from(moneyProposals).where(eq(moneyProposals.id, id)).for('update');
  return row;
}

export async function saveProposal(tx: Tx, id: ProposalId, change: Partial<ProposalRow>): Promise<void> {
  await tx.update(moneyProposals).set(change).where(eq(moneyProposals.id, id));
}

export const listProposals = (reader: Reader, limit: number): Promise<ProposalRow[]> =>
  reader
    .select()
    .from(moneyProposals)
    .where(isNull(moneyProposals.outcome))
    .orderBy(asc(moneyProposals.proposedAt))
    .limit(limit);

/** Payments by transfer that still ask for money, opened around an instant: whom unmatched money may be for. */
export const listAsking = (reader: Reader, from: Date, until: Date) =>
  reader
    .select({
      code: payments.code,
      groupId: payments.groupId,
      status: payments.status,
      amountVnd: payments.amountVnd,
      receivedVnd: payments.receivedVnd,
      createdAt: payments.createdAt,
    })
    .from(payments)
    .where(
      and(
        eq(payments.method, 'vietqr'),
        isNull(payments.completedAt),
        gt(payments.createdAt, from),
        lt(payments.createdAt, until),
        sql`${payments.amountVnd} > ${payments.receivedVnd}`,
      ),
    )
    .orderBy(asc(payments.createdAt))
    .limit(2_000);
