import type { Clock } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import { type Id, isId, newId } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import type { StaffRole } from '#core/roles.ts';
import { clean, fold } from '#core/vietnamese.ts';
import { type Db, type Reader, type Tx, transact } from '#db/client.ts';
import {
  claimItem,
  claimNext,
  countFilters,
  deleteFilter,
  findItem,
  findOpenItem,
  type ItemRow,
  listFilters,
  releaseItem,
  saveFilter,
  settleItem,
  upsertItem,
} from './queries.ts';
import { CLAIM_MS, isQueue, mayWork, queuesOf } from './rules.ts';
import {
  type ItemFilter,
  type NewItem,
  type Outcome,
  type Queue,
  queueProblems,
  type Reviewed,
  type ReviewItemId,
} from './types.ts';
import { findClaim, listItems, summariseQueues } from './views.ts';

const refuse = refusals(queueProblems);
export type Queues = ReturnType<typeof createQueues>;
export type Officer = { readonly accountId: Id<'Account'>; readonly staffRole: StaffRole | null };
type Deps = { readonly db: Db; readonly now: Clock };

const actorOf = ({ accountId }: Officer): string => `account:${accountId}`;
const filtersKept = 12;

/** The queue by its name, if this officer works it. 404, 403. */
function openQueue(officer: Officer, name: string): Queue {
  if (!isQueue(name)) throw refuse('queue-not-found');
  if (!mayWork(officer.staffRole, name)) throw refuse('queue-not-yours');
  return name;
}

/** The item as it stands in a queue that this officer works. */
async function getItem(tx: Tx, officer: Officer, id: string): Promise<ItemRow> {
  const item = isId<'ReviewItem'>(id) ? await findItem(tx, id) : undefined;
  if (!item) throw refuse('item-not-found');
  openQueue(officer, item.queue);
  return item;
}

const claimed = ({ claimedUntil }: ItemRow) => refuse('item-claimed', { claimedUntil: claimedUntil?.toISOString() });

const put = ({ now }: Deps, tx: Tx, item: NewItem): Promise<ReviewItemId> => {
  const title = clean(item.title).slice(0, 300);
  return upsertItem(tx, {
    id: newId<'ReviewItem'>(),
    queue: item.queue,
    subjectKind: item.subject.kind,
    subjectId: item.subject.id,
    title,
    searched: fold([title, ...Object.values(item.facts ?? {})].join(' ')),
    path: item.path,
    businessId: item.businessId ?? null,
    facts: item.facts ?? {},
    openedAt: now(),
    dueAt: item.dueAt ?? null,
  });
};

async function settle({ now }: Deps, tx: Tx, subject: Reviewed, outcome: Outcome): Promise<boolean> {
  if (await settleItem(tx, subject, outcome, now())) return true;
  const item = await findOpenItem(tx, subject);
  if (item) throw claimed(item);
  return false;
}

/**
 * Review queues. A slice brings what an officer must look at with `put`, in the transaction that made it necessary, and
 * takes it away with `settle` in the one that decided it. Its own page, named by `path`, shows and decides the matter;
 * the queue only knows what waits, since when, until when and who holds it.
 */
