import type { Vnd } from '#core/money.ts';
import { clean } from '#core/vietnamese.ts';
import { type Tx, transact } from '#db/client.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Decider, Deps } from './deps.ts';
import { lockAll, moveComplaint, refundComplaint, subjectOf, tell } from './moving.ts';
import { addMessage, type ComplaintRow } from './queries/complaints.ts';
import { checkAmount, checkVerdict, checkWords, refuse } from './rules/complaints.ts';
import { createReading, settleQueue } from './talking.ts';
import type { ComplaintVerdict } from './types.ts';
import { type ComplaintView, findLeft, listProductsOf } from './views/complaints.ts';

export type Decision = {
  readonly verdict: ComplaintVerdict;
  readonly amountVnd?: Vnd | undefined;
  /** The reasons, which both sides read. */
  readonly text: string;
  readonly warn?: boolean | undefined;
  /** A product that must not be sold meanwhile. */
  readonly takeDown?: ProductId | undefined;
  /** The authority to which it was reported. */
  readonly reportTo?: string | undefined;
};
type Finish = (tx: Tx, decided: ComplaintRow) => Promise<void>;

/** The officer's word, and once more another officer's. */
export const createDeciding = (deps: Deps) => {
  const { db, now, audit, takedowns } = deps;
  const { getComplaintForOfficer } = createReading(deps);

  const refundOf = async (tx: Tx, row: ComplaintRow, { verdict, amountVnd }: Decision): Promise<Vnd> => {
    if (verdict !== 'refund') return row.refundVnd;
    const wanted = checkAmount(amountVnd, row.orderId && (await findLeft(tx, row.orderId)));
    return refundComplaint(deps, tx, row, wanted, row.state === 'escalated' ? 'decided' : 'reviewed');
  };
  /** The moderators carry it out within the hours that any request has; its number is the complaint's code. */
  const takeDown = async (
    tx: Tx,
    row: ComplaintRow,
    who: Decider,
    known: ComplaintView,
    { takeDown: productId, text }: Decision,
  ) => {
    if (!productId) return row.takedownId;
    const own = await listProductsOf(tx, row);
    if (!own.some((one) => one.productId === productId))
      throw refuse('complaint-product-foreign', { pointer: '/takeDown' });
    const request = { requestNumber: known.code, authority: 'Sàn Chợ Nổi', reason: text, receivedAt: now() };
    return takedowns.requestIn(tx, who, productId, request);
  };
  /** A review weighs everything anew; only `uphold` leaves all as it was, and money that went back stays there. */
  const changeOf = async (tx: Tx, row: ComplaintRow, who: Decider, known: ComplaintView, decision: Decision) => {
    if (decision.verdict === 'uphold') return {};
    const { verdict, warn = false, reportTo = '' } = decision;
    return {
      refundVnd: await refundOf(tx, row, decision),
      takedownId: await takeDown(tx, row, who, known, decision),
      verdict,
      warned: warn,
      reportedTo: clean(reportTo).slice(0, 200) || row.reportedTo,
    };
  };
  const tellAll = async (tx: Tx, known: ComplaintView, row: ComplaintRow, text: string): Promise<void> => {
    for (const side of ['shopper', 'seller'] as const)
      await tell(deps, tx, 'complaint.decided', known, side, { reason: text });
    if (row.warned) await tell(deps, tx, 'complaint.warned', known, 'seller', { reason: text });
  };

  return {
    decide: async (code: string, who: Decider, decision: Decision, finish?: Finish): Promise<ComplaintRow> => {
      const text = checkWords(decision.text, '/text');
      const known = await getComplaintForOfficer(code);
      return transact(db, who.actor, async (tx) => {
        const row = await lockAll(deps, tx, known);
        const to = checkVerdict(row, decision.verdict, who.actor);
        await settleQueue(deps, tx, known, decision.verdict === 'dismiss' ? 'rejected' : 'approved');
        const change = { ...(await changeOf(tx, row, who, known, { ...decision, text })), decidedBy: who.actor };
        const type = to === 'final' ? 'reviewed' : 'decided';
        const decided = await moveComplaint(deps, tx, row, { to, type }, change);
        await addMessage(tx, { complaintId: row.id, author: 'officer', text, at: now() });
        const { verdict, refundVnd, warned, takedownId, reportedTo } = decided;
        await audit.record(tx, {
          action: `complaint.${type}`,
          subject: subjectOf(known),
          before: { state: row.state, verdict: row.verdict, refundVnd: row.refundVnd },
          after: { state: to, verdict, refundVnd, warned, takedownId, reportedTo },
          reason: text,
          address: who.address,
        });
        await tellAll(tx, known, decided, text);
        await finish?.(tx, decided);
        return decided;
      });
    },
  };
};
