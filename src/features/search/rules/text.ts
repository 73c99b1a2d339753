import { readWords, type WrittenWord } from './lexicon.ts';
import type { Phrase } from './synonyms.ts';

/** The parts of a product that ranking looks at, in this order; an engine hands them over as one text, a line each. */
const RANKED_FIELDS = ['name', 'aliases', 'tags', 'english', 'seller', 'place', 'category', 'ingredients'] as const;
export type RankedField = (typeof RANKED_FIELDS)[number];

/** One name, one alias, one tag …: words that belong together. */
export type Segment = { readonly field: RankedField; readonly words: readonly WrittenWord[] };
export type Place = { readonly segment: number; readonly at: number };
export type RankedText = {
  readonly segments: readonly Segment[];
  /** By folded word. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  /** The words of the parts in which a misspelling is looked for. */
  readonly named: ReadonlyMap<WrittenWord, readonly Place[]>;
};

const segmentsOf = (line: string, field: RankedField): readonly Segment[] =>
  line
    .split(';')
    .map((part) => ({ field, words: readWords(part) }))
    .filter(({ words: written }) => written.length > 0);

const namingFields: ReadonlySet<RankedField> = new Set(['name', 'aliases', 'tags', 'english', 'seller', 'place']);

function append<Key>(map: Map<Key, Place[]>, key: Key, place: Place): void {
  const known = map.get(key);
  if (known) known.push(place);
  else map.set(key, [place]);
}

/** Reads what `rankedText` wrote. Costs tens of microseconds a product, so callers keep the result. */
export function readRankedText(text: string): RankedText {
  const lines = text.split('\n');
  const segments = RANKED_FIELDS.flatMap((field, index) => segmentsOf(lines[index] ?? '', field));
  const places = new Map<string, Place[]>();
  const named = new Map<WrittenWord, Place[]>();
  for (const [segment, { field, words: written }] of segments.entries()) {
    for (const [at, word] of written.entries()) {
      const place = { segment, at };
      append(places, word.folded, place);
      if (namingFields.has(field)) append(named, word, place);
    }
  }
  return { segments, places, named };
}

export const denials: ReadonlySet<string> = new Set(['khong', 'ko', 'no', 'without', 'chang']);

/** «không sầu riêng» among the tags is no durian. */
export const isDenied = (text: RankedText, { segment, at }: Place): boolean =>
  at > 0 && denials.has(text.segments[segment]?.words[at - 1]?.folded ?? '');

/**
 * Where a phrase begins. A word written with other accents is another word; `anyAccents` lets a phrase that was typed
 * without accents stand for all of them.
 */
export function findPhrase(text: RankedText, phrase: Phrase, anyAccents = false): readonly Place[] {
  const [first] = phrase;
  if (!first) return [];
  return (text.places.get(first.folded) ?? []).filter(({ segment, at }) => {
    const segmentWords = text.segments[segment]?.words;
    return phrase.every((word, offset) => {
      const written = segmentWords?.[at + offset];
      if (written?.folded !== word.folded) return false;
      const { accent } = written;
      return accent === word.accent || accent === word.folded || (anyAccents && word.accent === word.folded);
    });
  });
}
