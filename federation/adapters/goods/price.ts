export type Price = { readonly amount: number } | { readonly fault: 'no-price' | 'invalid-price' | 'wrong-currency' };
export type PriceRules = {
  /** The mark before the fraction in what this partner writes; without it only prices that can be read one way are taken. */
  readonly decimal?: ',' | '.';
  /** Of prices that name none. */
  readonly currency?: 'VND';
};

const signs: Readonly<Record<string, string>> = { '₫': 'VND', đ: 'VND', Đ: 'VND', đồng: 'VND', VNĐ: 'VND' };
const parts = /^([^\d\s.,+-]*)\s*(\d[\d.,\s\u00a0]*?)\s*([^\d\s.,+-]*)$/u;

/**
 * Whole đồng of a price as feeds write it: `45000 VND`, `45000.00 VND`, `45.000,00 ₫`. `45.000` is forty-five thousand to
 * a Vietnamese and forty-five to Google, so it is taken only from a partner whose decimal mark was declared. Nothing is
 * ever multiplied or rounded.
 */
export function readPrice(text: string, { decimal, currency }: PriceRules): Price {
  const trimmed = text.normalize('NFC').trim();
  if (!trimmed) return { fault: 'no-price' };
  const [, before = '', digits = '', after = ''] = (trimmed.length <= 60 && parts.exec(trimmed)) || [];
  if (!digits) return { fault: 'invalid-price' };
  const named = before || after;
  const unit = (signs[named] ?? named.toUpperCase()) || currency;
  if (unit !== 'VND' || (before && after)) return { fault: 'wrong-currency' };
  const amount = wholeOf(digits.replace(/[\s\u00a0]/g, ''), decimal);
  return amount === undefined ? { fault: 'invalid-price' } : { amount };
}

function wholeOf(digits: string, declared: ',' | '.' | undefined): number | undefined {
  if (/^\d+$/.test(digits)) return Number(digits);
  const decimal = declared ?? guessDecimal(digits);
  if (decimal === undefined) return undefined;
  const grouping = decimal === ',' ? '.' : ',';
  const [whole = '', fraction = '', ...more] = digits.split(decimal);
  const isGrouped = new RegExp(`^\\d{1,3}(?:\\${grouping}\\d{3})+$`).test(whole);
  // A fraction of a đồng does not exist, and three digits behind a mark are thousands that were declared wrongly.
  const isWhole = more.length === 0 && /^0{0,2}$/.test(fraction);
  return isWhole && (isGrouped || /^\d+$/.test(whole)) ? Number(whole.replaceAll(grouping, '')) : undefined;
}

/** The mark that can only be a decimal one; undefined where it may be either. */
function guessDecimal(digits: string): ',' | '.' | undefined {
  const marks: readonly string[] = digits.match(/[.,]/g) ?? [];
  const last = marks.at(-1);
  if (last !== ',' && last !== '.') return undefined;
  const other = last === ',' ? '.' : ',';
  if (marks.includes(other)) return last;
  if (marks.length > 1) return other;
  return /[.,]\d{3}$/.test(digits) ? undefined : last;
}
