import { Problem } from '#core/problem.ts';
import type { PageContext } from './page.ts';

/** Something wrong in a form that came back: at a field, or with all of it when the name is empty. */
export type Fault = {
  readonly name: string;
  readonly message: string;
  /** What a problem document would carry beside it. */
  readonly extra?: Problem['extra'];
};

/** What a rule refused, at the field that it speaks of. Whatever nobody can mend in the form goes on as it is. */
function faultOf({ view, reply }: PageContext, error: unknown): Fault {
  if (!(error instanceof Problem) || [401, 403, 404, 410].includes(error.status) || error.status >= 500) throw error;
  void reply.code(error.status);
  const { pointer } = error.extra;
  const name = typeof pointer === 'string' ? pointer.slice(1) : '';
  return { name, message: view.either(error.entry.vi.join('. '), error.entry.en.join('. ')), extra: error.extra };
}

/** Runs what a form asks for: undefined when it is done, else what is wrong with what was typed. */
export async function faultsOf(
  context: PageContext,
  work: () => Promise<unknown>,
): Promise<readonly Fault[] | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return [faultOf(context, error)];
  }
}
export const errorAt = (faults: readonly Fault[], name: string): string | undefined =>
  faults.find((fault) => fault.name === name)?.message;
