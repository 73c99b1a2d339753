import { accentKey, fold, soundOf, words } from '#core/vietnamese.ts';

/** A word as written, with all that comparing needs. One object a spelling, so that results can be kept by word. */
export type WrittenWord = { readonly folded: string; readonly accent: string; readonly sound: string };

/** A catalogue's vocabulary is a few thousand words; a flood of invented ones empties the table instead of filling memory. */
const maxLexicon = 50_000;
const lexicon = new Map<string, WrittenWord>();

function lookUp(word: string): WrittenWord {
  const known = lexicon.get(word);
  if (known) return known;
  if (lexicon.size >= maxLexicon) lexicon.clear();
  const folded = fold(word);
  const written = { folded, accent: accentKey(word), sound: soundOf(folded) };
  lexicon.set(word, written);
  return written;
}

/** Names of sellers and places, tags and categories come back with every product, and a name is read three times for its own. */
const maxTexts = 2_000;
const longestText = 200;
const texts = new Map<string, readonly WrittenWord[]>();

export function readWords(text: string): readonly WrittenWord[] {
  if (text.length > longestText) return words(text).map(lookUp);
  const known = texts.get(text);
  if (known) return known;
  if (texts.size >= maxTexts) texts.clear();
  const read = words(text).map(lookUp);
  texts.set(text, read);
  return read;
}
