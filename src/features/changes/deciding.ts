import type { Clock } from '#core/clock.ts';
import type { Cursor } from '#core/cursor.ts';
import type { Id } from '#core/ids.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import type { Audit } from '#features/audit/index.ts';
import type { Notices } from '#features/notices/index.ts';
import type { Applying, LiveProduct, Products } from '#features/products/index.ts';
import type { ProductId } from '#features/products/types.ts';
import type { Queues } from '#features/queues/index.ts';
import { type ChangeSetRow, listItems, lockSet, updateSet } from './queries.ts';
import { subjectOf } from './service.ts';
import { type ChangeItem, type ChangeSetId, type ChangeState, changeProblems, type VerdictReason } from './types.ts';
import { findSet, listSets } from './views.ts';

const refuse = refusals(changeProblems);
type Deps = {
  readonly db: Db;
  readonly now: Clock;
  readonly audit: Audit;
  readonly notices: Notices;
  readonly queues: Queues;
  readonly products: Pick<Products, 'lockLive' | 'findLive' | 'dropDraft' | 'listingFields' | 'currentValue'>;
  readonly applying: Applying;
};
export type Deciding = ReturnType<typeof createDeciding>;

export type Judge = { readonly accountId: Id<'Account'>; readonly address: string };
export type Verdict = {
  readonly outcome: 'approved' | 'changes-requested' | 'rejected';
  /** Of the set as the officer saw it; another one is refused. */
  readonly version: number;
  readonly reason?: VerdictReason | undefined;
  readonly reasonText?: string | undefined;
  /** Approves although the product changed meanwhile in the same fields. */
  readonly overwrite?: boolean | undefined;
  /** The product set of a listing whose seller left it open. */
  readonly categoryId?: number | undefined;
};

/** The fields whose value is no longer what it was when the change was asked for. */
const movedFields = (
  items: readonly ChangeItem[],
  live: LiveProduct | undefined,
  currentValue: Deps['products']['currentValue'],
): string[] =>
  live
    ? items
        .filter(({ field }) => !field.startsWith('variant.new.'))
        .filter(({ field, before }) => JSON.stringify(currentValue(live.fields, field)) !== JSON.stringify(before))
        .map(({ field }) => field)
    : [];

/** A no needs a reason, from the list or in words of one's own. */
function checkReason({ outcome, reason, reasonText = '' }: Verdict): {
  reason: VerdictReason | null;
  text: string | null;
} {
  const text = clean(reasonText).slice(0, 1_000);
  if (outcome === 'approved') return { reason: null, text: text || null };
  if (reason === undefined && text === '') throw refuse('reason-required');
  if (reason === 'other' && text === '') throw refuse('reason-required');
  return { reason: reason ?? 'other', text: text || null };
}

async function itemsOf(tx: Tx, id: ChangeSetId): Promise<ChangeItem[]> {
  return (await listItems(tx, [id])).map(({ field, before, after, risk, flags }) => ({
    field,
    before,
    after,
    risk,
    flags,
  }));
}

/** What officers see of change sets. */
const createSetReading = ({ db, queues, products }: Deps) => ({
  listSets: (filter: {
    readonly status?: ChangeState | undefined;
    readonly productId?: ProductId | undefined;
    readonly limit: number;
    readonly cursor?: Cursor | undefined;
  }) => listSets(db, filter),
  /** A set with its fields, what the product says of each now, and who holds it. 404 when there is none. */
  getSet: async (id: ChangeSetId) => {
    const set = await findSet(db, id);
    if (!set) throw refuse('change-set-not-found');
    const rows = await listItems(db, [id]);
    const live = await products.findLive(set.productId);
    const isOpen = set.status === 'proposed';
    const moved = isOpen ? movedFields(rows, live, products.currentValue) : [];
    const items = rows.map(({ field, before, after, risk, flags }) => ({
      field,
      before,
      after,
      risk,
      flags,
      /** Only where it is another one than the seller saw. */
      now: live && moved.includes(field) ? products.currentValue(live.fields, field) : undefined,
      moved: moved.includes(field),
    }));
    const claim = isOpen ? await queues.findClaim(subjectOf(id)) : undefined;
    return { ...set, items, claim };
  },
});

