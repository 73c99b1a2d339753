import type { Cursor } from '#core/cursor.ts';
import { readCode } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { asExchange, readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Decider, Deps } from './deps.ts';
import { callOfficer, lockAll, moveReturn, putOnShelf, refundReturn, subjectOf, tell } from './moving.ts';
import { addReturnEvent, listDueReturns, type ReturnRow, saveReturn } from './queries/returns.ts';
import { afterSilence, checkMove, checkWords } from './rules/returns.ts';
import { type ReturnId, type ReturnState, type ReturnVerdict, returnProblems } from './types.ts';
import { findReturn, findReturnById, listReturns, type ReturnView } from './views/returns.ts';

const refuse = refusals(returnProblems);
const dueAtOnce = 100;
export type ReturnScope = {
  readonly state?: ReturnState | undefined;
  readonly called?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: Cursor | undefined;
};
type Finish = (tx: Tx, refunded: ReturnRow) => Promise<void>;

/** What both sides of the desk do: found in their scope, locked, changed, written into the log of acts. */
const createStep = (deps: Deps) => {
  const { db, audit } = deps;
  return async (
    code: string,
    who: Decider,
    work: (tx: Tx, row: ReturnRow, known: ReturnView) => Promise<ReturnRow>,
  ) => {
    const { actor, address, businessIds } = who;
    const run = async (tx: Tx): Promise<ReturnRow> => {
      const known = await findReturn(tx, readCode(code), { businessIds });
      if (!known) throw refuse('return-not-found');
      const before = await lockAll(deps, tx, known);
      const after = await work(tx, before, known);
      await audit.record(tx, {
        action: `return.${after.state}`,
        subject: subjectOf(known),
        before: { state: before.state },
        after: { state: after.state, ...(after.refundVnd !== null && { refundVnd: after.refundVnd }) },
        reason: (businessIds ? after.sellerNote : after.officerNote) ?? undefined,
        address,
      });
      return after;
    };
    return businessIds ? transactAsSeller(db, { actor, businessIds }, run) : transact(db, actor, run);
  };
};

/** Nobody has to wait for an officer any more: whoever was silent has spoken. */
const release = async ({ queues }: Deps, tx: Tx, known: ReturnView): Promise<void> => {
  if (known.escalatedAt) await queues.settle(tx, subjectOf(known), 'withdrawn');
};

async function refundAndTell(deps: Deps, tx: Tx, row: ReturnRow, known: ReturnView): Promise<ReturnRow> {
  const refunded = await refundReturn(deps, tx, row);
  await tell(deps, tx, 'return.refunded', known, 'shopper', { amount: refunded.refundVnd ?? 0 });
  return refunded;
}

const createSellerSide = (deps: Deps) => {
  const { db, now } = deps;
  const step = createStep(deps);
  return {
    listOwnReturns: (businessIds: Decider['businessIds'] = [], scope: ReturnScope) =>
      readAsSeller(db, businessIds, (reader) => listReturns(reader, { ...scope, businessIds })),
    getOwnReturn: async (businessIds: Decider['businessIds'] = [], code: string) => {
      const known = await findReturn(db, readCode(code), { businessIds });
      if (!known) throw refuse('return-not-found');
      return known;
    },
    /** Takes the return. `keepGoods`: nothing has to be sent back, the money goes back at once. */
    accept: (code: string, who: Decider, { keepGoods }: { readonly keepGoods: boolean }, finish?: Finish) =>
      step(code, who, async (tx, row, known) => {
        if (row.state !== 'requested') throw refuse('return-not-movable', { state: row.state });
        await release(deps, tx, known);
        if (!keepGoods) {
          const accepted = await moveReturn(deps, tx, row, 'accepted', { escalatedAt: null });
          await tell(deps, tx, 'return.accepted', known, 'shopper');
          await finish?.(tx, accepted);
          return accepted;
        }
        const received = await moveReturn(deps, tx, row, 'received', { restock: false, escalatedAt: null });
        return asExchange(tx, async () => {
          const refunded = await refundAndTell(deps, tx, received, known);
          await finish?.(tx, refunded);
          return refunded;
        });
      }),
    refuse: (code: string, who: Decider, typed: string) => {
      const sellerNote = checkWords(typed, '/note');
      return step(code, who, async (tx, row, known) => {
        await release(deps, tx, known);
        const refused = await moveReturn(deps, tx, row, 'refused', { sellerNote, escalatedAt: null }, sellerNote);
        await tell(deps, tx, 'return.refused', known, 'shopper', { reason: sellerNote });
        return refused;
      });
    },
    /** The goods are here again, and go back on the shelf or not. */
    receive: (code: string, who: Decider, { restock }: { readonly restock: boolean }) =>
      step(code, who, async (tx, row, known) => {
        if (row.state !== 'sent-back') throw refuse('return-not-movable', { state: row.state });
        await release(deps, tx, known);
        const received = await moveReturn(deps, tx, row, 'received', { restock, escalatedAt: null });
        if (restock) await asExchange(tx, () => putOnShelf(deps, tx, known));
        return received;
      }),
    refund: (code: string, who: Decider, finish?: Finish) =>
      step(code, who, async (tx, row, known) =>
        asExchange(tx, async () => {
          const refunded = await refundAndTell(deps, tx, row, known);
          await finish?.(tx, refunded);
          return refunded;
        }),
      ),
    /** What came back is not what was sold, or nothing came: an officer decides. */
    contest: (code: string, who: Decider, typed: string) => {
      const sellerNote = checkWords(typed, '/note');
      return step(code, who, async (tx, row, known) => {
        if (row.state !== 'sent-back' && row.state !== 'received')
          throw refuse('return-not-movable', { state: row.state });
        const contested = await moveReturn(deps, tx, row, 'appealed', { sellerNote, escalatedAt: now() }, sellerNote);
        await callOfficer(deps, tx, known);
        await tell(deps, tx, 'return.contested', known, 'shopper', { reason: sellerNote });
        await tell(deps, tx, 'return.called', known, 'officers');
        return contested;
      });
    },
  };
};

