import { type Phrase, type SearchPlan, type Term, tellingTerms, type Widening } from '#features/search/index.ts';

/** A lexeme of a tsquery literal. Words hold letters, marks and digits only; the quotes are taken out all the same. */
const lexeme = (word: string): string => `'${word.replace(/['\\]/g, '')}'`;

const wordOf = ({ folded, prefix }: Term): string => (prefix ? `${lexeme(folded)}:*` : lexeme(folded));

const phraseOf = (phrase: Phrase): string => `(${phrase.map(({ folded }) => lexeme(folded)).join(' <-> ')})`;

const either = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' | ')})`);
const both = (parts: readonly string[]): string => (parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' & ')})`);

/** The places of the telling terms in the plan: widenings are counted by them. */
const tellingPlaces = (plan: SearchPlan): readonly number[] =>
  tellingTerms(plan).map((term) => plan.terms.indexOf(term));

const widensOver = (plan: SearchPlan, from: number, to: number): readonly Widening[] =>
  plan.widenings.filter((widening) => widening.from === from && widening.to === to);

const singly = (plan: SearchPlan, place: number): string => {
  const term = plan.terms[place];
  const others = widensOver(plan, place, place + 1).map(({ phrase }) => phraseOf(phrase));
  return term ? either([wordOf(term), ...others]) : '';
};

/** Where the longest widening that begins at a place ends; the next place where there is none. */
const longestEnd = (plan: SearchPlan, from: number): number =>
  Math.max(from + 1, ...plan.widenings.filter((widening) => widening.from === from).map(({ to }) => to));

/** Every telling term, each as typed or by a synonym of the phrase that it stands in. Undefined for a plan without terms. */
export function everyTerm(plan: SearchPlan): string | undefined {
  const places = tellingPlaces(plan);
  const parts: string[] = [];
  for (let index = 0; index < places.length; ) {
    const from = places[index] ?? 0;
    const to = longestEnd(plan, from);
    const inside = places.slice(index).filter((place) => place < to);
    const words = both(inside.map((place) => singly(plan, place)));
    parts.push(
      either([words, ...(to > from + 1 ? widensOver(plan, from, to).map(({ phrase }) => phraseOf(phrase)) : [])]),
    );
    index += inside.length;
  }
  return parts.length === 0 ? undefined : both(parts);
}

/** A term by itself: its words and synonyms, and its sound. */
export type SomeTerm = { readonly words: string; readonly sound: string };

/** `corrections` are the words that a term may have been meant for, by the term's folded text. */
export const someTerms = (plan: SearchPlan, corrections: ReadonlyMap<string, readonly string[]>): readonly SomeTerm[] =>
  tellingPlaces(plan).flatMap((place) => {
    const term = plan.terms[place];
    if (!term) return [];
    const phrases = plan.widenings
      .filter(({ from, to }) => from <= place && place < to)
      .map(({ phrase }) => phraseOf(phrase));
    const typed = term.typed === term.folded ? [] : [lexeme(term.typed)];
    const meant = (corrections.get(term.folded) ?? []).map(lexeme);
    return [{ words: either([...new Set([wordOf(term), ...typed, ...phrases, ...meant])]), sound: lexeme(term.sound) }];
  });

/** The terms with enough letters to tell what was meant. */
export const spelledTerms = (plan: SearchPlan): readonly string[] =>
  tellingTerms(plan)
    .map(({ folded }) => folded)
    .filter((folded) => /^[a-z]{4,20}$/.test(folded));
