import { addMonths, localDate, startOfLocalDay } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { certificateProblems } from './types.ts';

const refuse = refusals(certificateProblems);

/** Months an OCOP decision holds (Decision 26/2026/QĐ-TTg art. 4.3, unchanged since 148/QĐ-TTg of 2023). */
export const OCOP_VALID_MONTHS = 36;

/** `1693/QĐ-UBND`, `9001/QĐ-BNNMT`: a number and the initials of who signed. */
const decisionNumber = /^\d{1,5}\/QĐ-[A-ZĐ0-9]+(?:-[A-ZĐ0-9]+)*$/;

/** The criteria in force on the day a decision was signed. */
const bases: readonly { readonly from: string; readonly basis: string }[] = [
  { from: '2026-05-22', basis: '26/2026/QĐ-TTg' },
  { from: '2025-07-06', basis: '1489/QĐ-TTg' },
  { from: '2023-02-24', basis: '148/QĐ-TTg' },
  { from: '0000-00-00', basis: '1048/QĐ-TTg' },
];
export const legalBasisOn = (date: string): string => bases.find(({ from }) => date >= from)?.basis ?? '';

/** From this instant on the certificate is lapsed: the local midnight that begins the day 36 months after issue. */
export const ocopValidUntil = (issuedOn: string): Date => startOfLocalDay(addMonths(issuedOn, OCOP_VALID_MONTHS));

export type Submission = {
  readonly decisionNumber: string;
  readonly issuer: string;
  readonly issuedOn: string;
  readonly star: number;
};

export function checkSubmission(submission: Submission, now: Date): Submission & { readonly star: 3 | 4 | 5 } {
  const { star } = submission;
  if (star !== 3 && star !== 4 && star !== 5) throw refuse('star-invalid', { star });
  if (!decisionNumber.test(submission.decisionNumber))
    throw refuse('decision-number-invalid', { decisionNumber: submission.decisionNumber });
  if (submission.issuedOn > localDate(now))
    throw refuse('certificate-from-the-future', { issuedOn: submission.issuedOn });
  return { ...submission, star };
}
