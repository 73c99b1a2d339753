import type { Flag, FlagKind } from '../types.ts';
import { acronyms, terms } from './terms.ts';
import { disguisedWords, type Place, placesOf, termOf } from './words.ts';

/** Texts that shoppers read, by the field of a change. Numbers and codes hold no words. */
const textFields = new Set([
  'nameVi',
  'nameEn',
  'aliases',
  'unitVi',
  'ingredientsVi',
  'descriptionVi',
  'descriptionEn',
  'tags',
]);
const isText = (field: string): boolean => textFields.has(field) || /^variant\..+\.label$/.test(field);
const isName = (field: string): boolean => field === 'nameVi' || field === 'nameEn';

const placesIn = (text: string, pattern: RegExp): Place[] =>
  [...text.matchAll(pattern)].map((found) => ({ start: found.index, end: found.index + found[0].length }));

/** Ten digits from 0 or +84 on, with whatever people put between them; part of a longer number is none. */
const phone = /(?<![\d.,])(?:\+?84|0)(?:[\s.\-–]{0,2}\d){9}(?![\d])/gu;
const email = /[\p{L}\d._%+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\p{L}\d-]{1,63}(?:\s?\.\s?[a-z]{2,10})/giu;
const link =
  /(?:https?:\/\/|www\.)[^\s<>"]{3,200}|(?<![\p{L}\d@.])[a-z\d-]{2,40}\.(?:com|vn|net|org|me|shop|store|site|top|xyz|info|link|asia)(?![\p{L}\d])(?:\/[^\s<>"]{0,200})?/giu;
const tag = /<\s*\/?\s*[a-z!][^<>]{0,200}>?/giu;

/** In names only Latin letters; in other names Khmer and Han too, since that is how many here call their goods. */
const strangeInName = /[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+/gu;
const strangeInAlias = /[^\p{Script=Latin}\p{Script=Khmer}\p{Script=Han}\p{Script=Common}\p{Script=Inherited}]+/gu;

const patternsOf = (field: string): readonly (readonly [FlagKind, RegExp])[] => [
  ['contact', phone],
  ['contact', email],
  ['contact', link],
  ['markup', tag],
  ...(isName(field) ? [['foreign-script', strangeInName] as const] : []),
  ...(field === 'aliases' ? [['foreign-script', strangeInAlias] as const] : []),
];

const capitals = /\p{Lu}[\p{Lu}\p{M}\p{N}]*/gu;
/** From four words in capitals in a row on, or a name that is mostly capitals. Known abbreviations are none. */
function shouting(field: string, text: string): Place[] {
  const words = [...text.matchAll(/[\p{L}\p{M}\p{N}]+/gu)];
  const loud = (found: RegExpExecArray): boolean =>
    found[0].length > 1 &&
    found[0] === (found[0].match(capitals)?.[0] ?? '') &&
    !acronyms.has(found[0]) &&
    /\p{L}/u.test(found[0]);
  const runs: Place[] = [];
  let from = 0;
  for (let index = 0; index <= words.length; index += 1) {
    const word = words[index];
    if (word && loud(word)) continue;
    const [first, last] = [words[from], words[index - 1]];
    const enough = index - from >= (isName(field) ? 2 : 4);
    if (enough && first && last) runs.push({ start: first.index, end: last.index + last[0].length });
    from = index + 1;
  }
  return runs;
}

const rows = terms.map(({ words, accented = false, ...row }) => ({
  ...row,
  all: words.map((one) => termOf(one, accented)),
}));
const termsOn = (date: string) =>
  rows.filter(({ since, until }) => since <= date && (until === undefined || date <= until));

/** Everything in one text that an officer should look at, in the order of the text. */
export function flagsInText(field: string, text: string, date: string): Flag[] {
  const found: (readonly [FlagKind, Place])[] = [
    ...termsOn(date).flatMap(({ kind, all }) => placesOf(text, all).map((place) => [kind, place] as const)),
    ...patternsOf(field).flatMap(([kind, pattern]) => placesIn(text, pattern).map((place) => [kind, place] as const)),
    ...disguisedWords(text).map((place) => ['look-alike', place] as const),
    ...shouting(field, text).map((place) => ['shouting', place] as const),
  ];
  return found
    .map(([kind, { start, end }]) => ({ kind, field, start, end, text: text.slice(start, end) }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
}

/** Each text of a value with its place among them: a list has one a line, a size its label, a picture its description. */
export function textOf(field: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map((one) => (typeof one === 'string' ? one : textOf(field, one))).join('\n');
  if (value === null || typeof value !== 'object') return '';
  if ('label' in value) return String(value.label);
  return 'altVi' in value ? String(value.altVi) : '';
}

/** What the filter marks in a field that is to change. Marks only: the officer decides. */
export const flagsOf = (field: string, after: unknown, date: string): Flag[] =>
  isText(field) || field === 'pictures' || field.startsWith('variant.new.')
    ? flagsInText(field, textOf(field, after), date)
    : [];
