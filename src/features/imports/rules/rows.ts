import type { Vnd } from '#core/money.ts';
import { clean, fold } from '#core/vietnamese.ts';
import type { Cell, Field, Mapping, Reason, RowValues, ValueName } from '../types.ts';
import * as cells from './cells.ts';
import { cellText, factorOf } from './headings.ts';

/** A product set as rows name it. */
export type CategoryName = {
  readonly id: number;
  readonly slug: string;
  readonly nameVi: string;
  readonly nameEn: string;
  readonly isTourism: boolean;
};

/** What a row is read by: what its columns mean, what they are called, and which product sets there are. */
export type Reading = {
  readonly mapping: Mapping;
  readonly headings: readonly string[];
  /** `YYYY-MM-DD` in Vietnam: nothing was made after it. */
  readonly today: string;
  readonly categoryOf: (text: string) => { readonly category: CategoryName; readonly exact: boolean } | undefined;
};

export type ReadRow = { readonly values: RowValues; readonly reasons: readonly Reason[] };

export function createReading(
  mapping: Mapping,
  headings: readonly string[],
  categories: readonly CategoryName[],
  today: string,
): Reading {
  const exact = new Map(categories.map((category) => [category.nameVi, category]));
  const plain = (text: string): string =>
    fold(clean(text))
      .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
      .trim();
  const known = new Map(
    categories.flatMap((category) =>
      [category.nameVi, category.nameEn, category.slug, String(category.id)].map(
        (name) => [plain(name), category] as const,
      ),
    ),
  );
  return {
    mapping,
    headings,
    today,
    categoryOf: (text) => {
      const same = exact.get(text);
      if (same) return { category: same, exact: true };
      const similar = known.get(plain(text));
      return similar && { category: similar, exact: false };
    },
  };
}

export const isBlank = (record: readonly Cell[]): boolean => record.every((cell) => cellText(cell).trim() === '');

/** Spaces and accents beside, two spellings of a heading are of about one length: most cells need no closer look. */
const lengthApart = 6;
const isHeading = (text: string, heading: string): boolean =>
  Math.abs(text.length - heading.length) <= lengthApart && fold(clean(text)) === fold(clean(heading));

/** The headings once more, as where two sheets were pasted into one. */
function isRepeatedHeading(record: readonly Cell[], { mapping, headings }: Reading): boolean {
  const columns = Object.values(mapping);
  const sku = mapping.sku ?? -1;
  // A row of headings has the heading of the codes where others have a code.
  if (!isHeading(cellText(record[sku]), headings[sku] ?? '')) return false;
  const same = columns.filter((column) => isHeading(cellText(record[column]), headings[column] ?? ''));
  return columns.length > 1 && same.length >= columns.length * 0.6;
}

const totals = /^(?:tong|tong cong|tong so|cong|cong don|total|grand total|sum)\s*:?$/;

/** `Tổng cộng` under the goods: no code, and a word for a sum in some cell. */
const isTotal = (record: readonly Cell[], { mapping }: Reading): boolean =>
  cellText(record[mapping.sku ?? -1]).trim() === '' &&
  record.some((cell) => typeof cell === 'string' && totals.test(fold(clean(cell))));

type Collected = { readonly values: Record<string, unknown>; readonly reasons: Reason[] };
type Reader = (
  cell: Cell,
  reading: Reading,
  heading: string,
  values: Readonly<Record<string, unknown>>,
) => cells.Read<unknown>;

const words =
  (most: number): Reader =>
  (cell) =>
    cells.readWords(cell, most);
const category: Reader = (cell, { categoryOf }) => {
  const text = cells.readWords(cell, 300, 'CATEGORY_UNKNOWN');
  if (!text || 'fault' in text) return text;
  const found = categoryOf(text.value);
  if (!found) return { fault: 'CATEGORY_UNKNOWN' };
  return { value: found.category.id, repairs: found.exact ? text.repairs : ['CATEGORY_MATCHED'] };
};
const weight: Reader = (cell, { categoryOf }, heading, { categoryId }) =>
  cells.readWeight(
    cell,
    factorOf('netWeightG', heading),
    categoryOf(String(categoryId))?.category.isTourism ?? categoryId === undefined,
  );

