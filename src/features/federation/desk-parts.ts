import type { Clock } from '#core/clock.ts';
import { Problem } from '#core/problem.ts';
import type { Products } from '#features/products/index.ts';
import type { Role } from '#http/access.ts';
import type { PageContext } from '#web/page.ts';
import type { Site, View } from '#web/view.ts';
import type { PartnerDesk } from './desk.ts';

export type PartnerPageDeps = {
  readonly site: Site;
  readonly partnerDesk: PartnerDesk;
  readonly products: Pick<Products, 'listCategories'>;
  readonly now: Clock;
};
export const partnersPath = '/quan-tri/san-doi-tac';
export const invitePath = '/quan-tri/moi-san-doi-tac';
export const roadPath = (key: string): string => `${partnersPath}/${key}/duong-di`;
export const reviewPath = (key: string): string => `${partnersPath}/${key}/soat-hang-mau`;
export const whyPath = '/quan-tri/vi-sao-hien-thi';
export const partnerActors: readonly Role[] = ['moderator'];

/** Whoever may only read is shown no buttons. */
export const mayAct = ({ visitor }: View): boolean =>
  visitor !== null && (visitor.staffRole === 'admin' || visitor.staffRole === 'moderator');

export type Fault = { readonly name: string; readonly message: string };

/** What stands in the way of a form, beside the field that it concerns. What is not there is a page of its own. */
export function faultsOf(
  { view }: PageContext,
  error: unknown,
  fieldOf: Readonly<Record<string, string>> = {},
): { readonly status: number; readonly faults: readonly Fault[] } {
  if (!(error instanceof Problem) || error.status === 404) throw error;
  const { code, entry, status, extra } = error;
  // What went wrong at the partner is told where it was asked for; what went wrong here is a page of its own.
  if (status >= 500 && code !== 'challenge-failed') throw error;
  const told = typeof extra.reason === 'string' ? ` (${extra.reason})` : '';
  const message = view.either(entry.vi.join('. '), entry.en.join('. ')) + told;
  const name = code === 'partner-reason-required' ? 'reason' : '';
  return { status, faults: [{ name: fieldOf[code] ?? name, message }] };
}
