import type { Clock } from '#core/clock.ts';
import { type Id, newId } from '#core/ids.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { type Db, type Tx, transact } from '#db/client.ts';
import { readAsSeller, type SellerScope, transactAsSeller } from '#db/seller.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { ProductId, VariantId } from '#features/products/types.ts';
import { deleteOldEdits, findTableEdits, insertTableEdits, markUndone } from './queries.ts';
import { decideRow, type RowOutcome, type TableWish, UNDO_MS, undoStep } from './rules/table.ts';
import type { Stock } from './service.ts';
import { type MovementReason, stockProblems, type TableEditId, type TableEntry } from './types.ts';
import { findTableRows, listTable, lockTableRows, type TableRow } from './views.ts';

const refuse = refusals(stockProblems);
/** A day longer than anybody may take back, for whoever asks what happened. */
const keptMs = 86_400_000;

export type Wish = TableWish & { readonly variantId: VariantId };
export type SavedRow = {
  readonly variantId: VariantId;
  readonly outcome: RowOutcome;
  /** What is true now, after the save. */
  readonly priceVnd: Vnd | null;
  readonly onHand: number | null;
  readonly held: number | null;
  readonly name: string;
};
export type Saved = {
  readonly editId: TableEditId | null;
  readonly undoUntil: Date | null;
  readonly rows: readonly SavedRow[];
};

type PriceEdit = {
  readonly productId: ProductId;
  readonly variantId: VariantId;
  readonly price?: { readonly priceVnd: Vnd; readonly compareAtVnd: Vnd | null };
};
type Deps = {
  readonly db: Db;
  readonly stock: Pick<Stock, 'countAll'>;
  readonly now: Clock;
  /** Changes prices, and tells lists, search and partners of every product named. */
  readonly editSizes: (tx: Tx, edits: readonly PriceEdit[]) => Promise<void>;
  /** Of new prices, those that are for an officer to look at. */
  readonly listRiskyPrices: (
    tx: Tx,
    prices: readonly { readonly variantId: VariantId; readonly before: Vnd; readonly after: Vnd }[],
  ) => Promise<ReadonlySet<VariantId>>;
  /** Asks an officer for the new prices of a product. */
  readonly proposePrices: (
    tx: Tx,
    seller: SellerScope,
    productId: ProductId,
    prices: ReadonlyMap<VariantId, Vnd>,
  ) => Promise<void>;
};
export type PriceTable = ReturnType<typeof createPriceTable>;

type Decided = { readonly row: TableRow; readonly decision: ReturnType<typeof decideRow> };

const entryOf = ({ row, decision }: Decided): TableEntry => ({
  variantId: row.variantId,
  ...(decision.priceVnd === undefined
    ? {}
    : { price: { before: row.priceVnd, after: decision.priceVnd, compareAtVnd: row.compareAtVnd } }),
  ...(decision.onHand === undefined ? {} : { stock: { before: row.onHand, after: decision.onHand } }),
});

/** A struck-out price that is no longer above the price says nothing. */
const compareAt = (priceVnd: Vnd, before: Vnd | null): Vnd | null =>
  before !== null && before > priceVnd ? before : null;

async function write(
  { stock, editSizes }: Deps,
  tx: Tx,
  decided: readonly Decided[],
  reason: MovementReason,
  editId: string,
) {
  const counts = decided.flatMap(({ row, decision }) =>
    decision.onHand === undefined ? [] : [{ variantId: row.variantId, onHand: decision.onHand }],
  );
  await stock.countAll(tx, counts, reason, editId);
  await editSizes(
    tx,
    decided.map(({ row: { productId, variantId, compareAtVnd }, decision: { priceVnd } }) => ({
      productId,
      variantId,
      ...(priceVnd === undefined ? {} : { price: { priceVnd, compareAtVnd: compareAt(priceVnd, compareAtVnd) } }),
    })),
  );
}

const savedRow = ({ row, decision }: Decided): SavedRow => ({
  variantId: row.variantId,
  outcome: decision.outcome,
  priceVnd: decision.priceVnd ?? row.priceVnd,
  onHand: decision.onHand ?? row.onHand,
  held: row.held,
  name: row.name,
});
const missingRow = (variantId: VariantId): SavedRow => ({
  variantId,
  outcome: 'not-found',
  priceVnd: null,
  onHand: null,
  held: null,
  name: '',
});

function byBusiness(decided: readonly Decided[]): ReadonlyMap<BusinessId, readonly Decided[]> {
  const groups = new Map<BusinessId, Decided[]>();
  for (const one of decided) groups.set(one.row.businessId, [...(groups.get(one.row.businessId) ?? []), one]);
  return groups;
}

/** Prices beyond what may change at once wait for an officer; the rest of their row is saved. */
async function setAside(
  deps: Deps,
  tx: Tx,
  seller: SellerScope,
  decided: readonly Decided[],
): Promise<readonly Decided[]> {
  const asked = decided.flatMap(({ row, decision: { priceVnd } }) =>
    priceVnd === undefined ? [] : [{ variantId: row.variantId, before: row.priceVnd, after: priceVnd }],
  );
  const risky = asked.length > 0 ? await deps.listRiskyPrices(tx, asked) : new Set<VariantId>();
  if (risky.size === 0) return decided;
  const byProduct = new Map<ProductId, Map<VariantId, Vnd>>();
  for (const { row, decision } of decided) {
    if (!risky.has(row.variantId) || decision.priceVnd === undefined) continue;
    const prices = byProduct.get(row.productId) ?? new Map<VariantId, Vnd>();
    byProduct.set(row.productId, prices.set(row.variantId, decision.priceVnd));
  }
  for (const [productId, prices] of byProduct) await deps.proposePrices(tx, seller, productId, prices);
  return decided.map(({ row, decision: { priceVnd, ...rest } }) =>
    risky.has(row.variantId)
      ? { row, decision: { ...rest, outcome: 'waits' as const } }
      : { row, decision: { ...rest, ...(priceVnd === undefined ? {} : { priceVnd }) } },
  );
}

