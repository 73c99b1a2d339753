/** NFC, without the invisible characters that keyboards and web pages leave behind. What we store and compare. */
export const clean = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\u200B-\u200D\u2060\uFEFF\u00AD]/g, '')
    .replace(/\s+/gu, ' ')
    .trim();

/**
 * Lower case without diacritics: `Bánh Pía` → `banh pia`. đ and its look-alike ð do not decompose, so they are named.
 * Only Latin marks go: Khmer vowels are marks too, and a Khmer word without them is another word.
 */
export const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/[đĐðÐ]/g, 'd')
    .toLowerCase()
    .normalize('NFC');

/** `Bánh pía Vũng Thơm` → `banh-pia-vung-thom`; empty when nothing Latin is left (Khmer, Han), and the caller adds an id. */
export const slugify = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
