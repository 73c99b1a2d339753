import type { Vnd } from '#core/money.ts';
import { type Tx, transact } from '#db/client.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { Decider, Deps, Shopper } from './deps.ts';
import { callOfficer, escalate, lockAll, moveComplaint, refundUpTo, subjectOf, tell } from './moving.ts';
import { addMessage, type ComplaintRow } from './queries/complaints.ts';
import { checkAmount, checkWords, refuse } from './rules/complaints.ts';
import { createReading, settleQueue } from './talking.ts';
import type { OfferKind } from './types.ts';
import { type ComplaintView, findLeft } from './views/complaints.ts';

export type Offer = { readonly kind: OfferKind; readonly amountVnd?: Vnd | undefined; readonly text: string };

/** The business's answer: an offer, or a refusal that brings it to an officer. */
export const createAnswering = (deps: Deps) => {
  const { db, now, audit } = deps;
  const { getOwnComplaint } = createReading(deps);
  const step = async (
    code: string,
    { actor, address, businessIds = [] }: Decider,
    work: (tx: Tx, row: ComplaintRow, known: ComplaintView) => Promise<ComplaintRow>,
  ) => {
    const known = await getOwnComplaint(businessIds, code);
    return transactAsSeller(db, { actor, businessIds }, async (tx) => {
      const before = await lockAll(deps, tx, known);
      if (before.state !== 'open') throw refuse('complaint-not-movable', { state: before.state });
      const after = await work(tx, before, known);
      const { offerKind, offerVnd } = after;
      await audit.record(tx, {
        action: after.state === 'offered' ? 'complaint.offered' : 'complaint.refused',
        subject: subjectOf(known),
        before: { state: before.state },
        after: { state: after.state, ...(offerKind && { offerKind }), ...(offerVnd !== null && { offerVnd }) },
        address,
      });
      return after;
    });
  };
  return {
    offer: async (code: string, who: Decider, { kind, amountVnd, text }: Offer) => {
      const said = checkWords(text, '/text');
      const { orderId } = await getOwnComplaint(who.businessIds, code);
      const offerVnd = kind === 'refund' ? checkAmount(amountVnd, orderId && (await findLeft(db, orderId))) : null;
      return step(code, who, async (tx, row, known) => {
        const change = { offerKind: kind, offerVnd, answeredAt: now() };
        const moved = await moveComplaint(deps, tx, row, { to: 'offered', type: 'offered' }, change);
        await addMessage(tx, { complaintId: row.id, author: 'business', text: said, at: now() });
        await tell(deps, tx, 'complaint.offered', known, 'shopper', { until: moved.dueAt?.toISOString() ?? '' });
        return moved;
      });
    },
    /** Gives nothing, with a reason; the shopper need not ask for an officer any more. */
    refuseComplaint: (code: string, who: Decider, typed: string) => {
      const text = checkWords(typed, '/text');
      return step(code, who, async (tx, row, known) => {
        await addMessage(tx, { complaintId: row.id, author: 'business', text, at: now() });
        return escalate(deps, tx, row, known, 'refused-by-business', { answeredAt: now() });
      });
    },
  };
};

/** What whoever complained does about it. */
export const createSteps = (deps: Deps) => {
  const { db, now } = deps;
  const { getComplaint } = createReading(deps);
  const step = async (
    code: string,
    shopper: Shopper,
    work: (tx: Tx, row: ComplaintRow, known: ComplaintView) => Promise<unknown>,
  ) => {
    const known = await getComplaint(code, shopper);
    return transact(db, shopper.actor, async (tx) => {
      await work(tx, await lockAll(deps, tx, known), known);
    });
  };
  const sayIfAny = async (tx: Tx, { id }: ComplaintRow, typed: string): Promise<void> => {
    if (typed.trim() !== '')
      await addMessage(tx, { complaintId: id, author: 'shopper', text: checkWords(typed, '/text'), at: now() });
  };
  return {
    /** Takes what is offered: money goes back at once, in the same transaction. */
    acceptOffer: (code: string, shopper: Shopper) =>
      step(code, shopper, async (tx, row, known) => {
        if (row.state !== 'offered') throw refuse('complaint-not-movable', { state: row.state });
        const refundVnd = row.offerVnd === null ? row.refundVnd : await refundUpTo(deps, tx, row, row.offerVnd);
        await moveComplaint(deps, tx, row, { to: 'settled', type: 'accepted' }, { refundVnd });
        await tell(deps, tx, 'complaint.accepted', known, 'seller');
      }),
    /** Does not take what is offered, or does not want to wait for it: an officer decides. */
    askOfficer: (code: string, shopper: Shopper, typed: string) =>
      step(code, shopper, async (tx, row, known) => {
        if (row.state !== 'open' && row.state !== 'offered')
          throw refuse('complaint-not-movable', { state: row.state });
        await sayIfAny(tx, row, typed);
        await escalate(deps, tx, row, known, row.state === 'open' ? 'asked-officer' : 'offer-refused');
      }),
    withdraw: (code: string, shopper: Shopper) =>
      step(code, shopper, async (tx, row, known) => {
        await moveComplaint(deps, tx, row, { to: 'withdrawn', type: 'withdrawn' });
        await settleQueue(deps, tx, known, 'withdrawn');
        await tell(deps, tx, 'complaint.withdrawn', known, 'seller');
      }),
    /** Takes a decision to another officer. */
    appeal: (code: string, shopper: Shopper, typed: string) => {
      const text = checkWords(typed, '/text');
      return step(code, shopper, async (tx, row, known) => {
        await addMessage(tx, { complaintId: row.id, author: 'shopper', text, at: now() });
        await appealTo(deps, tx, row, known, 'seller');
      });
    },
  };
};

async function appealTo(deps: Deps, tx: Tx, row: ComplaintRow, known: ComplaintView, other: 'shopper' | 'seller') {
  const moved = await moveComplaint(deps, tx, row, { to: 'appealed', type: 'appealed' });
  await callOfficer(deps, tx, known, moved.dueAt);
  await tell(deps, tx, 'complaint.appealed', known, other);
  await tell(deps, tx, 'complaint.called', known, 'officers');
  return moved;
}

/** A business may have a decision reviewed as well: a warning is lifted by it, money that went back is not fetched again. */
export const createBusinessAppeal = (deps: Deps) => {
  const { db, now, audit } = deps;
  const { getOwnComplaint } = createReading(deps);
  return {
    appealAsBusiness: async (code: string, { actor, address, businessIds = [] }: Decider, typed: string) => {
      const text = checkWords(typed, '/text');
      const known = await getOwnComplaint(businessIds, code);
      await transactAsSeller(db, { actor, businessIds }, async (tx) => {
        const row = await lockAll(deps, tx, known);
        await addMessage(tx, { complaintId: row.id, author: 'business', text, at: now() });
        await appealTo(deps, tx, row, known, 'shopper');
        await audit.record(tx, {
          action: 'complaint.appealed',
          subject: subjectOf(known),
          before: { state: row.state },
          after: { state: 'appealed' },
          address,
        });
      });
    },
  };
};
