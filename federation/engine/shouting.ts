import type { FedRecord } from '../protocol/record.ts';

/** Longer names are read by nobody, and found by everybody. */
const maxTitle = 150;
/** "Bánh pía bánh in bánh men" is a name; the fourth time the word is bait. */
const maxRepeats = 3;
const wordsOf = (text: string): readonly string[] =>
  text
    .normalize('NFC')
    .toLowerCase()
    .match(/[\p{L}\p{N}]{2,}/gu) ?? [];

/** A word that a text says again and again, if any. */
function repeated(text: string, most: (words: number) => number): string | undefined {
  const words = wordsOf(text);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].find(([, count]) => count > most(words.length))?.[0];
}

/** Why a listing of a partner on probation is held: its words are there to be found, not to be read. */
export function shoutOf(record: FedRecord): string | undefined {
  if (record.kind !== 'listing') return undefined;
  const { title, description } = record;
  for (const name of [title.vi, title.en ?? '']) {
    if (name.length > maxTitle) return `a name of ${name.length} characters`;
    const word = repeated(name, () => maxRepeats);
    if (word) return `the name says "${word}" again and again`;
  }
  const word = repeated(description?.vi ?? '', (words) => Math.max(20, words / 5));
  return word && `the description says "${word}" again and again`;
}
