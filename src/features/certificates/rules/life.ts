import { localDate } from '#core/clock.ts';
import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type CertificateState, CHECKLIST, certificateProblems, type RevocationCause } from '../types.ts';
import { readDay } from './submission.ts';

const refuse = refusals(certificateProblems);
const shortestReason = 10;

type Facts = {
  readonly status: CertificateState;
  readonly submittedBy: string;
  readonly validUntil: Date | null;
};

/** The state at `now`: right at midnight, whenever the job that marks rows runs. */
export const stateAt = <State extends CertificateState>(
  { status, validUntil }: { readonly status: State; readonly validUntil: Date | null },
  now: Date,
): State | 'expired' => (status === 'verified' && validUntil !== null && validUntil <= now ? 'expired' : status);

export function checkVerdict({ status, submittedBy }: Facts, actor: string): void {
  if (status !== 'submitted') throw refuse('certificate-not-submitted');
  if (submittedBy === actor) throw refuse('certificate-four-eyes');
}

export function checkList(checked: readonly string[]): void {
  const missing = CHECKLIST.filter((item) => !checked.includes(item));
  if (missing.length > 0) throw refuse('checklist-incomplete', { missing });
}

export function checkReason(text: string): string {
  const reason = clean(text);
  if (reason.length < shortestReason || reason.length > 500) throw refuse('verdict-reason-required');
  return reason;
}

export type RevocationEntry = {
  readonly cause: RevocationCause;
  readonly reason: string;
  readonly decisionNumber: string;
  readonly decidedOn: string;
};
export type Revocation = {
  readonly cause: RevocationCause;
  readonly reason: string;
  readonly decisionNumber: string | null;
  readonly decidedOn: string | null;
};

/** An authority revokes by a decision with number and date; our own slip needs none. */
export function checkRevocation(
  certificate: Facts & { readonly issuedOn: string },
  entry: RevocationEntry,
  now: Date,
): Revocation {
  if (stateAt(certificate, now) !== 'verified') throw refuse('certificate-not-in-force');
  const reason = checkReason(entry.reason);
  if (entry.cause === 'recorded-in-error') return { cause: entry.cause, reason, decisionNumber: null, decidedOn: null };
  const decidedOn = readDay(entry.decidedOn);
  const decisionNumber = clean(entry.decisionNumber);
  const isDated = decidedOn !== undefined && decidedOn <= localDate(now) && decidedOn >= certificate.issuedOn;
  if (!isDated || !/\d/.test(decisionNumber) || decisionNumber.length > 60) throw refuse('revocation-incomplete');
  return { cause: entry.cause, reason, decisionNumber, decidedOn };
}
