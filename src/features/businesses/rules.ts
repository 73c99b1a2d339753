import { refusals } from '#core/problem.ts';
import { businessProblems } from './types.ts';

const refuse = refusals(businessProblems);
/** Weights of the tax code's check digit, as the tax office computes it (python-stdnum, stdnum.vn.mst). */
const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];

function hasCheckDigit(digits: string): boolean {
  const sum = weights.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return 10 - (sum % 11) === Number(digits[9]);
}

/** 10 digits with a check digit, optionally a 3-digit branch, or the 12-digit personal number that households use since 1 July 2025. */
export function checkTaxCode(taxCode: string): string {
  const written = taxCode.replace(/\s/g, '');
  // A hyphen stands before a branch: with it twelve digits are a code that lost one, not a person's number.
  if (/^\d{12}$/.test(written)) return written;
  if (/^\d{10}(-?\d{3})?$/.test(written) && hasCheckDigit(written)) return written.replace('-', '');
  throw refuse('tax-code-invalid', { taxCode });
}
