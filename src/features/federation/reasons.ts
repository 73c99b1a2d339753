import { refusals } from '#core/problem.ts';
import { clean } from '#core/vietnamese.ts';
import { federationProblems } from './types.ts';

const refuse = refusals(federationProblems);
export const maxReason = 500;

/** Who acts and from where, as the log keeps it. */
export type By = { readonly actor: string; readonly address: string };

/** A reason in an officer's own words. */
export function reasonOf(typed: string): string {
  const reason = clean(typed).slice(0, maxReason);
  if (reason === '') throw refuse('partner-reason-required', { errors: [{ pointer: '/reason' }] });
  return reason;
}
