import { readCode } from '#core/ids.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import type { Deps } from './deps.ts';
import { forecast } from './forecasting.ts';
import { createPaying } from './paying.ts';
import { createReckoning } from './reckoning.ts';
import { refuse } from './rules.ts';
import { createRuns, sumEarnings } from './running.ts';
import { createStatements } from './stating.ts';
import { findOwnPayout, listItems, listOwnPayouts, listPayees } from './views.ts';

export type Settlement = ReturnType<typeof createSettlement>;

const itemsShown = 10_000;

/** When money that is owed to businesses leaves, and what they are told of it. */
export const createSettlement = (deps: Deps) => {
  const { db } = deps;
  return {
    ...createRuns(deps),
    ...createPaying(deps),
    ...createStatements(deps),
    ...createReckoning(deps),
    sumEarnings: (businessId: BusinessId) => sumEarnings(deps, businessId),
    forecast: (businessIds: readonly BusinessId[]) => forecast(deps, businessIds),
    listPayees: (businessIds: readonly BusinessId[]) => listPayees(db, businessIds),
    listOwnPayouts: async (businessIds: readonly BusinessId[], limit: number) => listOwnPayouts(db, businessIds, limit),
    /** A payout with what it is made of. Another's is none. */
    getOwnPayout: async (businessIds: readonly BusinessId[], code: string) => {
      const payout = await findOwnPayout(db, readCode(code), businessIds);
      if (!payout) throw refuse('payout-not-found');
      return { payout, items: await listItems(db, payout.code, itemsShown) };
    },
  };
};
