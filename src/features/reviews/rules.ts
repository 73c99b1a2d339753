import { dayMs } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import type { Flag, FlagKind } from '#features/changes/types.ts';
import { type Rating, type ReviewState, reviewProblems } from './types.ts';

const refuse = refusals(reviewProblems);
/** A jar of fish sauce is not finished in a week; after a month a change is another matter than the first impression. */
const editableMs = 30 * dayMs;
export const maxPhotos = 4;
export const maxWords = 2_000;

export type Said = { readonly points: number; readonly text: string };

/** What was typed, as it is kept. Points alone are a review; a text that is too long is sent back rather than cut. */
export function checkSaid({ points, text: typed }: Said): Said {
  if (!Number.isInteger(points) || points < 1 || points > 5) throw refuse('review-points-missing', at('/points'));
  const text = clean(typed);
  if (text.length > maxWords) throw refuse('review-too-long', at('/text'));
  return { points, text };
}

/** The words of a reply, a flag or a reason to hide: there have to be some. */
export function checkWords(typed: string, pointer: '/text' | '/reason'): string {
  const text = clean(typed);
  if (text === '') throw refuse('review-words-missing', at(pointer));
  if (text.length > maxWords) throw refuse('review-too-long', at(pointer));
  return text;
}

const at = (pointer: string) => ({ pointer, errors: [{ pointer }] });

export const isEditable = (createdAt: Date, now: Date): boolean => now.getTime() - createdAt.getTime() <= editableMs;

export function checkEditable(createdAt: Date, now: Date): void {
  if (!isEditable(createdAt, now)) throw refuse('review-closed');
}

/** What of the word filter holds for shoppers too: to praise and to shout is theirs; to advertise and to promise healing is nobody's. */
const heeded: ReadonlySet<FlagKind> = new Set(['medical-claim', 'contact', 'marketplace', 'look-alike', 'markup']);
export const heededFlags = (flags: readonly Flag[]): Flag[] => flags.filter(({ kind }) => heeded.has(kind));

/** What is marked is looked at before it is shown; so is what was hidden and is now said otherwise. The rest is shown at once. */
export const stateFor = (flags: readonly Flag[], before?: ReviewState | null): ReviewState =>
  flags.length > 0 || before === 'hidden' ? 'waiting' : 'published';

/** Who says it, as others may know it: `Nguyễn Thị Bé` is `Nguyễn T. B.`. */
export function shownName(name: string): string {
  const [first = '', ...others] = clean(name).split(' ');
  return [first, ...others.map((part) => `${[...part][0] ?? ''}.`)].join(' ').slice(0, 60);
}

/** How much a review has to tell, for the order in which the most detailed come first. */
export const detailOf = (text: string, photos: number): number => Math.min(text.length, 500) + (photos > 0 ? 500 : 0);

/** The rating of so many reviews with one to five points. */
export function ratingOf(distribution: readonly number[]): Rating {
  const count = distribution.reduce((sum, one) => sum + one, 0);
  const points = distribution.reduce((sum, one, index) => sum + one * (index + 1), 0);
  return { count, average: count === 0 ? null : Math.round((points / count) * 10) / 10, distribution };
}
