import { accentKey, fold, words } from '#core/vietnamese.ts';
import type { Phrase } from './synonyms.ts';

/** The parts of a product that ranking looks at, in this order; an engine hands them over as one text, a line each. */
const RANKED_FIELDS = ['name', 'aliases', 'tags', 'english', 'seller', 'place', 'category', 'ingredients'] as const;
export type RankedField = (typeof RANKED_FIELDS)[number];

/** One name, one alias, one tag …: words that belong together. */
export type Segment = {
  readonly field: RankedField;
  readonly folded: readonly string[];
  readonly accents: readonly string[];
};
export type Place = { readonly segment: number; readonly at: number };
export type RankedText = {
  readonly segments: readonly Segment[];
  readonly places: ReadonlyMap<string, readonly Place[]>;
};

const segmentsOf = (line: string, field: RankedField): readonly Segment[] =>
  line
    .split(';')
    .map(words)
    .filter((written) => written.length > 0)
    .map((written) => ({ field, folded: written.map(fold), accents: written.map(accentKey) }));

/** Reads what `rankedText` wrote. Costs tens of microseconds a product, so callers keep the result. */
export function readRankedText(text: string): RankedText {
  const lines = text.split('\n');
  const segments = RANKED_FIELDS.flatMap((field, index) => segmentsOf(lines[index] ?? '', field));
  const places = new Map<string, Place[]>();
  for (const [segment, { folded }] of segments.entries()) {
    for (const [at, word] of folded.entries()) {
      const known = places.get(word);
      if (known) known.push({ segment, at });
      else places.set(word, [{ segment, at }]);
    }
  }
  return { segments, places };
}

export const denials: ReadonlySet<string> = new Set(['khong', 'ko', 'no', 'without', 'chang']);

/** «không sầu riêng» among the tags is no durian. */
export const isDenied = (text: RankedText, { segment, at }: Place): boolean =>
  at > 0 && denials.has(text.segments[segment]?.folded[at - 1] ?? '');

/**
 * Where a phrase begins. A word written with other accents is another word; `anyAccents` lets a phrase that was typed
 * without accents stand for all of them.
 */
export function findPhrase(text: RankedText, phrase: Phrase, anyAccents = false): readonly Place[] {
  const [first] = phrase;
  if (!first) return [];
  return (text.places.get(first.folded) ?? []).filter(({ segment, at }) => {
    const written = text.segments[segment];
    return phrase.every((word, offset) => {
      if (written?.folded[at + offset] !== word.folded) return false;
      const accent = written.accents[at + offset];
      return accent === word.accent || accent === word.folded || (anyAccents && word.accent === word.folded);
    });
  });
}
