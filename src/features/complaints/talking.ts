import { readCode } from '#core/ids.ts';
import { type Tx, transact } from '#db/client.ts';
import { oneByOne } from '#db/jobs.ts';
import { readAsSeller, transactAsSeller } from '#db/seller.ts';
import type { Upload } from '#features/files/types.ts';
import type { Decider, Deps, Shopper } from './deps.ts';
import { keepPhotos, proofOf } from './filing.ts';
import { escalate, lockAll, moveComplaint, subjectOf, type Told, tell } from './moving.ts';
import { addEvent, addMessage, type ComplaintRow, getRule, listDue, saveComplaint } from './queries/complaints.ts';
import { afterSilence, checkWords, isOver, refuse } from './rules/complaints.ts';
import type { Author, ComplaintId } from './types.ts';
import {
  type ComplaintScope,
  type ComplaintView,
  findComplaint,
  findComplaintById,
  listComplaints,
} from './views/complaints.ts';

const dueAtOnce = 100;

/** The clocks of complaints: by a job, and by whoever looks before the job did. Each runs out once, under the lock. */
export const createClocks = (deps: Deps) => {
  const { db, now } = deps;
  const isDue = ({ dueAt }: Pick<ComplaintRow, 'dueAt'>): boolean => dueAt !== null && dueAt <= now();

  const mark = async (tx: Tx, row: ComplaintRow, known: ComplaintView): Promise<void> => {
    await saveComplaint(tx, row.id, { overdue: true, dueAt: null, updatedAt: now() });
    await addEvent(tx, { complaintId: row.id, type: 'overdue', at: now() });
    await tell(deps, tx, 'complaint.overdue', known, 'officers');
  };
  const goOn = async (tx: Tx, row: ComplaintRow, known: ComplaintView): Promise<boolean> => {
    const next = afterSilence[row.state];
    // Somebody spoke a moment ago.
    if (!next || !isDue(row)) return false;
    if (next === 'overdue') await mark(tx, row, known);
    else if (next === 'escalated') await escalate(deps, tx, row, known, 'no-answer');
    else {
      await moveComplaint(deps, tx, row, { to: next, type: next });
      for (const side of ['shopper', 'seller'] as const) await tell(deps, tx, `complaint.${next}`, known, side);
    }
    return true;
  };
  const runOut = (id: ComplaintId): Promise<boolean> =>
    transact(db, 'system:complaints', async (tx) => {
      const known = await findComplaintById(tx, id);
      return known ? goOn(tx, await lockAll(deps, tx, known), known) : false;
    });
  return {
    runClocks: async (): Promise<number> => oneByOne(await listDue(db, now(), dueAtOnce), runOut),
    /** The complaint as it is now: a clock that ran out before anybody looked has its effect first. */
    upToDate: async (known: ComplaintView): Promise<ComplaintView> => {
      if (!isDue(known)) return known;
      await runOut(known.id);
      return (await findComplaintById(db, known.id)) ?? known;
    },
  };
};

/** How each side finds a complaint; what is not theirs is as if it were not there. */
export const createReading = (deps: Deps) => {
  const { db } = deps;
  const { upToDate } = createClocks(deps);
  const find = async (code: string, scope: Parameters<typeof findComplaint>[2], missing: () => Error) => {
    const known = await findComplaint(db, readCode(code), scope);
    if (!known) throw missing();
    return upToDate(known);
  };
  const notFound = () => refuse('complaint-not-found');
  return {
    /** The whole of it for whoever complained. */
    getComplaint: (code: string, shopper: Shopper) =>
      find(code, { proof: proofOf(shopper) }, () => refuse('complaint-not-proved')),
    /** What the code alone opens: where it stands, without a word of what was said. */
    getComplaintState: async (code: string) => {
      const { phone: _phone, accountId: _account, messages: _messages, ...known } = await find(code, {}, notFound);
      return known;
    },
    getOwnComplaint: (businessIds: Decider['businessIds'] = [], code: string) => find(code, { businessIds }, notFound),
    getComplaintForOfficer: (code: string) => find(code, {}, notFound),
    listOwnComplaints: (businessIds: Decider['businessIds'] = [], scope: ComplaintScope) =>
      readAsSeller(db, businessIds, (reader) => listComplaints(reader, { ...scope, businessIds })),
    listComplaints: (scope: ComplaintScope) => listComplaints(db, scope),
  };
};

const others: Readonly<Record<Author, readonly Told[]>> = {
  shopper: ['seller'],
  business: ['shopper'],
  officer: ['shopper', 'seller'],
};

/** What everybody does: say something more. */
export const createTalking = (deps: Deps) => {
  const { db, now } = deps;
  const { getComplaint, getOwnComplaint, getComplaintForOfficer } = createReading(deps);
  const say = async (
    known: ComplaintView,
    author: Author,
    typed: string,
    sent: readonly Upload[],
    who: Omit<Decider, 'address'>,
  ) => {
    const text = checkWords(typed, '/text');
    if (isOver(known.state)) throw refuse('complaint-over', { state: known.state });
    const { actor, businessIds } = who;
    const photos = await keepPhotos(deps, actor, sent, await getRule(db, known.policyFrom));
    const run = async (tx: Tx): Promise<void> => {
      const { state } = await lockAll(deps, tx, known);
      if (isOver(state)) throw refuse('complaint-over', { state });
      await addMessage(tx, { complaintId: known.id, author, text, at: now() }, photos);
      await addEvent(tx, { complaintId: known.id, type: 'message', at: now() });
      for (const side of others[author]) await tell(deps, tx, 'complaint.message', known, side);
    };
    await (businessIds ? transactAsSeller(db, { actor, businessIds }, run) : transact(db, actor, run));
  };
  return {
    sayAsShopper: async (code: string, shopper: Shopper, text: string, photos: readonly Upload[] = []) =>
      say(await getComplaint(code, shopper), 'shopper', text, photos, { actor: shopper.actor }),
    sayAsBusiness: async (code: string, who: Decider, text: string, photos: readonly Upload[] = []) =>
      say(await getOwnComplaint(who.businessIds, code), 'business', text, photos, who),
    sayAsOfficer: async (code: string, { actor }: Decider, text: string) =>
      say(await getComplaintForOfficer(code), 'officer', text, [], { actor }),
  };
};

export const settleQueue = (
  { queues }: Deps,
  tx: Tx,
  known: ComplaintView,
  outcome: 'approved' | 'rejected' | 'withdrawn',
) => queues.settle(tx, subjectOf(known), outcome);
