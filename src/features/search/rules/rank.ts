import { type Grid, matchPlan } from './match.ts';
import { findPhrase, isDenied, type RankedField, type RankedText, type Segment } from './text.ts';
import type { SearchPlan } from './understand.ts';

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

/** What each kind of evidence weighs, as tuned on the graded queries. */
const weights = {
  /** Each term, wherever it matches best. */
  terms: 1,
  /** Many terms in one segment, in order. */
  together: 0.6,
  /** The name begins with what was asked. */
  start: 0.25,
  /** A name, alias or tag that says this and nothing more. */
  tight: 0.35,
};

/** The worth of a term that the engine found where ranking does not look: in the description. */
const inDescription = 0.2;

/** Words that tell what kind of unit a place is, which people leave out: «Trần Đề» is all of «Huyện Trần Đề». */
const unitKinds = new Set(['xa', 'phuong', 'huyen', 'thi', 'thanh', 'pho', 'quan', 'tinh', 'tran']);

type Row = {
  /** Weight of the terms that match here, each by its quality. */
  readonly covered: number;
  readonly matched: number;
  /** Neighbours in the query that are neighbours here. */
  readonly adjacent: number;
  /** How many terms, from the first on, the segment begins with. */
  readonly lead: number;
};

function readRow(plan: SearchPlan, grid: Grid, segment: number): Row {
  let covered = 0;
  let matched = 0;
  let adjacent = 0;
  let lead = 0;
  let before = -2;
  for (const [term, { weight }] of plan.terms.entries()) {
    const quality = grid.quality[segment * grid.columns + term] ?? 0;
    const at = quality > 0 ? (grid.at[segment * grid.columns + term] ?? -2) : -2;
    if (quality > 0) {
      covered += weight * quality;
      matched += 1;
      if (before >= 0 && (at === before + 1 || at === before)) adjacent += 1;
      if (lead === term && at <= term) lead = term + 1;
    }
    before = at;
  }
  return { covered, matched, adjacent, lead };
}

/** Whether the query names this whole place and not just a word that it shares with others. */
function namesPlace(grid: Grid, segment: number, folded: readonly string[]): boolean {
  const named = new Set<number>();
  for (let term = 0; term < grid.columns; term += 1) {
    const cell = segment * grid.columns + term;
    if ((grid.quality[cell] ?? 0) > 0) named.add(grid.at[cell] ?? -1);
  }
  return named.size > 0 && folded.every((word, index) => named.has(index) || (index < 2 && unitKinds.has(word)));
}

const tightFields: ReadonlySet<RankedField> = new Set(['name', 'aliases', 'tags']);

const weightOf = ({ field, folded }: Segment, grid: Grid, segment: number): number =>
  field === 'place' && namesPlace(grid, segment, folded) ? 1 : fieldWeights[field];

export type Score = {
  /** Only the order of two scores means anything. */
  readonly score: number;
  /** The part of the query, by weight, that the product answers: 1 for all of it in the name. */
  readonly share: number;
};

/**
 * How well a product answers a plan. `everyTermFound` says that the engine found each term somewhere: one that is not in
 * the parts ranked here then stands in the description.
 */
export function scoreOf(plan: SearchPlan, text: RankedText, everyTermFound: boolean): Score {
  const { terms } = plan;
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return { score: 0, share: 0 };
  const grid = matchPlan(plan, text);
  const best = new Float64Array(terms.length).fill(everyTermFound ? inDescription : 0);
  let [together, tight, start] = [0, 0, 0];
  for (const [index, segment] of text.segments.entries()) {
    const { covered, matched, adjacent, lead } = readRow(plan, grid, index);
    if (matched === 0) continue;
    const fieldWeight = weightOf(segment, grid, index);
    for (let term = 0; term < terms.length; term += 1) {
      best[term] = Math.max(best[term] ?? 0, fieldWeight * (grid.quality[index * grid.columns + term] ?? 0));
    }
    const order = terms.length === 1 ? 1 : 0.6 + (0.4 * adjacent) / (terms.length - 1);
    const worth = fieldWeight * (covered / total) * order;
    together = Math.max(together, worth);
    if (tightFields.has(segment.field)) tight = Math.max(tight, worth * Math.min(1, matched / segment.folded.length));
    if (segment.field === 'name') start = Math.max(start, lead / terms.length);
  }
  const share = terms.reduce((sum, { weight }, index) => sum + weight * (best[index] ?? 0), 0) / total;
  const score =
    weights.terms * share + weights.together * together + weights.start * start + weights.tight * tight;
  return { score, share };
}

const deniedIn: ReadonlySet<RankedField> = new Set(['name', 'aliases', 'tags', 'ingredients']);

/** Whether a product has what the shopper does not want: it names it, and nowhere says that it is without it. */
export function isUnwanted(plan: SearchPlan, text: RankedText): boolean {
  const places = plan.without.flatMap((phrase) => findPhrase(text, phrase, true));
  if (places.some((place) => isDenied(text, place))) return false;
  return places.some(({ segment }) => deniedIn.has(text.segments[segment]?.field ?? 'category'));
}
