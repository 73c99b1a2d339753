import { fold } from '#core/vietnamese.ts';

/** Letters apart from tones, so that `hoà` is `hòa` wherever words are cut; hỏi and ngã are one, as the south speaks. */
type Spelling = { readonly letters: string; readonly tones: string };
/** A word as it is compared, and where it stands in the text. */
type Word = Spelling & { readonly text: string; readonly start: number; readonly end: number };

function spellingOf(text: string): Spelling {
  const tones: string[] = [];
  const letters = text.normalize('NFD').replace(/[\u0300\u0301\u0303\u0309\u0323]/g, (tone) => {
    tones.push(tone === '\u0303' ? '\u0309' : tone);
    return '';
  });
  return { letters: letters.normalize('NFC'), tones: tones.join('') };
}

/** Letters of other scripts that look like Latin ones: `сhữа` with a Cyrillic с and а reads like `chữa`. */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  с: 'c',
  е: 'e',
  һ: 'h',
  і: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  о: 'o',
  р: 'p',
  ѕ: 's',
  т: 't',
  у: 'y',
  х: 'x',
  в: 'b',
  н: 'h',
  α: 'a',
  ο: 'o',
  ρ: 'p',
  τ: 't',
  υ: 'u',
  ν: 'v',
  κ: 'k',
  ı: 'i',
  ð: 'đ',
};
/** A term of ours has at most six words, each of which may have been cut in two. */
const maxWords = 12;
const invisible = /[\u200B-\u200F\u2060\uFEFF\u00AD\u202A-\u202E]|\u034F/u;

/** Compared as a reader sees it: lower case, one form of each letter, look-alikes taken for what they look like. */
const seen = (text: string): string =>
  [...text.normalize('NFKC').toLowerCase()]
    .filter((letter) => !invisible.test(letter))
    .map((letter) => lookAlikes[letter] ?? letter)
    .join('')
    .normalize('NFC');

const wordOf = (text: string, start: number, end: number): Word => ({ text, ...spellingOf(text), start, end });

/** The words of a text as they are written. */
const plainWords = (text: string): Word[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}\u200B-\u200F\u2060\uFEFF\u00AD]+/gu)].map((found) =>
    wordOf(seen(found[0]), found.index, found.index + found[0].length),
  );

const isLetter = (word: { readonly text: string } | undefined): boolean =>
  word !== undefined && /^\p{L}\p{M}*$/u.test(word.text);

/**
 * The words with what is written between their letters taken out: `c.h.ữ.a` and `c h ữ a` are `chữa`. Separate letters
 * join only where three or more follow each other, so that `vitamin c và e` stays as it is.
 */
function joinedWords(text: string): Word[] {
  const runs = [...text.matchAll(/\S+/gu)].map((found) => {
    const bare = found[0].replace(/[^\p{L}\p{M}\p{N}]/gu, '');
    return { text: seen(bare), start: found.index, end: found.index + found[0].length };
  });
  const words = runs.filter((word) => word.text !== '');
  const joined: Word[] = [];
  for (let index = 0; index < words.length; index += 1) {
    let last = index;
    while (isLetter(words[index]) && isLetter(words[last + 1])) last += 1;
    const taken = last - index >= 2 ? words.slice(index, last + 1) : words.slice(index, index + 1);
    const [first] = taken;
    const end = taken.at(-1)?.end ?? 0;
    if (first) joined.push(wordOf(taken.map((word) => word.text).join(''), first.start, end));
    index += taken.length - 1;
  }
  return joined;
}

export type Term = Spelling & {
  /** Without diacritics; undefined where that would be an everyday word. */
  readonly folded: string | undefined;
};
export const termOf = (words: string, accented: boolean): Term => {
  const joined = words.toLowerCase().normalize('NFC').replace(/\s+/g, '');
  return { ...spellingOf(joined), folded: accented ? undefined : fold(joined) };
};

type Said = { readonly letters: string; readonly tones: string };

/** How far what was said is on its way to the term: as it is written, or with no diacritic at all. */
function matchOf({ letters, tones }: Said, term: Term): 'whole' | 'begun' | 'other' {
  // `chưa khỏi` is another thing than `chữa khỏi`: tones that were typed count.
  const asWritten = term.letters.startsWith(letters) && term.tones.startsWith(tones);
  const bare = tones === '' && term.folded?.startsWith(letters) === true;
  if (!asWritten && !bare) return 'other';
  const whole = asWritten ? letters === term.letters && tones === term.tones : letters === term.folded;
  return whole ? 'whole' : 'begun';
}

/** Whether the words from `from` on are the term: where they end in the text, or undefined. */
function endOfTerm(words: readonly Word[], from: number, term: Term): number | undefined {
  let said: Said = { letters: '', tones: '' };
  for (const word of words.slice(from, from + maxWords)) {
    said = { letters: said.letters + word.letters, tones: said.tones + word.tones };
    const match = matchOf(said, term);
    if (match === 'whole') return word.end;
    if (match === 'other') return undefined;
  }
  return undefined;
}

export type Place = { readonly start: number; readonly end: number };

/** `không có tác dụng thay thế thuốc` is what the law wants to read on a label. */
const isDenied = (text: string, start: number): boolean =>
  /(?:không|khong)\s(?:(?:phải (?:là )?thuốc|có tác dụng|dùng để|nhằm|thể|thay thế thuốc|và|hoặc)\s)*$/iu.test(
    text.slice(Math.max(0, start - 60), start).normalize('NFC'),
  );

function placesAmong(words: readonly Word[], terms: readonly Term[]): Place[] {
  return words.flatMap(({ start }, from) => {
    const ends = terms.flatMap((term) => endOfTerm(words, from, term) ?? []);
    return ends.length > 0 ? [{ start, end: Math.max(...ends) }] : [];
  });
}

/** Every place where one of the terms stands, however its letters were spread, unless it is denied. */
export function placesOf(text: string, terms: readonly Term[]): Place[] {
  const joined = placesAmong(joinedWords(text), terms);
  const plain = placesAmong(plainWords(text), terms);
  const all = new Map([...joined, ...plain].map((place) => [place.start, place]));
  return [...all.values()].filter(({ start }) => !isDenied(text, start)).sort((a, b) => a.start - b.start);
}

/** Words in which letters that only look Latin stand among Latin ones, or that hold what nobody sees. */
export const disguisedWords = (text: string): Place[] =>
  [...text.matchAll(/[\p{L}\p{M}\p{N}\u200B-\u200F\u2060\u202A-\u202E]+/gu)]
    .filter(([word]) => {
      const mixed = /\p{Script=Latin}/u.test(word) && /[\p{Script=Cyrillic}\p{Script=Greek}ı]/u.test(word);
      const styled = /[\u{1D400}-\u{1D7FF}\uFF21-\uFF5A]/u.test(word);
      return mixed || styled || (/\p{Script=Latin}/u.test(word) && invisible.test(word));
    })
    .map((found) => ({ start: found.index, end: found.index + found[0].length }));
