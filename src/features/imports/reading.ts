import { createHash } from 'node:crypto';
import { type Clock, localDate } from '#core/clock.ts';
import { growFreely } from '#core/heap.ts';
import { Problem } from '#core/problem.ts';
import { type Db, type Reader, transact } from '#db/client.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { FileStore } from '#features/files/types.ts';
import type { ProductId } from '#features/products/types.ts';
import {
  deleteImportRows,
  findImport,
  findMapping,
  type ImportRow,
  insertImportRows,
  updateImport,
} from './queries.ts';
import { keyOf } from './rules/cells.ts';
import { fingerprintOf, isMapping, mappingOf } from './rules/headings.ts';
import { countRows, createDuplicates, type Held, judge } from './rules/judging.ts';
import { type CategoryName, createReading, isBlank, type Reading, type ReadRow, readRow } from './rules/rows.ts';
import { draftSizes, type OpenItem, withOpen } from './rules/wanted.ts';
import { openSheet, type Sheet } from './sheets.ts';
import type { Counts, ImportId, JudgedRow, Mapping, RowValues } from './types.ts';
import { type HeldSize, listDrafts, listHeld } from './views.ts';

export type ReadingDeps = Finding & {
  readonly db: Db;
  readonly store: FileStore;
  readonly now: Clock;
  readonly listCategories: () => Promise<readonly CategoryName[]>;
};
/** Hears how many rows are behind the work, for a terminal that watches. */
export type OnProgress = (done: number) => void;

const actor = 'system:imports';
/** Rows that are looked up and kept in one piece: bounds memory, and lets others have the process in between. */
const chunkRows = 500;

export const mappingKey = (headings: readonly string[]): string =>
  createHash('sha256').update(fingerprintOf(headings)).digest('base64url');

const valuesOf = (size: HeldSize): RowValues => ({
  sku: size.sku,
  label: size.label,
  nameVi: size.nameVi,
  nameEn: size.nameEn,
  categoryId: size.categoryId,
  priceVnd: size.priceVnd,
  ...(size.compareAtVnd === null ? {} : { compareAtVnd: size.compareAtVnd }),
  stock: size.stock,
  unitVi: size.unitVi,
  netWeightG: size.netWeightG,
  ...(size.gtin === null ? {} : { gtin: size.gtin }),
  descriptionVi: size.descriptionVi,
  descriptionEn: size.descriptionEn,
  vatRatePercent: size.vatBps / 100,
  ingredientsVi: size.ingredientsVi,
  allergens: size.allergens,
  storage: size.storage,
  ...(size.shelfLifeDays === null ? {} : { shelfLifeDays: size.shelfLifeDays }),
  minOrder: size.minOrder,
  maxOrder: size.maxOrder,
});

const asHeld = (size: HeldSize, open: readonly OpenItem[]): Held => ({
  productId: size.productId,
  variantId: size.variantId,
  isDefault: size.position === 0,
  held: size.held,
  madeOn: size.madeOn,
  values: withOpen(valuesOf(size), size.variantId, open),
});

/** What the exchange holds, with what the seller has asked for already and an officer has not seen yet. */
export type Finding = {
  readonly listOpen: (
    ids: readonly ProductId[],
    reader: Reader,
  ) => Promise<readonly { readonly productId: ProductId; readonly items: readonly OpenItem[] }[]>;
};

/** Finds what the exchange holds under the codes of some rows: what is for sale, else what was drafted. */
export async function findHeld(
  { listOpen }: Finding,
  reader: Reader,
  businessId: BusinessId,
  rows: readonly RowValues[],
) {
  const codes = [
    ...new Set(rows.flatMap(({ sku, variantSku }) => [sku, variantSku].filter((code) => code !== undefined))),
  ];
  const sizes = await listHeld(reader, businessId, codes);
  const open = new Map(
    (await listOpen([...new Set(sizes.map(({ productId }) => productId))], reader)).map((set) => [
      set.productId,
      set.items,
    ]),
  );
  const byVariant = new Map<string, Held>();
  const byProduct = new Map<string, Held>();
  for (const { productId, fields } of await listDrafts(reader, businessId, codes)) {
    for (const size of draftSizes(productId, fields)) {
      byVariant.set(keyOf(size.values.sku ?? ''), size);
      if (size.isDefault) byProduct.set(keyOf(size.values.sku ?? ''), size);
    }
  }
  for (const size of sizes) {
    const held = asHeld(size, open.get(size.productId) ?? []);
    byVariant.set(size.variantKey, held);
    if (size.position === 0) byProduct.set(size.productKey, held);
  }
  return ({ sku, variantSku }: RowValues) => {
    const product = sku === undefined ? undefined : byProduct.get(keyOf(sku));
    if (variantSku !== undefined) return { size: byVariant.get(keyOf(variantSku)), product };
    return { size: product ?? (sku === undefined ? undefined : byVariant.get(keyOf(sku))), product };
  };
}

