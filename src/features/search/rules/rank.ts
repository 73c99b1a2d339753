import type { WrittenWord } from './lexicon.ts';
import { matchPlan, type Row } from './match.ts';
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

/** What orders results, as the exchange publishes it (Law on E-commerce 2025: the main criteria of ranking). */
export const rankingCriteria = { fields: fieldWeights, evidence: weights } as const;

/** The worth of a term that the engine found where ranking does not look: in the description. */
const inDescription = 0.2;

/** Words that tell what kind of unit a place is, which people leave out: «Trần Đề» is all of «Huyện Trần Đề». */
const unitKinds = new Set(['xa', 'phuong', 'huyen', 'thi', 'thanh', 'pho', 'quan', 'tinh', 'tran']);

/** Neighbours in the query that are neighbours here. */
function countAdjacent(at: Int16Array): number {
  let adjacent = 0;
  for (let term = 1; term < at.length; term += 1) {
    const before = at[term - 1] ?? -1;
    const step = (at[term] ?? -1) - before;
    if (before >= 0 && (step === 0 || step === 1)) adjacent += 1;
  }
  return adjacent;
}

/** How many terms, from the first on, the segment begins with. */
function countLead(at: Int16Array): number {
  let lead = 0;
  while (lead < at.length && (at[lead] ?? -1) >= 0 && (at[lead] ?? -1) <= lead) lead += 1;
  return lead;
}

/** Whether the query names this whole place and not just a word that it shares with others. */
const namesPlace = (at: Int16Array, words: Segment['words']): boolean =>
  at.some((place) => place >= 0) &&
  words.every(({ folded }, index) => at.includes(index) || (index < 2 && unitKinds.has(folded)));

const tightFields: ReadonlySet<RankedField> = new Set(['name', 'aliases', 'tags']);

const weightOf = ({ field, words }: Segment, at: Int16Array): number =>
  field === 'place' && namesPlace(at, words) ? 1 : fieldWeights[field];

/** The segment's part in the score, and what it adds to each term's best match. */
function readSegment(plan: SearchPlan, total: number, segment: Segment, row: Row, best: Float64Array) {
  const { quality, at } = row;
  const fieldWeight = weightOf(segment, at);
  let covered = 0;
  for (const [term, { weight }] of plan.terms.entries()) {
    covered += weight * (quality[term] ?? 0);
    best[term] = Math.max(best[term] ?? 0, fieldWeight * (quality[term] ?? 0));
  }
  const matched = quality.reduce((count, value) => (value > 0 ? count + 1 : count), 0);
  const order = at.length === 1 ? 1 : 0.6 + (0.4 * countAdjacent(at)) / (at.length - 1);
  const together = fieldWeight * (covered / total) * order;
  return {
    together,
    tight: tightFields.has(segment.field) ? together * Math.min(1, matched / segment.words.length) : 0,
    start: segment.field === 'name' ? countLead(at) / at.length : 0,
  };
}

export type Score = {
  /** Only the order of two scores means anything. */
  readonly score: number;
  /** The part of the query, by weight, that the product answers: 1 for all of it in the name. */
  readonly share: number;
};

/**
 * Scores one product after the other by one plan. `everyTermFound` says that the engine found each term somewhere: one
 * that is not in the parts ranked here then stands in the description.
 */
export function createRanking(plan: SearchPlan): (text: RankedText, everyTermFound: boolean) => Score {
  const { terms } = plan;
  const total = terms.reduce((sum, { weight }) => sum + weight, 0);
  const near = terms.map(() => new Map<WrittenWord, number>());
  return (text, everyTermFound) => {
    const rows = matchPlan(plan, text, near);
    const best = new Float64Array(terms.length).fill(everyTermFound ? inDescription : 0);
    let [together, tight, start] = [0, 0, 0];
    for (const [index, segment] of text.segments.entries()) {
      const row = rows[index];
      if (!row) continue;
      const found = readSegment(plan, total, segment, row, best);
      together = Math.max(together, found.together);
      tight = Math.max(tight, found.tight);
      start = Math.max(start, found.start);
    }
    const share = terms.reduce((sum, { weight }, index) => sum + weight * (best[index] ?? 0), 0) / (total || 1);
    const score = weights.terms * share + weights.together * together + weights.start * start + weights.tight * tight;
    return { score, share };
  };
}

const deniedIn: ReadonlySet<RankedField> = new Set(['name', 'aliases', 'tags', 'ingredients']);

/** Whether a product has what the shopper does not want: it names it, and nowhere says that it is without it. */
export function isUnwanted(plan: SearchPlan, text: RankedText): boolean {
  const places = plan.without.flatMap((phrase) => findPhrase(text, phrase, true));
  if (places.some((place) => isDenied(text, place))) return false;
  return places.some(({ segment }) => deniedIn.has(text.segments[segment]?.field ?? 'category'));
}
