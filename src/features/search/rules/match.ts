import { sameButForHoiNga } from '#core/vietnamese.ts';
import type { WrittenWord } from './lexicon.ts';
import { denials, findPhrase, isDenied, type RankedText } from './text.ts';
import type { SearchPlan, Term, Widening } from './understand.ts';

/** How well a written word stands for a term. What was typed with accents prefers them, but forgives. */
const otherAccents = 0.7;
const hoiNga = 0.85;
const unaccented = 0.98;
const bySynonym = 0.95;
const byKind = 0.85;
const byPrefix = 0.85;
const bySound = 0.6;
const byOneEdit = 0.5;

/** Per term: how well one segment matches it, and at which of its words (−1: nowhere). */
export type Row = { readonly quality: Float64Array; readonly at: Int16Array };
/** By segment; a segment that matches nothing has no row. */
type Grid = { readonly columns: number; readonly rows: (Row | undefined)[]; readonly near: NearWords };

function put(grid: Grid, segment: number, term: number, quality: number, at: number): void {
  if (quality === 0) return;
  const { columns, rows } = grid;
  rows[segment] ??= { quality: new Float64Array(columns), at: new Int16Array(columns).fill(-1) };
  const row = rows[segment];
  if (quality <= (row.quality[term] ?? 0)) return;
  row.quality[term] = quality;
  row.at[term] = at;
}

function accentMatch(term: Term, accent: string): number {
  if (accent === term.accent) return 1;
  if (!term.accented || accent === term.folded) return unaccented;
  return sameButForHoiNga(accent, term.accent) ? hoiNga : otherAccents;
}

/**
 * Whether two words differ by one letter too many, missing or wrong, or by two swapped. The first letter must agree: it
 * is the one that people get right, and those that sound alike are `soundOf`'s matter.
 */
export function isOneEditAway(a: string, b: string): boolean {
  if (a[0] !== b[0] || Math.abs(a.length - b.length) > 1) return false;
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

const toneMarks = /[\u0300\u0301\u0303\u0309\u0323]/g;

/**
 * Whether a word goes on as the unfinished term began. The tone stands at the end of an accent key, behind letters that
 * are not typed yet; a term without tone may still get one, and `ma` may become `mâ` only where nothing was accented.
 */
function beginsAlike({ accent, accented }: Term, word: string): boolean {
  if (!accented) return true;
  const letters = accent.replace(toneMarks, '');
  const tone = accent.match(toneMarks)?.[0];
  return word.startsWith(letters) && !/^\p{M}/u.test(word.slice(letters.length)) && (!tone || word.includes(tone));
}

const prefixMatch = (term: Term, { folded, accent }: WrittenWord): number =>
  term.prefix && folded.startsWith(term.folded) ? byPrefix * (beginsAlike(term, accent) ? 1 : otherAccents) : 0;

/** How well a word that is spelt otherwise stands for a term: 0 for not at all. */
function nearMatch(term: Term, word: WrittenWord): number {
  if (word.folded === term.folded) return 0;
  if (word.folded === term.typed) return 1;
  const prefix = prefixMatch(term, word);
  if (prefix > 0) return prefix;
  if (term.sound.length > 1 && word.sound === term.sound) return bySound;
  return term.folded.length >= 4 && isOneEditAway(term.folded, word.folded) ? byOneEdit : 0;
}

/** What was found out about words, by term: products share most of their words. */
export type NearWords = readonly Map<WrittenWord, number>[];

function matchNearly(grid: Grid, index: number, term: Term, text: RankedText): void {
  const known = grid.near[index];
  for (const [word, places] of text.named) {
    let quality = known?.get(word);
    if (quality === undefined) {
      quality = nearMatch(term, word);
      known?.set(word, quality);
    }
    if (quality > 0) for (const { segment, at } of places) put(grid, segment, index, quality, at);
  }
}

function matchTerm(grid: Grid, index: number, plan: SearchPlan, text: RankedText): void {
  const term = plan.terms[index];
  if (!term) return;
  const exact = text.places.get(term.folded) ?? [];
  const denies = denials.has(plan.terms[index - 1]?.folded ?? '');
  for (const place of exact) {
    if (!denies && isDenied(text, place)) continue;
    const accent = text.segments[place.segment]?.words[place.at]?.accent ?? '';
    put(grid, place.segment, index, accentMatch(term, accent), place.at);
  }
  if (exact.length === 0 || term.prefix) matchNearly(grid, index, term, text);
}

function matchWidening(grid: Grid, widening: Widening, plan: SearchPlan, text: RankedText): void {
  const { phrase, alike, from, to } = widening;
  const denies = denials.has(plan.terms[from - 1]?.folded ?? '');
  for (const place of findPhrase(text, phrase)) {
    if (!denies && isDenied(text, place)) continue;
    for (let index = from; index < to; index += 1) {
      const at = place.at + Math.min(index - from, phrase.length - 1);
      put(grid, place.segment, index, alike ? bySynonym : byKind, at);
    }
  }
}

export function matchPlan(plan: SearchPlan, text: RankedText, near: NearWords): readonly (Row | undefined)[] {
  const columns = plan.terms.length;
  const grid: Grid = { columns, rows: new Array<Row | undefined>(text.segments.length).fill(undefined), near };
  for (let index = 0; index < columns; index += 1) matchTerm(grid, index, plan, text);
  for (const widening of plan.widenings) matchWidening(grid, widening, plan, text);
  return grid.rows;
}
