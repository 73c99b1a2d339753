import { fold, isSyllable } from '#core/vietnamese.ts';

/**
 * Vietnamese before Unicode. TCVN3 (TCVN 5712:1993, "ABC" fonts) has one byte a letter; VNI writes a letter and then its
 * mark. Both are shown here as the Latin-1 characters that their bytes look like.
 */
const tcvn3 = new Map(
  Object.entries({
    a: '¸áµà¶ả·ã¹ạ¨ă¾ắ»ằ¼ẳ½ẵÆặ©âÊấÇầÈẩÉẫËậ',
    e: 'ÐéÌèÎẻÏẽÑẹªêÕếÒềÓểÔễÖệ',
    i: 'Ýí×ìØỉÜĩÞị',
    o: 'ãóßòáỏâõäọ«ôèốåồæổçỗéộ¬ơíớêờëởìỡîợ',
    u: 'óúïùñủòũôụ\u00adưøứõừöử÷ữùự',
    y: 'ýýúỳûỷüỹþỵ',
    other: '®đ¡Ă¢Â§Đ£Ê¤Ô¥Ơ¦Ư',
  }).flatMap(([, pairs]) => {
    const letters = [...pairs];
    return letters.flatMap((from, at) => (at % 2 === 0 ? [[from, letters[at + 1] ?? from] as const] : []));
  }),
);

const tones: Readonly<Record<string, string>> = { ù: '\u0301', ø: '\u0300', û: '\u0309', õ: '\u0303', ï: '\u0323' };
/** Marks that make another vowel, alone and with each tone. */
const hats: Readonly<Record<string, string>> = {
  â: '\u0302',
  á: '\u0302\u0301',
  à: '\u0302\u0300',
  å: '\u0302\u0309',
  ã: '\u0302\u0303',
  ä: '\u0302\u0323',
};
const breves: Readonly<Record<string, string>> = {
  ê: '\u0306',
  é: '\u0306\u0301',
  è: '\u0306\u0300',
  ú: '\u0306\u0309',
  ü: '\u0306\u0303',
  ë: '\u0306\u0323',
};
const alone: Readonly<Record<string, string>> = { ñ: 'đ', ô: 'ơ', ö: 'ư', æ: 'ỉ', ó: 'ĩ', ò: 'ị', î: 'ỵ' };

const sameCase = (letter: string, like: string): string =>
  like === like.toLowerCase() ? letter : letter.toUpperCase();

function markOf(vowel: string, next: string): string | undefined {
  const [base, mark] = [vowel.toLowerCase(), next.toLowerCase()];
  if ('aeo'.includes(base) && hats[mark]) return hats[mark];
  if (base === 'a' && breves[mark]) return breves[mark];
  return 'aeouyôö'.includes(base) ? tones[mark] : undefined;
}

export const decodeTcvn3 = (text: string): string => [...text].map((letter) => tcvn3.get(letter) ?? letter).join('');

export function decodeVni(text: string): string {
  let decoded = '';
  const letters = [...text];
  for (let at = 0; at < letters.length; at += 1) {
    const letter = letters[at] ?? '';
    const base = alone[letter.toLowerCase()];
    decoded += base ? sameCase(base, letter) : letter;
    const mark = markOf(letter, letters[at + 1] ?? '');
    if (mark === undefined) continue;
    decoded += mark;
    at += 1;
  }
  return decoded.normalize('NFC');
}

const vietnamese = /^[a-zà-ãè-êìíò-õùúýăđĩũơưạ-ỹ]+$/;

function couldBeVietnamese(word: string): boolean {
  const lower = word.normalize('NFC').toLowerCase();
  const isCased = word === lower || word === word.toUpperCase() || word.slice(1) === lower.slice(1);
  return isCased && vietnamese.test(lower) && isSyllable(fold(lower));
}

/** Goods share their words: a sheet of 20,000 rows has some hundreds, and to look at each of them once saves two seconds. */
const known = new Map<string, boolean>();
const mostKnown = 10_000;

/** A word with accents that could be one Vietnamese syllable, in letters and capitals as people write them. */
export function isVietnameseWord(word: string): boolean {
  const found = known.get(word);
  if (found !== undefined) return found;
  if (known.size >= mostKnown) known.clear();
  const could = couldBeVietnamese(word);
  known.set(word, could);
  return could;
}

/** Words that hold anything beyond ASCII, with the marks of old code tables counted as letters. */
export const accentedWords = (text: string): readonly string[] =>
  text.split(/[\s\d!-/:-@[-`{-~]+/).filter((word) => /[^\x20-\x7e]/.test(word) && /\p{L}/u.test(word));

/** The part of the accented words that are Vietnamese, 0 to 1; undefined where there are none to judge by. */
export function shareVietnamese(text: string): number | undefined {
  const words = accentedWords(text);
  return words.length === 0 ? undefined : words.filter(isVietnameseWord).length / words.length;
}

/** Long enough that it is no sign of measure: `µm` and `Ø` would be words of TCVN3. */
const tellingLength = 3;

/** Whether a text is TCVN3 or VNI read as if it were Latin-1: as it stands it is no Vietnamese, and decoded it is. */
export function isLegacyText(text: string): boolean {
  if (!/[\u00a1-\u00ff]/.test(text)) return false;
  const words = accentedWords(text);
  if (!words.some((word) => word.length >= tellingLength && !isVietnameseWord(word))) return false;
  return [decodeTcvn3, decodeVni].some((decode) => words.every((word) => isVietnameseWord(decode(word))));
}