/** How each content is read, in the order in which faults are told: what a row is, then what it costs. */
const readers: readonly (readonly [Field, ValueName, Reader])[] = [
  ['sku', 'sku', cells.readSku],
  ['variantSku', 'variantSku', cells.readSku],
  ['nameVi', 'nameVi', (cell) => cells.readWords(cell, 200, 'NAME_TOO_LONG')],
  ['nameEn', 'nameEn', (cell) => cells.readWords(cell, 200, 'NAME_TOO_LONG')],
  ['label', 'label', words(100)],
  ['category', 'categoryId', category],
  ['priceVnd', 'priceVnd', (cell, _reading, heading) => cells.readPrice(cell, factorOf('priceVnd', heading))],
  [
    'compareAtVnd',
    'compareAtVnd',
    (cell, _reading, heading) => cells.readPrice(cell, factorOf('compareAtVnd', heading)),
  ],
  ['stock', 'stock', cells.readStock],
  ['unitVi', 'unitVi', words(50)],
  ['netWeightG', 'netWeightG', weight],
  ['gtin', 'gtin', cells.readBarcode],
  ['producedOn', 'producedOn', (cell, { today }) => cells.readDay(cell, today)],
  ['descriptionVi', 'descriptionVi', words(5_000)],
  ['descriptionEn', 'descriptionEn', words(5_000)],
  ['vatRatePercent', 'vatRatePercent', cells.readVat],
  ['ingredientsVi', 'ingredientsVi', words(2_000)],
  ['allergens', 'allergens', cells.readAllergens],
  ['storage', 'storage', cells.readStorage],
  ['shelfLifeDays', 'shelfLifeDays', (cell) => cells.readCount(cell, 36_500)],
  ['minOrder', 'minOrder', (cell) => cells.readCount(cell, 100_000)],
  ['maxOrder', 'maxOrder', (cell) => cells.readCount(cell, 100_000)],
];

/** What must be in its cell wherever its column is. A product that is there needs no column of it. */
const missing: Partial<Readonly<Record<Field, Reason['code']>>> = {
  sku: 'SKU_MISSING',
  nameVi: 'NAME_MISSING',
  priceVnd: 'PRICE_MISSING',
  category: 'CATEGORY_MISSING',
};

/** Puts what a cell said into what its row says. */
function collect(collected: Collected, field: Field, name: ValueName, found: cells.Read<unknown>): void {
  const absent = missing[field];
  if (!found) {
    if (absent) collected.reasons.push({ field, code: absent });
    return;
  }
  if ('fault' in found) {
    collected.reasons.push({ field, code: found.fault });
    return;
  }
  collected.values[name] = found.value;
  collected.reasons.push(...found.repairs.map((code) => ({ field, code })));
}

function readCells(record: readonly Cell[], reading: Reading): Collected {
  const collected: Collected = { values: {}, reasons: [] };
  for (const [field, name, reader] of readers) {
    const column = reading.mapping[field];
    if (column === undefined) continue;
    const found = reader(record[column] ?? null, reading, reading.headings[column] ?? '', collected.values);
    collect(collected, field, name, found);
  }
  return collected;
}

/** What two cells of a row say against each other. */
function checkTogether(values: RowValues): readonly Reason[] {
  const { priceVnd, compareAtVnd, minOrder, maxOrder } = values;
  const reasons: Reason[] = [];
  if (priceVnd !== undefined && compareAtVnd !== undefined && compareAtVnd <= (priceVnd as Vnd))
    reasons.push({ field: 'compareAtVnd', code: 'COMPARE_AT_BELOW_PRICE' });
  if (minOrder !== undefined && maxOrder !== undefined && maxOrder < minOrder)
    reasons.push({ field: 'maxOrder', code: 'ORDER_LIMITS_CROSSED' });
  return reasons;
}

/** Reads one record below the headings. Rows that are no goods say so and nothing else. */
export function readRow(record: readonly Cell[], reading: Reading): ReadRow {
  if (isRepeatedHeading(record, reading)) return { values: {}, reasons: [{ field: null, code: 'REPEATED_HEADER' }] };
  if (isTotal(record, reading)) return { values: {}, reasons: [{ field: null, code: 'TOTAL_ROW' }] };
  const { values, reasons } = readCells(record, reading);
  return { values: values as RowValues, reasons: [...reasons, ...checkTogether(values as RowValues)] };
}
