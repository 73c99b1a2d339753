import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { questionProblems } from './types.ts';

const refuse = refusals(questionProblems);
export const maxQuestion = 500;
export const maxAnswer = 2_000;
/** From one place; a village shares an address. */
export const questionsAnHour = 20;

/** What was typed, as it is kept: there has to be something, and what is too long is sent back rather than cut. */
export function checkText(typed: string, most: number, pointer: '/text' | '/reason'): string {
  const text = clean(typed);
  const at = { pointer, errors: [{ pointer }] };
  if (text === '') throw refuse('question-words-missing', at);
  if (text.length > most) throw refuse('question-too-long', at);
  return text;
}
