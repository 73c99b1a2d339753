import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { ASSIST_SCOPES, type AssistScope } from '#core/roles.ts';
import { assistanceProblems, type ConsentState } from './types.ts';

const refuse = refusals(assistanceProblems);

const maxMonths = 12;
/** The code is read aloud at a kitchen table: long enough for that, too short to be found again in the evening. */
export const CODE_MINUTES = 10;
/** Of a million codes five guesses find one in 200,000 times. */
export const MAX_WRONG_CODES = 5;
/** Codes that one phone gets in an hour, whoever asks for them: a household is not to be worn down. */
export const MAX_CODES_AN_HOUR = 3;

export function checkScopes(scopes: readonly string[]): AssistScope[] {
  const known = ASSIST_SCOPES.filter((scope) => scopes.includes(scope));
  if (known.length === 0 || scopes.some((scope) => !known.some((one) => one === scope)))
    throw refuse('consent-too-long', { pointer: '/scopes' });
  return known;
}

/** The consent ends at the midnight that many months on; a year is the most that anybody may give at once. */
export function consentUntil(months: number, now: Date): Date {
  if (!Number.isInteger(months) || months < 1 || months > maxMonths)
    throw refuse('consent-too-long', { pointer: '/months', maxMonths });
  return startOfLocalDay(addMonths(localDate(now), months));
}

type ConsentFacts = {
  readonly givenAt: Date | null;
  readonly revokedAt: Date | null;
  readonly expiresAt: Date;
  readonly codeUntil: Date;
  readonly wrongCodes: number;
};
export function stateOf({ givenAt, revokedAt, expiresAt }: ConsentFacts, now: Date): ConsentState {
  if (revokedAt) return 'revoked';
  if (expiresAt <= now) return 'expired';
  return givenAt ? 'given' : 'asked';
}

/** Whether a code may still be tried. After five wrong ones a new code is needed. */
export const takesCode = (consent: ConsentFacts, now: Date): boolean =>
  stateOf(consent, now) === 'asked' && consent.codeUntil > now && consent.wrongCodes < MAX_WRONG_CODES;
