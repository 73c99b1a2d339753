import { type Clock, hourMs, localDate } from '#core/clock.ts';
import { newId } from '#core/ids.ts';
import type { Db, Reader, Tx } from '#db/client.ts';
import type { FieldChange, ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import {
  type ChangeSetRow,
  insertSet,
  listItems,
  listLastVerdicts,
  listOpenSets,
  lockOpenSet,
  replaceItems,
  updateSet,
} from './queries.ts';
import { flagsOf } from './rules/flags.ts';
import { type PriceFacts, riskOf } from './rules/risk.ts';
import type { ChangeItem, ChangeKind, ChangeSetId, Subject } from './types.ts';

export type Changes = ReturnType<typeof createChanges>;
type Deps = { readonly db: Db; readonly queues: Queues; readonly now: Clock };

/** A seller learns within a working day; what the filter marked is looked at first. */
const limitMs = { plain: 24 * hourMs, flagged: 4 * hourMs } as const;

export const subjectOf = (id: ChangeSetId) => ({ kind: 'change-set', id }) as const;

/** A set with what it asks for, as its seller and the officers see it. */
export type OpenSet = ChangeSetRow & { readonly items: readonly ChangeItem[] };

async function withItems(reader: Reader, sets: readonly ChangeSetRow[]): Promise<OpenSet[]> {
  if (sets.length === 0) return [];
  const all = await listItems(
    reader,
    sets.map((set) => set.id),
  );
  return sets.map((set) => ({
    ...set,
    items: all
      .filter((item) => item.setId === set.id)
      .map(({ field, before, after, risk, flags }) => ({ field, before, after, risk, flags })),
  }));
}

async function enqueue({ queues, now }: Deps, tx: Tx, setId: ChangeSetId, proposal: Proposal, flagCount: number) {
  const { subject, kind, changes } = proposal;
  await queues.put(tx, {
    queue: 'changes',
    subject: subjectOf(setId),
    title: subject.name,
    path: `/quan-tri/thay-doi/${setId}`,
    businessId: subject.businessId,
    dueAt: new Date(now().getTime() + (flagCount > 0 ? limitMs.flagged : limitMs.plain)),
    facts: {
      kind,
      fields: String(changes.length),
      ...(flagCount > 0 && { flags: String(flagCount) }),
    },
  });
}

export type Proposal = {
  readonly subject: Subject;
  readonly kind: ChangeKind;
  readonly changes: readonly FieldChange[];
};

export const createChanges = (deps: Deps) => {
  const { db, queues, now } = deps;
  const itemsOf = (changes: readonly FieldChange[], risk: ChangeItem['risk']): ChangeItem[] => {
    const today = localDate(now());
    return changes.map((change) => ({ ...change, risk, flags: flagsOf(change.field, change.after, today) }));
  };
  const rowOf = ({ subject, kind }: Proposal, id: ChangeSetId, flagCount: number) => ({
    id,
    productId: subject.productId,
    businessId: subject.businessId,
    productName: subject.name,
    kind,
    flagCount,
    proposedAt: now(),
  });
  const withdraw = async (tx: Tx, productId: ProductId): Promise<void> => {
    const set = await lockOpenSet(tx, productId);
    if (!set) return;
    await updateSet(tx, set.id, { status: 'withdrawn', decidedAt: now(), decidedBy: null });
    await queues.settle(tx, subjectOf(set.id), 'withdrawn');
  };

  return {
    /** Which of these changes apply at once, and which wait. */
    sort: (changes: readonly FieldChange[], facts: Omit<PriceFacts, 'today'>) => {
      const today = localDate(now());
      const isLow = (change: FieldChange): boolean => riskOf(change, { ...facts, today }) === 'low';
      return { low: changes.filter(isLow), high: changes.filter((change) => !isLow(change)) };
    },
    /** The words that the filter would mark, for a seller to see before an officer does. */
    flagsOf: (changes: readonly Pick<FieldChange, 'field' | 'after'>[]) =>
      changes.flatMap(({ field, after }) => flagsOf(field, after, localDate(now()))),
    /**
     * Asks an officer for these changes, which are all that the seller wants of the product now: an open set is replaced,
     * and withdrawn when nothing is left of it. An officer who has it open must look again.
     */
    propose: async (tx: Tx, proposal: Proposal): Promise<ChangeSetId | null> => {
      const { subject, changes } = proposal;
      if (changes.length === 0) {
        await withdraw(tx, subject.productId);
        return null;
      }
      const items = itemsOf(changes, 'high');
      const flagCount = items.reduce((sum, item) => sum + item.flags.length, 0);
      const set = await lockOpenSet(tx, subject.productId);
      const id = set?.id ?? newId<'ChangeSet'>();
      const row = rowOf(proposal, id, flagCount);
      if (set) {
        const asked = { status: 'proposed' as const, decidedAt: null, decidedBy: null, reason: null, reasonText: null };
        await updateSet(tx, id, { ...row, ...asked });
      } else await insertSet(tx, { ...row, status: 'proposed' });
      await replaceItems(tx, id, items);
      await enqueue(deps, tx, id, proposal, flagCount);
      return id;
    },
    /** Writes down what applied at once, so that the history of a product has no gaps. */
    recordApplied: async (tx: Tx, proposal: Proposal): Promise<void> => {
      if (proposal.changes.length === 0) return;
      const id = newId<'ChangeSet'>();
      const applied = { status: 'approved' as const, automatic: true, decidedAt: now() };
      await insertSet(tx, { ...rowOf(proposal, id, 0), ...applied });
      await replaceItems(tx, id, itemsOf(proposal.changes, 'low'));
    },
    /** Takes back what a product waits for. */
    withdraw,
    listOpen: async (productIds: readonly ProductId[], reader: Reader = db) =>
      withItems(reader, await listOpenSets(reader, productIds)),
    listLastVerdicts: (productIds: readonly ProductId[]) => listLastVerdicts(db, productIds),
  };
};