type Reason = ReturnType<typeof checkReason>;

/** The code of the list, which the notice says in its reader's language, and the officer's own words after it. */
const toldReason = (reason: VerdictReason | null, text: string) =>
  reason === null || reason === 'other' ? { reason: text, more: '' } : { reason, more: text && `. ${text}` };

type Decided = {
  readonly set: ChangeSetRow;
  readonly items: readonly ChangeItem[];
  readonly judge: Judge;
  readonly verdict: Verdict;
};

/** What officers do with change sets. Whoever decides holds the item in the queue. */
export const createDeciding = (deps: Deps) => {
  const { db, now, audit, notices, queues, products, applying } = deps;

  const approveListing = async (tx: Tx, set: ChangeSetRow, items: readonly ChangeItem[], { categoryId }: Verdict) => {
    const fields = await products.listingFields(tx, items, categoryId);
    if (fields.categoryId === null) throw refuse('category-required');
    await applying.listFirst(tx, { productId: set.productId, businessId: set.businessId, fields });
    await products.dropDraft(tx, set.productId);
  };

  const approve = async (tx: Tx, set: ChangeSetRow, verdict: Verdict): Promise<readonly ChangeItem[]> => {
    const live = await products.lockLive(tx, set.productId);
    const items = await itemsOf(tx, set.id);
    if (set.kind === 'listing' && !live) await approveListing(tx, set, items, verdict);
    else {
      const moved = movedFields(items, live, products.currentValue);
      if (moved.length > 0 && !verdict.overwrite) throw refuse('change-base-moved', { fields: moved });
      await applying.applyChanges(tx, set, items, set.productName);
    }
    return items;
  };

  const tell = (tx: Tx, set: ChangeSetRow, { outcome }: Verdict, { reason, text }: Reason): Promise<void> =>
    notices.tell(tx, {
      kind: `change.${outcome}`,
      to: { businessId: set.businessId },
      values: { product: set.productName, ...toldReason(reason, text ?? '') },
      path: `/ban-hang/san-pham/${set.productId}`,
      key: `change:${set.id}:${set.version}:${outcome}`,
    });

  /** The product first, as its seller locks it, then the set. */
  const lockProposed = async (tx: Tx, id: ChangeSetId, judge: Judge, { version }: Verdict): Promise<ChangeSetRow> => {
    const seen = await findSet(tx, id);
    if (!seen) throw refuse('change-set-not-found');
    await products.lockLive(tx, seen.productId);
    const set = await lockSet(tx, id);
    if (set?.status !== 'proposed') throw refuse('change-set-decided', { status: set?.status });
    await queues.requireClaim(tx, subjectOf(id), `account:${judge.accountId}`);
    if (set.version !== version) throw refuse('change-set-moved', { version: set.version });
    return set;
  };

  const settle = async (tx: Tx, { set, items, judge, verdict }: Decided, { reason, text }: Reason): Promise<void> => {
    const { outcome } = verdict;
    const decided = { status: outcome, decidedAt: now(), decidedBy: `account:${judge.accountId}` };
    await updateSet(tx, set.id, { ...decided, reason, reasonText: text });
    await queues.settle(tx, subjectOf(set.id), outcome);
    await audit.record(tx, {
      action: `change-set.${outcome}`,
      subject: subjectOf(set.id),
      before: Object.fromEntries(items.map(({ field, before }) => [field, before])),
      after: Object.fromEntries(items.map(({ field, after }) => [field, after])),
      reason: text ?? reason ?? undefined,
      address: judge.address,
    });
    await tell(tx, set, verdict, { reason, text });
  };

  return {
    ...createSetReading(deps),
    /** Approves, asks for changes or rejects, once. 409 without a live claim of one's own, or when it moved meanwhile. */
    decide: (judge: Judge, id: ChangeSetId, verdict: Verdict) => {
      const reason = checkReason(verdict);
      return transact(db, `account:${judge.accountId}`, async (tx) => {
        const set = await lockProposed(tx, id, judge, verdict);
        const items = verdict.outcome === 'approved' ? await approve(tx, set, verdict) : await itemsOf(tx, id);
        await settle(tx, { set, items, judge, verdict }, reason);
      });
    },
  };
};
