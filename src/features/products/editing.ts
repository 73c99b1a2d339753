import type { Cursor } from '#core/cursor.ts';
import { newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import type { Db, Tx } from '#db/client.ts';
import type { Events } from '#db/events.ts';
import { transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { OpenSet } from '#features/changes/index.ts';
import { countDrafts, type DraftRow, deleteDraft, findDraft, lockDraft, saveDraft } from './queries/drafts.ts';
import { saveProduct } from './queries/editing.ts';
import { lockProduct } from './queries.ts';
import { createRiskyPrices } from './risky-prices.ts';
import { emptyFields } from './rules/fields.ts';
import { createSaving, type Editor, type Locked, type Patch, type SavingDeps, wantedOf } from './saving.ts';
import { type ProductId, type ProductState, productProblems, type VariantId } from './types.ts';
import { type LiveProduct, listLive, listNames, listOwn, listPriceHistory } from './views/seller.ts';

const refuse = refusals(productProblems);
const maxDrafts = 200;

type Deps = SavingDeps & { readonly db: Db; readonly events: Events };
export type Editing = ReturnType<typeof createEditing>;
/** Sees the version that the edit was based on, and throws when it is not the current one. */
export type VersionCheck = (version: string) => void;

export type SellerState = ProductState | 'waiting' | 'changes-requested' | 'rejected';

const versionOf = (live: LiveProduct | undefined, draft: DraftRow | undefined, open: OpenSet | undefined): string =>
  live ? `p${live.version}.${open?.version ?? 0}` : `d${draft?.version ?? 0}`;

function stateOf(live: LiveProduct | undefined, open: OpenSet | undefined, rejected: boolean): SellerState {
  if (live) return live.status;
  if (open) return open.status === 'proposed' ? 'waiting' : 'changes-requested';
  return rejected ? 'rejected' : 'draft';
}

/** What shoppers see and can buy of it now. */
const shownOf = (live: LiveProduct | undefined) => ({
  slug: live?.slug ?? null,
  live: live?.fields ?? null,
  isAlcohol: live?.isAlcohol ?? false,
  stock: live?.stock ?? new Map<string, { readonly onHand: number; readonly held: number }>(),
});

/** What a seller sees of their own products. Another's id is the same 404 as a missing one. */
const createOwnReading = ({ db, changes }: Deps) => ({
  list: ({ businessIds }: Pick<Editor, 'businessIds'>, limit: number, cursor?: Cursor) =>
    listOwn(db, businessIds, limit, cursor),
  get: async ({ businessIds }: Pick<Editor, 'businessIds'>, id: ProductId) => {
    const [live] = await listLive(db, [id], businessIds);
    const draft = await findDraft(db, id, businessIds);
    const owner = live ?? draft;
    if (!owner) throw refuse('product-not-found');
    const [open] = await changes.listOpen([id]);
    const [last] = await changes.listLastVerdicts([id]);
    return {
      productId: id,
      businessId: owner.businessId,
      state: stateOf(live, open, last?.status === 'rejected'),
      version: versionOf(live, draft, open),
      fields: draft?.fields ?? (live ? wantedOf(live, open) : emptyFields),
      typed: draft?.typed ?? {},
      hasDraft: draft !== undefined && live !== undefined,
      ...shownOf(live),
      waiting: open?.items ?? [],
      /** What an officer said last, if it was no yes. */
      verdict: last?.status === 'rejected' || last?.status === 'changes-requested' ? last : null,
    };
  },
  /** The businesses for which the caller may add products, by name. */
  listBusinesses: ({ businessIds }: Pick<Editor, 'businessIds'>) => listNames(db, businessIds),
  priceHistory: (id: ProductId) => listPriceHistory(db, id, 20),
});

function createLocking({ changes }: Deps) {
  return {
    lockLive: async (tx: Tx, id: ProductId, { businessIds }: Editor): Promise<Locked | undefined> => {
      await lockProduct(tx, id);
      const [live] = await listLive(tx, [id], businessIds);
      const [open] = live ? await changes.listOpen([id], tx) : [];
      return live && { live, open };
    },
    getDraft: async (tx: Tx, id: ProductId, { businessIds }: Editor): Promise<DraftRow> => {
      const draft = await lockDraft(tx, id, businessIds);
      if (!draft) throw refuse('product-not-found');
      return draft;
    },
  };
}

/** Drafts: what was typed and is nobody's business yet. */
function createDrafting(deps: Deps) {
  const { db, now, changes } = deps;
  const { recordAssisted } = createSaving(deps);
  const { lockLive, getDraft } = createLocking(deps);
  return {
    /** Opens a draft, which nobody but the business sees. */
    create: (editor: Editor, businessId: BusinessId, patch: Patch, typed: DraftRow['typed'] = {}) =>
      transactAsSeller(db, editor, async (tx) => {
        if (!editor.businessIds.includes(businessId)) throw refuse('product-not-found');
        if ((await countDrafts(tx, businessId)) >= maxDrafts) throw refuse('drafts-full');
        const productId = newId<'Product'>();
        await saveDraft(tx, { productId, businessId, fields: patch(emptyFields), typed }, now());
        await recordAssisted(tx, editor, { productId, businessId }, 'product.drafted', {});
        return productId;
      }),
    /** Keeps what was typed, whether it can be read or not. */
    keep: (editor: Editor, id: ProductId, patch: Patch, typed: DraftRow['typed']) =>
      transactAsSeller(db, editor, async (tx) => {
        const locked = await lockLive(tx, id, editor);
        const draft = await lockDraft(tx, id, editor.businessIds);
        const businessId = locked?.live.businessId ?? draft?.businessId;
        if (!businessId) throw refuse('product-not-found');
        const base = draft?.fields ?? (locked ? wantedOf(locked.live, locked.open) : emptyFields);
        await saveDraft(tx, { productId: id, businessId, fields: patch(base), typed }, now());
      }),
    /** Throws away what was typed and not sent; a draft that nobody has seen goes whole, with what it waits for. */
    discard: (editor: Editor, id: ProductId) =>
      transactAsSeller(db, editor, async (tx) => {
        const live = await lockLive(tx, id, editor);
        const draft = await getDraft(tx, id, editor);
        if (!live) await changes.withdraw(tx, id);
        await deleteDraft(tx, id);
        await recordAssisted(tx, editor, draft, 'product.draft-discarded', {});
      }),
  };
}

/** What a seller does with the products of their own businesses. */
export const createEditing = (deps: Deps) => {
  const { db, now, changes, events } = deps;
  const { saveLive, proposeListing, recordAssisted } = createSaving(deps);
  const { lockLive, getDraft } = createLocking(deps);

  const switchState = (editor: Editor, id: ProductId, [from, to]: readonly ProductState[], action: string) =>
    transactAsSeller(db, editor, async (tx) => {
      const locked = await lockLive(tx, id, editor);
      if (!locked) throw refuse('product-not-found');
      const { live } = locked;
      if (live.status === 'taken-down') throw refuse('product-taken-down');
      if (live.status !== from) throw refuse('product-state-refused', { state: live.status });
      await saveProduct(tx, id, { ...(to && { status: to }), updatedAt: now() });
      await events.add(tx, { type: 'product.changed', productId: id });
      await recordAssisted(tx, editor, live, action, { state: to });
    });

  return {
    ...createOwnReading(deps),
    ...createDrafting(deps),
    ...createRiskyPrices(deps),
    /** Changes a product, or its draft while nobody has seen it. 422 `product-invalid` names every fault. */
    save: (editor: Editor, id: ProductId, patch: Patch, check: VersionCheck) =>
      transactAsSeller(db, editor, async (tx) => {
        const locked = await lockLive(tx, id, editor);
        if (locked) {
          check(versionOf(locked.live, undefined, locked.open));
          return saveLive(tx, editor, locked, patch);
        }
        const draft = await getDraft(tx, id, editor);
        const [open] = await changes.listOpen([id], tx);
        check(versionOf(undefined, draft, open));
        const fields = patch(draft.fields);
        if (open?.status === 'proposed') await proposeListing(tx, editor, draft, fields);
        else await saveDraft(tx, { ...draft, fields, typed: {} }, now());
        return { applied: [], waiting: [] };
      }),
    /** As `save` does with what is for sale, in a transaction of the caller's. 404 for another's. */
    saveIn: async (tx: Tx, editor: Editor, id: ProductId, patch: Patch) => {
      const locked = await lockLive(tx, id, editor);
      if (!locked) throw refuse('product-not-found');
      return saveLive(tx, editor, locked, patch);
    },
    /** Asks an officer for new prices of some sizes of a product, in a transaction of the caller's. */
    proposePrices: async (
      tx: Tx,
      { actor, businessIds }: Pick<Editor, 'actor' | 'businessIds'>,
      id: ProductId,
      prices: ReadonlyMap<VariantId, Vnd>,
    ): Promise<void> => {
      const editor = { actor, businessIds, assisted: [], address: '' };
      const locked = await lockLive(tx, id, editor);
      if (!locked) throw refuse('product-not-found');
      await saveLive(tx, editor, locked, (fields) => ({
        ...fields,
        variants: fields.variants.map((size) => ({
          ...size,
          priceVnd: (size.variantId && prices.get(size.variantId)) ?? size.priceVnd,
        })),
      }));
    },
    /** Drafts a product and hands it in at once, or hands a draft in again; in a transaction of the caller's. */
    handIn: async (tx: Tx, editor: Editor, businessId: BusinessId, patch: Patch, id?: ProductId): Promise<void> => {
      const blank = { productId: newId<'Product'>(), businessId, fields: emptyFields, typed: {} };
      const draft = id ? await getDraft(tx, id, editor) : blank;
      await proposeListing(tx, editor, draft, patch(draft.fields));
    },
    /** Hands a draft in. Nothing is shown before an officer has agreed. */
    submit: (editor: Editor, id: ProductId) =>
      transactAsSeller(db, editor, async (tx) => {
        const locked = await lockLive(tx, id, editor);
        if (locked) throw refuse('product-state-refused', { state: locked.live.status });
        const draft = await getDraft(tx, id, editor);
        await proposeListing(tx, editor, draft, draft.fields);
      }),
    /** Takes back what waits for an officer; the product stays as it is. */
    takeBack: (editor: Editor, id: ProductId) =>
      transactAsSeller(db, editor, async (tx) => {
        if (!(await lockLive(tx, id, editor))) await getDraft(tx, id, editor);
        await changes.withdraw(tx, id);
      }),
    withdraw: (editor: Editor, id: ProductId) => switchState(editor, id, ['listed', 'withdrawn'], 'product.withdrawn'),
    restore: (editor: Editor, id: ProductId) => switchState(editor, id, ['withdrawn', 'listed'], 'product.restored'),
  };
};
