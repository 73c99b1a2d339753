import { accentKey, fold, sameButForHoiNga, soundOf, words } from '#core/vietnamese.ts';
import type { Phrase } from './synonyms.ts';
import type { SearchPlan, Term } from './understand.ts';

/** The parts of a product that ranking looks at, in this order; an engine hands them over as one text, a line each. */
export const RANKED_FIELDS = [
  'name',
  'aliases',
  'tags',
  'english',
  'seller',
  'place',
  'category',
  'ingredients',
] as const;
type RankedField = (typeof RANKED_FIELDS)[number];

/** How much a word in this part says about what the product is. */
const fieldWeights: Readonly<Record<RankedField, number>> = {
  name: 1,
  aliases: 0.95,
  tags: 0.8,
  english: 0.9,
  seller: 0.6,
  place: 0.6,
  category: 0.4,
  ingredients: 0.3,
};

type Segment = { readonly field: RankedField; readonly folded: readonly string[]; readonly accents: readonly string[] };
type Occurrence = { readonly segment: number; readonly at: number };
export type RankedText = {
  readonly segments: readonly Segment[];
  readonly places: ReadonlyMap<string, readonly Occurrence[]>;
};

/** Reads what `rankedText` wrote. Costs tens of microseconds a product, so callers keep the result. */
export function readRankedText(text: string): RankedText {
  const segments: Segment[] = [];
  const places = new Map<string, Occurrence[]>();
  for (const [index, line] of text.split('\n').entries()) {
    const field = RANKED_FIELDS[index];
    if (!field) break;
    for (const part of line.split(';')) {
      const written = words(part);
      if (written.length === 0) continue;
      const folded = written.map(fold);
      for (const [at, word] of folded.entries()) {
        const known = places.get(word);
        if (known) known.push({ segment: segments.length, at });
        else places.set(word, [{ segment: segments.length, at }]);
      }
      segments.push({ field, folded, accents: written.map(accentKey) });
    }
  }
  return { segments, places };
}

const otherAccents = 0.7;
const hoiNga = 0.85;
const unaccented = 0.98;
const bySound = 0.6;
const byPrefix = 0.85;
const byOneEdit = 0.5;

function accentMatch(term: Term, accent: string): number {
  if (accent === term.accent) return 1;
  if (!term.accented || accent === term.folded) return unaccented;
  return sameButForHoiNga(accent, term.accent) ? hoiNga : otherAccents;
}

/** At most one letter too many, missing, wrong, or two swapped. Only asked of words of four letters and more. */
export function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1;
    endB -= 1;
  }
  if (endA - start <= 1 && endB - start <= 1) return true;
  return endA - start === 2 && endB - start === 2 && a[start] === b[start + 1] && a[start + 1] === b[start];
}

/** How well a word that is not the term itself stands for it: 0 for not at all. */
function nearMatch(term: Term, word: string, accent: string): number {
  if (term.prefix && word.startsWith(term.folded)) {
    return term.accented && !accent.startsWith(term.accent.slice(0, -1)) ? byPrefix * otherAccents : byPrefix;
  }
  if (word === term.typed) return 1;
  if (term.sound.length > 1 && soundOf(word) === term.sound) return bySound;
  return term.folded.length >= 4 && isOneEditAway(term.folded, word) ? byOneEdit : 0;
}

/** Per segment and term: how well it matches and where. */
type Grid = { readonly quality: Float64Array; readonly at: Int16Array };

const nearFields = new Set<RankedField>(['name', 'aliases', 'tags', 'english', 'seller', 'place']);

