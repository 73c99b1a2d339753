import type { JobHandler } from '#db/jobs.ts';
import type { Businesses } from './service.ts';

/** What the clock does with businesses: holidays turn at midnight, notices run out, papers come near their end. */
export function businessJobs({ turnHolidays, applyDueMeasures, remindOfExpiry }: Businesses): readonly JobHandler[] {
  const every = (queue: string, cron: string, work: () => Promise<number>): JobHandler => ({
    queue,
    options: { cron, retryLimit: 2 },
    run: async () => {
      await work();
    },
  });
  return [
    every('businesses.holidays', '0 0 * * *', turnHolidays),
    every('businesses.measures', '* * * * *', applyDueMeasures),
    every('businesses.papers', '0 7 * * *', remindOfExpiry),
  ];
}
