import type { JobHandler } from '#db/jobs.ts';
import type { Care } from './service.ts';

/** What the clock does after the sale: silence calls an officer, and what nobody objects to takes its next step. */
export const careJobs = ({ runClocks }: Pick<Care, 'runClocks'>): readonly JobHandler[] => [
  {
    queue: 'care.clocks',
    options: { cron: '*/5 * * * *', retryLimit: 2 },
    run: async () => {
      await runClocks();
    },
  },
];