function matchTerms(plan: SearchPlan, text: RankedText): Grid {
  const n = plan.terms.length;
  const quality = new Float64Array(text.segments.length * n);
  const at = new Int16Array(text.segments.length * n).fill(-1);
  const put = (segment: number, term: number, value: number, place: number): void => {
    const cell = segment * n + term;
    if (value > (quality[cell] ?? 0)) {
      quality[cell] = value;
      at[cell] = place;
    }
  };
  for (const [index, term] of plan.terms.entries()) {
    const exact = text.places.get(term.folded);
    for (const place of exact ?? []) {
      const accent = text.segments[place.segment]?.accents[place.at] ?? '';
      put(place.segment, index, accentMatch(term, accent), place.at);
    }
    if (exact && !term.prefix) continue;
    for (const [segment, { field, folded, accents }] of text.segments.entries()) {
      if (!nearFields.has(field)) continue;
      for (const [place, word] of folded.entries()) {
        if (word === term.folded) continue;
        const near = nearMatch(term, word, accents[place] ?? '');
        if (near > 0) put(segment, index, near, place);
      }
    }
  }
  for (const { phrase, alike, from, to } of plan.widenings) {
    for (const { segment, at: place } of findPhrase(text, phrase)) {
      for (let index = from; index < to; index += 1) {
        put(segment, index, alike ? 0.95 : 0.85, place + Math.min(index - from, phrase.length - 1));
      }
    }
  }
  return { quality, at };
}

function findPhrase(text: RankedText, phrase: Phrase): readonly Occurrence[] {
  const [first] = phrase;
  if (!first) return [];
  return (text.places.get(first.folded) ?? []).filter(({ segment, at }) => {
    const written = text.segments[segment];
    return phrase.every((word, offset) => {
      if (written?.folded[at + offset] !== word.folded) return false;
      const accent = written.accents[at + offset];
      return accent === word.accent || accent === word.folded;
    });
  });
}

export type Weights = { base: number; together: number; start: number; tight: number; hidden: number };
export const weights: Weights = { base: 1, together: 0.6, start: 0.25, tight: 0.35, hidden: 0.2 };

/**
 * How well a product answers a plan; only the order of two scores means anything. `everyTermFound` says that the engine
 * found each term somewhere: one that is not in the parts ranked here then stands in the description.
 */
export function scoreOf(plan: SearchPlan, text: RankedText, everyTermFound: boolean): number {
  const { terms } = plan;
  const n = terms.length;
  if (n === 0) return 0;
  const { quality, at } = matchTerms(plan, text);
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  const best = new Float64Array(n);
  let together = 0;
  let tight = 0;
  let start = 0;
  for (const [index, { field, folded }] of text.segments.entries()) {
    const row = index * n;
    const fieldWeight = fieldWeights[field];
    let covered = 0;
    let matched = 0;
    let adjacent = 0;
    let lead = 0;
    for (let term = 0; term < n; term += 1) {
      const value = quality[row + term] ?? 0;
      if (value === 0) continue;
      const weight = terms[term]?.weight ?? 0;
      best[term] = Math.max(best[term] ?? 0, fieldWeight * value);
      covered += weight * value;
      matched += 1;
      const place = at[row + term] ?? -1;
      const before = term === 0 ? -1 : (at[row + term - 1] ?? -1);
      if (term > 0 && before >= 0 && (place === before + 1 || place === before)) adjacent += 1;
      if (field === 'name' && lead === term && place <= term) lead = term + 1;
    }
    if (matched === 0) continue;
    const share = covered / total;
    const order = n === 1 ? 1 : 0.6 + (0.4 * adjacent) / (n - 1);
    together = Math.max(together, fieldWeight * share * order);
    if (field === 'name' || field === 'aliases' || field === 'tags')
      tight = Math.max(tight, fieldWeight * share * order * Math.min(1, matched / folded.length));
    start = Math.max(start, lead / n);
  }
  let base = 0;
  for (let term = 0; term < n; term += 1) {
    const floor = everyTermFound ? weights.hidden : 0;
    base += (terms[term]?.weight ?? 0) * Math.max(best[term] ?? 0, floor);
  }
  return weights.base * (base / total) + weights.together * together + weights.start * start + weights.tight * tight;
}

const denials = new Set(['khong', 'ko', 'no', 'without', 'chang']);
const deniedIn = new Set<RankedField>(['name', 'aliases', 'tags', 'ingredients']);

/** Whether a product has what the shopper does not want: it names it, and nowhere says that it is without it. */
export function isUnwanted(plan: SearchPlan, text: RankedText): boolean {
  let named = false;
  for (const phrase of plan.without) {
    for (const { segment, at } of findPhrase(text, phrase)) {
      const written = text.segments[segment];
      if (!written) continue;
      if (denials.has(written.folded[at - 1] ?? '')) return false;
      named ||= deniedIn.has(written.field);
    }
  }
  return named;
}
