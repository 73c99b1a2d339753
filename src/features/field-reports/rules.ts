import { hourMs } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { reportProblems } from './types.ts';

const refuse = refusals(reportProblems);
export const maxPhotos = 4;
export const maxWords = 2_000;
/** The exchange's own promise to whoever reports, which the page publishes and the queue keeps. */
export const answerHours = 72;
export const dueAtOf = (createdAt: Date): Date => new Date(createdAt.getTime() + answerHours * hourMs);
/** Photos follow at once, or not: a code is written on paper and lent. */
export const takesPhotos = (createdAt: Date, now: Date): boolean => now.getTime() - createdAt.getTime() < hourMs;

export function checkWords(typed: string, pointer: '/text' | '/reason'): string {
  const text = clean(typed);
  if (text === '' || text.length > maxWords) throw refuse('report-words-missing', { pointer, errors: [{ pointer }] });
  return text;
}

/** A hundredth of a degree is about 1.1 km here: enough for an officer to know the hamlet, too little to find a house. */
export const coarse = (degrees: number): number => Math.round(degrees * 100) / 100;
