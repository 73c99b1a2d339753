/** What is wrong with the number under a barcode: not 13 digits, or the last is not the check digit of the others. */
export type GtinFault = 'length' | 'check-digit';

/**
 * The 13 digits of a GTIN-13 as printed or typed (spaces and dashes are dropped), or what is wrong with it. The check
 * digit weighs the digits 1, 3, 1, 3 … from the left (GS1 General Specifications, 7.9).
 */
export function readGtin13(text: string): { readonly gtin: string } | { readonly fault: GtinFault } {
  const gtin = text.replace(/[\s-]/g, '');
  if (!/^\d{13}$/.test(gtin)) return { fault: 'length' };
  const sum = [...gtin].reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0 ? { gtin } : { fault: 'check-digit' };
}