const isWritten = ({ decision }: Decided): boolean => decision.priceVnd !== undefined || decision.onHand !== undefined;

async function save(deps: Deps, seller: SellerScope, wishes: readonly Wish[], reason: MovementReason): Promise<Saved> {
  const at = deps.now();
  return transactAsSeller(deps.db, seller, async (tx) => {
    const rows = new Map(
      (
        await lockTableRows(
          tx,
          wishes.map(({ variantId }) => variantId),
          seller.businessIds,
        )
      ).map((row) => [row.variantId, row]),
    );
    const wished = wishes.flatMap((wish): Decided[] => {
      const row = rows.get(wish.variantId);
      return row ? [{ row, decision: decideRow(row, wish) }] : [];
    });
    const decided = await setAside(deps, tx, seller, wished);
    const changed = decided.filter(isWritten);
    const editId: TableEditId | null = changed.length > 0 ? newId() : null;
    if (editId) {
      await write(deps, tx, changed, reason, editId);
      // A row a business, so that each of them sees its own and a member of one cannot take back another's.
      await insertTableEdits(
        tx,
        [...byBusiness(changed)].map(([businessId, own]) => ({
          id: newId<'TableEditPart'>(),
          editId,
          businessId,
          actor: seller.actor,
          entries: own.map(entryOf),
          savedAt: at,
        })),
      );
    }
    const told = new Map(decided.map((one) => [one.row.variantId, savedRow(one)]));
    return {
      editId,
      undoUntil: editId && new Date(at.getTime() + UNDO_MS),
      rows: wishes.map(({ variantId }) => told.get(variantId) ?? missingRow(variantId)),
    };
  });
}

async function undo(deps: Deps, seller: SellerScope, editId: TableEditId): Promise<number> {
  const at = deps.now();
  return transactAsSeller(deps.db, seller, async (tx) => {
    const parts = await findTableEdits(tx, editId, seller.businessIds);
    const [first] = parts;
    if (!first) throw refuse('table-edit-not-found');
    if (first.undoneAt || at.getTime() - first.savedAt.getTime() > UNDO_MS) throw refuse('undo-too-late');
    const entries = new Map(parts.flatMap((part) => part.entries).map((entry) => [entry.variantId, entry]));
    const rows = await lockTableRows(tx, [...entries.keys()] as VariantId[], seller.businessIds);
    const decided = rows.flatMap((row): Decided[] => {
      const entry = entries.get(row.variantId);
      const step = entry ? undoStep(row, entry) : {};
      return Object.keys(step).length > 0 ? [{ row, decision: { outcome: 'saved', ...step } }] : [];
    });
    await write(deps, tx, decided, 'undo', editId);
    if (!(await markUndone(tx, editId, at))) throw refuse('undo-too-late');
    return decided.length;
  });
}

/** Prices and stock of many goods at once, with ten minutes to think better of it. */
export const createPriceTable = (deps: Deps) => ({
  list: (businessIds: readonly BusinessId[], q: string, after: string, limit: number) =>
    readAsSeller(deps.db, businessIds, async (reader) => {
      const rows = await listTable(reader, businessIds, q, after, limit + 1);
      return { items: rows.slice(0, limit), next: rows.length > limit ? (rows[limit - 1]?.sku ?? null) : null };
    }),
  find: (businessIds: readonly BusinessId[], ids: readonly VariantId[]) =>
    ids.length === 0
      ? Promise.resolve([])
      : readAsSeller(deps.db, businessIds, (reader) => findTableRows(reader, ids, businessIds)),
  /** Saves the rows that were changed; those that somebody else changed meanwhile are left as they are and told of. */
  save: (seller: SellerScope, wishes: readonly Wish[], reason: MovementReason): Promise<Saved> =>
    save(deps, seller, wishes, reason),
  /** Takes a save back, as far as nobody has changed it since; how many rows. 404, 409 `undo-too-late`. */
  undo: (seller: SellerScope, editId: TableEditId): Promise<number> => undo(deps, seller, editId),
  /** Forgets what nobody can take back any more. */
  forgetOld: (): Promise<void> =>
    transact(deps.db, 'system:stock', (tx) => deleteOldEdits(tx, new Date(deps.now().getTime() - keptMs))),
  /** Whether a save can still be taken back, for the page that offers it. */
  findUndo: (businessIds: readonly Id<'Business'>[], editId: TableEditId): Promise<Date | undefined> =>
    readAsSeller(deps.db, businessIds, async (reader) => {
      const [first] = await findTableEdits(reader, editId, businessIds);
      const until = first && new Date(first.savedAt.getTime() + UNDO_MS);
      return until && !first.undoneAt && until > deps.now() ? until : undefined;
    }),
});
