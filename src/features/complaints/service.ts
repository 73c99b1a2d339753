import { localDate } from '#core/clock.ts';
import type { BusinessId } from '#features/businesses/types.ts';
import { createAnswering, createBusinessAppeal, createSteps } from './answering.ts';
import { createDeciding } from './deciding.ts';
import type { Deps } from './deps.ts';
import { createFiling } from './filing.ts';
import { getRule } from './queries/complaints.ts';
import { readPeriod, recentPeriods } from './rules/complaints.ts';
import { createClocks, createReading, createTalking } from './talking.ts';
import type { ComplaintView } from './views/complaints.ts';
import { findLeft, listProductsOf } from './views/complaints.ts';
import { readFigure } from './views/figures.ts';
import { listReport } from './views/report.ts';

export type Complaints = ReturnType<typeof createComplaints>;

/** Complaints: the business answers within a published time, an officer decides where it does not or the two do not agree. */
export const createComplaints = (deps: Deps) => {
  const { db, now } = deps;
  const today = () => getRule(db, localDate(now()));
  return {
    ...createFiling(deps),
    ...createReading(deps),
    ...createTalking(deps),
    ...createAnswering(deps),
    ...createBusinessAppeal(deps),
    ...createSteps(deps),
    ...createDeciding(deps),
    runClocks: createClocks(deps).runClocks,
    /** The times of today, for the page that publishes them. */
    currentRule: today,
    /** What of the order's price can still go back, and what could be taken down. */
    scopeOf: async (known: Pick<ComplaintView, 'orderId' | 'productId'>) => ({
      leftVnd: known.orderId ? await findLeft(db, known.orderId) : null,
      products: await listProductsOf(db, known),
    }),
    /** What was complained of in a month or quarter; this month where none is named. 422 `complaint-period-invalid`. */
    report: async (typed?: string) => {
      const periods = recentPeriods(now());
      const period = readPeriod(typed ?? periods[0] ?? '', now());
      return { name: period.name, periods, rows: await listReport(db, period) };
    },
    figureOf: async (businessId: BusinessId) => readFigure(db, businessId, await today(), now()),
  };
};
