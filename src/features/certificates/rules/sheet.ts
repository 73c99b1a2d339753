import { clean, fold } from '#core/vietnamese.ts';

/** What a column of the list of a decision can mean. */
export const SHEET_FIELDS = ['sku', 'gtin', 'name', 'business', 'taxCode', 'star', 'score'] as const;
export type SheetField = (typeof SHEET_FIELDS)[number];

/** One line of the list, as it was typed there. Empty cells are empty text. */
export type SheetRow = Readonly<Record<SheetField, string>> & {
  /** Line in the file, the first being 1. */
  readonly line: number;
};

/** Headings, folded. The first of each is how our template calls it. */
const headings: Readonly<Record<SheetField, readonly string[]>> = {
  sku: ['ma hang', 'sku', 'ma san pham', 'ma sp'],
  gtin: ['ma vach', 'gtin', 'barcode', 'ean'],
  name: ['ten san pham', 'san pham', 'product', 'product name', 'name'],
  business: ['ten co so', 'co so', 'chu the', 'chu the ocop', 'ten chu the', 'business', 'producer'],
  taxCode: ['ma so thue', 'mst', 'tax code'],
  star: ['hang sao', 'sao', 'so sao', 'star', 'stars', 'ket qua'],
  score: ['diem', 'diem cham', 'score', 'points'],
};
/** As the template writes them. */
export const TEMPLATE_HEADINGS = [
  'Mã hàng',
  'Mã vạch',
  'Tên sản phẩm',
  'Tên cơ sở',
  'Mã số thuế',
  'Hạng sao',
  'Điểm',
] as const;

const plain = (text: string): string =>
  fold(clean(text))
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** Which column means what; undefined when a row names neither a product nor the stars. */
export function readHeadings(cells: readonly string[]): ReadonlyMap<SheetField, number> | undefined {
  const found = new Map<SheetField, number>();
  for (const [column, cell] of cells.entries()) {
    const field = SHEET_FIELDS.find((name) => headings[name].includes(plain(cell)));
    if (field && !found.has(field)) found.set(field, column);
  }
  const namesProduct = found.has('sku') || found.has('gtin') || found.has('name');
  return namesProduct && found.has('star') ? found : undefined;
}

/** A cell as text, bounded; an apostrophe with which a spreadsheet marks text is taken off. */
const cellOf = (cells: readonly string[], column: number | undefined): string =>
  clean((column === undefined ? '' : (cells[column] ?? '')).replace(/^'/, '')).slice(0, 300);

/** Undefined for a line with nothing in it. */
export function readRow(
  line: number,
  cells: readonly string[],
  columns: ReadonlyMap<SheetField, number>,
): SheetRow | undefined {
  const values = Object.fromEntries(SHEET_FIELDS.map((field) => [field, cellOf(cells, columns.get(field))]));
  const row = { line, ...values } as SheetRow;
  return SHEET_FIELDS.every((field) => row[field] === '') ? undefined : row;
}

/** The rank as decisions print it: `4`, `4 sao`, `★★★★`. */
export function readStar(text: string): number | undefined {
  const glyphs = /^[★*]+$/.test(text) ? text.length : undefined;
  const digits = /^(\d)(?:\.0)?(?:\s*(?:sao|stars?|★))?$/i.exec(text)?.[1];
  return glyphs ?? (digits === undefined ? undefined : Number(digits));
}

/** How a name is compared: without accents, case and signs. */
export const nameKey = plain;
