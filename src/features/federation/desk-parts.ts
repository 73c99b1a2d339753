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
  if (!(error instanceof Problem) || error.status === 404 || error.status >= 500) throw error;
  const { code, entry, status } = error;
  const message = view.either(entry.vi.join('. '), entry.en.join('. '));
  const name = code === 'partner-reason-required' ? 'reason' : '';
  return { status, faults: [{ name: fieldOf[code] ?? name, message }] };
}