type Judge = (chunk: readonly { readonly row: number; readonly read: ReadRow }[]) => Promise<readonly JudgedRow[]>;

const judgeFor = (deps: ReadingDeps, businessId: BusinessId): Judge => {
  const unique = createDuplicates();
  return async (chunk) => {
    const find = await findHeld(
      deps,
      deps.db,
      businessId,
      chunk.map(({ read }) => read.values),
    );
    return chunk.map(({ row, read }) => judge(row, unique(read), find(read.values)));
  };
};

const storedRow = (importId: ImportId, judged: JudgedRow) => ({
  importId,
  ...judged,
  productKey: judged.values.sku === undefined ? '' : keyOf(judged.values.sku),
});

/** Reads the goods of a sheet in pieces, and keeps what was decided of each. */
async function readGoods(
  deps: ReadingDeps,
  { id, businessId, version }: ImportRow,
  sheet: Sheet,
  reading: Reading,
  onProgress: OnProgress,
): Promise<Counts> {
  const { db } = deps;
  const judgeChunk = judgeFor(deps, businessId);
  let counts = countRows([]);
  let chunk: { readonly row: number; readonly read: ReadRow }[] = [];
  const keep = async (): Promise<void> => {
    growFreely();
    const judged = await judgeChunk(chunk);
    counts = countRows(judged, counts);
    chunk = [];
    await transact(db, actor, async (tx) => {
      await insertImportRows(
        tx,
        judged.map((one) => storedRow(id, one)),
      );
      if (!(await updateImport(tx, id, ['reading'], { done: counts.rows }, version))) throw new TakenOverError();
    });
    onProgress(counts.rows);
  };
  let row = 0;
  for await (const record of sheet.records()) {
    row += 1;
    if (row <= (sheet.facts.headerRow ?? 1) || isBlank(record)) continue;
    chunk.push({ row, read: readRow(record, reading) });
    if (chunk.length === chunkRows) await keep();
  }
  if (chunk.length > 0) await keep();
  return counts;
}

/** What the columns mean: as this business said before of the same headings, else as they are called. */
async function chooseMapping({ db }: ReadingDeps, found: ImportRow, headings: readonly string[]): Promise<Mapping> {
  if (found.mapping) return found.mapping;
  return (await findMapping(db, found.businessId, mappingKey(headings))) ?? mappingOf(headings);
}

/** Another worker reads it, or it was called off. */
class TakenOverError extends Error {
  override readonly name = 'TakenOverError';
}

/**
 * Begins a reading, from the beginning: a worker that died left rows behind. Each reading has a version of its own, and
 * one that finds it changed ends; so of two workers with the same job the later one reads.
 */
const begin = (db: Db, { id, version }: ImportRow): Promise<void> =>
  transact(db, actor, async (tx) => {
    if (!(await updateImport(tx, id, ['reading'], { version: version + 1, done: 0 }, version)))
      throw new TakenOverError();
    await deleteImportRows(tx, id);
  });

async function read(deps: ReadingDeps, stored: ImportRow, onProgress: OnProgress): Promise<void> {
  const { db, store, now } = deps;
  await begin(db, stored);
  const found = { ...stored, version: stored.version + 1 };
  const { id, version } = found;
  const bytes = await store.read(found.key);
  if (!bytes) throw new Error(`The bytes of import ${id} are gone`);
  const sheet = await openSheet(bytes);
  const { facts } = sheet;
  const mapping = await chooseMapping(deps, found, facts.headings);
  const known = isMapping(mapping, facts.headings.length);
  const reading = createReading(mapping, facts.headings, await deps.listCategories(), localDate(now()));
  const counts = known ? await readGoods(deps, found, sheet, reading, onProgress) : null;
  const isEmpty = counts?.rows === 0;
  const ending = isEmpty ? { problem: 'sheet-empty', finishedAt: now() } : {};
  const state = isEmpty ? 'failed' : known ? 'ready' : 'mapping';
  await transact(db, actor, (tx) =>
    updateImport(tx, id, ['reading'], { state, facts, mapping, counts, ...ending }, version),
  );
}

/** Reads a sheet that was sent and decides about each row; nothing of the catalogue changes. A refusal ends the import and is kept with it. */
export async function readImport(deps: ReadingDeps, id: ImportId, onProgress: OnProgress = () => {}): Promise<void> {
  const found = await findImport(deps.db, id);
  if (found?.state !== 'reading') return;
  try {
    await read(deps, found, onProgress);
  } catch (error) {
    if (error instanceof TakenOverError) return;
    if (!(error instanceof Problem)) throw error;
    const { code, extra } = error;
    const ending = { state: 'failed' as const, problem: code, problemFacts: extra, finishedAt: deps.now() };
    await transact(deps.db, actor, async (tx) => {
      // What was read before the fault was met is of no use to anybody.
      if (await updateImport(tx, id, ['reading'], ending)) await deleteImportRows(tx, id);
    });
  }
}