export const createQueues = (deps: Deps) => {
  const { db, now } = deps;
  return {
    /**
     * Puts a subject into a queue. It waits once: brought again while it is open, title, facts, path and limit are
     * renewed, and place and holder stay.
     */
    put: (tx: Tx, item: NewItem): Promise<ReviewItemId> => put(deps, tx, item),
    /**
     * Takes a subject out of its queue; false when it was not waiting. 409 `item-claimed` when the transaction's actor is
     * a person and another officer holds the item; jobs and `withdrawn` pass.
     */
    settle: (tx: Tx, subject: Reviewed, outcome: Outcome): Promise<boolean> => settle(deps, tx, subject, outcome),
    /** Holds an item for a quarter of an hour, or for another one. 409 `item-claimed`, `item-settled`. */
    claim: (officer: Officer, itemId: string) =>
      transact(db, actorOf(officer), async (tx) => {
        const { id } = await getItem(tx, officer, itemId);
        const at = now();
        const taken = await claimItem(tx, id, officer.accountId, at, new Date(at.getTime() + CLAIM_MS));
        if (taken) return taken;
        const item = await getItem(tx, officer, itemId);
        throw item.settledAt ? refuse('item-settled') : claimed(item);
      }),
    /** The place of a subject in its queue and who holds it now; undefined when it does not wait. */
    findClaim: (subject: Reviewed, reader: Reader = db) => findClaim(reader, subject, now()),
    /** 409 `claim-required` unless the officer who acts holds what waits. */
    requireClaim: async (tx: Tx, subject: Reviewed, actor: string): Promise<void> => {
      const claim = await findClaim(tx, subject, now());
      if (claim?.heldBy && `account:${claim.heldBy}` === actor) return;
      throw refuse('claim-required', claim?.holder ? { holder: claim.holder } : {});
    },
    /** Takes the oldest that waits and is free; undefined where nothing does. 404 `queue-not-found`, 403 `queue-not-yours`. */
    claimNext: (officer: Officer, name: string): Promise<ItemRow | undefined> =>
      transact(db, actorOf(officer), (tx) => {
        const at = now();
        const until = new Date(at.getTime() + CLAIM_MS);
        return claimNext(tx, openQueue(officer, name), officer.accountId, at, until);
      }),
    /** Gives an item back. 409 `item-claimed` when somebody else holds it. */
    release: (officer: Officer, itemId: string) =>
      transact(db, actorOf(officer), async (tx) => {
        const item = await getItem(tx, officer, itemId);
        if (await releaseItem(tx, item.id, officer.accountId)) return;
        if (item.settledAt) throw refuse('item-settled');
        if (item.claimedUntil && item.claimedUntil > now()) throw claimed(item);
      }),
    /** Open items of a queue, oldest first. 404 `queue-not-found`, 403 `queue-not-yours`. */
    list: async (
      officer: Officer,
      name: string,
      { filter = {}, ...page }: { filter?: ItemFilter; limit: number; cursor?: Cursor | undefined },
    ) => {
      const queue = openQueue(officer, name);
      const q = fold(clean(filter.q ?? ''));
      const scope = { queue, filter: { ...filter, q }, officer: officer.accountId, now: now(), ...page };
      return { queue, ...(await listItems(db, scope)) };
    },
    /** Every queue of this officer, in the order of the desk, with what waits in it. */
    summarise: async (officer: Pick<Officer, 'staffRole'>) => {
      const queues = queuesOf(officer.staffRole);
      const waiting = await summariseQueues(db, queues, now());
      return queues.map(
        (queue) => waiting.find((one) => one.queue === queue) ?? { queue, waiting: 0, late: 0, oldestAt: null },
      );
    },
    listFilters: (officer: Officer, queue: Queue) => listFilters(db, officer.accountId, queue),
    /** Keeps a filter under a name; the same name replaces. 422 `filter-refused`. */
    saveFilter: (officer: Officer, queueName: string, name: string, query: string) =>
      transact(db, actorOf(officer), async (tx) => {
        const queue = openQueue(officer, queueName);
        const called = clean(name);
        const { accountId } = officer;
        const isRefused = called === '' || called.length > 40 || query.length > 500;
        if (isRefused || (await countFilters(tx, accountId, queue)) >= filtersKept) throw refuse('filter-refused');
        await saveFilter(tx, { id: newId<'QueueFilter'>(), accountId, queue, name: called, query });
      }),
    dropFilter: (officer: Officer, id: string) =>
      transact(db, actorOf(officer), async (tx) => {
        if (isId<'QueueFilter'>(id)) await deleteFilter(tx, officer.accountId, id);
      }),
  };
};
