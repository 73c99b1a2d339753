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

export const readWords = (text: string): readonly WrittenWord[] => words(text).map(lookUp);
