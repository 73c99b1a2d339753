import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { type TakedownRequest, takedownProblems } from './types.ts';

const refuse = refusals(takedownProblems);
/** Decree 248/2026/NĐ-CP, art. 17.1: within 24 hours of the request. */
const limitMs = 24 * 3_600_000;

export const dueAtOf = (receivedAt: Date): Date => new Date(receivedAt.getTime() + limitMs);

/** A request as it is kept: who asked, by which paper, why and when. */
export function checkRequest(request: TakedownRequest, now: Date): TakedownRequest {
  const requestNumber = clean(request.requestNumber).slice(0, 100);
  const authority = clean(request.authority).slice(0, 200);
  const reason = clean(request.reason).slice(0, 2_000);
  const { receivedAt } = request;
  const missing = [
    requestNumber === '' && '/requestNumber',
    authority === '' && '/authority',
    reason === '' && '/reason',
    (Number.isNaN(receivedAt.getTime()) || receivedAt > now) && '/receivedAt',
  ].filter((pointer) => pointer !== false);
  if (missing.length > 0) throw refuse('takedown-incomplete', { errors: missing.map((pointer) => ({ pointer })) });
  return { requestNumber, authority, reason, receivedAt };
}

export function checkDecision(decision: string): string {
  const text = clean(decision).slice(0, 500);
  if (text === '') throw refuse('decision-required', { errors: [{ pointer: '/decision' }] });
  return text;
}