/** The officer's word, where the two do not agree or one of them is silent. */
const createOfficerSide = (deps: Deps) => {
  const { db, queues } = deps;
  const step = createStep(deps);
  const isOfficers = ({ state, escalatedAt }: ReturnRow): boolean => state === 'appealed' || escalatedAt !== null;
  const carryOut = async (tx: Tx, row: ReturnRow, known: ReturnView, verdict: ReturnVerdict, note: string) => {
    const change = { officerNote: note, escalatedAt: null };
    if (verdict === 'reject') {
      await tell(deps, tx, 'return.rejected', known, 'shopper', { reason: note });
      return moveReturn(deps, tx, row, 'rejected', change, note);
    }
    if (verdict === 'send-back') {
      await tell(deps, tx, 'return.accepted', known, 'shopper');
      return moveReturn(deps, tx, row, 'accepted', change, note);
    }
    const restock = row.restock ?? false;
    const received = await moveReturn(deps, tx, row, 'received', { ...change, restock }, note);
    return refundAndTell(deps, tx, received, known);
  };
  return {
    listReturns: (scope: ReturnScope) => listReturns(db, scope),
    getReturnForOfficer: async (code: string) => {
      const known = await findReturn(db, readCode(code));
      if (!known) throw refuse('return-not-found');
      return known;
    },
    decide: (
      code: string,
      who: Decider,
      { verdict, note }: { readonly verdict: ReturnVerdict; readonly note: string },
      finish?: Finish,
    ) => {
      const said = checkWords(note, '/note');
      return step(code, who, async (tx, row, known) => {
        if (!isOfficers(row)) throw refuse('return-not-movable', { state: row.state });
        if (verdict === 'send-back') checkMove(row.state, 'accepted');
        await queues.settle(tx, subjectOf(known), verdict === 'reject' ? 'rejected' : 'approved');
        const decided = await carryOut(tx, row, known, verdict, said);
        await tell(deps, tx, 'return.decided', known, 'seller', { reason: said });
        await finish?.(tx, decided);
        return decided;
      });
    },
  };
};

/** The clocks of returns. Run by a job. */
const createClocks = (deps: Deps) => {
  const { db, now } = deps;
  const escalate = async (tx: Tx, row: ReturnRow, known: ReturnView): Promise<void> => {
    await saveReturn(tx, row.id, { escalatedAt: now(), dueAt: null });
    await addReturnEvent(tx, row.id, 'escalated', null, now());
    await callOfficer(deps, tx, known);
    await tell(deps, tx, 'return.escalated', known, 'shopper');
    await tell(deps, tx, 'return.escalated', known, 'seller');
    await tell(deps, tx, 'return.called', known, 'officers');
  };
  const goOn = async (tx: Tx, row: ReturnRow, known: ReturnView, next: 'escalate' | ReturnState): Promise<unknown> => {
    if (next === 'escalate') return escalate(tx, row, known);
    if (next === 'refunded') return refundAndTell(deps, tx, row, known);
    await moveReturn(deps, tx, row, next);
    return tell(deps, tx, `return.${next}`, known, 'shopper', { reason: row.sellerNote ?? '' });
  };
  const isOver = ({ dueAt }: ReturnRow): boolean => dueAt !== null && dueAt <= now();
  const runOut = (id: ReturnId): Promise<boolean> =>
    transact(db, 'system:care', async (tx) => {
      const known = await findReturnById(tx, id);
      if (!known) return false;
      const row = await lockAll(deps, tx, known);
      const next = afterSilence[row.state];
      // Somebody spoke a moment ago.
      if (!next || !isOver(row)) return false;
      await goOn(tx, row, known, next);
      return true;
    });
  return {
    runClocks: async (): Promise<number> => oneByOne(await listDueReturns(db, now(), dueAtOnce), runOut),
  };
};

export const createDeciding = (deps: Deps) => ({
  ...createSellerSide(deps),
  ...createOfficerSide(deps),
  ...createClocks(deps),
});
