/** Cells that a spreadsheet would run: CVE lists call it CSV injection (ASVS 5.0.0, 1.2.10). */
const runs = /^[=+\-@\t\r]/;
/** Telephone numbers, negative numbers and percentages begin so as well, and are harmless. */
const harmless = /^[+-]\s?[\d\s().,-]+%?$/;

/**
 * A text as it may stand in a cell that is opened by Excel or LibreOffice: what would be run gets an apostrophe before
 * it, which those programs do not show and which our own import takes off again.
 */
export const guardCell = (text: string): string => (runs.test(text) && !harmless.test(text) ? `'${text}` : text);

export type TableCell = string | number | null;
const quoted = (text: string): string =>
  /[",;\r\n\t]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;

/** A table by RFC 4180, with the mark by which Excel knows UTF-8, each cell guarded. */
export const csvOf = (rows: readonly (readonly TableCell[])[]): Buffer =>
  Buffer.from(
    `\ufeff${rows.map((row) => row.map((cell) => (typeof cell === 'string' ? quoted(guardCell(cell)) : (cell ?? ''))).join(',')).join('\r\n')}\r\n`,
  );

/** `1,250,000`, `1.250.000`, `+185000 VND`: whole đồng. A part after the thousands (`.00`) is none. */
export function readAmount(text: string): number {
  const bare = text.replace(/\s|vnd|đ/gi, '').replace(/[.,]0{1,2}$/, '');
  const digits = bare.replace(/[.,]/g, '');
  const amount = Number(digits.replace(/^[+-]|^\(|\)$/g, ''));
  if (digits === '' || !Number.isSafeInteger(amount)) return 0;
  return /^(-|\()/.test(bare) ? -amount : amount;
}
