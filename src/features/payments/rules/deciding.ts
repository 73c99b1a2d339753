import { hourMs } from '#core/clock.ts';
import type { Vnd } from '#core/money.ts';
import { refusals } from '#core/problem.ts';
import { clean, fold } from '#core/vietnamese.ts';
import { paymentProblems } from '../types.ts';

const refuse = refusals(paymentProblems);

const partsAtMost = 10;

/** Why somebody decides about money so, in some words. */
export const checkReason = (reason: string): void => {
  if (clean(reason).length < 3 || reason.length > 500) throw refuse('money-reason-required', { pointer: '/reason' });
};

/** Parts of a transfer: each of something, together no more than came. None at all gives the whole of it back. */
export function checkAllocations(
  amountVnd: Vnd,
  parts: readonly { readonly code: string; readonly amountVnd: Vnd }[],
  reason: string,
): void {
  checkReason(reason);
  const sum = parts.reduce((all, part) => all + part.amountVnd, 0);
  if (parts.length > partsAtMost || parts.some((part) => part.amountVnd <= 0)) throw refuse('match-malformed');
  if (sum > amountVnd) throw refuse('match-too-much', { amountVnd, sumVnd: sum });
}

export type Payee = { readonly bankBin: string; readonly accountNumber: string; readonly name: string };

/** An account as banks write it: digits or capitals, the holder without accents. */
export function checkPayee({ bankBin, accountNumber, name }: Payee, reason: string): Payee {
  checkReason(reason);
  const number = accountNumber.replace(/[ .-]/g, '').toUpperCase();
  const holder = fold(clean(name)).toUpperCase();
  if (!/^\d{6}$/.test(bankBin) || !/^[0-9A-Z]{6,19}$/.test(number) || !/^[A-Z0-9 .,&()-]{2,70}$/.test(holder))
    throw refuse('payee-malformed');
  return { bankBin, accountNumber: number, name: holder };
}

/** How many letters of `code` differ from the nearest place in the text of a bank; 12 where nothing is near. */
export function distanceIn(content: string, code: string): number {
  const text = content.toUpperCase().replace(/[^0-9A-Z]/g, '');
  let least = code.length;
  for (let start = 0; start + 4 <= text.length; start += 1) {
    let differ = 0;
    for (let at = 0; at < code.length && differ < least; at += 1) if (text[start + at] !== code[at]) differ += 1;
    least = Math.min(least, differ);
  }
  return least;
}

/** What is known of a payment that a transfer may be for. */
export type Candidate = {
  readonly code: string;
  readonly dueVnd: Vnd;
  readonly createdAt: Date;
};
export type Suggestion<C extends Candidate> = C & {
  /** Letters of the code that differ from what the bank wrote. */
  readonly distance: number;
  readonly exact: boolean;
};

const nearDistance = 3;
const shown = 5;

/**
 * Whom a transfer is probably for: the amount that is asked for, a code that is nearly there, and the time. Only to look
 * at: a person decides, and another one approves.
 */
export function suggest<C extends Candidate>(
  transfer: { readonly amountVnd: Vnd; readonly content: string; readonly at: Date },
  candidates: readonly C[],
): readonly Suggestion<C>[] {
  return candidates
    .map((candidate) => {
      const distance = distanceIn(transfer.content, candidate.code);
      const exact = candidate.dueVnd === transfer.amountVnd;
      const hours = Math.abs(transfer.at.getTime() - candidate.createdAt.getTime()) / hourMs;
      const score = (exact ? 40 : 0) + Math.max(0, nearDistance + 1 - distance) * 20 - Math.min(20, hours);
      return { suggestion: { ...candidate, distance, exact }, score, fits: exact || distance <= nearDistance };
    })
    .filter(({ fits }) => fits)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, shown)
    .map(({ suggestion }) => suggestion);
}
