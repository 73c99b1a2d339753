import { type Vnd, vnd } from './money.ts';

/**
 * Why a typed amount is not taken. `ambiguous` can be read in two ways (a range, `1.250k`), `fraction` is no whole number
 * of đồng, `too-large` is beyond exact counting. Nothing is guessed: a wrong price is sold at.
 */
export type MoneyFault = 'missing' | 'unreadable' | 'ambiguous' | 'negative' | 'fraction' | 'too-large';

const maxLength = 40;
/** How many zeros a unit stands for. */
const zerosOf: Readonly<Record<string, number>> = {
  k: 3,
  nghìn: 3,
  ngàn: 3,
  nghin: 3,
  ngan: 3,
  tr: 6,
  triệu: 6,
  trieu: 6,
  tỷ: 9,
  tỉ: 9,
  ty: 9,
  ti: 9,
};
const units = Object.keys(zerosOf)
  .map((unit) => unit.normalize('NFC'))
  .sort((a, b) => b.length - a.length)
  .join('|');
const currency = '(?:vnđ|vnd|đồng|dong|đ|₫|d)';

/** Lower case, ordinary digits, one kind of dash, no spaces at the ends. `Ð` of Icelandic keyboards is a đ. */
const tidy = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u200B-\u200D\u2060\uFEFF]/g, '')
    .replace(/ð/g, 'đ')
    .replace(/[−–—]/g, '-')
    .replace(/\s+/gu, ' ')
    .trim();

const plain = /^\d+$/;
const grouped = /^\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*$/;
/** A number with its decimals apart: the last mark, when it is another one than the marks of thousands. */
const decimal =
  /^(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+),(\d+)$|^(\d+|\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+)\.(\d+)$/;

type Digits = { readonly whole: string; readonly fraction: string };
const digitsOf = (text: string): string => text.replace(/\D/g, '');

/** The digits of a number as it is written, or undefined when it is not written as one. */
function readDigits(text: string): Digits | undefined {
  if (plain.test(text) || grouped.test(text)) return { whole: digitsOf(text), fraction: '' };
  const [, wholeBefore, after, wholeOther, afterOther] = decimal.exec(text) ?? [];
  const whole = wholeBefore ?? wholeOther;
  return whole === undefined ? undefined : { whole: digitsOf(whole), fraction: after ?? afterOther ?? '' };
}

function scale({ whole, fraction }: Digits, zeros: number): Vnd | MoneyFault {
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > zeros) return 'fraction';
  const amount = Number(BigInt(whole + kept.padEnd(zeros, '0')));
  return Number.isSafeInteger(amount) ? vnd(amount) : 'too-large';
}

/** `1tr2` is 1.2 million and `125k5` 125,500: what follows a unit are its next digits. */
function readAfterUnit(text: string): Vnd | MoneyFault | undefined {
  const [, head = '', unit = '', tail = '', tailUnit = ''] =
    new RegExp(`^(\\d{1,9}) ?(${units}) ?(\\d{1,3})(?: ?(k|nghìn|ngàn|nghin|ngan))?$`, 'u').exec(text) ?? [];
  const zeros = zerosOf[unit];
  if (zeros === undefined) return undefined;
  if (tailUnit === '') return scale({ whole: head, fraction: tail }, zeros);
  return zeros > 3 ? scale({ whole: head, fraction: tail.padStart(zeros - 3, '0') }, zeros) : 'unreadable';
}

function readUnit(text: string): Vnd | MoneyFault | undefined {
  const [, number = '', unit = ''] = new RegExp(`^([\\d., ]*\\d) ?(${units})$`, 'u').exec(text) ?? [];
  const zeros = zerosOf[unit];
  if (zeros === undefined) return undefined;
  // `1.250k` is 1,250 thousand to one reader and 1.25 thousand to another.
  if (!plain.test(number) && grouped.test(number)) return 'ambiguous';
  const digits = readDigits(number);
  return digits ? scale(digits, zeros) : 'unreadable';
}

const range = /\d[^\d]*(?:-|~|\/|đến|den|tới|hoặc|to)[^\d]*\d/u;

/**
 * An amount as people type it, in whole đồng: `120000`, `120.000đ`, `120,000 VNĐ`, `125k`, `1,2tr`, `1 triệu 2`, `1tr2`.
 * Returns why not for ranges, words, fractions and negative amounts; zero is an amount, and whether it may be a price is
 * the caller's to say.
 */
export function readMoney(text: string): Vnd | MoneyFault {
  const typed = tidy(text);
  if (typed === '') return 'missing';
  if (typed.length > maxLength) return 'unreadable';
  const bare = typed
    .replace(new RegExp(`^${currency} ?(?=[\\d-])`, 'u'), '')
    .replace(new RegExp(`(?<=[\\d\\p{L}]) ?${currency}$`, 'u'), '')
    .trim();
  if (/^-\s?[\d]/.test(bare)) return typeof readMoney(bare.slice(1)) === 'number' ? 'negative' : 'unreadable';
  if (range.test(bare)) return 'ambiguous';
  const digits = readDigits(bare);
  if (digits) return scale(digits, 0);
  return readUnit(bare) ?? readAfterUnit(bare) ?? 'unreadable';
}
