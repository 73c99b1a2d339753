import { localDate } from '#core/clock.ts';
import { createDeciding } from './deciding.ts';
import type { Deps } from './deps.ts';
import { getPolicy } from './queries/returns.ts';
import { createReturning } from './returning.ts';

export type Care = ReturnType<typeof createCare>;

/** What is owed to a shopper after the sale. Shoppers ask, sellers answer within a published time, officers decide where they do not. */
export const createCare = (deps: Deps) => ({
  ...createReturning(deps),
  ...createDeciding(deps),
  /** The terms of today, for the page that publishes them. */
  currentPolicy: () => getPolicy(deps.db, localDate(deps.now())),
});
