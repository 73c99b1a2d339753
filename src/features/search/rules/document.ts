import type { SearchDocument } from '../types.ts';
import { readWords } from './lexicon.ts';

/** A separator inside a part would read as one between parts. */
const plain = (text: string): string => text.replace(/[\n;]+/g, ' ');
const listed = (parts: readonly string[]): string => parts.map(plain).join(';');

/** What ranking reads of a product: the parts of `RANKED_FIELDS`, a line each, items of a list between semicolons. */
export const rankedText = (document: SearchDocument): string =>
  [
    plain(document.name),
    listed(document.aliases),
    listed(document.tags),
    plain(document.english),
    plain(document.seller),
    listed(document.place),
    listed(document.category),
    plain(document.ingredients),
  ].join('\n');

const foldedWords = (text: string): readonly string[] => readWords(text).map(({ folded }) => folded);

/** Each name, alias, tag, seller and place as it sounds. */
export const soundsOf = (document: SearchDocument): readonly string[] =>
  [document.name, ...document.aliases, ...document.tags, document.english, document.seller, ...document.place].map(
    (part) =>
      readWords(part)
        .map(({ sound }) => sound)
        .join(' '),
  );

/** The folded words that a misspelt one may have meant: Latin, and long enough to have letters to compare. */
export const spellings = (document: SearchDocument): readonly string[] =>
  [document.name, ...document.aliases, ...document.tags, document.english, document.seller, ...document.place]
    .flatMap(foldedWords)
    .filter((word) => /^[a-z]{3,20}$/.test(word));

type Weighted = readonly [part: string, weight: 'A' | 'B' | 'C' | 'D'];

const quoted = (lexeme: string): string => `'${lexeme.replace(/['\\]/g, '')}'`;

/** PostgreSQL keeps positions up to 16,383 and 256 of them a lexeme. */
const maxPosition = 16_000;

/**
 * A tsvector literal. A gap between parts keeps phrases from reaching across them. Weight D is kept without positions:
 * long descriptions would be most of the index, and phrases are looked for in names.
 */
function vectorOf(parts: readonly Weighted[]): string {
  const positions = new Map<string, string[]>();
  let position = 0;
  for (const [part, weight] of parts) {
    position += 5;
    for (const word of part.split(' ')) {
      if (word === '' || position >= maxPosition) continue;
      position += 1;
      const known = positions.get(word) ?? [];
      if (weight !== 'D' && known.length < 200) known.push(`${position}${weight}`);
      positions.set(word, known);
    }
  }
  return [...positions].map(([word, at]) => quoted(word) + (at.length > 0 ? `:${at.join(',')}` : '')).join(' ');
}

const weighted = (weight: Weighted[1], parts: readonly string[]): readonly Weighted[] =>
  parts.map((part) => [foldedWords(part).join(' '), weight] as const);

/** Everything that can be found in a product, as a tsvector literal; the heavier the weight, the closer to its name. */
export const wordVector = (document: SearchDocument): string =>
  vectorOf([
    ...weighted('A', [document.name, ...document.aliases]),
    ...weighted('B', [...document.tags, document.english]),
    ...weighted('C', [document.seller, ...document.place, ...document.category]),
    ...weighted('D', [document.ingredients, document.description]),
  ]);

export const soundVector = (document: SearchDocument): string =>
  vectorOf(soundsOf(document).map((part) => [part, 'A'] as const));
