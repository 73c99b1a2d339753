import type { RejectCode, RepairCode } from '../types.ts';
import { isLegacyText } from './legacy.ts';

export type ReadText = { readonly text: string; readonly repairs: readonly RepairCode[] };

/** What Excel itself can hold in a cell. */
const maxCell = 32_767;

/** Characters that Windows-1252 has where Latin-1 has none, in the order of their bytes from 0x80. */
const high = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const byteOf = (letter: string): number => {
  const index = high.indexOf(letter);
  return index >= 0 ? 0x80 + index : (letter.codePointAt(0) ?? 0);
};
const run = new RegExp(`[\\u00c2-\\u00f4][\\u0080-\\u00bf${high}]{1,3}`, 'g');
const strict = new TextDecoder('utf-8', { fatal: true });
const isOurs = /^[\u00c0-\u024f\u1e00-\u1eff\u2010-\u206f\u20ab]/;

/** `KhÃ´`: UTF-8 that was read as Latin-1. Its runs are whole letters of UTF-8 that Vietnamese uses. */
const isMojibake = (text: string): boolean =>
  (text.match(run) ?? []).some((found) => {
    for (let length = found.length; length >= 2; length -= 1) {
      try {
        if (isOurs.test(strict.decode(Uint8Array.from([...found.slice(0, length)].map(byteOf))))) return true;
      } catch {
        // Not a whole letter at this length.
      }
    }
    return false;
  });

/** `Kh? b? mi?ng`: letters that a table without them made into question marks. */
const isLost = (text: string): boolean =>
  text.includes('\ufffd') || (text.match(/\p{L}\?(?=\p{L}|\s\p{L}+\?)/gu) ?? []).length > 1;

/**
 * What a spreadsheet would run. Telephone numbers, negative numbers and a dash before an item of a list are none of it.
 * Our own exports put an apostrophe before such a cell, and it is taken off again here.
 */
const isFormula = (text: string): boolean => {
  if (/^[=@\t\r]/.test(text)) return true;
  return /^[+-]/.test(text) && !/^[+-]\s*[\d\s().,-]+%?$/.test(text) && !/^-\s+[\p{L}\d][^=|!]*$/u.test(text);
};
const withoutGuard = (text: string): string => text.replace(/^'(?=[=+\-@\t\r])/, '');

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—',
  hellip: '…',
};
const entity = /&(?:#(\d{1,6})|#x([\da-f]{1,5})|(amp|lt|gt|quot|apos|nbsp|ndash|mdash|hellip));/gi;
const decodeEntities = (text: string): string =>
  text.replace(entity, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name) return named[name.toLowerCase()] ?? whole;
    const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
    return point > 31 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000)
      ? String.fromCodePoint(point)
      : whole;
  });

const formatting =
  /<\/?(?:p|b|i|u|s|strong|em|small|big|sub|sup|br|hr|ul|ol|li|span|div|font|h[1-6]|center|table|tbody|thead|tr|td|th)(?:\s[^<>]*)?\/?>/gi;
const anyTag = /<\s*[/!?]?\s*[a-z][^>]*>?/i;
const handler = /<[^>]*\s(?:on[a-z]+|style|srcdoc)\s*=/i;
const scheme = /(?:javascript|vbscript|data)\s*:\s*\S/i;
/** Anything that a browser might run. It would be escaped where it is shown; whoever wrote it means no good. */
const isUnsafe = (text: string): boolean =>
  handler.test(text) ||
  anyTag.test(text.replace(formatting, '')) ||
  (/<[^>]*$/.test(text) && scheme.test(text)) ||
  scheme.test(text.match(/<[^>]*>/g)?.join('') ?? '');

const lookalikes: Readonly<Record<string, string>> = { Ð: 'Đ', ð: 'đ', Ɖ: 'Đ', ɖ: 'đ' };
/** Cyrillic letters that nobody can tell from Latin ones; put right only inside a Latin word. */
const cyrillic: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аaеeоoрpсcуyхxіiАAВBЕEКKМMНHОOРPСCТTХX'].flatMap((letter, at, all) =>
    at % 2 === 0 ? [[letter, all[at + 1] ?? letter]] : [],
  ),
);
const fixLookalikes = (text: string): string =>
  text
    .replace(/[ÐðƉɖ]/g, (letter) => lookalikes[letter] ?? letter)
    .replace(/[\uff01-\uff5e]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) - 0xfee0))
    .replace(
      /(?<=\p{Script=Latin})[\u0400-\u045f]|[\u0400-\u045f](?=\p{Script=Latin})/gu,
      (letter) => cyrillic[letter] ?? letter,
    );

const invisible = /[^\P{Cc}\t\n\r]|[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** Each repair, in the order in which what one uncovers is seen by the next. */
const repairs: readonly (readonly [RepairCode, (text: string) => string])[] = [
  ['LOOKALIKE_FIXED', fixLookalikes],
  ['ENTITY_DECODED', decodeEntities],
  ['HTML_STRIPPED', (text) => text.replace(/<(?:br|\/p|\/li|\/div)\s*\/?>(?=\S)/gi, ' ').replace(formatting, '')],
  ['INVISIBLE_REMOVED', (text) => text.replace(invisible, '')],
  ['NEWLINE_COLLAPSED', (text) => text.trim().replace(/[^\S\r\n]*[\r\n]+\s*/g, ' ')],
  ['UNICODE_NFC', (text) => text.normalize('NFC')],
  ['WHITESPACE_TRIMMED', (text) => text.replace(/\s+/gu, ' ').trim()],
];

/** Why a text cannot be published. */
export function faultOfText(raw: string): RejectCode | undefined {
  if (raw.length > maxCell) return 'TEXT_TOO_LONG';
  if (isLost(raw) || isMojibake(raw)) return 'ENCODING_MOJIBAKE';
  if (isFormula(raw.trimStart()) || isFormula(raw)) return 'FORMULA_INJECTION';
  if (isUnsafe(raw) || isUnsafe(decodeEntities(raw))) return 'HTML_UNSAFE';
  return isLegacyText(raw) ? 'ENCODING_LEGACY' : undefined;
}

/** A text as it would be published, with what was put right in it, or why it cannot be. */
export function readText(given: string): ReadText | RejectCode {
  const raw = withoutGuard(given);
  const fault = faultOfText(raw);
  if (fault) return fault;
  const done: RepairCode[] = [];
  let text = raw;
  for (const [code, repair] of repairs) {
    const next = repair(text);
    // Trimming at the ends of a text of many lines is part of joining them.
    if (next !== text && !(code === 'NEWLINE_COLLAPSED' && !/[\r\n]/.test(text.trim()))) done.push(code);
    if (code !== 'NEWLINE_COLLAPSED' || /[\r\n]/.test(text.trim())) text = next;
  }
  // What a repair uncovers is judged as if it had been written: `<i>=1+1` is a formula in italics.
  const uncovered = done.length > 0 ? faultOfText(text) : undefined;
  return uncovered ?? { text, repairs: done };
}

/** Two texts that a reader cannot tell apart: our own export, opened and saved elsewhere, is no change. */
export const sameText = (a: string, b: string): boolean => {
  const plain = (text: string): string => text.normalize('NFC').replace(invisible, '').replace(/\s+/gu, ' ').trim();
  return plain(a) === plain(b);
};
