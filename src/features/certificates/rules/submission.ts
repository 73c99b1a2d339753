import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { certificateProblems, type Submission } from '../types.ts';
import { competenceOn, isNumberOf, isScoreOf, legalBasisOn, ocopValidUntil, validityOn } from './law.ts';

const refuse = refusals(certificateProblems);

const isDay = (text: string): boolean => {
  try {
    startOfLocalDay(text);
    return true;
  } catch {
    return false;
  }
};

/** A day as people write it, `15/9/2026` or `2026-09-15`, as `YYYY-MM-DD`; undefined when the calendar has no such day. */
export function readDay(text: string): string | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim()) ?? [];
  const iso = day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : text.trim();
  return isDay(iso) ? iso : undefined;
}

/** The first instant after the last day on the paper, or by the law's table; null for what has no end. */
function validUntilOf({ kind, issuedOn, expiresOn }: Submission): Date | null {
  const holds = validityOn(kind, issuedOn);
  if ('exactly' in holds) return ocopValidUntil(issuedOn);
  if (expiresOn === null) {
    if ('endless' in holds) return null;
    throw refuse('certificate-expiry-invalid', { issuedOn });
  }
  if (!isDay(expiresOn)) throw refuse('certificate-date-invalid', { expiresOn });
  const longest = 'atMost' in holds ? addMonths(issuedOn, holds.atMost) : '9999-12-31';
  // The last day printed may be that of issue itself years later, or the day before it; both are the full time.
  if (expiresOn <= issuedOn || expiresOn > longest) throw refuse('certificate-expiry-invalid', { expiresOn, longest });
  return new Date(startOfLocalDay(expiresOn).getTime() + 86_400_000);
}

type Checked = Submission & {
  readonly star: 3 | 4 | 5 | null;
  readonly legalBasis: string;
  /** From this instant on it is lapsed; null: never. */
  readonly validUntil: Date | null;
};

function starOf({ kind, star }: Submission): 3 | 4 | 5 | null {
  if (kind !== 'ocop' && star === null) return null;
  if (kind === 'ocop' && (star === 3 || star === 4 || star === 5)) return star;
  throw refuse('star-invalid', { star });
}

/** What is entered is as the law's tables of its own day allow. 422 with what is wrong otherwise. */
export function checkSubmission(submission: Submission, now: Date): Checked {
  const { kind, issuedOn } = submission;
  const star = starOf(submission);
  const issuer = clean(submission.issuer);
  const number = clean(submission.decisionNumber);
  const decisionNumber = kind === 'ocop' ? number.toUpperCase() : number;
  if (issuer.length < 3 || issuer.length > 200) throw refuse('certificate-issuer-invalid');
  if (!isNumberOf(kind, decisionNumber)) throw refuse('decision-number-invalid', { decisionNumber });
  if (!isDay(issuedOn)) throw refuse('certificate-date-invalid', { issuedOn });
  if (issuedOn > localDate(now)) throw refuse('certificate-from-the-future', { issuedOn });
  if (star !== null && competenceOn(issuer, star, issuedOn) === 'failed')
    throw refuse('issuer-not-competent', { issuer, star, issuedOn });
  const dates = { legalBasis: legalBasisOn(kind, issuedOn), validUntil: validUntilOf(submission) };
  return { ...submission, issuer, decisionNumber, star, ...dates };
}

/** Points as people write them, `72,5`, in tenths; undefined for nothing. 422 for what is no number of points. */
export function readScore(text: string): number | undefined {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return undefined;
  if (!/^\d{1,3}(\.\d)?$/.test(typed)) throw refuse('score-outside-star', { score: text.slice(0, 20) });
  return Math.round(Number(typed) * 10);
}

/** A business sends what holds; what lapsed is history, which officers enter. */
export function checkNotLapsed({ validUntil }: Pick<Checked, 'validUntil'>, now: Date): void {
  if (validUntil !== null && validUntil <= now)
    throw refuse('certificate-lapsed', { validUntil: validUntil.toISOString() });
}

export function checkScore(star: 3 | 4 | 5 | null, scoreTenths: number): void {
  if (star === null || !Number.isInteger(scoreTenths) || !isScoreOf(star, scoreTenths))
    throw refuse('score-outside-star', { star, score: scoreTenths / 10 });
}
