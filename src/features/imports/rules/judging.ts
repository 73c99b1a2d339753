import type { ProductId, VariantId } from '#features/products/types.ts';
import {
  type Changes,
  type Counts,
  type Field,
  isNoGoods,
  isRejection,
  type JudgedRow,
  type Reason,
  type ReasonCode,
  type RowValues,
  type ValueName,
  type Verdict,
} from '../types.ts';
import { keyOf } from './cells.ts';
import type { ReadRow } from './rows.ts';
import { sameText } from './text.ts';

/** What the exchange holds under a code of the business: one size of a product. */
export type Held = {
  readonly productId: ProductId;
  /** Null in a draft, whose sizes are made when an officer has agreed. */
  readonly variantId: VariantId | null;
  readonly isDefault: boolean;
  /** How many shoppers hold: stock cannot go below it. */
  readonly held: number;
  readonly values: RowValues;
  /** The days of making of which there is a batch; null in a draft, which can have none. */
  readonly madeOn: readonly string[] | null;
};

/** What is found by the code of a row: its size, or at least its product. */
export type Finder = (values: RowValues) => { readonly size: Held | undefined; readonly product: Held | undefined };

const needed: readonly (readonly [ValueName, Field, ReasonCode])[] = [
  ['nameVi', 'nameVi', 'NAME_MISSING'],
  ['priceVnd', 'priceVnd', 'PRICE_MISSING'],
  ['categoryId', 'category', 'CATEGORY_MISSING'],
];

/** What a new product needs beyond what its row says; a fault of the row itself is told once. */
function completeNew(values: RowValues, reasons: readonly Reason[]): { values: RowValues; reasons: readonly Reason[] } {
  const told = new Set(reasons.filter(({ code }) => isRejection(code)).map(({ field }) => field));
  const lacking = needed
    .filter(([name, field]) => values[name] === undefined && !told.has(field))
    .map(([, field, code]): Reason => ({ field, code }));
  const added: Reason[] = [];
  const complete = { ...values };
  if (values.stock === undefined && !told.has('stock')) {
    Object.assign(complete, { stock: 0 });
    added.push({ field: 'stock', code: 'STOCK_DEFAULTED' });
  }
  if (values.unitVi === undefined && !told.has('unitVi')) {
    Object.assign(complete, { unitVi: 'sản phẩm' });
    added.push({ field: 'unitVi', code: 'UNIT_DEFAULTED' });
  }
  return { values: complete, reasons: [...reasons, ...lacking, ...added] };
}

/** By which a row is found, and which no sheet changes. */
const keys: readonly string[] = ['sku', 'variantSku'];

const isSame = (from: unknown, to: unknown): boolean => {
  if (typeof from === 'string' && typeof to === 'string') return sameText(from, to);
  return Array.isArray(from) && Array.isArray(to) ? [...from].sort().join() === [...to].sort().join() : from === to;
};

/** What is there of what a row may say. A day of making is there once a batch has it, and is none of a draft's. */
function shownOf({ madeOn, values }: Held, name: string, to: unknown): unknown {
  if (name !== 'producedOn') return values[name as ValueName];
  return madeOn === null || madeOn.includes(String(to)) ? to : madeOn.at(-1);
}

/** What the row would change about what is there. */
export function changesOf(held: Held, values: RowValues): Changes {
  const pairs = Object.entries(values).flatMap(([name, to]) => {
    const from = shownOf(held, name, to);
    return keys.includes(name) || isSame(from, to) ? [] : [[name, { from: from ?? null, to }] as const];
  });
  return Object.fromEntries(pairs);
}

/** Whether what is there is still what the preview showed, as far as the row would change it. */
export const isStill = (held: Held, changes: Changes): boolean =>
  Object.entries(changes).every(([name, { from, to }]) => isSame(shownOf(held, name, to) ?? null, from));

/** Of what is there already a sheet need not say everything: a cell that is empty leaves it as it is. */
const leavesOpen = ({ field, code }: Reason): boolean =>
  needed.some(([, own, missing]) => own === field && missing === code);

const refusedFor = (reasons: readonly Reason[]): boolean => reasons.some(({ code }) => isRejection(code));

function judgeHeld(row: number, read: ReadRow, size: Held): JudgedRow {
  const { stock } = read.values;
  const belowHeld = stock !== undefined && stock < size.held && stock !== size.values.stock;
  const said = read.reasons.filter((reason) => !leavesOpen(reason));
  const reasons = belowHeld ? [...said, { field: 'stock', code: 'STOCK_BELOW_HELD' } as const] : said;
  const changes = changesOf(size, read.values);
  const verdict: Verdict = refusedFor(reasons) ? 'error' : Object.keys(changes).length > 0 ? 'changed' : 'unchanged';
  return { row, verdict, values: read.values, reasons, changes, productId: size.productId, variantId: size.variantId };
}

/** Decides about a row that was read: new, changed, unchanged, or why not. */
export function judge(row: number, read: ReadRow, { size, product }: ReturnType<Finder>): JudgedRow {
  if (size) return judgeHeld(row, read, size);
  const isGoods = read.values.sku !== undefined || !read.reasons.some(({ code }) => isNoGoods(code));
  const unknownSize: Reason[] = product ? [{ field: 'variantSku', code: 'VARIANT_UNKNOWN' }] : [];
  const { values, reasons } =
    isGoods && !product
      ? completeNew(read.values, read.reasons)
      : { ...read, reasons: [...read.reasons, ...unknownSize] };
  const verdict: Verdict = refusedFor(reasons) ? 'error' : 'new';
  return { row, verdict, values, reasons, changes: {}, productId: null, variantId: null };
}

/** The code that tells rows of one file apart: the size's own, or the product's. */
export const rowKey = ({ sku, variantSku }: RowValues): string | undefined => {
  const code = variantSku ?? sku;
  return code === undefined ? undefined : keyOf(code);
};

/** Remembers the codes of a file as it is read, and refuses the later of two alike. */
export function createDuplicates(): (read: ReadRow) => ReadRow {
  const seen = new Set<string>();
  return (read) => {
    const key = rowKey(read.values);
    if (key === undefined) return read;
    if (!seen.has(key)) {
      seen.add(key);
      return read;
    }
    return {
      ...read,
      reasons: [
        ...read.reasons,
        { field: read.values.variantSku === undefined ? 'sku' : 'variantSku', code: 'SKU_DUPLICATE' },
      ],
    };
  };
}

/** What is said of a row first: why it is refused, else what was put right. */
export const firstReason = (reasons: readonly Reason[]): Reason | undefined =>
  reasons.find(({ code }) => isRejection(code)) ?? reasons[0];

export function countRows(rows: readonly JudgedRow[], before?: Counts): Counts {
  const counts = { rows: 0, error: 0, new: 0, changed: 0, unchanged: 0, repaired: 0, blocking: 0, ...before };
  for (const { verdict, reasons } of rows) {
    counts.rows += 1;
    counts[verdict] += 1;
    if (verdict === 'error' && !reasons.some(({ code }) => isNoGoods(code))) counts.blocking += 1;
    if (verdict !== 'error' && reasons.length > 0) counts.repaired += 1;
  }
  return counts;
}
